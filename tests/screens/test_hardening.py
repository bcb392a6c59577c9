"""What other processes, files and last words may show of ours: nothing. Real processes."""

import os
import re
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = 65_534
"""Root reads everything: as root the test becomes this account first."""
CANARY = "Quillfeather"
LIKE_NOBODY = f"""
import ctypes, os, sys
from screens import cli
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid({NOBODY}, {NOBODY}, {NOBODY})
    os.setresuid({NOBODY}, {NOBODY}, {NOBODY})
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # as it stands after an exec; changing the account took it away
"""
WAITING = (
    LIKE_NOBODY
    + """
cli.harden()
print("ready", flush=True)
os.read(0, 1)
"""
)
PEEK = (
    LIKE_NOBODY
    + """
inside = []
for name in ("environ", "mem", "maps"):
    try:
        with open(f"/proc/{sys.argv[1]}/{name}", "rb") as file:
            name == "mem" or file.read(1)
            inside.append(name)
    except PermissionError:
        pass
print(" ".join(inside))
"""
)


def python(code: str, *words: str, **env: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_DUMPABLE is Linux")
@pytest.mark.parametrize(
    ("code", "seen"),
    [(WAITING, []), (WAITING.replace("cli.harden()", ""), ["environ", "mem", "maps"])],
    ids=["hardened", "as it would be"],
)
def test_another_process_of_the_same_account_reads_no_memory(code: str, seen: list[str]) -> None:
    ours = python(code, WORKBENCH_PASSPHRASE=CANARY)
    assert ours.stdout is not None
    assert ours.stdout.readline() == "ready\n"
    theirs, errors = python(PEEK, str(ours.pid)).communicate()
    ours.communicate("\n")
    if seen and not theirs.strip():
        pytest.skip("this system hides processes from each other anyway")
    assert (theirs.split(), errors) == (seen, "")


def test_it_is_the_first_thing_that_main_does() -> None:
    code = """
import sys
from screens import cli
calls = []
for name in ("_undumpable", "_streams", "run"):
    setattr(cli, name, lambda *words, name=name: calls.append(name) or name != "run" )
try:
    cli.main(["rules", "list"])
except SystemExit:
    print(" ".join(calls))
"""
    assert python(code).communicate()[0] == "_undumpable _streams run\n"


def test_no_core_file_private_files_and_no_debug_variable() -> None:
    code = """
import os, resource
from screens import cli
cli.harden()
print(resource.getrlimit(resource.RLIMIT_CORE), os.umask(0), [n for n in os.environ if n.startswith("TEXTUAL")])
"""
    said, _ = python(code, TEXTUAL="devtools", TEXTUAL_LOG="log.txt").communicate()
    assert said == f"(0, 0) {0o077} []\n"


def test_an_aborted_process_leaves_no_core(tmp_path: Path) -> None:
    code = f"import os, screens.cli; screens.cli.harden(); os.chdir({str(tmp_path)!r}); os.abort()"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGABRT
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "where",
    [
        "cli.run = fails; cli.main(['due'])",
        "fails()",
        "import threading; t = threading.Thread(target=fails); t.start(); t.join()",
        "class Last:\n    __del__ = lambda self: fails()\nLast()",
    ],
    ids=["command", "outside", "thread", "finaliser"],
)
def test_last_words_hold_no_value(where: str) -> None:
    code = f"""
from screens import cli
cli.harden()
def fails(*_):
    name = "{CANARY[:5]}" + "{CANARY[5:]}"
    raise KeyError(name)
{where}
"""
    out, err = python(code).communicate()
    assert CANARY not in out + err
    assert "Traceback" not in err
    assert "KeyError at __main__:" in err
    assert "reference " in err


def test_a_gone_standard_error_changes_no_exit_code() -> None:
    code = "import sys; sys.stderr.close(); from screens import cli; sys.exit(cli.run(['--user']))"
    assert python(code).wait() == 2


APP = f"""
import os, sys
from pathlib import Path
from screens import cli
cli.harden()
from workbench.desk import folders, signin
from workbench.desk.clock import FixedClock
from screens.app import WorkbenchApp, run
from screens.frame import WorkScreen
def fails(*_, **__):
    name = "{CANARY[:5]}" + "{CANARY[5:]}"
    raise KeyError(name)
exec(sys.argv[3])
desk = signin.sign_in(folders.open_folder(Path(sys.argv[1]), FixedClock("2026-11-23T09:12:33")), "dsl", sys.argv[2])
sys.exit(run(desk))
"""
"""The app, with something in it that fails and holds a name."""
FAILS = {
    "a key": "WorkbenchApp.action_palette = fails",
    "an action beside the screen": "async def act(self): fails()\nWorkbenchApp.action_palette = act",
    "a screen": "WorkScreen.compose = fails",
    "a worker": "WorkbenchApp.action_palette = lambda self: self.run_worker(act())\nasync def act(): fails()",
    "a timer": "WorkbenchApp.look_idle = fails",
    "reading keys": "from textual.drivers import linux_driver\nlinux_driver.XTermParser.feed = fails",
    "painting": "WorkbenchApp._display = fails",
}


def driven(folder: Path, changes: str) -> tuple[int, str]:
    """Open the app, press Ctrl+P; exit code and all that it wrote."""
    from tests.screens.test_line_cut import Session

    session = Session(folder, changes, APP)
    session.until(lambda seen: b"? help" in seen)
    with suppress(OSError):
        os.write(session.fd, b"\x10")
    code = session.code()
    while select.select([session.fd], [], [], 0)[0]:
        with suppress(OSError):
            session.seen += os.read(session.fd, 65_536)
            continue
        break
    return code, session.seen.decode("utf-8", "replace")


@pytest.mark.parametrize("where", FAILS)
def test_a_fault_in_the_app_ends_it_with_1_and_no_value(folder: Path, where: str) -> None:
    code, seen = driven(folder, FAILS[where])
    assert code == 1
    assert CANARY not in seen
    assert "Traceback" not in seen
    assert "KeyError at " in seen
    assert [
        path for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()
    ] == []


def test_debug_variables_write_nothing_down(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL", "devtools,debug")
    monkeypatch.setenv("TEXTUAL_LOG", str(tmp_path / "textual.log"))
    monkeypatch.setenv("TEXTUAL_DEBUG", "1")
    code, seen = driven(folder, FAILS["a key"])
    assert (code, CANARY in seen) == (1, False)
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == []


HOSTILE = "a\x1b]0;evil\x07b\x9b31mc\u202egnp\x00\x1b[2Jd\u2066e"
EVERY_WIDGET = f"""
from rich.text import Text
from textual.content import Content
from textual.screen import Screen
from textual import widgets
bad = {HOSTILE!r}
class Every(Screen):
    def compose(self):
        yield widgets.Static(Content(bad))
        yield widgets.Label(bad, markup=False)
        yield widgets.Button(Content(bad))
        yield widgets.Input(bad)
        yield widgets.TextArea(bad)
        yield widgets.OptionList(Content(bad))
        yield widgets.DataTable()
        yield widgets.RichLog()
    def on_mount(self):
        self.query_one(widgets.DataTable).add_column(Text(bad))
        self.query_one(widgets.RichLog).write(Text(bad))
        self.app.notify(bad, title=bad, markup=False)
        self.set_timer(0.5, lambda: self.query_one(widgets.Static).update(Content("all shown")))
WorkbenchApp.CSS = "* {{ max-height: 3; }} Every {{ max-height: 100%; }}"
WorkbenchApp.action_palette = lambda self: self.push_screen(Every())
"""


def test_no_widget_lets_a_control_character_through(folder: Path) -> None:
    from tests.screens.test_line_cut import Session

    session = Session(folder, EVERY_WIDGET, APP)
    session.until(lambda seen: b"? help" in seen)
    before = len(session.seen)
    os.write(session.fd, b"\x10")
    seen = session.until(lambda seen: b"all shown" in seen)[before:]
    session.process.kill()
    session.code()
    seen = re.sub(rb"\x1b\]22;[a-z]*\x07", b"", seen)  # Textual's own: the shape of the mouse pointer
    assert seen.decode("utf-8").count("\ufffd31mc\ufffdgnp") >= 8
    for forbidden in (b"\x1b]0", b"\x07", b"\x00", b"\x1b[2J", b"\x9b31", "\x9b", "\u202e", "\u2066"):
        sign = forbidden.encode() if isinstance(forbidden, str) else forbidden
        assert sign not in seen, forbidden
