"""TOML that no file of ours is: refused in words, at once."""

import time

import pytest

from rules import tomltext

STRANGE = {
    "a = [": "is not TOML",
    "a = 1\na = 2": "is not TOML",
    "a = " + "[" * 5000 + "]" * 5000: "nested too deeply",
    "a = " + "[" * 40 + "]" * 40: "nested too deeply",
    ".".join(["a"] * 60) + " = 1": "nested too deeply",
    "b = 1\n" + ".".join(["a"] * 60_000) + " = 1": "line 2 has more than 100 dots",
    "a = " + "9" * 5000: "thousands of digits",
}


@pytest.mark.parametrize(("text", "words"), STRANGE.items(), ids=list(map(str, range(len(STRANGE)))))
def test_what_python_stumbles_over_is_refused_in_words(text: str, words: str) -> None:
    begun = time.process_time()
    with pytest.raises(tomltext.TomlError, match=words):
        tomltext.read(text)
    assert time.process_time() - begun < 1


def test_a_file_in_order_is_read() -> None:
    assert tomltext.read('a.b = [[1], {c = "d.e.f"}]') == {"a": {"b": [[1], {"c": "d.e.f"}]}}
