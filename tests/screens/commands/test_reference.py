"""Every command has help, and the reference names each."""

from pathlib import Path

import pytest

from screens.commands.reference import every, markdown
from tests.screens.commands.conftest import Workbench

CONTRACT = """
demo init pupils.import pupils.list pupils.show pupils.add pupils.edit register.show register.amend register.import
register.take record contact.add due duty.done duty.override why concern.report concern.list concern.show concern.triage
case.list case.open case.keys case.show case.answer case.close case.reopen case.export enquiry.add enquiry.list
referral.add referral.reply referral.list removal.start removal.list removal.show removal.keys removal.evidence
removal.confirm removal.withdraw removal.authorise removal.complete return.list return.draft return.sent log.show
log.verify rules.list rules.show rules.check people.list people.add people.role check backup restore
what-if calendar.show calendar.close handover.check handover.export
retention.list retention.hold retention.release retention.erase
"""


def test_the_published_reference_is_the_commands_own() -> None:
    page = Path(__file__).parents[3] / "docs" / "commands.md"
    assert page.read_text("utf-8") == markdown(), "run `make papers`"


def test_the_contract_is_whole() -> None:
    names = {path.removeprefix("workbench ").replace(" ", ".") for path, _, _ in every()}
    assert set(CONTRACT.split()) - names == set()


@pytest.mark.parametrize("path", [path for path, _, _ in every()])
def test_help_is_given_without_an_account(workbench: Workbench, path: str) -> None:
    said = workbench(*path.split()[1:], "--help", user=None)
    assert said.code == 0
    assert said.out.startswith("Usage: workbench")
    assert said.err == ""
