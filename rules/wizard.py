"""The wizard's data as values: steps, questions, groups, enquiry steps, triggers, recipients, closing conditions."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from rules.duty import Certainty, Standing
from rules.facts import PupilFacts
from rules.local import LocalGroup, LocalStep, Part
from rules.packs import RuleSet, table

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


def groups(rules: RuleSet, on: date) -> tuple[Group, ...]:
    """The seven groups in the policy's order, then those that later layers have in force on a day."""
    local = (_group(part.content) for part in _holding(rules, rules.local_groups, on))
    return (*table("ontrack", "groups", GroupsFile).group, *local)


def flags(rules: RuleSet, on: date) -> tuple[Flag, ...]:
    """The school's own flags, those of later layers in force on a day with them."""
    held = (part.content for part in _holding(rules, rules.local_flags, on))
    local = (Flag(key=flag.key, title=flag.title, action=flag.action) for flag in held)
    return (*table("ontrack", "groups", GroupsFile).flag, *local)


def enquiry_steps(rules: RuleSet, on: date) -> tuple[EnquiryStep, ...]:
    """The checklist of enquiries, with the steps of later layers in force on a day."""
    local = (_step(part.content) for part in _holding(rules, rules.local_steps, on))
    return (*table("england", "enquiries", EnquiriesFile).step, *local)


def step_titles(rules: RuleSet) -> dict[str, str]:
    """Key to title of every step of the enquiries of any day, for reading what was recorded."""
    local = ((part.id, part.content.title) for part in rules.local_steps)
    return {
        **{step.key: step.title for step in table("england", "enquiries", EnquiriesFile).step},
        **dict(local),
    }


def _holding(rules: RuleSet, parts: Iterable[Part], on: date) -> list[Part]:
    return [part for part in parts if part.content.holds(on, rules.commenced)]


def _group(found: LocalGroup) -> Group:
    return Group(
        key=found.key, title=found.title, action=found.action, quote=found.quote, certainty=found.certainty
    )


def _step(found: LocalStep) -> EnquiryStep:
    return EnquiryStep(
        key=found.key, title=found.title, by=found.by, certainty=found.certainty, limit=found.limit
    )


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


@lru_cache
def questions(rules: RuleSet, on: date) -> tuple[Question, ...]:
    """Every question of a day in order, with those about the risk groups and flags made from their tables."""
    found: list[Question] = []
    for step in wizard().step:
        found.extend(_with_choices(question) for question in step.question)
        if step.groups:
            found.extend(_group_questions(groups(rules, on), flags(rules, on)))
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


def _group_questions(groups_: Iterable[Group], flags_: Iterable[Flag]) -> list[Question]:
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
        for g in groups_
    ]
    made += [
        Question(key=f"groups.{f.key}", text=f.title, kind="group", choices=_GROUP_CHOICES[:2], hint=f.action)
        for f in flags_
    ]
    return made


def question(rules: RuleSet, on: date, key: str) -> Question | None:
    """The question with this key on a day, or None."""
    return next((q for q in questions(rules, on) if q.key == key), None)


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
