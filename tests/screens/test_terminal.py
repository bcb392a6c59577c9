"""Pastes, floods and wrong bytes: what reaches a widget of them, and how long it takes."""

import codecs
import time

import pytest
from textual import _parser, events
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.drivers import linux_driver
from textual.widgets import Input, TextArea

from screens import terminal
from screens.terminal import FLOOD, MOST, UNENDED, TerminalParser, pasted, safe_input
from screens.widgets.form import Form
from tests.conftest import DeskFor
from tests.screens.places import at, drawn, press, settle
from workbench.domain.characters import BAD

START, END = "\x1b[200~", "\x1b[201~"
CHUNK = 4096
"""Characters that Textual's driver reads at once."""
LONG = "x" * 1_000_000


def read(text: str, chunk: int = CHUNK) -> list[events.Event]:
    parser = TerminalParser()
    parts = [text[place : place + chunk] for place in range(0, len(text), chunk)]
    return [message for part in parts for message in parser.feed(part)]


def said(messages: list[events.Event]) -> str:
    """Keys by name, pastes in quotes."""
    return " ".join(repr(m.text) if isinstance(m, events.Paste) else m.key for m in messages)


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 7, CHUNK])
def test_keys_and_pastes_come_in_their_order_however_they_are_cut(chunk: int) -> None:
    text = f"a{START}one\rtwo{END}b{START}{END}\x1b[A{START}x\x1b[31my{END}c"
    assert said(read(text, chunk)) == "a 'one\\rtwo' b '' up 'x\\x1b[31my' c"


def test_what_follows_the_end_of_a_paste_within_it_is_keys_and_no_more() -> None:
    assert said(read(f"{START}harmless{END}dy{END}")) == "'harmless' d y"


@pytest.mark.parametrize(
    "sequence", ["\x1b[2~", "\x1b[20~", "\x1b[A", "\x1bOP", "é", "\x1b[<0;3;4M", "\x1b[97;5u"]
)
@pytest.mark.parametrize("chunk", [1, CHUNK])
def test_every_other_key_is_read_as_textual_reads_it(sequence: str, chunk: int) -> None:
    theirs = XTermParser()
    text = sequence + "z"
    parts = [text[place : place + chunk] for place in range(0, len(text), chunk)]
    expected = [repr(message) for part in parts for message in theirs.feed(part)]
    assert [repr(message) for message in read(text, chunk)] == expected


@pytest.mark.parametrize("held", ["\x1b", "\x1b[", "\x1b[20"])
def test_an_esc_alone_is_a_key_once_nothing_followed(held: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    for module in (terminal, _parser):
        monkeypatch.setattr(module, "get_time", lambda: now[0])
    ours, theirs = TerminalParser(), XTermParser()
    assert list(ours.feed(held)) == list(ours.tick()) == list(theirs.feed(held)) == list(theirs.tick()) == []
    now[0] += 1
    assert [repr(message) for message in ours.tick()] == [repr(message) for message in theirs.tick()]
    assert said(list(ours.feed("a"))) == "a"


def test_a_paste_whose_end_was_lost_is_over_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(terminal, "get_time", lambda: now[0])
    parser = TerminalParser()
    assert list(parser.feed(f"{START}some words")) == list(parser.tick()) == []
    now[0] += UNENDED
    assert said(list(parser.tick())) == "'some words'"
    assert said(list(parser.feed("a"))) == "a"


def test_the_end_of_input_is_the_end() -> None:
    parser = TerminalParser()
    assert list(parser.feed("")) == []
    assert parser.is_eof


@pytest.mark.parametrize("text", [START + LONG + END, LONG, START + LONG], ids=["paste", "flood", "unended"])
def test_a_line_of_a_million_characters_is_read_in_no_time_and_cut(text: str) -> None:
    began = time.process_time()
    messages = read(text)
    assert time.process_time() - began <= 0.2
    assert len(messages) <= 1 + MOST // CHUNK + 1
    assert sum(len(m.text) for m in messages if isinstance(m, events.Paste)) <= MOST + CHUNK


def test_after_a_flood_keys_are_keys() -> None:
    parser = TerminalParser()
    for _ in range(100):
        list(parser.feed("x" * CHUNK))
    assert said(list(parser.feed("ab"))) == "a b"
    assert said(list(parser.feed("y" * (FLOOD + 1)))) == repr("y" * (FLOOD + 1))


class Fields(App[None]):
    """A line and a note."""

    def compose(self) -> ComposeResult:
        yield Input("ab", max_length=10, select_on_focus=False)
        yield TextArea("ab")


async def test_a_paste_is_made_to_fit_where_it_goes() -> None:
    async with Fields().run_test() as pilot:
        line, note = pilot.app.query_one(Input), pilot.app.query_one(TextArea)
        assert pasted("one\r\ntwo\n", line) == ("one two", "")
        assert pasted("123456789", line) == ("12345678", "What was pasted was cut: at most 10 characters.")
        assert pasted("one\r\ntwo\tx\x1b]0;t\x07\u202e", note) == ("one\ntwo x\ufffd]0;t\ufffd\ufffd", "")
        assert len(pasted(LONG, note)[0]) == MOST - 2
        assert len(pasted(LONG, None)[0]) == MOST


async def test_a_long_paste_into_a_form_is_cut_with_a_word_and_one_into_a_list_does_nothing(
    desk_for: DeskFor,
) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        before = drawn(pilot)
        pilot.app.post_message(events.Paste(LONG))
        await settle(pilot)
        assert drawn(pilot).splitlines()[:-2] == before.splitlines()[:-2]
        await press(pilot, "n")
        began = time.process_time()
        pilot.app.post_message(events.Paste("Dun\x1bmore" + LONG))
        await settle(pilot)
        assert time.process_time() - began <= 0.2
        assert "What was pasted was cut" in drawn(pilot)
        surname = pilot.app.screen.query_one(Form).values()["surname"]
        assert surname.startswith("Dun\ufffdmore")
        assert not BAD.search(surname)


async def test_a_note_takes_a_long_paste_in_time() -> None:
    async with Fields().run_test() as pilot:
        note = pilot.app.query_one(TextArea)
        note.focus()
        await pilot.pause()
        began = time.process_time()
        pilot.app.post_message(events.Paste(pasted(LONG, note)[0]))
        await pilot.pause()
        assert time.process_time() - began <= 0.2
        assert len(note.text) == MOST


def test_every_byte_can_be_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linux_driver, "getincrementaldecoder", codecs.getincrementaldecoder)
    monkeypatch.setattr(linux_driver, "XTermParser", XTermParser)
    safe_input()
    decode = linux_driver.getincrementaldecoder("utf-8")().decode
    assert set("".join(decode(bytes([byte])) for byte in range(0x80, 0x100))) == {"\ufffd"}
    assert decode("é".encode()) == "é"
    assert linux_driver.XTermParser is TerminalParser
