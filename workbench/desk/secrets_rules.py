"""What a new passphrase or PIN has to be. Asked where one is chosen, never where somebody signs in.

The numbers stand in `data/secrets.toml`, what is guessed first in `data/common-secrets.txt`. No message repeats what
was typed.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from unicodedata import normalize

from msgspec import Struct, convert

from workbench.desk.columns import DATA
from workbench.domain.errors import InvalidError
from workbench.domain.people import Role

BETTER = (
    "Take four words that have nothing to do with each other, with you or with the school, such as things that you "
    "see from a window; blanks count."
)
BETTER_PIN = "Take digits that are no date, no pattern on the keys and no number of yours; or a passphrase."
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop")
LEET = str.maketrans("013457@$!|+", "oieastasilt")
YEAR = re.compile(r"(?:19|20)\d\d")
WORD = 4
"""Letters from which a known word counts inside of another."""
DAYS, MONTHS = range(1, 32), range(1, 13)


class Least(Struct, frozen=True):
    """The least of a passphrase or a PIN: characters, different ones, and those that are its own."""

    least: int
    least_different: int
    least_of_its_own: int = 0


class Run(Struct, frozen=True):
    """From how many characters on neighbours are a run."""

    sequence: int
    keyboard: int


class Throttle(Struct, frozen=True):
    """Seconds after a first failed try and at most; from how many, and for how many days, the DSL is told."""

    first: int
    most: int
    shown_from: int
    shown_days: int


class Limits(Struct, frozen=True):
    """The numbers of `secrets.toml`."""

    passphrase: Least
    pin: Least
    run: Run
    throttle: Throttle


@cache
def limits() -> Limits:
    """The numbers, read once."""
    return convert(tomllib.loads((DATA / "secrets.toml").read_text("utf-8")), Limits)


@cache
def common() -> frozenset[str]:
    """Words, phrases and PINs that are guessed first, in small letters."""
    lines = (DATA / "common-secrets.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def is_pin(secret: str) -> bool:
    """Whether a secret is digits alone: it says who somebody is and opens nothing."""
    return secret.isascii() and secret.isdigit()


def may_have_pin(roles: Iterable[Role]) -> bool:
    """Whether these roles may sign in with a PIN: `staff` and no other."""
    return set(roles) == {"staff"}


def secret_hint() -> str:
    """What a new secret has to be, in one line."""
    found = limits()
    return (
        f"{found.passphrase.least} characters or more, as four words; `staff` also {found.pin.least} digits."
    )


def check_secret(secret: str, roles: Sequence[Role], own: Sequence[str] = ()) -> None:
    """Let a new secret pass, or say what is wrong and how to choose a better one.

    Args:
        secret: as typed.
        roles: all roles of whom it is for.
        own: what belongs to the person and the school: user name, name, school, its number.

    Raises:
        InvalidError: it is too short, common, a run or a repetition, or made of the person's or school's names.
    """
    if is_pin(secret) and may_have_pin(roles):
        _check_pin(secret, own)
    else:
        _check_passphrase(secret, may_have_pin(roles), own)


def _check_pin(pin: str, own: Sequence[str]) -> None:
    least = limits().pin
    if len(pin) < least.least:
        raise InvalidError(f"A PIN has at least {least.least} digits; this has {len(pin)}.", todo=BETTER_PIN)
    numbers = [re.sub(r"\D", "", text) for text in own]
    own_number = any(number and (pin in number or number in pin) for number in numbers if len(number) > 3)
    if own_number:
        raise InvalidError("That PIN is a number of the school or the person.", todo=BETTER_PIN)
    if pin in common() or _is_obvious(pin) or _is_date(pin):
        raise InvalidError("That PIN is one of those that are guessed first.", todo=BETTER_PIN)


def _is_obvious(pin: str) -> bool:
    few = len(set(pin)) < limits().pin.least_different
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return few or len(steps) == 1 or _unit(pin) != pin or pin in (pin[::-1], _doubled(pin))


def _doubled(pin: str) -> str:
    """Every other digit twice: 112277."""
    return "".join(digit * 2 for digit in pin[::2])


def _is_date(pin: str) -> bool:
    """Whether it reads as a day: 310812, 120831, 31082012, 20120831."""
    first, second, third = (int(pin[at : at + 2]) for at in (0, 2, 4))
    if len(pin) == 6:
        return _is_day(first, second) or _is_day(second, first) or _is_day(third, second)
    if len(pin) != 8:
        return False
    if YEAR.match(pin):
        return _is_day(int(pin[6:]), int(pin[4:6]))
    return bool(YEAR.match(pin[4:])) and (_is_day(first, second) or _is_day(second, first))


def _is_day(day: int, month: int) -> bool:
    return day in DAYS and month in MONTHS


def _check_passphrase(secret: str, pin_too: bool, own: Sequence[str]) -> None:
    least = limits().passphrase
    text = normalize("NFKC", secret).casefold().strip()
    if len(text) < least.least:
        words = f"A passphrase has at least {least.least} characters; this has {len(text)}."
        raise InvalidError(words, todo=f"{BETTER} Or a PIN of digits." if pin_too else BETTER)
    if is_pin(text):
        raise InvalidError("Digits alone are no passphrase: a PIN is for `staff` alone.", todo=BETTER)
    if len(set(text)) < least.least_different or len(_unit(text)) < least.least_of_its_own:
        raise InvalidError("That passphrase repeats a few characters.", todo=BETTER)
    if _left(text, own) < least.least_of_its_own:
        raise InvalidError(
            "That passphrase is guessed early: it is made of common words, runs, years, or the names of the person or "
            "the school.",
            todo=BETTER,
        )


def _unit(text: str) -> str:
    """What a text repeats from its beginning to its end; the text itself where it does not."""
    at = (text + text).find(text, 1)
    return text[:at]


def _left(text: str, own: Sequence[str]) -> int:
    """How many letters and digits are its own: neither a known word nor part of a run, a year, or said before."""
    tight = "".join(letter for letter in text if letter.isalnum() or letter in "@$!|+")
    known = [word for word in (*common(), *_own_words(own)) if len(word) >= WORD]
    taken = _runs(tight) | {at for found in YEAR.finditer(tight) for at in range(*found.span())}
    for form in {tight, tight.translate(LEET)}:
        for word in known:
            taken |= {at + step for at in _places(form, word) for step in range(len(word))}
    again = sum(len(word) for place, word in enumerate(text.split()) if word in text.split()[:place])
    return sum(tight[at].isalnum() for at in range(len(tight)) if at not in taken) - again


def _own_words(own: Sequence[str]) -> set[str]:
    """The words of names, each alone and all of a name together."""
    texts = [normalize("NFKC", text).casefold() for text in own]
    return {word for text in texts for word in (*re.findall(r"\w+", text), re.sub(r"\W", "", text))}


def _places(text: str, word: str) -> list[int]:
    return [at for at in range(len(text) - len(word) + 1) if text.startswith(word, at)]


def _runs(text: str) -> set[int]:
    """The places of runs: one character again and again, letters or digits in order, keys side by side."""
    run = limits().run
    taken: set[int] = set()
    for step in (0, 1, -1):
        taken |= _stretches([ord(b) - ord(a) == step for a, b in pairwise(text)], run.sequence)
    for row in ROWS:
        for keys in (row, row[::-1]):
            beside = {a + b for a, b in pairwise(keys)}
            taken |= _stretches([text[at : at + 2] in beside for at in range(len(text) - 1)], run.keyboard)
    return taken


def _stretches(linked: Sequence[bool], least: int) -> set[int]:
    """The places of at least `least` characters of which each is linked to the next."""
    found: set[int] = set()
    begin = 0
    for at in range(len(linked) + 1):
        if at == len(linked) or not linked[at]:
            if at - begin + 1 >= least:
                found |= set(range(begin, at + 1))
            begin = at + 1
    return found
