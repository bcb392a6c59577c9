"""What can be recorded on a pupil's page: events, calls, amendments of marks."""

from datetime import date
from typing import TYPE_CHECKING

from screens.names import pupil_words
from screens.pupil_forms import YES_NO
from screens.pupil_rows import value_words
from screens.text import DAYS, MONTHS, Col, day_words, stamp_words
from screens.widgets.form import Field
from screens.widgets.lines import Row
from workbench.desk import events, registers, roll
from workbench.domain.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screens.frame import WorkScreen
    from workbench.desk.event_kinds import Kind
    from workbench.domain.pupils import Pupil


def event_fields(kind: "Kind") -> "Sequence[Field]":
    """The form of a kind of event."""
    fields = [Field("on", "Day", "date", "today", required=True, hint="The day it happened.")]
    for name, type_ in kind.fields.items():
        label = name.replace("_", " ").capitalize()
        if isinstance(type_, list):
            fields.append(
                Field(
                    name, label, "choice", "", tuple((key, key.replace("-", " ")) for key in type_), lines=1
                )
            )
        elif type_ == "yes-no":
            fields.append(Field(name, label, "choice", "", YES_NO, lines=1))
        elif type_ == "date":
            fields.append(Field(name, label, "date"))
        elif type_ == "text":
            fields.append(Field(name, label, "note", lines=2, limit=20_000))
        else:
            fields.append(Field(name, label, limit=4, hint="A whole number."))
    return fields


async def record_event(screen: "WorkScreen", pupil: "Pupil", kind_key: str = "") -> None:
    """Choose a kind, fill in its fields, record it."""
    kinds = {kind.kind: kind for kind in events.kinds(screen.desk)}
    key = kind_key or await screen.choose(
        f"An event about {pupil_words(pupil)}",
        [(kind.kind, kind.title) for kind in kinds.values()],
        typing=True,
    )
    if key is None:
        return
    answer = await screen.fill(
        f"{kinds[key].title}: {pupil_words(pupil)}", event_fields(kinds[key]), draft=f"event {pupil.id} {key}"
    )
    if answer is None:
        return
    events.record(screen.desk, pupil.id, key, {name: value for name, value in answer.items() if value})
    screen.shell.recount()
    screen.reload()
    screen.say(f"Recorded: {kinds[key].title}")


async def show_event(screen: "WorkScreen", pupil: "Pupil", own_id: str) -> None:
    """An event in full, and a way to put it right."""
    event = events.event(screen.desk, pupil.id, own_id)
    lines: list[str | Row] = [f"{event.kind.replace('_', ' ')}, {day_words(event.on)} {event.on.year}"]
    lines += [f"  {name.replace('_', ' ')}: {value_words(value)}" for name, value in event.fields.items()]
    lines += ["", f"written {stamp_words(event.recorded)} by {event.by}; {event.id}"]
    if event.corrects:
        lines.append(f"puts right {event.corrects}; the original is kept")
    await screen.tell(pupil_words(pupil), lines)


async def add_contact(screen: "WorkScreen", pupil: "Pupil") -> None:
    """Log a call or a visit."""
    from screens.callist import log_call

    numbers = [person for person in roll.around(screen.desk, pupil.id) if person.phone]
    if await log_call(screen, pupil.id, pupil_words(pupil), numbers):
        said = screen.message
        screen.reload()
        screen.say(said)


async def show_marks(screen: "WorkScreen", pupil: "Pupil") -> None:
    """Every mark that is no plain presence, newest first; Enter amends one."""
    marks = [(day, session, code) for day, session, code in registers.marks_of(screen.desk, pupil.id)]
    changed = {(each.on, str(each.session)): each for each in registers.amendments(screen.desk, pupil.id)}
    rows = []
    for day, session, code in reversed(marks):
        change = changed.get((day, session))
        if code in ("/", "\\") and change is None:
            continue
        why = f"was {change.was or 'no mark'}: {change.reason}" if change else ""
        when = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {session}"
        rows.append(Row(f"{day.isoformat()} {session}", (when, code, why)))
    if not rows:
        await screen.tell(pupil_words(pupil), ["Every mark so far is a presence."])
        return
    cols = (Col("", 14), Col("", 4), Col("", 30, grow=1))
    chosen = await screen.choose(
        f"Marks of {pupil_words(pupil)}", rows, "Enter amends a mark, with a reason.", cols=cols
    )
    if chosen is not None:
        await amend_mark(screen, pupil, *chosen.split(" "))


async def amend_mark(screen: "WorkScreen", pupil: "Pupil", day: str, session: str) -> None:
    """Change a mark of a register that was taken: the old one, the reason and who did it are kept."""
    on = date.fromisoformat(day)
    codes = tuple(
        (code.code, f"{code.code}  {code.title}") for code in registers.code_choices(screen.desk, on)
    )
    fields = [
        Field("code", "Becomes", "choice", "", codes, required=True, lines=1),
        Field("minutes", "Minutes late", limit=3, hint="For L only."),
        Field("reason", "Reason", "note", required=True, lines=2),
    ]
    title = f"Amend {pupil_words(pupil)}, {day_words(on)} {session}"
    answer = await screen.fill(title, fields, "The original mark stays readable beside the new one.")
    if answer is None:
        return
    if answer["minutes"] and not answer["minutes"].isdigit():
        raise InvalidError("Minutes late: a whole number.")
    minutes = int(answer["minutes"]) if answer["minutes"] else None
    registers.amend(screen.desk, pupil.id, on, session, answer["code"], answer["reason"], minutes=minutes)
    screen.shell.recount()
    screen.reload()
    screen.say(f"Amended: {day_words(on)} {session} is {answer['code']}")
