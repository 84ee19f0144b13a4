"""What went wrong, where, what is known and what to do: problems as a table, and the exception family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import overload

import attrs

SHOWN = 5
"""How many problems a message lists before it says how many more there are."""


class CivaffairsError(Exception):
    """The root of every error that this library raises on purpose."""


class UsageError(CivaffairsError, ValueError):
    """A call was made with something it cannot work on."""


class MoneyError(CivaffairsError, ArithmeticError):
    """A sum of money is not exact, or does not fit in 64 bits."""


class CalendarError(CivaffairsError, ValueError):
    """A day or period cannot be computed from what is published."""


class LoadError(CivaffairsError, ValueError):
    """A file of parameters or documents is not what its schema says; every fault is listed with its line."""


class PlanError(CivaffairsError, ValueError):
    """Rules do not fit together; found before any data is touched."""


class NotAssessed(CivaffairsError, LookupError):
    """A result was asked for that could not be worked out for every row."""


class TableError(CivaffairsError, ValueError):
    """A table as a whole cannot be read: a column is missing or unknown, the file is empty or not text."""


class StaleParameterWarning(UserWarning):
    """A value is used on a day after the last day on which somebody checked it."""


def is_a(value: object, *kinds: type) -> bool:
    """Say whether a value is of some type, for callers whom no type checker has told.

    >>> is_a("2026-08-01", str)
    True
    """
    return isinstance(value, kinds)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """End a message about an unknown name with the nearest known one.

    Parameters
    ----------
    name
        The name that nothing answers to.
    known
        The names that exist.

    Returns
    -------
    str
        ``"; did you mean 'x'?"``, or an empty string when nothing is near.

    Examples
    --------
    >>> did_you_mean("standrd", ["standard", "income"])
    "; did you mean 'standard'?"
    >>> did_you_mean("zzz", ["standard"])
    ''
    """
    near = get_close_matches(name, list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def listed(items: Iterable[object], limit: int = SHOWN) -> str:
    """Join what is to be shown, at most ``limit`` of it, and say how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    >>> listed(["a"])
    'a'
    """
    every = [str(item) for item in items]
    more = len(every) - limit
    return ", ".join(every[:limit]) + (f" and {more} more" if more > 0 else "")


_NUMBER_LIKE = re.compile(r"(?<![0-9A-Za-z])\d[\d ]{13,18}[\dXx]?(?![0-9A-Za-z])")


def masked(value: object) -> str:
    """Write a value for a message with every identity-number-like run of digits hidden.

    Examples
    --------
    >>> masked("card 450103199001011234 of the applicant")
    'card 450103… of the applicant'
    """
    text = str(value)
    text = _NUMBER_LIKE.sub(lambda found: found.group()[:6] + "…", text)
    return text if len(text) <= 60 else text[:57] + "…"


@attrs.frozen(kw_only=True)
class Problem:
    """One thing wrong with one place of a table.

    Attributes
    ----------
    row
        Row of the input, counted from 1 without the header; ``None`` when the problem is of a whole household.
    household
        Key of the household that is set aside for it.
    column
        Column, or an empty string when the problem is of the whole row.
    value
        What stood there, with identity numbers masked.
    reason
        What is wrong.
    hint
        What to do about it.
    """

    row: int | None = None
    household: str = ""
    column: str = ""
    value: str = attrs.field(default="", converter=masked)
    reason: str
    hint: str = ""

    def __str__(self) -> str:
        where = [
            f"row {self.row}" if self.row is not None else "",
            f"household {masked(self.household)}" if self.household else "",
            self.column,
        ]
        head = ", ".join(part for part in where if part)
        shown = f" {self.value!r}" if self.value else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{head}:{shown} {self.reason}{hint}" if head else f"{self.reason}{hint}"


def _as_tuple(items: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(items)


@attrs.frozen(repr=False)
class Problems(Sequence[Problem]):
    """All problems of one table, at once."""

    items: tuple[Problem, ...] = attrs.field(default=(), converter=_as_tuple)

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> Problems: ...
    def __getitem__(self, index: int | slice) -> Problem | Problems:
        return Problems(self.items[index]) if isinstance(index, slice) else self.items[index]

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.items)

    def __add__(self, other: Problems) -> Problems:
        return Problems(self.items + other.items)

    def columns(self) -> dict[str, list[object]]:
        """The problems as a table of columns.

        Returns
        -------
        dict
            One list per field of `Problem`, all of one length.
        """
        return {
            name: [getattr(problem, name) for problem in self.items] for name in (a.name for a in attrs.fields(Problem))
        }

    def __str__(self) -> str:
        if not self.items:
            return "no problems"
        lines = [str(problem) for problem in self.items[:SHOWN]]
        more = len(self.items) - SHOWN
        return "\n".join(lines + ([f"and {more} more"] if more > 0 else []))

    def __repr__(self) -> str:
        return f"<{len(self.items)} problem{'s' * (len(self.items) != 1)}>\n{self}"
