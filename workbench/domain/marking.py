"""Whether a mark may be written: one answer, in words, for the keyboard, for commands and for files."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, Protocol

from workbench.domain.characters import harmless
from workbench.domain.pupils import Pupil

PRESENT = {"AM": "/", "PM": "\\"}
"""The sign of each session for present."""


class CodeLike(Protocol):
    """What is asked of a code."""

    @property
    def code(self) -> str:
        """`/`, `C1` ..."""
        ...

    @property
    def title(self) -> str:
        """What it means."""
        ...

    @property
    def class_(self) -> str:
        """What it counts as."""
        ...

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions that it can stand in."""
        ...

    @property
    def planned(self) -> bool:
        """Whether it may be entered ahead."""
        ...


class Ask(NamedTuple):
    """A mark that somebody wants to write."""

    on: date
    session: str
    code: str


def tidy_code(code: str) -> str:
    """A code as it is kept: capital letters."""
    return code.strip().upper()


def own_sign(code: str, session: str) -> str:
    """Present with the session's own sign: at the keyboard `/` and `\\` mean the same."""
    return PRESENT[session] if code in ("/", "\\") else code


def code_fault(ask: Ask, codes: Mapping[str, CodeLike], ever: frozenset[str]) -> str | None:
    """Why a code cannot stand in this session, or None.

    Args:
        ask: the mark.
        codes: the codes in force on that day.
        ever: every code that the rules know at any time.
    """
    code = codes.get(ask.code)
    if code is None:
        if ask.code in ever:
            return f"the code {ask.code} is not in force on {ask.on.isoformat()}"
        return f"“{harmless(ask.code, 8)}” is no attendance code"
    if code.class_ == "admin":
        return f"{ask.code} says something of a school or of no pupil ({code.title}); it is no mark of a child on roll"
    if ask.session not in code.sessions:
        own = PRESENT[ask.session]
        return f"{ask.code} is the sign of the {code.sessions[0]} session; {ask.session} has {own}"
    return None


def day_fault(ask: Ask, is_school_day: bool, why_closed: str | None) -> str | None:
    """Why there is no session to mark, or None."""
    if is_school_day:
        return None
    return f"{ask.on.isoformat()} is no school day" + (f": {why_closed}" if why_closed else "")


def pupil_fault(ask: Ask, pupil: Pupil) -> str | None:
    """Why this pupil has no mark on that day, or None."""
    if ask.on < pupil.starts:
        return f"the pupil starts on {pupil.starts.isoformat()}"
    if pupil.left is not None and ask.on >= pupil.left:
        return f"the pupil left the roll on {pupil.left.isoformat()}"
    return None


def future_fault(ask: Ask, today: date, hour: int, planned: bool) -> str | None:
    """Why the session cannot be marked yet, or None. A planned code may be entered ahead.

    Args:
        ask: the mark.
        today: the civil day.
        hour: the clock's hour; an afternoon is not marked in the morning.
        planned: whether the code is one that may be planned.
    """
    ahead = ask.on > today or (ask.on == today and ask.session == "PM" and hour < 12)
    if not ahead or planned:
        return None
    return f"{ask.on.isoformat()} {ask.session} lies in the future: only planned codes may be entered ahead"
