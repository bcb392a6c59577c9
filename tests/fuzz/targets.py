"""The loaders that read what comes from outside, and what each may raise: errors of ours alone."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from store import archive, canon, lines, pages, snapshots, vault
from store.errors import StoreError
from workbench.domain.errors import WorkbenchError

CORPUS = Path(__file__).parent / "corpus"
DATA = Path(__file__).parents[1] / "data"


class Target(NamedTuple):
    """A loader: its name, what it does with bytes, and the errors that are its own."""

    name: str
    load: Callable[[bytes], object]
    errors: tuple[type[Exception], ...]

    def corpus(self) -> list[Path]:
        """The inputs that are kept: some in order, some that once came to grief."""
        return sorted((CORPUS / self.name).iterdir())


def line(data: bytes) -> None:
    """A line of the log, proven, and carried out if it is one."""
    pages.carry_out({}, lines.prove(data).parts)


def operations(data: bytes) -> None:
    """The parts of a line that has every digest right: what a program that is not ours could write."""
    value = canon.load(data)
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        pages.carry_out({}, value)


def snapshot(data: bytes) -> None:
    """A TinyDB file."""
    snapshots.parse(data, "pupils.json")


def strict(data: bytes) -> None:
    """Any JSON from outside; what is taken has canonical bytes, or is refused for a reason of ours."""
    canon.canonical(canon.load(data))


def slots(data: bytes) -> None:
    """The file of secrets."""
    vault.parse(data)


@cache
def _folder() -> Path:
    _folder.kept = tempfile.TemporaryDirectory()  # type: ignore[attr-defined]
    return Path(_folder.kept.name)  # type: ignore[attr-defined]


def backup(data: bytes) -> None:
    """A backup, proven to its last byte."""
    path = _folder() / "workbench.backup"
    path.write_bytes(data)
    archive.read(path)


@cache
def _desk() -> object:
    """A desk with pupils and registers, in a folder that goes with the process."""
    from tests import conftest
    from workbench.desk import imports

    path = _folder() / "data"
    school = (DATA / "school.toml").read_text("utf-8")
    made = conftest.make_folder(path, school, conftest.FixedClock(conftest.NOW))
    desk = conftest.signer(made)("dsl")
    imports.import_pupils(desk, "pupils.csv", (DATA / "pupils-plain.csv").read_bytes())
    return desk


def pupils(data: bytes) -> None:
    """A school's list of pupils, as far as the report of a trial run."""
    from workbench.desk.imports import import_pupils

    import_pupils(_desk(), "pupils.csv", data, dry_run=True)  # type: ignore[arg-type]


def register(data: bytes) -> None:
    """A file of marks, as far as the report of a trial run."""
    from workbench.desk.import_registers import import_register

    import_register(_desk(), "register.csv", data, dry_run=True)  # type: ignore[arg-type]


def school(data: bytes) -> None:
    """A school file."""
    from workbench.domain.schoolfile import read

    read(data.decode("utf-8", "replace"))


def examples(data: bytes) -> None:
    """A file of worked examples: read, and asked."""
    from rules.examples import run_texts

    run_texts([("examples.toml", data.decode("utf-8", "replace"))])


def pack(data: bytes) -> None:
    """Rules of a school's own, read with all that they add to."""
    from rules.packs import Pack, load

    load([Pack(name="own.toml", layer="school", text=data.decode("utf-8", "replace"))])


def bundle(data: bytes) -> None:
    """A handover's bundle: opened, proven and read."""
    from workbench.desk import bundlefile

    bundlefile.read(data)


def bundled(data: bytes) -> None:
    """A bundle that is signed and whole, whatever its case file says: brought in, but for the writing."""
    from tests import bundlekit
    from workbench.desk import bundlefile, matching

    wrapped = bundlekit.signed(bundlekit.parts({"log": bundlekit.entries()}, case_json=data))
    read = bundlefile.read(bundlekit.stored(wrapped))
    matching.match(_desk(), read.case.pupil, None, {"class": "9B"})  # type: ignore[arg-type]


def receipt(data: bytes) -> None:
    """A receipt for a handover."""
    from workbench.desk import receiptfile

    receiptfile.read(data)


def _rules_errors() -> tuple[type[Exception], ...]:
    from rules.errors import RulesError

    return (RulesError,)


TARGETS = (
    Target("line", line, (lines.LineError, StoreError)),
    Target("operations", operations, (StoreError,)),
    Target("snapshot", snapshot, (StoreError,)),
    Target("strict", strict, (StoreError,)),
    Target("vault", slots, (StoreError,)),
    Target("backup", backup, (StoreError,)),
    Target("pupils", pupils, (WorkbenchError,)),
    Target("register", register, (WorkbenchError,)),
    Target("bundle", bundle, (WorkbenchError,)),
    Target("bundled", bundled, (WorkbenchError,)),
    Target("receipt", receipt, (WorkbenchError,)),
    Target("school", school, (WorkbenchError,)),
    Target("examples", examples, _rules_errors()),
    Target("pack", pack, _rules_errors()),
)
BY_NAME = {target.name: target for target in TARGETS}
