import pytest

from tests.conftest import CHEAP, PASSPHRASE, DeskFor
from workbench.desk import accounts, signin
from workbench.desk.context import Desk
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.people import Person

ANN = {"user": "ann", "name": "A. New", "post": "Teacher", "roles": "staff, attendance"}


def add(desk: Desk, **more: str) -> Person:
    return accounts.add(desk, {**ANN, **more}, PASSPHRASE, kdf=CHEAP)


def test_people_are_listed_without_what_opens_their_account(desk_for: DeskFor) -> None:
    people = accounts.people(desk_for("auditor"))
    assert [person.user for person in people] == ["attendance", "auditor", "deputy", "dsl", "leader", "staff"]
    assert all(person.slot is None for person in people)


def test_a_new_person_can_sign_in(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    ann = add(desk)
    assert (ann.roles, ann.slot) == (("staff", "attendance"), None)
    signed = signin.sign_in(desk, "ann", PASSPHRASE, fold=True)
    assert signed.who is not None
    assert signed.who.roles == {"staff", "attendance"}
    assert list(desk.store.entries())[-1]["act"] == "person.added"


@pytest.mark.parametrize(
    "more",
    [
        {"user": "dsl"},
        {"user": "Ann"},
        {"user": "../x"},
        {"user": "a" * 33},
        {"name": ""},
        {"roles": ""},
        {"roles": "boss"},
        {"age": "40"},
    ],
)
def test_what_is_no_account(desk_for: DeskFor, more: dict[str, str]) -> None:
    with pytest.raises(InvalidError):
        add(desk_for("dsl"), **more)
    assert len(accounts.people(desk_for("dsl"))) == 6


def test_roles_are_set_exactly(desk_for: DeskFor) -> None:
    assert accounts.set_roles(desk_for("dsl"), "staff", ["attendance", "staff"]).roles == (
        "staff",
        "attendance",
    )
    assert desk_for("staff").who.roles == {"staff", "attendance"}  # type: ignore[union-attr]
    with pytest.raises(NotFoundError):
        accounts.set_roles(desk_for("dsl"), "nobody", ["staff"])


def test_nobody_gives_themselves_a_role(desk_for: DeskFor) -> None:
    with pytest.raises(RefusedError):
        accounts.set_roles(desk_for("dsl"), "dsl", ["dsl", "auditor"])


def test_only_a_leader_makes_a_leader(desk_for: DeskFor) -> None:
    """Else a DSL could make the second pair of eyes."""
    with pytest.raises(RefusedError):
        accounts.set_roles(desk_for("dsl"), "deputy", ["dsl", "leader"])
    with pytest.raises(RefusedError):
        add(desk_for("dsl"), roles="leader")
    assert accounts.set_roles(desk_for("leader"), "deputy", ["dsl", "leader"]).roles == ("dsl", "leader")


def test_the_last_dsl_stays(desk_for: DeskFor) -> None:
    accounts.set_roles(desk_for("leader"), "deputy", ["staff"])
    for user in ("leader", "dsl"):
        with pytest.raises(InvalidError, match="safeguarding lead"):
            accounts.set_roles(desk_for(user), "dsl", ["staff"])
    assert [p.user for p in accounts.people(desk_for("dsl")) if "dsl" in p.roles] == ["dsl"]
