"""The families of these notebooks, built of the library's records, and how their results are shown. Nobody is real."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import attrs
import pandas as pd

import civaffairs as ca
from civaffairs.law.timeline import Standing
from civaffairs.money import yuan_text

CITY = "450103"  # Qingxiu District of Nanning 南宁市青秀区
ONE_MONTH = ("wage_months", "business_months", "property_months", "transfer_months", "deduction_months")
ORDINARY: dict[str, Any] = {
    **dict.fromkeys(ONE_MONTH, 1),
    "hukou_place": CITY,
    "relation": ca.Relation.APPLICANT,
    "lives_together": True,
    "can_live_independently": True,
    "employed": False,
    "own_assets_within_limits": True,
    "placement": ca.Placement.FAMILY,
}
"""What is stated of a person of whom nothing else is said."""


def person(person_id: str, born: str, **facts: Any) -> ca.Person:
    """A person with no income, no certificate and nothing on record, but for what is said; None stays not stated."""
    said = ca.Person(**(ORDINARY | {"person_id": person_id, "birth_date": date.fromisoformat(born)} | facts))
    unsaid = {name: None for name, value in facts.items() if value is None}
    return attrs.evolve(ca.nothing_else(said), **unsaid)


def parent(**facts: Any) -> ca.Parent:
    """A parent who lives and cares for the child, but for what is said."""
    return ca.nothing_else(ca.Parent(**({"state": ca.ParentState.ALIVE} | facts)))


def child(person_id: str, born: str, **facts: Any) -> ca.Person:
    """A child at school, whose parents care for it, but for what is said."""
    usual = {
        "relation": ca.Relation.CHILD,
        "schooling": ca.Schooling.COMPULSORY,
        "can_live_independently": False,
        "mother": parent(),
        "father": parent(),
    }
    return person(person_id, born, **(usual | facts))


def family(household_id: str, *members: ca.Person, **facts: Any) -> ca.Household:
    """An urban family in Nanning whose assets pass, with nothing else of its own, but for what is said."""
    usual = {"place": CITY, "area": ca.Area.URBAN, "assets_within_limits": True, "edge_assets_within_limits": True}
    return ca.nothing_else(ca.Household(household_id=household_id, members=members, **(usual | facts)))


def tell(result: ca.Assessment, *rules: Any, labels: Sequence[object] | None = None, name: str = "") -> pd.DataFrame:
    """What rules of one level gave, one row a person or household, in yuan; what is not known says so."""
    columns = {rule.name: [_word(rule, *pair) for pair in _pairs(result, rule)] for rule in rules}
    person_level = rules[0].level is ca.Level.PERSON
    keys = result.persons_table()["person_id"] if person_level else result.households_table()["household_id"]
    index = pd.Index([str(label) for label in (keys if labels is None else labels)], name=name or None)
    return pd.DataFrame(columns, index=index)


def print_assumed(result: ca.Assessment) -> None:
    """Print what a result stands on that nobody has published."""
    for item in result.standing.of(Standing.ASSUMED):
        print(f"ASSUMED: {item.what} ({item.detail})")


def _pairs(result: ca.Assessment, rule: Any) -> Iterator[tuple[Any, bool]]:
    column = result.column(rule)
    return zip(column.values.tolist(), column.known.tolist(), strict=True)


def _word(rule: Any, value: Any, known: bool) -> str:
    if not known:
        return "not known"
    if rule.gives == "Flags":
        return "yes" if value else "no"
    return yuan_text(value) if rule.gives == "Fen" else str(value)
