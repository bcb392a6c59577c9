"""Files that people name: read and written with care, refused in plain words."""

import os
from pathlib import Path

import pytest

from workbench.desk.files import read_input, write_output
from workbench.domain.errors import InvalidError


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"one;two\n")
    assert read_input(str(tmp_path / "a.csv")) == b"one;two\n"


@pytest.mark.parametrize("name", ["missing.csv", "", "a\x00b"])
def test_what_is_not_there_is_said_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidError):
        read_input(str(tmp_path / name) if name else str(tmp_path))


def test_a_link_a_pipe_and_a_large_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x" * 20)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")
    for name, most in (("link", 100), ("pipe", 100), ("real", 10)):
        with pytest.raises(InvalidError):
            read_input(str(tmp_path / name), most)


def test_an_export_is_private_and_replaces_nothing(tmp_path: Path) -> None:
    where = write_output(str(tmp_path / "case.json"), b"{}")
    assert where.stat().st_mode & 0o777 == 0o600
    with pytest.raises(InvalidError):
        write_output(str(where), b"[]")
    assert where.read_bytes() == b"{}"
    assert write_output(str(where), b"[]", overwrite=True).read_bytes() == b"[]"
