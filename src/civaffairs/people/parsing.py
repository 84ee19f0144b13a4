"""Read the cells of one column, each distinct value once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import days
from civaffairs.people.cells import (
    FRACTION,
    FULL_WIDTH,
    LONGEST_KEY,
    NO_DAY,
    TIME_OF_DAY,
    Answer,
    Fault,
    Unreadable,
    read_cell,
    wrong_type,
)
from civaffairs.people.columns import Column, Kind
from civaffairs.people.population import Array

Cells: TypeAlias = Sequence[object] | Array
"""A column as it comes: a list of anything, or an array; a masked array where some cells are not stated."""


@attrs.frozen(eq=False)
class Facts:
    """One column, read.

    Attributes
    ----------
    values
        The values as a population holds them; 0, ``False`` or an empty text where not stated.
    stated
        Which cells state something that could be read.
    faults
        Row, counted from 0, and fault of each cell that could not be read.
    """

    values: Array
    stated: NDArray[np.bool_]
    faults: tuple[tuple[int, Fault], ...] = ()


DTYPES: Mapping[Kind, type[np.generic]] = {
    Kind.KEY: np.str_,
    Kind.NUMBER: np.str_,
    Kind.PLACE: np.int32,
    Kind.DATE: np.int32,
    Kind.FLAG: np.bool_,
    Kind.CHOICE: np.int8,
    Kind.FEN: np.int64,
    Kind.COUNT: np.int64,
    Kind.TEXT: np.str_,
    Kind.TEXTS: np.str_,
    Kind.AREA: np.int64,
    Kind.DEGREES: np.float64,
}
"""How a population holds each kind."""


def read_column(column: Column, cells: Cells, *, in_fen: bool = False) -> Facts:
    """Read a column.

    Parameters
    ----------
    column
        What the cells are about.
    cells
        The column as it comes.
    in_fen
        Whether whole numbers in a column of money are fen; they are yuan otherwise.

    Returns
    -------
    Facts
        One value a cell.

    Examples
    --------
    >>> from civaffairs.people.household import COLUMNS
    >>> read_column(COLUMNS["wage_income"], ["1,380.00", "", "810"]).values
    array([138000,      0,  81000])
    >>> read_column(COLUMNS["wage_income"], ["0.005"]).faults
    ((0, Fault(reason='has a fraction of a fen', hint='write at most two decimals')),)
    """
    if isinstance(cells, np.ndarray):
        fast = _read_array(column, cells, 1 if in_fen else 100)
        if fast is not None:
            return fast
    each: Sequence[object] = cells.tolist() if isinstance(cells, np.ndarray) else cells
    if column.kind in (Kind.KEY, Kind.NUMBER):
        fast = _read_texts(each)
        if fast is not None:
            return fast
    return _read_cells(column, each, partial(read_cell, column, in_fen=in_fen))


def _read_texts(cells: Sequence[object]) -> Facts | None:
    """Read a column of keys in one go, or return ``None`` if one of them needs a closer look."""
    texts = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
    known = [text for text in texts if isinstance(text, str)]
    run = "".join(known)
    if len(known) < len(texts) or not run.isprintable() or FULL_WIDTH.search(run):
        return None
    if max(map(len, known), default=0) > LONGEST_KEY:
        return None
    values = np.array(known, np.str_)
    return Facts(values, values != "")


def _read_cells(column: Column, cells: Sequence[object], read: Callable[[object], Answer]) -> Facts:
    """Read each distinct cell once."""
    keys: Sequence[Hashable] = cells if _all_text(cells) else _typed(cells)
    number = {key: position for position, key in enumerate(dict.fromkeys(keys))}
    where = np.fromiter(map(number.__getitem__, keys), np.intp, len(keys))
    answers = [read(key[1] if isinstance(key, tuple) else key) for key in number]
    blank: int | str = "" if DTYPES[column.kind] is np.str_ else _NOT_STATED.get(column.kind, 0)
    values = np.array([answer if isinstance(answer, int | str) else blank for answer in answers], DTYPES[column.kind])
    stated = np.array([isinstance(answer, int | str) for answer in answers], bool)
    faulty = np.array([isinstance(answer, Fault) for answer in answers], bool)
    if not len(values):
        return Facts(values, stated)
    rows = np.flatnonzero(faulty[where]).tolist() if faulty.any() else []
    faults = [(row, answers[where[row]]) for row in rows]
    return Facts(values[where], stated[where], tuple((row, fault) for row, fault in faults if isinstance(fault, Fault)))


_NOT_STATED = {Kind.PLACE: -1}


def _all_text(cells: Sequence[object]) -> bool:
    return set(map(type, cells)) <= {str, type(None)}


def _typed(cells: Sequence[object]) -> list[tuple[type, object]]:
    """Pair each cell with its type, because 1, 1.0 and True are one key of a dictionary."""
    plain = [_hashable(cell.item() if isinstance(cell, np.generic) else cell) for cell in cells]
    return [(type(cell), cell) for cell in plain]


def _hashable(cell: object) -> object:
    try:
        hash(cell)
    except TypeError:
        return Unreadable(str(cell), wrong_type(cell))
    return cell


def _read_array(column: Column, array: Array, unit: int) -> Facts | None:
    """Read an array that already has the right type, or return ``None`` if its cells must be read one by one."""
    array, missing = np.ma.getdata(array), np.ma.getmaskarray(array)
    kind = array.dtype.kind
    if column.kind is Kind.FLAG and kind == "b":
        return Facts(np.where(missing, False, array), ~missing)
    if column.kind is Kind.DATE and kind == "M":
        return _read_days(array, missing | np.isnat(array))
    if column.kind not in (Kind.FEN, Kind.COUNT) or kind not in "iuf":
        return None
    unit = unit if column.kind is Kind.FEN else 1
    if kind == "f":
        missing = missing | np.isnan(array)
        scaled = np.where(missing, 0.0, array) * unit
        # A float is taken for the decimal it would be printed as: the amount divided back must be the very same float.
        whole = np.rint(np.clip(scaled, -(2.0**53), 2.0**53))
        right = (whole / unit == array) & (whole >= column.low) & (whole <= column.high)
        values = whole.astype(np.int64)
    else:
        right = (array >= -(-column.low // unit)) & (array <= column.high // unit)
        values = np.where(right, array, 0).astype(np.int64) * unit
    read = partial(read_cell, column, in_fen=unit == 1)
    found = [(row, read(array[row].item())) for row in np.flatnonzero(~(right | missing)).tolist()]
    faults = tuple((row, answer if isinstance(answer, Fault) else FRACTION) for row, answer in found)
    return Facts(np.where(right & ~missing, values, 0), right & ~missing, faults)


def _read_days(array: Array, missing: NDArray[np.bool_]) -> Facts:
    whole = array.astype("datetime64[D]")
    odd = np.flatnonzero((whole != array) & ~missing)
    values = np.where(missing, np.datetime64(0, "D"), whole).astype(np.int64)
    outside = np.flatnonzero((values < days(date.min)) | (values > days(date.max)))
    values[outside] = 0
    stated = ~missing
    stated[odd] = stated[outside] = False
    faults = [(row, TIME_OF_DAY) for row in odd.tolist()] + [(row, NO_DAY) for row in outside.tolist()]
    return Facts(values.astype(np.int32), stated, tuple(faults))


def numbered(keys: Array) -> NDArray[np.intp]:
    """Number the distinct keys of a column in the order of their first rows.

    Examples
    --------
    >>> numbered(np.array(["b", "a", "b"])).tolist()
    [0, 1, 0]
    """
    texts = keys.tolist()
    number = {key: position for position, key in enumerate(dict.fromkeys(texts))}
    return np.fromiter(map(number.__getitem__, texts), np.intp, len(texts))
