"""What a pack of a later layer may not say: everything that would be found only when a duty is asked for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from string import Formatter
from typing import Any

from rules.errors import PackError
from rules.local import GROUPS_RULE, LocalGroup, Part
from rules.packs import ROOT, SHIPPED, RuleSet, build, parse, table
from rules.recipients import fault
from rules.rulefile import Rule, RuleFile, Version, check_standing
from rules.stacking import stacked

RULE_ID = re.compile(r"(?=.{1,80}$)[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+")
KEY = re.compile(r"[a-z][a-z0-9_]*")
MOST = 1000
"""No number of days, sessions or years in a pack is larger."""
LONGEST = 2000
"""Characters of a text in a pack."""


def check(rules: RuleSet) -> None:
    """Refuse what a pack says wrongly.

    Raises:
        PackError: naming file, table and key, and what to do.
        LoosenedError: if a pack asks less than an earlier layer.
    """
    for pack in rules.packs:
        _texts(pack.name, parse(pack.name, pack.text))
    _once(rules.local_rules, lambda part: (part.layer, part.where), "put both versions into one [[rule]]")
    for part in rules.local_rules:
        _rule(rules, part)
    _keys(rules)
    for part in (*rules.local_groups, *rules.local_flags):
        _group(rules, part)
    _switches(rules)


def _texts(where: str, value: Any) -> None:
    """Refuse characters that a screen would act on, and texts that are no texts any more."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _texts(where, key)
            _texts(where, inner)
    elif isinstance(value, list):
        for inner in value:
            _texts(where, inner)
    elif isinstance(value, str):
        if not value.replace("\n", " ").isprintable():
            raise PackError(where, f"{value[:40]!a} holds a sign that cannot be shown; take it out")
        if len(value) > LONGEST:
            raise PackError(where, f"a text has more than {LONGEST} characters; shorten it")


def _once(parts: Iterable[Part], key: Any, todo: str) -> None:
    seen = set()
    for part in parts:
        if key(part) in seen:
            raise PackError(part.where, f"stands twice; {todo}")
        seen.add(key(part))


# rules ----------------------------------------------------------------------------------------------------------


def _rule(rules: RuleSet, part: Part) -> None:
    if not RULE_ID.fullmatch(part.id):
        raise PackError(
            part.where,
            "`id` is small letters, digits and hyphens with a dot between, at most 80: absence.visit",
        )
    found = rules.rule(part.id)
    _action(rules, part, found)
    versions = _own(rules, part, found)
    _gaps(part, versions)
    for version in versions:
        _version(rules, part, found, version)


def _own(rules: RuleSet, part: Part, found: Rule) -> tuple[Version, ...]:
    """The versions that a part adds."""
    own = [p.where for p in rules.local_rules if p.id == part.id and p.layer == part.layer].index(part.where)
    return [versions for layer, versions in found.layers if layer == part.layer][own]


def _action(rules: RuleSet, part: Part, found: Rule) -> None:
    """The trigger is a word of the vocabulary, and the action's gaps are ones that it fills."""
    from rules.engine import trigger_of

    try:
        trigger_of(rules, part.id)
    except PackError as error:
        raise PackError(part.where, error.reason) from error
    known = placeholders(found.base.trigger)
    try:
        wanted = {name for _, name, _, _ in Formatter().parse(found.base.action) if name is not None}
    except ValueError as error:
        raise PackError(part.where, f"`action`: {error}; write braces around a word only") from error
    for name in sorted(wanted - known):
        may = ", ".join(f"{{{each}}}" for each in sorted(known)) or "none"
        raise PackError(
            part.where,
            f"`action`: {{{name}}} is nothing that {found.base.trigger} fills in; it fills in {may}",
        )


@cache
def placeholders(trigger: str) -> frozenset[str]:
    """What a trigger fills into an action: what the shipped rules of that trigger use."""
    actions = [rule.base.action for rule in _shipped_with(trigger)]
    return frozenset(name for text in actions for _, name, _, _ in Formatter().parse(text) if name)


@cache
def _shipped_with(trigger: str) -> tuple[Rule, ...]:
    plain = RuleSet()
    return tuple(r for r in map(plain.rule, plain.rule_ids) if r.base.trigger == trigger)


def _gaps(part: Part, versions: tuple[Version, ...]) -> None:
    """A rule of a pack has no day between two of its versions on which none stands."""
    for version in versions:
        if version.to is not None and version.to < version.from_:
            raise PackError(part.where, f"`to` = {version.to} lies before `from` = {version.from_}")
    plain = sorted((v for v in versions if v.switch is None), key=lambda v: v.from_)
    for one, other in pairwise(plain):
        if (
            (one.kinds, one.csa) == (other.kinds, other.csa)
            and one.to is not None
            and (other.from_ - one.to).days > 1
        ):
            raise PackError(
                part.where,
                f"no version is in force between {one.to} and {other.from_}; let one begin where the other ends",
            )


def _version(rules: RuleSet, part: Part, found: Rule, version: Version) -> None:
    from rules.engine import trigger_of

    for word in version.recipients:
        _recipient(part.where, word)
    if version.switch is not None:
        _switch(part.where, version.switch)
    below = _below(found, part)
    params = stacked(below, version.params, found.base.tighter)
    build(f"{part.where}: params", params, trigger_of(rules, part.id).params)
    for key, value in version.params.items():
        _value(rules, f"{part.where}: params", key, value, _examples(found.base, key))


def _below(found: Rule, part: Part) -> dict[str, Any]:
    """The newest parameters of the layers below the part's own."""
    below: dict[str, Any] = {}
    for layer, versions in found.layers:
        if layer == part.layer:
            break
        below = stacked(below, versions[-1].params, found.base.tighter)
    return below


def _examples(base: RuleFile, key: str) -> list[Any]:
    """What the shipped rules of the same trigger give for a parameter."""
    return [v.params[key] for r in _shipped_with(base.trigger) for v in r.base.version if key in v.params]


def _value(rules: RuleSet, where: str, key: str, value: Any, shipped: list[Any]) -> None:
    if type(value) is int and not (0 if 0 in shipped else 1) <= value <= MOST:
        raise PackError(where, f"`{key}` = {value} is no number of days or times; write 1 to {MOST}")
    lists = [each for each in shipped if isinstance(each, list)]
    known = set(rules.codes.known)
    if isinstance(value, list) and lists and all(set(map(str, each)) <= known for each in lists):
        for code in value:
            if code not in known:
                raise PackError(
                    where, f"`{key}`: {code!r} is no attendance code; they are {' '.join(sorted(known))}"
                )


def _recipient(where: str, word: str) -> None:
    wrong = fault(word)
    if wrong:
        raise PackError(where, f"`recipients`: {wrong}")


# groups, flags, steps -------------------------------------------------------------------------------------------


def _keys(rules: RuleSet) -> None:
    """Keys are well formed, stand once, and are not those of the shipped tables."""
    from rules import wizard

    groups = table("ontrack", "groups", wizard.GroupsFile)
    steps = table("england", "enquiries", wizard.EnquiriesFile).step
    _unused(
        (*rules.local_groups, *rules.local_flags),
        {g.key for g in groups.group} | {f.key for f in groups.flag},
    )
    _unused(rules.local_steps, {step.key for step in steps})


def _unused(parts: Iterable[Part], shipped: set[str]) -> None:
    seen: dict[str, str] = {}
    for part in parts:
        check_standing(part.layer, part.where, part.content)
        if not KEY.fullmatch(part.id):
            raise PackError(part.where, "`key` is small letters, digits and _, such as young_parent")
        if part.id in shipped:
            raise PackError(part.where, "`key` is one of the shipped ones; give yours another key")
        if part.id in seen:
            raise PackError(
                part.where, f"`key` stands in {seen[part.id]} already; give one of them another key"
            )
        if not part.content.title.strip():
            raise PackError(part.where, "`title` is empty; say what is shown")
        if part.content.to is not None and part.content.to < part.content.from_:
            raise PackError(part.where, f"`to` = {part.content.to} lies before `from` = {part.content.from_}")
        seen[part.id] = part.where


def _group(rules: RuleSet, part: Part) -> None:
    from rules.engine import trigger_of

    group: LocalGroup = part.content
    if part in rules.local_groups and not group.action:
        raise PackError(part.where, "`action` is empty; say what the group asks for, or make it a [[flag]]")
    if group.action and not group.recipients:
        raise PackError(part.where, "`recipients` is empty; say who is told, such as la:statutory")
    for word in group.recipients:
        _recipient(part.where, word)
    if group.action:
        base = rules.rule(GROUPS_RULE).base.version[-1].params
        row = {
            "key": group.key,
            "action": group.action,
            "recipients": group.recipients,
            "causes": group.causes,
        }
        build(part.where, {**base, "groups": [row]}, trigger_of(rules, GROUPS_RULE).params)


# laws not yet commenced -----------------------------------------------------------------------------------------


def _switches(rules: RuleSet) -> None:
    dates: dict[str, Part] = {}
    for part in rules.switched:
        _switch(part.where, part.id)
        other = dates.setdefault(part.id, part)
        if other.content != part.content:
            raise PackError(
                part.where, f"`{part.id}`: {other.where} says {other.content}; keep one of the two dates"
            )


def _switch(where: str, switch: str) -> None:
    known = switches()
    if switch not in known:
        raise PackError(
            where, f"`{switch}` is no law that waits for its date; they are {', '.join(sorted(known))}"
        )


@cache
def switches() -> frozenset[str]:
    """The laws that are not yet commenced and wait for a date, as the shipped packs name them."""
    paths = (path for layer in SHIPPED for path in sorted((ROOT / layer).rglob("*.toml")))
    return frozenset(s for path in paths for s in _found(parse(path.name, path.read_text("utf-8"))))


def _found(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("switch"), str):
            yield value["switch"]
        for inner in value.values():
            yield from _found(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _found(inner)


def is_in_force(part: Part, on: date, commenced: Mapping[str, date]) -> bool:
    """Whether a group, a flag or a step of a pack holds on a day."""
    holds: bool = part.content.holds(on, commenced)
    return holds
