"""The page of a case in a browser at A4: nothing is cut, nothing is run, nothing is asked of a network."""

from pathlib import Path

import pytest

from tests.stocktools import needs, shell
from workbench.domain.casemarks import CodeWords
from workbench.domain.casepage import page

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3
CODES = {
    "/": CodeWords("present", "present, morning"),
    "O": CodeWords("unauthorised", "absent without leave"),
}


def built() -> dict[str, object]:
    """A case file with words and texts that are as long as they come."""
    line = {"at": "2026-11-23T09:12:33+00:00", "recorded": "", "kind": "note", "by": "dsl"}
    return {
        "made_at": "2026-11-23T09:12:33+00:00",
        "school": {"name": LONG, "number": "880/6001", "kind": "", "stands_in": "", "local_authority": "Torbay"},
        "pupil": {
            "surname": "Öztürk-Nguyễn", "forename": "Zoë", "born": "2014-02-03", "upn": None, "year": 7,
            "class_": "7B", "address": LONG, "postcode": "", "starts": "2025-09-01", "left": "2026-11-20",
            "left_ground": "F", "social_worker": True, "child_protection_plan": False, "section_47": False,
            "looked_after_by": None, "home_la": "Devon", "placing_la": None, "ehc_plan": False,
        },
        "around": [{
            "kind": "parent", "name": LONG, "role": "mother", "phone": "0" * 60, "email": LONG, "address": "x",
            "authority": "", "lives_with": True, "parental_responsibility": True, "order": 1,
        }],
        "case": {"id": "C-1", "opened": "2026-11-02", "opened_by": "dsl", "trigger": "ten-days", "open": True,
                 "closings": []},
        "steps": [{"number": 1, "title": "What happened", "state": "done", "summary": LONG, "missing": [],
                   "answers": []}],
        "enquiries": [], "referrals": [], "notes": [{**line, "text": "<b>Zoë</b>\n" + "a word " * 4000}],
        "contacts": [], "removals": [], "amendments": [],
        "chronology": [{**line, "text": f"line {number} {LONG}"} for number in range(80)],
        "marks": [
            {"on": f"2026-{month:02}-{day:02}", "session": session, "code": code, "minutes": None, "note": ""}
            for month in range(1, 12) for day in range(1, 29) for session, code in (("AM", "/"), ("PM", "O"))
        ],
        "redactions": ["[witness P-1]: the name is left out"],
        "log": [], "head": {"seq": 12, "hash": "f" * 64},
    }  # fmt: skip


@needs("chromium", "pdftotext")
def test_it_prints_on_a4_and_nothing_is_cut(tmp_path: Path) -> None:
    (tmp_path / "case.html").write_text(page(built(), CODES, {}, "A. Head, DSL", "SHA256:x"), "utf-8")
    done = shell(
        tmp_path,
        "chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --user-data-dir=profile "
        f"--host-resolver-rules='MAP * ~NOTFOUND' --print-to-pdf=case.pdf file://{tmp_path}/case.html",
        timeout=120,
    )
    if not (tmp_path / "case.pdf").exists():
        pytest.skip(f"chromium does not start here: {done.stderr.decode()[-200:]}")
    info = shell(tmp_path, "pdfinfo case.pdf").stdout.decode()
    assert "A4" in info
    text = "".join(shell(tmp_path, "pdftotext -raw case.pdf -").stdout.decode().split())
    assert text.count("word") == 4000
    for number in range(80):
        assert f"line{number}Llanfair" in text
    assert "Öztürk-Nguyễn" in text
    assert "<b>Zoë</b>" in text
    assert text.count("Llanfairpwll") == 3 * (80 + 5)
    assert "f" * 64 in text
    assert "2Nov2026" in text
    boxes = shell(tmp_path, "pdftotext -bbox case.pdf -").stdout.decode()
    edges = [float(part.split('"')[0]) for part in boxes.split('xMax="')[1:]]
    assert max(edges) < 595 - 14 / 25.4 * 72 + 1, "a word runs into the right margin"


def test_a_page_has_the_words_and_no_way_out() -> None:
    made = page(built(), CODES, {}, "A. Head, DSL", "SHA256:x")
    assert "&lt;b&gt;Zoë&lt;/b&gt;" in made
    for word in ("<script", "http:", "https:", "src=", "href=", "url(", "@import"):
        assert word not in made.casefold()
    for title in (
        "Checklist",
        "Chronology",
        "Marks",
        "People around the child",
        "What was redacted, and why",
    ):
        assert f"<h2>{title}" in made
