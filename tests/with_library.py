"""Runs the library on the rosters, cases and parameters of the oracle, which know nothing of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import oracle
from numpy.typing import NDArray
from oracle import PUBLISHED, Facts, Parameters
from random_households import Roster, as_dicts, random_parameters, random_roster

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

HOUSEHOLD = ("household_size", "dibao_eligible", "dibao_amount", "edge_eligible")
PERSON = {
    "counted_member": "counted_member",
    "dibao_share": "dibao_share",
    "single_person_eligible": "single_person_eligible",
    "single_person_amount": "single_person_amount",
    "on_dibao": "on_dibao",
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
}
"""What the oracle calls an answer about a person, and which rule gives it."""


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
    for name, values in roster.items():
        if name != "household":
            spec = COLUMNS[name]
            columns[spec.level][name] = values.astype(np.int32) if spec.kind is Kind.PLACE else values
    return Population.of(columns[Level.PERSON], columns[Level.HOUSEHOLD], roster["household"].astype(np.intp))


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
    return value if choices is None else {choice.value: choice for choice in choices}[value]


def population_of_facts(household: Facts, persons: Sequence[Facts]) -> Population:
    """A population of one household, through the checks of the border."""
    return sound_population_of(record(household, persons))


def in_force(book: Rulebook, names: Iterable[str], on: date) -> list[str]:
    """Those of the rules that are in force on a day."""
    return [name for name in names if book.in_force(name, on) is not None]


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


def answers(run: Run, name: str) -> list[Any]:
    """The answers of one rule in the order of the roster; a word where one is not known."""
    told = np.where(known(run, name), run.values(name).astype(object), "unknown")
    in_order: list[Any] = run.population.in_callers_order(told, level_of(name)).tolist()
    return in_order


def differences(on: date, seed: int, households: int) -> Iterator[str]:
    """Every answer in which the library and the oracle differ on random households of a day."""
    roster, parameters = random_roster(households, seed, on), random_parameters(seed)
    book, people = rulebook_for(parameters, on), population(roster)
    run = work_out(book, people, on, (*HOUSEHOLD, *PERSON.values()))
    columns = {name: answers(run, name) for name in in_force(book, (*HOUSEHOLD, *PERSON.values()), on)}
    first = 0
    for home in range(households):
        answer = oracle.assess(*as_dicts(roster, home), on, parameters)
        for name in HOUSEHOLD:
            found, expected = columns[name][home], answer["household"][name]
            if found != expected:
                yield f"{on} seed {seed} household {home} {name}: {found}, oracle {expected}"
        for position, person in enumerate(answer["persons"]):
            for name, rule in PERSON.items():
                found = columns[rule][first + position] if rule in columns else None
                if found != person[name]:
                    yield f"{on} seed {seed} household {home} person {position} {name}: {found}, oracle {person[name]}"
        first += len(answer["persons"])
