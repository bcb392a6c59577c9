"""Two people, one record: who wrote first, and the entry of somebody who writes over it knowingly. No verbs here."""

from store.errors import StoreError
from store.lately import last_writer
from workbench.desk.context import Desk
from workbench.domain.errors import ConflictError

SECRET = ("verifier", "slot")
"""What nobody is shown, whoever changed it."""


def name_writer(desk: Desk, error: ConflictError) -> None:
    """Say in a conflict who wrote the version that stands, and when, where the record does not say so itself."""
    for name in SECRET:
        error.theirs.pop(name, None)
        error.yours.pop(name, None)
    if error.by or not error.where:
        return
    try:
        entry = last_writer(desk.store, error.where)
    except (StoreError, OSError):
        entry = None  # a log that cannot be read to its beginning still lets both versions be shown
    if entry is not None:
        error.by, error.at = str(entry["actor"]), str(entry["at"])


def over_why(why: str | None, rev: int | None, over: bool) -> str | None:
    """What an entry says of a change that was written over another one knowingly: `N-1:over:3`.

    Args:
        why: what it would say anyway.
        rev: the revision that is replaced.
        over: whether both versions were seen and this one was chosen.
    """
    if not over or rev is None:
        return why
    return ":".join([*([why] if why else []), "over", str(rev)])
