"""Unfinished texts: sealed on the disk, back with their writer, or with the DSLs; and what they do with them."""

from pathlib import Path

import msgspec
import pytest

from store.drafts import Drafts
from tests.conftest import DeskFor
from tests.draftkit import CANARY, Keyed, drafts_in, found_in
from workbench.desk import concerns, drafts, roll, unfinished
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError

NOTE = "a note"
WORRY = {"text": CANARY, "about": ""}


@pytest.fixture
def keyed(desk_for: DeskFor) -> Keyed:
    return Keyed(desk_for, "dsl", "deputy", "leader", "attendance")


def child(desk: Desk) -> str:
    return roll.pupils(desk)[0].id


def begun(keyed: Keyed, about: str = "", text: str = CANARY, user: str = "staff") -> str:
    """A concern that somebody without keys was typing."""
    desk = keyed(user)
    name = f"{drafts.CONCERN}{child(desk)}"
    return drafts.keep(desk, user, name, {"text": text, "about": about}, proven=False)


def test_a_text_comes_back_to_its_writer_alone_and_stands_in_no_file(keyed: Keyed, folder: Path) -> None:
    own = drafts.keep(keyed("dsl"), "dsl", NOTE, {"text": CANARY})
    assert drafts_in(folder) == [f"{own}.draft"]
    assert found_in(folder, CANARY) == []
    (draft,) = drafts.offered(keyed("dsl"))
    assert (draft.id, draft.name, draft.values) == (own, NOTE, {"text": CANARY})
    for user in ("deputy", "leader", "attendance", "staff"):
        assert drafts.offered(keyed(user)) == []
    assert unfinished.unfinished(keyed("deputy")) == []


def test_it_is_replaced_under_its_id_and_dropped(keyed: Keyed, folder: Path) -> None:
    desk = keyed("dsl")
    own = drafts.keep(desk, "dsl", NOTE, {"text": "one"})
    assert drafts.keep(desk, "dsl", NOTE, {"text": "one two"}, own) == own
    assert [draft.values["text"] for draft in drafts.offered(desk)] == ["one two"]
    drafts.drop(desk, own)
    assert drafts_in(folder) == []


def test_whatever_was_typed_comes_back_harmless(keyed: Keyed) -> None:
    typed = "a\ud800b\x1b]0;x\x07\u202ec\nsecond\tline"
    drafts.keep(keyed("dsl"), "dsl", NOTE, {"text": typed, "long": "x" * 30_000})
    (draft,) = drafts.offered(keyed("dsl"))
    assert draft.values["text"] == "a\ufffdb\ufffd]0;x\ufffd\ufffdc\nsecond    line"
    assert len(draft.values["long"]) == 30_000


def test_without_keys_only_a_concern_is_kept(keyed: Keyed, folder: Path) -> None:
    assert drafts.keep(keyed("staff"), "staff", NOTE, {"text": CANARY}) == ""
    assert drafts_in(folder) == []
    assert begun(keyed) != ""
    assert found_in(folder, CANARY) == []


def test_under_another_id_or_name_it_does_not_open(keyed: Keyed, folder: Path) -> None:
    own = drafts.keep(keyed("dsl"), "dsl", NOTE, {"text": CANARY})
    kept, one = Drafts(folder), Drafts(folder).get(own)
    assert one is not None
    kept.put(msgspec.structs.replace(one, id="DR-AAAAAAAAAAAAAAAA"))
    kept.put(msgspec.structs.replace(one, id="DR-BBBBBBBBBBBBBBBB", user="deputy"))
    desk = keyed("dsl")
    assert [draft.id for draft in drafts.offered(desk)] == [own]
    assert any("does not open with your key" in words for words in desk.store.remarks)


def test_after_thirty_days_it_is_removed_with_a_remark(keyed: Keyed, folder: Path, clock: FixedClock) -> None:
    drafts.keep(keyed("dsl"), "dsl", NOTE, {"text": CANARY})
    cut = begun(keyed)
    clock.advance(seconds=30 * 86_400)
    assert len(drafts.offered(keyed("dsl"))) == 1
    clock.advance(seconds=86_400)
    desk = keyed("deputy")
    assert drafts.offered(desk) == []
    assert "An unfinished text was removed: nobody came back to it in 30 days." in desk.store.remarks
    assert drafts_in(folder) == [f"{cut}.draft"]  # a concern waits for a DSL, however long


def test_a_disk_that_refuses_is_a_remark_and_no_error(keyed: Keyed, folder: Path) -> None:
    (folder / "drafts").write_text("in the way")
    desk = keyed("dsl")
    assert drafts.keep(desk, "dsl", NOTE, {"text": CANARY}) == ""
    assert any("could not be kept" in words for words in desk.store.remarks)
    assert drafts.offered(desk) == []


def test_of_a_case_or_a_child_that_was_erased_it_goes_at_the_next_sign_in(keyed: Keyed, folder: Path) -> None:
    desk = keyed("dsl")
    kept = drafts.keep(desk, "dsl", f"call {child(desk)}", {"text": CANARY})
    drafts.keep(desk, "dsl", "note C-GONE00", {"text": CANARY})
    drafts.keep(desk, "dsl", "('pupil', {'pupil': 'P-GONE00'}) Reason", {"text": CANARY})
    assert [draft.id for draft in drafts.offered(desk)] == [kept]
    assert drafts_in(folder) == [f"{kept}.draft"]


def test_a_folder_that_is_only_read_keeps_what_stands_there(
    keyed: Keyed, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = keyed("dsl")
    own = drafts.keep(desk, "dsl", NOTE, {"text": "one"})
    monkeypatch.setattr(type(desk.store), "readonly", True)
    assert drafts.keep(desk, "dsl", NOTE, {"text": "two"}, own) == ""
    drafts.drop(desk, own)
    assert [draft.values for draft in drafts.offered(desk)] == [{"text": "one"}]


# concerns that were cut off ------------------------------------------------------------------------------------------


def readers(keyed: Keyed) -> list[str]:
    """Who sees one."""
    return [user for user in ("dsl", "deputy", "leader") if unfinished.unfinished(keyed(user))]


@pytest.mark.parametrize(
    ("about", "text", "who"),
    [
        ("", CANARY, ["dsl", "deputy"]),
        ("dsl", CANARY, ["deputy"]),
        ("ds", CANARY, ["deputy"]),
        ("dsl deputy", CANARY, ["leader"]),
        ("", "dsl shouted at him", ["deputy"]),
        ("", "DSL and deputy both know", ["dsl", "deputy"]),
    ],
)
def test_it_is_sealed_to_the_dsls_it_is_not_about(
    keyed: Keyed, folder: Path, about: str, text: str, who: list[str]
) -> None:
    begun(keyed, about, text)
    assert readers(keyed) == who
    assert found_in(folder, text) == []


def test_a_name_that_the_text_holds_leaves_its_bearer_out(keyed: Keyed) -> None:
    surname = roll_name(keyed("dsl"), "dsl").split()[-1]
    begun(keyed, "", f"Then {surname}, as always, came in.")
    assert readers(keyed) == ["deputy"]


def roll_name(desk: Desk, user: str) -> str:
    return str((desk.get("people", "people", user) or {})["name"])


def test_who_it_is_about_cannot_read_what_was_kept_before_they_were_named(keyed: Keyed) -> None:
    own = begun(keyed)
    assert readers(keyed) == ["dsl", "deputy"]
    desk = keyed("staff")
    name = f"{drafts.CONCERN}{child(desk)}"
    drafts.keep(desk, "staff", name, {"text": CANARY, "about": "dsl"}, own, proven=False)
    assert readers(keyed) == ["deputy"]
    with pytest.raises(NotFoundError):
        unfinished.look(keyed("dsl"), own)


def test_where_nobody_is_left_it_is_not_kept(keyed: Keyed, folder: Path) -> None:
    own = begun(keyed)
    desk = keyed("staff")
    values = {"text": CANARY, "about": "dsl deputy leader"}
    assert drafts.keep(desk, "staff", f"{drafts.CONCERN}{child(desk)}", values, own, proven=False) in (
        "",
        own,
    )
    assert readers(keyed) == []


def test_the_writer_is_told_and_reads_nothing(keyed: Keyed) -> None:
    own = begun(keyed)
    assert drafts.with_the_dsl(keyed("staff")) == ["2026-11-23T09:12:33+00:00"]
    assert drafts.with_the_dsl(keyed("attendance")) == []
    assert drafts.offered(keyed("staff")) == []
    with pytest.raises(RefusedError):
        unfinished.look(keyed("staff"), own)


def test_looking_at_one_is_in_the_log(keyed: Keyed) -> None:
    own = begun(keyed)
    desk = keyed("dsl")
    found = unfinished.look(desk, own)
    assert (found.user, found.text, found.pupil) == ("staff", CANARY, child(desk))
    entry = next(desk.store.entries(newest_first=True))
    assert (entry["act"], entry["subject"], entry["actor"]) == ("concern.viewed", own, "dsl")


def test_taken_up_it_is_a_concern_of_its_writer_not_proven(keyed: Keyed, folder: Path) -> None:
    own = begun(keyed, "deputy nobody")
    desk = keyed("dsl")
    made = concerns.show(desk, unfinished.take_up(desk, own))
    assert (made.by, made.proven, made.about, made.outcome) == ("staff", False, ("deputy",), None)
    assert made.text == (
        "Unfinished: staff last typed at 2026-11-23 09:12; taken up by dsl.\n"
        f"About a colleague: nobody\n\n{CANARY}"
    )
    assert drafts_in(folder) == []
    assert drafts.with_the_dsl(keyed("staff")) == []
    (entry,) = [e for e in desk.store.entries() if e["act"] == "concern.reported"]
    assert (entry["actor"], entry["subject"], entry["why"]) == ("dsl", made.id, own)
    with pytest.raises(NotFoundError):
        unfinished.take_up(desk, own)


def test_put_away_with_a_reason_text_and_reason_stay(keyed: Keyed, folder: Path) -> None:
    desk = keyed("dsl")
    made = concerns.show(desk, unfinished.take_up(desk, begun(keyed), "Reported again at ten."))
    assert (made.outcome, made.triaged_by) == ("Reported again at ten.", "dsl")
    assert CANARY in made.text
    assert drafts_in(folder) == []


def test_one_that_is_too_long_or_empty_is_refused_and_stays(keyed: Keyed, folder: Path) -> None:
    for text in ("x" * 20_001, " "):
        own = begun(keyed, "", text)
        with pytest.raises(InvalidError):
            unfinished.take_up(keyed("dsl"), own)
        assert f"{own}.draft" in drafts_in(folder)


def test_the_longest_text_is_kept_whole(keyed: Keyed) -> None:
    desk = keyed("dsl")
    made = concerns.show(desk, unfinished.take_up(desk, begun(keyed, "", "x" * 20_000)))
    assert made.text == "x" * 20_000


@pytest.mark.parametrize("own", ["DR-", "DR-AAAAAAAAAAAAAAAA", "../people", "DR-../../people", "", "\x00"])
def test_an_id_that_is_none_is_refused(keyed: Keyed, own: str) -> None:
    with pytest.raises(NotFoundError):
        unfinished.look(keyed("dsl"), own)


def test_of_a_child_who_was_erased_nothing_is_kept(keyed: Keyed, folder: Path) -> None:
    drafts.keep(keyed("staff"), "staff", f"{drafts.CONCERN}P-GONE00", {"text": CANARY}, proven=False)
    (found,) = unfinished.unfinished(keyed("dsl"))
    with pytest.raises(NotFoundError, match="erased"):
        unfinished.take_up(keyed("dsl"), found.id)
    assert drafts_in(folder) == []
