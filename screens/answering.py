"""Asking one question of the wizard and saving its answer, on the revision that was shown."""

from collections.abc import Sequence

from screens.conflict import Version, Work, edit, settled, waiting
from screens.frame import WorkScreen
from screens.widgets.field import Field, Kind
from workbench.desk import cases
from workbench.domain.asking import Asked
from workbench.domain.cases import Answer

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
    screen: WorkScreen, case: str, question: Asked, value: str, note: str, old: Answer | None
) -> Answer | None:
    """Write an answer on the revision that was shown. If somebody else answered first, both versions are shown and
    the person decides.

    Args:
        screen: where it is asked.
        case: the case's id.
        question: the question.
        value: the answer.
        note: what it relies on.
        old: the answer that was shown; None where there was none.

    Returns:
        The answer as it is stored; None where the other one was kept, or nothing is decided yet.
    """
    work = answer_work(screen, case, question)
    saved: Answer | None = await settled(
        screen, work, _version(question, old), {"value": value, "note": note}
    )
    return saved


async def take_up(screen: WorkScreen, case: str, question: Asked) -> tuple[bool, Answer | None]:
    """Go on with what was typed for a question and waits to be decided on.

    Returns:
        Whether there was something, and the answer if one was written.
    """
    work = answer_work(screen, case, question)
    if not waiting(screen, work):
        return False, None
    saved: Answer | None = await edit(screen, work)
    if saved is not None:
        screen.shell.recount()
    return True, saved


def held_words(screen: WorkScreen, case: str, questions: Sequence[Asked]) -> str:
    """That something typed for one of the questions waits to be decided on; empty where nothing does."""
    held = next((each for each in questions if waiting(screen, answer_work(screen, case, each))), None)
    return f"Typed, not written yet; Enter on it goes on: {held.text}" if held is not None else ""


def answer_work(screen: WorkScreen, case: str, question: Asked) -> Work:
    """One answer as a record to edit: its value and what it relies on belong together."""

    def read() -> Version:
        return _version(question, cases.show(screen.desk, case, again=True).answers.get(question.key))

    def write(whole: dict[str, str], rev: int, over: bool) -> Answer:
        return cases.answer(
            screen.desk, case, question.key, whole["value"], note=whole["note"], rev=rev, over=over
        )

    return Work(question.text, read, write, f"answer {case} {question.key}", question.policy, whole=True)


def _version(question: Asked, answer: Answer | None) -> Version:
    """An answer as it stands, as a form."""
    value, note, rev = (answer.value, answer.note, answer.rev) if answer is not None else ("", "", 0)
    kind: Kind = "choice" if question.choices else "date" if question.kind == "date" else "note"
    choices = tuple((c.key, c.text) for c in question.choices)
    return Version(
        rev,
        (
            Field("value", "Answer", kind, value, choices, required=True, hint=question.hint, limit=20_000),
            Field("note", "Why", "note", note, hint="What it relies on.", lines=3, limit=20_000),
        ),
    )
