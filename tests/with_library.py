"""Runs the library on the rosters, cases and parameters of the oracle, which know nothing of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from oracle_all import HOUSEHOLD_ANSWERS, PERSON_ANSWERS, assess
from oracle_ground import PUBLISHED, Facts, Parameters
from random_draw import NOT_STATED, Roster
from random_households import MAY_BE_SILENT, as_dicts, random_parameters, random_roster

from civaffairs.law.values import Basis, Scale, Step, Value
from civaffairs.people.columns import Kind, Level
from civaffairs.people.household import COLUMNS, Household
from civaffairs.people.person import Parent, Person
from civaffairs.people.population import Population
from civaffairs.people.records import sound_population_of
from civaffairs.rules.plan import Run
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK

FIRST_DAY = date(2021, 7, 1)
CITY = "450100"
AMOUNTS_KNOWN = date(2024, 12, 31)
"""From this day on the published amounts are in force; before it, nothing says which of them held."""

HOUSEHOLD = ("household_size", "dibao_eligible", "dibao_amount", "edge_eligible", *HOUSEHOLD_ANSWERS)
PERSON = {
    "counted_member": "counted_member",
    "dibao_share": "dibao_share",
    "single_person_eligible": "single_person_eligible",
    "single_person_amount": "single_person_amount",
    "on_dibao": "on_dibao",
    "on_tekun": "on_tekun",
    "tekun_amount": "tekun_amount",
    "tekun_payable": "tekun_payable",
    "chose_tekun": "chose_tekun",
    "refused_work_three_times": "refused_work_three_times",
    "dibao_share_after_refusal": "dibao_share_after_refusal",
    "living_subsidy_due": "living_subsidy_due",
    "nursing_subsidy_due": "nursing_subsidy_due",
    "orphan_allowance_due": "orphan_allowance_due",
    "de_facto_allowance_due": "de_facto_allowance_due",
    "old_age_allowance_due": "old_age_allowance_due",
    "dibao_payable": "dibao_left",
    "living_subsidy_payable": "living_subsidy_payable",
    "nursing_subsidy_payable": "nursing_subsidy_payable",
    "orphan_allowance_payable": "orphan_allowance_payable",
    "de_facto_allowance_payable": "de_facto_allowance_payable",
    "old_age_allowance_payable": "old_age_allowance_payable",
    "total_payable": "total_payable",
    **{name: name for name in PERSON_ANSWERS},
}
"""What the oracle calls an answer about a person, and which rule gives it."""

MISSING = [name for name in (*HOUSEHOLD, *PERSON.values()) if name not in RULEBOOK.by_name]
"""Answers of the oracle that no rule gives: nothing compares them."""

MISSING_VALUES = [name for name in random_parameters(0) if name not in RULEBOOK.parameters]
"""Assumptions of the oracle that the library does not know: no rule can use them."""

MONTHS_IN_A_FEN = {"tekun_income": 27_720}
"""Rules that give fen over more than one month, and over how many."""


def value_of(value: Any) -> Value:  # noqa: ANN401 -- a parameter is of many kinds
    """Turn an oracle's parameter into the library's."""
    if isinstance(value, dict):
        steps = tuple(Step(int(start), int(amount)) for start, amount in value["steps"])
        return Scale({str(basis.value): basis for basis in Basis}[value.get("basis", "person")], steps)
    if isinstance(value, set | frozenset | list | tuple):
        return frozenset((kind, grade) for kind, grade in value)
    plain: Value = value
    return plain


def rulebook(parameters: Parameters, base: Rulebook = RULEBOOK, *, every_day: bool = False) -> Rulebook:
    """Add parameters to the rulebook, as assumed for the test.

    What is published stays as published, unless ``every_day``: then it is assumed for the days before as well.
    """
    for name, value in parameters.items():
        if name in MISSING_VALUES:
            continue
        if every_day or name not in PUBLISHED or value != PUBLISHED[name]:
            parameter = base.parameters[name]
            base = base.with_parameter(parameter, value_of(value), place=CITY, since=FIRST_DAY, why="for the test")
    return base


def rulebook_for(parameters: Parameters, on: date) -> Rulebook:
    """The rulebook with which every parameter is known on a day."""
    return rulebook(parameters, every_day=on < AMOUNTS_KNOWN)


def population(roster: Roster) -> Population:
    """Build a population of a random roster's columns."""
    columns: dict[Level, dict[str, NDArray[Any]]] = {Level.PERSON: {}, Level.HOUSEHOLD: {}}
    stated = {name: roster[name] != NOT_STATED for name in MAY_BE_SILENT}
    for name, values in roster.items():
        if name != "household":
            spec = COLUMNS[name]
            written = np.where(stated[name], values, 0).astype(values.dtype) if name in stated else values
            columns[spec.level][name] = written.astype(np.int32) if spec.kind is Kind.PLACE else written
    member_of = roster["household"].astype(np.intp)
    return Population.of(columns[Level.PERSON], columns[Level.HOUSEHOLD], member_of, stated)


def record(household: Facts, persons: Sequence[Facts]) -> Household:
    """Write the facts of a household, as the oracle reads them, as a record; what is left out is not stated."""
    members = []
    for facts in persons:
        own: dict[str, Any] = {}
        parents: dict[str, dict[str, Any]] = {"mother": {}, "father": {}}
        for name, value in facts.items():
            of, _, rest = name.partition("_")
            parents.get(of, own)[rest if of in parents else name] = said(name, value)
        own |= {of: Parent(**about) for of, about in parents.items() if about}
        members.append(Person(**own))
    return Household(**{name: said(name, value) for name, value in household.items()}, members=members)


def said(name: str, value: Any) -> Any:  # noqa: ANN401 -- a fact is of many kinds
    """A fact as a record holds it: a member of the enumeration for a word."""
    choices = COLUMNS[name].choices
    return value if choices is None or value is None else {choice.value: choice for choice in choices}[value]


def population_of_facts(household: Facts, persons: Sequence[Facts]) -> Population:
    """A population of one household, through the checks of the border."""
    return sound_population_of(record(household, persons))


def in_force(book: Rulebook, names: Iterable[str], on: date) -> list[str]:
    """Those of the rules that are in force on a day."""
    return [name for name in names if name in book.by_name and book.in_force(name, on) is not None]


def work_out(book: Rulebook, people: Population, on: date, names: Iterable[str]) -> Run:
    """Run the rules of those names that are in force on a day."""
    plan, _ = book.plan(on, targets=in_force(book, names, on))
    return plan.run(people)


def level_of(name: str) -> Level:
    """Whom a rule is about."""
    return RULEBOOK.by_name[name][0].level


def known(run: Run, name: str) -> NDArray[np.bool_]:
    """Which rows of a result are known."""
    causes = run.unknown(name, level_of(name))
    return np.ones(len(run.values(name)), np.bool_) if causes is None else causes == 0


UNKNOWN = "unknown"


def answers(run: Run, name: str) -> list[Any]:
    """The answers of one rule in the order of the roster; a word where one is not known."""
    told = np.where(known(run, name), run.values(name).astype(object), UNKNOWN)
    in_order: list[Any] = run.population.in_callers_order(told, level_of(name)).tolist()
    return in_order


def differences(on: date, seed: int, households: int) -> Iterator[str]:
    """Every answer in which the library and the oracle differ on random households of a day."""
    roster, parameters = random_roster(households, seed, on), random_parameters(seed)
    book, people = rulebook_for(parameters, on), population(roster)
    asked = [name for name in dict.fromkeys((*HOUSEHOLD, *PERSON.values())) if name not in MISSING]
    run = work_out(book, people, on, asked)
    columns = {name: answers(run, name) for name in in_force(book, asked, on)}
    first = 0
    for home in range(households):
        facts = as_dicts(roster, home)
        told = assess(*facts, on, parameters)
        family, persons = told["household"], told["persons"]
        where = f"{on} seed {seed} household {home}"
        for name, rule, answer, row in _answers_of(family, persons, home, first):
            found = columns[rule][row] if rule in columns else None
            expected = answer * MONTHS_IN_A_FEN.get(name, 1) if name in MONTHS_IN_A_FEN else answer
            if found != expected:
                who = where if rule in HOUSEHOLD else f"{where} person {row - first}"
                yield f"{who} {name}: {found}, oracle {expected}"
        first += len(persons)


def _answers_of(family: Facts, persons: Sequence[Facts], home: int, first: int) -> Iterator[tuple[str, str, Any, int]]:
    """The oracle's answers about a household: their names, the rules that give them, and the rows they are in."""
    for name in HOUSEHOLD:
        if name not in MISSING:
            yield name, name, family[name], home
    for row, person in enumerate(persons, first):
        for name, rule in PERSON.items():
            if rule not in MISSING:
                yield name, rule, person[name], row
