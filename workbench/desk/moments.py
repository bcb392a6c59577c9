"""When something happened, as people type it. The time of the event and the time of its entry are two
things."""

from datetime import date, datetime

from workbench.desk.clock import day_of, read_stamp, stamp
from workbench.desk.context import Desk
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError
from workbench.domain.plain import UnreadableError, read_date


def happened(desk: Desk, at: str | None) -> str:
    """The stamp of a moment that has passed.

    Args:
        desk: the desk.
        at: None for now; `2026-11-20T15:20` (London time), the same with an offset or a space, or `15:20`
            today.

    Raises:
        InvalidError: if it cannot be read or lies in the future.
    """
    now = desk.now()
    if not at:
        return stamp(now)
    text = f"{desk.today().isoformat()}T{at}" if len(at) <= 5 and ":" in at else at.strip().replace(" ", "T")
    try:
        moment = read_stamp(datetime.fromisoformat(text).isoformat())
    except ValueError:
        raise InvalidError(f"{harmless(at)} is no date and time: write 2026-11-20T15:20 or 15:20.") from None
    if moment > now:
        raise InvalidError(f"{harmless(at)} lies in the future.", todo="Write it down when it has happened.")
    return stamp(moment)


def day_typed(text: str, what: str) -> date:
    """A day as people type it: `2026-11-20`, `20/11/2026` or `20 Nov 2026`.

    Raises:
        InvalidError: naming the field, if it cannot be read.
    """
    try:
        return read_date(text.strip())
    except UnreadableError as error:
        raise InvalidError(f"{what}: {error}.") from error


def same_day(at: str, day: date) -> bool:
    """Whether a stamp falls into a civil day."""
    return day_of(at) == day
