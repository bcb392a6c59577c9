"""Whom a duty names, as people with names and numbers."""

from collections.abc import Iterable, Sequence

from workbench.domain.pupils import Around
from workbench.domain.school import Authority


def recipient_words(recipients: Sequence[str], la: Authority, around: Iterable[Around]) -> list[str]:
    """A line for each recipient that a name or number is known of."""
    people = list(around)
    lines = [_line(who, la, people) for who in recipients]
    return [line for line in lines if line]


def _line(who: str, la: Authority, around: Sequence[Around]) -> str:
    kind, _, name = who.partition(":")
    if kind == "la" and name == la.name:
        return _reach(f"{name}", la.cme_named_person)
    if kind == "social-care":
        return _reach(f"{name or la.name} children's social care", la.childrens_social_care)
    if kind == "police":
        return _reach("Police", la.police)
    if kind == "virtual-school" and name == la.name:
        return _reach("Virtual school", la.virtual_school)
    found = [a for a in around if a.role == kind]
    if found:
        return "; ".join(_person(a) for a in found)
    return _reach("Education welfare", la.education_welfare) if kind == "ewo" else ""


def _reach(who: str, how: dict[str, str]) -> str:
    return f"{who}: {', '.join(value for value in how.values() if value)}." if how else ""


def _person(a: Around) -> str:
    words = [a.name, a.authority, a.phone, a.email]
    return f"{a.role.replace('-', ' ').capitalize()}: {', '.join(word for word in words if word)}."
