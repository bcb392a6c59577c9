import msgspec
import pytest

from tests.conftest import CHEAP
from workbench.desk import kdf
from workbench.domain.errors import FolderError, InvalidError


def test_only_the_passphrase_matches() -> None:
    verifier = kdf.make("correct horse", CHEAP)
    assert kdf.matches(verifier, "correct horse")
    assert not kdf.matches(verifier, "correct horse ")
    assert not kdf.matches(verifier, "")
    assert not kdf.matches(verifier, "x" * 5000)


def test_it_does_not_matter_how_letters_are_composed() -> None:
    assert kdf.matches(kdf.make("Zoë", CHEAP), "Zoe\u0308")


def test_the_real_costs_are_64_mib_and_three_passes() -> None:
    assert kdf.DEFAULT == (64 * 1024, 3, 1)
    assert kdf.matches(kdf.make("slow"), "slow")


def test_same_passphrase_other_salt() -> None:
    assert kdf.make("x", CHEAP).hash != kdf.make("x", CHEAP).hash


@pytest.mark.parametrize("passphrase", ["", "  ", "x" * 1025])
def test_what_is_no_passphrase(passphrase: str) -> None:
    with pytest.raises(InvalidError):
        kdf.make(passphrase, CHEAP)


@pytest.mark.parametrize("field", ["memory_kib", "passes", "lanes"])
def test_a_file_cannot_ask_for_costs_that_stop_the_machine(field: str) -> None:
    greedy = msgspec.structs.replace(kdf.make("x", CHEAP), **{field: 10**9})
    with pytest.raises(FolderError, match="out of bounds"):
        kdf.matches(greedy, "x")


def test_a_damaged_verifier_says_so() -> None:
    with pytest.raises(FolderError, match="damaged"):
        kdf.matches(msgspec.structs.replace(kdf.make("x", CHEAP), salt="zz"), "x")
