"""After the lock the process holds neither the keys nor what they opened: whoever gets at its memory finds ids."""

import gc
from pathlib import Path
from types import CodeType

from screens.app import WorkbenchApp
from tests.conftest import PASSPHRASE, signer
from tests.screens.places import drawn, press, settle
from tests.workbench.story import opened
from workbench.desk import cases, folders
from workbench.desk.clock import FixedClock
from workbench.desk.keyring import Keyring
from workbench.desk.signin import sign_in

CANARY = "quokka" + "-in-memory"


def prepared(folder: Path, clock: FixedClock) -> str:
    desk = signer(folders.open_folder(folder, clock))("dsl")
    case = opened(desk).id
    cases.note(desk, case, CANARY)
    desk.close(snapshot=True)
    return case


def held(needle: str) -> int:
    """How many texts that contain it are held by anything but the code and names of this module.

    From all that the collector tracks it goes on to what that refers to: a dict of texts alone is not tracked itself.
    """
    gc.collect()
    seen: set[int] = {id(globals())}
    waiting: list[object] = [thing for thing in gc.get_objects() if id(thing) not in seen]
    found = 0
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, str):
            found += needle in thing
        elif not isinstance(thing, CodeType):
            waiting += gc.get_referents(thing)
    return found


def keyrings() -> int:
    gc.collect()
    return sum(isinstance(thing, Keyring) for thing in gc.get_objects())


async def test_the_keys_and_what_they_opened_are_gone_after_the_lock(folder: Path, clock: FixedClock) -> None:
    case = prepared(folder, clock)
    before = held(CANARY), keyrings()
    app = WorkbenchApp(sign_in(folders.open_folder(folder, clock), "dsl", PASSPHRASE))
    async with app.run_test(size=(80, 24)) as pilot:
        app.go("case", case=case)
        await settle(pilot)
        await press(pilot, "end")
        assert held(CANARY) > before[0], "the search finds it while the case is open"
        assert keyrings() > before[1]
        await press(pilot, "f9")
        await settle(pilot)
        assert CANARY not in drawn(pilot)
        assert held(CANARY) <= before[0]
        assert keyrings() <= before[1]
        app.desk.store.close()
