"""Those bound by law to support a person (法定义务人): a table beside the roster, reduced to one flag a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

import numpy as np

from civaffairs.errors import UsageError, did_you_mean, listed, masked
from civaffairs.people.checks import fill_implied
from civaffairs.people.columns import Level
from civaffairs.people.parsing import Cells, Facts, read_column
from civaffairs.people.population import Population
from civaffairs.rules.explain import Explanation, Language, explain
from civaffairs.rules.plan import Plan
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Conventions
from civaffairs.schemes.obligor_rules import COLUMNS, OBLIGORS, PLACE, Obligor, no_able_obligor

__all__ = ["OBLIGORS", "Obligor", "Obligors", "explain_no_able_obligor", "find_no_able_obligor"]

Obligors: TypeAlias = Sequence[Obligor] | Mapping[str, Cells]
"""Obligors as records, or as a table of columns."""


def find_no_able_obligor(
    obligors: Obligors,
    applicants: Mapping[str, str],
    *,
    on: date,
    complete: bool = False,
    rulebook: Rulebook = OBLIGORS,
    conventions: Conventions | None = None,
) -> list[bool | None]:
    """Find who has nobody able to support them: the column ``no_able_obligor`` of a roster of persons.

    Parameters
    ----------
    obligors
        All obligors that are known, any number an applicant: records, or a table of columns with the same names.
    applicants
        The applicants' keys, each with the division whose local income counts.
    on
        The day.
    complete
        Whether all obligors there are have been named. If not, an applicant without one, or with none who is able, may
        still have another, so that it is not known; one who is able settles the matter either way.
    rulebook
        The rules, for instance with an assumed local income.
    conventions
        Readings that the law leaves open.

    Returns
    -------
    list of bool or None
        One answer an applicant, in their order; ``None`` where it is not known.

    Raises
    ------
    UsageError
        If an obligor is of nobody among the applicants, or a fact cannot be read.

    Examples
    --------
    A daughter of 69 who is healthy and does not draw dibao is able to support, whatever she earns:

    >>> from civaffairs.people.person import Absence, DisabilityKind
    >>> daughter = Obligor(
    ...     applicant_id="mother",
    ...     obligor_id="daughter",
    ...     birth_date=date(1957, 3, 1),
    ...     recorded_tekun=False,
    ...     recorded_dibao=False,
    ...     disability_kind=DisabilityKind.NONE,
    ...     without_capacity=False,
    ...     absence=Absence.NONE,
    ...     incapable_by_local_rule=False,
    ... )
    >>> applicants = {"mother": "450103", "aunt": "450103"}
    >>> find_no_able_obligor([daughter], applicants, on=date(2026, 8, 1))
    [False, None]
    >>> find_no_able_obligor([daughter], applicants, on=date(2026, 8, 1), complete=True)
    [False, True]
    """
    people = _population(obligors, applicants)
    if people is None:
        return [complete or None] * len(applicants)
    run = _plan(rulebook, on, conventions).run(people)
    causes = run.unknown("no_able_obligor", Level.HOUSEHOLD)
    sure = np.ones(people.households, bool) if causes is None else causes == 0
    answers = run.values("no_able_obligor")
    sure &= ~answers | complete
    told = zip(people.household["household_id"].tolist(), answers.tolist(), sure.tolist(), strict=True)
    found = {key: answer if known else None for key, answer, known in told}
    return [found.get(key, complete or None) for key in applicants]


def explain_no_able_obligor(
    obligors: Obligors,
    applicant: str,
    place: str,
    *,
    on: date,
    language: Language = Language.ENGLISH,
    rulebook: Rulebook = OBLIGORS,
    conventions: Conventions | None = None,
) -> Explanation:
    """Tell how each obligor of one applicant stands, down to facts, articles and values.

    Parameters
    ----------
    obligors
        The applicant's obligors, as in `find_no_able_obligor`.
    applicant, place
        The applicant's key, and the division whose local income counts.
    on, rulebook, conventions
        As in `find_no_able_obligor`.
    language
        English or Chinese.

    Raises
    ------
    UsageError
        If no obligor is named, or one of somebody else.
    """
    people = _population(obligors, {applicant: place})
    if people is None:
        msg = "no obligor is named, so there is nothing to explain"
        raise UsageError(msg)
    return explain(_plan(rulebook, on, conventions), people, "no_able_obligor", language=language)


def _plan(rulebook: Rulebook, on: date, conventions: Conventions | None) -> Plan:
    return rulebook.plan(on, targets=[no_able_obligor], conventions=conventions)[0]


def _population(obligors: Obligors, applicants: Mapping[str, str]) -> Population | None:
    """Put obligors into columns, one household an applicant who has any; ``None`` if nobody has."""
    read = _read(obligors)
    keys = read.pop("applicant_id").values.tolist()
    homes = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    strangers = [masked(key) for key in homes if key not in applicants]
    if strangers:
        msg = f"obligors of nobody among the applicants: {listed(strangers)}; applicant_id is the applicant's person_id"
        raise UsageError(msg)
    if not homes:
        return None
    places = read_column(PLACE, [applicants[key] for key in homes])
    _refuse([(PLACE.name, places)])
    person = {name: facts.values for name, facts in read.items() if facts.stated.any()}
    person["person_id"] = person.pop("obligor_id")
    stated = {name: facts.stated for name, facts in read.items() if name in person and not facts.stated.all()}
    household = {"household_id": np.array(list(homes)), "place": places.values}
    return Population.of(person, household, np.array([homes[key] for key in keys], np.intp), stated)


def _read(obligors: Obligors) -> dict[str, Facts]:
    """Read the facts of records, whose money is in fen, or of a table, whose money is in yuan."""
    if isinstance(obligors, Mapping):
        cells, in_fen = dict(obligors), False
    else:
        cells, in_fen = {name: [getattr(o, name) for o in obligors] for name in COLUMNS if name != PLACE.name}, True
    for name in cells:
        if name not in COLUMNS or name == PLACE.name:
            msg = f"no fact about obligors is called {name!r}{did_you_mean(name, COLUMNS)}"
            raise UsageError(msg)
    read = {name: read_column(COLUMNS[name], column, in_fen=in_fen) for name, column in cells.items()}
    lacking = [c.name for c in COLUMNS.values() if c.required and c.name not in read]
    if lacking:
        msg = f"a table of obligors needs the columns {listed(lacking)}"
        raise UsageError(msg)
    _refuse(read.items())
    fill_implied(read)
    return read


def _refuse(read: Iterable[tuple[str, Facts]]) -> None:
    """Refuse cells that cannot be read, and rows without what every row needs."""
    wrong = []
    for name, facts in read:
        wrong += [f"row {row + 1}, {name}: {fault.reason}" for row, fault in facts.faults]
        if name == PLACE.name or COLUMNS[name].required:
            unread = {row for row, _ in facts.faults}
            blank = [row for row in np.flatnonzero(~facts.stated).tolist() if row not in unread]
            wrong += [f"row {row + 1}, {name}: is missing" for row in blank]
    if wrong:
        msg = f"facts about obligors that cannot be right: {listed(wrong)}"
        raise UsageError(msg)
