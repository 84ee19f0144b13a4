"""Assess a household, a population or a table: the one call that the library exists for."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import attrs
import numpy as np

from civaffairs import tables
from civaffairs.assessment.result import Assessment
from civaffairs.calendar import AgeAttained, LeapDay, cutoff, days
from civaffairs.errors import Problem, Problems, StaleParameterWarning, UsageError, is_a, listed
from civaffairs.law.places import known as is_listed
from civaffairs.law.places import resolve
from civaffairs.people.border import Rejects
from civaffairs.people.household import Household
from civaffairs.people.population import PLACES, Population
from civaffairs.people.records import population_of, sound_population_of
from civaffairs.rules.plan import Plan
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Conventions
from civaffairs.schemes import RULEBOOK

OLDEST = 130
PART = 50_000
"""Rows of a part of a file that is assessed in parts; larger ones take more memory and are hardly faster."""


def as_date(day: date | str) -> date:
    """Read a day from text, exactly as written.

    >>> as_date("2026-08-01")
    datetime.date(2026, 8, 1)
    """
    if not is_a(day, str, date):
        msg = f"{day!r} is not a day; write it as text, '2026-08-01', or as a date"
        raise UsageError(msg)
    if isinstance(day, date):
        return date(day.year, day.month, day.day)
    import pendulum

    try:
        read = pendulum.parse(day, exact=True)
    except ValueError:
        read = None
    # A bare year or month is a day to pendulum: its first.
    whole = sum(character.isdigit() for character in day) == len("20260801")
    if not whole or not isinstance(read, pendulum.Date) or isinstance(read, pendulum.DateTime):
        msg = f"{day!r} is not a day; write it as 2026-08-01"
        raise UsageError(msg)
    return date(read.year, read.month, read.day)


def assess(
    data: object,
    *,
    on: date | str,
    known: date | str | None = None,
    assume: str | Path | None = None,
    sources: str | Path | None = None,
    schemes: Sequence[str] | None = None,
    conventions: Conventions | None = None,
    rulebook: Rulebook = RULEBOOK,
    keep: Sequence[AnyRule] = (),
    threads: int | None = None,
) -> Assessment:
    """Work out who is owed what a month, by law and facts as they stand on a day.

    Parameters
    ----------
    data
        A `Household`, a list of them, a `Population`, a path of a CSV or Parquet file, a data frame, or a mapping of
        columns in the table format.
    on
        The day.
    known
        Use only rules and values that were public by this day.
    assume
        A file of assumed values, each of which the result will name. Nothing is assumed otherwise.
    sources
        A file of the caller's own notices, cited.
    schemes
        Names of schemes; by default all.
    conventions
        Readings that the law leaves open.
    rulebook
        Another rulebook, for instance a reform of the library's.
    keep
        Further rules whose results to keep.
    threads
        How many threads; chosen by size otherwise.

    Returns
    -------
    Assessment
        Typed results by rule, with explanation, standing, what was not assessed and what was set aside.

    Raises
    ------
    TableError
        If a table as a whole cannot be read.
    UsageError
        If a single household's facts cannot be right, or the call itself is.

    Examples
    --------
    >>> from civaffairs.people.person import Person
    >>> from civaffairs.people.household import Area, Household
    >>> from civaffairs.schemes import old_age
    >>> wang = Person(person_id="1", birth_date=date(1940, 3, 1), hukou_place="450103")
    >>> family = Household(household_id="Wang", place="450103", area=Area.URBAN, members=[wang])
    >>> result = assess(family, on="2026-08-01", schemes=["old_age"])
    >>> result[old_age.old_age_allowance_entitled]
    array([ True])
    >>> result.not_assessed[0].cause
    'old_age_allowance_tiers'
    """
    if isinstance(schemes, str):
        msg = f"schemes is a list of names; write schemes=[{schemes!r}]"
        raise UsageError(msg)
    day, known_day = as_date(on), None if known is None else as_date(known)
    if sources is not None:
        rulebook = rulebook.with_file(Path(sources))
    if assume is not None:
        rulebook = rulebook.with_file(Path(assume), assumed=True)
    population, rejects = _population(data, day)
    problems = rejects.problems if rejects is not None else Problems()
    rows_in = rejects.rows_in if rejects is not None else population.persons
    population, unborn = set_aside_unborn(population, day, isinstance(data, Household))
    plan, unavailable = rulebook.plan(
        day, known=known_day, schemes=schemes, targets=tuple(r.name for r in keep), conventions=conventions
    )
    if keep and schemes is None:
        plan, unavailable = rulebook.plan(
            day,
            known=known_day,
            schemes=tuple(rulebook.schemes),
            targets=tuple(r.name for r in keep),
            conventions=conventions,
        )
    _warn_if_stale(plan)
    return Assessment(
        on=day,
        known=known_day,
        rulebook=rulebook,
        schemes=tuple(rulebook.schemes[name] for name in (rulebook.schemes if schemes is None else schemes)),
        plan=plan,
        unavailable=unavailable,
        population=population,
        run=plan.run(population, threads=threads),
        rejected=problems + unborn,
        rejects=rejects,
        rows_in=rows_in,
        notes=(*(rejects.notes if rejects is not None else ()), *_carried_over(population, day)),
    )


def assess_parts(
    path: str | Path,
    *,
    on: date,
    known: date | None = None,
    schemes: Sequence[str] | None = None,
    rulebook: Rulebook = RULEBOOK,
    threads: int | None = None,
    rows: int = PART,
) -> Iterator[Assessment]:
    """Assess a file larger than memory, in parts of whole households; see `assess` and `civaffairs.tables.stream`.

    Parameters
    ----------
    path
        CSV or Parquet.
    on, known, schemes, rulebook, threads
        As in `assess`.
    rows
        Rows of a part.

    Yields
    ------
    Assessment
        Totals, gaps and standings of parts add up to those of the whole; only a cause that one part has columns for
        and another has not may go by two names.
    """
    for population, rejects in tables.stream(path, rows=rows, today=on):
        part = assess(population, on=on, known=known, schemes=schemes, rulebook=rulebook, threads=threads)
        yield attrs.evolve(
            part,
            rejected=rejects.problems + part.rejected,
            rejects=rejects,
            rows_in=rejects.rows_in,
            notes=(*rejects.notes, *part.notes),
        )


def _carried_over(population: Population, day: date) -> tuple[str, ...]:
    """Say what was made of each division code that is not in force on the day."""
    told = []
    for name in PLACES:
        if population.column(name) is not None:
            codes = [f"{code:06d}" for code in population.places(name)[0].tolist() if code >= 0]
            notes = [resolve(code, day).note for code in codes if is_listed(code)]
            told += [f"{name}: {note}" for note in notes if note]
    return tuple(told)


def _population(data: object, day: date) -> tuple[Population, Rejects | None]:
    if isinstance(data, Population):
        return data, None
    if isinstance(data, Household):
        return sound_population_of(data), None
    if (
        isinstance(data, Sequence)
        and not isinstance(data, str)
        and data
        and all(isinstance(one, Household) for one in data)
    ):
        population, problems = population_of(list(data), today=day)
        persons = sum(len(one.members) for one in data)
        return population, Rejects(problems, np.empty(0, np.int64), persons, {})
    return tables.read(data, today=day)


def set_aside_unborn(population: Population, on: date, single: bool = False) -> tuple[Population, Problems]:
    """Set aside households with a member born after the day, or older than anybody on it."""
    born = population.person["birth_date"]
    oldest = days(cutoff(on, OLDEST + 1, AgeAttained.BIRTHDAY, LeapDay.FEB_28))
    wrong = (born > days(on)) | (born <= oldest)
    if not wrong.any():
        return population, Problems()
    rows = np.flatnonzero(wrong)
    order = population.person_order
    problems = Problems(
        Problem(
            row=int(row if order is None else order[row]) + 1,
            household=str(population.household["household_id"][population.index[row]]),
            column="birth_date",
            reason=f"born after {on}" if born[row] > days(on) else f"older than {OLDEST} on {on}",
            hint="assess a later day, or correct the date" if born[row] > days(on) else "correct the date",
        )
        for row in rows
    )
    if single:
        raise UsageError(str(problems))
    keep = np.ones(population.households, bool)
    keep[population.index[rows]] = False
    return population.keeping(keep), problems


def _warn_if_stale(plan: Plan) -> None:
    stale = [parameter for parameter in plan.parameters.values() if parameter.stale(plan.day.on)]
    if stale:
        names = listed(parameter.name for parameter in stale)
        oldest = min(parameter.checked for parameter in stale)
        msg = f"{plan.day.on} is after {oldest}, when these values were last checked: {names}; look for newer notices"
        warnings.warn(msg, StaleParameterWarning, stacklevel=3)
