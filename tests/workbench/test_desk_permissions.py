"""Every verb asks for its role before it looks at anything, and says so in the log."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

import workbench.desk
from tests.conftest import DeskFor
from workbench.desk import accounts, roll
from workbench.desk.context import Desk
from workbench.desk.permissions import PERMITS, may, verb
from workbench.domain.errors import NotFoundError, RefusedError
from workbench.domain.people import ROLES, Signed


def all_verbs() -> dict[str, list[Callable[..., Any]]]:
    """Verb to the functions of the desk that carry it."""
    found: dict[str, list[Callable[..., Any]]] = {}
    for info in pkgutil.iter_modules(workbench.desk.__path__, "workbench.desk."):
        module = importlib.import_module(info.name)
        for function in vars(module).values():
            name = getattr(function, "verb", None)
            if isinstance(name, str) and function.__module__ == module.__name__:
                found.setdefault(name, []).append(function)
    return found


def signed(desk: Desk, *roles: str) -> Desk:
    return desk.signed(Signed(user="dsl", name="x", post="x", roles=frozenset(roles)), folded=True)  # type: ignore[arg-type]


def acts(desk: Desk) -> list[tuple[str, str | None]]:
    return [(entry["act"], entry["why"]) for entry in desk.store.entries()]


@pytest.mark.parametrize("name", sorted(PERMITS))
def test_every_row_belongs_to_a_verb_that_refuses_other_roles(empty_for: DeskFor, name: str) -> None:
    functions = all_verbs().get(name, [])
    assert functions, f"no function of the desk is the verb {name}"
    desk = empty_for("dsl")
    for function in functions:
        needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
        arguments = ["no such thing"] * (len(needed) - 1)
        for role in ROLES:
            if role in PERMITS[name]:
                continue
            before = len(acts(desk))
            with pytest.raises(RefusedError):
                function(signed(desk, role), *arguments)
            assert acts(desk)[before:] == [("verb.refused", name)]


def test_a_verb_without_a_row_cannot_be_written() -> None:
    with pytest.raises(KeyError):
        verb("pupil.erase")


def test_nobody_signed_in_may_do_nothing(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    with pytest.raises(RefusedError, match="signed in"):
        roll.pupils(Desk(desk.store, desk.clock))


def test_the_role_is_checked_before_anything_is_looked_up(empty_for: DeskFor) -> None:
    """An unknown id and a known one are refused alike."""
    with pytest.raises(RefusedError):
        roll.edit(empty_for("staff"), "P-NOSUCH", {"forename": "x"})
    with pytest.raises(NotFoundError):
        roll.edit(empty_for("attendance"), "P-NOSUCH", {"forename": "x"})


def test_several_roles_add_up(empty_for: DeskFor) -> None:
    desk = signed(empty_for("dsl"), "staff", "auditor")
    assert may(desk, "register.take")
    assert may(desk, "log.show")
    assert not may(desk, "case.list")
    assert not may(desk, "no.such-verb")


def test_the_entry_names_the_role_in_which_it_was_done(empty_for: DeskFor) -> None:
    desk = signed(empty_for("dsl"), "dsl", "leader")
    accounts.set_roles(desk, "staff", ["staff", "attendance"])
    assert list(desk.store.entries())[-1]["role"] == "dsl"


def test_auditors_change_nothing_but_their_own_passphrase_and_keys() -> None:
    writes = {name for name, roles in PERMITS.items() if "auditor" in roles}
    reading = (
        ".list",
        ".find",
        ".show",
        ".kinds",
        ".read",
        ".why",
        ".verify",
        ".run",
        ".views",
        "concern.report",
    )
    own = {"people.passphrase", "people.rekey"}
    assert {name for name in writes if not name.endswith(reading)} == own


def test_only_a_leader_authorises_and_overrides() -> None:
    assert PERMITS["removal.authorise"] == PERMITS["duty.override"] == {"leader"}
