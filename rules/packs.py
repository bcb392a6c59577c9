"""The packs: England's law and guidance, then On Track's policy, then another trust's, the authority's, the school's.

Everything is read lazily and strictly: a file is parsed when its rule or table is first asked for, an unknown
or duplicate key is an error that names file and key. A later layer may only tighten or add.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from rules import tomltext
from rules.codes import CodesFile, CodeTable
from rules.errors import PackError
from rules.local import GROUPS_RULE, STEPS_RULE, Part, as_extension, read
from rules.plainly import plainly
from rules.rulefile import Extension, Question, Resolved, Rule, RuleFile, assemble

ROOT = Path(__file__).parent
SHIPPED = ("england", "ontrack")
"""The layers that ship with the workbench, in order."""
LATER = ("trust", "la", "school")
"""The layers that come to it as text, in order."""
LAYERS = (*SHIPPED, *LATER)
"""All layers, the first first."""
DUTIES = "duties"

T = TypeVar("T")


class Pack(Struct, frozen=True, kw_only=True):
    """A pack of a later layer, as text."""

    name: str
    """What errors call it, such as a file name."""
    layer: str
    """`trust`, `la` or `school`."""
    text: str


def parse(where: str, text: str) -> dict[str, Any]:
    """A TOML document; duplicate keys are refused.

    Raises:
        PackError: if the text is not TOML, or not such as a pack is.
    """
    try:
        return tomltext.read(text)
    except tomltext.TomlError as error:
        raise PackError(where, str(error)) from error


def build(where: str, doc: object, type_: type[T]) -> T:
    """A parsed document as a record.

    Raises:
        PackError: naming the file, the key and its place, if a key is unknown, missing or of another type.
    """
    try:
        return msgspec.convert(doc, type_)
    except msgspec.ValidationError as error:
        raise PackError(where, plainly(str(error))) from error


def shipped(layer: str, name: str) -> str | None:
    """The text of a shipped file `rules/LAYER/NAME.toml`, or None if there is no such file."""
    path = ROOT / layer / f"{name}.toml"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


_tables: dict[tuple[str, str, type], Any] = {}
"""Shipped tables that were read before; they do not change while the program runs."""


def table(layer: str, name: str, type_: type[T]) -> T:
    """A shipped table as a record, read once.

    Args:
        layer: `england` or `ontrack`.
        name: the file's name without `.toml`.
        type_: a Struct with `forbid_unknown_fields=True`, so that unknown keys are refused.

    Raises:
        PackError: if there is no such file or it is wrong; names file and key.
    """
    key = (layer, name, type_)
    if key not in _tables:
        where = f"rules/{layer}/{name}.toml"
        text = shipped(layer, name)
        if text is None:
            raise PackError(where, "there is no such file")
        _tables[key] = build(where, parse(where, text), type_)
    found: T = _tables[key]
    return found


class RuleSet:
    """The rules of all layers.

    Args:
        packs: packs of later layers; the layers are put in their order, packs of one layer stay in that given.

    Raises:
        PackError: if a pack cannot be read, or asks for what the rules do not know.
        LoosenedError: if a pack asks less than an earlier layer.
    """

    def __init__(self, packs: Iterable[Pack] = ()) -> None:
        self.packs = tuple(sorted(packs, key=_order))
        """The packs of later layers, in order."""
        locals_ = [read(pack.name, pack.layer, parse(pack.name, pack.text)) for pack in self.packs]
        self.local_rules = tuple(part for each in locals_ for part in each.rules)
        """The `[[rule]]` tables of the packs."""
        self.local_groups = tuple(part for each in locals_ for part in each.groups)
        self.local_flags = tuple(part for each in locals_ for part in each.flags)
        self.local_steps = tuple(part for each in locals_ for part in each.steps)
        self.switched = tuple(part for each in locals_ for part in each.commenced)
        """Laws that the packs switch on."""
        self._rules: dict[str, Rule] = {}
        self._resolved: dict[tuple[str, Question], Resolved | None] = {}
        if self.packs:
            from rules.local_checks import check  # it asks the triggers, which read packs themselves

            check(self)

    @property
    def commenced(self) -> dict[str, date]:
        """From when laws that are not yet commenced are in force, by switch, as the packs say."""
        return {part.id: part.content for part in self.switched}

    @cached_property
    def codes(self) -> CodeTable:
        """The attendance codes of all eras."""
        return CodeTable(table("england", "codes", CodesFile).era)

    def table(self, name: str, type_: type[T], layer: str = "england") -> T:
        """A shipped table as a record; see `rules.packs.table`."""
        return table(layer, name, type_)

    @cached_property
    def rule_ids(self) -> tuple[str, ...]:
        """The ids of all rules that make duties, in alphabetical order."""
        names = {path.stem for layer in SHIPPED for path in (ROOT / layer / DUTIES).glob("*.toml")}
        return tuple(sorted(names | {part.id for part in self.local_rules}))

    def rule(self, rule_id: str) -> Rule:
        """A rule with the versions of all layers.

        Raises:
            PackError: if no pack has it, or a pack is wrong.
            LoosenedError: if a later layer asks less than an earlier one.
        """
        found = self._rules.get(rule_id)
        if found is None:
            found = self._rules[rule_id] = assemble(rule_id, self._files(rule_id))
        return found

    def _files(self, rule_id: str) -> list[tuple[str, str, RuleFile | Extension]]:
        files: list[tuple[str, str, RuleFile | Extension]] = []
        for layer in SHIPPED:
            text = shipped(layer, f"{DUTIES}/{rule_id}")
            if text is not None:
                where = f"rules/{layer}/{DUTIES}/{rule_id}.toml"
                files.append((layer, where, _content(where, parse(where, text), later=bool(files))))
        for part in self.local_rules:
            if part.id == rule_id:
                files.append((part.layer, part.where, _content(part.where, part.content, later=bool(files))))
        files += [(part.layer, part.where, as_extension(part)) for part in self._added(rule_id)]
        return sorted(files, key=lambda each: LAYERS.index(each[0]))

    def _added(self, rule_id: str) -> Iterable[Part]:
        """The groups or steps of the packs that a rule asks for."""
        if rule_id == GROUPS_RULE:
            return (part for part in (*self.local_groups, *self.local_flags) if part.content.action)
        if rule_id == STEPS_RULE:
            return (part for part in self.local_steps if part.content.by == "school")
        return ()

    def resolve(self, rule_id: str, question: Question) -> Resolved | None:
        """What a rule asks on a day of one kind of school and pupil; None where it does not apply to them.

        Raises:
            NoValueInForce: if the rule applies but no version of it is in force on that day.
        """
        key = (rule_id, question)
        if key not in self._resolved:
            self._resolved[key] = self.rule(rule_id).resolve(question)
        return self._resolved[key]


def _content(where: str, doc: object, *, later: bool) -> RuleFile | Extension:
    """A rule's file: the first that has the rule describes it whole, later ones add versions."""
    if later and isinstance(doc, dict) and "trigger" in doc:
        raise PackError(
            where,
            "there is a rule with this id; choose another `id`, or only add [[rule.version]] to tighten it",
        )
    return build(where, doc, Extension) if later else build(where, doc, RuleFile)


def _order(pack: Pack) -> int:
    if pack.layer not in LATER:
        raise PackError(pack.name, f"the layer is {', '.join(LATER)}, not {pack.layer!r}")
    return LATER.index(pack.layer)


@lru_cache(maxsize=1)
def _shipped_rules() -> RuleSet:
    return RuleSet()


def load(packs: Iterable[Pack] = ()) -> RuleSet:
    """The rules as shipped, with the packs of later layers on top; the shipped ones are kept between calls.

    Raises:
        PackError: if a pack cannot be read.
        LoosenedError: if a pack asks less than an earlier layer.
    """
    extra = tuple(packs)
    return RuleSet(extra) if extra else _shipped_rules()
