"""The Common Transfer File (CTF) as values: made into XML, read back from it, and named.

What the published files hold that is not known for certain is left out; `docs/ctf.md` says what, and what stands in
`workbench/desk/data/ctf.toml`. An absent value is an absent element.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from msgspec import Struct

from workbench.domain.characters import BAD, harmless
from workbench.domain.errors import InvalidError

MOST_FILES = 999
"""The sequence has three digits."""
MOST_BYTES = 1_000_000
"""A file of one pupil has about 1000; a larger one is not read."""
_NUMBER = re.compile(r"([0-9]{3})[ /-]?([0-9]{4})")
_NAMED = re.compile(r"([0-9]{7})_CTF_([0-9]{7}|X{7}|M{7})_([0-9]{3})\.xml")
_NOT_XML = re.compile("[\ufffe\uffff]")
"""What no XML file may hold, beyond the characters that are never kept."""


class Place(NamedTuple):
    """The number of a school: three characters of the authority, four of the establishment."""

    lea: str
    estab: str

    @property
    def number(self) -> str:
        """Both in one: `8806001`, or a code such as `XXXXXXX`."""
        return self.lea + self.estab


class Subject(Struct, frozen=True, kw_only=True):
    """The one pupil of a file."""

    upn: str | None
    surname: str
    forename: str
    dob: str
    """ISO 8601."""
    sex: str | None


class Ctf(Struct, frozen=True, kw_only=True):
    """One transfer file. All texts are as they will be written."""

    document: str
    version: str
    made: str
    """`yyyy-MM-ddTHH:mm:ss`, local time."""
    qualifier: str
    descriptor: str
    supplier: str
    source: Place
    school: str
    academic_year: str
    """The year in which its September falls."""
    destination: Place
    pupil: Subject


class Destination(Struct, frozen=True, kw_only=True):
    """A code for no one school, what it stands for, and how certain that is."""

    code: str
    words: str
    certainty: str
    source: str


class LeftOut(Struct, frozen=True, kw_only=True):
    """What a file does not hold, and why."""

    words: str
    certainty: str


class Named(Struct, frozen=True, kw_only=True):
    """How files are named, and how certain that is."""

    pattern: str
    certainty: str


class Choices(Struct, frozen=True, kw_only=True):
    """What a file says beside the pupil's data: `workbench/desk/data/ctf.toml`."""

    document: str
    version: str
    qualifier: str
    descriptor: str
    supplier: str
    checked: date
    sexes: dict[str, str]
    destinations: tuple[Destination, ...]
    left_out: LeftOut
    name: Named


# numbers and names --------------------------------------------------------------------------------------------


def place_of(number: str) -> Place | None:
    """The school of a number such as `880/6001` or `8806001`; None if it is none."""
    found = _NUMBER.fullmatch(number.strip())
    return Place(*found.groups()) if found else None


def destination_of(number: str, codes: Iterable[str]) -> Place:
    """The school that a file goes to.

    Args:
        number: seven digits, or one of the codes.
        codes: those that stand for no one school, such as `XXXXXXX`.

    Raises:
        InvalidError: if it is neither.
    """
    given = number.strip().upper()
    if given in codes:
        return Place(given[:3], given[3:])
    found = place_of(given)
    if found is None:
        raise InvalidError(
            f"Destination {harmless(number)}: no number of a school.",
            todo=f"Seven digits, as in 8801234 (authority, then school), or {' or '.join(sorted(codes))}.",
        )
    return found


def file_name(source: Place, destination: Place, sequence: int) -> str:
    """`LLLSSSS_CTF_LLLSSSS_nnn.xml`: from, to, and the number among the files to there in this school year.

    Raises:
        InvalidError: if three digits are not enough.
    """
    if sequence > MOST_FILES:
        raise InvalidError(
            f"{MOST_FILES} transfer files went to {destination.number} in this school year; a name holds no more.",
            todo="Ask the school's supplier of transfer files how to go on.",
        )
    return f"{source.number}_CTF_{destination.number}_{sequence:03d}.xml"


def next_sequence(names: Iterable[str], source: Place, destination: Place) -> int:
    """The number of the next file: one more than the highest among these names, 1 if there is none."""
    found = [match.groups() for name in names if (match := _NAMED.fullmatch(name))]
    return 1 + max((int(n) for a, b, n in found if (a, b) == (source.number, destination.number)), default=0)


def sex_code(sex: str | None, codes: Mapping[str, str]) -> str | None:
    """The letter for what a roll says, `Female` or `f`; None where it says nothing or nothing known."""
    return codes.get((sex or "").strip().casefold())


def text_of(value: str) -> str:
    """A text as an XML file can hold it: what it may not hold becomes U+FFFD."""
    return _NOT_XML.sub("\ufffd", BAD.sub("\ufffd", value)).strip()


# XML ----------------------------------------------------------------------------------------------------------


def build(sheet: Ctf) -> bytes:
    """The file: UTF-8, indented, every text escaped."""
    root = Element("CTfile")
    header = SubElement(root, "Header")
    _add(header, "DocumentName", sheet.document)
    _add(header, "CTFversion", sheet.version)
    _add(header, "DateTime", sheet.made)
    _add(header, "DocumentQualifier", sheet.qualifier)
    _add(header, "DataDescriptor", sheet.descriptor)
    _add(header, "SupplierID", sheet.supplier)
    source = SubElement(header, "SourceSchool")
    _add_place(source, sheet.source)
    _add(source, "SchoolName", sheet.school)
    _add(source, "AcademicYear", sheet.academic_year)
    _add_place(SubElement(header, "DestSchool"), sheet.destination)
    pupil = SubElement(SubElement(root, "CTFpupilData"), "Pupil")
    _add(pupil, "UPN", sheet.pupil.upn)
    _add(pupil, "Surname", sheet.pupil.surname)
    _add(pupil, "Forename", sheet.pupil.forename)
    _add(pupil, "DOB", sheet.pupil.dob)
    _add(pupil, "Sex", sheet.pupil.sex)
    indent(root)
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _add_place(parent: Element, place: Place) -> None:
    _add(parent, "LEA", place.lea)
    _add(parent, "Estab", place.estab)


def _add(parent: Element, tag: str, value: str | None) -> None:
    if value:
        SubElement(parent, tag).text = value


def read(data: bytes) -> Ctf:
    """A file as values. No document type, no entity and nothing outside the file is read.

    Raises:
        InvalidError: if it is no transfer file of one pupil.
    """
    root = _parsed(data)
    header, pupils = root.find("Header"), root.findall("CTFpupilData/Pupil")
    if root.tag != "CTfile" or header is None or len(pupils) != 1:
        raise InvalidError("No transfer file of one pupil.", todo="Its root is CTfile, with one Pupil.")
    (pupil,) = pupils
    return Ctf(
        document=_text(header, "DocumentName"),
        version=_text(header, "CTFversion"),
        made=_text(header, "DateTime"),
        qualifier=_text(header, "DocumentQualifier"),
        descriptor=_text(header, "DataDescriptor"),
        supplier=_text(header, "SupplierID"),
        source=_place(header, "SourceSchool"),
        school=_text(header, "SourceSchool/SchoolName"),
        academic_year=_text(header, "SourceSchool/AcademicYear"),
        destination=_place(header, "DestSchool"),
        pupil=Subject(
            upn=_text(pupil, "UPN") or None,
            surname=_text(pupil, "Surname"),
            forename=_text(pupil, "Forename"),
            dob=_text(pupil, "DOB"),
            sex=_text(pupil, "Sex") or None,
        ),
    )


def _parsed(data: bytes) -> Element:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if len(data) > MOST_BYTES:
        raise InvalidError(f"No transfer file of one pupil: more than {MOST_BYTES:,} bytes.")
    try:
        root: Element = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise InvalidError("The file declares a document type or entities; none is read.") from None
    except (ParseError, ValueError, LookupError) as error:
        raise InvalidError(f"No XML: {harmless(str(error), 100)}.") from None
    return root


def _text(parent: Element, path: str) -> str:
    return parent.findtext(path) or ""


def _place(header: Element, path: str) -> Place:
    return Place(_text(header, f"{path}/LEA"), _text(header, f"{path}/Estab"))
