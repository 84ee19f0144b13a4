"""Random rosters, as columns, that crowd the edges of the rules: a fen below a line, a day before a birthday.

Nobody here is real. Every fact is stated, and every roster is valid: one applicant to a household, no part greater than
its whole, no grade without a certificate.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from oracle_ground import PUBLISHED, Facts, Parameters
from random_draw import EPOCH, NOT_STATED, Draw, Integers, Mask, Roster, born_so_long_before
from random_more import (
    LOCAL_INCOME,
    MORE_CHOICES,
    circumstances,
    hardships,
    money_of_hardship,
    more_parameters,
    parents_away,
    tekun_incomes,
)

from civaffairs.people.columns import Kind, Level
from civaffairs.people.household import COLUMNS

PLACES = ("450102", "450103", "450105", "450107", "450108", "450109", "450110", "450123", "450124", "450125", "450126")
KINDS = ("none", "visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple")
STATES = ("alive", "dead", "declared_dead", "declared_missing", "not_found")
CUSTODIES = ("none", "prison", "compulsory_detoxification", "other_restriction")
CHOICES: dict[str, tuple[str, ...]] = {
    "area": ("urban", "rural"),
    "recorded_payment_method": ("difference", "tiers"),
    "relation": ("applicant", "spouse", "child", "parent", "other_obliged", "other"),
    "schooling": ("none", "compulsory", "senior_secondary", "undergraduate", "postgraduate", "part_time"),
    "absence": ("none", "prison", "compulsory_detoxification", "declared_missing"),
    "placement": ("family", "institution", "relatives", "foster", "adopted"),
    "benefit_choice": ("tekun", "children", "dibao"),
    **MORE_CHOICES,
    "disability_kind": KINDS,
    **{f"{parent}_state": STATES for parent in ("mother", "father")},
    **{f"{parent}_disability_kind": KINDS for parent in ("mother", "father")},
    **{f"{parent}_custody": CUSTODIES for parent in ("mother", "father")},
}
"""The words of each choice, in order: a column holds a word's place."""

HOUSEHOLD_COLUMNS = tuple(name for name, column in COLUMNS.items() if column.level is Level.HOUSEHOLD)
DATES = tuple(name for name, column in COLUMNS.items() if column.kind is Kind.DATE)
MAY_BE_SILENT = ("benefit_choice", "recorded_tekun_amount")
"""The columns in which a roster leaves a fact unstated now and then."""

KINDS_OF_INCOME = (
    ("wage_income", "employment_cost", "wage_months"),
    ("business_income", "business_cost", "business_months"),
    ("property_income", "property_cost", "property_months"),
    ("transfer_income", "transfer_paid", "transfer_months"),
)
APPLICANT, SPOUSE, CHILD, PARENT, OTHER_OBLIGED, OTHER = range(6)

# Lines that incomes are set close to. None of these tables or edge lines is published: they are made up for the tests.
URBAN_STEPS = [(0, 60_000), (27_000, 40_000), (54_000, 20_001)]
RURAL_STEPS = [(0, 40_000), (226_700, 25_000), (453_400, 9_999)]
URBAN_EDGE, RURAL_EDGE = 110_000, 1_000_000


def random_parameters(seed: int) -> Parameters:
    """Draw an assumption for every parameter that no source gives; the published ones stay as they are."""
    rng = np.random.default_rng(seed)

    def one(*options: Any) -> Any:  # noqa: ANN401 -- a parameter is of many kinds
        return options[int(rng.integers(len(options)))]

    grades_1_2 = frozenset({("any", 1), ("any", 2)})
    with_3 = grades_1_2 | {("intellectual", 3), ("mental", 3)}
    only_1 = frozenset({("any", 1), ("visual", 4)})
    ours = ("both", "first_only", "second_only", "higher")
    flag = ("both", "first_only", "second_only")  # a flag has no amount to compare with
    return (
        PUBLISHED
        | more_parameters(one, rng)
        | {
            "urban_tiers": {"basis": one("person", "household"), "steps": URBAN_STEPS},
            "rural_tiers": {"basis": one("person", "household"), "steps": RURAL_STEPS},
            "urban_edge_standard": one(121_500, URBAN_EDGE),
            "rural_edge_standard": one(1_020_000, RURAL_EDGE),
            "tekun_member_left_out": one(True, False),
            "old_age_allowance_counted": one(True, False),
            "multiple_disability_qualifies": one(True, False),
            "severe_by_2022_notice_unemployed": one(grades_1_2, with_3, only_1),
            "severe_by_2022_notice_edge": one(grades_1_2, with_3, only_1),
            "severe_by_assistance_law": one(grades_1_2, with_3, only_1),
            "single_person_basis": one("own_income_difference", "full_standard", "tiers"),
            "nursing_for_intellectual_3_4": one(True, False),
            "living_subsidy_edge_extension": one(True, False),
            "foster_orphan_standard": one(142_200, 102_200, 81_000),
            "orphan_money_after_18_in_school": one(True, False),
            "de_facto_money_after_18_in_school": one(True, False),
            "orphan_member_counted": one(True, False),
            "multiple_disability_for_nursing": one(True, False),
            "mixed_loss_is_orphan": one(True, False),
            "living_with_orphan": one(*ours),
            "living_with_work_injury_care": one(*flag),
            "nursing_with_orphan": one(*ours),
            "nursing_with_work_injury_care": one(*flag),
            "living_with_other_allowance": one(*ours),
            "old_age_with_tekun": one("both", "second_only"),
            "living_with_tekun": one("both", "second_only"),
            "nursing_with_tekun": one("both", "second_only"),
            "old_age_with_living": one(*ours),
            "old_age_with_nursing": one(*ours),
            "dibao_with_orphan": one(*ours),
            "old_age_allowance_tiers": {
                "steps": one([(80, 12_200), (90, 20_000), (100, 50_000)], [(80, 5_000), (90, 12_200)])
            },
        }
    )


def random_roster(n_households: int, seed: int, on: date) -> Roster:
    """Draw a roster for decisions on a day: household columns, person columns, and ``household``, each person's row."""
    rng = np.random.default_rng(seed)
    homes = Draw(rng, n_households)
    size = homes.of(*range(1, 9), weights=(22, 25, 22, 14, 8, 5, 2.5, 1.5))
    start = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64)
    household = np.repeat(np.arange(n_households, dtype=np.int64), size)
    people = Draw(rng, len(household))

    roster: Roster = {"household": household}
    roster |= households(homes) | hardships(homes, PLACES, on)
    roster |= personal_facts(people, roster, start, homes.part(size - 1) + start, on)
    exclude_some(homes, roster, start, size)
    roster |= {name: values for parent in ("mother", "father") for name, values in parent_facts(people, parent).items()}
    roster |= parents_away(people, roster)
    counted = counted_members(roster, on)
    target, per_head = target_incomes(homes, roster, counted, household)
    roster |= incomes(people, yearly_incomes(people, roster, household, on, target, per_head))
    heads = np.bincount(household[counted], minlength=n_households)
    roster |= money_of_hardship(homes, roster, target, heads)
    near = roster["no_able_obligor"] & people.chance(0.5)
    tekun_incomes(people, roster_of_money(roster), near, per_head[household])
    return {name: encoded(name, values) for name, values in roster.items()}


def roster_of_money(roster: Roster) -> Roster:
    """The columns of income of a roster, with what they cover."""
    return {name: values for name, values in roster.items() if name in COLUMNS and COLUMNS[name].group == "income"}


def encoded(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """Give a column the type that it has in a roster."""
    return values.astype(np.int8) if name in CHOICES else values


def households(homes: Draw) -> Roster:
    """Draw the facts of the households themselves."""
    return {
        "household_id": np.strings.add("h", np.arange(homes.length).astype("U9")),
        "place": np.array(PLACES)[homes.of(*range(len(PLACES)))],
        "area": homes.of(0, 1),
        "assets_within_limits": homes.chance(0.85),
        "edge_assets_within_limits": homes.chance(0.9),
        "financial_assets": homes.of(0, 1, 100_000, 1_944_000, 5_000_000),
        "recorded_payment_method": homes.of(0, 1),
    }


def birthdays(people: Draw, relation: Integers, on: date) -> NDArray[np.int32]:
    """Draw days of birth, many of them on a limit of age, a day off it, or on 29 February."""
    today = (on - EPOCH).days
    low = np.array([18, 18, 0, 40, 0, 0])[relation]
    high = np.array([95, 95, 45, 104, 100, 100])[relation]
    low = np.where(people.chance(0.08), 0, low)
    years = low + people.part(high - low)
    days = today - years * 365 - years // 4 - people.between(0, 364)

    limits = np.array([(born_so_long_before(on, years) - EPOCH).days for years in (18, 16, 8, 60, 70, 80, 90, 100)])
    of_limit = people.of(*range(8), weights=(4, 3, 1, 4, 1, 4, 1, 1))
    of_limit = np.where(relation == CHILD, people.of(0, 1, 2, weights=(4, 3, 1)), of_limit)
    at_limit = limits[of_limit] + people.of(-1, 0, 1, 2)
    days = np.where(people.chance(0.2), at_limit, days)

    leap_days = np.array([(date(year, 2, 29) - EPOCH).days for year in range(1924, on.year + 1, 4)])
    leap_days = leap_days[leap_days <= today]
    days = np.where(people.chance(0.04), leap_days[people.of(*range(len(leap_days)))], days)
    return np.asarray(np.minimum(days, today), dtype=np.int32)


def personal_facts(people: Draw, roster: Roster, start: Integers, applicant: Integers, on: date) -> Roster:
    """Draw what each person is, apart from money earned and from the parents."""
    n = people.length
    relation = people.of(CHILD, PARENT, OTHER_OBLIGED, OTHER, weights=(60, 18, 15, 7))
    spouse = start[people.rng.random(len(start)) < 0.5]
    relation[spouse] = SPOUSE
    relation[applicant] = APPLICANT
    kind = people.of(*range(len(KINDS)), weights=(50, 5, 5, 5, 10, 10, 10, 5))
    tekun = people.chance(0.04)
    return {
        # Not in the order of the rows, nor padded: "10" comes before "9".
        "person_id": np.strings.add("p", people.rng.permutation(n).astype("U9")),
        "birth_date": birthdays(people, relation, on),
        "resident_number": np.full(n, "", "U18"),
        "hukou_place": roster["place"][roster["household"]],
        "relation": relation,
        "lives_together": people.chance(0.8),
        "can_live_independently": people.chance(0.7),
        "schooling": people.of(0, 1, 2, 3, 4, 5, weights=(50, 15, 10, 15, 5, 5)),
        "absence": np.zeros(n, np.int64),
        "clergy_months": people.of(0, 1, 35, weights=(97, 1, 2)),
        "employed": people.chance(0.5),
        "own_assets_within_limits": people.chance(0.85),
        "disability_kind": kind,
        "disability_grade": np.where(kind == 0, 0, people.between(1, 4)),
        "needs_long_term_care": people.chance(0.7),
        "serious_illness_recognised": people.chance(0.1),
        "special_hardship_recognised": people.chance(0.08),
        "single_person_by_local_rule": people.chance(0.04),
        "recorded_tekun": tekun,
        "recorded_tekun_amount": tekun_amounts(people, tekun),
        "work_injury_care": people.chance(0.05),
        "other_living_allowance": people.some(0.1, people.of(1, 12_199, 12_200, 12_201, 50_000)),
        "other_nursing_allowance": people.some(0.1, people.of(1, 12_199, 12_200, 12_201, 50_000)),
        "placement": people.of(0, 1, 2, 3, 4, weights=(50, 12, 20, 10, 8)),
        **circumstances(people),
    }


def tekun_amounts(people: Draw, tekun: Mask) -> Integers:
    """Draw tekun support on record: on, or a fen off, the amounts that it is compared with."""
    amounts = people.of(NOT_STATED, 12_199, 12_200, 12_201, 90_000, 102_199, 102_200, 102_201, 130_000)
    return np.where(tekun, amounts, 0)


def exclude_some(homes: Draw, roster: Roster, start: Integers, size: Integers) -> None:
    """Take a person out of the count in about one household in seven, and the applicant in one in thirty."""
    applicants = np.flatnonzero(roster["relation"] == APPLICANT)
    anybody = start + homes.part(size - 1)
    for rows, probability in ((anybody, 0.12), (applicants, 1 / 30)):
        how = np.where(homes.chance(probability), homes.of(1, 2, 3, 4, 5, 6), 0)
        missing = (how >= 1) & (how <= 3)
        roster["absence"][rows[missing]] = how[missing]
        roster["clergy_months"][rows[how == 4]] = 36
        roster["clergy_months"][rows[how == 5]] = 400
        roster["recorded_tekun"][rows[how == 6]] = True
        roster["recorded_tekun_amount"][rows[how == 6]] = homes.of(12_200, 90_000, 102_200, 102_201)[how == 6]


def parent_facts(people: Draw, parent: str) -> Roster:
    """Draw what is known of one parent; six parents in ten are alive, well and at home."""
    ill = people.chance(0.4)
    kind = np.where(ill, people.of(*range(len(KINDS)), weights=(70, 2, 2, 2, 4, 8, 8, 4)), 0)
    custody = np.where(ill, people.of(0, 1, 2, 3, weights=(70, 10, 10, 10)), 0)
    facts: Roster = {
        "state": people.of(0, 1, 2, 3, 4, weights=(60, 16, 6, 8, 10)),
        "disability_kind": kind,
        "disability_grade": np.where(kind == 0, 0, people.between(1, 4)),
        "serious_illness": ill & people.chance(0.15),
        "custody": custody,
        "custody_months": np.where(custody == 0, 0, people.of(1, 5, 6, 7, 60)),
        "lost_contact_months": np.where(ill, people.of(0, 1, 5, 6, 7, 30, weights=(60, 4, 12, 12, 6, 6)), 0),
        "guardianship_revoked": ill & people.chance(0.06),
        "deported": ill & people.chance(0.04),
    }
    return {f"{parent}_{name}": values for name, values in facts.items()}


def counted_members(roster: Roster, on: date) -> Mask:
    """Say who is likely to count, so that incomes can be set close to a line; the rules are not tested against this."""
    relation = roster["relation"]
    minor = roster["birth_date"] > (born_so_long_before(on, 18) - EPOCH).days
    at_school = (roster["schooling"] >= 1) & (roster["schooling"] <= 3)
    dependent = (relation == CHILD) & (minor | ~roster["can_live_independently"] | at_school)
    together = (relation >= CHILD) & (relation <= OTHER_OBLIGED) & roster["lives_together"]
    supported = roster["recorded_tekun"] | (roster["no_able_obligor"] & (roster["benefit_choice"] == 0))
    present = (roster["absence"] == 0) & (roster["clergy_months"] < 36) & ~supported
    return np.asarray(present & ((relation <= SPOUSE) | dependent | together))


def target_incomes(homes: Draw, roster: Roster, counted: Mask, household: Integers) -> tuple[Integers, Integers]:
    """Draw a yearly income for each family, mostly on a line or a fen off it; also the standard of a person a year."""
    roster["_counted"] = counted
    heads = np.bincount(household[counted], minlength=homes.length)
    rural = roster["area"] == 1
    per_head = np.where(rural, 680_000, 12 * 81_000)
    tier = homes.of(1, 2)
    urban_tiers = 12 * np.array([start for start, _ in URBAN_STEPS])
    rural_tiers = np.array([start for start, _ in RURAL_STEPS])
    line = np.choose(
        homes.of(0, 1, 2, 3, 4, weights=(4, 3, 2, 1, 1)),
        [
            per_head,
            per_head * 3 // 2,
            np.where(rural, RURAL_EDGE, 12 * URBAN_EDGE),
            np.where(rural, rural_tiers[tier], urban_tiers[tier]),
            np.full(homes.length, LOCAL_INCOME),
        ],
    )
    # A twelfth of a fen a month is as near to a line as whole fen come.
    near = np.maximum(line * heads + homes.of(-12, -1, 0, 1, 12), 0)
    target = np.where(homes.chance(0.6), near, homes.part(2 * per_head * heads))
    return np.where(homes.chance(0.08), 0, target), per_head


def yearly_incomes(
    people: Draw, roster: Roster, household: Integers, on: date, target: Integers, per_head: Integers
) -> Integers:
    """Part each family's income among its members; give those outside the count an income of their own."""
    counted: Mask = np.asarray(roster.pop("_counted"))
    line = per_head[household]
    at_line = line + people.of(-1, 0, 1)
    heads = np.maximum(np.bincount(household[counted], minlength=len(target)), 1)
    share = people.part(target[household] // heads[household])
    own = np.where(people.chance(0.1), at_line, people.some(0.45, share))
    outside = np.where(people.chance(0.3), at_line, people.some(0.6, people.part(line * 6 // 5)))

    # The last member counted brings what is missing to the target.
    carries = np.full(len(target), -1, np.int64)
    rows = np.flatnonzero(counted)
    carries[household[rows]] = rows
    carrier = np.zeros(people.length, np.bool_)
    carrier[carries[carries >= 0]] = True
    income = np.where(counted, own, outside)
    income[carrier] = 0
    brought = np.zeros(len(target), np.int64)
    np.add.at(brought, household[counted], income[counted])
    income[counted & (brought > target)[household]] = 0
    brought[brought > target] = 0
    income[carrier] = (target - brought)[household[carrier]]
    return income


def incomes(people: Draw, yearly: Integers) -> Roster:
    """Write yearly incomes as receipts, costs, exclusions and deductions over mixed numbers of months."""
    first = people.of(0, 1, 2, 3)
    second = (first + people.of(1, 2, 3)) % 4
    by_month = people.some(0.4, people.part(yearly // 12))
    rest = yearly - 12 * by_month
    months = people.between(1, 12)
    months = np.where(rest * months % 12 == 0, months, 12)
    second_months = people.between(1, 12)

    deduction_months = people.between(1, 12)
    deducted = people.some(0.12, people.between(1, 30_000))  # fen a month, made good by the first kind of income
    wasted = people.some(0.1, people.between(1, 30_000))  # where there is no income to deduct it from
    made_good = np.where(yearly > 0, deducted, 0)
    columns: Roster = {
        "rigid_deduction": np.where(yearly > 0, deducted, wasted) * deduction_months,
        "deduction_months": deduction_months,
    }
    receipts: list[Integers] = []
    costs: list[Integers] = []
    periods: list[Integers] = []
    for kind in range(4):
        net = np.where(first == kind, rest * months // 12 + made_good * months, 0)
        net += np.where(second == kind, by_month * second_months, 0)
        period = np.where(first == kind, months, np.where(second == kind, second_months, people.between(1, 12)))
        cost = people.some(0.25, people.between(1, 100_000))
        # A loss in one kind of income is not taken off another.
        loss = np.where(net == 0, people.some(0.5, people.between(0, 50_000)), 0)
        receipts.append(net + np.maximum(cost - loss, 0))
        costs.append(cost)
        periods.append(period)
    for kind, (receipt_name, cost_name, period_name) in enumerate(KINDS_OF_INCOME):
        columns |= {receipt_name: receipts[kind], cost_name: costs[kind], period_name: periods[kind]}
    columns |= {
        "medical_insurance_income": people.some(0.3, people.part(columns["transfer_income"])),
        "award_income": people.some(0.06, people.between(1, 200_000)),
        "assistance_income": people.some(0.06, people.between(1, 200_000)),
        "locally_exempt_income": people.some(0.04, people.between(1, 100_000)),
        "basic_pension": people.some(0.1, people.between(1, 150_000)),
        "exempted_support": people.some(0.03, people.between(1, 150_000)),
        "old_age_allowance_income": people.some(0.02, people.between(1, 30_000)),
    }
    columns["honour_pension_income"] = people.part(columns["award_income"])
    parts = ("award", "assistance", "locally_exempt", "old_age_allowance")
    columns["transfer_income"] += sum(columns[f"{part}_income"] for part in parts)
    columns["transfer_income"] += columns["basic_pension"] + columns["exempted_support"]
    return columns


def as_dicts(roster: Roster, i: int) -> tuple[Facts, list[Facts]]:
    """The facts of household ``i`` as the oracle reads them: words for choices, days for days, plain integers."""
    first, last = np.searchsorted(roster["household"], [i, i + 1])
    household = {name: plain(name, roster[name][i]) for name in HOUSEHOLD_COLUMNS}
    names = [name for name in roster if name not in HOUSEHOLD_COLUMNS and name != "household"]
    persons = [{name: plain(name, roster[name][row]) for name in names} for row in range(first, last)]
    return household, persons


def plain(name: str, value: np.generic) -> Any:  # noqa: ANN401 -- a fact is of many kinds
    """A value of a column as plain Python; ``None`` where it is not stated."""
    if name in MAY_BE_SILENT and value.item() == NOT_STATED:
        return None
    if name in CHOICES:
        return CHOICES[name][int(value.item())]
    if name in DATES:
        return EPOCH + timedelta(days=int(value.item()))
    return value.item()
