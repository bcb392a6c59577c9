"""The accounts' guard: people, roles and keys are what the log last said of them, or the folder is not opened."""

from store import lines
from store.change import people_digest
from store.errors import DamagedError
from store.opening import log_gone
from store.pages import GUARD, ops_of
from store.state import State
from store.verifying import verify

LOST = (
    "Restore the newest backup (`workbench restore FILE --replace`); `workbench check --no-sign-in` names every place "
    "that is damaged."
)


def guard_people(state: State) -> None:
    """Compare the people file with what the log last said of it (promise 8).

    If the entry that says so is itself damaged, `state.damage` is set: the folder can then only be read.

    Raises:
        DamagedError: the people file was altered outside the program; or the log has lost the entry that says so.
    """
    found = state.guard_line()
    if found is None:
        _refuse_lost(state)
        said = people_digest({})
    else:
        segment, begin, raw = found
        try:
            parts = lines.prove(raw).parts
        except lines.LineError as error:
            where, number = state.log.where(segment), state.log.number(segment, begin)
            state.damage = DamagedError(where, number, f"{error.reason}; it vouches for the accounts")
            return
        said = [op[GUARD] for part in parts for op in ops_of(part) if GUARD in op][-1]
    if said != people_digest(state.people()):
        todo = (
            "Put people.json back from a backup, or remove it: it is then made anew from the log. If that is refused "
            "too, the log was altered: restore the newest backup (`workbench restore FILE --replace`)."
        )
        raise DamagedError("people.json", 0, "accounts or roles were altered outside the program", todo)


def _refuse_lost(state: State) -> None:
    """Without an entry that vouches for accounts: the log was never given any, or it is damaged, and then named."""
    if not any(state.people().values()):
        return
    if not state.log.segments():
        raise log_gone("every file of the log is gone")
    verdict = verify(state.root)
    ends = () if verdict.tail is None else (verdict.tail,)
    for problem in (*verdict.problems, *ends):
        reason = f"{problem.reason}; the entry that vouches for the accounts is not found"
        raise DamagedError(problem.file, problem.line, reason, LOST)
