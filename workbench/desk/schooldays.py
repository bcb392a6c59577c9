"""The school days around a school year. No verbs here."""

from bisect import bisect_right

from rules.days import Calendar
from workbench.domain.school import School
from workbench.domain.years import year_label


def calendar_around(school: School, wanted: str) -> Calendar:
    """The terms and closures of a school year such as `2026-27`, of the year before and of the year after, as far as
    the school has them."""
    labels = sorted({year_label(term.first) for term in school.terms})
    here = max(0, bisect_right(labels, wanted) - 1)
    around = labels[max(0, here - 1) : here + 2]
    terms = tuple((term.first, term.last) for term in school.terms if year_label(term.first) in around)
    closed = tuple((closure.first, closure.last, closure.why) for closure in school.closures)
    return Calendar(terms, closed)
