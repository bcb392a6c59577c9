"""A guard for a test: rules and values that lack their source, their dates or an example."""

from collections.abc import Iterator
from typing import Any

from rules.engine import trigger_of
from rules.errors import RulesError
from rules.example_file import read
from rules.examples import shipped_files
from rules.packs import ROOT, SHIPPED, RuleSet, build, parse
from rules.rulefile import Rule

_CHECKED = frozenset({"verified", "second-hand"})
"""Certainties that somebody must have compared with a source on a day."""


def offenders(rules: RuleSet) -> list[str]:
    """What is wrong in the shipped packs, a line each; empty where all is well."""
    return [*_values(), *_rules(rules), *_without_example(rules)]


def _values() -> Iterator[str]:
    """Dated values in any shipped file without citation, quoted words or the day they were checked."""
    for layer in SHIPPED:
        for path in sorted((ROOT / layer).rglob("*.toml")):
            where = str(path.relative_to(ROOT.parent))
            doc = parse(where, path.read_text(encoding="utf-8"))
            dated = list(_dated(doc))
            if not dated:
                yield f"{where}: no value says from when it is in force"
            for value in dated:
                yield from (f"{where}: {fault}" for fault in _faults(value))


def _dated(part: Any) -> Iterator[dict[str, Any]]:
    """Every table that has a `from`, at any depth."""
    if isinstance(part, dict):
        if "from" in part:
            yield part
        for value in part.values():
            yield from _dated(value)
    elif isinstance(part, list):
        for value in part:
            yield from _dated(value)


def _faults(value: dict[str, Any]) -> Iterator[str]:
    since = value["from"]
    rows = [row for part in value.values() if isinstance(part, list) for row in part if isinstance(row, dict)]
    for key in ("law", "quote", "standing", "certainty"):
        by_row = key == "certainty" and any(key in row for row in rows)
        if not value.get(key) and not by_row:
            yield f"the value from {since} has no `{key}`"
    if value.get("certainty") in _CHECKED and "checked" not in value:
        yield f"the value from {since} is {value['certainty']} but has no `checked`"
    if "to" in value and value["to"] < since:
        yield f"the value from {since} ends before it begins"


def _rules(rules: RuleSet) -> Iterator[str]:
    """Rules that cannot be read, or whose parameters are not what their trigger reads."""
    for rule_id in rules.rule_ids:
        try:
            trigger = trigger_of(rules, rule_id)
            for params in _stacks(rules.rule(rule_id)):
                build(f"rule {rule_id}: params", params, trigger.params)
        except RulesError as error:
            yield str(error)


def _stacks(rule: Rule) -> Iterator[dict[str, Any]]:
    """The parameters of each version on top of the first layer's last ones."""
    base = dict(rule.base.version[-1].params)
    for _, versions in rule.layers:
        for version in versions:
            yield {**base, **version.params}


def _without_example(rules: RuleSet) -> Iterator[str]:
    """Rules that no shipped example expects, or that none says `never` of."""
    expected: set[str | None] = set()
    denied: set[str] = set()
    for path in shipped_files():
        for source in read(path.name, path.read_text(encoding="utf-8")):
            expected.update(row.rule for row in source.example.expect)
            denied.update(source.example.never)
            denied.update(row.rule for row in source.example.expect if row.rule and row.state == "done")
            denied.update(row.rule for row in source.example.expect if row.rule and row.state == "overdue")
    for rule_id in rules.rule_ids:
        if rule_id not in expected:
            yield f"{rule_id}: no example expects it"
        if rule_id not in denied:
            yield f"{rule_id}: no example shows where it ends"
