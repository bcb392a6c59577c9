from datetime import date

import pytest

from workbench.domain.errors import InvalidError
from workbench.domain.schoolfile import read, school_of


def test_the_school_as_it_is_kept(school_toml: str) -> None:
    school = school_of(read(school_toml), since=date(2026, 11, 23))
    assert (school.name, school.number, school.kind, school.years) == (
        "Riverside Centre",
        "880/6001",
        "independent-special",
        (7, 11),
    )
    assert [term.name for term in school.terms] == ["Autumn 2026", "Spring 2027", "Summer 2027"]
    assert school.closures[1].why == "INSET"
    assert school.closures[1].first == school.closures[1].last == date(2026, 11, 2)
    assert school.authority.cme_named_person["name"] == "P. Rowe"
    assert school.authority.day_limits == {"home_visit": 5, "cme_referral": 10}


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ('kind = "independent-special"', 'kind = "college"', ("school.kind", "college")),
        ('trust = "On Track Education"', 'colour = "red"', ("school", "colour")),
        ("years = [7, 11]", "years = [11, 7]", ("school.years",)),
        ("years = [7, 11]", 'years = "7 to 11"', ("school.years",)),
        ('AM = "08:55"', 'AM = "8.55"', ("registers_open", "a time such as")),
        ('PM = "13:10"', 'PM = "07:10"', ("registers_open", "morning")),
        ("registers_open_minutes = 30", "registers_open_minutes = 45", ("registers_open_minutes",)),
        ("to = 2026-12-18", "to = 2026-08-18", ("calendar.terms", "first")),
        ("to = 2026-12-18", "to = 2027-01-18", ("calendar.terms", "2027-01-05")),
        ("from = 2026-10-26, to = 2026-10-30", "from = 2026-10-30, to = 2026-10-26", ("calendar.closed",)),
        ('user = "deputy"', 'user = "dsl"', ("people", "twice")),
        ('user = "deputy"', 'user = "../x"', ("people, the second.user", "small letters")),
        ('roles = ["staff"]', 'roles = ["boss"]', ("people", "boss")),
        ('roles = ["staff"]', "roles = []", ("people",)),
        ('roles = ["dsl"]', 'roles = ["staff"]', ("people", "dsl")),
        ('return_rhythm = "same-day"', 'return_rhythm = "yearly"', ("return_rhythm",)),
        ('name = "Riverside Centre"', 'name = "River\\u001b[2Jside"', ("school.name", "control character")),
        ('returns_by = "secure form"', f'returns_by = "{"x" * 501}"', ("local_authority.returns_by", "501")),
        ("[school]", "[school", ("TOML", "line")),
        ('name = "Riverside Centre"', 'name = "A"\nname = "B"', ("TOML",)),
    ],
)
def test_what_is_not_in_order_is_named(school_toml: str, was: str, now: str, words: tuple[str, ...]) -> None:
    assert was in school_toml
    with pytest.raises(InvalidError) as caught:
        read(school_toml.replace(was, now), "riverside.toml")
    assert str(caught.value).startswith("riverside.toml")
    for word in words:
        assert word in str(caught.value)


def test_a_maintained_school_names_who_maintains_it(school_toml: str) -> None:
    with pytest.raises(InvalidError, match="maintained_by"):
        read(school_toml.replace('kind = "independent-special"', 'kind = "maintained"'))
