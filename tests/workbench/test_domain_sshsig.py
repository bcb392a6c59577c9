"""Signatures are exactly those of stock `ssh-keygen -Y`, both ways; a foreign or broken one is named."""

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.stocktools import needs
from workbench.domain.errors import InvalidError
from workbench.domain.sshsig import armored, checked, fingerprint, public_line, public_of

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
MESSAGE = b"0123  case.json\n"
SPACE = "cp-file-transfer"

stock = needs("ssh-keygen")


def _signed(message: bytes = MESSAGE, namespace: str = SPACE) -> str:
    return armored(PUBLIC, KEY.sign, message, namespace)


def _run(folder: Path, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["ssh-keygen", *words], cwd=folder, input=given, capture_output=True, check=False)


def _private(folder: Path) -> None:
    openssh = serialization.PrivateFormat.OpenSSH
    data = KEY.private_bytes(serialization.Encoding.PEM, openssh, serialization.NoEncryption())
    (folder / "key").write_bytes(data)
    (folder / "key").chmod(0o600)


def test_what_we_sign_we_accept() -> None:
    assert checked(_signed(), MESSAGE) == PUBLIC


def test_a_signature_is_the_same_each_time() -> None:
    assert _signed() == _signed()


def test_a_changed_message_does_not_fit() -> None:
    with pytest.raises(InvalidError, match="does not fit"):
        checked(_signed(), MESSAGE + b" ")


def test_another_namespace_is_named() -> None:
    with pytest.raises(InvalidError, match=r"made for 'file', not for 'cp-file-transfer'"):
        checked(_signed(namespace="file"), MESSAGE)


def test_a_namespace_from_outside_cannot_write_on_the_terminal() -> None:
    with pytest.raises(InvalidError) as told:
        checked(_signed(namespace="\x1b[2J\n"), MESSAGE)
    assert "\x1b" not in str(told.value)


@pytest.mark.parametrize("text", ["", "x", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
                                  "-----BEGIN SSH SIGNATURE-----\nÄ\n-----END SSH SIGNATURE-----",
                                  "x" * 10_000_000])  # fmt: skip
def test_what_is_no_signature_is_called_so(text: str) -> None:
    with pytest.raises(InvalidError, match="no SSH signature"):
        checked(text, MESSAGE)


def test_the_bits_to_spare_of_its_last_sign_are_not_free() -> None:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    signature = _signed(namespace="cp-file-receipt")
    body, end = signature.split("=\n", 1)
    changed = f"{body[:-1]}{signs[signs.index(body[-1]) ^ 1]}=\n{end}"
    assert checked(signature, MESSAGE, "cp-file-receipt") == PUBLIC
    with pytest.raises(InvalidError, match="as signatures are written"):
        checked(changed, MESSAGE, "cp-file-receipt")


@given(at=st.integers(0, 160), to=st.integers(0, 255))
def test_any_changed_byte_of_the_signature_is_seen(at: int, to: int) -> None:
    lines = _signed().splitlines()
    whole = bytearray(base64.b64decode("".join(lines[1:-1])))
    if whole[at] == to:
        return
    whole[at] = to
    text = "\n".join([lines[0], base64.b64encode(bytes(whole)).decode(), lines[-1]])
    with pytest.raises(InvalidError):
        checked(text, MESSAGE)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_only_our_own_error(data: bytes) -> None:
    inner = base64.b64encode(b"SSHSIG\0\0\0\1" + data).decode()
    with pytest.raises(InvalidError):
        checked(f"-----BEGIN SSH SIGNATURE-----\n{inner}\n-----END SSH SIGNATURE-----\n", MESSAGE)


def test_a_key_goes_onto_a_line_and_comes_back() -> None:
    assert public_of(public_line(PUBLIC, "tom.reid")) == PUBLIC
    assert public_line(PUBLIC, "a\nssh-ed25519 b") == public_line(PUBLIC, "assh-ed25519 b")


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-rsa AAAA x", "ssh-ed25519 AAAA x",
                                  "ssh-ed25519 Ä x", "x" * 5000])  # fmt: skip
def test_what_is_no_key_is_called_so(line: str) -> None:
    with pytest.raises(InvalidError, match="no Ed25519 public key"):
        public_of(line)


def test_two_keys_on_two_lines_are_not_one() -> None:
    line = public_line(PUBLIC, "tom.reid")
    with pytest.raises(InvalidError, match="no Ed25519 public key"):
        public_of(f"{line}\n{line}")


@stock
def test_ssh_keygen_accepts_ours_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "sums.sig").write_text(_signed())
    (tmp_path / "allowed").write_text(f"tom.reid {public_line(PUBLIC)}\n")
    verify = ("-Y", "verify", "-f", "allowed", "-I", "tom.reid", "-n", SPACE, "-s", "sums.sig")
    good = _run(tmp_path, *verify, given=MESSAGE)
    assert good.returncode == 0, good.stderr
    assert fingerprint(PUBLIC) in good.stdout.decode()
    assert _run(tmp_path, *verify, given=MESSAGE + b"x").returncode != 0
    (tmp_path / "sums.sig").write_text(_signed(namespace="file"))
    assert _run(tmp_path, *verify, given=MESSAGE).returncode != 0


@stock
def test_we_make_byte_for_byte_what_ssh_keygen_makes(tmp_path: Path) -> None:
    _private(tmp_path)
    (tmp_path / "sums").write_bytes(MESSAGE)
    done = _run(tmp_path, "-Y", "sign", "-f", "key", "-n", SPACE, "sums")
    assert done.returncode == 0, done.stderr
    theirs = (tmp_path / "sums.sig").read_text()
    assert checked(theirs, MESSAGE) == PUBLIC
    assert theirs == _signed()


@stock
def test_the_fingerprint_is_the_one_that_ssh_keygen_prints(tmp_path: Path) -> None:
    (tmp_path / "key.pub").write_text(public_line(PUBLIC, "tom.reid") + "\n")
    shown = _run(tmp_path, "-l", "-f", "key.pub").stdout.decode()
    assert shown.split()[1] == fingerprint(PUBLIC)
