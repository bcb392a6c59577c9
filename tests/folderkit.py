"""The fixture folders of every format, and copies of them with the modes that git does not keep."""

import shutil
from pathlib import Path

FOLDERS = Path(__file__).parent / "data" / "folders"
RECOVERY = bytes(range(32))
"""The recovery key of the sealed ones; the passphrase of everybody in all of them is `tests.conftest.PASSPHRASE`."""
NOTE, CONCERN = "an invented note", "an invented worry"
"""Texts of a case and of a concern in the sealed ones; the unsealed ones have no note."""
FORMATS = sorted(int(path.name.removeprefix("format-")) for path in FOLDERS.glob("format-*"))


def copy_of(number: int, target: Path) -> Path:
    """A copy of the folder of a format at `target`, private as a real one."""
    shutil.copytree(FOLDERS / f"format-{number}", target)
    for path in [target, *target.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    return target
