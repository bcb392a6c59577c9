"""The wizard's data as values: steps, questions, groups, enquiry steps, triggers, recipients, closing conditions."""

from datetime import date
from functools import cache
from typing import Literal

from msgspec import Struct

from rules.duty import Certainty, Standing
from rules.facts import PupilFacts
from rules.packs import table

Kind = Literal["choice", "text", "date", "told", "group"]
When = Literal["", "social-worker", "looked-after", "youth-justice", "other-authority", "back"]

YES, NO, UNKNOWN = "yes", "no", "unknown"
TOLD, NOT_TOLD, NOT_APPLICABLE = "told", "not-told", "does-not-apply"


class Choice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer that can be chosen."""

    key: str
    text: str
    hint: str = ""


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question. `key` is `step.name`; answers are kept under it."""

    key: str
    text: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    required: bool = False
    note: bool = False
    """Whether an answer needs a note: what it relies on, or why."""
    when: When = ""
    """Asked only of pupils of whom this is true; always where empty."""
    hint: str = ""
    policy: str = ""

    @property
    def step(self) -> str:
        """The key of its step."""
        return self.key.partition(".")[0]


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the nine steps."""

    key: str
    title: str
    text: str
    policy: str = ""
    law: str = ""
    groups: bool = False
    question: tuple[Question, ...] = ()


class CaseTrigger(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a case comes up; `rules` are the duties it may be opened from."""

    key: str
    title: str
    rules: tuple[str, ...]


class Named(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key with the words for it."""

    key: str
    title: str


class Flag(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A flag of the school's own."""

    key: str
    title: str
    action: str = ""
    """What it asks for; empty where it is only known."""


class Closing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One condition for closing a case; its test stands in `rules/progress.py`."""

    key: str
    text: str


class WizardFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """The whole wizard."""

    title: str
    from_: date
    standing: Standing
    certainty: Certainty
    law: str
    quote: str
    checked: date
    step: tuple[Step, ...]
    trigger: tuple[CaseTrigger, ...]
    recipient: tuple[Named, ...]
    closing: tuple[Closing, ...]


class Group(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the policy's risk groups."""

    key: str
    title: str
    action: str
    quote: str
    certainty: Certainty


class GroupsFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """The seven groups, and the school's own flags."""

    title: str
    from_: date
    standing: Standing
    law: str
    quote: str
    checked: date | None = None
    group: tuple[Group, ...]
    flag: tuple[Flag, ...]


class EnquiryStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of the joint enquiries."""

    key: str
    title: str
    by: Literal["school", "la", "joint"]
    certainty: Certainty
    limit: str = ""
    """The key of the authority's own day limit, in school days."""


class EnquiriesFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """The checklist."""

    title: str
    from_: date
    standing: Standing
    law: str
    quote: str
    checked: date
    step: tuple[EnquiryStep, ...]


def wizard() -> WizardFile:
    """The wizard as shipped."""
    return table("ontrack", "wizard", WizardFile)


def groups() -> tuple[Group, ...]:
    """The seven groups in the policy's order."""
    return table("ontrack", "groups", GroupsFile).group


def enquiry_steps() -> tuple[EnquiryStep, ...]:
    """The checklist of enquiries."""
    return table("england", "enquiries", EnquiriesFile).step


_GROUP_CHOICES = (
    Choice(key=YES, text="Yes", hint="the action becomes a duty"),
    Choice(key=NO, text="No"),
    Choice(key=UNKNOWN, text="Not known", hint="stays open"),
)
_TOLD_CHOICES = (
    Choice(key=TOLD, text="Told", hint="who, when and how in the note"),
    Choice(key=NOT_TOLD, text="Not told", hint="say why"),
    Choice(key=NOT_APPLICABLE, text="Does not apply"),
)


@cache
def questions() -> tuple[Question, ...]:
    """Every question in order, with those about the risk groups and flags made from their tables."""
    found: list[Question] = []
    for step in wizard().step:
        found.extend(_with_choices(question) for question in step.question)
        if step.groups:
            found.extend(_group_questions())
    return tuple(found)


def _with_choices(question: Question) -> Question:
    if question.kind != "told":
        return question
    return Question(
        key=question.key,
        text=question.text,
        kind="told",
        choices=_TOLD_CHOICES,
        required=question.required,
        when=question.when,
    )


def _group_questions() -> list[Question]:
    file = table("ontrack", "groups", GroupsFile)
    made = [
        Question(
            key=f"groups.{g.key}",
            text=g.title,
            kind="group",
            choices=_GROUP_CHOICES,
            required=True,
            hint=g.action,
            policy=g.quote,
        )
        for g in file.group
    ]
    made += [
        Question(key=f"groups.{f.key}", text=f.title, kind="group", choices=_GROUP_CHOICES[:2], hint=f.action)
        for f in file.flag
    ]
    return made


def question(key: str) -> Question | None:
    """The question with this key, or None."""
    return next((q for q in questions() if q.key == key), None)


def asked(question: Question, pupil: PupilFacts, answers: dict[str, str]) -> bool:
    """Whether a question is asked of this pupil."""
    tests = {
        "": True,
        "social-worker": pupil.social_worker or answers.get("groups.social_worker") == YES,
        "looked-after": pupil.looked_after_by is not None or answers.get("groups.looked_after") == YES,
        "youth-justice": "youth_justice" in pupil.groups or answers.get("groups.youth_justice") == YES,
        "other-authority": pupil.home_la is not None or pupil.placing_la is not None,
        "back": answers.get("outcome.kind") == "returned",
    }
    return tests[question.when]


def trigger_for(rule: str) -> str:
    """The case trigger that a duty's rule opens a case with; `other` where none names it."""
    found = next((t.key for t in wizard().trigger if rule in t.rules), None)
    return found or wizard().trigger[-1].key
