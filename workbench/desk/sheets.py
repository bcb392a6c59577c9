"""Sheets to print: returns, letters, certificates of attendance, the chronology of a case. Looking writes no print."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from rules.figures import percent
from workbench.desk import duties, returns
from workbench.desk.accounts import people_known
from workbench.desk.amendments import amendments_of
from workbench.desk.around import people_of
from workbench.desk.casefacts import case_of, pupil_of
from workbench.desk.chronology import chronology
from workbench.desk.context import Desk
from workbench.desk.exports import marks_between
from workbench.desk.finding import lookup
from workbench.desk.letterfiles import letter as wording
from workbench.desk.letterfiles import names as letter_names
from workbench.desk.outlines import opens
from workbench.desk.permissions import verb
from workbench.domain import letters
from workbench.domain.casemarks import CodeWords
from workbench.domain.casepage import when
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError
from workbench.domain.pupils import Around, Pupil
from workbench.domain.sheets import Column, Pairs, Part, Picture, Proof, Rows, Sheet, Words
from workbench.domain.whom import recipient_words
from workbench.domain.years import year_label

OFFICIAL = "Official: personal data of a child. Only for whom it is meant."
GUARDED = "Confidential: a child’s safeguarding record. Only for whom it is meant."
BY_HAND = (("Sent on", ""), ("By, and how", ""), ("Reference", ""))


def proof_of(desk: Desk) -> Proof:
    """Who prints, when, and the newest entry of the log."""
    head = desk.store.head
    maker = f"{desk.who.name}, {desk.who.post}" if desk.who else desk.user()
    return Proof(school=desk.school().name, by=maker, at=desk.stamp(), seq=head.seq, head=head.hash)


@verb("print.return")
def return_(desk: Desk, duty_id: str, to: str | None = None, again: bool = False) -> Sheet:
    """A return or notice, filled in as far as the records go.

    Args:
        duty_id: the duty to send it.
        to: one of the duty's recipients; the first unless given.
        again: it is printed now, or was looked at before: the look is not noted.
    """
    made = returns.contents(desk, duty_id, to=to, again=again)
    rows = tuple((item.label, item.value) for item in made.items)
    return Sheet(
        kind="return",
        subject=made.duty.pupil or "",
        why=made.duty.id,
        title=made.title,
        mark=OFFICIAL,
        parts=(Pairs(rows=rows), Pairs(title="To fill in when it is sent", rows=BY_HAND)),
        missing=made.missing,
        proof=proof_of(desk),
    )


# letters ------------------------------------------------------------------------------------------------------


@verb("print.letter")
def letter_list(desk: Desk) -> dict[str, bool]:
    """The names of all letters, each with whether it is the school's own wording."""
    return letter_names(desk)


@verb("print.letter")
def letter(desk: Desk, name: str, pupil: str, to: str | None = None) -> Sheet:
    """A letter to one parent of a child.

    Args:
        desk: the desk.
        name: which letter.
        pupil: id or UPN.
        to: the id of somebody around the child; the first parent with whom they live unless given.

    Raises:
        InvalidError: if nobody is known to write to, or the wording is wrong.
    """
    found = lookup(desk, pupil)
    whom = _parent(desk, found, to)
    filled = letters.fill(wording(desk, name), _values(desk, found, whom))
    return Sheet(
        kind="letter",
        subject=found.id,
        why=f"letter.{name}",
        title=filled.title,
        mark="",
        parts=(Words(lines=filled.paragraphs),),
        missing=filled.missing,
        proof=proof_of(desk),
    )


def _parent(desk: Desk, pupil: Pupil, to: str | None) -> Around:
    people = [one for one in people_of(desk, pupil.id) if one.kind != "professional"]
    if to is not None:
        found = [one for one in people if one.id == to]
        if not found:
            raise InvalidError(
                f"to: {harmless(to)} is no parent or contact of {pupil.id}.",
                todo=f"One of {', '.join(one.id for one in people) or 'nobody'}.",
            )
        return found[0]
    parents = [one for one in people if one.kind == "parent"]
    chosen = [one for one in parents if one.lives_with] or parents
    if not chosen:
        raise InvalidError(
            f"No parent of {pupil.id} is recorded: there is nobody to write to.",
            todo="Add one with `workbench pupils around add`.",
        )
    return chosen[0]


def _values(desk: Desk, pupil: Pupil, whom: Around) -> dict[str, str]:
    """Every placeholder's value; empty where it is not known."""
    school, figures = desk.school(), duties.figures(desk, pupil.id)
    home = "\n".join(filter(None, (pupil.address, pupil.postcode)))
    counted = f"{figures.attendance_percent}" if figures.attendance_percent is not None else ""
    reach = recipient_words((f"la:{school.authority.name}",), school.authority, ())
    return {
        "school": school.name,
        "today": when(desk.today()),
        "parent": whom.name,
        "address": whom.address or (home if whom.lives_with else ""),
        "child": f"{pupil.forename} {pupil.surname}",
        "forename": pupil.forename,
        "class": pupil.class_,
        "year": str(pupil.year),
        "attendance": counted,
        "unauthorised": str(figures.unauthorised),
        "absent_days": str(figures.run_days) if figures.run_days else "",
        "absent_from": when(figures.run_from),
        "authority": school.authority.name,
        "authority_contact": reach[0].rstrip(".") if reach else "",
        "writer": f"{desk.who.name}, {desk.who.post}" if desk.who else "",
    }


# a case -------------------------------------------------------------------------------------------------------


@verb("print.chronology")
def case_chronology(desk: Desk, case_id: str, again: bool = False) -> Sheet:
    """The chronology of a case, oldest first, with what the person may see of it.

    Args:
        case_id: the case.
        again: it is printed now, or was looked at before: the look is not noted.

    Raises:
        InvalidError: if the case is sealed to others.
    """
    case = case_of(desk, case_id)
    if not opens(desk, case):
        raise InvalidError(
            f"{case.id} is sealed, and its key is not yours.", todo="Ask a DSL who can read it to print it."
        )
    if not again:
        desk.note_if_possible("case.viewed", subject=case.id)
    pupil = pupil_of(desk, case.pupil)
    told = sorted(chronology(desk, case), key=lambda line: (line.at, line.recorded))
    people = people_known(desk)
    lines = [(when(one.at), one.text, people[one.by].name if one.by in people else one.by) for one in told]
    rows = (
        *_child(pupil),
        ("Case", f"{case.id}, opened {when(case.opened)} by {case.opened_by}"),
        ("State", "open" if case.is_open else "closed"),
    )
    return Sheet(
        kind="chronology",
        subject=case.id,
        why="chronology",
        title=f"Chronology of {case.id}",
        mark=GUARDED,
        parts=(
            Pairs(rows=rows),
            Rows(
                title="What happened, oldest first",
                columns=(Column("When", 19), Column("What", 47), Column("By", 12)),
                rows=tuple(lines),
                empty="Nothing was written down.",
            ),
        ),
        proof=proof_of(desk),
    )


def _child(pupil: Pupil) -> tuple[tuple[str, str], ...]:
    return (
        ("Child", f"{pupil.forename} {pupil.surname}"),
        ("Born", when(pupil.born)),
        ("UPN", pupil.upn or "none recorded"),
        ("Year and class", f"{pupil.year}, {pupil.class_}"),
    )


# a certificate ------------------------------------------------------------------------------------------------


@verb("print.certificate")
def certificate(desk: Desk, pupil: str, first: date | None = None, last: date | None = None) -> Sheet:
    """A child's attendance in a period of one school year: its figures, and the register as a picture.

    Args:
        desk: the desk.
        pupil: id or UPN.
        first: the first day; that of the school year unless given.
        last: the last day, inclusive; today unless given.

    Raises:
        InvalidError: if the days are in the wrong order, in two school years, or not over.
    """
    found = lookup(desk, pupil)
    end = last or desk.today()
    begin = first or desk.calendar(year_label(end)).year_start(end)
    _check_period(desk, begin, end)
    marks = marks_between(desk, found.id, begin, end)
    rows = (
        *_child(found),
        ("On roll", f"from {when(found.starts)}" + (f" until {when(found.left)}" if found.left else "")),
        ("Period", f"{when(begin)} to {when(end)}"),
    )
    changed = [one for one in amendments_of(desk, found.id) if begin <= one.on <= end]
    parts: tuple[Part, ...] = (
        Pairs(rows=rows),
        Pairs(title="Sessions of the period", rows=_figures(desk, found.id, begin, end)),
        Picture(
            marks=tuple(msgspec.to_builtins(marks)),
            amendments=tuple(msgspec.to_builtins(changed)),
            codes=codes_of(desk, [mark.on for mark in marks]),
        ),
        Words(
            lines=(
                "This is what the register holds. School:",
                "Signed ____________________  Date ____________",
            )
        ),
    )
    return Sheet(
        kind="certificate",
        subject=found.id,
        why="certificate",
        title=f"Certificate of attendance: {found.forename} {found.surname}",
        mark=OFFICIAL,
        parts=parts,
        proof=proof_of(desk),
    )


def _check_period(desk: Desk, first: date, last: date) -> None:
    if first > last:
        raise InvalidError(f"The period ends on {last.isoformat()}, before {first.isoformat()}.")
    if last > desk.today():
        raise InvalidError(f"{last.isoformat()} is still to come.", todo="A certificate is about what was.")
    if year_label(first) != year_label(last):
        raise InvalidError("The period lies in two school years.", todo="Print a certificate for each.")


def _figures(desk: Desk, pupil: str, first: date, last: date) -> tuple[tuple[str, str], ...]:
    """The counts that the rules make up to the last day, less those up to the day before the first."""
    upto = duties.figures(desk, pupil, on=None if last == desk.today() else last)
    counts = [upto.possible, upto.attended, upto.authorised, upto.unauthorised]
    if first > desk.calendar(year_label(last)).year_start(last):
        before = duties.figures(desk, pupil, on=first - timedelta(days=1))
        less = (before.possible, before.attended, before.authorised, before.unauthorised)
        counts = [count - one for count, one in zip(counts, less, strict=True)]
    possible, attended, authorised, unauthorised = counts
    share = percent(attended, possible)
    return (
        ("Possible sessions", str(possible)),
        ("Attended", str(attended)),
        ("Absent, authorised", str(authorised)),
        ("Absent, unauthorised", str(unauthorised)),
        ("Attendance", f"{share} %" if share is not None else "no session was possible"),
    )


def codes_of(desk: Desk, days: Sequence[date]) -> dict[str, CodeWords]:
    """What the codes of these days, and of today, are called."""
    found: dict[str, CodeWords] = {}
    for day in (*sorted(set(days)), desk.today()):
        found |= {code.code: CodeWords(code.class_, code.title) for code in desk.codes.at(day).values()}
    return found
