"""The families of these notebooks. Nobody here is real.

A fact that is not stated is not known, and what depends on it is not assessed. So that the notebooks need not repeat
fifty facts for every person, the helpers here state the rest: no other income, no certificate, nothing on record.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd

import civaffairs as ca
from civaffairs.law.timeline import Standing
from civaffairs.money import yuan_text

CITY = "450103"  # Qingxiu district of Nanning 南宁市青秀区

NO_MONEY = (
    *("wage_income", "employment_cost", "business_income", "business_cost", "property_income", "property_cost"),
    *("transfer_income", "award_income", "assistance_income", "basic_pension", "locally_exempt_income"),
    *("exempted_support", "old_age_allowance_income", "transfer_paid", "rigid_deduction", "recorded_tekun_amount"),
    *("other_living_allowance", "other_nursing_allowance"),
)
ONE_MONTH = ("wage_months", "business_months", "property_months", "transfer_months", "deduction_months")
NO = (
    *("employed", "needs_long_term_care", "serious_illness_recognised", "special_hardship_recognised"),
    *("single_person_by_local_rule", "recorded_tekun", "work_injury_care"),
)
ORDINARY: dict[str, Any] = {
    **dict.fromkeys(NO_MONEY, 0),
    **dict.fromkeys(ONE_MONTH, 1),
    **dict.fromkeys(NO, False),
    "hukou_place": CITY,
    "relation": ca.Relation.APPLICANT,
    "lives_together": True,
    "can_live_independently": True,
    "schooling": ca.Schooling.NONE,
    "absence": ca.Absence.NONE,
    "clergy_months": 0,
    "own_assets_within_limits": True,
    "disability_kind": ca.DisabilityKind.NONE,
    "disability_grade": 0,
    "placement": ca.Placement.FAMILY,
}
"""What is stated of a person of whom nothing else is said."""


def parent(**facts: Any) -> ca.Parent:
    """A parent who lives and cares for the child, but for what is said."""
    well = {
        "state": ca.ParentState.ALIVE,
        "disability_kind": ca.DisabilityKind.NONE,
        "disability_grade": 0,
        "serious_illness": False,
        "custody": ca.Custody.NONE,
        "custody_months": 0,
        "lost_contact_months": 0,
        "guardianship_revoked": False,
        "deported": False,
    }
    return ca.Parent(**(well | facts))


def person(person_id: str, born: str, **facts: Any) -> ca.Person:
    """A person with no income, no certificate and nothing on record, but for what is said."""
    return ca.Person(**(ORDINARY | {"person_id": person_id, "birth_date": date.fromisoformat(born)} | facts))


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
    """An urban family in Nanning whose assets pass, but for what is said."""
    usual = {"place": CITY, "area": ca.Area.URBAN, "assets_within_limits": True, "edge_assets_within_limits": True}
    return ca.Household(household_id=household_id, members=members, **(usual | facts))


def tell(result: ca.Assessment, *rules: Any, labels: Sequence[object] | None = None, name: str = "") -> pd.DataFrame:
    """What rules of one level gave, one row a person or household, in yuan; what is not known says so."""
    columns = {rule.name: [_word(rule, *pair) for pair in _pairs(result, rule)] for rule in rules}
    person = rules[0].level is ca.Level.PERSON
    keys = result.persons_table()["person_id"] if person else result.households_table()["household_id"]
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
