"""The school's own wording: files in the data folder, read strictly; what is wrong is named with file and line."""

from pathlib import Path

import pytest

from tests.conftest import DeskFor
from tests.workbench.story import UPN
from workbench.desk import checks, sheets
from workbench.desk.context import Desk
from workbench.domain.errors import InvalidError
from workbench.domain.sheettext import as_text


def put(desk: Desk, name: str, text: str | bytes) -> Path:
    folder = desk.store.path / "letters"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_of_the_same_name_takes_the_shipped_ones_place(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    assert sheets.letter_list(desk)["absence"] is False
    put(desk, "absence.txt", "# ours\nTitle: Where is {forename}?\n\nDear {parent},\n\nring us.\n")
    put(desk, "trip.txt", "\ufeffTitle: A trip\r\n\r\n{child} goes on a trip.\r\n")
    found = sheets.letter_list(desk)
    assert found["absence"] is found["trip"] is True
    said = as_text(sheets.letter(desk, "absence", UPN))
    assert "Where is" in said
    assert "ring us." in said
    assert "ours" not in said
    assert "goes on a trip" in as_text(sheets.letter(desk, "trip", UPN))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Title: x\n\nDear {parent}\n{pupil.upn}", 4, "{pupil.upn} is no placeholder"),
        ("Title: {passphrase}\n\nx", 1, "{passphrase} is no placeholder"),
        ("Title: x\n\n{", 3, "a single {"),
        ("Title: x\n\n}}", 3, "a single }"),
        ("Title: x\n\n{}", 3, "{} is no placeholder"),
        ("Title: x\n\n{parent!r}", 3, "is no placeholder"),
        ("Title: x\n\n{0.__class__}", 3, "is no placeholder"),
        ("Title: x\n\na\x1b]52;c;eA==\x07b", 3, "cannot be shown"),
        ("Dear {parent}\n", 1, "the first line is"),
        ("Title: x\n", 1, "a letter is a line"),
        ("", 1, "the first line is"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(desk_for: DeskFor, text: str, line: int, words: str) -> None:
    desk = desk_for("attendance")
    put(desk, "ours.txt", text)
    with pytest.raises(InvalidError) as caught:
        sheets.letter(desk, "ours", UPN)
    assert f"letters/ours.txt, line {line}: " in caught.value.what
    assert words in caught.value.what
    assert "{parent}" in caught.value.todo


@pytest.mark.parametrize("name", ["ours.toml", "Ours.txt", "..txt~x", "a b.txt"])
def test_a_stranger_in_the_folder_is_named(desk_for: DeskFor, name: str) -> None:
    desk = desk_for("attendance")
    path = put(desk, name, "Title: x\n\ny")
    if path.name.startswith("."):
        sheets.letter_list(desk)  # what editors leave is passed over
        return
    with pytest.raises(InvalidError, match="letter's file is named"):
        sheets.letter_list(desk)


def test_links_bytes_and_size_are_refused(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("attendance")
    put(desk, "latin.txt", b"Title: x\n\n\xe9")
    with pytest.raises(InvalidError, match="not UTF-8"):
        sheets.letter(desk, "latin", UPN)
    put(desk, "large.txt", "Title: x\n\n" + "y" * 70_000)
    with pytest.raises(InvalidError, match=r"letters/large\.txt"):
        sheets.letter(desk, "large", UPN)
    secret = tmp_path / "secret.txt"
    secret.write_text("Title: x\n\nnobody should read this")
    (desk.store.path / "letters" / "link.txt").symlink_to(secret)
    with pytest.raises(InvalidError, match=r"letters/link\.txt"):
        sheets.letter(desk, "link", UPN)


def test_a_file_in_the_folders_place_is_refused(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    (desk.store.path / "letters").write_text("x")
    with pytest.raises(InvalidError, match="where a folder should be"):
        sheets.letter_list(desk)


def test_the_folder_is_no_stranger(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    put(desk, "absence.txt", "Title: x\n\ny")
    assert not [found for found in checks.check(desk) if "letters" in f"{found.file} {found.words}"]
