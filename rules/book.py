"""The whole rule book as entries: duty rules, codes, grounds, gates, age, the school year, enquiries, groups.

Every entry has an id that people can ask for, such as `absence.ten-day-return`, `code.N`, `roll.ground.I`,
`gate.la-consent`, `enquiry.home_visit`, `group.grt`, and its versions with their sources.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from rules import wizard
from rules.age import AgeFile
from rules.codes import CodesFile, Era
from rules.dated import Dated
from rules.duty import Certainty, Standing
from rules.gates import GateFile, GatesFile
from rules.grounds import ConditionFile, GroundFile, GroundsFile, GroundsVersion, old_grounds
from rules.local import Part
from rules.packs import RuleSet
from rules.rulefile import Rule, Version
from rules.schoolyear import YearFile

Kind = Literal["rule", "code", "ground", "gate", "age", "year", "enquiry", "group", "flag"]


class Edition(Struct, frozen=True, kw_only=True):
    """An entry as it stands for a time, in one layer."""

    layer: str
    since: date
    to: date | None = None
    switch: str | None = None
    """The law that has to be commenced first; None where none has."""
    standing: Standing
    certainty: Certainty
    law: str
    quote: str
    link: str = ""
    checked: date | None = None
    values: tuple[tuple[str, str], ...] = ()
    """What it asks: names and values, conditions and their texts."""
    notes: tuple[str, ...] = ()

    def holds(self, on: date, commenced: Mapping[str, date]) -> bool:
        """Whether it is in force on a day."""
        first = self.since if self.switch is None else commenced.get(self.switch)
        return first is not None and max(first, self.since) <= on and (self.to is None or on <= self.to)


class Entry(Struct, frozen=True, kw_only=True):
    """Something that the rules know, in all its versions."""

    id: str
    kind: Kind
    title: str
    action: str = ""
    """What has to happen, for a rule or a group."""
    ends: str = ""
    owner: str = ""
    editions: tuple[Edition, ...]
    """First layer first, earliest first."""

    def standing_on(self, on: date, commenced: Mapping[str, date]) -> tuple[Edition, ...]:
        """The editions in force on a day, first layer first."""
        return tuple(edition for edition in self.editions if edition.holds(on, commenced))


def entries(rules: RuleSet) -> tuple[Entry, ...]:
    """The whole book, kind by kind."""
    return (
        *(_rule(rules.rule(rule_id)) for rule_id in rules.rule_ids),
        *_codes(rules.table("codes", CodesFile).era),
        *_grounds(rules.table("grounds", GroundsFile).version),
        *_old_grounds(rules),
        *_gates(rules),
        *_tables(rules),
        *_enquiries(rules),
        *_groups(rules),
    )


def text_of(value: Any) -> str:
    """A value of a pack as a reader sees it."""
    if isinstance(value, Mapping):
        return ", ".join(
            f"{key} {text_of(inner)}" for key, inner in value.items() if inner not in ("", (), [])
        )
    if isinstance(value, list | tuple):
        return ", ".join(map(text_of, value)) or "none"
    return "yes" if value is True else "no" if value is False else str(value)


def _edition(layer: str, value: Dated, **more: Any) -> Edition:
    found: dict[str, Any] = {
        "layer": layer, "since": value.from_, "to": value.to, "switch": value.switch, "standing": value.standing,
        "certainty": value.certainty, "law": value.law, "quote": value.quote, "link": value.link,
        "checked": value.checked,
    }  # fmt: skip
    return Edition(**{**found, **more})


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
            _edition(layer, version, values=tuple(_values(version)), notes=version.notes)
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


# codes ----------------------------------------------------------------------------------------------------------


def _codes(eras: Iterable[Era]) -> Iterator[Entry]:
    titles: dict[str, str] = {}
    found: dict[str, list[Edition]] = {}
    for era in eras:
        for row in era.code:
            values = [
                ("class", row.class_),
                ("sessions", text_of(row.sessions)),
                ("may be planned", text_of(row.planned)),
            ]
            values += [("needs", row.needs)] if row.needs else []
            titles[row.code] = row.title
            found.setdefault(row.code, []).append(
                _edition(
                    "england",
                    era,
                    certainty=row.certainty,
                    quote=row.quote or era.quote,
                    values=(("title", row.title), *values),
                )
            )
    for code, editions in found.items():
        yield Entry(id=f"code.{code}", kind="code", title=titles[code], editions=tuple(editions))


# grounds and gates ----------------------------------------------------------------------------------------------


def _grounds(versions: Iterable[GroundsVersion]) -> Iterator[Entry]:
    found: dict[str, list[tuple[GroundsVersion, GroundFile]]] = {}
    for version in versions:
        for ground in version.ground:
            found.setdefault(ground.letter, []).append((version, ground))
    for letter, each in found.items():
        last = each[-1][1]
        days = last.condition[0].days if last.condition else ""
        yield Entry(
            id=f"roll.ground.{letter}",
            kind="ground",
            title=last.title.format(days=days),
            editions=tuple(_ground(version, ground) for version, ground in each),
        )


def _ground(version: GroundsVersion, ground: GroundFile) -> Edition:
    certainties = [condition.certainty for condition in ground.condition]
    values = [
        ("pupils", {"csa": "of compulsory school age", "all": "all", "outside": "others"}[ground.pupils])
    ]
    values += [(condition.key, _condition(condition)) for condition in ground.condition]
    order = ground.blocked_by_order
    values.append(("attendance order", f"blocks it ({order})" if order else "does not block it"))
    asked = ground.letter in version.la_confirmation
    values.append(("la-confirmation", "asked for by the policy" if asked else "not asked for"))
    return _edition(
        "england",
        version,
        law=ground.law or f"{version.law}({ground.letter.lower()})",
        quote=ground.quote or version.quote,
        certainty=_least(certainties) if certainties else version.certainty,
        values=tuple(values),
    )


def _condition(condition: ConditionFile) -> str:
    return f"{condition.words} ({condition.certainty})"


_SURE: tuple[Certainty, ...] = ("verified", "second-hand", "unverified", "ambiguous")


def _least(certainties: Iterable[Certainty]) -> Certainty:
    """The least sure of several."""
    return max(certainties, key=_SURE.index)


def _old_grounds(rules: RuleSet) -> Iterator[Entry]:
    table = old_grounds(rules)
    for row in table.row:
        now = ", ".join(f"roll.ground.{letter}" for letter in row.now) or "no ground of today"
        edition = _edition(
            "england",
            table,
            certainty=row.certainty,
            values=(("today", now),),
            notes=(row.note,) if row.note else (),
        )
        yield Entry(
            id=f"roll.ground-2006.{row.letter}", kind="ground", title=row.subject, editions=(edition,)
        )


def _gates(rules: RuleSet) -> Iterator[Entry]:
    found: dict[str, list[Edition]] = {}
    titles: dict[str, str] = {}
    for version in rules.table("gates", GatesFile).version:
        for gate in version.gate:
            titles[gate.id] = gate.title
            found.setdefault(gate.id, []).append(
                _edition(
                    "ontrack" if gate.standing == "policy" else "england",
                    version,
                    standing=gate.standing,
                    certainty=gate.certainty,
                    law=gate.law,
                    quote=gate.quote,
                    link=gate.link or version.link,
                    values=tuple(_gate(gate)),
                )
            )
            for law in gate.switched:
                values = [("grounds", text_of(law.grounds)), ("applies", law.why)]
                values += [("kinds", text_of(law.kinds))] if law.kinds is not None else []
                found[gate.id].append(
                    _edition(
                        "england",
                        version,
                        switch=law.switch,
                        standing=gate.standing,
                        certainty=law.certainty,
                        law=law.law,
                        quote=law.quote,
                        link=law.link,
                        values=tuple(values),
                    )
                )
    for own_id, editions in found.items():
        yield Entry(id=f"gate.{own_id}", kind="gate", title=titles[own_id], editions=tuple(editions))


def _gate(gate: GateFile) -> Iterator[tuple[str, str]]:
    yield "override", "by a leader, with a reason" if gate.overridable else "none"
    if gate.kinds is not None:
        yield "kinds", text_of(gate.kinds)
    yield from gate.kind_words.items()


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
    return _edition(
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
        editions=(_edition(part.layer, part.content, values=values),),
    )
