"""What people do: the records and decisions (`domain`) and the verbs that change them (`desk`)."""
