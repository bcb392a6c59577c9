"""Numbers that no example proves: a number is proven if some example fails once it is one more or one less."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from rules.age import AgeFile
from rules.errors import RulesError
from rules.example_file import Source
from rules.examples import run
from rules.grounds import GroundsFile
from rules.packs import RuleSet
from rules.rulefile import Rule, Version

T = TypeVar("T")


def survivors(rules: RuleSet, sources: Iterable[Source], only: Iterable[str] | None = None) -> Iterator[str]:
    """Numbers of duty rules that could be others without any example noticing, a line each.

    Args:
        rules: the rules.
        sources: the examples; each is asked for the rules that it names.
        only: ids of the rules to try; all unless given.
    """
    naming: dict[str, list[Source]] = {}
    for source in sources:
        for rule_id in _named(source):
            naming.setdefault(rule_id, []).append(source)
    for rule_id in rules.rule_ids if only is None else only:
        for words, mutant in mutants(rules.rule(rule_id)):
            if not _noticed(rules, mutant, naming.get(rule_id, ())):
                yield f"{rule_id}: {words} and no example notices"


def _named(source: Source) -> set[str]:
    example = source.example
    named = {row.rule for row in example.expect if row.rule} | set(example.never)
    return named | ({example.deadline.of} if example.deadline else set())


def _noticed(rules: RuleSet, mutant: Rule, sources: Iterable[Source]) -> bool:
    changed = RuleSet(rules.packs)
    changed._rules[mutant.id] = mutant
    return any(_fails(source, changed) for source in sources)


def _fails(source: Source, rules: RuleSet) -> bool:
    try:
        return not run(source, rules).ok
    except RulesError:
        return True


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The rule with one of its numbers changed, again and again; none becomes less than one, which no rule has."""
    for at, (layer, versions) in enumerate(rule.layers):
        for number, version in enumerate(versions):
            for words, other in _changed(version):
                inner = (*versions[:number], other, *versions[number + 1 :])
                layers = (*rule.layers[:at], (layer, inner), *rule.layers[at + 1 :])
                yield f"from {version.from_} {words}", replace(rule, layers=layers)


def _changed(version: Version) -> Iterator[tuple[str, Version]]:
    for key, value in version.params.items():
        for other in (value + 1, value - 1) if type(value) is int else ():
            if other > 0:
                words = f"`{key}` could be {other} in place of {value}"
                yield words, replace(version, params={**version.params, key: other})


# grounds and age ------------------------------------------------------------------------------------------------


class _Changed(RuleSet):
    """The rules with one table changed."""

    def __init__(self, name: str, content: Struct) -> None:
        super().__init__()
        self._name, self._content = name, content

    def table(self, name: str, type_: type[T], layer: str = "england") -> T:
        """The changed table, or a shipped one."""
        if name == self._name and isinstance(self._content, type_):
            return self._content
        return super().table(name, type_, layer)


def table_survivors(rules: RuleSet, sources: Iterable[Source]) -> Iterator[str]:
    """Numbers of the grounds' conditions and of compulsory school age that no example notices, a line each."""
    every = list(sources)
    for words, changed in (*_grounds(rules), *_age(rules)):
        if not any(
            _fails(source, changed)
            for source in every
            if source.example.ground or source.example.compulsory_age
        ):
            yield f"{words} and no example notices"


def _near(row: Struct, names: Iterable[str]) -> Iterator[tuple[str, Struct]]:
    """A row with one of its numbers one more or less, again and again; 0 stands for no number."""
    for name in names:
        value = getattr(row, name)
        for other in (value + 1, value - 1) if value else ():
            yield f"`{name}` could be {other} in place of {value}", replace(row, **{name: other})


def _grounds(rules: RuleSet) -> Iterator[tuple[str, RuleSet]]:
    file = rules.table("grounds", GroundsFile)
    for version in file.version:
        for ground in version.ground:
            for condition in ground.condition:
                for words, other in _near(condition, ("days", "months")):
                    inner = replace(ground, condition=_swap(ground.condition, condition, other))
                    outer = replace(version, ground=_swap(version.ground, ground, inner))
                    made = replace(file, version=_swap(file.version, version, outer))
                    yield f"roll.ground.{ground.letter}#{condition.key}: {words}", _Changed("grounds", made)


def _age(rules: RuleSet) -> Iterator[tuple[str, RuleSet]]:
    file = rules.table("age", AgeFile)
    for version in file.version:
        for words, other in _near(version, ("begins_at", "ends_at", "leaving_month", "leaving_weekday")):
            made = replace(file, version=_swap(file.version, version, other))
            yield f"age.compulsory: {words}", _Changed("age", made)


def _swap(rows: tuple[Any, ...], was: Struct, now: Struct) -> tuple[Any, ...]:
    return tuple(now if row is was else row for row in rows)
