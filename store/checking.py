"""Whether a folder is whole: log against snapshots, the accounts, modes, leftovers. Changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from store import files
from store.comparing import GUARDED_ANEW, compared
from store.drafts import FOLDER as DRAFTS
from store.drafts import NAMED as DRAFT
from store.erasing import unfinished
from store.errors import StoreError
from store.finding import Finding
from store.lock import NAME
from store.log import END, FOLDER, NAMED
from store.pages import GUARDED
from store.snapshots import is_snapshot
from store.spoken import spoken
from store.state import State
from store.tail import is_temporary
from store.texts import FOLDER as TEXTS
from store.texts import LETTERS
from store.tries import NAME as TRIES
from store.vault import KEYED, SLOT, Vault, fault, keys_of, named_by
from store.vault import NAME as VAULT
from store.verifying import Verdict, verify

RESTORE = (
    "Copy the folder as it is (`cp -a`), then restore the newest backup (`workbench restore FILE --replace`) "
    "and enter again what came after it."
)
VAULT_BACK = "Put vault.json back from the newest backup (docs/backup.md says how)."
TORN = "Nothing: the next change cuts it off, and says so in the log."
LEFT_OVER = "Nothing: it is removed when the folder is next opened."
FINISH = "Run `workbench check --rebuild`: the erasure is finished then."
CLOCK = "Nothing, if the clock is right now: the order is that of the numbers."
COPY = "Look whether it holds what the folder lacks, then move it away; keep the folder out of the sync tool."
MOVE = "Move it away if nobody put it there on purpose; no backup holds it."


@spoken()
def check(state: State, verdict: Verdict, guard: Callable[[], None]) -> list[Finding]:
    """All findings, faults first. An unfinished last line is a remark: it was never acknowledged."""
    found = [
        *_log(state, verdict),
        *_erasing(state),
        *compared(state),
        *_people(guard),
        *_vault(state),
        *_places(state.root),
    ]
    found += [Finding("remark", "", 0, "", words) for words in dict.fromkeys(state.remarks)]
    return sorted(found, key=lambda one: one.level != "fault")


@spoken()
def looked_at(root: Path) -> list[Finding]:
    """What can be found in a folder that cannot be opened: the log's proof, and what stands in the places of files."""
    verdict = verify(root)
    found = [Finding("fault", one.file, one.line, "", one.reason, RESTORE) for one in verdict.problems]
    return [*found, *_places(root)]


def _log(state: State, verdict: Verdict) -> Iterator[Finding]:
    for problem in verdict.problems:
        is_copy = problem.file.endswith(END) and not NAMED.fullmatch(problem.file[len(FOLDER) + 1 :])
        yield Finding("fault", problem.file, problem.line, "", problem.reason, COPY if is_copy else RESTORE)
    if verdict.tail is not None:
        words = f"an unfinished last line ({verdict.tail.reason}): never acknowledged"
        yield Finding("remark", verdict.tail.file, verdict.tail.line, "", words, TORN)
    for remark in verdict.remarks:
        yield Finding("remark", remark.file, remark.line, "", remark.reason, CLOCK)
    if state.damage is not None and not any(p.file == state.damage.file for p in verdict.problems):
        yield Finding("fault", state.damage.file, state.damage.line, "", state.damage.reason, RESTORE)


def _erasing(state: State) -> Iterator[Finding]:
    """Records that an entry erases, and whose parts still stand in the log."""
    with suppress(StoreError):  # a segment that cannot be read was named by the proof
        for name, line in unfinished(state.log):
            yield Finding("fault", state.log.where(name), line, "", "erased records still stand here", FINISH)


def _people(guard: Callable[[], None]) -> Iterator[Finding]:
    try:
        guard()
    except StoreError as error:
        yield Finding("fault", "people.json", 0, "", error.what, GUARDED_ANEW)


def _vault(state: State) -> Iterator[Finding]:
    """Slots that accounts name but that are not there or were altered; and any other that is not what it is called."""
    try:
        slots, keys, _ = Vault(state.root).content()
    except StoreError as error:
        yield Finding("fault", VAULT, 0, "", error.what, VAULT_BACK)
        return
    people = state.page(GUARDED, GUARDED).own
    for own_id, doc in people.items():
        wrong = fault(slots, doc[SLOT]) if isinstance(doc.get(SLOT), str) else ""
        if wrong:
            yield Finding(
                "fault", VAULT, 0, f"{GUARDED}/{own_id}", f"{wrong}; {own_id} cannot sign in", VAULT_BACK
            )
    for own in sorted(slots.keys() - named_by(people.values())):
        if fault(slots, own):
            yield Finding("remark", VAULT, 0, own[:16], "a slot that nobody names is not what it is called")
    for own_id, doc in state.page(*KEYED).own.items():
        if keys_of([doc]) - keys.keys():
            words = "the key to what is sealed in it is missing"
            yield Finding("fault", VAULT, 0, f"{'/'.join(KEYED)}/{own_id}", words, VAULT_BACK)


def _places(root: Path) -> Iterator[Finding]:
    """Links and pipes, loose modes, files that are not ours."""
    known = {NAME, FOLDER, VAULT, TEXTS, LETTERS, TRIES, DRAFTS}
    inner = {FOLDER: NAMED, DRAFTS: DRAFT} if files.kind(root / DRAFTS) == "folder" else {FOLDER: NAMED}
    for folder in (root, *(root / name for name in inner)):
        if files.kind(folder) == "nothing":
            continue  # the log's is gone: that was told
        if files.is_loose(folder):
            words = "others than its owner may look in"
            yield Finding("remark", folder.name, 0, "", words, f"Run `chmod 0700` on {folder.name}.")
        for name in files.names(folder):
            kind, shown = files.kind(folder / name), name if folder is root else f"{folder.name}/{name}"
            wanted = "folder" if shown in (FOLDER, TEXTS, LETTERS, DRAFTS) else "file"
            ours = (
                name in known or is_snapshot(name)
                if folder is root
                else bool(inner[folder.name].fullmatch(name))
            )
            if kind not in ("nothing", wanted):
                yield Finding(
                    "fault", shown, 0, "", f"a {kind} stands where a {wanted} should be", "Move it away."
                )
            elif kind == "file" and files.is_loose(folder / name):
                yield Finding(
                    "remark",
                    shown,
                    0,
                    "",
                    "others than its owner may read it",
                    f"Run `chmod 0600` on {shown}.",
                )
            if is_temporary(name):
                yield Finding("remark", shown, 0, "", "a temporary file of an interrupted write", LEFT_OVER)
            elif not ours and name.endswith(".json"):
                words = "is no file of ours, and nothing reads it: a copy that a sync tool left?"
                yield Finding("fault", shown, 0, "", words, COPY)
            elif not ours and not (folder.name == FOLDER and name.endswith(END)):
                yield Finding("remark", shown, 0, "", "is no file of ours; nothing reads it", MOVE)
