"""Names of others are taken out by role, however they are written; the child's own stay."""

import pytest

from workbench.domain.thirdparties import Names, Third

WITNESS = Third(
    id="P-WIT", names=("Zoë Quarrel-Vance", "Quarrel-Vance, Zoë", "A123"), parts=("Zoë", "Quarrel-Vance"),
    role="witness",
)  # fmt: skip
OTHER = Third(id="P-OTH", names=("May Brown", "Brown, May"), role="another child")
BROTHER = Third(
    id="P-BRO", names=("Ben Ash", "Ash, Ben"), parts=("Ben", "Ash"), role="sibling"
)  # fmt: skip
KNOWN = ("Ash, Anna", "Anna Ash", "Carol Ash")


def _names() -> Names:
    return Names([WITNESS, OTHER, BROTHER], KNOWN)


@pytest.mark.parametrize(("text", "shown"), [
    ("Zoë Quarrel-Vance saw it", "[witness P-WIT] saw it"),
    ("zoe quarrel vance saw it", "[witness P-WIT] saw it"),
    ("QUARREL-VANCE,\nZOË saw it", "[witness P-WIT] saw it"),
    ("Zoe's coat", "[witness P-WIT]'s coat"),
    ("told by A123.", "told by [witness P-WIT]."),
    ("Anna and Ben Ash", "Anna and [sibling P-BRO]"),
    ("Ben came, Anna Ash did not", "[sibling P-BRO] came, Anna Ash did not"),
    ("May Brown hit her", "[another child P-OTH] hit her"),
    ("In May. Brown coat", "In [another child P-OTH] coat"),  # rather one too many than one too few
    ("May it be Brown", "May it be Brown"),
    ("Zoology, zoëtrope, Bench", "Zoology, zoëtrope, Bench"),
    ("", ""),
])  # fmt: skip
def test_a_name_is_replaced_by_its_role(text: str, shown: str) -> None:
    assert _names()(text) == shown


def test_a_part_in_small_letters_is_left_and_counted() -> None:
    names = _names()
    assert names("a big ben of a man") == "a big ben of a man"
    assert names.left == {BROTHER: 1}
    assert not names.places


def test_values_inside_values_are_looked_at_and_keys_are_not() -> None:
    names = _names()
    value = {"Ben Ash": [{"text": "Ben Ash", "n": 3, "none": None}], "title": "Ben Ash"}
    assert names(value) == {
        "Ben Ash": [{"text": "[sibling P-BRO]", "n": 3, "none": None}],
        "title": "Ben Ash",
    }
    assert names.places == {BROTHER: 1}


def test_the_childs_own_name_stays_even_where_somebody_else_bears_it() -> None:
    twin = Third(id="P-TWN", names=("Anna Ash", "Ash, Anna"), role="another child")
    assert Names([twin], KNOWN)("Anna Ash") == "Anna Ash"
