"""Runs the library on the rosters and parameters of the oracle, which know nothing of each other."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civaffairs.law.values import Basis, Scale, Step
from civaffairs.people.household import COLUMNS
from civaffairs.people.columns import Kind, Level
from civaffairs.people.population import Population
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK
from oracle import PUBLISHED, Parameters

HOUSEHOLD = {name: name for name in ("household_size", "dibao_eligible", "dibao_amount", "edge_eligible")}
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
    "living_subsidy_payable": "living_subsidy_payable",
    "nursing_subsidy_payable": "nursing_subsidy_payable",
    "orphan_allowance_payable": "orphan_allowance_payable",
    "de_facto_allowance_payable": "de_facto_allowance_payable",
    "old_age_allowance_payable": "old_age_allowance_payable",
    "total_payable": "total_payable",
}
"""What the oracle calls an answer, and which rule gives it."""


def value_of(value: Any) -> Any:  # noqa: ANN401 -- a parameter is of many kinds
    """Turn an oracle's parameter into the library's."""
    if isinstance(value, dict):
        steps = tuple(Step(int(start), int(amount)) for start, amount in value["steps"])
        return Scale(Basis(value.get("basis", "person")), steps)
    if isinstance(value, set | frozenset | list | tuple):
        return frozenset((kind, grade) for kind, grade in value)
    return value


def rulebook(parameters: Parameters, base: Rulebook = RULEBOOK) -> Rulebook:
    """Add every parameter that is not published to the rulebook, as assumed for the test."""
    for name, value in parameters.items():
        if name in PUBLISHED and value == PUBLISHED[name]:
            continue
        base = base.with_parameter(base.parameters[name], value_of(value), place="450100", since=date(2021, 7, 1), why="for the test")
    return base


def population(roster: dict[str, NDArray[Any]]) -> Population:
    """Build a population of a random roster's columns."""
    person, household = {}, {}
    for name, column in roster.items():
        if name == "household":
            continue
        spec = COLUMNS[name]
        values = column.astype(np.int32) if spec.kind is Kind.PLACE else column
        (person if spec.level is Level.PERSON else household)[name] = values
    return Population.of(person, household, roster["household"].astype(np.intp))


__all__ = ["HOUSEHOLD", "PERSON", "Fraction", "population", "rulebook"]
