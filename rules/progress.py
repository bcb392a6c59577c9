"""How far a case is, computed from its evidence: never picked from a list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from rules.facts import PupilFacts
from rules.packs import RuleSet
from rules.wizard import NO, NOT_TOLD, UNKNOWN, YES, Question, Step, asked, enquiry_steps, questions, wizard

StepStatus = Literal["done", "begun", "open", "does-not-apply", "waits"]

DANGER = frozenset({"immediate", "risk"})
"""Answers to the danger question that ask for a referral before anything else."""
GOES_ON = frozenset({"happened", "danger", "referral"})
"""Steps that never wait for the referral."""


class Given(Struct, frozen=True, kw_only=True):
    """What has been recorded about a case."""

    rules: RuleSet
    on: date
    """The day on which it is looked at: groups and steps of later layers begin and end."""
    pupil: PupilFacts
    answers: Mapping[str, str]
    notes: Mapping[str, str]
    """Question key to the note of its answer."""
    enquiries: Mapping[str, str]
    """Enquiry step to `done` or `not-done`."""
    referrals: Sequence[tuple[str, str]]
    """Recipient and decision (`refer` or `not-referred`) of each."""
    removal: str | None
    """State of the newest removal: `open`, `completed`, `withdrawn`; None where there is none."""
    closed: bool = False


class StepState(Struct, frozen=True, kw_only=True):
    """One step as it stands."""

    key: str
    number: int
    title: str
    state: StepStatus
    summary: str
    missing: tuple[str, ...]
    """What the step still needs, in words."""
    next: str | None
    """Key of the next question (or `enquiry`, `referral`) to answer here."""


class CloseCondition(Struct, frozen=True, kw_only=True):
    """One condition for closing, and whether it holds."""

    key: str
    text: str
    met: bool


def danger_open(given: Given) -> bool:
    """Whether danger was answered yes and no referral to social care has been recorded."""
    return given.answers.get("danger.level") in DANGER and ("social-care", "refer") not in given.referrals


def progress(given: Given) -> list[StepState]:
    """All nine steps in order, each with its state and what it still needs."""
    waits = danger_open(given)
    found = []
    for number, step in enumerate(wizard().step, 1):
        state = _STEPS.get(step.key, _questions)(given, step, number)
        if waits and step.key not in GOES_ON and state.state not in ("done", "does-not-apply"):
            state = _state(
                step, number, "waits", "waits for the referral: danger comes first", ("the referral",), None
            )
        found.append(state)
    return found


def next_step(states: Sequence[StepState]) -> StepState | None:
    """The step to go on with: the first that is neither done nor waiting."""
    return next((s for s in states if s.state in ("open", "begun")), None)


def _state(
    step: Step, number: int, state: StepStatus, summary: str, missing: Sequence[str], next_: str | None
) -> StepState:
    return StepState(
        key=step.key,
        number=number,
        title=step.title,
        state=state,
        summary=summary,
        missing=tuple(missing),
        next=next_,
    )


def _of(given: Given, step: Step) -> list[Question]:
    return [
        q
        for q in questions(given.rules, given.on)
        if q.step == step.key and asked(q, given.pupil, dict(given.answers))
    ]


def _lacks(given: Given, question: Question) -> bool:
    value = given.answers.get(question.key)
    if value is None:
        return question.required
    needs_note = question.note or value == NOT_TOLD
    return value == UNKNOWN or (needs_note and not given.notes.get(question.key))


def _questions(given: Given, step: Step, number: int) -> StepState:
    own = _of(given, step)
    missing = [q for q in own if _lacks(given, q)]
    answered = [q for q in own if q.key in given.answers]
    state: StepStatus = "open" if not answered else "begun" if missing else "done"
    return _state(
        step,
        number,
        state,
        _summary(given, answered),
        [q.text for q in missing],
        missing[0].key if missing else None,
    )


def _summary(given: Given, answered: Sequence[Question]) -> str:
    words = []
    for q in answered:
        value = given.answers[q.key]
        words.append(next((c.text for c in q.choices if c.key == value), value))
    return "; ".join(words[:2])


def _groups(given: Given, step: Step, number: int) -> StepState:
    plain = _questions(given, step, number)
    values = [given.answers.get(q.key) for q in _of(given, step)]
    yes = [q.text for q in _of(given, step) if given.answers.get(q.key) == YES]
    if not any(values):
        return plain
    words = f"{len(yes)} yes{': ' + ', '.join(yes) if yes else ''} · {values.count(NO)} no"
    return _state(step, number, plain.state, words, plain.missing, plain.next)


def _enquiries(given: Given, step: Step, number: int) -> StepState:
    steps = enquiry_steps(given.rules, given.on)
    school = [s for s in steps if s.by != "la"]
    la = [s for s in steps if s.by == "la"]
    open_ = [s for s in steps if s.key not in given.enquiries]
    counted = (
        f"school {sum(s.key in given.enquiries for s in school)} of {len(school)}, "
        f"LA {sum(s.key in given.enquiries for s in la)} of {len(la)}"
    )
    state: StepStatus = "done" if not open_ else "begun" if given.enquiries else "open"
    words = f"{counted}; next: {open_[0].title}" if open_ else counted
    return _state(step, number, state, words, [s.title for s in open_], open_[0].key if open_ else None)


def _referral(given: Given, step: Step, number: int) -> StepState:
    plain = _questions(given, step, number)
    decided = [
        f"{to}: {'referred' if decision == 'refer' else 'not referred'}" for to, decision in given.referrals
    ]
    missing = list(plain.missing)
    if not decided:
        missing.insert(0, "the decision, with its reason")
    if danger_open(given):
        missing.insert(0, "a referral to children's social care")
    state: StepStatus = "done" if not missing else "begun" if decided or plain.state != "open" else "open"
    words = "; ".join([*decided, plain.summary] if plain.summary else decided) or "the decision to record"
    return _state(step, number, state, words, missing, "referral" if missing else None)


def _removal(given: Given, step: Step, number: int) -> StepState:
    if given.removal == "completed":
        return _state(step, number, "done", "the name is off the roll", (), None)
    if given.removal == "open":
        return _state(step, number, "begun", "a removal stands open", ("its gates",), "removal")
    if given.answers.get("removal.claimed") == YES:
        return _state(step, number, "begun", "a ground is claimed", ("start the removal",), "removal")
    return _state(step, number, "does-not-apply", "no ground claimed", (), None)


def _close(given: Given, step: Step, number: int) -> StepState:
    if given.closed:
        return _state(step, number, "done", "closed", (), None)
    missing = [c.text for c in closing(given) if not c.met]
    words = f"{len(missing)} things stand open" if missing else "can be closed"
    return _state(step, number, "open" if missing else "begun", words, missing, "close.summary")


_STEPS = {
    "groups": _groups,
    "enquiries": _enquiries,
    "referral": _referral,
    "removal": _removal,
    "close": _close,
}


def closing(given: Given) -> list[CloseCondition]:
    """What must be true to close, and whether it is."""
    level = given.answers.get("danger.level")
    own = [q for q in questions(given.rules, given.on) if asked(q, given.pupil, dict(given.answers))]
    outcome = given.answers.get("outcome.kind")
    met = {
        "danger-answered": level is not None and level != UNKNOWN,
        "danger-referred": not danger_open(given),
        "groups": all(q.key in given.answers for q in own if q.step == "groups" and q.required),
        "enquiries": outcome != "not-found"
        or all(s.key in given.enquiries for s in enquiry_steps(given.rules, given.on)),
        "referral-decided": bool(given.referrals),
        "told": not any(_lacks(given, q) for q in own if q.step == "know"),
        "outcome": not any(_lacks(given, q) for q in own if q.step == "outcome"),
        "removal-ended": given.removal != "open",
        "summary": bool(given.answers.get("close.summary")),
    }
    return [CloseCondition(key=c.key, text=c.text, met=met[c.key]) for c in wizard().closing]
