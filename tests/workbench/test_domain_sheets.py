"""A sheet as HTML and as text: hostile words are words, nothing is cut, pages break well."""

import re
from pathlib import Path

import pytest

from tests.hostile import ALL
from tests.stocktools import needs, shell
from workbench.domain.casemarks import CodeWords
from workbench.domain.characters import BAD
from workbench.domain.sheethtml import as_html
from workbench.domain.sheets import Column, Kind, Pairs, Picture, Proof, Rows, Sheet, Words
from workbench.domain.sheettext import FEED, PAGE, WIDTH, as_lines, as_pages, as_text, cells, wrap

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3
NASTY = f"<script>x</script></style>&<img src=http://x/> {ALL} 名前\nnext"
COLUMNS = (Column("When", 19), Column("What", 47), Column("By", 12))


def sheet(kind: Kind = "chronology", words: str = NASTY, rows: int = 80) -> Sheet:
    mark = {"on": "2026-11-23", "session": "AM", "code": words[:2], "minutes": 3, "note": words}
    change = {
        "on": "2026-11-23",
        "session": "AM",
        "was": "",
        "code": "O",
        "reason": words,
        "at": words,
        "by": words,
    }
    return Sheet(
        kind=kind,
        subject="C-1",
        why=words,
        title=words,
        mark=words,
        parts=(
            Words(title=words, lines=(words, LONG)),
            Pairs(title=words, rows=((words, LONG), (LONG, words))),
            Rows(
                title=words,
                columns=COLUMNS,
                rows=tuple((f"row {n}", f"{n} {words}", words) for n in range(rows)),
                empty="",
            ),
            Rows(title="None", columns=COLUMNS, rows=(), empty=words),
            Picture(marks=(mark,), amendments=(change,), codes={words[:2]: CodeWords("present", words)}),
        ),
        missing=(words,),
        proof=Proof(school=words, by=words, at="2026-11-23T09:12:33+00:00", seq=12, head="f" * 64),
    )


@pytest.mark.parametrize("kind", ["chronology", "letter"])
def test_hostile_words_are_words_in_html(kind: Kind) -> None:
    page = as_html(sheet(kind))
    assert not re.search(r"<(script|img|a|link|iframe|object|form)\b", page)
    assert page.count("</style>") == 1
    assert not any(BAD.search(line) for line in page.split("\n"))
    assert "default-src 'none'" in page
    assert "&lt;script&gt;" in page


def test_a_head_that_is_none_stands_in_no_style() -> None:
    proof = Proof(school="", by="", at="", seq=1, head='";} body {display: none')
    page = as_html(Sheet(kind="daily", subject="", why="", title="", mark="", parts=(), proof=proof))
    assert "display: none" not in page.partition("</style>")[0]


@pytest.mark.parametrize("width", [66, 74, 80])
def test_no_line_of_text_is_wider_or_holds_a_control_character(width: int) -> None:
    for line in as_lines(sheet(), width):
        assert cells(line) <= width
        assert not BAD.search(line)
    assert as_text(sheet()).count("\x1b") == 0


def test_pages_have_a_foot_and_tear_no_row() -> None:
    made = sheet(words="a word or two that is longer than its column, so that a row has some lines", rows=60)
    pages = as_pages(made).split(FEED)
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        lines = page.rstrip("\n").split("\n")
        assert len(lines) <= PAGE
        assert lines[-1].startswith(f"Log 12 {'f' * 64}")
        assert lines[-1].endswith(f"{number}/{len(pages)}")
        assert all(cells(line) <= WIDTH for line in lines)
    inside = [page for page in pages[1:] if re.match("When ", page)]
    assert len(inside) >= 2
    for page in inside:
        assert page.split("\n")[2].startswith("row ")


def test_one_page_is_one_page() -> None:
    made = sheet(words="short", rows=1)
    assert FEED not in as_pages(made)


def test_what_is_missing_is_not_told_to_parents() -> None:
    assert "MISSING" not in as_text(sheet("letter", "x"))
    assert "missing" not in as_html(sheet("letter", "x"))
    assert "STILL MISSING" in as_text(sheet("return", "x"))
    assert "Still missing" in as_html(sheet("return", "x"))


def test_words_are_wrapped_by_the_columns_they_take() -> None:
    assert wrap("名前" * 3, 4) == ["名前", "名前", "名前"]
    assert wrap("a bc def", 4) == ["a bc", "def"]
    assert wrap("") == [""]


@needs("chromium", "pdftotext")
def test_it_prints_on_a4_and_nothing_is_cut(tmp_path: Path) -> None:
    (tmp_path / "sheet.html").write_text(as_html(sheet(words=f"{LONG} <b>end", rows=30)), "utf-8")
    done = shell(
        tmp_path,
        "chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --user-data-dir=profile "
        f"--host-resolver-rules='MAP * ~NOTFOUND' --print-to-pdf=sheet.pdf file://{tmp_path}/sheet.html",
        timeout=120,
    )
    if not (tmp_path / "sheet.pdf").exists():
        pytest.skip(f"chromium does not start here: {done.stderr.decode()[-200:]}")
    text = shell(tmp_path, "pdftotext -layout sheet.pdf -").stdout.decode()
    pages = text.split("\f")[:-1]
    assert len(pages) > 1
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert all("f" * 64 in page for page in pages)
    squeezed = re.sub(r"\s", "", text)
    assert squeezed.count("<b>end") >= 30 * 2
    assert all(f"row{number}" in squeezed for number in range(30))
    boxes = shell(tmp_path, "pdftotext -bbox sheet.pdf -").stdout.decode()
    edges = [float(part.split('"')[0]) for part in boxes.split('xMax="')[1:]]
    assert max(edges) < 595 - 14 / 25.4 * 72 + 1, "a word runs into the right margin"
