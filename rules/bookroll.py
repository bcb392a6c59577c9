"""The roll's part of the rule book: codes of all eras, grounds of both Regulations, gates."""

from collections.abc import Iterable, Iterator

from rules.bookentry import Edition, Entry, edition_of, text_of
from rules.codes import Era
from rules.duty import Certainty
from rules.gates import GateFile, GatesFile
from rules.grounds import ConditionFile, GroundFile, GroundsVersion, old_grounds
from rules.packs import RuleSet

# codes ----------------------------------------------------------------------------------------------------------


def codes_entries(eras: Iterable[Era]) -> Iterator[Entry]:
    """A code with its class of each era, and what has to be written beside it."""
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
                edition_of(
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


def grounds_entries(versions: Iterable[GroundsVersion]) -> Iterator[Entry]:
    """A ground with its conditions."""
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
    return edition_of(
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


def old_grounds_entries(rules: RuleSet) -> Iterator[Entry]:
    """The grounds of 2006, each with its letters of today."""
    table = old_grounds(rules)
    for row in table.row:
        now = ", ".join(f"roll.ground.{letter}" for letter in row.now) or "no ground of today"
        edition = edition_of(
            "england",
            table,
            certainty=row.certainty,
            values=(("today", now),),
            notes=(row.note,) if row.note else (),
        )
        yield Entry(
            id=f"roll.ground-2006.{row.letter}", kind="ground", title=row.subject, editions=(edition,)
        )


def gates_entries(rules: RuleSet) -> Iterator[Entry]:
    """A gate, with the laws not yet in force that widen it."""
    found: dict[str, list[Edition]] = {}
    titles: dict[str, str] = {}
    for version in rules.table("gates", GatesFile).version:
        for gate in version.gate:
            titles[gate.id] = gate.title
            found.setdefault(gate.id, []).append(
                edition_of(
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
                    edition_of(
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
