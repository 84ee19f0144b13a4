"""A table of payments, read and added up; what cannot be read is told, all at once."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import attrs

from civaffairs.errors import Problem, Problems, TableError, did_you_mean, masked
from civaffairs.people.cells import Fault
from civaffairs.people.columns import Column, Kind, Level
from civaffairs.people.household import COLUMNS
from civaffairs.people.parsing import Cells, read_column
from civaffairs.rules.rulebook import Scheme
from civaffairs.tables.files import opened
from civaffairs.tables.frames import frame_columns

_SCHEME = Column(
    name="scheme", level=Level.PERSON, kind=Kind.KEY, label_zh="项目", meaning="name of the scheme", required=True
)
_PAID = Column(
    name="paid", level=Level.PERSON, kind=Kind.FEN, label_zh="已发金额", meaning="yuan paid a month", required=True
)
PAID_COLUMNS = {column.name: column for column in (COLUMNS["household_id"], COLUMNS["person_id"], _SCHEME, _PAID)}
"""The columns of a table of payments; ``person_id`` is empty for what is paid to the household."""

Key: TypeAlias = tuple[str, str]
"""A household and a person, who is empty for what is paid to the household."""


@attrs.frozen(kw_only=True, eq=False)
class Payments:
    """Payments added up, and what could not be read.

    Attributes
    ----------
    by_scheme
        Fen by key, by name of the scheme.
    problems
        What is wrong with rows.
    doubtful
        Households with a row that could not be read.
    """

    by_scheme: Mapping[str, Mapping[Key, int]]
    problems: Problems
    doubtful: frozenset[str]


def read_payments(paid: object, schemes: Mapping[str, Scheme]) -> Payments:
    """Read a table of payments.

    Parameters
    ----------
    paid
        A path, a data frame or a mapping of columns.
    schemes
        The schemes that may be named, by name; their English and Chinese titles name them too.

    Raises
    ------
    TableError
        If the table as a whole cannot be read.
    """
    columns = _raw(paid)
    facts = {name: read_column(column, columns[name]) for name, column in PAID_COLUMNS.items()}
    faults = {name: dict(column.faults) for name, column in facts.items()}
    names = {text.lower(): name for name, s in schemes.items() for text in (name, s.title, s.label_zh)}
    sums: dict[str, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    problems: list[Problem] = []
    doubtful: set[str] = set()
    for row in range(len(facts["paid"].values)):
        household, person, written = (str(facts[name].values[row]) for name in ("household_id", "person_id", "scheme"))
        scheme = names.get(written.lower(), "")
        of_household = not scheme or paid_to_household(schemes[scheme])
        found = {name: fault[row] for name, fault in faults.items() if row in fault}
        for name, column in PAID_COLUMNS.items():
            if not facts[name].stated[row] and name not in found and (name != "person_id" or not of_household):
                found[name] = Fault("is missing", column.meaning)
        if written and not scheme:
            hint = f"known schemes: {', '.join(schemes)}{did_you_mean(written.lower(), names)}"
            found["scheme"] = Fault("is no scheme", hint)
        if found:
            problems += [
                Problem(
                    row=row + 1,
                    household=household,
                    column=name,
                    value=columns[name][row] if name in {"scheme", "paid"} else "",
                    reason=fault.reason,
                    hint=fault.hint,
                )
                for name, fault in found.items()
            ]
            doubtful.add(household)
        else:
            sums[scheme][household, "" if of_household else person] += int(facts["paid"].values[row])
    return Payments(by_scheme=sums, problems=Problems(problems), doubtful=frozenset(doubtful))


def paid_to_household(scheme: Scheme) -> bool:
    """Whether a scheme pays the household as a whole, not a person."""
    return (scheme.amount or scheme.verdict).level is Level.HOUSEHOLD


def _raw(paid: object) -> Mapping[str, Cells]:
    if isinstance(paid, str | Path):
        file = opened(Path(paid), _check_header)
        parts = list(file.blocks([sys.maxsize]))
        return parts[0] if parts else {name: [] for name in file.names}
    columns = dict(paid) if isinstance(paid, Mapping) else frame_columns(paid)
    _check_header(list(columns))
    return columns


def _check_header(names: Sequence[str]) -> None:
    missing = [name for name in PAID_COLUMNS if name not in names]
    unknown = [name for name in names if name not in PAID_COLUMNS]
    twice = [name for name in dict.fromkeys(names) if list(names).count(name) > 1]
    faults = [f"column {masked(name)!r} is there twice" for name in twice]
    faults += [f"unknown column {masked(name)!r}{did_you_mean(name, PAID_COLUMNS)}" for name in unknown]
    faults += [f"missing column {name!r} ({PAID_COLUMNS[name].meaning})" for name in missing]
    if faults:
        head = f"a table of payments has the columns {', '.join(PAID_COLUMNS)}"
        raise TableError("\n".join([head, *faults]))
