"""The rules for whoever reads them: listed, shown with their sources, and checked by examples. Needs no account; a data
folder only where its own packs and examples shall count."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from rules.book import Edition, Entry, entries, text_of
from rules.errors import RulesError
from rules.example_file import Source, read
from rules.examples import Result, run_texts, shipped_files
from rules.packs import RuleSet, load
from rules.proof import proofs
from rules.words import filled, number_words
from workbench.desk.files import read_input
from workbench.desk.localrules import read_examples, rules_in
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError

WIDTH = 80
SHOWN_EXAMPLES = 12
"""More examples than these are counted, not named, in the words of one entry."""
_BLANKS = re.compile(r"\{(\w+)\}")


class RuleRow(Struct, frozen=True, kw_only=True):
    """An entry of the rule book in a list, as it stands on a day."""

    id: str
    kind: str
    title: str
    in_force: bool
    standing: str
    certainty: str
    since: date
    to: date | None
    switch: str | None
    """The law that has to be commenced first; None where none has."""
    layer: str
    layers: list[str]
    """All layers that say something to it, first layer first."""
    source: str
    link: str
    checked: date | None
    owner: str


class ExampleResult(Struct, frozen=True, kw_only=True):
    """One example with what is printed of it."""

    id: str
    file: str
    ok: bool
    lines: list[str]


class Checked(Struct, frozen=True, kw_only=True):
    """A run of examples."""

    results: list[ExampleResult]
    passed: int
    failed: int
    refused: str = ""
    """Why the packs of the folder are refused; empty where they are not."""


def rules_for(folder: Path | None) -> RuleSet:
    """The shipped rules, with the packs of a data folder on top where there is one.

    Raises:
        InvalidError: if a pack is refused.
    """
    return load() if folder is None else rules_in(folder)


def examples_for(folder: Path | None) -> list[tuple[str, str]]:
    """Name and text of the example files of a data folder; none where there is no folder.

    Raises:
        InvalidError: if one cannot be read.
    """
    return read_examples(folder) if folder else []


# the list -------------------------------------------------------------------------------------------------------


def rules(on: date, loaded: RuleSet | None = None) -> list[RuleRow]:
    """Every entry of the book as it stands on a day: duty rules, codes, grounds, gates, age, enquiries, groups.

    Args:
        on: the day; an entry that is not in force then is listed as it stood last, or as it will first stand.
        loaded: the rules; as shipped unless given.
    """
    asked = loaded or load()
    return [_row(entry, on, asked.commenced) for entry in entries(asked)]


def _row(entry: Entry, on: date, commenced: Mapping[str, date]) -> RuleRow:
    held = entry.standing_on(on, commenced)
    first = held[0] if held else _nearest(entry, on)
    return RuleRow(
        id=entry.id,
        kind=entry.kind,
        title=_title(first) or entry.title,
        in_force=bool(held),
        standing=first.standing,
        certainty=first.certainty,
        since=first.since,
        to=first.to,
        switch=first.switch,
        layer=first.layer,
        layers=list(dict.fromkeys(edition.layer for edition in held or entry.editions)),
        source=first.law,
        link=first.link,
        checked=first.checked,
        owner=entry.owner,
    )


def _nearest(entry: Entry, on: date) -> Edition:
    past = [edition for edition in entry.editions if edition.since <= on]
    return past[-1] if past else entry.editions[0]


def _title(edition: Edition) -> str:
    """A code's title of its own era."""
    return dict(edition.values).get("title", "")


def waiting(on: date, loaded: RuleSet | None = None) -> dict[str, list[str]]:
    """The laws that are not commenced by a day, each with the entries of the book that it will change."""
    asked = loaded or load()
    found: dict[str, list[str]] = {}
    for entry in entries(asked):
        for edition in entry.editions:
            if edition.switch is not None and not edition.holds(on, asked.commenced):
                found.setdefault(edition.switch, []).append(entry.id)
    return {switch: list(dict.fromkeys(ids)) for switch, ids in found.items()}


def row_words(row: RuleRow) -> list[str]:
    """An entry of the list in at most 80 columns: what it is, then how it stands and where it comes from."""
    state = (
        f"{row.standing}, {row.certainty}, {_time(row.since, row.to, row.switch)}, {' + '.join(row.layers)}"
    )
    return [*wrapped(f"{row.id}  {row.title}", "    "), *wrapped(f"  {state}: {row.source}", "    ")]


def _time(since: date, to: date | None, switch: str | None) -> str:
    if switch is not None:
        return f"once {switch} is commenced"
    return f"{since} to {to}" if to else f"from {since}"


def wrapped(text: str, inner: str) -> list[str]:
    """A text in lines of at most 80 columns; `inner` stands before all but the first."""
    return textwrap.wrap(text, WIDTH, subsequent_indent=inner, break_on_hyphens=False)


# one entry ------------------------------------------------------------------------------------------------------


def rule(
    own_id: str, loaded: RuleSet | None = None, examples: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    """One entry whole: what it asks, every version of every layer with its source, and the examples that prove it.

    Args:
        own_id: such as `absence.ten-day-return`, `code.N`, `roll.ground.I`, `gate.la-consent`, `group.grt`.
        loaded: the rules; as shipped unless given.
        examples: name and text of example files that count beside those that ship.

    Raises:
        NotFoundError: if the book has no such entry.
    """
    every = entries(loaded or load())
    found = next((entry for entry in every if entry.id.casefold() == own_id.casefold()), None)
    if found is None:
        changed = next((e.id for e in every for edition in e.editions if edition.switch == own_id), None)
        if changed is not None:
            raise NotFoundError(
                f"{harmless(own_id)} is no rule but a law that waits for its date.",
                todo=f"`workbench rules show {changed}` shows what it changes.",
            )
        raise NotFoundError(
            f"There is no rule {harmless(own_id)}.", todo="`workbench rules list` shows them."
        )
    built: dict[str, Any] = msgspec.to_builtins(found)
    versions = [{**edition, "values": dict(edition["values"])} for edition in built.pop("editions")]
    return {**built, "versions": versions, "examples": list(proofs(_sources(examples)).get(found.id, ()))}


def _sources(examples: Sequence[tuple[str, str]]) -> list[Source]:
    try:
        return [source for name, text in (*_shipped(), *examples) for source in read(name, text)]
    except RulesError as error:
        raise InvalidError(str(error)) from error


def _shipped() -> list[tuple[str, str]]:
    return [(path.name, path.read_text("utf-8")) for path in shipped_files()]


def words(value: dict[str, Any]) -> list[str]:
    """An entry as a reader wants it, in at most 80 columns: what it asks, then each version with its source beside its
    values, then what proves it."""
    lines = wrapped(f"{value['id']}: {value['title']}", "  ")
    lines += wrapped(f"  {_action(value)}", "  ") if value["action"] else []
    lines += wrapped(f"  Ends when {value['ends']}.", "  ") if value["ends"] else []
    for version in value["versions"]:
        lines += ["", *_version(version)]
    examples = value["examples"]
    more = f" and {len(examples) - SHOWN_EXAMPLES} more" if len(examples) > SHOWN_EXAMPLES else ""
    shown = ", ".join(examples[:SHOWN_EXAMPLES]) + more if examples else "none"
    return [*lines, "", *wrapped(f"  Proven by: {shown}", "    ")]


def _action(value: dict[str, Any]) -> str:
    """What must happen, with the numbers of the version that stands; what each case gives, as `[day]`."""
    said = {key: f"[{key}]" for key in _BLANKS.findall(value["action"])}
    for version in value["versions"]:
        if version["switch"] is None:
            said |= {key: _number(key, version["values"][key]) for key in said if key in version["values"]}
    return filled(value["action"], said)


def _number(key: str, inner: object) -> str:
    """A number as duties write it: days in words, others in figures; anything else is given by each case."""
    if not str(inner).isdecimal():
        return f"[{key}]"
    return number_words(int(str(inner))) if key == "days" else str(inner)


def _version(version: dict[str, Any]) -> list[str]:
    time = _time(version["since"], version["to"], version["switch"])
    lines = [
        *wrapped(f"  {version['layer']}, {time}: {version['standing']}, {version['certainty']}", "    "),
        *wrapped(f"    {version['law']}", "      "),
        *wrapped(f"    \u201c{version['quote']}\u201d", "      "),
    ]
    lines += [f"    {version['link']}"] if version["link"] else []
    lines.append(f"    checked {version['checked'] or 'never: from memory only'}")
    for key, inner in version["values"].items():
        lines += wrapped(f"    {key}: {text_of(inner)}", "      ")
    for note in version["notes"]:
        lines += wrapped(f"    Note: {note}", "      ")
    return lines


# examples -------------------------------------------------------------------------------------------------------


def check(names: Sequence[str] = (), folder: Path | None = None) -> Checked:
    """Run the examples of files, or those that ship with the rules and those of a data folder.

    The shipped ones are asked of the shipped rules; all others of these with the folder's packs on top.

    Raises:
        InvalidError: if an example file cannot be read; it names file, example and key.
    """
    local, refused = _packs(folder)
    texts = [(name, _text(name)) for name in names]
    results = [] if names else _run(_shipped(), load())
    if local is not None:
        results += _run(texts or examples_for(folder), local)
    rows = [_result(result) for result in results]
    failed = sum(not row.ok for row in rows)
    return Checked(results=rows, passed=len(rows) - failed, failed=failed, refused=refused)


def _packs(folder: Path | None) -> tuple[RuleSet | None, str]:
    try:
        return rules_for(folder), ""
    except InvalidError as error:
        return None, error.what


def _run(texts: Sequence[tuple[str, str]], asked: RuleSet) -> list[Result]:
    try:
        return run_texts(texts, asked)
    except RulesError as error:
        raise InvalidError(str(error), kept="No example was run.") from error


def _text(name: str) -> str:
    try:
        return read_input(name).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidError(f"{harmless(name, 200)} is not UTF-8 text.", todo="Save it as UTF-8.") from None


def _result(result: Result) -> ExampleResult:
    return ExampleResult(id=result.id, file=result.file, ok=result.ok, lines=result.lines())
