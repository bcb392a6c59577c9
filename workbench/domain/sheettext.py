"""A sheet as plain text of 80 columns, and as numbered pages for a printer that takes text."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from workbench.domain.casepage import when
from workbench.domain.characters import BAD
from workbench.domain.sheets import Pairs, Part, Picture, Rows, Sheet, Words

WIDTH = 80
"""Columns of a line; none is longer."""
LEAST = 66
"""Fewer columns hold no head of the log and no week of marks."""
PAGE = 58
"""Lines of a page, its foot with them: it fits A4 and Letter at six lines an inch."""
FOOT = 3
FEED = "\f"
"""Between pages of a file."""
LABEL = 26
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
GAP = 2


class TableLine(str):
    """A line of a table: what stands over it on the next page, and whether it goes on with the one before."""

    __slots__ = ("goes_on", "over")
    over: tuple[str, ...]
    goes_on: bool


def _table_line(text: str, over: tuple[str, ...], goes_on: bool) -> TableLine:
    line = TableLine(text.rstrip())
    line.over, line.goes_on = over, goes_on
    return line


def as_lines(sheet: Sheet, width: int = WIDTH) -> list[str]:
    """The sheet without pages; no line is longer than `width` columns, at least 66, none holds a control character."""
    width = max(LEAST, width)
    parts = (line for part in sheet.parts for line in _part(part, width))
    lines = [*_head(sheet, width), *parts, *_proof(sheet, width)]
    return [line if isinstance(line, TableLine) else line.rstrip() for line in lines]


def as_text(sheet: Sheet) -> str:
    """The sheet as one text without pages, as it is shown and copied."""
    return "\n".join(as_lines(sheet)) + "\n"


def as_pages(sheet: Sheet) -> str:
    """The sheet in pages of at most 58 lines with a foot each, a form feed between them, as a printer takes them."""
    cut = _pages(as_lines(sheet))
    foot = f"Log {sheet.proof.seq} {sheet.proof.head}"
    made = []
    for number, lines in enumerate(cut, 1):
        page = f"{number}/{len(cut)}"
        made.append("\n".join([*lines, "", "-" * WIDTH, _spread(foot, page)]) + "\n")
    return FEED.join(made)


def _spread(left: str, right: str) -> str:
    left = left[: WIDTH - len(right) - 1]
    return f"{left}{' ' * (WIDTH - len(left) - len(right))}{right}"


def _pages(lines: Sequence[str]) -> list[list[str]]:
    """Lines in pages: a row of a table is not torn, its headings stand on the next page too, and a paragraph stays
    whole where it can."""
    pages: list[list[str]] = []
    at = 0
    while at < len(lines):
        first = lines[at]
        page = list(first.over) if isinstance(first, TableLine) and pages else []
        end = _end(lines, at, PAGE - FOOT - len(page))
        page += lines[at:end]
        at = end
        while page and not page[0]:
            page.pop(0)
        if page:
            pages.append(page)
    return pages or [[]]


def _end(lines: Sequence[str], at: int, room: int) -> int:
    """Where a page that begins at `at` ends."""
    end = min(at + room, len(lines))
    if end == len(lines):
        return end
    fit = (n for n in range(end, at + room // 2, -1) if _breaks(lines[n]))
    return next(fit, end)


def _breaks(line: str) -> bool:
    """Whether a page may begin with this line."""
    return not line.goes_on if isinstance(line, TableLine) else not line


def _head(sheet: Sheet, width: int) -> Iterator[str]:
    if sheet.mark:
        yield from wrap(sheet.mark.upper(), width)
        yield ""
    yield from wrap(clean(sheet.proof.school), width)
    yield ""
    yield from wrap(clean(sheet.title), width)
    yield "=" * min(width, max(1, cells(clean(sheet.title))))
    if sheet.missing and sheet.kind != "letter":
        yield ""
        yield from wrap(f"STILL MISSING: {clean('; '.join(sheet.missing))}", width)


def _proof(sheet: Sheet, width: int) -> Iterator[str]:
    yield from ("", "-" * width)
    yield from wrap(f"Printed {when(sheet.proof.at)} by {clean(sheet.proof.by)}.", width)
    yield f"Newest entry of the log then: {sheet.proof.seq}"
    yield clean(sheet.proof.head)


def _part(part: Part, width: int) -> Iterator[str]:
    yield ""
    title = "Marks" if isinstance(part, Picture) else part.title
    if title:
        yield from wrap(clean(title).upper(), width)
        yield ""
    if isinstance(part, Words):
        for number, line in enumerate(part.lines):
            if number:
                yield ""
            yield from wrap(line, width)
    elif isinstance(part, Pairs):
        for label, value in part.rows:
            yield from _pair(label, value, width)
    elif isinstance(part, Picture):
        yield from _picture(part, width)
    else:
        yield from _table(part, width)


def _pair(label: str, value: str, width: int) -> Iterator[str]:
    names, values = wrap(label, LABEL), wrap(value, width - LABEL - GAP)
    yield from _beside((names, values), (LABEL, width - LABEL - GAP))


def _table(part: Rows, width: int) -> Iterator[str]:
    if not part.rows:
        yield from wrap(part.empty, width)
        return
    widths = _widths([column.width for column in part.columns], width)
    over = tuple(_beside([wrap(c.title, w) for c, w in zip(part.columns, widths, strict=True)], widths))
    over = (*(line.rstrip() for line in over), "  ".join("-" * one for one in widths))
    yield from over
    for row in part.rows:
        made = _beside([wrap(cell, w) for cell, w in zip(row, widths, strict=True)], widths)
        yield from (_table_line(line, over, number > 0) for number, line in enumerate(made))


def _widths(shares: Sequence[int], width: int) -> list[int]:
    """Columns that fill the line: what shares do not divide goes to the last."""
    room = width - GAP * (len(shares) - 1)
    made = [max(4, room * share // sum(shares)) for share in shares]
    made[-1] += room - sum(made)
    return made


def _beside(columns: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    for number in range(max(len(lines) for lines in columns)):
        cut = (lines[number] if number < len(lines) else "" for lines in columns)
        yield (" " * GAP).join(_padded(line, width) for line, width in zip(cut, widths, strict=True))


def _padded(line: str, width: int) -> str:
    return line + " " * (width - cells(line))


def _picture(part: Picture, width: int) -> Iterator[str]:
    """A line a week, two letters a day, then what the letters mean and what was changed."""
    if not part.marks:
        yield "No mark is recorded."
        return
    at = {(m["on"], m["session"]): clean(m["code"]) for m in part.marks}
    days = {date.fromisoformat(on) for on, _ in at}
    shown = range(7 if any(day.weekday() > 4 for day in days) else 5)
    yield f"{'Week of':<12} {''.join(f'{DAYS[n]:<8}' for n in shown)}"
    for week in sorted({day - timedelta(day.weekday()) for day in days}):
        marks = "".join(_day(at, (week + timedelta(n)).isoformat()) for n in shown)
        yield f"{week.day:>2} {week:%b %Y}  {marks}"
    yield ""
    for code in sorted(set(at.values())):
        title = part.codes[code].title if code in part.codes else "unknown code"
        number = sum(one == code for one in at.values())
        yield from wrap(f"{code:<3}{title} ({number})", width, "   ")
    for a in part.amendments:
        said = (
            f"{when(a['on'])} {a['session']}: {a['was'] or 'blank'} became {a['code']} "
            f"({a['reason']}; {a['by']}, {a['at'][:10]})"
        )
        yield from wrap(said, width, "   ")


def _day(at: dict[tuple[str, str], str], day: str) -> str:
    return f"{at.get((day, 'AM'), '.'):<3}{at.get((day, 'PM'), '.'):<3}  "


# words --------------------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """A text on one line without any control character."""
    return BAD.sub("\ufffd", " ".join(unicodedata.normalize("NFC", text).split("\n")))


def cells(text: str) -> int:
    """Columns that a printer or a terminal takes for it: two for wide signs, none for what stands over one."""
    return sum(_cells(sign) for sign in text)


def _cells(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def wrap(text: str, width: int = WIDTH, indent: str = "") -> list[str]:
    """Lines of at most `width` columns; line breaks stay, long words are cut. At least one line."""
    made: list[str] = []
    for line in unicodedata.normalize("NFC", text).split("\n"):
        made += _wrapped(BAD.sub("\ufffd", line), width, indent)
    return made or [""]


def _wrapped(line: str, width: int, indent: str) -> list[str]:
    made, now = [], ""
    for word in line.split(" "):
        while cells(now) + bool(now.strip()) + cells(word) > width:
            if now.strip():
                made.append(now.rstrip())
                now = indent
                continue
            part, word = _cut(word, width - cells(now))
            made.append(now + part)
            now = indent
        now = f"{now} {word}" if now.strip() else now + word
    return [*made, now]


def _cut(word: str, room: int) -> tuple[str, str]:
    """As much of a word as goes into `room` columns, at least a sign; and the rest."""
    used = at = 0
    while at < len(word) and used + _cells(word[at]) <= room:
        used, at = used + _cells(word[at]), at + 1
    at = max(1, at)
    return word[:at], word[at:]
