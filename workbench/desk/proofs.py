"""When the log was last proven whole: noted with each proof, and told on Today when it is long ago.

Opening a folder reads the end of its log alone, so damage in an old file of it is met only by whoever proves all of it.
"""

from datetime import date, timedelta

from store.change import Tx
from store.log import Head
from workbench.desk.clock import day_of
from workbench.desk.context import Desk
from workbench.desk.permissions import may

OLD = timedelta(days=7)
"""After this long Today says so."""
PLACE = ("school", "proofs")
LOG = "log"


def note_proof(desk: Desk, tx: Tx, head: Head) -> None:
    """Let an entry say that the log was whole up to `head`."""
    tx.put(*PLACE, {"id": LOG, "at": desk.stamp(), "seq": head.seq, "hash": head.hash})


def proven_on(desk: Desk) -> date | None:
    """The day on which the log was last proven whole, by `log verify` or a backup; None if it never was."""
    noted = desk.get(*PLACE, LOG)
    return None if noted is None else day_of(noted["at"])


def proof_words(desk: Desk) -> str:
    """What Today says of a proof that is more than a week old, or was never made in a log that is; else empty, and for
    whoever may not prove it."""
    segments = desk.store.state.log.segments()
    if not segments or not may(desk, "log.verify"):
        return ""
    last = proven_on(desk)
    if desk.today() - (last or day_of(segments[0])) <= OLD:
        return ""
    when = f"was last proven whole on {last.isoformat()}" if last else "was never proven whole"
    return f"The log {when}: run `workbench log verify`."
