"""Whether the folder is whole: the log's proof, log against snapshots, modes, how old the newest backup is."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from store.checking import looked_at
from store.envelope import SEALED, opened
from store.errors import DamagedError, SealError, StoreError
from store.finding import Finding, Level
from store.folder import Store
from store.upgrade import OLD_SECRET
from store.vault import NAME as VAULT
from store.vault import SLOT, fault, key_id
from workbench.desk.backups import last
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.desk.sealing import FIELDS, recovery_only
from workbench.desk.translate import translated
from workbench.desk.vouching import VOUCHED, is_vouched
from workbench.domain.errors import FolderError, RefusedError

__all__ = ["Finding"]

ORPHANED = (
    "Look for the pupil's id in the log (`workbench log show`); restore the newest backup that has them into a new "
    "folder, and compare."
)
UNSEALED = (
    "Restore the newest backup into a new folder (`workbench restore FILE`) and compare the record there; enter it "
    "again here from that."
)
WITH_RECOVERY = (
    "Whoever keeps the recovery key lets in a DSL or leader whom it is not about (`workbench people recover USER`): it "
    "is then sealed to them as well."
)
OF_ACCOUNTS = ("person.", "recovery.", "checkpoint.", "folder.", "records.carried")
"""How the acts begin that alter accounts, or what stands beside them in their file."""
ALTERED = (
    "Somebody wrote into the log outside the program. Compare all accounts with what they should be "
    "(`workbench people list`), and restore a backup from before that entry (`workbench restore FILE --replace`)."
)
UNSIGNED = (
    "Look in the log who wrote to it last (`workbench log show`). What is written meanwhile is sealed to the DSLs and "
    "leaders themselves, not to that key. Compare whom it is about with a backup; open a new case if you are not sure."
)
SEALED_SINCE = 2
"""The first format in which cases have keys."""
VAULT_BACK = "Put vault.json back from the newest backup (docs/backup.md says how)."
BACK_UP = "Run `workbench backup FILE`, onto another disk; keep its head apart from it."


@verb("check.run")
def check(desk: Desk) -> list[Finding]:
    """Every finding, faults first; only faults mean that something is wrong."""
    found = [
        *desk.store.check(),
        *_orphans(desk),
        *_unopened(desk),
        *_unvouched(desk),
        *_unread(desk),
        *_accounts(desk),
    ]
    return [*sorted(found, key=lambda one: one.level != "fault"), *_backups(desk)]


def check_unsigned(path: Path) -> list[Finding]:
    """What `check` finds in a folder in which nobody can sign in, for whoever has it at hand. Nothing is written.

    Raises:
        RefusedError: somebody can sign in.
        FolderError: there is no folder of ours there.
    """
    try:
        store = Store.open(path, readonly=True)
    except DamagedError as error:
        with translated():
            first = Finding("fault", error.file, error.line, "", error.reason, error.todo)
            return [first, *looked_at(path)]
    except (StoreError, OSError):
        with translated():
            raise
    try:
        with translated():
            if _opens(store):
                raise RefusedError(
                    "Somebody can still sign in to this folder.",
                    todo="Run `workbench check` as one of them: --no-sign-in is for when nobody can.",
                )
            return store.check()
    finally:
        store.close()


def _opens(store: Store) -> bool:
    """Whether the slot of any account is whole, or stands in the account as in format 0: whether somebody could sign
    in."""
    people = store.page("people", "people").own.values()
    if any(doc.get(OLD_SECRET) for doc in people):
        return True
    try:
        slots = store.vault.slots()
    except StoreError:
        return False
    named = [doc.get(SLOT) for doc in people]
    return any(isinstance(slot, str) and not fault(slots, slot) for slot in named)


@verb("check.rebuild")
def rebuild(desk: Desk) -> list[str]:
    """Write the snapshots anew from the log alone; returns the names of the files. The log says that it was done."""
    desk.note("snapshots.rebuilt")
    desk.store.rebuild()
    return [
        f"{file}.json"
        for file in desk.store.state.file_names()
        if file in {*desk.store.state.changed, "school"}
    ]


def _orphans(desk: Desk) -> Iterator[Finding]:
    """Cases and what belongs to them whose pupil there is no record of; those about the person signed in are not
    named."""
    pupils = desk.docs("pupils", "pupils")
    for table in ("cases", "removals", "referrals"):
        for own_id, doc in desk.docs("cases", table).items():
            pupil = doc.get("pupil")
            if isinstance(pupil, str) and pupil not in pupils and desk.user() not in doc.get("about", ()):
                words = f"its pupil {pupil} is missing"
                yield Finding("fault", "cases.json", 0, f"{table}/{own_id}", words, ORPHANED)


def _unopened(desk: Desk) -> Iterator[Finding]:
    """What is sealed to the person signed in, or to a case they may read, and does not open: it was altered outside the
    program, or moved there from elsewhere. Named by ids alone."""
    if desk.keys is None:
        return
    for own, wraps in desk.store.vault.keys().items():
        if desk.keys.own_id in wraps and desk.keys.private(own) is None:
            yield Finding("fault", VAULT, 0, own, "your wrap of this key does not open", VAULT_BACK)
    for kind in FIELDS:
        file, table = kind.split("/")
        for own_id, stored in desk.store.page(file, table).own.items():
            try:
                if SEALED in stored:
                    opened(kind, stored, desk.keys.private)
            except SealError as error:
                yield Finding("fault", f"{file}.json", 0, f"{table}/{own_id}", error.what, UNSEALED)


def _unvouched(desk: Desk) -> Iterator[Finding]:
    """Cases whose key, or whom they are about or granted to, is not what a DSL or leader signed; by ids alone."""
    if desk.store.format < SEALED_SINCE:
        return
    for own_id, stored in desk.store.page("cases", "cases").own.items():
        if desk.user() not in stored["about"] and not is_vouched(desk.reader, stored):
            words = "its key, or whom it is about or granted to, is not what anybody signed"
            # the very first sealed folders had no signatures
            level: Level = "fault" if VOUCHED in stored else "remark"
            yield Finding(level, "cases.json", 0, f"cases/{own_id}", words, UNSIGNED)


def _unread(desk: Desk) -> Iterator[Finding]:
    """Concerns that only the recovery key opens. Those who would read them are not told: it is about them."""
    if desk.who is None or desk.who.has("dsl", "leader"):
        return
    alone = set(map(key_id, recovery_only(desk.reader)))
    for own_id, stored in desk.store.page("concerns", "concerns").own.items():
        if alone and set(stored.get(SEALED, {}).get("to", ())) == alone:
            words = "nobody can read it but with the recovery key"
            yield Finding("remark", "concerns.json", 0, f"concerns/{own_id}", words, WITH_RECOVERY)


def _accounts(desk: Desk) -> Iterator[Finding]:
    """Entries that alter accounts and say that they do something else: no verb writes them."""
    with suppress(StoreError):  # a segment that cannot be read: the store's findings name it
        for entry in desk.store.guarded():
            if not entry["act"].startswith(OF_ACCOUNTS):
                words = f"entry {entry['seq']} says {entry['act']}, and alters accounts"
                yield Finding("fault", "people.json", 0, "", words, ALTERED)


def _backups(desk: Desk) -> list[Finding]:
    try:
        newest = last(desk)
    except FolderError:  # a segment that cannot be read: the store's findings name it
        return []
    if newest is None:
        return [Finding("remark", "", 0, "", "there is no backup of this folder yet", BACK_UP)]
    if newest.old:
        words = f"the newest backup is of {newest.at[:16].replace('T', ' ')}, older than a day"
        return [Finding("remark", "", 0, "", words, BACK_UP)]
    return []
