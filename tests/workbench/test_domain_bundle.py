"""A bundle is read as `bundling` writes it and in no other way: no trick of zip files has room."""

import io
import resource
import stat
import struct
import time
import zipfile
from collections.abc import Callable

import pytest

from tests import bundlekit
from tests.bundlekit import Signer
from workbench.domain import bundle, bundling, sshsig
from workbench.domain.errors import InvalidError

Twist = Callable[[dict[str, bytes]], dict[str, bytes]]


def refused(data: bytes) -> str:
    """Why a bundle is refused."""
    with pytest.raises(InvalidError) as error:
        bundle.opened(data)
    assert error.value.todo
    return error.value.what


def zipped(files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], object] = lambda _: None) -> bytes:
    """As `bundling.zipped`, with something changed about each entry."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, (stat.S_IFREG | 0o600) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            change(entry)
            out.writestr(entry, data)
    return made.getvalue()


def whole() -> dict[str, bytes]:
    return bundlekit.signed(bundlekit.parts())


# in order ---------------------------------------------------------------------------------------------------------


def test_one_in_order_gives_its_files_its_sum_and_its_signer() -> None:
    found = bundle.opened(bundlekit.bundle())
    assert tuple(found.files) == bundling.NAMES
    assert found.fingerprint == Signer().fingerprint
    assert (found.said, found.size) == ("hilda", len(bundlekit.bundle()))


def test_a_bit_that_is_changed_anywhere_is_noticed() -> None:
    """But for the few bits that say the same either way, as those that fill up the last byte of a packed file."""
    data = bundlekit.bundle(bundlekit.case_file(log=[]), README_txt=b"x")
    right, let_through = bundle.opened(data), []
    for place in range(len(data)):
        for bit in (1, 128):
            wrong = bytearray(data)
            wrong[place] ^= bit
            try:
                found = bundle.opened(bytes(wrong))
            except InvalidError:
                continue
            let_through.append(place)
            assert found.files == right.files
            assert found.sha256 != right.sha256
    assert len(let_through) < 20


def test_cut_at_every_length_it_is_refused() -> None:
    data = bundlekit.bundle()
    for length in range(0, len(data), 7):
        refused(data[:length])


# what is in it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", bundling.SUMMED)
def test_a_file_that_was_changed_is_named(name: str) -> None:
    files = whole()
    files[name] = files[name].replace(files[name][:1], b"~", 1)
    assert name in refused(bundling.zipped(files))


def test_sums_that_were_made_anew_do_not_fit_the_signature() -> None:
    files = whole()
    files["case.html"] = b"<p>other"
    files["SHA256SUMS"] = bundling.sums({name: files[name] for name in bundling.SUMMED})
    said = refused(bundling.zipped(files))
    assert "SHA256SUMS.sig" in said
    assert "does not fit" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "has no line for"),
        (b"0" * 64 + b"  /etc/passwd\n", "line 7"),
        (b"0" * 64 + b"  case.json\n", "line 7"),
        (b"\xff\n", "is no text"),
    ],
)
def test_sums_of_other_files_are_refused(line: bytes, said: str) -> None:
    files, signer = whole(), Signer()
    lines = files["SHA256SUMS"] + line if line else files["SHA256SUMS"].split(b"\n", 1)[1]
    files["SHA256SUMS"] = lines
    files["SHA256SUMS.sig"] = sshsig.armored(signer.public, signer.sign, lines).encode()
    assert said in refused(bundling.zipped(files))


def test_a_signature_for_something_else_is_named() -> None:
    files, signer = whole(), Signer()
    files["SHA256SUMS.sig"] = sshsig.armored(signer.public, signer.sign, files["SHA256SUMS"], "git").encode()
    assert "made for 'git'" in refused(bundling.zipped(files))


def test_another_signer_than_the_bundle_names_is_named() -> None:
    other = Signer(2)
    files = bundlekit.signed(bundlekit.parts(), other)  # the bundle names the first
    said = refused(bundling.zipped(files))
    assert Signer().fingerprint in said
    assert other.fingerprint in said


def test_allowed_signers_of_another_key_is_refused() -> None:
    made = {**bundlekit.parts(), "allowed_signers": b"hilda ssh-ed25519 AAAA\n"}
    assert "allowed_signers names another key" in refused(bundling.zipped(bundlekit.signed(made)))


@pytest.mark.parametrize(
    "start", [b"age-encryption.org/v1\n-> X25519 a", b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl"]
)
def test_an_encrypted_file_is_known_and_said_how_to_open(start: bytes) -> None:
    with pytest.raises(InvalidError, match="encrypted in the age format") as error:
        bundle.opened(start)
    assert "age -d" in error.value.todo


# the zip file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../case.json",
        "/etc/passwd",
        "case.json/",
        "C:\\case.json",
        "CON",
        "a\x1b[2Jb",
        "case.JSON",
        "ca\u202ese.json",
    ],
)
def test_a_name_that_is_none_of_ours_is_refused_and_shown_harmless(name: str) -> None:
    files = whole()
    files = {(name if own == "case.html" else own): data for own, data in files.items()}
    said = refused(zipped(files))
    assert "another name" in said
    assert said.isprintable()
    assert "\x1b" not in said


def test_a_name_that_no_file_system_takes_is_refused() -> None:
    data = bundlekit.bundle().replace(b"README.txt", b"READ\x00/../x")
    said = refused(data)
    assert "another name, READ\\x00/../x" in said


def test_a_file_too_many_or_too_few_is_named() -> None:
    files = whole()
    assert "9 files" in refused(zipped({**files, "evil.sh": b"#!"}))
    del files["case.html"]
    assert "7 files" in refused(zipped(files))


def test_the_same_name_twice_is_refused() -> None:
    data = bytearray(zipped({**{k: v for k, v in whole().items() if k != "case.html"}, "case.htmx": b""}))
    twice = bytes(data).replace(b"case.htmx", b"case.json")
    assert "missing" in refused(twice) or "twice" in refused(twice)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO])
def test_links_folders_and_pipes_are_refused(kind: int) -> None:
    def change(entry: zipfile.ZipInfo) -> None:
        entry.external_attr = (kind | 0o600) << 16

    assert "not a plain file" in refused(zipped(whole(), change))


def test_a_file_of_another_program_is_refused() -> None:
    def change(entry: zipfile.ZipInfo) -> None:
        entry.date_time = (2026, 11, 20, 9, 0, 0)

    assert "another program" in refused(zipped(whole(), change))


def test_encrypted_entries_and_extra_fields_are_refused() -> None:
    def extra(entry: zipfile.ZipInfo) -> None:
        entry.extra = struct.pack("<HHQ", 1, 8, 1)

    assert "more than a plain file" in refused(zipped(whole(), extra))
    data = bytearray(bundlekit.bundle())
    data[6] |= 1
    assert "encrypted" in refused(bytes(data))


@pytest.mark.parametrize("more", [b"\n", b"PK\x03\x04", bytes(100)])
def test_something_behind_or_before_it_is_refused(more: bytes) -> None:
    data = bundlekit.bundle()
    refused(data + more)
    refused(more + data)
    end = data.index(b"PK\x01\x02")
    refused(data[:end] + more + data[end:])


def test_a_remark_at_its_end_is_refused() -> None:
    data = bundlekit.bundle()
    said = refused(data[:-2] + b"\x05\x00hello")
    assert "cut off, or something stands behind it" in said
    assert "remark" in refused(data[:-2] + b"\x05\x00")


# caps -------------------------------------------------------------------------------------------------------------


def costs(data: bytes) -> tuple[str, float, int]:
    """Why it is refused, the processor's seconds that took, and how many bytes more the process came to hold."""
    before, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = refused(data)
    return (
        said,
        time.process_time() - before,
        (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024,
    )


@pytest.mark.parametrize("name", ["case.html", "README.txt", "case.json"])
def test_a_bomb_is_refused_before_it_is_unpacked(name: str) -> None:
    files = {**whole(), name: bytes(64 << 20)}
    data = zipped(files)
    assert len(data) < 1 << 20
    said, seconds, grown = costs(data)
    assert name in said or "unpacked" in said
    assert seconds < 1
    assert grown < 32 << 20


def test_a_bomb_that_lies_about_its_size_stops_at_what_it_said() -> None:
    data = bytearray(zipped({**whole(), "case.html": bytes(64 << 20)}))
    small = struct.pack("<I", 100)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark, data.index(mark) + 1)  # the second entry is case.html
        data[at + place : at + place + 4] = small
    said, seconds, grown = costs(bytes(data))
    assert "case.html" in said
    assert seconds < 1
    assert grown < 32 << 20


def test_packed_much_smaller_than_any_case_it_is_refused() -> None:
    assert "times smaller" in refused(zipped({**whole(), "case.html": bytes(2 << 20)}))


def test_a_huge_file_is_refused_unread() -> None:
    assert "8,388,609 bytes" in refused(b"PK\x03\x04" + bytes((8 << 20) - 3))
