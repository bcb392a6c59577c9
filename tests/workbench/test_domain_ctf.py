"""Transfer files as values: what is written reads back the same, and what is hostile stays text or is refused."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import ctf
from workbench.domain.ctf import Ctf, Place, Subject
from workbench.domain.errors import InvalidError

SHEET = Ctf(
    document="Common Transfer File",
    version="25.0",
    made="2026-11-23T09:12:33",
    qualifier="partial",
    descriptor="One pupil",
    supplier="CME Workbench",
    source=Place("880", "6001"),
    school="Riverside Centre",
    academic_year="2026",
    destination=Place("XXX", "XXXX"),
    pupil=Subject(upn="V880600118340", surname="McDonagh", forename="Niamh", dob="2013-05-14", sex="F"),
)
BARE = b"<CTfile><Header/><CTFpupilData><Pupil/></CTFpupilData></CTfile>"
CODES = ("XXXXXXX", "MMMMMMM")


def with_pupil(**fields: str | None) -> Ctf:
    return msgspec.structs.replace(SHEET, pupil=msgspec.structs.replace(SHEET.pupil, **fields))


def test_the_file_is_as_the_form_has_it() -> None:
    assert ctf.build(SHEET).decode("utf-8") == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        "<CTfile>\n"
        "  <Header>\n"
        "    <DocumentName>Common Transfer File</DocumentName>\n"
        "    <CTFversion>25.0</CTFversion>\n"
        "    <DateTime>2026-11-23T09:12:33</DateTime>\n"
        "    <DocumentQualifier>partial</DocumentQualifier>\n"
        "    <DataDescriptor>One pupil</DataDescriptor>\n"
        "    <SupplierID>CME Workbench</SupplierID>\n"
        "    <SourceSchool>\n"
        "      <LEA>880</LEA>\n"
        "      <Estab>6001</Estab>\n"
        "      <SchoolName>Riverside Centre</SchoolName>\n"
        "      <AcademicYear>2026</AcademicYear>\n"
        "    </SourceSchool>\n"
        "    <DestSchool>\n"
        "      <LEA>XXX</LEA>\n"
        "      <Estab>XXXX</Estab>\n"
        "    </DestSchool>\n"
        "  </Header>\n"
        "  <CTFpupilData>\n"
        "    <Pupil>\n"
        "      <UPN>V880600118340</UPN>\n"
        "      <Surname>McDonagh</Surname>\n"
        "      <Forename>Niamh</Forename>\n"
        "      <DOB>2013-05-14</DOB>\n"
        "      <Sex>F</Sex>\n"
        "    </Pupil>\n"
        "  </CTFpupilData>\n"
        "</CTfile>\n"
    )


def test_what_is_written_reads_back_the_same() -> None:
    assert ctf.read(ctf.build(SHEET)) == SHEET


@given(st.text(), st.text())
def test_any_name_reads_back_the_same(surname: str, forename: str) -> None:
    sheet = with_pupil(surname=ctf.text_of(surname), forename=ctf.text_of(forename))
    assert ctf.read(ctf.build(sheet)) == sheet


@pytest.mark.parametrize(
    "name",
    ["</Surname><UPN>x</UPN>", "&lt;&amp;&evil;", "]]>", "<!--", 'O\'Brien "Kai" & Søn', "[bold]", "=1+1"],
)
def test_a_hostile_name_is_text(name: str) -> None:
    data = ctf.build(with_pupil(surname=name))
    assert ctf.read(data).pupil.surname == name
    assert data.count(b"<UPN>") == 1


def test_what_xml_may_not_hold_is_replaced() -> None:
    assert (
        ctf.text_of(" a\x00b\x1bc\ud800d\uffffe\ufffef\u202eg\r\n ")
        == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffdg\ufffd\ufffd"
    )


def test_an_absent_value_is_an_absent_element() -> None:
    data = ctf.build(with_pupil(upn=None, sex=None))
    assert b"UPN" not in data
    assert b"Sex" not in data
    assert ctf.read(data).pupil.upn is None


ENTITY = b'<!DOCTYPE CTfile [<!ENTITY a "aaaaaaaaaa">]>' + BARE.replace(b"<Pupil/>", b"<Pupil>&a;</Pupil>")
OUTSIDE = b'<!DOCTYPE CTfile [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + BARE
DTD = b'<!DOCTYPE CTfile SYSTEM "http://dtd.invalid/a.dtd">' + BARE


@pytest.mark.parametrize("data", [ENTITY, OUTSIDE, DTD])
def test_no_entity_and_no_document_type_is_read(data: bytes) -> None:
    with pytest.raises(InvalidError, match="none is read"):
        ctf.read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xfe", b"<CTfile>", b"<other/>", b"<?xml version='1.0' encoding='no-such'?><CTfile/>",
        BARE.replace(b"<Pupil/>", b""), BARE.replace(b"<Pupil/>", b"<Pupil/><Pupil/>"),
        b"<a>" * 50_000, BARE + b" " * ctf.MOST_BYTES,
    ],
)  # fmt: skip
def test_what_is_no_transfer_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidError):
        ctf.read(data)


@pytest.mark.parametrize("number", ["880/6001", "8806001", "880 6001", "880-6001", " 8806001 "])
def test_a_number_is_read_however_it_is_written(number: str) -> None:
    assert ctf.place_of(number) == ("880", "6001")


@pytest.mark.parametrize("number", ["", "880", "88060011", "880/60O1", "٨٨٠٦٠٠١", "880//6001"])
def test_what_is_no_number_is_none(number: str) -> None:
    assert ctf.place_of(number) is None
    with pytest.raises(InvalidError, match="Destination"):
        ctf.destination_of(number, CODES)


def test_destinations_are_schools_and_known_codes() -> None:
    assert ctf.destination_of("xxxxxxx", CODES).number == "XXXXXXX"
    assert ctf.destination_of("MMMMMMM", CODES) == ("MMM", "MMMM")
    assert ctf.destination_of("880/1234", CODES).number == "8801234"


def test_a_file_is_named_after_both_schools_and_its_number() -> None:
    source, other = Place("880", "6001"), Place("880", "1234")
    unknown = ctf.destination_of("XXXXXXX", CODES)
    assert ctf.file_name(source, unknown, 7) == "8806001_CTF_XXXXXXX_007.xml"
    names = [
        "8806001_CTF_8801234_004.xml",
        "8806001_CTF_XXXXXXX_002.xml",
        "../8806001_CTF_XXXXXXX_009.xml",
        "None",
    ]
    assert ctf.next_sequence(names, source, unknown) == 3
    assert ctf.next_sequence(names, source, other) == 5
    assert ctf.next_sequence(names, other, source) == 1
    assert ctf.file_name(source, other, 999).endswith("_999.xml")
    with pytest.raises(InvalidError, match="999"):
        ctf.file_name(source, other, 1000)


def test_the_sex_is_a_letter_or_nothing() -> None:
    codes = {"f": "F", "female": "F", "m": "M"}
    assert [ctf.sex_code(said, codes) for said in (" Female", "M", "x", "", None)] == [
        "F",
        "M",
        None,
        None,
        None,
    ]
