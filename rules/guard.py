"""A guard for a test: rules and values that lack their source, their dates or an example."""

from collections.abc import Iterator, Sequence
from typing import Any

from rules.book import entries
from rules.engine import trigger_of
from rules.errors import RulesError
from rules.example_file import Source, read
from rules.examples import shipped_files
from rules.grounds import GroundsFile
from rules.mutants import survivors, table_survivors
from rules.packs import ROOT, SHIPPED, RuleSet, build, parse
from rules.proof import in_eras, of_era, proofs
from rules.rulefile import Rule

_CHECKED = frozenset({"verified", "second-hand"})
"""Certainties that somebody must have compared with a source on a day."""
ELSEWHERE = {
    "absence.ten-day-return: from 2006-09-01 `warn_from`": "a warning ahead is no duty; tests/rules/test_engine.py",
    "absence.ten-day-return: from 2024-08-19 `warn_from`": "a warning ahead is no duty; tests/rules/test_engine.py",
    "gate.authorisation": "an example cannot say who authorised; tests/workbench/test_desk_removals.py",
    "roll.ground-2006.": "nothing is judged by them; tests/rules/test_grounds.py",
    "year.days": "a remark about the calendar, no duty; tests/workbench/test_desk_calendars.py",
}
"""What examples cannot show, each with why and where it is shown."""


def offenders(rules: RuleSet) -> list[str]:
    """What is wrong in the shipped packs, a line each; empty where all is well."""
    sources = [s for path in shipped_files() for s in read(path.name, path.read_text(encoding="utf-8"))]
    return [*_values(), *_rules(rules), *_without_example(rules, sources)]


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


def _without_example(rules: RuleSet, sources: Sequence[Source]) -> Iterator[str]:
    """Rules that no example expects or that none says `never` of; rows of tables and numbers that none proves."""
    expected: set[str | None] = set()
    denied: set[str | None] = set()
    for source in sources:
        rows = source.example.expect
        expected.update(row.rule for row in rows)
        denied.update(source.example.never)
        denied.update(row.rule for row in rows if row.state in ("done", "overdue"))
    for rule_id in rules.rule_ids:
        if rule_id not in expected:
            yield f"{rule_id}: no example expects it"
        if rule_id not in denied:
            yield f"{rule_id}: no example shows where it ends"
    yield from _unproven(rules, sources)
    numbers = (*survivors(rules, sources), *table_survivors(rules, sources))
    yield from (line for line in numbers if not any(line.startswith(each) for each in ELSEWHERE))


def _unproven(rules: RuleSet, sources: Sequence[Source]) -> Iterator[str]:
    """Entries of the book, codes of an era and conditions of a ground that no example names."""
    book = entries(rules)
    proven = in_eras(proofs(sources), sources, book)
    for entry in book:
        wanted = [entry.id] if entry.kind != "rule" else []
        if entry.kind == "code":
            wanted = [of_era(entry.id.partition(".")[2], edition.since) for edition in entry.editions]
        wanted += _conditions(rules).get(entry.id, [])
        for own_id in wanted:
            if own_id not in proven and not any(own_id.startswith(each) for each in ELSEWHERE):
                yield f"{own_id}: no example proves it"


def _conditions(rules: RuleSet) -> dict[str, list[str]]:
    """Ground to its conditions, as proofs call them; a sole condition is proven with its ground."""
    found: dict[str, list[str]] = {}
    for version in rules.table("grounds", GroundsFile).version:
        for ground in version.ground:
            own_id = f"roll.ground.{ground.letter}"
            found.setdefault(own_id, []).extend(f"{own_id}#{condition.key}" for condition in ground.condition)
    return found
