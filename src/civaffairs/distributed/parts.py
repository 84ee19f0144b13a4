"""The kernel over a partition: whole households in, results, rows set aside and sums out; nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from civaffairs.assessment.assess import as_date, assess
from civaffairs.assessment.result import Assessment
from civaffairs.distributed.keys import NO_KEYS, Hashes, key_hashes
from civaffairs.errors import Problem, Problems, UsageError
from civaffairs.outputs import Report
from civaffairs.people.border import Rejects
from civaffairs.people.household import COLUMNS
from civaffairs.people.population import Array, Population
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Conventions
from civaffairs.schemes import RULEBOOK
from civaffairs.tables import ArrowStream, roster_columns
from civaffairs.tables.frames import arrow_columns, extra
from civaffairs.tables.streaming import read_block

if TYPE_CHECKING:
    import pyarrow

BLOCK = 20_000
"""Rows that are read and assessed at once; more of them take more memory and are no faster."""
ELSEWHERE = ("a person of this household is in another file too", "keep the person in one of them")


def the_library() -> Rulebook:
    """Return the rulebook of the library."""
    return RULEBOOK


def _text_of(source: str | Path | None) -> str | None:
    """Take the text of a file here, because a worker may not have the file."""
    return source.read_text("utf-8") if isinstance(source, Path) else source


def _day(day: date | str | None) -> date | None:
    return None if day is None else as_date(day)


def _names(schemes: Sequence[str] | None) -> tuple[str, ...] | None:
    if isinstance(schemes, str):
        msg = f"schemes is a list of names; write schemes=[{schemes!r}]"
        raise UsageError(msg)
    return None if schemes is None else tuple(schemes)


@attrs.frozen(kw_only=True)
class Terms:
    """On what terms a roster is assessed: small, the same for every part, and fit to be sent to another process.

    Attributes
    ----------
    on, known, schemes, conventions
        As in `civaffairs.assess`.
    assume, sources
        Files of assumed values and of the caller's own notices, as a `Path`, or their TOML text.
    rulebook
        A function of a module, without arguments, that returns the rulebook. The rules themselves are functions and
        are not sent; each process makes the rulebook once, and the driver compares the fingerprints.

    Examples
    --------
    >>> Terms(on="2026-08-01", schemes=["old_age"]).schemes
    ('old_age',)
    """

    on: date = attrs.field(converter=as_date)
    known: date | None = attrs.field(default=None, converter=_day)
    schemes: tuple[str, ...] | None = attrs.field(default=None, converter=_names)
    conventions: Conventions | None = None
    assume: str | None = attrs.field(default=None, converter=_text_of, repr=False)
    sources: str | None = attrs.field(default=None, converter=_text_of, repr=False)
    rulebook: Callable[[], Rulebook] = the_library

    def book(self) -> Rulebook:
        """Return the rulebook with the values of the files added, made once in a process."""
        return _book(self.rulebook, self.sources, self.assume)

    def assess(self, population: Population) -> Assessment:
        """Assess a population on these terms, in one thread: the parts are what runs side by side."""
        return assess(
            population,
            on=self.on,
            known=self.known,
            schemes=self.schemes,
            conventions=self.conventions,
            rulebook=self.book(),
            threads=1,
        )


@lru_cache(maxsize=8)
def _book(make: Callable[[], Rulebook], sources: str | None, assume: str | None) -> Rulebook:
    book = make()
    if sources is not None:
        book = book.with_file(sources)
    return book if assume is None else book.with_file(assume, assumed=True)


@attrs.frozen(kw_only=True, eq=False)
class Part:
    """What one partition gives; its rows are the persons assessed and the rows set aside.

    Attributes
    ----------
    persons, households
        Results, null where not known; money in yuan, as exact decimals.
    rejects
        The rows set aside: their numbers in the partition, all columns of the table format as text, and the problems.
    report
        Sums, standing and what was not assessed; the reports of parts add up.
    """

    persons: pyarrow.Table
    households: pyarrow.Table
    rejects: pyarrow.Table
    report: Report


def assess_partition(table: ArrowStream, terms: Terms, *, twice: Hashes = NO_KEYS) -> Part:
    """Assess one partition of whole households.

    Parameters
    ----------
    table
        A table or record batch of Arrow, or any data frame that hands itself over as one, in the table format.
    terms
        On what terms.
    twice
        Hashes of the keys of persons who are in other partitions too; their households are set aside.

    Returns
    -------
    Part
        Results, rows set aside, and a report.

    Raises
    ------
    TableError
        If the table as a whole cannot be read.

    Examples
    --------
    >>> import pyarrow
    >>> table = {"household_id": ["H1", "H2"], "person_id": ["P1", "P2"], "birth_date": ["1940-02-29", "soon"]}
    >>> table |= {"place": ["450103"] * 2, "area": ["urban"] * 2, "hukou_place": ["450103"] * 2}
    >>> part = assess_partition(pyarrow.table(table), Terms(on="2026-08-01", schemes=["old_age"]))
    >>> part.persons["old_age_allowance_entitled"].to_pylist()
    [True]
    >>> part.rejects.select(["row", "birth_date", "problems"]).to_pylist()
    [{'row': 2, 'birth_date': 'soon', 'problems': 'birth_date: is not a date (write it as in 2026-07-01)'}]
    """
    pyarrow = extra("pyarrow")
    columns = arrow_columns(pyarrow, pyarrow.table(table))
    return assessed(*read_block(columns, terms.on, ()), terms, twice)


def assessed(population: Population, rejects: Rejects, terms: Terms, twice: Hashes = NO_KEYS) -> Part:
    """Assess what the border let through; see `assess_partition`."""
    kept, doubled, problems = _without_those_elsewhere(population, twice)
    result = terms.assess(kept)
    result = attrs.evolve(
        result,
        rejected=rejects.problems + problems,
        rejects=rejects,
        rows_in=rejects.rows_in,
        notes=(*rejects.notes, *result.notes),
    )
    money = result.money_columns()
    return Part(
        persons=_results(result.persons_table(), money),
        households=_results(result.households_table(), money),
        rejects=_rejects(rejects, doubled),
        report=Report.of(result),
    )


def result_schema(terms: Terms) -> pyarrow.Schema:
    """Tell the columns and types of the results of persons, for engines that want to know them before anything runs.

    It is found by assessing nobody, so a mistake in the terms shows here.

    Examples
    --------
    >>> schema = result_schema(Terms(on="2026-08-01", schemes=["old_age"]))
    >>> schema.field("old_age_allowance_due")
    pyarrow.Field<old_age_allowance_due: decimal128(18, 2)>
    """
    nobody = {name: ["-"] for name, column in COLUMNS.items() if column.required}
    population, rejects = read_block(nobody, terms.on, ())
    return assessed(population, rejects, terms).persons.schema


def _without_those_elsewhere(population: Population, twice: Hashes) -> tuple[Population, Population, Problems]:
    """Part a population into the households of nobody who is elsewhere too and the others, and say of whom."""
    if not len(twice):
        return population, population.part(0, 0), Problems()
    rows = np.flatnonzero(np.isin(key_hashes(population.person["person_id"]), twice))
    doubled = np.zeros(population.households, bool)
    doubled[population.index[rows]] = True
    reason, hint = ELSEWHERE
    problems = Problems(
        Problem(
            household=str(population.household["household_id"][population.index[row]]),
            column="person_id",
            value=str(population.person["person_id"][row]),
            reason=reason,
            hint=hint,
        )
        for row in rows
    )
    return population.keeping(~doubled), population.keeping(doubled), problems


def _results(columns: Mapping[str, Array], money: Sequence[str]) -> Any:  # noqa: ANN401 -- pyarrow publishes no types
    pyarrow = extra("pyarrow")
    table = pyarrow.table(
        {
            name: pyarrow.array(
                np.ma.getdata(column),
                pyarrow.string() if column.dtype.kind in "OU" else None,
                mask=np.ma.getmaskarray(column),
            )
            for name, column in columns.items()
        }
    )
    for name in set(money) & set(columns):
        table = table.set_column(table.column_names.index(name), name, _yuan(pyarrow, table[name]))
    return table


def _yuan(pyarrow: Any, fen: Any) -> Any:  # noqa: ANN401 -- pyarrow publishes no types
    """Write fen as the decimal that is a hundredth of it, without a float on the way."""
    import decimal

    import pyarrow.compute as compute

    hundredth = pyarrow.scalar(decimal.Decimal("0.01"))
    return compute.multiply(fen.cast(pyarrow.decimal128(19, 0)), hundredth).cast(pyarrow.decimal128(18, 2))


def _rejects(rejects: Rejects, doubled: Population) -> Any:  # noqa: ANN401 -- pyarrow publishes no types
    """Put the rows set aside into one table that has the same columns whatever the partition had."""
    pyarrow = extra("pyarrow")
    found: dict[int, list[str]] = {}
    for problem in rejects.problems:
        if problem.row is not None:
            found.setdefault(problem.row, []).append(_told(problem.column, problem.reason, problem.hint))
    numbers = rejects.rows.tolist()
    rows = roster_columns(doubled) if doubled.persons else {}
    blank = [None] * len(numbers), [None] * doubled.persons
    columns = {
        name: [_text(cell) for cell in (*rejects.columns.get(name, blank[0]), *rows.get(name, blank[1]))]
        for name in COLUMNS
    }
    problems = ["; ".join(found.get(number, ())) for number in numbers]
    problems += [_told("person_id", *ELSEWHERE)] * doubled.persons
    text = pyarrow.string()
    return pyarrow.table(
        {
            "row": pyarrow.array([*numbers, *blank[1]], pyarrow.int64()),
            **{name: pyarrow.array(cells, text) for name, cells in columns.items()},
            "problems": pyarrow.array(problems, text),
        }
    )


def _told(column: str, reason: str, hint: str) -> str:
    text = f"{column}: {reason}" if column else reason
    return f"{text} ({hint})" if hint else text


def _text(cell: object) -> str | None:
    if cell is None:
        return None
    return ("no", "yes")[cell] if isinstance(cell, bool) else str(cell)
