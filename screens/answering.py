"""Asking one question of the wizard and saving its answer, on the revision that was shown."""

from screens.frame import WorkScreen
from screens.widgets.field import Field, Kind
from workbench.desk import cases
from workbench.domain.asking import Asked
from workbench.domain.cases import Answer
from workbench.domain.errors import ConflictError

WHY = "What do you rely on? It stands beside the answer, under your name. Esc leaves it for later."


async def ask_value(screen: WorkScreen, case: str, question: Asked, answer: Answer | None) -> str | None:
    """Ask one question in a dialog: a choice from a list, a day or a text typed; None where it was left.

    Args:
        screen: where it is asked.
        case: the case's id; what is typed and left is kept under it.
        question: the question.
        answer: what stands so far.
    """
    old = answer.value if answer is not None else ""
    if question.choices:
        options = [(c.key, f"{c.text}   {c.hint}" if c.hint else c.text) for c in question.choices]
        return await screen.choose(question.text, options, question.policy, at=old)
    kind: Kind = "date" if question.kind == "date" else "note"
    field = Field("value", "Answer", kind, old, required=True, hint=question.hint)
    given = await screen.fill(question.text, [field], question.policy, draft=f"{case} {question.key}")
    return given["value"] if given else None


async def save_answer(
    screen: WorkScreen,
    case: str,
    question: Asked,
    value: str,
    note: str,
    old: Answer | None,
    names: dict[str, str],
) -> Answer | None:
    """Write an answer. If somebody else answered first, both versions are shown and the person decides.

    Args:
        screen: where it is asked.
        case: the case's id.
        question: the question.
        value: the answer.
        note: what it relies on.
        old: the answer that was shown; None where there was none.
        names: user to name.

    Returns:
        The answer as it is stored; None where the other one was kept.
    """
    try:
        return cases.answer(
            screen.desk, case, question.key, value, note=note, rev=old.rev if old is not None else 0
        )
    except ConflictError as error:
        theirs = error.theirs
        said = f"{theirs.get('value', '')} {theirs.get('note', '')}".strip()
        user = str(theirs.get("by", "somebody"))
        options = [
            ("theirs", f"keep what {names.get(user, user)} wrote: {said}"),
            ("yours", f"write yours: {value} {note}".rstrip()),
        ]
    chosen = await screen.choose("Somebody else answered this meanwhile", options, question.text)
    if chosen != "yours":
        return None
    return cases.answer(screen.desk, case, question.key, value, note=note, rev=int(theirs.get("rev", 0)))
