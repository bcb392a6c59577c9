"""What a passphrase or a PIN has to be where one is chosen."""

from pathlib import Path

import pytest

from tests.conftest import CHEAP, PASSPHRASE, USERS, DeskFor
from workbench.desk import accounts, folders, kdf, signin
from workbench.desk.clock import FixedClock
from workbench.desk.secrets_rules import check_secret, common, is_pin, limits, may_have_pin
from workbench.domain.errors import FolderError, InvalidError

OWN = ("jokafor", "Jane Okafor", "Rivermead Academy", "10012345")
GOOD = "kettle bramble orchid"


@pytest.mark.parametrize(
    "words",
    [
        GOOD,
        PASSPHRASE,
        "lamp fence pigeon sand",
        "xk3!vPq9zT2m",
        "ŋéüöäß ǽðđħł",
        "mummy loves kettles",
        "  " + GOOD,
    ],
)
def test_what_is_taken(words: str) -> None:
    check_secret(words, ["dsl"], OWN)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "at least 12"),
        ("short", "at least 12"),
        ("elevenchars", "at least 12"),
        (" " * 20, "at least 12"),
        ("123456789012", "Digits alone"),
        ("835104629751", "Digits alone"),
        ("aaaaaaaaaaaaaa", "repeats"),
        ("abababababab", "repeats"),
        ("password1234", "guessed early"),
        ("P@ssw0rd2026!!", "guessed early"),
        ("correct horse battery staple", "guessed early"),
        ("hello hello hello", "guessed early"),
        ("monkey sunshine dragon", "guessed early"),
        ("abcdefghijkl", "guessed early"),
        ("qwertyuiop12", "guessed early"),
        ("lkjhgfdsaqwerty", "guessed early"),
        ("Rivermead2026!", "guessed early"),
        ("RivermeadAcademy", "guessed early"),
        ("jokafor-okafor-jane", "guessed early"),
        ("Liverpool liverpool1", "guessed early"),
        ("workbench-demo", "guessed early"),
    ],
)
@pytest.mark.parametrize("role", ["attendance", "dsl", "leader", "auditor"])
def test_what_is_refused_for_those_who_read_cases(words: str, why: str, role: str) -> None:
    with pytest.raises(InvalidError, match=why) as caught:
        check_secret(words, [role], OWN)  # type: ignore[list-item]
    assert "four words" in caught.value.todo
    assert not words.strip() or words not in str(caught.value)


@pytest.mark.parametrize("pin", ["482915", "739164", "5829417", "80471653"])
def test_staff_may_have_a_pin_and_others_not(pin: str) -> None:
    check_secret(pin, ["staff"], OWN)
    for roles in (["dsl"], ["staff", "attendance"], []):
        with pytest.raises(InvalidError):
            check_secret(pin, roles, OWN)


@pytest.mark.parametrize(
    "pin",
    [
        *(
            "12345",
            "1",
            "000000",
            "111111",
            "123456",
            "654321",
            "234567",
            "890123",
            "135791",
            "121212",
            "123123",
        ),
        *("112211", "482284", "159753", "147258", "310812", "123108", "120831", "31082012", "20120831"),
        *("100123", "10012345", "998877", "447733"),
    ],
)
def test_obvious_pins_are_refused(pin: str) -> None:
    with pytest.raises(InvalidError, match="PIN") as caught:
        check_secret(pin, ["staff"], OWN)
    assert pin not in caught.value.what or len(pin) == 1


def test_staff_may_have_a_passphrase_which_follows_the_rules() -> None:
    check_secret(GOOD, ["staff"], OWN)
    with pytest.raises(InvalidError, match="at least 12") as caught:
        check_secret("kettles", ["staff"], OWN)
    assert "PIN" in caught.value.todo


def test_signs_that_only_look_like_digits_are_no_pin() -> None:
    assert not is_pin("٤٨٢٩١٥")
    with pytest.raises(InvalidError):
        check_secret("٤٨٢٩١٥", ["staff"], OWN)


def test_the_list_is_small_plain_and_without_doubles() -> None:
    path = Path(folders.__file__).parent / "data" / "common-secrets.txt"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len(lines) == len(common())
    assert all(line.isascii() and line.isalnum() and line == line.lower() for line in lines)
    assert path.stat().st_size < 8192


def test_the_numbers_are_data() -> None:
    found = limits()
    assert (found.passphrase.least, found.pin.least, found.throttle.first, found.throttle.most) == (
        12,
        6,
        1,
        60,
    )
    assert [may_have_pin(roles) for roles in (["staff"], ["staff", "dsl"], [])] == [True, False, False]  # type: ignore[list-item]


def test_the_rules_hold_where_a_secret_is_chosen_and_nothing_is_written(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    before = len(list(desk.store.entries()))
    new = {"user": "ann", "name": "A. New", "post": "Teacher", "roles": "staff, attendance"}
    for act in (
        lambda: accounts.add(desk, new, "482915", CHEAP),
        lambda: accounts.add(desk, new, "ann new ann new", CHEAP),
        lambda: accounts.set_passphrase(desk, "password1234", CHEAP),
        lambda: accounts.set_passphrase(desk, "482915", CHEAP),
    ):
        with pytest.raises(InvalidError):
            act()
    assert len(list(desk.store.entries())) == before


def test_a_pin_signs_in_as_staff_and_opens_nothing_more(empty_for: DeskFor) -> None:
    """Also after a role was given that reads cases, until a passphrase is chosen."""
    desk = empty_for("dsl")
    new = {"user": "ann", "name": "A. New", "post": "Teacher", "roles": "staff"}
    accounts.add(desk, new, "482915", CHEAP)
    assert signin.sign_in(desk, "ann", "482915", fold=True).who.roles == {"staff"}  # type: ignore[union-attr]
    accounts.set_roles(desk, "ann", ["staff", "dsl"])
    ann = signin.sign_in(desk, "ann", "482915", fold=True)
    assert ann.who is not None
    assert ann.who.roles == {"staff"}
    assert any("PIN" in words for words in desk.store.remarks)
    with pytest.raises(InvalidError):
        accounts.set_passphrase(ann, "739164", CHEAP)
    accounts.set_passphrase(ann, GOOD, CHEAP)
    assert signin.sign_in(desk, "ann", GOOD, fold=True).who.roles == {"staff", "dsl"}  # type: ignore[union-attr]


def test_ones_own_passphrase_asks_for_the_old_one(empty_for: DeskFor) -> None:
    desk = empty_for("staff")
    with pytest.raises(Exception, match="wrong"):
        accounts.set_passphrase(desk, GOOD, CHEAP, old="not it")
    assert [entry["act"] for entry in desk.store.entries()][-1] == "signin.refused"


def test_a_new_school_begins_with_good_ones(tmp_path: Path, school_toml: str, clock: FixedClock) -> None:
    secrets = dict.fromkeys(USERS, GOOD)
    with pytest.raises(InvalidError, match=r"^leader: "):
        folders.init(tmp_path / "x", school_toml, {**secrets, "leader": "workbench-demo"}, clock, CHEAP)
    assert not (tmp_path / "x").exists()
    folders.init(tmp_path / "x", school_toml, {**secrets, "staff": "482915"}, clock, CHEAP).close()


def test_a_demo_is_marked_and_its_passphrase_may_be_told(
    tmp_path: Path, school_toml: str, clock: FixedClock
) -> None:
    secrets = dict.fromkeys(USERS, "workbench-demo")
    desk = folders.init(tmp_path / "x", school_toml, secrets, clock, CHEAP, demo=True)
    assert folders.is_demo(desk)
    signed = signin.sign_in(desk, "dsl", "workbench-demo")
    with pytest.raises(InvalidError):  # what is chosen later follows the rules, there too
        accounts.set_passphrase(signed, "workbench-demo2", CHEAP)
    desk.close()


def test_nobody_is_asked_for_a_better_one_at_the_sign_in(empty_for: DeskFor) -> None:
    """An account from before the rules."""
    desk = empty_for("dsl")
    with desk.change("person.passphrase-set") as tx:
        own = accounts.people_known(desk)["dsl"]
        folders.save_account(desk, tx, own, kdf.make("old", CHEAP))
    assert signin.sign_in(desk, "dsl", "old").user() == "dsl"


def test_an_unknown_role_is_refused_when_the_folder_is_opened(
    tmp_path: Path, empty_for: DeskFor, clock: FixedClock
) -> None:
    desk = empty_for("dsl")
    assert not folders.is_demo(desk)
    with desk.change("person.roles-set") as tx:
        tx.put("people", "people", {**desk.docs("people", "people")["staff"], "roles": ["staff", "governor"]})
    desk.close(snapshot=True)
    with pytest.raises(FolderError, match="staff has the role governor, which this version does not know"):
        folders.open_folder(tmp_path / "data", clock)
