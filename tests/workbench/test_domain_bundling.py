"""A bundle is the same bytes each time, and stock tools read and check it."""

import io
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.stocktools import needs, shell
from workbench.domain import bundling, sshsig

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
PARTS = {
    name: f"what stands in {name}\n".encode()
    for name in ("case.json", "case.html", "log.jsonl", "README.txt")
}
stock = needs("unzip", "sha256sum", "ssh-keygen")


def _files() -> dict[str, bytes]:
    return bundling.signed(bundling.with_signer(PARTS, PUBLIC, "dsl"), PUBLIC, KEY.sign)


def test_the_same_files_give_the_same_bytes() -> None:
    assert bundling.zipped(_files()) == bundling.zipped(_files())


def test_its_files_are_plain_private_and_without_time() -> None:
    with zipfile.ZipFile(io.BytesIO(bundling.zipped(_files()))) as bundle:
        assert tuple(bundle.namelist()) == bundling.NAMES
        for entry in bundle.infolist():
            assert entry.external_attr >> 16 == 0o100600
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_a_file_that_is_missing_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        bundling.signed(PARTS, PUBLIC, KEY.sign)


VERIFY = (
    f"ssh-keygen -Y verify -f allowed_signers -I dsl -n {sshsig.NAMESPACE} -s SHA256SUMS.sig < SHA256SUMS"
)


@stock
def test_stock_tools_unpack_and_check_it(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(bundling.zipped(_files()))
    assert shell(tmp_path, "unzip -t bundle.zip && unzip -q bundle.zip").returncode == 0
    done = shell(tmp_path, "sha256sum --strict -c SHA256SUMS")
    assert done.returncode == 0
    assert done.stdout.count(b": OK") == len(bundling.SUMMED)
    done = shell(tmp_path, VERIFY)
    assert done.returncode == 0, done.stderr
    assert sshsig.fingerprint(PUBLIC).encode() in done.stdout


@stock
def test_stock_tools_see_what_is_wrong(tmp_path: Path) -> None:
    for name, data in _files().items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "case.json").write_bytes(b"What stands in case.json\n")
    assert shell(tmp_path, "sha256sum -c SHA256SUMS").returncode != 0
    assert shell(tmp_path, VERIFY.replace(sshsig.NAMESPACE, "file")).returncode != 0
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    (tmp_path / "allowed_signers").write_text(f"dsl {sshsig.public_line(other)}\n")
    assert shell(tmp_path, VERIFY).returncode != 0
