"""A removal's gates in words: rows of the list, what stands behind one, which stand open. Pure."""

from collections.abc import Sequence

from screens.text import Col, count, day_words, layout, stamp_words
from screens.widgets.lines import Row
from workbench.desk.removals import RemovalView
from workbench.domain.removals import Condition, Gate

SIGNS = {"met": "●", "open": "○", "overridden": "◐", "does-not-apply": "–"}
STATES = {"met": "met", "open": "open", "overridden": "overridden", "does-not-apply": "does not apply"}


def gate_rows(view: RemovalView, names: dict[str, str], width: int) -> list[Row]:
    """One line a gate, and one a condition of it; a gate's conditions stand under it."""
    columns = (Col("", width * 3 // 5), Col("", 10, grow=1))
    rows: list[Row] = []
    for gate in view.gates:
        cells = (gate.title, state_words(gate, view, names))
        rows.append(Row(gate.id, (layout(cells, columns, width),), SIGNS[gate.state]))
        for each in gate.conditions:
            sign = "●" if each.met else "○"
            rows.append(Row(f"{gate.id}:{each.key}", (f"  {sign} {condition_words(each)}",)))
    return rows


def state_words(gate: Gate, view: RemovalView, names: dict[str, str]) -> str:
    """`policy · open: asked 17 Nov, no answer yet`."""
    detail = _detail(gate, view, names)
    return f"{gate.standing} · {STATES[gate.state]}{': ' + detail if detail else ''}"


def _detail(gate: Gate, view: RemovalView, names: dict[str, str]) -> str:
    """Who or what made the gate what it is, where a person did."""
    removal = view.removal
    override = next((each for each in removal.overrides if each.gate == gate.id), None)
    if gate.state == "overridden" and override is not None:
        return f"{names.get(override.by, override.by)}, {override.reason}"
    answers = [each for each in removal.confirmations if each.gate == gate.id]
    if answers:
        last = answers[-1]
        return f"{last.answer} from {last.from_name}, {last.reference}"
    if gate.id == "authorisation" and removal.authorisation is not None:
        who = names.get(removal.authorisation.by, removal.authorisation.by)
        return f"{who} {stamp_words(removal.authorisation.at)}"
    return ""


def condition_words(each: Condition) -> str:
    """`the parent's letter says home education   since Mon 16 Nov`."""
    since = f"   since {day_words(each.met_on)}" if each.met and each.met_on else ""
    return f"{each.text}{since}"


def gate_lines(view: RemovalView, gate: Gate, condition: Condition | None, whole: bool = False) -> list[str]:
    """What a gate stands on: why it is as it is, the sources' own words, standing and certainty.

    Args:
        view: the removal.
        gate: the gate.
        condition: the condition under the cursor, told about instead of the gate.
        whole: every condition as well, for reading in full.
    """
    if condition is not None:
        met = "holds" if condition.met else "does not hold yet"
        return [
            f"{condition.text}: {met}. {condition.why}",
            f"Certainty: {condition.certainty}.",
            *_source(view, gate),
        ]
    lines = [f"{STATES[gate.state].capitalize()}. {gate.why}", *_source(view, gate)]
    if whole:
        lines += ["", *(line for each in gate.conditions for line in gate_lines(view, gate, each)[:2])]
    return lines


def _source(view: RemovalView, gate: Gate) -> list[str]:
    """The source's words; for a policy gate the law's beside them, since law can require what policy holds back."""
    own = _cited(gate)
    if gate.standing not in ("policy", "local"):
        return [f"{gate.standing.capitalize()}: {own} It cannot be overridden."]
    law = next((_cited(other) for other in view.gates if other.id == "conditions"), "")
    says = f"Law: {law}" if law else ""
    return [f"Policy: {own} A leader may go on without it and must say why.", *([says] if says else [])]


def _cited(gate: Gate) -> str:
    quote = f": “{gate.citation.quote}”" if gate.citation.quote else ""
    return f"{gate.citation.text}{quote} ({gate.certainty})."


def below_words(keys: Sequence[str], gates: Sequence[Gate]) -> str:
    """`4 more lines below, 2 open gates among them · behind it`: what has no room; empty where all is seen.

    Args:
        keys: the rows under the last one that is seen.
        gates: all gates.
    """
    if not keys:
        return ""
    hidden = sum(gate.id in keys and gate.state == "open" for gate in gates)
    said = f", {count(hidden, 'open gate')} among them" if hidden else ""
    return f"{count(len(keys), 'more line')} below{said} · behind it"


def open_words(view: RemovalView, gates: Sequence[str]) -> list[str]:
    """The open gates with why each is open."""
    found = {gate.id: gate for gate in view.gates}
    return [f"○ {found[name].title}: {found[name].why}" if name in found else f"○ {name}" for name in gates]
