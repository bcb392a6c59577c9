"""The one place that asks what time it is. Every time in the program is local: Europe/London."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pendulum import DateTime

ZONE = "Europe/London"


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> "DateTime":
        """The moment, in Europe/London."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> "DateTime":
        """The moment, in Europe/London."""
        import pendulum  # 40 ms: the sign-in prompt must not wait for it

        return pendulum.now(ZONE)


class FixedClock:
    """A clock that stands until it is set: for tests and for the demo's story.

    Args:
        at: ISO text without an offset (read as London time), or a moment with one.
    """

    def __init__(self, at: "str | datetime") -> None:
        self.set(at)

    def set(self, at: "str | datetime") -> None:
        """Put the hands to `at`."""
        self._now = _moment(datetime.fromisoformat(at) if isinstance(at, str) else at)

    def advance(self, *, days: int = 0, hours: int = 0, minutes: int = 0, seconds: int = 0) -> None:
        """Let time pass; a day is a civil day, an hour sixty real minutes."""
        self._now = self._now.add(days=days, hours=hours, minutes=minutes, seconds=seconds)

    def now(self) -> "DateTime":
        """The moment the clock was set to, in Europe/London."""
        return self._now


def london(naive: datetime) -> "DateTime":
    """What London's clocks show, as a moment; of an hour that they show twice, the first."""
    import pendulum

    parts = (naive.year, naive.month, naive.day, naive.hour, naive.minute, naive.second, naive.microsecond)
    return pendulum.datetime(*parts, tz=ZONE, fold=0)


def _moment(given: datetime) -> "DateTime":
    """A moment in London; one without an offset is what London's clocks show."""
    import pendulum

    return london(given) if given.tzinfo is None else pendulum.instance(given).in_timezone(ZONE)


def stamp(moment: datetime) -> str:
    """`2026-11-23T09:12:33+00:00`: a moment as records and the log keep it, to the second."""
    return moment.isoformat(timespec="seconds")


def read_stamp(text: str) -> "DateTime":
    """The moment that `stamp` wrote, in Europe/London.

    Raises:
        ValueError: if the text is no ISO 8601 date and time.
    """
    return _moment(datetime.fromisoformat(text))


def end_of(day: date) -> str:
    """The stamp of the last second of a civil day."""
    import pendulum

    return stamp(pendulum.datetime(day.year, day.month, day.day, 23, 59, 59, tz=ZONE))


def day_of(text: str) -> date:
    """The civil day in which a stamp falls. Stamps carry London's own offset, so that it is their first ten
    letters."""
    return date.fromisoformat(text[:10])
