"""The whole rule book as entries: duty rules, codes, grounds, gates, age, the school year, enquiries, groups.

Every entry has an id that people can ask for, such as `absence.ten-day-return`, `code.N`, `roll.ground.I`,
`gate.la-consent`, `enquiry.home_visit`, `group.grt`, and its versions with their sources.
"""

from collections.abc import Iterator
from typing import Any

from rules import wizard
from rules.age import AgeFile
from rules.bookentry import Edition, Entry, Kind, edition_of, text_of
from rules.bookroll import codes_entries, gates_entries, grounds_entries, old_grounds_entries
from rules.codes import CodesFile
from rules.dated import Dated
from rules.grounds import GroundsFile
from rules.local import Part
from rules.packs import RuleSet
from rules.rulefile import Rule, Version
from rules.schoolyear import YearFile

__all__ = ["Edition", "Entry", "entries", "text_of"]


def entries(rules: RuleSet) -> tuple[Entry, ...]:
    """The whole book, kind by kind."""
    return (
        *(_rule(rules.rule(rule_id)) for rule_id in rules.rule_ids),
        *codes_entries(rules.table("codes", CodesFile).era),
        *grounds_entries(rules.table("grounds", GroundsFile).version),
        *old_grounds_entries(rules),
        *gates_entries(rules),
        *_tables(rules),
        *_enquiries(rules),
        *_groups(rules),
    )


# duty rules -----------------------------------------------------------------------------------------------------


def _rule(found: Rule) -> Entry:
    base = found.base
    return Entry(
        id=found.id,
        kind="rule",
        title=base.title,
        action=base.action,
        ends=base.ends,
        owner=base.owner,
        editions=tuple(
            edition_of(layer, version, values=tuple(_values(version)), notes=version.notes)
            for layer, versions in found.layers
            for version in versions
        ),
    )


def _values(version: Version) -> Iterator[tuple[str, str]]:
    for key, value in version.params.items():
        keyed = isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "key" in value[0]
        yield key, ", ".join(item["key"] for item in value) if keyed else text_of(value)
    if version.recipients:
        yield "recipients", text_of(version.recipients)
    if version.kinds is not None:
        yield "kinds", text_of(version.kinds)
    if version.csa:
        yield "csa", "of compulsory school age only"


# tables ---------------------------------------------------------------------------------------------------------


_PLAIN = frozenset(Dated.__struct_fields__)


def _tables(rules: RuleSet) -> Iterator[Entry]:
    age, year = rules.table("age", AgeFile), rules.table("year", YearFile)
    yield Entry(
        id="age.compulsory", kind="age", title=age.title, editions=tuple(_table(v) for v in age.version)
    )
    yield Entry(
        id="year.days", kind="year", title=year.title, editions=tuple(_table(v) for v in year.version)
    )


def _table(version: Dated) -> Edition:
    names = (name for name in version.__struct_fields__ if name not in _PLAIN)
    return edition_of(
        "england", version, values=tuple((n.replace("_", " "), text_of(getattr(version, n))) for n in names)
    )


def _enquiries(rules: RuleSet) -> Iterator[Entry]:
    file = rules.table("enquiries", wizard.EnquiriesFile)
    for step in file.step:
        edition = Edition(
            layer="england",
            since=file.from_,
            standing=file.standing,
            certainty=step.certainty,
            law=file.law,
            quote=file.quote,
            checked=file.checked,
            values=_step_values(step.by, step.limit),
        )
        yield Entry(id=f"enquiry.{step.key}", kind="enquiry", title=step.title, editions=(edition,))
    for part in rules.local_steps:
        values = _step_values(part.content.by, part.content.limit)
        yield _local("enquiry", part, values)


def _step_values(by: str, limit: str) -> tuple[tuple[str, str], ...]:
    return (("by", by), *((("limit", f"the authority's own, {limit}"),) if limit else ()))


def _groups(rules: RuleSet) -> Iterator[Entry]:
    file = rules.table("groups", wizard.GroupsFile, "ontrack")
    common: dict[str, Any] = {
        "layer": "ontrack", "since": file.from_, "standing": file.standing, "law": file.law, "checked": file.checked
    }  # fmt: skip
    for group in file.group:
        edition = Edition(**common, certainty=group.certainty, quote=group.quote)
        yield Entry(
            id=f"group.{group.key}", kind="group", title=group.title, action=group.action, editions=(edition,)
        )
    for flag in file.flag:
        edition = Edition(
            **common,
            certainty="unverified",
            quote=file.quote,
            notes=("A flag of the school's own, beside the policy's seven groups: a product choice.",),
        )
        yield Entry(
            id=f"flag.{flag.key}", kind="flag", title=flag.title, action=flag.action, editions=(edition,)
        )
    for part in rules.local_groups:
        yield _local("group", part, _group_values(part))
    for part in rules.local_flags:
        yield _local("flag", part, _group_values(part))


def _group_values(part: Part) -> tuple[tuple[str, str], ...]:
    group = part.content
    if not group.action:
        return ()
    return (("recipients", text_of(group.recipients)), ("causes", text_of(group.causes)))


def _local(kind: Kind, part: Part, values: tuple[tuple[str, str], ...]) -> Entry:
    return Entry(
        id=f"{kind}.{part.id}",
        kind=kind,
        title=part.content.title,
        action=getattr(part.content, "action", ""),
        editions=(edition_of(part.layer, part.content, values=values),),
    )
