"""What the gates of a removal are called, and how one can stand: words that rules and records share."""

from typing import Literal

GateId = Literal[
    "conditions",
    "school-attendance-order",
    "la-consent",
    "la-confirmation",
    "return-sent",
    "authorisation",
    "date",
]
GateState = Literal["met", "open", "overridden", "does-not-apply"]
