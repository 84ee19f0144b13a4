"""The facts of a record: how one is declared, checked, written in a table, and held in a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import date_of
from civaffairs.errors import masked
from civaffairs.labels import Labelled
from civaffairs.law.values import Unit, value_text
from civaffairs.money import LARGEST_FEN, yuan_text
from civaffairs.people.cells import Fault, read_cell
from civaffairs.people.columns import Column, Kind, Level, columns_of

Fact: TypeAlias = str | int | float | bool | date | Labelled | tuple[str, ...] | None
"""What a record may say: text, a whole number, degrees, yes or no, a day, one of a closed set, texts, or nothing."""

Flags: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[np.int8]
Numbers: TypeAlias = NDArray[np.int64]
Days: TypeAlias = NDArray[np.datetime64]
Texts: TypeAlias = NDArray[np.str_]
Array: TypeAlias = NDArray[Any]
"""A column of any type."""

NOT_STATED = -1
"""What a column of numbers, choices or flags holds where a record says nothing; days hold ``NaT``, texts ``""``."""

_DAY_0 = date(1970, 1, 1).toordinal()
_NO_DAY = int(np.datetime64("NaT").astype(np.int64))
_TEXT_KINDS = (Kind.KEY, Kind.NUMBER, Kind.PLACE, Kind.TEXT)


def entry(
    kind: Kind,
    label_zh: str,
    meaning: str,
    *,
    choices: type[Labelled] | None = None,
    source: str = "",
    personal: bool = False,
    low: int = 0,
    high: int = LARGEST_FEN,
) -> Any:  # noqa: ANN401 -- an attrs field specifier: the attribute's annotation is its type
    """Declare a fact of a record.

    Left out, a text is ``""``, texts are ``()`` and anything else is ``None``: not stated.

    Parameters
    ----------
    kind
        How it is written.
    label_zh
        The Chinese term.
    meaning
        One sentence for whoever fills in the register.
    choices
        The closed set, for a choice.
    source
        The article that makes the fact matter.
    personal
        Whether it tells who a person is: it is then in no representation, message or list of changes.
    low, high
        Limits that include their ends.
    """
    told = {"kind": kind, "label_zh": label_zh, "meaning": meaning, "choices": choices, "source": source}
    metadata = {"column": told | {"low": low, "high": high}, "personal": personal}
    return attrs.field(default=nothing_of(kind), repr=not personal, metadata=metadata)


def nothing_of(kind: Kind) -> Fact:
    """Give what a record holds where a fact of a kind is not stated."""
    return () if kind is Kind.TEXTS else "" if kind in _TEXT_KINDS else None


def fields_of(record: type[Any]) -> Mapping[str, Column]:
    """List the facts that a class of records declares, by name."""
    return {column.name: column for column in columns_of(record, Level.RECORD)}


def personal_of(record: type[Any]) -> frozenset[str]:
    """List the facts of a class of records that tell who a person is."""
    return frozenset(a.name for a in attrs.fields(record) if a.metadata.get("personal"))


def read_fact(column: Column, cell: object) -> Fact | Fault:
    """Read a fact as a table writes it: money in yuan, areas in square metres.

    Examples
    --------
    >>> read_fact(Column(name="on", level=Level.RECORD, kind=Kind.DATE, label_zh="", meaning=""), "2026-03-30")
    datetime.date(2026, 3, 30)
    """
    if isinstance(cell, tuple) and not cell:
        return ()
    read = read_cell(column, cell)
    if read is None or isinstance(read, Fault):
        return nothing_of(column.kind) if read is None else read
    match column.kind:
        case Kind.DATE:
            return date_of(int(read))
        case Kind.CHOICE:
            return list(column.choices or ())[int(read)]
        case Kind.PLACE:
            return f"{read:06d}"
        case Kind.TEXTS:
            return tuple(str(read).split(";")) if read else ()
        case Kind.FLAG:
            return bool(read)
        case _:
            return read


def check_fact(column: Column, value: object) -> Fault | None:
    """Hold a fact given in Python to its declaration: its type, limits and closed set."""
    if value == nothing_of(column.kind) and type(value) is type(nothing_of(column.kind)):
        return None
    if column.kind in _KEPT and (
        not isinstance(value, _KEPT[column.kind]) or (isinstance(value, bool) and column.kind is not Kind.FLAG)
    ):
        return Fault(f"is of the wrong type ({type(value).__name__})", f"give {column.kind.value}")
    if column.kind in (Kind.AREA, Kind.FEN):  # in Python these are whole square centimetres and fen
        column = attrs.evolve(column, kind=Kind.COUNT)
    read = read_fact(column, value)
    if isinstance(read, Fault):
        return read
    # A value that reads as another one (with blanks around it, as a full-width digit) would be two values in use.
    return None if read == value else Fault("is not written plainly", f"write {read!r}")


_KEPT: Mapping[Kind, type | tuple[type, ...]] = {
    Kind.DATE: date,
    Kind.CHOICE: Labelled,
    Kind.FLAG: bool,
    Kind.FEN: int,
    Kind.COUNT: int,
    Kind.AREA: int,
    Kind.TEXTS: tuple,
    Kind.DEGREES: float,
}


def array_of(column: Column, facts: Sequence[Any]) -> Array:
    """Hold the facts of many records as one column.

    Returns
    -------
    array
        Days as ``datetime64[D]`` (``NaT`` where not stated), choices as the ``number`` of the member (`int8`), yes and
        no as 1 and 0 (`int8`), fen, counts and cm² as `int64`; `NOT_STATED` where a record says nothing. Degrees are
        `float64` with ``nan``; texts are texts, several of them with a semicolon between.
    """
    match column.kind:
        case Kind.DATE:
            # From numbers: numpy reads objects one by one, ten times slower.
            days = [_NO_DAY if fact is None else fact.toordinal() - _DAY_0 for fact in facts]
            return np.array(days, np.int64).view("datetime64[D]")
        case Kind.CHOICE:
            return np.array([NOT_STATED if fact is None else fact.number for fact in facts], np.int8)
        case Kind.FLAG:
            return np.array([NOT_STATED if fact is None else fact for fact in facts], np.int8)
        case Kind.DEGREES:
            return np.array([np.nan if fact is None else fact for fact in facts], np.float64)
        case Kind.TEXTS:
            return np.array([";".join(fact) for fact in facts], np.str_)
        case kind if kind in _TEXT_KINDS:
            return np.array(facts, np.str_)
        case _:
            return np.array([NOT_STATED if fact is None else fact for fact in facts], np.int64)


def stated(values: Array) -> NDArray[np.bool_]:
    """Mark where a column says something.

    Examples
    --------
    >>> stated(np.array([3, NOT_STATED])).tolist(), stated(np.array(["a", ""])).tolist()
    ([True, False], [True, False])
    """
    if values.dtype.kind == "M":
        return np.asarray(~np.isnat(values))
    if values.dtype.kind == "f":
        return np.asarray(~np.isnan(values))
    return np.asarray(values != ("" if values.dtype.kind == "U" else NOT_STATED))


def cell_text(column: Column, held: Any) -> str:  # noqa: ANN401 -- a cell of an array of any type
    """Write what a column holds for one record as a reader does: areas in m², money in yuan, choices by their word.

    Examples
    --------
    >>> cell_text(Column(name="ground", level=Level.RECORD, kind=Kind.AREA, label_zh="", meaning=""), 12_000)
    '1.2 m²'
    """
    if not stated(np.asarray([held]))[0]:
        return "not stated"
    match column.kind:
        case Kind.AREA:
            return value_text(int(held), Unit.SQUARE_CENTIMETRES)
        case Kind.FEN:
            return f"{yuan_text(int(held))} yuan"
        case Kind.CHOICE:
            return str(list(column.choices or ())[int(held)].value)
        case Kind.FLAG:
            return "yes" if held else "no"
        case _:
            return masked(held)
