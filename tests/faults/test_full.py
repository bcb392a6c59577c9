"""A disk that refuses, in short; and builds that take a refusal lightly are found out."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

from store import files
from tests.faults import full
from tests.faults.counts import Counts
from tests.filekit import swapped


def test_a_disk_that_refuses_loses_nothing_and_is_told_in_plain_words() -> None:
    counts = full.run(long=False)
    assert counts.faults() == []
    assert counts.done["EIO"] > 50
    assert counts.done["EMFILE"] > 20
    assert counts.done["bytes of a full disk"] > 10
    for reason in counts.skipped:
        print("skipped:", reason)


def test_a_build_that_takes_a_short_write_for_a_whole_one_is_caught(tmp_path: Path) -> None:
    counts = Counts("broken build")
    with swapped(write_all=lambda fd, data: os.write(fd, data)):
        full.short_writes(counts, tmp_path, 150)
    assert counts.wrong


def test_a_build_that_goes_on_after_a_failed_sync_is_caught(tmp_path: Path) -> None:
    counts = Counts("broken build")
    real = files.Appender.append

    def careless(self: files.Appender, data: bytes, size: int) -> None:
        with suppress(files.SyncError):
            real(self, data, size)

    with patch.object(files.Appender, "append", careless):
        full.every_call(counts, tmp_path, full.DEEDS[0], "fdatasync", errno.EIO)
    assert counts.wrong


def test_a_build_that_lets_the_system_speak_is_caught(tmp_path: Path) -> None:
    counts = Counts("broken build")
    with patch("store.lock.refused", lambda error: error):
        full.every_call(counts, tmp_path, full.DEEDS[0], "open", errno.EMFILE)
    assert any("came out" in one for one in counts.wrong)
