"""docs/verify-log.md: its script, with jq and sha256sum alone, gives our verdict on whole and altered logs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from storekit import NEXT, head

from store.canon import canonical, digest
from store.folder import Store
from store.verifying import verify

PAGE = Path(__file__).parents[2] / "docs" / "verify-log.md"
pytestmark = pytest.mark.skipif(
    not (shutil.which("jq") and shutil.which("sha256sum")), reason="jq or sha256sum is not installed"
)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    found = re.search(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found is not None
    place = tmp_path / "verify-log.sh"
    place.write_text(found[1])
    return place


def run(script: Path, path: Path, *rest: str) -> tuple[bool, str]:
    done = subprocess.run(["sh", str(script), str(path), *rest], capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout


def awkward(store: Store) -> None:
    """What JSON writers like to differ on."""
    texts = [
        'quote " and back\\slash',
        "tab\tand\nnewline",
        "é ☃ 😀 \u2028",
        "</script> & / ' `$(x)`",
        '},"parts":[{"gone":"x"}]',
    ]
    with store.change(**head("note.added", NEXT), why="a\\b") as tx:
        for number, text in enumerate(texts):
            tx.put(
                "cases",
                "notes",
                {"id": f"N-{number}", "text": text, "n": 2**53 - 1, "b": [True, None, -1, {}]},
            )
            tx.next_part()


def test_the_recipe_and_the_program_agree_on_a_whole_log(store: Store, path: Path, script: Path) -> None:
    awkward(store)
    verdict = store.verify()
    assert run(script, path) == (True, f"whole: {verdict.entries} entries, head {verdict.head.hash}\n")
    assert run(script, path, store.head.hash)[0]
    fine, words = run(script, path, "f" * 64)
    assert not fine
    assert "is in no entry" in words


def test_the_recipe_finds_what_the_program_finds(store: Store, path: Path, script: Path) -> None:
    awkward(store)
    store.close()
    segments = sorted((path / "log").iterdir())
    tried = 0
    for segment in segments:
        good = segment.read_bytes()
        places = sorted({*range(0, len(good), 211), good.index(b"\n"), len(good) - 2, len(good) - 1})
        for at in places:
            segment.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
            number = good[:at].count(b"\n") + 1
            fine, words = run(script, path)
            assert not fine, (segment.name, at, words)
            assert segment.name in words
            assert not verify(path).whole
            assert any(problem.line == number for problem in verify(path).problems)
            tried += 1
        segment.write_bytes(good)
    assert tried > 20
    assert run(script, path)[0]


def test_the_recipe_knows_erased_parts_and_lost_lines(store: Store, path: Path, script: Path) -> None:
    import json

    store.close()
    segment = sorted((path / "log").iterdir())[0]
    lines = segment.read_bytes().splitlines(keepends=True)
    line = json.loads(lines[1])
    line["parts"][0] = {"gone": digest(canonical(line["parts"][0]))}
    segment.write_bytes(b"".join([lines[0], canonical(line) + b"\n", *lines[2:]]))
    assert run(script, path)[0]
    assert verify(path).whole
    line["parts"][0] = {"gone": "0" * 64}
    segment.write_bytes(b"".join([lines[0], canonical(line) + b"\n", *lines[2:]]))
    assert not run(script, path)[0]
    assert not verify(path).whole
    segment.write_bytes(b"".join([lines[0], *lines[2:]]))
    assert not run(script, path)[0]
