"""The lines of `register take`: `PUPIL CODE [MINUTES]`. No verbs here."""

from collections.abc import Mapping
from datetime import date

from workbench.desk.context import Desk
from workbench.desk.judging import Judge, codes_on, extras
from workbench.desk.text import has_controls
from workbench.domain import upn as upns
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError
from workbench.domain.inputs import Fault
from workbench.domain.marking import Ask, own_sign, tidy_code
from workbench.domain.pupils import Pupil

Asked = dict[str, tuple[str, int | None]]
"""Pupil's id to code and minutes late."""
LONGEST = 1_000_000


class _LineError(ValueError):
    """A line that cannot be taken: column and reason."""


def read_lines(
    desk: Desk, lines: str, pupils: Mapping[str, Pupil], on: date, session: str
) -> tuple[Asked, list[Fault]]:
    """The marks that the lines ask for, and what is wrong with them.

    Args:
        desk: the desk.
        lines: the text.
        pupils: the pupils of the class by id; any other is a fault.
        on: the day.
        session: `AM` or `PM`.
    """
    if len(lines) > LONGEST:
        return {}, [Fault(line=1, column="", reason=f"more than {LONGEST:,} characters")]
    by_upn = {pupil.upn: pupil for pupil in pupils.values() if pupil.upn}
    judge = Judge(desk)
    asked: Asked = {}
    faults = []
    for number, line in enumerate(lines.split("\n"), 1):
        if not line.strip():
            continue
        try:
            pupil, code, minutes = _line(desk, line, judge, {**by_upn, **pupils}, on, session)
            if pupil.id in asked:
                raise _LineError("pupil", "the pupil has a line already")
            asked[pupil.id] = (code, minutes)
        except _LineError as error:
            faults.append(Fault(line=number, column=error.args[0], reason=error.args[1]))
    return asked, faults


def _line(
    desk: Desk, line: str, judge: Judge, pupils: Mapping[str, Pupil], on: date, session: str
) -> tuple[Pupil, str, int | None]:
    words = line.split()
    if has_controls(line.strip().replace("\t", " ")) or not 2 <= len(words) <= 3:
        raise _LineError("", "a line is PUPIL CODE [MINUTES]")
    pupil = pupils.get(words[0]) or pupils.get(upns.tidy(words[0]))
    if pupil is None:
        raise _LineError("pupil", f"{harmless(words[0])} is no pupil of this class")
    ask = Ask(on, session, own_sign(tidy_code(words[1]), session))
    wrong = judge(ask, pupil)
    if wrong:
        raise _LineError("code", wrong)
    minutes = _minutes(words[2]) if len(words) == 3 else None
    try:
        extras(codes_on(desk, on)[ask.code], minutes, None)
    except InvalidError as error:
        raise _LineError("minutes", error.what) from error
    return pupil, ask.code, minutes


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise _LineError("minutes", f"{harmless(text)} is no number of minutes")
    return int(text)
