"""What was known on an earlier day: the log, replayed up to a moment."""

from collections.abc import Mapping
from datetime import datetime

from store.erasing import erasures
from store.errors import InvalidDocError
from store.log import START, Head, Log
from store.pages import Doc, Page, Tables, carry_out
from store.seal import Seal
from store.spoken import spoken
from store.state import State


class Known:
    """Documents as they were recorded up to a moment; `gone` counts the parts that were erased since, and `erased`
    says when that was (ISO 8601)."""

    def __init__(
        self, files: dict[str, Tables], head: Head, gone: int, seal: Seal, erased: tuple[str, ...] = ()
    ) -> None:
        self._files, self.head, self.gone, self._seal, self.erased = files, head, gone, seal, erased

    def docs(self, file: str, table: str) -> Mapping[str, Doc]:
        """All documents of a table by own id. Not to be altered."""
        page = self._files.get(file, {}).get(table) or Page()
        return self._seal.view(f"{file}/{table}", page.own)

    def get(self, file: str, table: str, own_id: str, /) -> Doc | None:
        """One document, None if it was not there."""
        return self.docs(file, table).get(own_id)


@spoken()
def known(state: State, until: str, seal: Seal | None = None) -> Known:
    """Replay up to the last entry before the first that was made after `until`; `seal` opens what is sealed.

    Raises:
        InvalidDocError: `until` is no instant with offset.
        DamagedError: the log is damaged before that moment.
    """
    limit = _instant(until)
    made: dict[str, Tables] = {}
    head, gone = Head(*START[3:]), 0
    for found in Log(state.root).follow(START):
        if _instant(found.line.entry.at) > limit:
            break
        gone += sum("gone" in part for part in found.line.parts)
        carry_out(made, found.line.parts, gone > 0)
        head = Head(found.place.seq, found.place.hash)
    return Known(made, head, gone, seal or state.seal, erasures(state.log) if gone else ())


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidDocError(f"{text[:40]!r} is not an instant", "as known") from None
    if found.tzinfo is None:
        raise InvalidDocError(f"{text[:40]!r} has no offset", "as known")
    return found
