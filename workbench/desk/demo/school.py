"""The invented school: its file, accounts, pupils and the people around them. Every name is made up."""

from collections.abc import Sequence
from datetime import date
from random import Random

from msgspec import Struct

from workbench.desk.demo.calendar import Year
from workbench.domain.upn import check_letter

PASSPHRASE = "workbench-demo"  # noqa: S105 - the demo says it aloud; it protects nothing
"""Every demo account has it, and the demo says so: it protects nothing."""
CLASS_SIZE = 16
YEARS = (7, 8, 9, 10, 11)
SCHOOL_NUMBER = "8806001"

SURNAMES = """
Abbott Adeyemi Ashdown Bello Birchall Brackley Cardew Castell Coyne Dalby Darrow Dunmore Eastham
Ellis Fairlie Farrow Gadsby Garrity Haldane Harker Iqbal Ingram Jessop Kaur Kestrel Lacey Lomax
Marlow Mistry Nettles Novak Okafor Orton Penhale Quill Rahman Rowntree Sefton Stokes Tanner Thorne
Umney Varga Wexford Wilk Yardley Yusuf Zeller
""".split()
FORENAMES = """
Ada Amira Asha Bram Cass Cody Dara Devon Eden Elif Farah Finn Gwen Hana Idris Isla Jago Joss Kai
Kezia Leo Lena Mabel Milo Nia Noor Olly Orla Perry Priya Quinn Reuben Rosa Sam Seren Tariq Tess
Tomasz Uma Vera Wren Yara Zac Zofia
""".split()
STREETS = (
    "Station Approach",
    "Canal Street",
    "Quarry Road",
    "Mill Lane",
    "The Rise",
    "Barracks Row",
    "Harbour View",
)
PEOPLE = (
    ("dsl", "J. Okafor", "Designated Safeguarding Lead", "dsl"),
    ("deputy", "A. Bello", "Deputy DSL", "dsl"),
    ("leader", "M. Price", "School leader", "leader"),
    ("attendance", "R. Novak", "Attendance officer", "attendance"),
    ("staff", "T. Ellis", "Class teacher, 9A", "staff"),
    ("auditor", "Director of safeguarding", "Director", "auditor"),
)


class Invented(Struct, frozen=True, kw_only=True):
    """An invented pupil before the import: what a school's own file would hold."""

    upn: str
    surname: str
    forename: str
    born: date
    year: int
    class_: str
    starts: date
    address: str
    groups: str = ""
    social_worker: bool = False


def classes_of(pupils: int) -> list[tuple[int, str]]:
    """`(year, class)` pairs, enough classes for the number of pupils; at least one a year group."""
    per_year = max(1, -(-pupils // (CLASS_SIZE * len(YEARS))))
    return [(year, f"{year}{_letters(n)}") for year in YEARS for n in range(per_year)]


def _letters(n: int) -> str:
    return chr(65 + n) if n < 26 else chr(64 + n // 26) + chr(65 + n % 26)


def invent(pupils: int, years: Sequence[Year], rng: Random) -> list[Invented]:
    """The pupils on roll on the first day, spread evenly over the classes."""
    classes = classes_of(pupils)
    return [invent_one(n, *classes[n % len(classes)], years, rng) for n in range(pupils)]


def invent_one(
    n: int, year: int, class_: str, years: Sequence[Year], rng: Random, starts: date | None = None
) -> Invented:
    """One pupil, number `n`; names repeat only after every combination was used."""
    september = years[-1].terms[0][0].year
    entry = date(september - (year - YEARS[0]), 9, 1)
    body = f"{SCHOOL_NUMBER}{n:05d}"
    return Invented(
        upn=check_letter(body) + body,
        surname=SURNAMES[(n * 7 + n // len(SURNAMES)) % len(SURNAMES)],
        forename=FORENAMES[(n * 5 + n // len(FORENAMES)) % len(FORENAMES)],
        born=date(september - 5 - year, 9, 1).replace(
            month=rng.choice((9, 10, 11, 12)), day=rng.randint(1, 28)
        ),
        year=year,
        class_=class_,
        starts=starts or min(entry, years[0].terms[0][0]),
        address=f"{rng.randint(1, 180)} {rng.choice(STREETS)}",
        groups=rng.choices(("", "Youth justice", "GRT", "Service child", "New migrant"), (78, 6, 6, 5, 5))[0],
        social_worker=rng.random() < 0.15,
    )


def pupils_csv(pupils: Sequence[Invented], rng: Random) -> bytes:
    """The file that the attendance officer imports: the plain dialect."""
    head = (
        "upn;surname;forename;date_of_birth;year;class;starts;address;postcode;groups;social_worker;"
        "parent_1;parent_1_phone;parent_2;parent_2_phone"
    )
    rows = [";".join((*_own(p, rng), *_parents(p, rng))) for p in pupils]
    return "\n".join([head, *rows, ""]).encode()


def _own(p: Invented, rng: Random) -> tuple[str, ...]:
    postcode = f"TQ{rng.randint(1, 9)} {rng.randint(1, 9)}ZZ"
    worker = "Yes" if p.social_worker else "No"
    dates = (p.born.isoformat(), str(p.year), p.class_, p.starts.isoformat())
    return (p.upn, p.surname, p.forename, *dates, p.address, postcode, p.groups, worker)


def _parents(p: Invented, rng: Random) -> tuple[str, ...]:
    initials = "ABCDEFGHJKLMNPRST"
    first = (f"{rng.choice(initials)}. {p.surname}", f"07700 900{rng.randint(0, 999):03d}")
    second = (f"{rng.choice(initials)}. {rng.choice(SURNAMES)}", f"01632 960{rng.randint(200, 999):03d}")
    return (*first, *second)


def school_toml(years: Sequence[Year]) -> str:
    """The school's own file, as `workbench init` reads it."""
    terms = ",\n".join(f'  {{name = "{n}", from = {a}, to = {b}}}' for y in years for a, b, n in y.terms)
    closed = ",\n".join(f'  {{why = "{w}", from = {a}, to = {b}}}' for y in years for a, b, w in y.closures)
    people = "\n".join(
        f'[[people]]\nuser = "{user}"\nname = "{name}"\npost = "{post}"\nroles = ["{role}"]\n'
        for user, name, post, role in PEOPLE
    )
    return f"""[school]
name = "Riverside Centre"
number = "880/6001"
kind = "independent-special"
stands_in = "Torbay"
years = [{YEARS[0]}, {YEARS[-1]}]
trust = "On Track Education"
policy = "on-track-cme"
policy_review = {years[-1].terms[0][0].year + 1}-09-01
registers_open = {{AM = "08:55", PM = "13:10"}}
registers_open_minutes = 30
suspensions_full_time_from_day = 6

[calendar]
terms = [
{terms},
]
closed = [
{closed},
]

[local_authority]
name = "Torbay"
cme_named_person = {{name = "P. Rowe", telephone = "01632 960100", email = "cme@la.invalid"}}
childrens_social_care = {{telephone = "01632 960101", out_of_hours = "01632 960102"}}
police = {{emergency = "999", non_emergency = "101"}}
virtual_school = {{name = "Virtual School", email = "virtual-school@la.invalid"}}
education_welfare = {{name = "L. Hart", role = "EWO", telephone = "01632 960103"}}
threshold_document = {{title = "Torbay threshold document", version = "2025", link = "https://la.invalid/threshold"}}
return_rhythm = "same-day"
returns_by = "secure form"
asks_leavers = false
asks_starters = false
day_limits = {{home_visit = 5, cme_referral = 10}}

{people}"""
