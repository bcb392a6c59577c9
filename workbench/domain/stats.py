"""Numbers for directors: pure counting over records. No names, no ids of pupils, no clock, no input.

A count is made whole here and published by `workbench.domain.disclosure`, which hides and rounds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from statistics import median
from typing import NamedTuple, TypeVar

from workbench.domain.cases import Case, Concern, Enquiry, Referral
from workbench.domain.pupils import Contact
from workbench.domain.removals import Removal

T = TypeVar("T")


class Period(NamedTuple):
    """From a day to a day, both inclusive."""

    first: date
    last: date

    def has(self, stamp: str | None) -> bool:
        """Whether a moment as records keep it, or a day, lies in the period."""
        return stamp is not None and self.first.isoformat() <= stamp[:10] <= self.last.isoformat()

    def ended_by(self, stamp: str | None) -> bool:
        """Whether a moment lies in the period or before it."""
        return stamp is not None and stamp[:10] <= self.last.isoformat()


class Days(NamedTuple):
    """How long something took: civil days, of each one that was done."""

    each: tuple[int, ...]


class Told(NamedTuple):
    """A duty to tell the authority: of which sort, since when, and when it was told."""

    sort: str
    since: date
    told: date | None


class Counted(NamedTuple):
    """One table, whole: row to the value of each column."""

    key: str
    columns: tuple[str, ...]
    rows: dict[str, tuple[int | Days, ...]]


def cases(found: Iterable[Case], period: Period) -> Counted:
    """Cases by trigger: opened in the period, closed in it, open at its end."""
    columns: tuple[tuple[str, Callable[[Case], bool]], ...] = (
        ("opened", lambda case: period.has(case.opened)),
        ("closed", lambda case: any(c.act == "closed" and period.has(c.at) for c in case.closings)),
        ("open", lambda case: _open_at_end(case, period)),
    )
    return _by("cases", found, lambda case: case.trigger, columns)


def telling(found: Iterable[Told], period: Period) -> Counted:
    """Days from what makes the duty to telling the local authority, of what arose in the period."""
    rows: dict[str, list[Told]] = {}
    for one in found:
        if period.first <= one.since <= period.last:
            rows.setdefault(one.sort, []).append(one)
    made: dict[str, tuple[int | Days, ...]] = {}
    for sort, every in rows.items():
        days = [(told - one.since).days for one in every if (told := _told(one, period)) is not None]
        made[sort] = (len(every), len(days), len(every) - len(days), Days(tuple(sorted(days))))
    return Counted("telling", ("arose", "told", "not_told", "days"), made)


def overdue(rules: Iterable[str]) -> Counted:
    """Duties that are overdue at the end of the period, by rule; `rules` has the rule of each."""
    return _plain("overdue", "overdue", Counter(rules))


def removals(found: Iterable[Removal], period: Period) -> Counted:
    """Removals by ground: asked for in the period, completed with effect in it, open at its end."""
    columns: tuple[tuple[str, Callable[[Removal], bool]], ...] = (
        ("asked", lambda one: period.has(one.requested)),
        ("completed", lambda one: _completed(one, period)),
        ("open", lambda one: period.ended_by(one.requested) and not period.ended_by(one.ended)),
    )  # fmt: skip
    return _by("removals", found, lambda one: one.ground, columns)


def referrals(found: Iterable[Referral], period: Period) -> Counted:
    """Decisions of the period by recipient: referred, replied, awaited, decided not to; days to the first reply."""
    rows: dict[str, list[Referral]] = {}
    for one in found:
        if period.has(one.at):
            rows.setdefault(one.to, []).append(one)
    made: dict[str, tuple[int | Days, ...]] = {}
    for to, every in rows.items():
        sent = [one for one in every if one.decision == "refer"]
        first = [(one.at, min(r.at for r in one.replies)) for one in sent if one.replies]
        days = sorted(_between(at, reply) for at, reply in first if period.ended_by(reply))
        made[to] = (len(sent), len(days), len(sent) - len(days), len(every) - len(sent), Days(tuple(days)))
    return Counted("referrals", ("referred", "replied", "awaited", "not_referred", "days"), made)


def registers(missing: Iterable[tuple[str, date]], period: Period) -> Counted:
    """Registers that are missing, by class.

    Args:
        missing: class and day of each.
        period: of which days.
    """
    found = Counter(class_ for class_, day in missing if period.first <= day <= period.last)
    return _plain("registers", "missing", found)


def concerns(found: Iterable[Concern], read: Mapping[str, str], period: Period) -> Counted:
    """Concerns reported in the period: read the same day, later, or not yet.

    Args:
        found: the concerns.
        read: concern to the moment at which it was first read or decided on.
        period: of which days.
    """
    counts = Counter(_reading(one, read, period) for one in found if period.has(one.at))
    values = (counts.total(), counts["same"], counts["later"], counts["unread"])
    rows: dict[str, tuple[int | Days, ...]] = {"concerns": values} if counts else {}
    return Counted("concerns", ("reported", "same_day", "later", "unread"), rows)


def enquiries(found: Iterable[Enquiry], period: Period) -> Counted:
    """Steps of the joint enquiries made in the period, by who made them: done, or not done with a reason."""
    columns: tuple[tuple[str, Callable[[Enquiry], bool]], ...] = (
        ("done", lambda one: period.has(one.at) and one.done),
        ("not_done", lambda one: period.has(one.at) and not one.done),
    )
    return _by("enquiries", found, lambda one: one.by_whom, columns)


def calls(found: Iterable[Contact], period: Period) -> Counted:
    """Calls, messages and visits of the period, by how they were made."""
    return _plain("calls", "made", Counter(one.how for one in found if period.has(one.at)))


# inside -----------------------------------------------------------------------------------------------


def _by(
    key: str,
    found: Iterable[T],
    row_of: Callable[[T], str],
    columns: tuple[tuple[str, Callable[[T], bool]], ...],
) -> Counted:
    """Records counted by row and by what holds of them; rows in which nothing holds are left out."""
    rows: dict[str, list[int]] = {}
    for one in found:
        held = [holds(one) for _, holds in columns]
        if any(held):
            row = rows.setdefault(row_of(one), [0] * len(columns))
            row[:] = [count + yes for count, yes in zip(row, held, strict=True)]
    return Counted(key, tuple(name for name, _ in columns), {name: tuple(row) for name, row in rows.items()})


def _plain(key: str, column: str, counts: Mapping[str, int]) -> Counted:
    return Counted(key, (column,), {name: (number,) for name, number in counts.items() if number})


def _open_at_end(case: Case, period: Period) -> bool:
    acts = [c.act for c in case.closings if period.ended_by(c.at)]
    return period.ended_by(case.opened) and (not acts or acts[-1] == "reopened")


def _completed(one: Removal, period: Period) -> bool:
    return one.state == "completed" and one.effective is not None and period.has(one.effective.isoformat())


def _told(one: Told, period: Period) -> date | None:
    return one.told if one.told is not None and one.told <= period.last else None


def _reading(one: Concern, read: Mapping[str, str], period: Period) -> str:
    at = read.get(one.id)
    if at is None or not period.ended_by(at):
        return "unread"
    return "same" if at[:10] == one.at[:10] else "later"


def _between(first: str, last: str) -> int:
    return (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days


def middle(days: Days) -> float:
    """The median, in days; of an even number the mean of the two in the middle."""
    return float(median(days.each))
