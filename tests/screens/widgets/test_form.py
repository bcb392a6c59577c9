"""The form: Tab order, what is refused, what it gives."""

from datetime import date
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from screens.widgets.choice import Choice
from screens.widgets.form import Field, Form

MONDAY = date(2026, 11, 23)
FIELDS = (
    Field("who", "Who", required=True, hint="Their name."),
    Field("when", "When", "date", "today"),
    Field("how", "How", "choice", "call", (("call", "a call"), ("visit", "a visit"), ("email", "an e-mail"))),
    Field("result", "Result", "note", lines=2),
    Field("secret", "Passphrase", "secret"),
)


class Alone(App[None]):
    """A form and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.form = Form(FIELDS, MONDAY)
        self.got: list[dict[str, str]] = []
        self.left: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        yield self.form

    def on_mount(self) -> None:
        self.form.focus_field()

    def on_form_submitted(self, event: Form.Submitted) -> None:
        self.got.append(event.values)

    def on_form_left(self, event: Form.Left) -> None:
        self.left.append((event.key, event.value))


def window(pilot: Pilot[Any]) -> str:
    return "\n".join(strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips())


async def test_labels_values_and_the_hint_are_drawn() -> None:
    async with Alone().run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        text = window(pilot)
        assert "Who *" in text
        assert "When                today" in text
        assert "● a call" in text
        assert "○ a visit" in text
        assert "Their name." in text


async def test_a_hint_that_is_wider_than_the_window_is_not_cut() -> None:
    app = Alone()
    long = "staff, attendance, dsl, leader, auditor; none: who left and does not come back"
    app.form = Form([Field("roles", "Roles", hint=long)], MONDAY)
    app.form.fit(40)
    async with app.run_test(size=(44, 12)) as pilot:
        await pilot.pause()
        assert " ".join(window(pilot).split()).endswith(long)
        app.form.fit(20)
        await pilot.pause()
        assert app.form.height > 3


async def test_tab_goes_round_and_stays_inside() -> None:
    app = Alone()
    async with app.run_test(size=(60, 12)) as pilot:
        seen = []
        for _ in range(6):
            seen.append(app.form._place())
            await pilot.press("tab")
        assert seen == [0, 1, 2, 3, 4, 0]
        await pilot.press("shift+tab", "shift+tab")
        assert app.form._place() == 4


async def test_what_is_typed_comes_out_and_dates_are_read() -> None:
    app = Alone()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press(
            *"mother", "tab", "ctrl+u", *"fri", "tab", "v", "tab", *"no", "space", *"answer", "tab"
        )
        await pilot.press(*"four", "space", "ctrl+s")
        await pilot.pause()
        assert app.got == [
            {"who": "mother", "when": "2026-11-20", "how": "visit", "result": "no answer", "secret": "four "}
        ]
        assert ("when", "2026-11-20") in app.left
        assert app.form.changed
        assert "secret" not in app.form.drafts()


async def test_a_missing_field_is_named_and_gets_the_focus() -> None:
    app = Alone()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("tab", "tab", "ctrl+s")
        await pilot.pause()
        await pilot.pause()
        assert app.got == []
        assert app.form._place() == 0
        assert "Who: cannot stay empty." in window(pilot)


async def test_a_date_that_cannot_be_read_is_said() -> None:
    app = Alone()
    async with app.run_test(size=(90, 12)) as pilot:
        await pilot.press("a", "tab", "ctrl+u", *"soon", "ctrl+s")
        await pilot.pause()
        await pilot.pause()
        assert app.got == []
        assert "When: “soon” is no date" in window(pilot)


async def test_enter_goes_on_and_accepts_after_the_last_field() -> None:
    app = Alone()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("m", "enter", "enter", "enter", "tab", "enter")
        await pilot.pause()
        assert len(app.got) == 1


async def test_letters_choose_in_a_choice_and_in_no_other_field() -> None:
    app = Alone()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("v", "tab", "tab", "v", "q", "1")
        assert app.query_one(Choice).value == "visit"
        assert app.form.values()["who"] == "v"
        await pilot.press("down", "down")
        assert app.query_one(Choice).value == "email"


async def test_values_can_be_put_in() -> None:
    app = Alone()
    async with app.run_test(size=(60, 12)) as pilot:
        for key, value in (("who", "[/b]"), ("how", "email"), ("result", "a\nb")):
            app.form.set_value(key, value)
        await pilot.pause()
        assert app.form.values()["result"] == "a\nb"
        assert app.form.values()["how"] == "email"
        assert not app.form.changed
        assert "[/b]" in window(pilot)
