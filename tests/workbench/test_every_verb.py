"""The whole table: every verb, as every role, as nobody in particular, and under each of its conditions."""

import ast
import inspect
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

import workbench
from tests.conftest import NOW, DeskFor, signer
from tests.workbench.everyverb import (
    CALLS,
    LATE,
    READS,
    WRITES,
    all_functions,
    all_verbs,
    build,
    build_late,
)
from tests.workbench.innerlist import DOORS, INNER
from workbench.desk import folders
from workbench.desk.clock import FixedClock
from workbench.desk.conditions import CONDITIONS, WHEN, WITHOUT_ROLES
from workbench.desk.context import Desk
from workbench.desk.permissions import PERMITS
from workbench.domain.errors import RefusedError
from workbench.domain.people import ROLES, Signed

NOBODY = "nobody"
"""Who holds no role."""
WHO = (*ROLES, NOBODY)


def desk_of(desk_for: DeskFor, role: str) -> Desk:
    """The desk of an account that holds this role alone; its name is that of the role."""
    desk = desk_for("staff" if role == NOBODY else role)
    if role != NOBODY:
        return desk
    return desk.signed(Signed(user="staff", name="T. Ellis", post="-", roles=frozenset()), folded=True)


def allowed(verb: str, role: str) -> bool:
    """What the table says."""
    return verb in WITHOUT_ROLES if role == NOBODY else role in PERMITS[verb]


@pytest.fixture(scope="module")
def busy(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimpleNamespace]:
    """A closed folder in the middle of its work, and what stands in it."""
    path = tmp_path_factory.mktemp("busy") / "data"
    shutil.copytree(filled_folder, path)
    desk = folders.open_folder(path, FixedClock(NOW))
    world = build(signer(desk), path.parent / "school.backup")
    desk.close(snapshot=True)
    return path, world


@pytest.fixture(scope="module")
def late(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimpleNamespace]:
    """A closed folder fifteen years later; `now` is its clock's time."""
    path = tmp_path_factory.mktemp("late") / "data"
    shutil.copytree(filled_folder, path)
    clock = FixedClock(NOW)
    desk = folders.open_folder(path, clock)
    world = build_late(signer(desk), clock)
    world.now = clock.now().isoformat()[:19]
    desk.close(snapshot=True)
    return path, world


@pytest.fixture(scope="module")
def shared(busy: tuple[Path, SimpleNamespace], tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskFor]:
    """One open copy, for what changes nothing."""
    path = Path(shutil.copytree(busy[0], tmp_path_factory.mktemp("shared") / "data"))
    desk = folders.open_folder(path, FixedClock(NOW))
    yield signer(desk)
    desk.close()


def test_no_verb_is_forgotten() -> None:
    """Whoever writes a verb adds its row, its call here, and counts on."""
    verbs = all_verbs()
    assert set(verbs) == set(CALLS)
    assert set(verbs.values()) == set(PERMITS)
    assert (len(PERMITS), len(CALLS)) == (116, 146)


def pairs(calls: Iterable[str], answers: bool) -> list[tuple[str, str]]:
    """Those of these calls, with a role, that the table allows or that it refuses."""
    verbs = all_verbs()
    return [(name, role) for name in sorted(calls) for role in WHO if allowed(verbs[name], role) is answers]


@pytest.mark.parametrize(("name", "role"), pairs(CALLS, answers=False))
def test_refused_as_the_table_says(
    shared: DeskFor, busy: tuple[Path, SimpleNamespace], name: str, role: str
) -> None:
    desk, world = desk_of(shared, role), SimpleNamespace(**vars(busy[1]), leaver=busy[1].pupil)
    before = desk.store.head.seq
    with pytest.raises(RefusedError):
        CALLS[name](desk, world)
    if name == "backups._finish":
        return  # it signs in to the backup: that is whose log would say so, and it goes with it
    (entry,) = [e for e in desk.store.entries() if e["seq"] > before]
    assert (entry["act"], entry["why"]) == ("verb.refused", all_verbs()[name])
    assert (entry["actor"], entry["role"]) == (desk.user(), "-" if role == NOBODY else role)


@pytest.mark.parametrize(("name", "role"), pairs(READS, answers=True))
def test_a_reading_verb_answers_as_the_table_says(
    shared: DeskFor, busy: tuple[Path, SimpleNamespace], name: str, role: str
) -> None:
    desk = desk_of(shared, role)
    before = desk.store.head.seq
    READS[name](desk, busy[1])
    assert desk.store.head.seq == before


@pytest.mark.parametrize(("name", "role"), pairs([*WRITES, *LATE], answers=True))
def test_a_writing_verb_answers_as_the_table_says(
    busy: tuple[Path, SimpleNamespace],
    late: tuple[Path, SimpleNamespace],
    tmp_path: Path,
    name: str,
    role: str,
) -> None:
    source, world = late if name in LATE else busy
    path = Path(shutil.copytree(source, tmp_path / "data"))
    desk = folders.open_folder(path, FixedClock(getattr(world, "now", NOW)))
    try:
        CALLS[name](desk_of(signer(desk), role), world)
        assert [e for e in desk.store.entries() if e["act"] == "verb.refused"] == []
    finally:
        desk.close()


def test_every_condition_is_used_and_every_verb_with_one_is_known() -> None:
    assert set(WHEN) <= set(PERMITS)
    assert {key for keys in WHEN.values() for key in keys} == set(CONDITIONS)


# what is no verb ----------------------------------------------------------------------------------------------


def takes_a_desk(function: Callable[..., object]) -> bool:
    """Whether a function could read or change records: it is given a desk, a change, or a view of one."""
    given = inspect.signature(function).parameters.values()
    return any(re.search(r"\b(Desk|Tx|View)\b", str(p.annotation)) for p in given)


def test_what_reads_or_changes_records_is_a_verb_or_on_the_list() -> None:
    every = all_functions()
    public = {n for n, f in every.items() if not n.partition(".")[2].startswith("_") and takes_a_desk(f)}
    assert public - set(all_verbs()) - DOORS - INNER == set()
    assert set(every) >= DOORS | INNER


def test_screens_and_commands_call_nothing_inner() -> None:
    """By the names they import: a screen that called an inner function would ask nobody's role."""
    screens = Path(workbench.__file__).parent.parent / "screens"
    inner = {tuple(name.split(".")) for name in INNER}
    found = []
    for path in sorted(screens.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        known: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("workbench.desk"):
                module = (node.module or "").rpartition(".")[2]
                for alias in node.names:
                    known[alias.asname or alias.name] = alias.name
                    if (module, alias.name) in inner:
                        found.append(f"{path.name}: {module}.{alias.name}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                named = (known.get(node.value.id, ""), node.attr)
                if named in inner:
                    found.append(f"{path.name}:{node.lineno} {'.'.join(named)}")
    assert found == []
