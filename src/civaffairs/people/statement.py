"""What a caller may state in one word: that nothing else applies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import attrs

from civaffairs.people.columns import Kind
from civaffairs.people.household import Household
from civaffairs.people.person import Parent, Person

R = TypeVar("R", Person, Parent, Household)

_NOT_NEUTRAL = frozenset(
    {
        "lives_together",
        "can_live_independently",
        "employed",
        "able_to_work",
        "own_assets_within_limits",
        "tekun_assets_within_limits",
        "recorded_tekun_amount",
        "eats_unaided",
        "dresses_unaided",
        "gets_up_unaided",
        "toilets_unaided",
        "walks_unaided",
        "bathes_unaided",
        "able_guardian",
        "entrusted_carer",
        "days_since_contact",
        "assets_within_limits",
        "edge_assets_within_limits",
        "temporary_assets_within_limits",
        "rigid_assets_within_limits",
        "financial_assets",
        "disposable_income",
    }
)
"""Facts of which *no* or nought says something, so that nobody may fill them in."""


_COVERED = {
    "wage": ("wage_income", "employment_cost"),
    "business": ("business_income", "business_cost"),
    "property": ("property_income", "property_cost"),
    "transfer": ("transfer_income", "transfer_paid"),
    "deduction": ("rigid_deduction",),
    "spending": (
        "living_spending",
        "medical_spending",
        "education_spending",
        "rehabilitation_spending",
        "other_rigid_spending",
    ),
}
"""For each kind of income and for the spending, the amounts that its months cover."""


def _nothing(column: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- a fact is of many kinds
    """What a fact is where there is nothing of its kind: no money, no months, no certificate."""
    if column["kind"] is Kind.FLAG:
        return False
    if column["kind"] in {Kind.FEN, Kind.COUNT}:
        return column["high"] if column["low"] == 1 else 0
    choices = column["choices"]
    return choices["NONE"] if choices is not None and "NONE" in choices.__members__ else None


def nothing_else(record: R) -> R:
    """State that nothing else applies: of every kind of money, illness, certificate and absence not mentioned, none.

    It is a statement, and the caller's; the library never makes it by itself. Facts of which *no* says something
    (whether somebody lives together, has work, can live independently, manages alone, is within the asset limits), the
    relation, the placement, the parents and a household's members stay as they are.

    Parameters
    ----------
    record
        A person, a parent or a household.

    Examples
    --------
    >>> from datetime import date
    >>> person = nothing_else(Person(person_id="1", birth_date=date(1980, 3, 1), wage_income=150_000, wage_months=1))
    >>> person.wage_income, person.property_income, person.disability_kind.value, person.employed
    (150000, 0, 'none', None)
    >>> nothing_else(Person(person_id="1", birth_date=date(1980, 3, 1), wage_income=150_000)).wage_months
    """
    unstated: dict[str, Any] = {
        attribute.name: _nothing(attribute.metadata["column"])
        for attribute in attrs.fields(type(record))
        if "column" in attribute.metadata
        and getattr(record, attribute.name) is None
        and attribute.name not in _NOT_NEUTRAL
    }
    for kind, amounts in _COVERED.items():
        if any(getattr(record, amount, None) for amount in amounts):
            unstated.pop(f"{kind}_months", None)  # an amount was stated: only the caller knows which months it covers
    return attrs.evolve(record, **{name: value for name, value in unstated.items() if value is not None})
