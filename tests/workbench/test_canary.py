"""What is written about a child in confidence is found nowhere: not in the folder, its backup, its log, a report of a
fault, or the memory that another process may read."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from shutil import which

import pytest

from tests.conftest import PASSPHRASE, DeskFor
from tests.workbench.story import UPN, opened
from workbench.desk import backups, cases, concerns, duties, enquiries, events, referrals, removals
from workbench.desk.context import Desk

WORDS = {
    "concern": "quokkaconcern",
    "outcome": "quokkaoutcome",
    "note": "quokkanote",
    "answer": "quokkaanswer",
    "enquiry": "quokkaenquiry",
    "evidence": "quokkaevidence",
    "referral": "quokkareferral",
    "reply": "quokkareply",
    "danger": "quokkadanger",
    "closing": "quokkaclosing",
    "removal": "quokkaremoval",
    "done": "quokkadone",
}
"""Words that stand in no other text, one for each way in."""


def written(desk_for: DeskFor) -> tuple[Desk, str]:
    """A folder in which every word was typed where such words are typed, and the case's id."""
    desk = desk_for("dsl")
    case = opened(desk).id
    concern = concerns.report(desk_for("staff"), UPN, f"She said {WORDS['concern']} to me.")
    concerns.triage(desk, concern, WORDS["outcome"])
    cases.note(desk, case, WORDS["note"])
    cases.answer(desk, case, "danger.level", "none", WORDS["answer"])
    enquiries.add(
        desk_for("attendance"),
        case,
        enquiries.steps(desk)[0][0],
        WORDS["enquiry"],
        evidence=WORDS["evidence"],
    )
    made = referrals.add(desk, case, "social-care", "refer", WORDS["referral"])
    referrals.reply(desk, made.id, WORDS["reply"])
    events.record(desk, UPN, "danger", {"what": WORDS["danger"]})
    removal = removals.start(desk, UPN, "F", case=case).removal.id
    removals.evidence(
        desk, removal, removals.evidence_questions(desk, removal)[0].key, "yes", WORDS["removal"]
    )
    follow = duties.due(desk, rule="case.inform-professionals", pupil=UPN) or duties.due(desk, pupil=UPN)
    settled = next(duty for duty in follow if duty.case == case and duty.rule not in duties.ENDED_BY)
    duties.done(desk, settled.id, WORDS["done"])
    return desk, case


def found_in(raw: bytes) -> list[str]:
    return [word for word in WORDS.values() if word.encode() in raw]


def found_under(root: Path) -> list[tuple[str, str]]:
    return [
        (p.name, word) for p in sorted(root.rglob("*")) if p.is_file() for word in found_in(p.read_bytes())
    ]


def test_it_stands_nowhere_in_the_folder_its_log_or_its_backup(
    desk_for: DeskFor, folder: Path, tmp_path: Path
) -> None:
    desk, case = written(desk_for)
    assert WORDS["note"] in repr(cases.show(desk, case)), "who holds the key reads it"
    desk.store.snapshot()
    assert found_under(folder) == []
    saved = Path(backups.make(desk, str(tmp_path / "saved.cmebackup")).path)
    with tarfile.open(saved) as members:
        members.extractall(tmp_path / "opened", filter="data")
    assert (tmp_path / "opened").is_dir()
    assert found_under(tmp_path / "opened") == []


def test_a_fault_is_reported_without_it(desk_for: DeskFor, folder: Path) -> None:
    """The words are local variables of every frame that the error passes; the program is run as its users run it."""
    _, case = written(desk_for)
    code = (
        "import sys\n"
        "from workbench.desk import casefacts\n"
        "def broken(desk, case):\n"
        "    notes = [n.text for n in desk.records('cases', 'notes', casefacts.Note)]\n"
        "    raise ZeroDivisionError(notes[0])\n"
        "from workbench.desk import cases\n"
        "cases.view_of = broken\n"
        "from screens.cli import main\n"
        f"given = ['--data', {str(folder)!r}, '--user', 'dsl', '--passphrase-fd', '0']\n"
        f"sys.argv = ['workbench', *given, 'case', 'show', {case!r}]\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=f"{PASSPHRASE}\n".encode(),
        capture_output=True,
        cwd=os.getcwd(),
        timeout=60,
    )
    assert b"ZeroDivisionError" in done.stderr, done.stderr
    assert found_in(done.stderr + done.stdout) == []
    assert done.returncode == 1


def test_environment_and_memory_are_not_to_be_read_by_another_process(
    desk_for: DeskFor, folder: Path
) -> None:
    """Both are asked of a process of the same user; root may read everything, and is told apart."""
    written(desk_for)
    code = (
        "import sys\nfrom pathlib import Path\n"
        "import screens.cli as cli\n"
        "def wait(*_):\n    print('ready', flush=True)\n    sys.stdin.read()\n"
        "from screens.commands import session\n"
        "real = session.Session.show\n"
        "session.Session.show = lambda self, value, lines: (real(self, value, lines), wait())\n"
        f"sys.argv = ['workbench', '--data', {str(folder)!r}, '--user', 'dsl', 'case', 'list']\n"
        "cli.main()\n"
    )
    env = {**os.environ, "WORKBENCH_PASSPHRASE": PASSPHRASE}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, cwd=os.getcwd()
    ) as running:
        assert running.stdout is not None
        assert running.stdin is not None
        for line in running.stdout:
            if line.strip() == b"ready":
                break
        looked = _looked(running.pid)
        running.stdin.close()
        running.wait(timeout=30)
    assert looked == {"environ": "refused", "mem": "refused"}


def _looked(pid: int) -> dict[str, str]:
    """What a process of the same user, without root's rights, may read of another."""
    code = (
        "import json, os, sys\n"
        "found = {}\n"
        "for name in ('environ', 'mem'):\n"
        "    try:\n"
        f"        with open(f'/proc/{pid}/{{name}}', 'rb') as file:\n"
        "            file.read(0 if name == 'mem' else 4096)\n"
        "        found[name] = 'read'\n"
        "    except OSError:\n"
        "        found[name] = 'refused'\n"
        "print(json.dumps(found))\n"
    )
    command = [sys.executable, "-c", code]
    if os.geteuid() == 0:
        drop = which("setpriv")
        if drop is None:
            pytest.skip("run as root, and setpriv is not there to give root's rights up")
        command = [drop, "--bounding-set", "-all", "--inh-caps", "-all", *command]
    done = subprocess.run(command, capture_output=True, check=True, timeout=30)
    answer: dict[str, str] = json.loads(done.stdout)
    return answer
