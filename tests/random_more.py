"""Random facts and assumptions for what goes beyond the monthly benefits, crowding the edges of the rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from oracle_ground import Parameters
from oracle_tekun import DAILY_LIFE
from random_draw import EPOCH, NOT_STATED, Draw, Integers, Mask, Roster, so_many_months_before

MORE_CHOICES: dict[str, tuple[str, ...]] = {
    "support_mode": ("concentrated", "scattered"),
    "self_care": ("able", "partly", "unable"),
    "hukou_kind": ("urban", "rural"),
    "hardship_kind": ("none", "sudden", "spending"),
}
# Made up for the tests, like every number here that is not published.
LOCAL_INCOME = 1_800_000
SMALL_HELP = 100_000
ADAPTATION_CAP = 300_000
VOUCHER_CAP = 80_000
STATUSES = (
    "everybody",
    "tekun",
    "dibao",
    "edge",
    "low_income",
    "family_planning_special",
    "living_alone_80",
    "severely_disabled_poor",
    "family_planning_poor",
)
GROUPS = tuple(product(STATUSES[1:], ("able", "partly", "unable")))
GRACE_MONTHS = (3, 6)


def more_parameters(one: Callable[..., Any], rng: np.random.Generator) -> Parameters:
    """Draw an assumption for every further parameter."""

    def groups() -> frozenset[tuple[str, str]]:
        some = {group for group in GROUPS if rng.random() < 0.2}
        return frozenset(some | one(set(), set(), {("everybody", "unable")}))

    care = {
        f"tekun_care_{tier}_{mode}": one(0, least, least + 12_345)
        for tier, least in (("able", 20_000), ("partial", 45_000), ("complete", 90_001))
        for mode in ("concentrated", "scattered")
    }
    return care | {
        "local_disposable_income": one(LOCAL_INCOME, LOCAL_INCOME, 1_300_000, 4_000_000),
        "tekun_urban_base": one(105_300, 90_000),
        "tekun_rural_base": one(884_000, 884_002, 700_006),
        "tekun_at_16_unable_to_work": one(True, False),
        "tekun_minor_kept_on_record": one(True, False),
        "assistance_counted_for_tekun": one(True, False),
        "temporary_cap_basis": one("occasion", "month"),
        "temporary_cap_times": one(1, 3, 6),
        "temporary_grave_cap_times": one(2, 12),
        "temporary_most_months": one(3, 6),
        "small_help_ceiling": one(SMALL_HELP, 2 * SMALL_HELP),
        "rigid_ratio": one(Fraction(1, 2), Fraction(1, 2), Fraction(2, 5), Fraction(1)),
        "grace_months": one(*GRACE_MONTHS),
        "grace_share": one(Fraction(1), Fraction(1, 2), Fraction(2, 3)),
        "refusal_share_kept": one(Fraction(0), Fraction(1, 2), Fraction(1, 3)),
        "supplement_elderly": one(0, 8_100),
        "supplement_minor": one(0, 10_000),
        "supplement_disabled": one(8_100, 16_200),
        "supplement_ill": one(5_000, 8_101),
        "supplements_add_up": one(True, False),
        "home_service_groups": groups(),
        "canteen_groups": groups(),
        "home_bed_groups": groups(),
        "bathing_groups": groups(),
        "voucher_groups": groups(),
        "meal_discount": one(200, 500),
        "meals_a_day": one(1, 2),
        "adaptation_once_only": one(True, False),
        "adaptation_cap": one(ADAPTATION_CAP, 500_000),
        "voucher_rate": one(Fraction(1, 2), Fraction(2, 5), Fraction(1, 3)),
        "voucher_cap": one(VOUCHER_CAP, 50_000),
        "voucher_beside_tekun": one(True, False),
    }


def days_before(draw: Draw, on: date, months: tuple[int, ...]) -> Integers:
    """Draw days so many months before a day, or a day or two off, and now and then any day about then."""
    edges = np.array([(so_many_months_before(on, each) - EPOCH).days for each in months])
    near = edges[draw.of(*range(len(months)))] + draw.of(-2, -1, 0, 1, 2)
    return np.where(draw.chance(0.7), near, (on - EPOCH).days - draw.between(-40, 800)).astype(np.int32)


def hardships(homes: Draw, places: tuple[str, ...], on: date) -> Roster:
    """Draw the facts of households that hang on no income: hardship found, days, a dwelling to adapt."""
    kind = homes.of(0, 1, 2, weights=(30, 30, 40))
    return {
        "hardship_kind": kind,
        "emergency_place": np.array(places)[homes.of(*range(len(places)))],
        "hardship_persons": homes.of(1, 1, 2, 3, 8),
        "help_months": homes.between(1, 12),
        "grave_hardship": homes.chance(0.3),
        "urgent": homes.chance(0.5),
        "temporary_assets_within_limits": homes.chance(0.85),
        "rigid_assets_within_limits": homes.chance(0.85),
        "rigid_recognised_on": days_before(homes, on, (12,)),
        "last_review": days_before(homes, on, (6, 12)),
        "irregular_income": homes.chance(0.5),
        "grace_from": days_before(homes, on, (0, *GRACE_MONTHS)),
        "dibao_before_grace": homes.between(0, 200_001),
        "already_adapted": homes.chance(0.3),
        "adaptation_quote": homes.of(0, 250_000, ADAPTATION_CAP, 500_000) + homes.of(0, 0, 1, 2),
        "adaptation_consent": homes.chance(0.8),
    }


def money_of_hardship(homes: Draw, roster: Roster, target: Integers, heads: Integers) -> Roster:
    """Draw what a household is to be helped with, has and spends, on or a fen off the lines for each."""
    rural = roster["area"] == 1
    monthly = np.where(rural, 680_000 * 6 // 12, 81_000 * 6)  # six months of the standard, so that it is whole
    times = homes.of(1, 2, 6, 12) * np.where(homes.chance(0.4), roster["help_months"], 1)
    at_cap = monthly * times * roster["hardship_persons"] // 6 + homes.of(-1, 0, 1)
    small = SMALL_HELP * homes.of(1, 2) + homes.of(-1, 0, 1)
    proposed = np.where(homes.chance(0.5), at_cap, np.where(homes.chance(0.6), small, homes.between(0, 3_000_000)))

    at_line = LOCAL_INCOME * heads + homes.of(-1, 0, 1)
    months = homes.between(1, 12)
    at_ratio = target // 2 * months // 12 + homes.of(-1, 0, 1)
    total = np.maximum(np.where(homes.chance(0.6), at_ratio, homes.part(target + 1) * months // 12), 0)
    columns: Roster = {
        "proposed_help": np.where(roster["hardship_kind"] == 0, 0, proposed),
        "disposable_income": np.maximum(np.where(homes.chance(0.5), at_line, homes.part(2 * at_line + 2)), 0),
        "spending_months": months,
    }
    for kind in ("medical", "education", "rehabilitation", "other_rigid"):
        columns[f"{kind}_spending"] = homes.some(0.5, homes.part(total))
        total = total - columns[f"{kind}_spending"]
    return columns | {"living_spending": total}


def circumstances(people: Draw) -> Roster:
    """Draw what each person is able to do and how a child is looked after."""
    alike = (people.length, len(DAILY_LIFE))
    failed = people.of(0, 1, 2, 3, 4, 5, 6, weights=(5, 1, 1, 3, 3, 1, 1))
    rank = people.rng.random(alike).argsort(axis=1)
    manages = {item: rank[:, place] >= failed for place, item in enumerate(DAILY_LIFE)}
    return manages | {
        "no_able_obligor": people.chance(0.2),
        "unable_to_work_by_local_rule": people.chance(0.06),
        "tekun_assets_within_limits": people.chance(0.85),
        "support_mode": people.of(0, 1),
        "able_to_work": people.chance(0.6),
        "work_refusals": people.of(0, 1, 2, 3, 4, weights=(5, 1, 2, 3, 1)),
        "self_care": people.of(0, 1, 2),
        "dementia": people.chance(0.1),
        "family_planning_special": people.chance(0.1),
        "lives_alone": people.chance(0.3),
        "home_service_bill": people.of(0, 1, 3, 50_000, 125_000, 2 * VOUCHER_CAP, 300_000) + people.of(0, 1, 2),
        "hukou_kind": people.of(0, 1),
        "entrusted_carer": people.chance(0.5),
        "left_unattended": people.chance(0.3),
        "poverty_hardship": people.chance(0.15),
        "guardianship_failing": people.chance(0.15),
        "safety_harmed": people.chance(0.2),
        "benefit_choice": np.where(people.chance(0.1), NOT_STATED, people.of(0, 1, 2)),
    }


def parents_away(people: Draw, roster: Roster) -> Roster:
    """Draw which living parents are away, and when a child that they left was last spoken to."""
    columns: Roster = {}
    for parent in ("mother", "father"):
        alive = roster[f"{parent}_state"] == 0
        columns[f"{parent}_away"] = alive & people.chance(0.5)
        columns[f"{parent}_able_guardian"] = alive & people.chance(0.6)
    mother, father = columns["mother_away"], columns["father_away"]
    left = (mother & father) | (mother & ~columns["father_able_guardian"]) | (father & ~columns["mother_able_guardian"])
    return columns | {"days_since_contact": np.where(left, people.of(0, 1, 6, 7, 8, 9, 60), 0)}


def tekun_incomes(people: Draw, columns: Roster, near: Mask, line: Integers) -> None:
    """Set the incomes of those who are near to tekun support on its line, or a fen off it; ``line`` is a year's."""
    for name, values in columns.items():
        if not name.endswith("_months"):
            values[near] = 0
    parts = ("basic_pension", "medical_insurance_income", "honour_pension_income", "old_age_allowance_income")
    drawn: Roster = {name: people.some(0.3, people.between(1, 100_000)) for name in parts}
    drawn["assistance_income"] = people.some(0.15, people.between(1, 50_000))
    drawn["transfer_paid"] = people.some(0.2, people.between(1, 50_000))
    own = np.where(people.chance(0.7), line + people.of(-12, -1, 0, 1, 12), people.part(line))
    drawn["locally_exempt_income"] = people.some(0.1, people.part(own))
    drawn["transfer_income"] = own + sum(drawn[name] for name in (*parts, "assistance_income", "transfer_paid"))
    drawn["award_income"] = drawn["honour_pension_income"]
    for name, values in drawn.items():
        columns[name][near] = values[near]
    columns["transfer_months"][near] = 12
