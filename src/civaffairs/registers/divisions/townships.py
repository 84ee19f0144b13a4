"""Townships and villages by official code (统计用区划代码): read, checked as a whole, corrected."""

from __future__ import annotations

import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from importlib.resources import as_file, files
from pathlib import Path

import attrs

from civaffairs.errors import Problem, Problems, TableError, UsageError, did_you_mean, listed
from civaffairs.law.citation import Citation, document
from civaffairs.people.cells import Unreadable
from civaffairs.registers.divisions.errata import Correction, Erratum, apply_errata, load_errata
from civaffairs.registers.divisions.township_checks import (
    KIND_OF_DIGIT,
    REAL,
    Row,
    UnitKind,
    problems_of,
)
from civaffairs.tables.files import opened

SHIPPED_AS_OF = date(2023, 6, 30)
"""The day of the edition that comes with the library."""

SUPERVISORS_REPORTED = 127
"""Child supervisors of townships (乡镇儿童督导员) in the bureau's work report: one for each real unit, it is taken."""


HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "代码", "区划代码", "行政区划代码", "统计用区划代码"),
    "name": ("name", "名称", "区划名称", "单位名称"),
    "county": ("areacode", "county", "县级代码"),
}
"""Names under which a table has its columns; the county is not needed."""


@attrs.frozen(kw_only=True)
class Unit:
    """One row of the table.

    Attributes
    ----------
    code
        Nine digits for a township, twelve for a village.
    name
        Name, without blanks around it.
    kind
        What it is.
    row
        Row of the table, counted from 1 without the header.
    """

    code: str
    name: str
    kind: UnitKind
    row: int

    @property
    def county(self) -> str:
        """Code of the county-level division."""
        return self.code[:6]

    @property
    def parent(self) -> str:
        """Code of what lies directly above."""
        return self.code[:9] if self.kind is UnitKind.VILLAGE else self.code[:6]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@attrs.frozen(kw_only=True)
class SetAside:
    """A row that is not among the units, as it stood in the table."""

    row: int
    code: str
    name: str


@attrs.frozen(repr=False)
class Townships:
    """A table of townships and villages.

    Attributes
    ----------
    units
        Every good row, by code.
    aside
        Every other row; the problems say why.
    corrections
        Every use of an erratum.
    notes
        What was done to read the table.
    """

    units: tuple[Unit, ...]
    aside: tuple[SetAside, ...] = ()
    corrections: tuple[Correction, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Unit]:
        """The units by code."""
        return {unit.code: unit for unit in self.units}

    def __getitem__(self, code: str) -> Unit:
        """Return one unit; a twelve-digit code that ends in 000 is its township's."""
        found = self.by_code.get(code[:9] if len(code) == 12 and code.endswith("000") else code)
        if found is None:
            msg = f"no unit has the code {code!r}{did_you_mean(code, self.by_code)}"
            raise UsageError(msg)
        return found

    def under(self, code: str) -> tuple[Unit, ...]:
        """List the units directly under a county or township."""
        return tuple(unit for unit in self.units if unit.parent == code)

    def counts(self) -> dict[str, dict[UnitKind, int]]:
        """Count the units of each county by kind."""
        found = Counter((unit.county, unit.kind) for unit in self.units)
        counties = dict.fromkeys(unit.county for unit in self.units)
        return {county: {kind: found[county, kind] for kind in UnitKind} for county in counties}

    @property
    def real_township_units(self) -> int:
        """How many streets, towns and townships there are: what is at township level and not for statistics only."""
        return sum(unit.kind in REAL for unit in self.units)

    def columns(self) -> dict[str, list[object]]:
        """The units as a table of columns."""
        return {
            "code": [unit.code for unit in self.units],
            "name": [unit.name for unit in self.units],
            "kind": [unit.kind.value for unit in self.units],
            "parent": [unit.parent for unit in self.units],
        }

    def __repr__(self) -> str:
        found = Counter(unit.kind for unit in self.units)
        told = ", ".join(f"{found[kind]} {kind.value}" for kind in UnitKind if found[kind])
        return f"<Townships: {told or 'none'}; {len(self.aside)} set aside, {len(self.corrections)} corrected>"


@attrs.frozen(kw_only=True)
class UnitCount:
    """The real units at township level beside a count that somebody reports: a comparison, never a check that fails.

    Attributes
    ----------
    expected
        The count reported.
    found
        The count of the table.
    source
        What reports it.
    """

    expected: int
    found: int
    source: Citation

    @property
    def difference(self) -> int:
        """How many more the table has."""
        return self.found - self.expected


def compare_with_report(townships: Townships, expected: int = SUPERVISORS_REPORTED) -> UnitCount:
    """Set the real units at township level beside the child supervisors that the bureau's work report counts.

    Examples
    --------
    >>> compare_with_report(shipped_townships()).difference
    0
    """
    source = document("nanning-report").section("落细落实儿童福利和权益保障")
    return UnitCount(expected=expected, found=townships.real_township_units, source=source)


@cache
def shipped_townships() -> Townships:
    """Load the townships of Nanning that come with the library (``document("township-codes-copy")``), once.

    The rows are of one public copy of the edition of 2023-06-30; another copy gives four towns of 450102 and 450181
    other codes. There are no villages.

    Examples
    --------
    >>> shipped_townships()
    <Townships: 25 street, 89 town, 13 township, 11 statistical; 0 set aside, 0 corrected>
    """
    with as_file(files("civaffairs.registers.divisions").joinpath("townships_4501.csv")) as path:
        return load_townships(path, on=SHIPPED_AS_OF)[0]


def load_townships(
    source: Path | str,
    errata: Path | Sequence[Erratum] | None = None,
    *,
    on: date | None = None,
    header: Mapping[str, str] | None = None,
) -> tuple[Townships, Problems]:
    """Read a table of townships and villages, set aside what cannot be right, and say everything at once.

    Parameters
    ----------
    source
        CSV or Parquet with a column of codes, as text of nine or twelve digits, and one of names. Blanks around a
        cell and full-width digits are put right, the latter with a note.
    errata
        A TOML file of corrections, or the corrections; see `load_errata`.
    on
        The day of the table: the county of each code must have been in force then. Without it, it must be known.
    header
        What the columns ``code`` and ``name``, and perhaps ``county``, are called; found in `HEADERS` otherwise.

    Returns
    -------
    Townships
        The units, the rows set aside, and the use of every erratum.
    Problems
        Everything found, by row; last what is of no row, such as an erratum that matches nothing.

    Raises
    ------
    TableError
        If the table as a whole cannot be read.
    LoadError
        If the errata cannot.
    """
    file = opened(Path(source), check=lambda _: None)
    names = _columns(file.names, header)
    block = next(iter(file.blocks([sys.maxsize])), None) or {name: [] for name in file.names}
    raw = {what: [_text(cell) for cell in block[name]] for what, name in names.items()}
    codes = [unicodedata.normalize("NFKC", code).strip() for code in raw["code"]]
    wide = [row for row, (code, was) in enumerate(zip(codes, raw["code"], strict=True), 1) if code != was]
    notes = file.notes + ((f"codes in full-width digits, read as plain ones: rows {listed(wide)}",) if wide else ())
    known_errata = load_errata(errata) if isinstance(errata, Path) else tuple(errata or ())
    codes, titles, corrections, idle = apply_errata(codes, raw["name"], known_errata)
    rows = [Row(row, code, name) for row, (code, name) in enumerate(zip(codes, titles, strict=True), 1)]
    found = problems_of(rows, on, raw.get("county"), _broken(block))
    bad = {problem.row for problem in found}
    units = [_unit(row) for row in rows if row.number not in bad]
    aside = [SetAside(row=r.number, code=raw["code"][r.number - 1], name=raw["name"][r.number - 1]) for r in rows]
    townships = Townships(
        tuple(sorted(units, key=lambda unit: unit.code)),
        tuple(each for each in aside if each.row in bad),
        tuple(corrections),
        notes,
    )
    return townships, Problems([*found, *idle])


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _broken(block: Mapping[str, Iterable[object]]) -> list[Problem]:
    """Say which lines had too few or too many cells."""
    cells = [(row, name, cell) for name, column in block.items() for row, cell in enumerate(column, 1)]
    return [
        Problem(row=row, column=name, value=str(cell), reason=cell.fault.reason, hint=cell.fault.hint)
        for row, name, cell in cells
        if isinstance(cell, Unreadable)
    ]


def _columns(names: Sequence[str], header: Mapping[str, str] | None) -> dict[str, str]:
    """Find which column is which."""
    asked = HEADERS if header is None else {what: (name,) for what, name in header.items()}
    plain = {name.strip().casefold(): name for name in names}
    found = {
        what: plain[word.casefold()] for what, words in asked.items() for word in words if word.casefold() in plain
    }
    missing = [what for what in ("code", "name", *(header or ())) if what not in found]
    if missing:
        wanted = "; ".join(f"{what}: {' or '.join(asked.get(what, HEADERS[what]))}" for what in dict.fromkeys(missing))
        msg = f"the table has the columns {listed(names) or 'none'}, and none for {wanted}; say which with header="
        raise TableError(msg)
    return found


def _unit(row: Row) -> Unit:
    code = row.unit_code
    kind = UnitKind.VILLAGE if len(code) == 12 else KIND_OF_DIGIT[code[6]]
    return Unit(code=code, name=row.name, kind=kind, row=row.number)
