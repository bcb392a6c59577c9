"""What many tests share: the school of `tests/data`, a clock that stands, a folder and who is signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest

from tests.folderkit import RECOVERY
from workbench.desk import folders, import_registers, imports, signin
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.kdf import Costs
from workbench.desk.recovery import Recovery, recovery_of

DATA = Path(__file__).parent / "data"
CHEAP = Costs(memory_kib=8, passes=1, lanes=1)
"""A passphrase check that costs nothing; the real one takes 150 ms."""
PASSPHRASE = "a few plain words"
USERS = ("staff", "attendance", "dsl", "deputy", "leader", "auditor")
NOW = "2026-11-23T09:12:33"
"""A Monday morning, while the morning register is open."""

DeskFor = Callable[[str], Desk]


@pytest.fixture(autouse=True)
def _quiet_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads or writes the home folder, or obeys the developer's variables."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("WORKBENCH_DATA", "WORKBENCH_PASSPHRASE", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of input files."""
    return DATA


@pytest.fixture(scope="session")
def school_toml() -> str:
    """The text of a school file in order."""
    return (DATA / "school.toml").read_text("utf-8")


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at `NOW`."""
    return FixedClock(NOW)


def make_folder(path: Path, school_toml: str, clock: FixedClock, proven: bool = True) -> Desk:
    """A new folder with cheap passphrases, all of them `PASSPHRASE`, and the recovery key `RECOVERY`.

    Args:
        proven: the recovery key counts as typed back, so that it is nobody's duty.
    """

    def made(key: bytes, at: str) -> Recovery:
        kept = recovery_of(key, at)
        return msgspec.structs.replace(kept, proven=at, proven_by="dsl") if proven else kept

    secrets = dict.fromkeys(USERS, PASSPHRASE)
    with patch.object(folders, "recovery_of", made):
        return folders.init(path, school_toml, secrets, clock, kdf=CHEAP, recovery=RECOVERY)


def signer(desk: Desk) -> DeskFor:
    """Signs anybody in at one open folder, without an entry of its own."""

    def desk_for(user: str) -> Desk:
        return signin.sign_in(desk, user, PASSPHRASE, fold=True)

    return desk_for


@pytest.fixture
def empty_for(tmp_path: Path, school_toml: str, clock: FixedClock) -> Iterator[DeskFor]:
    """`empty_for("dsl")`: a desk on a folder without pupils."""
    desk = make_folder(tmp_path / "data", school_toml, clock)
    yield signer(desk)
    desk.close()


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory, school_toml: str) -> Path:
    """A closed folder with 96 pupils and their registers of 3 to 20 November; copy it, never write to it."""
    path = tmp_path_factory.mktemp("filled") / "data"
    desk = signer(make_folder(path, school_toml, FixedClock("2026-11-21T10:00:00")))("dsl")
    imports.import_pupils(desk, "pupils-plain.csv", (DATA / "pupils-plain.csv").read_bytes())
    import_registers.import_register(desk, "register-plain.csv", (DATA / "register-plain.csv").read_bytes())
    desk.close(snapshot=True)
    return path


@pytest.fixture
def folder(filled_folder: Path, tmp_path: Path) -> Path:
    """A copy of the filled folder, for a test of its own."""
    return Path(shutil.copytree(filled_folder, tmp_path / "data"))


@pytest.fixture
def desk_for(folder: Path, clock: FixedClock) -> Iterator[DeskFor]:
    """`desk_for("dsl")`: a desk on a folder with pupils and registers; all of them share one open folder."""
    desk = folders.open_folder(folder, clock)
    yield signer(desk)
    desk.close()


def long_form(what: str) -> pytest.MarkDecorator:
    """A test that takes a minute: `make long` runs it, `make test` runs its short form and prints that this one was
    left out."""
    return pytest.mark.skipif("LONG" not in os.environ, reason=f"long form, `make long` runs it: {what}")
