"""Rows set aside and columns of results, as CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from civaffairs.errors import TableError
from civaffairs.money import yuan_text
from civaffairs.people.border import Rejects
from civaffairs.people.population import Array
from civaffairs.tables.files import format_of
from civaffairs.tables.frames import extra


def write_rows(rejects: Rejects, path: str | Path) -> None:
    """Write the rows set aside as CSV: row number, the columns as they came, and what was found in each row.

    The file holds whatever personal data the table held.
    """
    found: dict[int, list[str]] = {}
    for problem in rejects.problems:
        if problem.row is not None:
            text = f"{problem.column}: {problem.reason}" if problem.column else problem.reason
            found.setdefault(problem.row, []).append(f"{text} ({problem.hint})" if problem.hint else text)
    numbers = rejects.rows.tolist()
    cells = [[_text(cell) for cell in column] for column in rejects.columns.values()]
    reasons = ["; ".join(found.get(number, ())) for number in numbers]
    _write_csv(["row", *rejects.columns, "problems"], zip(numbers, *cells, reasons, strict=True), Path(path))


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
    path = Path(path)
    if format_of(path) == ".csv":
        cells = [[_text(cell, name in money) for cell in column.tolist()] for name, column in columns.items()]
        _write_csv(list(columns), zip(*cells, strict=True), path)
        return
    pyarrow, parquet = extra("pyarrow"), extra("pyarrow.parquet")
    arrays = {name: _arrow_array(pyarrow, column, name in money) for name, column in columns.items()}
    parquet.write_table(pyarrow.table(arrays), path)


def _arrow_array(pyarrow: Any, column: Array, money: bool) -> Any:  # noqa: ANN401 -- pyarrow publishes no types
    missing = np.ma.getmaskarray(column)
    values = np.ma.getdata(column)
    if not money:
        return pyarrow.array(values, mask=missing)
    fen = np.where(missing, 0, values).astype(np.int64)
    if len(fen) and int(np.abs(fen).max()) >= 10**18:
        msg = "an amount of money has more than 16 digits of yuan and cannot be written"
        raise TableError(msg)
    # A decimal of 128 bits is the whole number in two halves, the lower first.
    halves = np.stack([fen, fen >> 63], axis=1)
    whole = pyarrow.Array.from_buffers(pyarrow.decimal128(18, 2), len(fen), [None, pyarrow.py_buffer(halves.tobytes())])
    return pyarrow.compute.if_else(pyarrow.array(missing), None, whole)


def _text(cell: object, money: bool = False) -> str:
    if cell is None:
        return ""
    if money and isinstance(cell, int):
        return yuan_text(cell).replace(",", "")
    return ("no", "yes")[cell] if isinstance(cell, bool) else str(cell)


def _write_csv(header: Sequence[str], lines: Iterable[Iterable[object]], path: Path) -> None:
    # Spreadsheets tell UTF-8 from the national encoding by its mark.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(lines)
