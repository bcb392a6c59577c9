"""What DSLs and leaders are told of accounts, in words: who may be being guessed at, and what others did to accounts
that can open records. At the sign-in, on Today and above the log."""

from datetime import datetime

from workbench.desk import throttle
from workbench.desk.context import Desk
from workbench.desk.notices import notice_words, notices
from workbench.desk.permissions import may, verb
from workbench.desk.throttle import Failed

WEEK = 6
"""Days within which the name of a day says which one."""


@verb("signin.failures")
def failures(desk: Desk) -> list[Failed]:
    """The accounts at which enough tries in a row failed within the last days, most tries first."""
    return throttle.shown(desk)


def failure_words(desk: Desk) -> list[str]:
    """`3 failed tries for attendance since Mon 09:12`, one text a name, for DSLs; and for them and leaders what others
    did to accounts lately."""
    guessed = _guessed(desk) if may(desk, "signin.failures") else []
    done = notices(desk) if may(desk, "people.notices") else []
    return [*guessed, *map(notice_words, done)]


def _guessed(desk: Desk) -> list[str]:
    return [
        f"{each.count} failed tries for {_whom(desk, each.user)} since {_when(desk, each.since)}"
        for each in failures(desk)
    ]


def _whom(desk: Desk, user: str) -> str:
    if user == throttle.RECOVERY:
        return "the recovery key"
    if user == throttle.NOBODY:
        return "names that nobody has"
    return "you" if user == desk.user() else user


def _when(desk: Desk, moment: datetime) -> str:
    near = (desk.today() - moment.date()).days <= WEEK
    return moment.strftime("%a %H:%M" if near else "%-d %b %H:%M")
