"""Every answer of the oracle by name, and what is known where somebody did not say what they choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import oracle
import oracle_care as care
import oracle_more as more
import oracle_tekun as tekun
from oracle_ground import RIGID_MEASURES, Facts, Parameters

"""An answer that hangs on a choice that nobody stated."""


def of_tekun(rule: Callable[..., Any]) -> Callable[[more.Home, Facts], Any]:
    """An answer about tekun support, asked in the way of this module."""
    return lambda home, person: rule(home.household, person, home.on, home.parameters)


HOUSEHOLD_ANSWERS: dict[str, Callable[[more.Home], Any]] = {
    rule.__name__: rule
    for rule in (
        more.temporary_sudden,
        more.temporary_spending_route,
        more.temporary_eligible,
        more.may_help_first,
        more.must_help_first,
        more.temporary_cap,
        more.temporary_help,
        more.rigid_spending_met,
        more.rigid_eligible,
        more.rigid_lapsed,
        more.in_grace,
        more.grace_amount,
        more.review_months,
        more.review_overdue,
        care.home_bed_household,
        care.home_beds,
        care.adaptation_grant,
    )
}
PERSON_ANSWERS: dict[str, Callable[[more.Home, Facts], Any]] = {
    "tekun_group": lambda home, person: tekun.tekun_group(person, home.on, home.parameters),
    "tekun_unable_to_work": lambda home, person: tekun.tekun_unable_to_work(person, home.on, home.parameters),
    "tekun_income": lambda home, person: tekun.tekun_income(person, home.parameters),
    "tekun_income_met": lambda home, person: tekun.tekun_income_met(home.household, person, home.parameters),
    "tekun_eligible": of_tekun(tekun.tekun_eligible),
    "care_tier": lambda _, person: tekun.care_tier(person),
    "tekun_due": of_tekun(tekun.tekun_due),
    "newly_on_tekun": of_tekun(tekun.newly_on_tekun),
    "tekun_to_end": of_tekun(tekun.tekun_to_end),
} | {
    rule.__name__: rule
    for rule in (
        more.supplement_due,
        care.left_behind_child,
        care.poverty_distress,
        care.disability_distress,
        care.guardianship_distress,
        care.distressed_child,
        care.entrustment_missing,
        care.weekly_contact_missed,
        care.unattended_under_8,
        care.alone_under_16,
        care.report_due,
        care.home_service_entitled,
        care.canteen_entitled,
        care.bathing_entitled,
        care.voucher_entitled,
        care.home_service_voucher,
    )
}
SINCE_2025 = {"rigid_spending_met", "rigid_eligible", "rigid_lapsed"}
EVERYTHING = HOUSEHOLD_ANSWERS.keys() | PERSON_ANSWERS.keys()


def assess(
    household: Facts, persons: list[Facts], on: date, parameters: Parameters, names: Iterable[str] | None = None
) -> dict[str, Any]:
    """Work out a household: everything, or those answers that are named and whatever comes along with them."""
    asked = None if names is None else set(names)
    family = oracle.assess_family(household, persons, on, parameters)
    home = more.Home(household, persons, on, parameters, family)
    monthly = asked is None or not asked <= EVERYTHING
    answer = oracle.assess(household, persons, on, parameters) if monthly else nothing(persons)
    for name in EVERYTHING if asked is None else asked & EVERYTHING:
        silent = name in SINCE_2025 and on < RIGID_MEASURES
        if name in HOUSEHOLD_ANSWERS:
            answer["household"][name] = None if silent else HOUSEHOLD_ANSWERS[name](home)
        else:
            for person, found in zip(persons, answer["persons"], strict=True):
                found[name] = PERSON_ANSWERS[name](home, person)
    return answer


def nothing(persons: list[Facts]) -> dict[str, Any]:
    """The form of an answer, with none in it."""
    return {"household": {}, "persons": [{} for _ in persons]}
