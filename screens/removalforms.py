"""The two forms of a removal that decide most: the authority's answer, and taking the name off the roll."""

from collections.abc import Sequence
from datetime import date

from screens.conflict import Version, Work
from screens.frame import WorkScreen
from screens.questions import field_of
from screens.widgets.field import Field
from workbench.desk import removals
from workbench.desk.removals import RemovalView
from workbench.domain.asking import Asked
from workbench.domain.pupils import Pupil
from workbench.domain.removals import Gate

YES_NO = (("yes", "yes"), ("no", "no"))


async def ask_answer(screen: WorkScreen, gates: Sequence[Gate], at: Gate | None) -> dict[str, str] | None:
    """Ask for the authority's answer: `gate`, `answer`, `from_name`, `reference`; None where it was left."""
    options = tuple((gate.id, gate.title) for gate in gates)
    first = at.id if at is not None else ""
    fields = [
        Field("gate", "What was asked", "choice", first, options, required=True, lines=1),
        Field("answer", "Their answer", "choice", "", YES_NO, required=True, lines=1),
        Field("from_name", "From", required=True, hint="Who answered, by name.", limit=120),
        Field("reference", "Reference", required=True, hint="Theirs, or the e-mail's date.", limit=120),
    ]
    return await screen.fill("The local authority's answer", fields)


async def ask_completion(screen: WorkScreen, pupil: Pupil) -> date | None:
    """Ask for the day, and for the surname typed out: anything else changes nothing. None where it was left."""
    hint = f"Type {pupil.surname} to go on; anything else changes nothing."
    fields = [
        Field(
            "on", "Off the roll on", "date", "today", required=True, hint="Today or later. Never back-dated."
        ),
        Field("name", "Surname to confirm", required=True, hint=hint),
    ]
    text = (
        f"{pupil.name} comes off the admission register: no mark is made from that day, it is logged, "
        "and it cannot be undone. Esc leaves everything as it is."
    )
    answer = await screen.fill(f"Complete the removal of {pupil.name}?", fields, text)
    if answer is None:
        return None
    if answer["name"].casefold() != pupil.surname.casefold():
        screen.say(f"That is not the surname of {pupil.name}: nothing was changed.", late=True)
        return None
    return date.fromisoformat(answer["on"])


def evidence_work(screen: WorkScreen, removal: str, question: Asked) -> Work:
    """The evidence for one condition as a record to edit; what others change of the removal elsewhere stays."""

    def read() -> Version:
        now = removals.show(screen.desk, removal).removal
        given = next((each for each in now.evidence if each.key == question.key), None)
        value, note = (given.value, given.note) if given else ("", "")
        answer = field_of(question, value, label="Answer", key="value")
        return Version(now.rev, (answer, Field("note", "What it rests on", "note", note, lines=3)))

    def write(whole: dict[str, str], rev: int, over: bool) -> RemovalView:
        return removals.evidence(
            screen.desk, removal, question.key, whole["value"], note=whole["note"], rev=rev, over=over
        )

    draft = f"evidence {removal} {question.key}"
    return Work(question.text, read, write, draft, question.help, whole=True, apart=True)
