"""Names of third parties taken out of a case before it leaves: in their place stands who they are, by role.

A full name is found in either order, in any case, with or without accents; of somebody linked to the case, a part of it
alone too, where it stands with a capital letter. In small letters it may be an ordinary word (`may`, `will`): it is
counted, and left.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from msgspec import Struct

_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"[\s,.'’\-]{1,4}")
"""What may stand between two words of one name."""
SHORTEST = 3
"""Letters of a part of a name that is looked for alone."""
OURS = frozenset({"question", "title", "ground_title"})
"""Keys under which our own words stand, in which nobody is named."""

Words = tuple[str, ...]


class Third(Struct, frozen=True, kw_only=True):
    """Somebody whose name must not leave the school."""

    id: str
    """A child's id; of an adult, that of the child whom they belong to."""
    names: tuple[str, ...]
    """Full names, each in the order in which it is written; and other signs of one, such as a UPN."""
    parts: tuple[str, ...] = ()
    """Parts of the name that are looked for alone, too."""
    role: str
    """What is said of them: `witness`."""

    @property
    def label(self) -> str:
        """What stands in place of the name."""
        return f"[{self.role} {self.id}]"


class _Form(NamedTuple):
    words: Words
    alone: bool
    third: Third


class Names:
    """Takes names out of values, and counts where.

    Args:
        thirds: whose names must not leave.
        known: full names that go out, of the child and the people around: they are left, and their parts too.
    """

    def __init__(self, thirds: Iterable[Third], known: Iterable[str]) -> None:
        kept = {_words(name) for name in known}
        parts = {word for name in kept for word in name}
        self.places: Counter[Third] = Counter()
        """How often whose name was taken out."""
        self.left: Counter[Third] = Counter()
        """How often a part of whose name was left, in small letters."""
        self._by_first: dict[str, list[_Form]] = {}
        for form in _forms(thirds):
            if form.words not in kept and not (form.alone and parts.issuperset(form.words)):
                self._by_first.setdefault(form.words[0], []).append(form)
        for forms in self._by_first.values():
            forms.sort(key=lambda form: (-len(form.words), form.alone))

    def __call__(self, value: Any) -> Any:
        """The value, of builtin types, with every text in it redacted."""
        if isinstance(value, str):
            return self._text(value) if value and self._by_first else value
        if isinstance(value, dict):
            return {key: inner if key in OURS else self(inner) for key, inner in value.items()}
        return [self(inner) for inner in value] if isinstance(value, list | tuple) else value

    def _text(self, text: str) -> str:
        text = unicodedata.normalize("NFC", text)
        found = list(_WORD.finditer(text))
        folded = [_fold(word[0]) for word in found]
        made, at, number = [], 0, 0
        while number < len(found):
            form = self._at(text, found, folded, number)
            if form is None:
                number += 1
                continue
            self.places[form.third] += 1
            made += [text[at : found[number].start()], form.third.label]
            number += len(form.words)
            at = found[number - 1].end()
        return "".join([*made, text[at:]]) if made else text

    def _at(self, text: str, found: list[re.Match[str]], folded: list[str], number: int) -> _Form | None:
        """The longest name that begins with a word; None if none does, or only in small letters."""
        for form in self._by_first.get(folded[number], ()):
            end = number + len(form.words)
            if tuple(folded[number:end]) != form.words or not _joined(text, found[number:end]):
                continue
            if not form.alone or found[number][0][0].isupper():
                return form
            self.left[form.third] += 1
        return None


def _forms(thirds: Iterable[Third]) -> Iterable[_Form]:
    for third in thirds:
        for name in third.names:
            if words := _words(name):
                yield _Form(words, False, third)
        for part in third.parts:
            words = _words(part)
            for each in {words, *((word,) for word in words)}:
                if sum(map(len, each)) >= SHORTEST:
                    yield _Form(each, True, third)


def _joined(text: str, words: list[re.Match[str]]) -> bool:
    """Whether nothing stands between words but what may stand inside a name."""
    return all(_BETWEEN.fullmatch(text, one.end(), other.start()) for one, other in pairwise(words))


def _fold(word: str) -> str:
    """A word without case and accents."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _words(name: str) -> Words:
    return tuple(map(_fold, _WORD.findall(unicodedata.normalize("NFC", name))))
