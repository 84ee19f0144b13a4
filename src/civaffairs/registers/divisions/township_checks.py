"""What can be wrong with a table of townships and villages: each row by itself, and the rows together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import attrs

from civaffairs.errors import Problem, did_you_mean, listed
from civaffairs.labels import Labelled
from civaffairs.law.places import COUNTY_LEVEL, PlaceError, division_at, known, places


class UnitKind(Labelled):
    """What a nine- or twelve-digit code stands for, by the first of the three digits of its township.

    That 4xx marks units which are no division (a development zone, a farm, a mining bureau) and only serve statistics
    is read off the table, not out of a rule. Of 3xx and 5xx upwards nothing is known.
    """

    STREET = ("street", "街道")
    TOWN = ("town", "镇")
    TOWNSHIP = ("township", "乡")
    STATISTICAL = ("statistical", "仅用于统计的单位")
    VILLAGE = ("village", "村级单位")


KIND_OF_DIGIT: Mapping[str, UnitKind] = {
    "0": UnitKind.STREET,
    "1": UnitKind.TOWN,
    "2": UnitKind.TOWNSHIP,
    "4": UnitKind.STATISTICAL,
}
REAL = (UnitKind.STREET, UnitKind.TOWN, UnitKind.TOWNSHIP)
"""The kinds that are divisions at township level (乡级), or stand for one as a street office does."""

ENDINGS: Mapping[str, UnitKind] = {
    "街道办事处": UnitKind.STREET,
    "街道": UnitKind.STREET,
    "镇": UnitKind.TOWN,
    "乡": UnitKind.TOWNSHIP,  # 民族乡 too
}
"""What the end of a name says; other endings say nothing."""


@attrs.frozen
class Row:
    """One row of the table, cleaned and corrected: its number from 1, code and name."""

    number: int
    code: str
    name: str

    @property
    def unit_code(self) -> str:
        """Nine digits for a township however it is written, twelve for a village."""
        return self.code[:9] if self.code.endswith("000") and len(self.code) == 12 else self.code

    def problem(self, column: str, reason: str, hint: str = "") -> Problem:
        """Say that something is wrong with the row."""
        value = {"code": self.code, "name": self.name}[column]
        return Problem(row=self.number, column=column, value=value, reason=reason, hint=hint)


def problems_of(
    rows: Sequence[Row], on: date | None, counties: Sequence[str] | None, broken: Sequence[Problem] = ()
) -> list[Problem]:
    """Find everything that is wrong, by row.

    Parameters
    ----------
    rows
        The table.
    on
        The day on which the counties must have been in force; without it they must be known.
    counties
        The county that the table states beside each code, if it does.
    broken
        What was found in reading the lines.
    """
    found = [*broken, *(problem for row in rows for problem in _row_problems(row, on))]
    found += _county_problems(rows, counties)
    found += _duplicates(rows)
    bad = {problem.row for problem in found}
    found += _orphans([row for row in rows if row.number not in bad], rows)
    return sorted(found, key=lambda problem: problem.row or 0)


_LENGTHS = re.compile("[0-9]{9}(?:[0-9]{3})?")
_SHAPE = "write nine digits for a township, twelve for a village, as text"


def _row_problems(row: Row, on: date | None) -> Iterator[Problem]:
    """Say what is wrong with one row by itself."""
    if not row.name:
        yield row.problem("name", "is missing")
    if not _LENGTHS.fullmatch(row.code):
        yield row.problem("code", "is not a code of a township or village" if row.code else "is missing", _SHAPE)
        return
    if row.code[6:9] == "000":
        yield row.problem(
            "code", "is the code of a county or of what lies above it", "this table is of what lies below"
        )
        return
    kind = KIND_OF_DIGIT.get(row.code[6])
    if kind is None:
        classes = ", ".join(f"{digit}xx {each.label_zh}" for digit, each in KIND_OF_DIGIT.items())
        yield row.problem("code", f"is of class {row.code[6]}xx, of which nothing is known", f"known are {classes}")
    says = next((each for ending, each in ENDINGS.items() if row.name.endswith(ending)), None)
    if kind is not None and len(row.unit_code) == 9 and says not in (None, kind):
        yield row.problem("name", f"does not go with the code {row.code}, which is of a {kind.value} ({kind.label_zh})")
    yield from _county(row, on)


def _county(row: Row, on: date | None) -> Iterator[Problem]:
    """Say whether the county is one; of another city than Nanning the counties are not known."""
    county = row.code[:6]
    if not known(county):
        if county[:4] in {division.code[:4] for division in places().divisions if division.kind in COUNTY_LEVEL}:
            near = did_you_mean(county, [d.code for d in places().divisions if d.kind in COUNTY_LEVEL])
            yield row.problem("code", f"lies in {county}, which has never been a county", near.removeprefix("; "))
        return
    try:
        if on is not None:
            division_at(county, on)
    except PlaceError as fault:
        yield row.problem("code", f"lies in no county of {on}", str(fault))


def _county_problems(rows: Sequence[Row], stated: Sequence[str] | None) -> list[Problem]:
    return [
        row.problem("code", f"does not begin with the county stated beside it, {county}")
        for row, county in zip(rows, stated or [], strict=False)
        if county and row.code and not row.code.startswith(county)
    ]


def _duplicates(rows: Sequence[Row]) -> list[Problem]:
    """Keep the first of rows that say the same; of rows that do not, keep none."""
    of_code: dict[str, list[Row]] = {}
    for row in rows:
        if row.code:
            of_code.setdefault(row.unit_code, []).append(row)
    found = []
    for first, *others in of_code.values():
        if not others:
            continue
        where = listed([f"row {row.number} ({row.name})" for row in (first, *others)])
        same = {row.name for row in others} == {first.name}
        hint = "" if same else "say with an erratum which is right"
        found += [row.problem("code", f"stands in {where}", hint) for row in ([] if same else [first]) + others]
    return found


def _orphans(good: Sequence[Row], rows: Sequence[Row]) -> list[Problem]:
    """Find the villages whose township is not there."""
    there = {row.unit_code for row in good if len(row.unit_code) == 9}
    aside = {row.unit_code: row.number for row in rows if len(row.unit_code) == 9 and row.unit_code not in there}
    found = []
    for row in good:
        above = row.code[:9]
        if above not in there:
            known_row = f", which row {aside[above]} has, is set aside" if above in aside else " is not in the table"
            found.append(row.problem("code", f"is an orphan: its township {above}{known_row}"))
    return found
