"""Tools of others that a test holds our files against; where one is missing the test is skipped, and says which."""

import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGES = {
    "age": "age",
    "age-keygen": "age",
    "chromium": "chromium",
    "jq": "jq",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "sha256sum": "coreutils",
    "soffice": "libreoffice-calc",
    "ssh-keygen": "openssh-client",
    "unzip": "unzip",
}
"""Tool to the Debian package that has it."""


def needs(*tools: str) -> pytest.MarkDecorator:
    """Skips a test where one of these is not installed."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    packages = ", ".join(sorted({PACKAGES[tool] for tool in missing}))
    return pytest.mark.skipif(
        bool(missing), reason=f"not installed: {', '.join(missing)} (Debian packages: {packages})"
    )


def shell(folder: Path, line: str, timeout: float = 60) -> subprocess.CompletedProcess[bytes]:
    """What a line does in a folder, as a person would type it."""
    return subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, check=False, timeout=timeout)
