"""The border: raw columns become a population; what cannot be right is set aside, all of it, with reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import Problem, Problems, TableError, did_you_mean, listed, masked
from civaffairs.people.checks import Finding, Roster, check, fill_implied, first_rows
from civaffairs.people.columns import Kind, Level
from civaffairs.people.household import COLUMNS
from civaffairs.people.parsing import Cells, numbered, read_column
from civaffairs.people.population import Array, Population


@attrs.frozen(eq=False, repr=False)
class Rejects:
    """What of a table was set aside, and why.

    Attributes
    ----------
    problems
        Everything that was found, by row; each row set aside has at least one.
    rows
        Rows set aside, counted from 1 without the header.
    rows_in
        How many rows came: those of the population and those set aside.
    columns
        The rows set aside as they came, to be written out and put right.
    notes
        What was done to read the table that the caller may want to know.
    """

    problems: Problems
    rows: NDArray[np.int64]
    rows_in: int
    columns: Mapping[str, list[object]]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<{len(self):,} of {self.rows_in:,} rows set aside, {len(self.problems):,} problems>"


def check_header(names: Sequence[str]) -> None:
    """Check the names of a table's columns.

    Raises
    ------
    TableError
        If there is no header, or columns are missing, unknown or named twice; all of it at once.

    Examples
    --------
    >>> check_header(["household_id", "person_id", "birthdate", "place", "area"])
    Traceback (most recent call last):
    ...
    civaffairs.errors.TableError: unknown column 'birthdate'; did you mean 'birth_date'?
    missing column 'birth_date' (a day, as 2026-07-01: day of birth)
    """
    if not any(str(name).strip() for name in names):
        msg = "the table is empty; its first line names the columns"
        raise TableError(msg)
    twice = [name for name in dict.fromkeys(names) if list(names).count(name) > 1]
    unknown = [name for name in dict.fromkeys(names) if name not in COLUMNS]
    missing = [column for column in COLUMNS.values() if column.required and column.name not in names]
    faults = [f"column {_shown(name)!r} is there twice" for name in twice]
    faults += [f"unknown column {_shown(name)!r}{did_you_mean(str(name), COLUMNS)}" for name in unknown]
    faults += [f"missing column {column.name!r} ({column.kind.value}: {column.meaning})" for column in missing]
    if faults:
        raise TableError("\n".join(faults))


def read_columns(
    columns: Mapping[str, Cells],
    *,
    today: date | None = None,
    in_fen: bool = False,
    rows: NDArray[np.int64] | None = None,
) -> tuple[Population, Problems, Rejects]:
    """Read a table of one row a person, and set aside the households in which something cannot be right.

    Parameters
    ----------
    columns
        Raw columns by name; see `civaffairs.people.household.COLUMNS`. An empty cell, ``None`` or a masked one is
        *not stated*, and so is everything in an optional column that is left out.
    today
        The day after which nobody can be born; births are not compared with any day when left out.
    in_fen
        Whether whole numbers in columns of money are fen instead of yuan.
    rows
        The number of each row in the caller's table, if this is a part of it.

    Returns
    -------
    Population
        Every household in which nothing was found; perhaps none.
    Problems
        Everything found, by row.
    Rejects
        The rows set aside, with the same problems.

    Raises
    ------
    TableError
        If the table as a whole cannot be read.

    Examples
    --------
    >>> table = {
    ...     "household_id": ["H1", "H1", "H2"],
    ...     "person_id": ["P1", "P2", "P3"],
    ...     "birth_date": ["1980-02-29", "2019-06-01", "1950-13-01"],
    ...     "place": ["450103", "450103", "450123"],
    ...     "area": ["urban", "urban", "rural"],
    ... }
    >>> population, problems, rejects = read_columns(table)
    >>> population
    <Population of 1 households, 2 persons>
    >>> print(problems)
    row 3, household H2, birth_date: '1950-13-01' is no day of the calendar; write it as in 2026-07-01
    """
    columns = {name: _as_cells(cells) for name, cells in columns.items()}
    check_header(list(columns))
    lengths = {name: len(cells) for name, cells in columns.items()}
    count = lengths["household_id"]
    uneven = [name for name, length in lengths.items() if length != count]
    if uneven:
        msg = f"columns of another length than household_id, which has {count} rows: {listed(uneven)}"
        raise TableError(msg)
    if not count:
        msg = "the table has a header but no rows"
        raise TableError(msg)
    numbers = np.arange(1, count + 1) if rows is None else rows
    present = [column for name, column in COLUMNS.items() if name in columns]
    roster = {column.name: read_column(column, columns[column.name], in_fen=in_fen) for column in present}
    findings = [Finding(row, name, *fault) for name, facts in roster.items() for row, fault in facts.faults]
    findings += _missing(roster)
    fill_implied(roster)
    member_of = _households(roster)
    findings += check(roster, member_of, today)
    faulty = np.zeros(count, bool)
    faulty[[finding.row for finding in findings]] = True
    aside = np.bincount(member_of[faulty], minlength=int(member_of.max()) + 1)[member_of] > 0
    problems = _problems(findings + _companions(faulty, aside, member_of, numbers), columns, numbers)
    gone = np.flatnonzero(aside)
    kept = {name: [_cell(cells, row) for row in gone.tolist()] for name, cells in columns.items()}
    return _population(roster, member_of, ~aside), problems, Rejects(problems, numbers[gone], count, kept)


def _as_cells(cells: Cells) -> Cells:
    return cells if isinstance(cells, list | tuple | np.ndarray) else list(cells)


def _missing(roster: Roster) -> list[Finding]:
    findings = []
    for name, facts in roster.items():
        if COLUMNS[name].required:
            unread = {row for row, _ in facts.faults}
            blank = [row for row in np.flatnonzero(~facts.stated).tolist() if row not in unread]
            findings += [Finding(row, name, "is missing", COLUMNS[name].meaning) for row in blank]
    return findings


def _households(roster: Roster) -> NDArray[np.intp]:
    """Number the households in the order of their first rows; a row without a key is a household by itself."""
    keys = roster["household_id"]
    member_of = numbered(keys.values)
    lone = np.flatnonzero(~keys.stated)
    member_of[lone] = len(member_of) + np.arange(len(lone))
    return numbered(member_of) if len(lone) else member_of


def _companions(
    faulty: NDArray[np.bool_], aside: NDArray[np.bool_], member_of: NDArray[np.intp], numbers: NDArray[np.int64]
) -> list[Finding]:
    """Say of each faultless row set aside for which row that was."""
    rows = np.flatnonzero(faulty)[::-1]
    culprit = dict(zip(member_of[rows].tolist(), numbers[rows].tolist(), strict=True))
    return [
        Finding(row, "", f"member of a household set aside for row {culprit[int(member_of[row])]}")
        for row in np.flatnonzero(aside & ~faulty).tolist()
    ]


def _problems(findings: list[Finding], columns: Mapping[str, Cells], numbers: NDArray[np.int64]) -> Problems:
    place = {name: position for position, name in enumerate(COLUMNS)}
    findings.sort(key=lambda finding: (finding.row, place.get(finding.column, len(place))))
    return Problems(
        [
            Problem(
                row=int(numbers[row]),
                household=_shown(_cell(columns["household_id"], row)),
                column=column,
                value=_value(column, _cell(columns[column], row)) if column else "",
                reason=reason,
                hint=hint,
            )
            for row, column, reason, hint in findings
        ]
    )


_DIGITS = re.compile(r"(\d{6})[\d ]{7,}[\dXx]?")


def _shown(value: object) -> str:
    """Write a cell with every identity number in it hidden, wherever it stands."""
    return masked(_DIGITS.sub(r"\1…", "" if value is None else str(value)))


def _value(column: str, cell: object) -> str:
    if COLUMNS[column].kind is not Kind.NUMBER or cell is None:
        return _shown(cell)
    text = str(cell).strip()
    return text[:6] + "…" if text[:6].isdigit() else "…"


def _cell(cells: Cells, row: int) -> object:
    cell: object = cells[row]
    if cell is np.ma.masked:
        return None
    return cell.item() if isinstance(cell, np.generic) and not isinstance(cell, np.datetime64) else cell


def _population(roster: Roster, member_of: NDArray[np.intp], kept: NDArray[np.bool_]) -> Population:
    rows = np.flatnonzero(kept)
    remaining = np.bincount(member_of[rows], minlength=int(member_of.max()) + 1) > 0
    homes = (np.cumsum(remaining) - 1).astype(np.intp)
    first = rows[first_rows(member_of[rows])]
    tables: dict[Level, dict[str, Array]] = {Level.PERSON: {}, Level.HOUSEHOLD: {}}
    stated = {}
    for name, facts in roster.items():
        level = COLUMNS[name].level
        at = rows if level is Level.PERSON else first
        flags = facts.stated[at]
        if flags.any() or COLUMNS[name].required:
            tables[level][name] = facts.values[at]
            if not flags.all():
                stated[name] = flags
    return Population.of(tables[Level.PERSON], tables[Level.HOUSEHOLD], homes[member_of[rows]], stated)
