"""Every command tried by those who may not read safeguarding records: `staff`, and `attendance`.

A demo folder in which everything that is nobody else's business holds a word of its own. Whatever they type, that word,
and the id of any such record, comes out nowhere; what is not for them is refused, and the log says so.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from screens.cli import run
from screens.commands.reference import every
from screens.commands.session import World
from tests.conftest import CHEAP, NOW
from tests.screens.commands.conftest import Said
from workbench.desk import around, cases, concerns, duties, events, referrals, removals, roll, signin
from workbench.desk.clock import FixedClock
from workbench.desk.demo.build import build

CANARY = "Numbatfield"
SECRET = "workbench-demo"
FREE = {"demo", "init", "handover verify", "rules check", "rules list", "rules show"}
"""Commands that need no account."""
STAFF = {
    "calendar show",
    "concern report",
    "due",
    "kinds",
    "people passphrase",
    "pupils list",
    "pupils show",
    "register codes",
    "register mark",
    "register show",
    "register take",
}
"""All that `staff` may type."""
CLOSED = {
    "case answer",
    "case assign",
    "case close",
    "case export",
    "case link",
    "case list",
    "case note",
    "case open",
    "case reopen",
    "case show",
    "concern list",
    "concern look",
    "concern show",
    "concern take-up",
    "concern triage",
    "concern unfinished",
    "duty override",
    "handover check",
    "handover export",
    "log show",
    "log verify",
    "log views",
    "referral add",
    "referral escalate",
    "referral list",
    "referral reply",
    "referral show",
    "removal authorise",
    "removal complete",
    "removal confirm",
    "removal evidence",
    "removal keys",
    "removal list",
    "removal show",
    "removal start",
    "removal withdraw",
    "retention erase",
    "retention hold",
    "retention list",
    "retention release",
    "backup",
    "upgrade",
    "people add",
    "people remove",
    "people reset",
    "people recovery new",
    "people recovery prove",
    "people recovery show",
    "case grant",
    "case withdraw-grant",
    "people role",
    "print chronology",
    "clipboard allow",
    "clipboard refuse",
    "stats",
}
"""What `attendance` may not type, at least."""
ONE_OF = {"handover receipt": ("--state", "sent", "--who", "A. Name", "--post", "DSL")}
"""Options of which one is wanted."""
ELSEWHERE = {"restore", "people recover"}
"""They ask no folder's account: the one proves a backup first, see `test_backup`, the other wants the recovery key."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimpleNamespace]:
    """A closed demo folder with canaries, and what stands in it."""
    path = tmp_path_factory.mktemp("roles") / "data"
    desk = build(path, pupils=24, clock=FixedClock(NOW), kdf=CHEAP)
    dsl = signin.sign_in(desk, "dsl", SECRET, fold=True)
    staff = signin.sign_in(desk, "staff", SECRET, fold=True)
    row = next(row for row in cases.cases(dsl, open_only=True))
    known = {row.case.pupil for row in cases.cases(dsl)} | {c.pupil for c in concerns.concerns(dsl)}
    pupil = next(p for p in roll.pupils(dsl) if p.id not in known)
    w = SimpleNamespace(case=row.case.id, pupil=row.pupil.id, class_=row.pupil.class_, other=pupil.id)
    cases.answer(dsl, w.case, "danger.level", "risk", f"{CANARY} danger")
    cases.note(dsl, w.case, f"{CANARY} note")
    w.referral = referrals.add(dsl, w.case, "social-care", "refer", f"{CANARY} reason").id
    w.concern = concerns.report(staff, w.pupil, f"{CANARY} concern")
    w.event = events.record(dsl, w.pupil, "danger", {"what": f"{CANARY} seen"}).id
    w.removal = removals.removals(dsl)[0].removal.id if removals.removals(dsl) else ""
    w.removal = w.removal or removals.start(dsl, w.pupil, "G").removal.id
    w.person = around.around(dsl, w.pupil)[0].id
    w.duty = next(d.id for d in duties.due(dsl, pupil=w.pupil) if d.owner == "dsl")
    w.file = str(path.parent / "in.csv")
    Path(w.file).write_text("upn;surname;forename\n", "utf-8")
    w.ids = [w.case, w.concern, w.referral]
    desk.close(snapshot=True)
    return path, w


@pytest.fixture
def folder(demo: tuple[Path, SimpleNamespace], tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(demo[0], tmp_path / "data"))


def values(w: SimpleNamespace, path: Path) -> dict[str, list[str]]:
    """What each argument and each required option is given: something real."""
    return {
        "pupil": [w.pupil], "person": [w.person], "case": [w.case], "concern": [w.concern], "duty": [w.duty],
        "referral": [w.referral], "removal": [w.removal], "class_": [w.class_], "session_": ["AM"],
        "slot": ["2026-11-23/AM"], "code": ["N"], "file": [str(path.parent / "in.csv")], "kind": ["moved_school"],
        "handover": ["H-000000"], "fields": ["forename=Ada"],
        "first": ["2026-12-01"], "key": ["danger.level"], "value": ["none"],
        "words": ["x"], "user": ["staff"], "roles": ["dsl"], "rule": ["absence.severe"],
        "--reason": ["x"], "--who": ["mother"], "--result": ["no answer"], "--until": ["2026-12-04"],
        "--term": ["Autumn 2027", "2027-09-06", "2027-12-17"], "--how": ["post"],
        "--outcome": ["x"], "--role": ["sibling"],
        "--trigger": ["other"], "--step": ["home_visit"], "--to": ["police"], "--decision": ["refer"],
        "--text": ["x"], "--date": ["2026-11-23"], "--from": ["P. Rowe"], "--reference": ["T-1"], "--answer": ["yes"],
        "name": ["absence"], "--ground": ["G"], "--code": ["O"], "--out": [str(path.parent)],
    }  # fmt: skip


def line(command: click.Command, w: SimpleNamespace, path: Path) -> list[str]:
    """A command line that could be right: every argument, and every option that has to be."""
    given, words = values(w, path), []
    for param in command.params:
        if isinstance(param, click.Argument) and param.name == "file":
            words += given["file"]
        elif isinstance(param, click.Option) and param.required:
            words += [param.opts[0], *given[param.opts[0]]]
        elif isinstance(param, click.Argument) and (param.required or param.name == "fields"):
            words += given[str(param.name)]
    return words


def names() -> list[str]:
    """Every command that wants an account."""
    return [p.removeprefix("workbench ") for p, _, _ in every() if p.removeprefix("workbench ") not in FREE]


@pytest.fixture
def tried(
    folder: Path,
    demo: tuple[Path, SimpleNamespace],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> "Tried":
    """Runs a command as somebody, in a folder of its own."""
    monkeypatch.setenv("WORKBENCH_DATA", str(folder))
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", SECRET)
    monkeypatch.setenv("WORKBENCH_NEW_PASSPHRASE", "nine calm walruses hum")
    monkeypatch.setenv("COLUMNS", "100")
    (folder.parent / "in.csv").write_text("upn;surname;forename\n", "utf-8")
    return Tried(folder, demo[1], capsys)


class Tried:
    """A command line, what came out, and what the log says of it."""

    def __init__(self, folder: Path, w: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.w, self.capsys = folder, w, capsys

    def __call__(self, user: str, name: str, more: Sequence[str] = ()) -> tuple[Said, list[str]]:
        command = next(c for p, c, _ in every() if p == f"workbench {name}")
        before = self.log()
        self.capsys.readouterr()
        words = [*name.split(), *line(command, self.w, self.folder), *ONE_OF.get(name, ()), *more]
        code = run(["--user", user, *words], World(FixedClock(NOW), CHEAP))
        out, err = self.capsys.readouterr()
        return Said(code, out, err), self.log()[len(before) :]

    def log(self) -> list[str]:
        """The acts of the log, each with its reason."""
        lines = [
            one for file in sorted((self.folder / "log").iterdir()) for one in file.read_text().splitlines()
        ]
        entries = [json.loads(one)["entry"] for one in lines]
        return [f"{e['act']} {e['why']}" if e["act"] == "verb.refused" else str(e["act"]) for e in entries]


def nothing_leaks(said: Said, w: SimpleNamespace) -> None:
    """Neither a word of a safeguarding record nor its id came out."""
    assert CANARY not in said.out + said.err
    assert [own for own in (w.concern, w.referral) if own in said.out] == []


@pytest.mark.parametrize("name", names())
def test_staff_type_any_command(tried: Tried, name: str) -> None:
    said, log = tried("staff", name)
    nothing_leaks(said, tried.w)
    assert tried.w.case not in said.out
    if name in STAFF | ELSEWHERE:
        assert not [act for act in log if act.startswith("verb.refused")]
        return
    assert (said.code, said.out) == (1, "")
    assert [act for act in log if act.startswith("verb.refused")] == log
    assert len(log) == 1


@pytest.mark.parametrize("name", names())
def test_attendance_types_any_command(tried: Tried, name: str) -> None:
    said, log = tried("attendance", name)
    nothing_leaks(said, tried.w)
    if name in CLOSED:
        assert (said.code, said.out) == (1, "")
        assert len(log) == 1
        assert log[0].startswith("verb.refused")


@pytest.mark.parametrize("user", ["staff", "attendance"])
def test_the_card_says_speak_to_the_dsl_and_nothing_more(tried: Tried, user: str) -> None:
    said, _ = tried(user, "pupils show")
    assert said.out.rstrip().endswith("! Speak to the DSL.")
    value = json.loads(tried(user, "pupils show", ["--json"])[0].out)
    assert value["speak_to_dsl"] is True
    if user == "staff":
        assert value["figures"] is None
        assert value["around"] is None
    tried.w = SimpleNamespace(**{**vars(tried.w), "pupil": tried.w.other})
    quiet = json.loads(tried(user, "pupils show", ["--json"])[0].out)
    assert quiet["speak_to_dsl"] is False
    assert "Speak" not in tried(user, "pupils show")[0].out


def test_staff_report_a_concern_and_cannot_read_it_back(tried: Tried, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"{CANARY} once more", "utf-8")
    said, log = tried("staff", "concern report")
    assert said.code == 0
    assert log == ["concern.reported"]
    assert CANARY not in said.out + said.err
    assert tried("staff", "concern list")[0].code == 1
