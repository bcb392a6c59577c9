"""Who wrote a record last: for the one whose change came second."""

from contextlib import suppress
from typing import TYPE_CHECKING

from store.lines import Entry, LineError, as_dict, prove
from store.pages import ops_of

if TYPE_CHECKING:
    from store.folder import Store


def last_writer(store: "Store", where: str) -> Entry | None:
    """The newest entry that wrote a document whole; None if no line that can be read did.

    Args:
        store: the open folder.
        where: `file/table/id`, as `StaleRevisionError` names it.
    """
    file, table, own_id = where.split("/", 2)
    for _, _, raw in store.state.log.every_line(newest_first=True):
        if own_id.encode() not in raw:
            continue  # most lines are about something else: only those that can match are proven
        with suppress(LineError):
            line = prove(raw)
            ops = (op for part in line.parts for op in ops_of(part))
            if any(
                op.get("file") == file
                and op.get("table") == table
                and any(doc.get("id") == own_id for doc in op.get("put", {}).values())
                for op in ops
            ):
                return as_dict(line.entry)
    return None
