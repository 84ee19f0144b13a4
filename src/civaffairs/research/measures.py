"""What measures of incomes share: checked columns of rows, sums without rounding, and tables by group."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.errors import UsageError, listed
from civaffairs.rules.values import Flags

Amounts: TypeAlias = NDArray[Any] | Sequence[int]
"""A column of whole numbers; what is not known may be masked (`numpy.ma`)."""
Whole: TypeAlias = NDArray[Any]
"""Whole numbers as int64, or as Python integers where 64 bits would not hold them."""

LARGEST_ROW = 2**20
"""Heads that one row may share its income among; up to it incomes per head are put in order exactly."""


@attrs.frozen(eq=False)
class Part:
    """The rows of one group that are known and stand for somebody, and how many are not known.

    Attributes
    ----------
    name
        The group, or ``"everyone"``.
    columns
        The columns measured, by name.
    heads, weights
        How many share a row's amounts, and how many such rows it stands for.
    not_known
        Rows left out because something in them is not known.
    """

    name: str
    columns: Mapping[str, Whole]
    heads: Whole
    weights: Whole
    not_known: int


@attrs.frozen(eq=False)
class Rows:
    """Checked columns of one length, ready to be measured as a whole or group by group."""

    columns: Mapping[str, Whole]
    heads: Whole
    weights: Whole
    known: Flags
    names: tuple[str, ...]
    group: NDArray[np.intp]

    def everyone(self) -> Part:
        """All rows."""
        return self._part("everyone", np.ones(len(self.heads), bool))

    def by_group(self) -> Iterator[Part]:
        """One group after another, in the order of their names."""
        return (self._part(name, self.group == at) for at, name in enumerate(self.names))

    def _part(self, name: str, within: Flags) -> Part:
        rows = within & self.known & (self.heads > 0) & (self.weights > 0)
        columns = {key: column[rows] for key, column in self.columns.items()}
        return Part(name, columns, self.heads[rows], self.weights[rows], int((within & ~self.known).sum()))


def read_rows(
    columns: Mapping[str, Amounts],
    *,
    heads: Amounts | None,
    weights: Amounts | None,
    known: Flags | None,
    groups: NDArray[Any] | Sequence[object] | None = None,
) -> Rows:
    """Check the columns of a measure: of one length, whole numbers, and somebody to measure.

    Raises
    ------
    UsageError
        If they are not.
    """
    extra = {"heads": heads, "weights": weights, "known": known, "groups": groups}
    given = {name: column for name, column in {**columns, **extra}.items() if column is not None}
    lengths = {name: len(column) for name, column in given.items()}
    length = next(iter(lengths.values()))
    if len(set(lengths.values())) > 1:
        found = listed(f"{name} has {count:,}" for name, count in lengths.items())
        msg = f"columns differ in length: {found}; give every column one value a row"
        raise UsageError(msg)
    certain = np.ones(length, bool) if known is None else np.asarray(known, bool)
    for column in given.values():
        if isinstance(column, np.ma.MaskedArray) and column is not groups:
            certain = certain & ~np.ma.getmaskarray(column)
    ones = np.ones(length, np.int64)
    read = {name: _whole(name, column) for name, column in columns.items()}
    shared = ones if heads is None else _counts("heads", heads, certain)
    times = ones if weights is None else _counts("weights", weights, certain)
    if shared.max(initial=0) >= LARGEST_ROW:
        msg = f"a row has {int(shared.max()):,} heads; give the persons of one household, and use weights for many"
        raise UsageError(msg)
    if not (certain & (shared > 0) & (times > 0)).any():
        msg = f"of {length:,} rows none is known and stands for anybody, so there is nothing to measure"
        raise UsageError(msg)
    return Rows(read, shared, times, certain, *_groups(groups, length))


def _whole(name: str, column: Amounts) -> Whole:
    values = np.asarray(np.ma.getdata(column))
    if values.dtype.kind in "iu" and (values.dtype != np.uint64 or values.max(initial=0) < 2**63):
        return values.astype(np.int64, copy=False)
    what = "fen" if name not in {"heads", "weights"} else "persons or rows"
    msg = f"{name} is of type {values.dtype}; give whole {what} in 64 bits, and mask what is not known"
    raise UsageError(msg)


def _counts(name: str, column: Amounts, known: Flags) -> Whole:
    counts = _whole(name, column) * known  # what stands in a row that is not known does not matter
    if counts.min(initial=0) < 0:
        row = int(np.argmax(counts < 0))
        msg = f"{name} is {int(counts[row])} in row {row + 1}; it counts persons or rows, so give 0 or more"
        raise UsageError(msg)
    return counts


def _groups(groups: NDArray[Any] | Sequence[object] | None, length: int) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    if groups is None:
        return (), np.zeros(length, np.intp)
    column = groups if isinstance(groups, np.ndarray) else np.asarray(groups)
    stated = ~np.ma.getmaskarray(column)
    labels, back = np.unique(np.ma.getdata(column)[stated], return_inverse=True)
    names = tuple(str(label) for label in labels.tolist())
    group = np.full(length, len(names), np.intp)
    group[stated] = back
    return (names if stated.all() else (*names, "not stated")), group


def largest(column: Whole) -> int:
    """The largest of a column, signs left out.

    >>> largest(np.array([-7, 3]))
    7
    """
    return max(abs(int(column.min())), abs(int(column.max()))) if len(column) else 0


def product(*columns: Whole) -> Whole:
    """Multiply columns, as Python integers where 64 bits would not hold the result.

    >>> product(np.array([2**40]), np.array([2**40])).tolist() == [2**80]
    True
    """
    fits = math.prod(largest(column) for column in columns) < 2**63
    result = columns[0] if fits else columns[0].astype(object)
    for column in columns[1:]:
        result = result * column
    return result


def sum_of_products(*columns: Whole) -> int:
    """Multiply columns and add up, exactly.

    >>> sum_of_products(np.array([2**62, 1]), np.array([4, 1])) == 2**64 + 1
    True
    """
    if math.prod(largest(column) for column in columns) * len(columns[0]) < 2**63:
        return int(product(*columns).sum())
    return sum(map(math.prod, zip(*(column.tolist() for column in columns), strict=True)))


class Measured(Protocol):
    """One line of such a table: its header, and its cells as texts."""

    HEAD: ClassVar[tuple[str, ...]]

    def cells(self) -> list[str]:
        """The measures as texts."""


R = TypeVar("R", bound=Measured)


@attrs.frozen(repr=False)
class ByGroup(Mapping[str, R]):
    """A measure for everyone and for each group, by the group's name; it prints as a table.

    Attributes
    ----------
    everyone
        The measure of all rows.
    groups
        That of each group.
    """

    everyone: R
    groups: Mapping[str, R]

    def __getitem__(self, group: str) -> R:
        return self.groups[group]

    def __iter__(self) -> Iterator[str]:
        return iter(self.groups)

    def __len__(self) -> int:
        return len(self.groups)

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [*self.groups.items(), ("everyone", self.everyone)]
        return ["group", *self.everyone.HEAD], [[name, *row.cells()] for name, row in rows]

    def __repr__(self) -> str:
        header, rows = self._table()
        return text_table(header, rows, numbers=range(1, len(header)))

    def _repr_html_(self) -> str:
        return html_table(*self._table())


def share(part: int | Fraction, whole: int | Fraction, of: str) -> Fraction:
    """A part of a whole, exactly.

    >>> share(1, 0, "recipients")
    Traceback (most recent call last):
    ...
    civaffairs.errors.UsageError: there are no recipients, so there is no share of them
    """
    if not whole:
        msg = f"there are no {of}, so there is no share of them"
        raise UsageError(msg)
    return Fraction(part) / whole


def percent(part: int | Fraction, whole: int | Fraction) -> str:
    """A share for a table, to two decimals of a percent, or a stroke where there is nothing to share."""
    return f"{float(Fraction(part) / whole):.2%}" if whole else "-"
