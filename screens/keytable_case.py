"""The key table's sections of one case, of what its sender wrote, and of the bundles that left."""

from screens.key import Key
from screens.keytable_lists import LISTS

ONE_CASE: dict[str, tuple[Key, ...]] = {
    "case": (
        Key("enter", "open", "open", "Open the step, duty or line under the cursor.", footer=2),
        Key(
            "n",
            "note",
            "note",
            "Write a line into the chronology, or correct the one under the cursor.",
            "case.note",
            footer=3,
        ),
        Key(
            "e",
            "enquiry",
            "enquiry",
            "Record a step of the enquiries: done, or not and why.",
            "enquiry.add",
            footer=3,
        ),
        Key(
            "r",
            "refer",
            "refer",
            "Record a referral, or the decision not to refer.",
            "referral.add",
            footer=3,
        ),
        Key(
            "m",
            "removal",
            "removal",
            "Start the removal, or open the one that runs.",
            "removal.start",
            footer=4,
        ),
        Key(
            "x",
            "export",
            "export",
            "Write the case to a JSON file that can be proven.",
            "case.export",
            footer=4,
        ),
        Key(
            "h",
            "handover",
            "hand over",
            "Hand the case over to the next school: look who is named, write the signed bundle.",
            "handover.export",
            footer=0,
        ),
        Key(
            "b",
            "handovers",
            "bundles",
            "The bundles of this case that left, and the receipt of each.",
            "handover.list",
            footer=0,
        ),
        Key(
            "s",
            "sender",
            "sender",
            "What the school wrote that this case came from, apart from ours.",
            "handover.read",
            footer=0,
        ),
        Key("f7", "print", "print", "Print the chronology.", "print.chronology", footer=0),
        Key("o", "assign", "owner", "Who owns the case, and whom it waits for.", "case.assign", footer=7),
        Key("c", "close", "close", "Close the case, or open it again.", "case.close", footer=7),
        Key("l", "link", "link child", "Link another child to the case.", "case.link", footer=0),
        Key(
            "u", "grant", "auditor", "Let an auditor read the case, or take it back.", "case.grant", footer=0
        ),
        Key("t", "call", "call", "Log a call or a visit in this case.", "contact.add", footer=0),
        Key("p", "pupil", "pupil", "Open the pupil's page.", "pupil.find", footer=8),
        Key("w", "why", "why", "Why the step or duty under the cursor stands.", "duty.why", footer=8),
        *LISTS,
    ),
    "handovers": (
        Key("enter", "open", "open", "What is recorded of it, step by step.", "handover.list", footer=2),
        Key(
            "r",
            "receipt",
            "record",
            "Record a step: sent, collected, opened, accepted, queried.",
            "handover.receipt",
            footer=2,
        ),
        Key("f", "file", "receipt file", "Take in the receipt that they made.", "handover.receipt", footer=3),
        Key("c", "case", "case", "Open its case.", "case.show"),
        *LISTS,
    ),
    "sender": (
        Key("enter", "open", "open", "The line under the cursor in full.", footer=2),
        Key(
            "a",
            "accept",
            "accept",
            "Make the signed receipt that ends the sender's duty.",
            "handover.accept",
            footer=2,
        ),
        Key("c", "case", "case", "Our own page of the case.", "case.show", footer=3),
        *LISTS,
    ),
}
