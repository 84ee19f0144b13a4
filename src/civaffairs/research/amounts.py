"""What of two results is compared: the same households, and what is paid to each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from civaffairs.assessment.result import Assessment
from civaffairs.errors import UsageError, masked
from civaffairs.money import Fen, total_fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.rulebook import Scheme
from civaffairs.rules.values import Flags


def paid_rule(sides: Sequence[Assessment]) -> AnyRule:
    """Choose what to compare: all that is payable to a household, or else what the first scheme pays.

    Raises
    ------
    UsageError
        If the results have no amount in common.
    """
    overall = [rule for rule in sides[-1].rulebook.overall if rule.level is Level.HOUSEHOLD and _kept(sides, rule)]
    paid = [*overall[-1:], *(r for s in sides[-1].schemes if (r := scheme_rule(sides, s)) is not None)]
    if not paid:
        msg = "the results have no amount in common; assess the same schemes on both sides, or name a rule in keep="
        raise UsageError(msg)
    return paid[0]


def scheme_rule(sides: Sequence[Assessment], scheme: Scheme) -> AnyRule | None:
    """Return the rule by which a scheme pays, if all results have it: after overlaps where they were assessed."""
    return next((r for r in (scheme.payable, scheme.amount) if r is not None and _kept(sides, r)), None)


def schemes_in(sides: Sequence[Assessment], rule: AnyRule) -> dict[str, AnyRule]:
    """Name the schemes whose payments are added up in an amount, each with the rule by which it pays.

    Everything payable to a household leaves out what is told apart, such as local supplements.
    """
    overall = sides[-1].rulebook.overall
    parts = (
        {need for one in overall for need in one.needs} if rule.name in {one.name for one in overall} else {rule.name}
    )
    paid = {
        scheme.name: found
        for scheme in sides[-1].schemes
        for found in (scheme.payable, scheme.amount)
        if found is not None and found.name in parts and _kept(sides, found)
    }
    return {scheme.name: paid[scheme.name] for scheme in sides[-1].schemes if scheme.name in paid}


def _kept(sides: Sequence[Assessment], rule: AnyRule) -> bool:
    return all(rule.name in side.run.columns for side in sides)


def household_fen(assessment: Assessment, rule: AnyRule) -> np.ma.MaskedArray[Any, Any]:
    """Add an amount up by household, in the order of the caller's table; masked where any member's is not known.

    Raises
    ------
    UsageError
        If the rule was not kept, or gives no money.
    """
    assessment.column(rule)
    if rule.gives != "Fen":
        msg = f"{rule.name} gives no sum of money; compare an amount, such as household_payable"
        raise UsageError(msg)
    people, run = assessment.population, assessment.run
    fen, causes = run.values(rule.name), run.unknown(rule.name, rule.level)
    is_open: Flags = np.zeros(len(fen), bool) if causes is None else np.asarray(causes != 0)
    if rule.level is Level.PERSON:
        fen = np.add.reduceat(fen, people.starts)
        is_open = np.logical_or.reduceat(is_open, people.starts)
    columns = [people.in_callers_order(column, Level.HOUSEHOLD) for column in (fen, is_open)]
    return np.ma.MaskedArray(columns[0], mask=columns[1])


def sum_fen(amounts: np.ma.MaskedArray[Any, Any] | Fen) -> int:
    """Add up what is known."""
    return total_fen(np.ma.filled(amounts, 0))


def same_households(before: Assessment, after: Assessment) -> None:
    """Refuse two results that are not of the same persons in the same order."""
    old, new = before.population, after.population
    told = "compare two results of the same population"
    for what, keys, others in (
        ("household", old.household["household_id"], new.household["household_id"]),
        ("person", old.person["person_id"], new.person["person_id"]),
        ("person", old.index, new.index),
    ):
        if len(keys) != len(others):
            msg = f"one result has {len(keys):,} {what}s and the other {len(others):,}; {told}"
            raise UsageError(msg)
        different = np.flatnonzero(keys != others)
        if len(different):
            row = int(different[0])
            family = row if what == "household" else int(old.index[row])
            key = masked(old.household["household_id"][family])
            msg = f"the results differ from {what} {row + 1} on, in household {key} of the first; {told}"
            raise UsageError(msg)
    for ordered, other in ((old.household_order, new.household_order), (old.person_order, new.person_order)):
        if not np.array_equal([] if ordered is None else ordered, [] if other is None else other):
            msg = f"the results have the same persons in tables of another order; {told}"
            raise UsageError(msg)
