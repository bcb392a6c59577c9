"""Whether what says to whom a case is sealed is what a DSL or leader signed. No verbs here.

The key to which a case is sealed, whom it is about and to whom it is granted stand in clear, and whoever can write into
the log can write others there. So whoever makes a case's key signs all three with it, and nothing is sealed to a key,
nor wrapped for anybody, on the word of a case that is not as it was signed.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

from store.canon import canonical
from store.errors import InvalidDocError
from store.vault import KEYS
from workbench.desk.keyring import is_signed

Doc = Mapping[str, Any]
VOUCHED = "vouched"
"""The field of a case that holds the signature."""


class People(Protocol):
    """Where accounts stand."""

    def docs(self, file: str, table: str, /) -> Mapping[str, dict[str, Any]]:
        """All documents of a table by own id."""
        ...


def case_words(case: Doc) -> tuple[Any, ...]:
    """What is signed: the case, its newest key, whom it is about, to whom it is granted."""
    return ("case.key", case["id"], case[KEYS][-1], list(case["about"]), list(case.get("granted", ())))


def is_vouched(source: People, case: Doc) -> bool:
    """Whether a case has a key, and its signature is that of an account, with a key which that has or had."""
    signed = case.get(VOUCHED)
    if not signed or not case.get(KEYS):
        return False
    try:
        person = source.docs("people", "people").get(signed["by"])
        known = person is not None and signed["key"] in person["signed_with"]
        message = canonical(["workbench", 1, *case_words(case)])
        return known and _is_signed(signed["key"], message, signed["signature"])
    except (TypeError, KeyError, ValueError, InvalidDocError):
        return False


@lru_cache(4096)
def _is_signed(key: str, message: bytes, signature: str) -> bool:
    return is_signed(bytes.fromhex(key), message, bytes.fromhex(signature))
