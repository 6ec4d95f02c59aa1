"""Plain person records from a CSV file, whatever its columns are called.

Headers are matched by synonyms after folding (`First Name`, `given_name`, `FirstName`, `E-Mail 2`, `Phone (home)`, `Vorname`). A column
nobody knows is left aside and said so, national numbers (soc_sec_id, ssn) are left aside on purpose: no shop has them. Files are
UTF-8, with a mark or without, UTF-16 with one, else what Windows wrote; commas, semicolons, tabs or bars part the cells.
"""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from hub.identity.matching.person import Person, fold, person

IDS: Final = (
    "unique id",
    "rec id",
    "record id",
    "id",
    "row id",
    "uid",
    "uuid",
    "guid",
    "key",
    "nr",
    "customer id",
    "contact id",
    "person id",
)
"""Columns that may say which record it is, best first; the first in which no value comes twice is taken."""
SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "given": ("first name", "given name", "firstname", "givenname", "forename", "given", "fname", "vorname", "prenom", "nombre", "name first", "first", "nome"),
    "surname": ("surname", "last name", "family name", "lastname", "sname", "lname", "nachname", "nom", "apellido", "apellidos", "name last", "last", "familyname", "cognome", "nom de famille", "familienname"),
    "name": ("full name", "fullname", "name", "person name", "display name", "customer name", "kunde"),
    "email": ("email", "e mail", "email adresse", "e mail adresse", "courriel", "email address", "mail", "emailaddress", "e mail address", "correo"),
    "phone": ("phone", "phone number", "telephone", "tel", "mobile", "telefon", "telefonnummer", "mobile number", "mobilnummer", "cell phone", "phone 1", "cell", "phonenumber", "mobile phone", "handy", "telefono", "telephone number", "phone 2", "home phone", "landline"),
    "dob": ("dob", "date of birth", "birth date", "birthdate", "birthday", "geburtsdatum", "geburtstag", "date naissance", "dateofbirth", "born", "birth", "fecha nacimiento"),
    "street": ("street", "address 1", "address", "street name", "address1", "address line 1", "strasse", "street address", "rue", "calle", "addr", "straße"),
    "number": ("street number", "number", "house number", "hausnummer", "house no", "street no", "house", "housenumber", "nummer", "building number"),
    "line": ("address 2", "address2", "address line 2", "building", "unit"),
    "postcode": ("postcode", "post code", "zip", "postal code", "zipcode", "zip code", "plz", "postcode fake", "postalcode", "codigo postal", "code postal"),
    "city": ("city", "town", "suburb", "ort", "stadt", "locality", "ville", "place", "ciudad", "municipality"),
    "company": ("company", "organisation", "organization", "employer", "firma", "company name", "org"),
    "gender": ("gender", "sex", "geschlecht"),
    "occupation": ("occupation", "job", "profession", "beruf", "job title"),
    "birthplace": ("birth place", "birthplace", "place of birth", "geburtsort"),
}  # fmt: skip
FIELD_OF: Final = {fold(name).replace(" ", ""): field for field, names in SYNONYMS.items() for name in names}
QUALIFIED: Final = re.compile(r"[(\[].*|[\s_-]*\d+\s*$")
"""What only tells several columns of one meaning apart: `(home)`, a number at the end."""
LONGEST_CELL: Final = 10_000_000
"""Characters; one quotation mark too many makes a cell of all that follows."""


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """A file's people, in its order; which column became which field, and what was left aside."""

    people: tuple[Person, ...]
    columns: Mapping[str, str]
    aside: tuple[str, ...]


class NoPeople(ValueError):
    """The file has no column that says anything of a person."""


def read(paths: Sequence[Path]) -> Read:
    """People from CSV files with a header each, as one population. Records are named by the first id column in which no value
    comes twice, else by their line; where two files would give one name, the file's name stands before it. Raises NoPeople."""
    people: list[Person] = []
    columns: dict[str, str] = {}
    aside: dict[str, None] = {}
    files = [_file(path) for path in paths]
    clear = len({name for _, _, _, keys in files for name in keys}) == sum(len(keys) for *_, keys in files)
    for path, (header, rows, found, keys) in zip(paths, files, strict=True):
        columns |= found
        aside |= dict.fromkeys(name for name in header if name not in found)
        for row, key in zip(rows, keys, strict=True):
            people.append(_person(key if clear else f"{path.stem}:{key}", row, found))
    return Read(people=tuple(people), columns=columns, aside=tuple(aside))


Row = dict[str, str]


def _file(path: Path) -> tuple[list[str], list[Row], dict[str, str], list[str]]:
    """Header, rows, columns by field, and a name for each row."""
    csv.field_size_limit(LONGEST_CELL)
    text = _text(path)
    said, _, rest = text.partition("\n")
    if said.lower().startswith("sep="):  # the word of a spreadsheet
        text = rest
    lines = csv.reader(
        io.StringIO(text, newline=""), skipinitialspace=True, delimiter=_delimiter(text.partition("\n")[0])
    )
    try:
        header = _told_apart(name.strip() for name in next(lines, []))
        rows = [dict(zip(header, (cell.strip() for cell in line), strict=False)) for line in lines if line]
    except csv.Error as error:
        raise NoPeople(f"{path}, line {lines.line_num}: expected cells and commas: {error}") from None
    columns = _columns(header)
    if not columns:
        raise NoPeople(
            f"{path}: expected a header with names, e-mail, phone, date of birth or address; got {', '.join(header)[:200]!r}"
        )
    for folded in IDS:
        for name in (name for name in header if _compact(name) == folded.replace(" ", "")):
            keys = [row.get(name, "") for row in rows]
            if all(keys) and len(set(keys)) == len(keys):
                return header, rows, {name: "id", **columns}, keys
    return header, rows, columns, [str(line) for line in range(1, len(rows) + 1)]


def _text(path: Path) -> str:
    """The file's words, whoever wrote it. Raises NoPeople where there are none to be read."""
    try:
        raw = path.read_bytes()
        if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            return raw.decode("utf-16")
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise NoPeople(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _told_apart(names: Iterable[str]) -> list[str]:
    """Two columns of one name are two columns."""
    header: list[str] = []
    for name in names:
        n, known = 1, name
        while known in header:
            n, known = n + 1, f"{name} ({n + 1})"
        header.append(known)
    return header


def _compact(name: str) -> str:
    return fold(name).replace(" ", "")


def _delimiter(header: str) -> str:
    return max(",;\t|", key=header.count)


def _columns(header: Iterable[str]) -> dict[str, str]:
    columns = {name: field for name in header if (field := _field(name))}
    if {"given", "surname"} <= set(columns.values()):  # the whole name would only repeat its parts
        columns = {name: field for name, field in columns.items() if field != "name"}
    return columns


def _field(name: str) -> str | None:
    """What a column is: by its whole name if that is known, else by what remains without its qualification."""
    return FIELD_OF.get(_compact(name)) or FIELD_OF.get(_compact(QUALIFIED.sub("", name)))


def _person(key: str, row: Mapping[str, str], columns: Mapping[str, str]) -> Person:
    said: dict[str, list[str]] = {}
    for name, field in columns.items():
        if value := row.get(name, ""):
            said.setdefault(field, []).append(value)
    if "given" in said or "surname" in said:
        said["given"] = [" ".join(said.get("given", ()))]
        said["surname"] = said.get("surname", [""])[:1]
    return person(key, said)
