"""What a return holds, how it is written out, and whom a duty names."""

import csv
import io
import json
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.csvcells import guarded
from workbench.domain.drafts import UNKNOWN, Item, as_csv, as_json, as_text, missing, person_items
from workbench.domain.pupils import Around, Pupil
from workbench.domain.school import Authority
from workbench.domain.whom import recipient_words

PUPIL = Pupil(
    id="P-1",
    surname="Dunmore",
    forename="Kai",
    born=date(2012, 5, 1),
    year=9,
    class_="9B",
    starts=date(2025, 9, 3),
    address="4 The Rise",
    postcode="TQ1 1AA",
)


def parent(name: str, **fields: object) -> Around:
    return Around(id=f"A-{name}", pupil="P-1", kind="parent", name=name, **fields)  # type: ignore[arg-type]


def values(items: list[Item]) -> dict[str, str]:
    return {item.key: item.value for item in items}


def test_every_parent_the_pupil_lives_with_is_named_with_a_number() -> None:
    people = [
        parent("R. Dunmore", role="mother", phone="07700 900111", lives_with=True),
        parent("S. Dunmore", role="father", lives_with=True),
        parent("T. Away", role="father"),
    ]
    found = values(person_items(PUPIL, people))
    assert found["parent_1_name"] == "R. Dunmore (mother)"
    assert found["parent_1_address"] == "4 The Rise, TQ1 1AA"
    assert found["parent_2_telephone"] == UNKNOWN
    assert "parent_3_name" not in found


def test_without_one_at_home_every_parent_is_named_and_without_any_it_is_said() -> None:
    found = person_items(PUPIL, [parent("T. Away", phone="1")])
    assert values(found)["parent_1_name"] == "T. Away (parent)"
    assert values(found)["parent_1_address"] == UNKNOWN
    assert "parent the pupil lives with: unknown" in missing(person_items(PUPIL, []))


@pytest.mark.parametrize("where", [True, False])
def test_an_unknown_address_of_a_parent_is_missing_where_it_is_asked_for(where: bool) -> None:
    people = [
        parent("R. Dunmore", role="mother", phone="07700 900111", lives_with=True, address="9 The Quay"),
        parent("S. Dunmore", role="father", phone="07700 900112", lives_with=True),
    ]
    nowhere = msgspec.structs.replace(PUPIL, address="", postcode="")
    assert ("address of parent 2: unknown" in missing(person_items(nowhere, people, where))) is where
    assert not [words for words in missing(person_items(nowhere, people, where)) if "parent 1" in words]
    assert not [words for words in missing(person_items(PUPIL, people, where)) if "parent 2" in words]


def test_only_what_must_be_said_is_missing() -> None:
    items = [
        Item(key="a", label="New address", value=UNKNOWN),
        Item(key="b", label="Cause", value=UNKNOWN, required=False),
        Item(key="c", label="Ground", value="F"),
    ]
    assert missing(items) == ("new address: unknown",)


@pytest.mark.parametrize("first", list("=+-@\t\r"))
def test_no_cell_begins_like_a_formula(first: str) -> None:
    assert guarded(f"{first}1+1") == f"'{first}1+1"
    assert guarded(f"x;{first}1+1").startswith(f"x;'{first}")
    assert guarded(f"x\n{first}1+1").startswith(f"x\n'{first}")
    for plain in ("4 The Rise", "a=b", "T-4471", "mail a@b.example", "x; =1", ""):
        assert guarded(plain) == plain


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1, max_size=5
    )
)
def test_csv_and_json_give_back_what_went_in(texts: list[str]) -> None:
    items = [Item(key=f"k{n}", label="L", value=text) for n, text in enumerate(texts)]
    rows = list(csv.reader(io.StringIO(as_csv(items).removeprefix("\ufeff"), newline="")))
    assert rows == [[i.key for i in items], [guarded(text) for text in texts]]
    assert json.loads(as_json("A return", items)) == {"return": "A return", **values(items)}


def test_text_is_two_columns() -> None:
    items = [Item(key="a", label="Ground", value="F"), Item(key="b", label="Date of deletion", value="today")]
    assert as_text("Return", items).splitlines()[2:] == ["Ground            F", "Date of deletion  today"]


def test_recipients_are_people_with_numbers() -> None:
    la = Authority(name="Torbay", cme_named_person={"name": "P. Rowe", "telephone": "01632 960100"})
    around = [
        Around(
            id="A-1",
            pupil="P-1",
            kind="professional",
            name="A. Reid",
            role="social-worker",
            phone="01632 960444",
        )
    ]
    lines = recipient_words(["la:Torbay", "la:South", "social-worker", "yot"], la, around)
    assert lines == ["Torbay: P. Rowe, 01632 960100.", "Social worker: A. Reid, 01632 960444."]
