"""Rows set aside and columns of results, as CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from civaffairs.errors import TableError
from civaffairs.money import yuan_text
from civaffairs.people.border import Rejects
from civaffairs.people.columns import Choice, Column, Kind, Level
from civaffairs.people.household import COLUMNS
from civaffairs.people.population import Array, Population
from civaffairs.people.records import answers_of
from civaffairs.tables.files import format_of
from civaffairs.tables.frames import extra


def write_rows(rejects: Rejects, path: str | Path, *, append: bool = False) -> None:
    """Write the rows set aside as CSV: row number, the columns as they came, and what was found in each row.

    The file holds whatever personal data the table held.

    Parameters
    ----------
    rejects
        What was set aside.
    path
        Where to write.
    append
        Whether to go on in a file that was begun with the rejects of an earlier part of the same table.
    """
    found: dict[int, list[str]] = {}
    for problem in rejects.problems:
        if problem.row is not None:
            text = f"{problem.column}: {problem.reason}" if problem.column else problem.reason
            found.setdefault(problem.row, []).append(f"{text} ({problem.hint})" if problem.hint else text)
    numbers = rejects.rows.tolist()
    cells = [[_text(cell) for cell in column] for column in rejects.columns.values()]
    reasons = ["; ".join(found.get(number, ())) for number in numbers]
    header = ["row", *rejects.columns, "problems"]
    write_csv(header, zip(numbers, *cells, reasons, strict=True), Path(path), append=append)


def write_table(columns: Mapping[str, Array], path: str | Path, *, money: Collection[str] = ()) -> None:
    """Write columns of results as CSV or Parquet, by the ending of the path.

    Parameters
    ----------
    columns
        Arrays of one length; masked where a value is not known, which is written as an empty cell or null.
    path
        Where to write.
    money
        Names of the columns that hold fen. They are written as yuan with two decimals: text in CSV, exact decimals in
        Parquet.

    Raises
    ------
    TableError
        If the ending is neither ``.csv`` nor ``.parquet``.
    """
    with table_writer(path, money=money) as write:
        write(columns)


@contextmanager
def table_writer(path: str | Path, *, money: Collection[str] = ()) -> Iterator[Callable[[Mapping[str, Array]], None]]:
    """Open a table to be written part by part; each part has the same columns. See `write_table`."""
    path = Path(path)
    with _csv_writer(path, money) if format_of(path) == ".csv" else _parquet_writer(path, money) as write:
        yield write


@contextmanager
def _csv_writer(path: Path, money: Collection[str]) -> Iterator[Callable[[Mapping[str, Array]], None]]:
    begun = False

    def write(columns: Mapping[str, Array]) -> None:
        nonlocal begun
        texts = [_texts(column, name in money) for name, column in columns.items()]
        write_csv(list(columns), zip(*texts, strict=True), path, append=begun)
        begun = True

    yield write


@contextmanager
def _parquet_writer(path: Path, money: Collection[str]) -> Iterator[Callable[[Mapping[str, Array]], None]]:
    pyarrow, parquet = extra("pyarrow"), extra("pyarrow.parquet")
    with ExitStack() as stack:
        opened: list[Any] = []

        def write(columns: Mapping[str, Array]) -> None:
            arrays = {name: _arrow_array(pyarrow, column, name in money) for name, column in columns.items()}
            table = pyarrow.table(arrays)
            if not opened:
                opened.append(stack.enter_context(parquet.ParquetWriter(path, table.schema)))
            opened[0].write_table(table)

        yield write


def roster_columns(population: Population) -> dict[str, list[object]]:
    """Write a population in the table format, one row a person in the order in which they came.

    Columns of which nothing is stated are left out; a cell that is not stated is ``None``.

    Examples
    --------
    >>> from civaffairs.tables import read
    >>> table = {"household_id": ["H1"], "person_id": ["P1"], "birth_date": ["1980-02-29"], "place": ["450103"]}
    >>> population, _ = read(table | {"area": ["urban"], "wage_income": ["1,200.50"], "wage_months": ["1"]})
    >>> roster_columns(population)["wage_income"]
    ['1200.50']
    """
    rows = np.arange(population.persons) if population.person_order is None else np.argsort(population.person_order)
    table: dict[str, list[object]] = {}
    for name, column in COLUMNS.items():
        if population.column(name) is None:
            continue
        answers = answers_of(population, column)
        places = rows if column.level is Level.PERSON else population.index[rows]
        table[name] = [_in_table(column, answers[place]) for place in places.tolist()]
    return table


def write_roster(population: Population, path: str | Path) -> None:
    """Write a population as a CSV or Parquet file in the table format, from which the same population is read."""
    table = roster_columns(population)
    path = Path(path)
    if format_of(path) == ".csv":
        write_csv(list(table), zip(*([_text(cell) for cell in cells] for cells in table.values()), strict=True), path)
        return
    pyarrow, parquet = extra("pyarrow"), extra("pyarrow.parquet")
    parquet.write_table(pyarrow.table({name: pyarrow.array(cells) for name, cells in table.items()}), path)


def _in_table(column: Column, answer: object) -> object:
    if answer is None:
        return None
    if column.kind is Kind.FEN and isinstance(answer, int):
        return yuan_text(answer).replace(",", "")
    if column.kind is Kind.FLAG:
        return "yes" if answer else "no"
    if isinstance(answer, Choice):
        return answer.value
    return answer.isoformat() if isinstance(answer, date) else answer


def _arrow_array(pyarrow: Any, column: Array, money: bool) -> Any:  # noqa: ANN401 -- pyarrow publishes no types
    missing = np.ma.getmaskarray(column)
    values = np.ma.getdata(column)
    if not money:
        # A part without rows does not show what its cells would be.
        kind = pyarrow.string() if values.dtype.kind in "OU" else None
        return pyarrow.array(values, kind, mask=missing)
    fen = np.where(missing, 0, values).astype(np.int64)
    if len(fen) and int(np.abs(fen).max()) >= 10**18:
        msg = "an amount of money has more than 16 digits of yuan and cannot be written"
        raise TableError(msg)
    # A decimal of 128 bits is the whole number in two halves, the lower first.
    halves = np.stack([fen, fen >> 63], axis=1)
    whole = pyarrow.Array.from_buffers(pyarrow.decimal128(18, 2), len(fen), [None, pyarrow.py_buffer(halves.tobytes())])
    return pyarrow.compute.if_else(pyarrow.array(missing), None, whole)


def _texts(column: Array, money: bool) -> list[str]:
    """Write a column; each distinct number is written once."""
    values = np.ma.getdata(column)
    if values.dtype.kind in "OU":
        return [_text(cell) for cell in column.tolist()]
    distinct, back = np.unique(values, return_inverse=True)
    texts = np.array([_text(cell, money) for cell in distinct.tolist()], object)[back]
    texts[np.ma.getmaskarray(column)] = ""
    written: list[str] = texts.tolist()
    return written


def _text(cell: object, money: bool = False) -> str:
    if cell is None:
        return ""
    if money and isinstance(cell, int):
        return yuan_text(cell).replace(",", "")
    return ("no", "yes")[cell] if isinstance(cell, bool) else str(cell)


def write_csv(header: Sequence[str], lines: Iterable[Iterable[object]], path: Path, *, append: bool = False) -> None:
    """Write lines as CSV in UTF-8, or go on in a file begun before."""
    # Spreadsheets tell UTF-8 from the national encoding by its mark.
    with path.open("a" if append else "w", encoding="utf-8" if append else "utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        if not append:
            writer.writerow(header)
        writer.writerows(lines)
