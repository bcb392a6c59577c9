"""The invented school's year: terms, half terms and bank holidays for any September."""

from datetime import date, timedelta

from msgspec import Struct

ENOUGH_DAYS = 30
"""School days that the story needs behind it; with fewer, the year before is played too."""

DAY = timedelta(days=1)


class Year(Struct, frozen=True, kw_only=True):
    """One school year: terms and closures as (first, last, name), both days inclusive."""

    terms: tuple[tuple[date, date, str], ...]
    closures: tuple[tuple[date, date, str], ...]

    def days(self) -> list[date]:
        """The school days of the year, in order."""
        shut = {d for first, last, _ in self.closures for d in span(first, last)}
        return [
            d for first, last, _ in self.terms for d in span(first, last) if d.weekday() < 5 and d not in shut
        ]


def span(first: date, last: date) -> list[date]:
    """Every date from `first` to `last`, both inclusive."""
    return [first + DAY * n for n in range((last - first).days + 1)]


def monday(day: date) -> date:
    """The Monday of the week in which `day` lies."""
    return day - DAY * day.weekday()


def weekday_from(day: date) -> date:
    """`day`, or the Monday after it where it falls on a weekend."""
    return day if day.weekday() < 5 else monday(day) + DAY * 7


def year_of(september: int) -> Year:
    """The school year that begins in September of the year given."""
    spring = september + 1
    good_friday = _easter(spring) - DAY * 2
    may_day = monday(date(spring, 5, 7))
    terms = (
        (
            weekday_from(date(september, 9, 3)),
            monday(date(september, 12, 19)) + DAY * 4,
            f"Autumn {september}",
        ),
        (weekday_from(date(spring, 1, 5)), good_friday - DAY, f"Spring {spring}"),
        (good_friday + DAY * 17, monday(date(spring, 7, 21)) + DAY * 2, f"Summer {spring}"),
    )
    october, february, whitsun = (
        monday(day) for day in (date(september, 10, 28), date(spring, 2, 17), date(spring, 5, 31))
    )
    closures = (
        (october, october + DAY * 4, "half term"),
        (october + DAY * 7, october + DAY * 7, "INSET"),
        (february, february + DAY * 4, "half term"),
        (may_day, may_day, "bank holiday"),
        (whitsun, whitsun + DAY * 4, "half term"),
    )
    return Year(terms=terms, closures=closures)


def _easter(year: int) -> date:
    """Easter Sunday in the western calendar (the anonymous Gregorian reckoning)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def years_for(day: date) -> list[Year]:
    """The school years to play up to `day`: its own, and the one before where too little has passed."""
    september = day.year if day >= date(day.year, 9, 1) else day.year - 1
    now = year_of(september)
    passed = sum(1 for d in now.days() if d <= day)
    return [now] if passed >= ENOUGH_DAYS else [year_of(september - 1), now]
