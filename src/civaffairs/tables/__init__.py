"""Tables in files and data frames: read into a population, streamed when larger than memory, and written."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from civaffairs.people.border import Rejects
from civaffairs.people.parsing import Cells
from civaffairs.people.population import Population
from civaffairs.tables.files import opened
from civaffairs.tables.frames import ArrowStream, frame_columns
from civaffairs.tables.streaming import BLOCK, read_block, stream
from civaffairs.tables.writing import roster_columns, write_roster, write_rows, write_table

__all__ = ["BLOCK", "ArrowStream", "read", "roster_columns", "stream", "write_roster", "write_rows", "write_table"]


def read(
    source: str | Path | Mapping[str, Cells] | ArrowStream | object, *, today: date | None = None
) -> tuple[Population, Rejects]:
    """Read a whole table.

    Parameters
    ----------
    source
        Path of a CSV or Parquet file; a data frame of pandas, polars, pyarrow, DuckDB or another library that knows
        the Arrow C interface or narwhals; or a mapping of columns. One row a person; money in yuan.
    today
        The day after which nobody can be born; the day of the run when left out.

    Returns
    -------
    Population
        Every household in which nothing was found.
    Rejects
        The rows set aside and every problem; its ``notes`` say what was done to read the file.

    Raises
    ------
    TableError
        If the table as a whole cannot be read.

    Examples
    --------
    >>> table = {
    ...     "household_id": ["H1"],
    ...     "person_id": ["P1"],
    ...     "birth_date": ["1980-02-29"],
    ...     "place": ["450103"],
    ...     "area": ["城市"],
    ... }
    >>> read(table)
    (<Population of 1 households, 1 persons>, <0 of 1 rows set aside, 0 problems>)
    """
    notes: tuple[str, ...] = ()
    if isinstance(source, str | Path):
        file = opened(Path(source))
        columns, notes = next(file.blocks([sys.maxsize]), None) or {name: [] for name in file.names}, file.notes
    elif isinstance(source, Mapping):
        columns = dict(source)
    else:
        columns = frame_columns(source)
    return read_block(columns, today, notes)
