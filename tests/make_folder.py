"""Makes the fixture folder of the format that this program writes: `PYTHONPATH=. python -m tests.make_folder`.

Each format's folder was made by the program that wrote that format and is never made again: a folder that is there is
left alone. Names are invented; a guess at a passphrase costs next to nothing. What is drawn at random is drawn the
same each time, but for what HPKE draws itself: two folders of a sealed format differ in their boxes and what follows.
"""

import shutil
from datetime import date
from pathlib import Path
from random import Random

from tests.conftest import CHEAP, DATA, PASSPHRASE, USERS
from tests.folderkit import CONCERN, NOTE, RECOVERY
from workbench.desk import accounts, cases, concerns, contacts, folders, registers, roll, signin
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import RefusedError

FOLDERS = DATA / "folders"
CHILDREN = (("Alder", "Ina"), ("Birch", "Oto"), ("Cedar", "Uma"))
FIRST, SECOND = date(2026, 11, 23), date(2026, 11, 24)


def make(path: Path) -> int:
    """A small folder at `path`; returns its format. The second day stands in the log alone."""
    clock = FixedClock("2026-11-22T16:00:00")
    text = (DATA / "school.toml").read_text("utf-8")
    people = dict.fromkeys(USERS, PASSPHRASE)
    desk = folders.init(path, text, people, clock, kdf=CHEAP, random=Random(1).randbytes, recovery=RECOVERY)
    office, dsl, teacher = (signin.sign_in(desk, user, PASSPHRASE) for user in ("attendance", "dsl", "staff"))
    children = [_add(office, surname, forename) for surname, forename in CHILDREN]
    clock.set("2026-11-23T09:05:00")
    registers.mark(teacher, children[1], FIRST, "AM", "N")
    registers.rest_present(teacher, "9B", FIRST, "AM")
    registers.take(teacher, "9B", FIRST, "AM")
    contacts.add(office, children[1], "mother", "no answer")
    case = cases.open_case(dsl, children[1], "other").id
    cases.answer(dsl, case, "danger.level", "none", "seen by a neighbour")
    cases.note(dsl, case, NOTE)
    desk.store.snapshot()
    clock.set("2026-11-24T09:10:00")
    _second_day(desk, dsl, teacher, children[0])
    number = desk.store.format
    desk.close()
    for name in (".lock", ".tries"):
        (path / name).unlink()
    return number


def _add(desk: Desk, surname: str, forename: str) -> str:
    fields = {"surname": surname, "forename": forename, "born": "2012-12-01", "year": "9", "class": "9B"}
    return roll.add(desk, {**fields, "starts": "2026-11-23"}).id


def _second_day(desk: Desk, dsl: Desk, teacher: Desk, child: str) -> None:
    registers.rest_present(teacher, "9B", SECOND, "AM")
    registers.take(teacher, "9B", SECOND, "AM")
    concerns.report(teacher, child, CONCERN)
    fields = {"user": "newcomer", "name": "B. Ash", "post": "Class teacher, 9A", "roles": "staff"}
    accounts.add(dsl, fields, PASSPHRASE, kdf=CHEAP)
    try:
        signin.sign_in(desk, "newcomer", "wrong")
    except RefusedError:
        return


def main() -> None:
    """Make the folder, under the name of its format."""
    new = FOLDERS / "new"
    number = make(new)
    kept = FOLDERS / f"format-{number}"
    if kept.exists():
        shutil.rmtree(new)
        print(f"{kept.name} is there already and stays as it is.")
        return
    new.rename(kept)
    print(f"Made {kept.name}.")


if __name__ == "__main__":
    main()
