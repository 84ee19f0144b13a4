"""Data frames of any library as raw columns, by the Arrow C interface or narwhals; imported when first asked for."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, Protocol, TypeAlias

import numpy as np

from civaffairs.errors import TableError
from civaffairs.people.border import check_header
from civaffairs.people.parsing import Cells
from civaffairs.people.population import Array

Columns: TypeAlias = "dict[str, Cells]"
"""Raw columns by name."""

PANDAS_INDEX = re.compile(r"__index_level_\d+__")
"""How a nameless index of pandas is named in Arrow; it is no column of the table."""


class ArrowStream(Protocol):
    """Anything that hands its columns over through the Arrow C interface: pandas, polars, pyarrow, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a capsule with the stream."""


def extra(module: str) -> Any:  # noqa: ANN401 -- a module
    """Import a module of the extra ``tables``, or say how to install it."""
    try:
        return import_module(module)
    except ImportError:
        name = module.partition(".")[0]
        msg = f"Parquet files and data frames need {name}; install it with: pip install 'civaffairs[tables]'"
        raise TableError(msg) from None


def frame_columns(frame: object) -> Columns:
    """Take the columns of a data frame of any library."""
    if hasattr(frame, "__arrow_c_stream__"):
        pyarrow = extra("pyarrow")
        try:
            return arrow_columns(pyarrow, pyarrow.table(frame))
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
            pass  # a column of objects of several types; it is read cell by cell below
        except ValueError as fault:
            msg = f"the data frame cannot be read: {fault}"
            raise TableError(msg) from None
    narwhals = extra("narwhals")
    try:
        table = narwhals.from_native(frame)
    except TypeError:
        msg = f"a {type(frame).__name__} is no table; give a path, a mapping of columns or a data frame"
        raise TableError(msg) from None
    table = table.collect() if isinstance(table, narwhals.LazyFrame) else table
    check_header(table.columns)
    return {name: table[name].to_list() for name in table.columns}


def arrow_columns(pyarrow: Any, table: Any) -> Columns:  # noqa: ANN401 -- pyarrow publishes no types
    """Take the columns of a table of pyarrow."""
    names = [name for name in table.column_names if not PANDAS_INDEX.fullmatch(name)]
    if len(set(names)) < len(names):
        check_header(names)
    return {name: _arrow_cells(pyarrow.types, table.column(name)) for name in names}


def _arrow_cells(types: Any, column: Any) -> Cells:  # noqa: ANN401 -- pyarrow publishes no types
    """Hand a column over as numbers, with nulls marked before anything becomes a float; other types cell by cell."""
    kind = column.type
    if types.is_timestamp(kind) and kind.tz is None:
        return np.asarray(column.to_numpy())
    number = types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind)
    if not number and not types.is_date32(kind):
        cells: list[object] = column.to_pylist()
        return cells
    whole = column if number else column.cast("int32")
    values = whole.fill_null(False if types.is_boolean(kind) else 0).to_numpy()
    masked: Array = np.ma.MaskedArray(
        values if number else values.astype("datetime64[D]"), np.asarray(column.is_null().to_numpy(), bool)
    )
    return masked
