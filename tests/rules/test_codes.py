from datetime import date

import pytest

from rules.codes import CodeRow, CodeTable, Era
from rules.errors import NotInRuleSet, NoValueInForce, PackError
from tests.rules.rulekit import RULES, D

CODES = RULES.codes
ON = D(2026, 11, 23)
BEGINS = D(2024, 8, 19)

CLASSES = {
    "present": "/ \\ L",
    "approved": "K V P W B",
    "authorised": "C1 C2 C J1 S M T R I E",
    "unauthorised": "G N O U",
    "not-possible": "D X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7",
    "admin": "Z #",
}


def test_every_code_of_2024_has_its_class() -> None:
    got = {code.code: code.class_ for code in CODES.at(ON).values()}
    assert got == {code: name for name, codes in CLASSES.items() for code in codes.split()}
    assert len(got) == 34


def test_the_signs_for_present_belong_to_their_session() -> None:
    table = CODES.at(ON)
    assert table["/"].sessions == ("AM",)
    assert table["\\"].sessions == ("PM",)
    assert all(code.sessions == ("AM", "PM") for name, code in table.items() if name not in "/\\")


def test_what_has_to_be_written_beside_a_code() -> None:
    assert {name: code.needs for name, code in CODES.at(ON).items() if code.needs} == {
        "L": "minutes",
        "B": "note",
        "Y7": "note",
    }


def test_planned_codes_are_those_of_the_design() -> None:
    planned = {name for name, code in CODES.at(ON).items() if code.planned}
    assert planned == {"C", "C1", "C2", "E", "V", "P", "W", "B", "J1", "S", "M", "X", "D"}


def test_each_era_is_read_under_its_own_table() -> None:
    """An interview, a granted holiday, an exceptional closure: the same letters, other days, other classes."""
    last, first = D(2024, 8, 18), D(2024, 8, 19)
    assert CODES.at(last)["J"].class_ == "approved"
    assert CODES.at(first)["J1"].class_ == "authorised"
    assert {"H", "J", "Y"} <= set(CODES.at(last))
    assert not {"H", "J", "Y", "F"} & set(CODES.at(first))
    assert not {"K", "Q", "C1", "C2", "J1", "Y1"} & set(CODES.at(last))
    assert ("F" in CODES.at(D(2013, 8, 31)), "F" in CODES.at(D(2013, 9, 1))) == (True, False)


def test_before_the_2006_regulations_the_gap_is_named() -> None:
    assert "O" in CODES.at(D(2006, 9, 1))
    with pytest.raises(NoValueInForce, match=r"codes.*2006-08-31"):
        CODES.at(D(2006, 8, 31))


def test_bytes_are_one_a_code_and_come_back() -> None:
    made = [CODES.encode(code) for code in CODES.known]
    assert all(len(byte) == 1 for byte in made)
    assert len(set(made)) == len(made)
    assert b"." not in made
    assert [CODES.decode(byte) for byte in made] == list(CODES.known)
    assert [CODES.decode(byte[0]) for byte in made] == list(CODES.known)
    assert CODES.decode(b".") == ""


@pytest.mark.parametrize("code", ["", "A", "Y8", "?", "o", "n"])
def test_an_unknown_code_is_refused(code: str) -> None:
    with pytest.raises(NotInRuleSet):
        CODES.encode(code)


def test_an_unknown_byte_is_refused() -> None:
    with pytest.raises(NotInRuleSet):
        CODES.decode(b"?")
    with pytest.raises(NotInRuleSet):
        CODES.class_of(b".", ON)


def test_the_class_table_agrees_with_the_class_of_each() -> None:
    table = CODES.classes(ON)
    letters = {"present": b"p", "approved": b"v", "authorised": b"a", "unauthorised": b"u"}
    for name, code in CODES.at(ON).items():
        assert CODES.class_of(code.byte, ON) == code.class_
        expected = letters.get(code.class_, b"x" if code.class_ == "not-possible" else b"z")
        assert code.byte.translate(table) == expected, name
    assert b".?".translate(table) == b".."


def test_every_code_has_a_source() -> None:
    assert all(code.citation.text and code.citation.quote for code in CODES.at(ON).values())


def era(*rows: CodeRow, since: date = BEGINS) -> Era:
    return Era(from_=since, standing="law", certainty="verified", law="x", quote="y", code=rows)


def row(code: str, byte: str = "") -> CodeRow:
    return CodeRow(code=code, byte=byte, title="t", class_="present", certainty="verified")


@pytest.mark.parametrize(
    "rows", [(row("AB"),), (row("A"), row("B1", "A")), (row("."),), (row("A1", "."),), (row("A1", "xy"),)]
)
def test_a_table_without_one_byte_a_code_is_refused(rows: tuple[CodeRow, ...]) -> None:
    with pytest.raises(PackError):
        CodeTable([era(*rows)])


def test_a_later_era_takes_over_on_its_day() -> None:
    table = CodeTable([era(row("A")), era(row("B"), since=D(2025, 1, 1))])
    assert list(table.at(D(2024, 12, 31))) == ["A"]
    assert list(table.at(D(2025, 1, 1))) == ["B"]
    assert table.known == ("A", "B")
