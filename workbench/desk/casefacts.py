"""What is known of a case, gathered for its page, its progress and its export. No verbs here."""

from datetime import date

from rules.progress import Given, closing, next_step, progress
from rules.wizard import NO, YES, Question, asked, enquiry_steps, questions
from workbench.desk.clock import day_of
from workbench.desk.context import Desk
from workbench.desk.duties import duties_of, on_list
from workbench.desk.facts import TOLD, pupil_facts, view
from workbench.desk.shelves import shelves
from workbench.domain.asking import Asked, Choice
from workbench.domain.cases import Answer, Case, Enquiry, Note, Referral
from workbench.domain.caseview import CaseRow, CaseView
from workbench.domain.characters import harmless
from workbench.domain.errors import NotFoundError
from workbench.domain.pupils import Pupil
from workbench.domain.removals import Removal

__all__ = ["NO", "TOLD", "YES"]


ORPHAN = "its pupil is missing: run `workbench check`"
"""What comes next in a case whose pupil there is no record of."""


def case_of(desk: Desk, case_id: str) -> Case:
    """A case that the person signed in may know of.

    Raises:
        NotFoundError: if there is none, or it is about them: the two are not told apart.
    """
    case = desk.record("cases", "cases", case_id, Case)
    if case is None or desk.user() in case.about:
        raise NotFoundError(
            f"There is no case {harmless(case_id)}.", todo="`workbench case list` shows them."
        )
    return case


def pupil_of(desk: Desk, pupil_id: str) -> Pupil:
    """The pupil with this id."""
    pupil = desk.record("pupils", "pupils", pupil_id, Pupil)
    if pupil is None:
        raise NotFoundError(f"There is no pupil {harmless(pupil_id)}.", todo="Run `workbench check`.")
    return pupil


def answers_of(desk: Desk, case_id: str) -> dict[str, Answer]:
    """The answers of a case by question."""
    return {a.key: a for a in shelves(desk).answers.get(case_id, ())}


def enquiries_of(desk: Desk, case_id: str) -> list[Enquiry]:
    """The enquiries of a case in the order in which they were made."""
    return sorted(shelves(desk).enquiries.get(case_id, ()), key=lambda e: (e.at, e.recorded))


def referrals_of(desk: Desk, case: Case) -> list[Referral]:
    """The referrals of a case in order of time."""
    found = [r for r in shelves(desk).referrals.get(case.pupil, ()) if r.case == case.id]
    return sorted(found, key=lambda r: (r.at, r.recorded))


def notes_of(desk: Desk, case_id: str) -> list[Note]:
    """The notes of a case in the order in which they were written."""
    return [n for n in desk.records("cases", "notes", Note) if n.case == case_id]


def removal_of(desk: Desk, case: Case) -> Removal | None:
    """The removal that belongs to a case: open or completed before withdrawn, then the newest."""
    found = [r for r in shelves(desk).removals.get(case.pupil, ()) if r.case in (case.id, None)]
    found.sort(key=lambda r: (r.state != "withdrawn", r.requested))
    return found[-1] if found else None


def given(desk: Desk, case: Case) -> Given:
    """What has been recorded about a case, as its progress reads it."""
    answers = answers_of(desk, case.id)
    removal = removal_of(desk, case)
    return Given(
        rules=desk.rules,
        on=desk.today(),
        pupil=pupil_facts(view(desk), pupil_of(desk, case.pupil)),
        answers={key: a.value for key, a in answers.items()},
        notes={key: a.note for key, a in answers.items()},
        enquiries={e.step: "done" if e.done else "not-done" for e in enquiries_of(desk, case.id)},
        referrals=tuple((r.to, r.decision) for r in referrals_of(desk, case)),
        removal=removal.state if removal else None,
        closed=not case.is_open,
    )


def row_of(desk: Desk, case: Case) -> CaseRow:
    """A case as lists show it. One whose pupil is missing has the id in the place of a name, and no steps."""
    if desk.get("pupils", "pupils", case.pupil) is None:
        return CaseRow(case=case, pupil=_missing(case), steps=(), next=ORPHAN)
    steps = progress(given(desk, case))
    following = next_step(steps)
    words = (
        f"step {following.number} of {len(steps)}: {following.title.lower()}"
        if following
        else "nothing stands open"
    )
    return CaseRow(case=case, pupil=pupil_of(desk, case.pupil), steps=tuple(steps), next=words)


def _missing(case: Case) -> Pupil:
    """Stands for a pupil that there is no record of: nothing of it is known but the id."""
    day = day_of(case.opened)
    return Pupil(
        id=case.pupil, surname=harmless(case.pupil), forename="?", born=day, year=0, class_="?", starts=day
    )


def view_of(desk: Desk, case: Case) -> CaseView:
    """A case whole."""
    from workbench.desk.chronology import chronology

    known = given(desk, case)
    own = [q for q in questions(desk.rules, desk.today()) if asked(q, known.pupil, dict(known.answers))]
    duties = [
        d
        for d in duties_of(desk, case.pupil)
        if d.state in ("overdue", "due") and d.case in (case.id, None) and on_list(desk, d)
    ]
    return CaseView(
        case=case,
        pupil=pupil_of(desk, case.pupil),
        steps=tuple(progress(known)),
        questions=tuple(as_asked(q) for q in own),
        answers=answers_of(desk, case.id),
        enquiries=tuple(enquiries_of(desk, case.id)),
        enquiry_steps=enquiry_steps(desk.rules, desk.today()),
        notes=tuple(notes_of(desk, case.id)),
        referrals=tuple(referrals_of(desk, case)),
        removal=removal_of(desk, case),
        duties=tuple(sorted(duties, key=lambda d: (d.state != "overdue", d.due))),
        closing=tuple(closing(known)),
        chronology=tuple(chronology(desk, case)),
    )


def as_asked(question: Question) -> Asked:
    """A question of the rules as screens and commands see it."""
    return Asked(
        key=question.key,
        step=question.step,
        text=question.text,
        kind=question.kind,
        choices=tuple(Choice(key=c.key, text=c.text, hint=c.hint) for c in question.choices),
        required=question.required,
        note=question.note,
        hint=question.hint,
        policy=question.policy,
    )


def last_seen(desk: Desk, pupil: Pupil) -> str:
    """The last session in which the pupil was there by the register, in words; empty if none."""
    found = last_present(desk, pupil.id)
    return f"{found[0].isoformat()} {found[1]}, by the register" if found else ""


def last_present(desk: Desk, pupil: str) -> tuple[date, str] | None:
    """The last session of this school year in which the pupil was there, or at an approved activity."""
    seen = view(desk)
    for day, session, code in reversed(seen.marks.all_of(pupil)):
        if day <= seen.moment.on and desk.codes.at(day)[code].class_ in ("present", "approved"):
            return day, session
    return None


def happened_on(case: Case) -> str:
    """The day a case was opened."""
    return day_of(case.opened).isoformat()
