"""The daily sheet: what must be done, which registers are missing, failed sign-ins, how old the backup is."""

from workbench.desk import duties, failures
from workbench.desk.backups import last
from workbench.desk.casefacts import pupil_of
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.desk.proofs import proof_words
from workbench.desk.sheets import proof_of
from workbench.domain.casepage import when
from workbench.domain.errors import NotFoundError
from workbench.domain.sheets import Column, Pairs, Rows, Sheet

MARK = "Confidential: names children. Not for a wall; destroy it when the day is over."
REGISTERS = "register.take"


@verb("print.daily")
def daily(desk: Desk) -> Sheet:
    """The sheet of this moment for the person signed in: the duties on their own list, and no others."""
    found = duties.due(desk)
    registers = [duty for duty in found if duty.rule == REGISTERS]
    others = [duty for duty in found if duty.rule != REGISTERS]
    return Sheet(
        kind="daily",
        subject="",
        why="daily",
        title=f"Daily sheet, {desk.today():%A} {when(desk.today())}",
        mark=MARK,
        parts=(
            Pairs(rows=_state(desk, found)),
            Rows(
                title="Registers missing",
                columns=(Column("Class", 20), Column("Session", 24), Column("State", 32)),
                rows=tuple(_register(duty) for duty in registers),
                empty="None: every register that can be taken so far is taken.",
            ),
            Rows(
                title="Duties",
                columns=(
                    Column("Due", 16),
                    Column("Pupil", 20),
                    Column("What must happen", 28),
                    Column("Source", 12),
                ),
                rows=tuple(_duty(desk, duty) for duty in others),
                empty="None stands.",
            ),
        ),
        proof=proof_of(desk),
    )


def _state(desk: Desk, found: list[duties.Duty]) -> tuple[tuple[str, str], ...]:
    late = sum(duty.state == "overdue" for duty in found)
    hidden = duties.due_hidden(desk)
    rows = [
        ("Due", f"{sum(duty.state == 'due' for duty in found)}"),
        ("Late", f"{late}"),
        ("For the DSL besides", f"{hidden}" if hidden else ""),
        ("Failed sign-ins", "; ".join(failures.failure_words(desk))),
        ("Last backup", _backup(desk)),
        ("Proof of the log", proof_words(desk)),
    ]
    return tuple(row for row in rows if row[1])


def _backup(desk: Desk) -> str:
    made = last(desk)
    if made is None:
        return "none was ever made"
    return f"{when(made.at)} by {made.by}" + (", older than a day" if made.old else "")


def _register(duty: duties.Duty) -> tuple[str, ...]:
    _, class_, anchor = duty.id.split(":", 2)
    return class_, f"{when(anchor[:10])} {anchor[10:]}", _late(duty)


def _late(duty: duties.Duty) -> str:
    return "LATE" if duty.state == "overdue" else "due"


def _duty(desk: Desk, duty: duties.Duty) -> tuple[str, ...]:
    due = when(duty.due) + (" LATE" if duty.state == "overdue" else "")
    return due, _whom(desk, duty.pupil), duty.action, duty.standing


def _whom(desk: Desk, pupil: str | None) -> str:
    if pupil is None:
        return "The school"
    try:
        found = pupil_of(desk, pupil)
    except NotFoundError:
        return pupil
    return f"{found.name} {found.class_}"
