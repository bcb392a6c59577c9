"""Whom to tell: the words of the packs turned into the recipients of one pupil.

| In a pack | Becomes | If |
|---|---|---|
| `la:statutory` | `la:NAME`, the authority that receives the school's returns | always |
| `la:home`, `la:placing`, `la:care` | `la:NAME`: where the child lives, placed, cares | known, another |
| `social-care` | `social-care:NAME`, where the child lives, else where the school stands | always |
| `social-worker?` | `social-worker` | one is recorded |
| `social-worker:any` | `social-worker` | recorded, or a plan, enquiry or care says there must be one |
| `virtual-school?` | `virtual-school:NAME` | the child is looked after |
| `yot?` | `yot` | supervised by youth justice, or recorded around the child |
| `ewo?`, `professionals?` | `ewo`; every other professional | recorded around the child |
| anything else | itself | always |
"""

import re
from collections.abc import Callable, Iterable, Iterator

from rules.facts import PupilFacts, SchoolFacts

_KNOWN = frozenset({"social-worker", "virtual-school", "yot", "ewo"})

Named = Callable[[SchoolFacts, PupilFacts], Iterable[str]]


def has_social_worker(pupil: PupilFacts) -> bool:
    """Whether a social worker is recorded, or a plan, an enquiry or care means that there is one."""
    return (
        pupil.social_worker
        or pupil.child_protection_plan
        or pupil.section_47
        or pupil.looked_after_by is not None
    )


def _other_la(school: SchoolFacts, name: str | None) -> Iterable[str]:
    """An authority other than the one that receives the returns anyway."""
    return (f"la:{name}",) if name and name != school.statutory_la else ()


def _others(pupil: PupilFacts) -> Iterable[str]:
    return (who for who in pupil.other_professionals if who not in _KNOWN)


_NAMED: dict[str, Named] = {
    "la:home": lambda school, pupil: _other_la(school, pupil.home_la),
    "la:placing": lambda school, pupil: _other_la(school, pupil.placing_la),
    "la:care": lambda school, pupil: _other_la(school, pupil.looked_after_by),
    "social-care": lambda school, pupil: (f"social-care:{pupil.home_la or school.stands_in}",),
    "social-worker?": lambda _, pupil: ("social-worker",) if pupil.social_worker else (),
    "social-worker:any": lambda _, pupil: ("social-worker",) if has_social_worker(pupil) else (),
    "virtual-school?": lambda _, pupil: (
        (f"virtual-school:{pupil.looked_after_by}",) if pupil.looked_after_by else ()
    ),
    "yot?": lambda _, pupil: (
        ("yot",) if "youth_justice" in pupil.groups or "yot" in pupil.other_professionals else ()
    ),
    "ewo?": lambda _, pupil: ("ewo",) if "ewo" in pupil.other_professionals else (),
    "professionals?": lambda _, pupil: _others(pupil),
}


def recipients(words: Iterable[str], school: SchoolFacts, pupil: PupilFacts | None) -> tuple[str, ...]:
    """The recipients of a duty, in order and without doubles.

    Args:
        words: as a pack names them.
        school: for its authorities.
        pupil: for those of the child; None for a duty about no pupil.
    """
    return tuple(dict.fromkeys(_each(words, school, pupil)))


_WORD = re.compile(r"[a-z]+(-[a-z]+)*")
_AUTHORITY = re.compile(r"(la|social-care|virtual-school):[^\s:?][^:?]*")


def fault(word: str) -> str | None:
    """What is wrong with a word that a pack names for a recipient; None if it can be used."""
    if word == "la:statutory" or word in _NAMED or _WORD.fullmatch(word) or _AUTHORITY.fullmatch(word):
        return None
    return f"{word!r} is nobody; write la:statutory, la:NAME, dsl, leader, parents, {', '.join(_NAMED)}"


def _each(words: Iterable[str], school: SchoolFacts, pupil: PupilFacts | None) -> Iterator[str]:
    for word in words:
        if word == "la:statutory":
            yield f"la:{school.statutory_la}"
        elif word in _NAMED:
            if pupil is not None:
                yield from _NAMED[word](school, pupil)
        else:
            yield word
