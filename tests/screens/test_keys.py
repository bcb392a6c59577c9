"""The one table of keys: footer, help, palette and what a key does cannot drift apart."""

from importlib import import_module

import pytest

from screens import keys
from screens.app import WorkbenchApp
from screens.frame import WorkScreen
from screens.places import PLACES
from workbench.desk.permissions import PERMITS

CLASSES = sorted(set(PLACES.values()))
WITHOUT_SCREEN = {"dialog", "form"}
"""Sections that explain what dialogs and forms read themselves."""


def screen_class(path: str) -> type[WorkScreen]:
    module, _, name = path.partition(":")
    found = getattr(import_module(module), name)
    assert issubclass(found, WorkScreen)
    return found


@pytest.mark.parametrize("path", CLASSES)
def test_every_key_of_a_screen_has_something_to_do(path: str) -> None:
    screen = screen_class(path)
    for key in keys.section(screen.SECTION):
        if key.act:
            name = f"action_{key.act.partition(':')[0]}"
            assert hasattr(screen, name) or hasattr(WorkbenchApp, name), f"{path} has no {name}"


@pytest.mark.parametrize("path", CLASSES)
def test_bindings_are_the_tables_own(path: str) -> None:
    screen = screen_class(path)
    table = {name for key in keys.section(screen.SECTION) if key.act for name in key.keys.split(",")}
    bound = {name for binding in screen.BINDINGS for name in getattr(binding, "key", "").split(",")}
    assert bound == table


def test_every_section_belongs_to_a_screen() -> None:
    used = {screen_class(path).SECTION for path in CLASSES}
    assert set(keys.SECTIONS) - WITHOUT_SCREEN <= used


def test_no_key_means_two_things_on_one_screen() -> None:
    everywhere = {name for key in keys.EVERYWHERE for name in key.keys.split(",")}
    for section, table in keys.SECTIONS.items():
        names = [name for key in table for name in key.keys.split(",")]
        assert len(names) == len(set(names)), section
        if section not in WITHOUT_SCREEN and section != "grid":
            assert not everywhere.intersection(names) - {"escape", "q"}, section


def test_every_verb_is_one_of_the_desk() -> None:
    wanted = {key.verb for table in (*keys.SECTIONS.values(), keys.EVERYWHERE) for key in table if key.verb}
    assert wanted <= set(PERMITS)


def test_only_keys_that_work_over_ssh_and_tmux() -> None:
    for table in (*keys.SECTIONS.values(), keys.EVERYWHERE):
        for key in table:
            for name in key.keys.split(","):
                assert not name.startswith(("alt+", "super+", "ctrl+shift", "ctrl+enter")), name
                assert name not in ("ctrl+i", "ctrl+m", "ctrl+h"), name


@pytest.mark.parametrize("section", sorted(set(keys.SECTIONS) - WITHOUT_SCREEN))
def test_footers_fit_80_columns_and_end_in_help(section: str) -> None:
    shown = [*keys.section(section), *(key for key in keys.EVERYWHERE if key.footer)]
    footer = keys.footer(shown, 78)
    assert len(footer) <= 78
    assert footer.endswith("? help")
    assert "…" not in footer


def test_a_footer_drops_whole_groups() -> None:
    shown = [keys.Key("a", "a", "first", "."), keys.Key("b", "b", "second", ".", footer=9)]
    help_key = keys.Key("question_mark", "help", "help", ".", footer=1)
    assert keys.footer([*shown, help_key], 30) == "a first   b second   ? help"
    assert keys.footer([*shown, help_key], 20) == "a first   ? help"
