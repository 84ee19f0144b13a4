"""The benefits of one household, worked out slowly from the text of the law and sharing no code with the library.

Everything is exact: money is whole fen, and a fraction of a fen stays a `Fraction` until the one rounding at the end.
A parameter is looked up only where the answer hangs on it, so that a missing one is noticed there and nowhere else.

Instruments, as the comments name them:

- Measures: 最低生活保障审核确认办法 (民发〔2021〕57号), from 2021-07-01
- 2022 notice: 关于进一步做好最低生活保障等社会救助兜底保障工作的通知, from 2022-10-20
- Assistance Law: 社会救助法, from 2026-07-01
- Interim Measures: 社会救助暂行办法
- Orphan Opinions: 国办发〔2010〕54号
- Unattended Opinions: 民发〔2019〕62号, and 民发〔2020〕125号, which widens them
- Tekun Measures: 特困人员认定办法 (民发〔2021〕43号)
- Guangxi rules: 桂民规〔2022〕2号 and 桂民发〔2025〕25号 on the two disability subsidies, from 2022-10-01
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

Facts = dict[str, Any]
Parameters = dict[str, Any]

MEASURES = date(2021, 7, 1)
GUANGXI_RULES = date(2022, 10, 1)
NOTICE_2022 = date(2022, 10, 20)
LAST_DAY_OF_THE_FIVE_YEAR_PLAN = date(2025, 12, 31)
ASSISTANCE_LAW = date(2026, 7, 1)

PUBLISHED: Parameters = {
    "urban_standard": 81_000,  # fen per person per month
    "rural_standard": 680_000,  # fen per person per year
    "living_subsidy": 12_200,
    "nursing_subsidy": 12_200,
    "nursing_classes": frozenset({("any", 1), ("any", 2), ("mental", 3), ("mental", 4)}),
    "institution_orphan_standard": 142_200,
    "scattered_orphan_standard": 102_200,
    "de_facto_standard": 102_200,
    "old_age_allowance_from_age": 80,
}
"""What has been published for the city and the region; every other parameter has to be assumed by name."""

HOUSEHOLD_OUTPUTS = ("household_size", "dibao_eligible", "dibao_amount", "edge_eligible")


def assess(household: Facts, persons: list[Facts], on: date, parameters: Parameters) -> dict[str, Any]:
    """Work out a household on a day; a ``None`` means that no rule of the day is known, so no answer is claimed."""
    if on < MEASURES:
        msg = f"no rule is known before {MEASURES}"
        raise ValueError(msg)
    family = assess_family(household, persons, on, parameters)
    return {
        "household": {name: family[name] for name in HOUSEHOLD_OUTPUTS},
        "persons": [assess_person(household, person, family, on, parameters) for person in persons],
    }


# --- days -------------------------------------------------------------------------------------------------------------


def age(born: date, on: date) -> int:
    """Count completed years; a birthday counts, and a birth on 29 February is kept on the 28th in a common year."""
    years = on.year - born.year
    month_day = (born.month, born.day)
    leap = on.year % 4 == 0 and (on.year % 100 != 0 or on.year % 400 == 0)
    if month_day == (2, 29) and not leap:
        month_day = (2, 28)
    return years - 1 if (on.month, on.day) < month_day else years


def half_up(amount: Fraction) -> int:
    """Round to the fen, once, a half upwards."""
    return int((amount + Fraction(1, 2)) // 1)


# --- disability -------------------------------------------------------------------------------------------------------


def listed(kind: str, grade: int, classes: Collection[tuple[str, int]]) -> bool:
    """Whether a certificate is among (kind, grade) classes, where the kind may be ``any``."""
    return kind != "none" and ((kind, grade) in classes or ("any", grade) in classes)


def severe_for_parent(kind: str, grade: int, parameters: Parameters) -> bool:
    """Unattended Opinions 一: grade 1 or 2 of any kind; grade 3 or 4 mental or intellectual."""
    if kind == "none":
        return False
    if grade in (1, 2):
        return True
    if kind == "multiple":  # no text says whether 多重残疾 at grade 3 or 4 holds a mental or intellectual one
        return bool(parameters["multiple_disability_qualifies"])
    return kind in ("mental", "intellectual")


def severe_for_article_8(kind: str, grade: int, parameters: Parameters) -> bool:
    """Measures art. 8(1): grade 1 or 2 of any kind; grade 3 intellectual or mental."""
    if kind == "none":
        return False
    if grade in (1, 2):
        return True
    if kind == "multiple" and grade == 3:
        return bool(parameters["multiple_disability_qualifies"])
    return grade == 3 and kind in ("mental", "intellectual")


def severe_for_nursing(kind: str, grade: int, parameters: Parameters) -> bool:
    """Guangxi rules: grade 1 or 2 and mental 3 or 4; a city may add intellectual 3 or 4."""
    if kind == "none":
        return False
    if listed(kind, grade, parameters["nursing_classes"]):
        return True
    if kind == "intellectual" and grade in (3, 4):
        return bool(parameters["nursing_for_intellectual_3_4"])
    if kind == "multiple" and grade in (3, 4):
        return bool(parameters["multiple_disability_for_nursing"])
    return False


def unemployed_and_severe(person: Facts, on: date, parameters: Parameters) -> bool:
    """2022 notice 一(一): an adult (成年) without work (无业) who is severely disabled (重度残疾)."""
    if on < NOTICE_2022 or age(person["birth_date"], on) < 18 or person["employed"]:
        return False
    if person["disability_kind"] == "none":
        return False
    classes = parameters["severe_by_2022_notice_unemployed"]
    return listed(person["disability_kind"], person["disability_grade"], classes)


# --- income -----------------------------------------------------------------------------------------------------------


def counted_income(person: Facts, on: date, parameters: Parameters) -> Fraction:
    """Counted income of a person in fen a month; what the person pays out may exceed what comes in."""
    # Measures art. 13(1) to (3): pay less the costs of working; business and property net of their costs.
    wage = Fraction(max(0, person["wage_income"] - person["employment_cost"]), person["wage_months"])
    business = Fraction(max(0, person["business_income"] - person["business_cost"]), person["business_months"])
    own_property = Fraction(max(0, person["property_income"] - person["property_cost"]), person["property_months"])

    # Measures art. 13(4), less what art. 13 does not count.
    transfers = person["transfer_income"]
    transfers -= person["award_income"]  # 不计入 (1)
    transfers -= person["assistance_income"]  # 不计入 (2)
    if on <= LAST_DAY_OF_THE_FIVE_YEAR_PLAN:
        transfers -= person["basic_pension"]  # 不计入 (3): only during the fourteenth five-year plan
    transfers -= person["locally_exempt_income"]  # 不计入 (4)
    if person["exempted_support"] and unemployed_and_severe(person, on, parameters):
        transfers -= person["exempted_support"]  # 2022 notice 一(一)
    if person["old_age_allowance_income"] and not parameters["old_age_allowance_counted"]:
        transfers -= person["old_age_allowance_income"]  # art. 13 is silent
    # Taxes, social insurance and maintenance paid come off the transfers, and so off the family's income.
    transfer = Fraction(transfers - person["transfer_paid"], person["transfer_months"])

    # Measures art. 13, last paragraph: the rigid costs of disability and illness may be deducted.
    rigid = Fraction(person["rigid_deduction"], person["deduction_months"])
    return wage + business + own_property + transfer - rigid


def standard(household: Facts, parameters: Parameters) -> Fraction:
    """The dibao standard, in fen a person a month; the rural one is set by the year."""
    if household["area"] == "urban":
        return Fraction(parameters["urban_standard"])
    return Fraction(parameters["rural_standard"], 12)


def edge_standard(household: Facts, on: date, parameters: Parameters) -> Fraction:
    """The line of an edge family, in fen a person a month."""
    if on < ASSISTANCE_LAW:  # Measures art. 8: one and a half times the standard
        return standard(household, parameters) * Fraction(3, 2)
    if household["area"] == "urban":  # Assistance Law art. 21: the province sets it
        return Fraction(parameters["urban_edge_standard"])
    return Fraction(parameters["rural_edge_standard"], 12)


def tier_amount(household: Facts, per_head: Fraction, size: int, parameters: Parameters) -> int:
    """Assistance Law art. 18, Measures art. 23: a fixed sum for each tier of income."""
    if household["area"] == "urban":
        table, income = parameters["urban_tiers"], per_head
    else:
        table, income = parameters["rural_tiers"], per_head * 12
    amount = step_amount(table["steps"], income)
    return amount * size if table["basis"] == "person" else amount


def step_amount(steps: Sequence[tuple[int, int]], value: Fraction | int) -> int:
    """The amount of the last step that begins at or below a value."""
    reached = [amount for start, amount in steps if start <= value]
    if not reached:
        msg = f"no step of {steps} reaches down to {value}"
        raise ValueError(msg)
    return reached[-1]


# --- the family -------------------------------------------------------------------------------------------------------


def lives_as_family(person: Facts, on: date) -> bool:
    """Whether Measures art. 7 counts a person among the family members who live together."""
    # Second paragraph: clergy away for three years or more; prison, compulsory detoxification, declared missing.
    if person["clergy_months"] >= 36:
        return False
    if person["absence"] in ("prison", "compulsory_detoxification", "declared_missing"):
        return False
    relation = person["relation"]
    if relation in ("applicant", "spouse"):  # art. 4; art. 7(1)
        return True
    if relation == "child":
        if age(person["birth_date"], on) < 18:  # art. 7(2)
            return True
        if not person["can_live_independently"]:  # art. 7(3)
            return True
        if person["schooling"] in ("compulsory", "senior_secondary", "undergraduate"):  # art. 7(3)
            return True
    # art. 7(4): a statutory duty of maintenance, and living together for the long term
    return relation in ("child", "parent", "other_obliged") and bool(person["lives_together"])


def left_out_orphan(household: Facts, person: Facts, on: date, parameters: Parameters) -> bool:
    """Whether a minor who draws an orphan's money with relatives is left out of their family; no text says."""
    if person["relation"] not in ("other_obliged", "other") or age(person["birth_date"], on) >= 18:
        return False
    if person["recorded_tekun"] and person["benefit_choice"] == "tekun":
        return False
    if not draws_as_orphan(person, on, parameters):
        return False
    if not household["assets_within_limits"] and not household["edge_assets_within_limits"]:
        return not parameters.get("orphan_member_counted", True)  # no money hangs on it
    return not parameters["orphan_member_counted"]


def assess_family(household: Facts, persons: list[Facts], on: date, parameters: Parameters) -> Facts:
    """Dibao and the edge family, which are asked of the household as one."""
    family = [person for person in persons if lives_as_family(person, on)]
    # Assistance Law arts. 13 to 18: tekun support and dibao are two benefits, and nobody is on both.
    without_tekun = [person for person in family if not person["recorded_tekun"]]
    counted = [person for person in without_tekun if not left_out_orphan(household, person, on, parameters)]
    size = len(counted)
    barred = bool(counted) and len(without_tekun) < len(family) and not parameters["tekun_member_left_out"]

    line = standard(household, parameters)
    income = max(Fraction(0), sum((counted_income(person, on, parameters) for person in counted), Fraction(0)))

    # Interim Measures art. 9, Assistance Law art. 18: income per head below (低于) the standard, assets in order.
    dibao = size >= 1 and not barred and bool(household["assets_within_limits"]) and income < line * size
    amount = 0
    if dibao and household["recorded_payment_method"] == "difference":
        amount = half_up(line * size - income)  # Interim Measures art. 12, Measures art. 23
    elif dibao:
        amount = tier_amount(household, income / size, size, parameters)

    # Measures art. 8, last paragraph; Assistance Law art. 21: not dibao, below the edge line, its own assets test.
    edge = (
        not dibao
        and size >= 1
        and not barred
        and bool(household["edge_assets_within_limits"])
        and income < edge_standard(household, on, parameters) * size
    )

    # What each member has of the household's sum: whole fen, the odd ones to the first by identifier.
    names = sorted(person["person_id"] for person in counted)
    shares = {name: amount // size + (1 if place < amount % size else 0) for place, name in enumerate(names)}
    return {
        "household_size": size,
        "dibao_eligible": dibao,
        "dibao_amount": amount,
        "edge_eligible": edge,
        "counted": set(names),
        "shares": shares,
    }


# --- the person -------------------------------------------------------------------------------------------------------


def single_person_route(person: Facts, in_edge: bool, on: date, parameters: Parameters) -> bool:
    """Whether a person may apply alone."""
    kind, grade = person["disability_kind"], person["disability_grade"]
    if in_edge and severe_for_article_8(kind, grade, parameters):
        return True  # Measures art. 8(1)
    if in_edge and person["serious_illness_recognised"]:
        return True  # Measures art. 8(2)
    if person["clergy_months"] >= 36:
        return True  # Measures art. 8(3)
    if person["single_person_by_local_rule"]:
        return True  # Measures art. 8(4)
    if unemployed_and_severe(person, on, parameters):
        return True  # 2022 notice 一(一): the family need not be an edge family
    if in_edge and on >= NOTICE_2022:  # 2022 notice 一(四)
        if person["special_hardship_recognised"]:
            return True
        if kind != "none" and listed(kind, grade, parameters["severe_by_2022_notice_edge"]):
            return True
    if in_edge and on >= ASSISTANCE_LAW:  # Assistance Law art. 21, second paragraph
        return kind != "none" and listed(kind, grade, parameters["severe_by_assistance_law"])
    return False


def single_person(household: Facts, person: Facts, family: Facts, on: date, parameters: Parameters) -> tuple[bool, int]:
    """Whether a person has dibao alone, and how much a month."""
    counted = person["person_id"] in family["counted"]
    if person["recorded_tekun"] or (family["dibao_eligible"] and counted):
        return False, 0
    # Measures art. 7, second paragraph (2): who is in prison, in compulsory detoxification or missing is no household.
    if person["absence"] != "none":
        return False, 0
    if not single_person_route(person, family["edge_eligible"] and counted, on, parameters):
        return False, 0
    line, own = standard(household, parameters), max(Fraction(0), counted_income(person, on, parameters))
    if not (own < line and person["own_assets_within_limits"]):
        return False, 0
    # No national text says how much: the office's basis is assumed.
    basis = parameters["single_person_basis"]
    if basis == "own_income_difference":
        return True, half_up(line - own)
    if basis == "full_standard":
        return True, half_up(line)
    if basis == "tiers":
        return True, tier_amount(household, own, 1, parameters)
    msg = f"{basis!r} is no basis"
    raise ValueError(msg)


def parents_lost(person: Facts, parameters: Parameters) -> bool:
    """Orphan Opinions 一: both parents lost, or not to be found."""
    states = [person["mother_state"], person["father_state"]]
    dead = [state in ("dead", "declared_dead") for state in states]
    not_found = [state == "not_found" for state in states]
    if all(dead) or all(not_found):
        return True
    # One dead and the other not to be found: the text does not say.
    return any(dead) and any(not_found) and bool(parameters["mixed_loss_is_orphan"])


def draws_as_orphan(person: Facts, on: date, parameters: Parameters) -> bool:
    """Whether a person is an orphan with money as one."""
    if person["placement"] == "adopted":
        return False
    if age(person["birth_date"], on) < 18:
        return parents_lost(person, parameters)
    # Orphan Opinions 二(三): an orphan, so brought up without parents, at school after growing up; whether money is
    # meant is assumed.
    brought_up_without_parents = person["placement"] in ("institution", "relatives", "foster")
    in_school = person["schooling"] in ("compulsory", "senior_secondary", "undergraduate")
    if not in_school or not brought_up_without_parents or not parents_lost(person, parameters):
        return False
    return bool(parameters["orphan_money_after_18_in_school"])


def orphan_standard(person: Facts, parameters: Parameters) -> int:
    """Orphan Opinions 二(一): by the way in which the child is brought up."""
    if person["placement"] == "institution":
        return int(parameters["institution_orphan_standard"])
    if person["placement"] == "foster":
        return int(parameters["foster_orphan_standard"])
    return int(parameters["scattered_orphan_standard"])


def parent_unable(person: Facts, parent: str, parameters: Parameters) -> bool:
    """Unattended Opinions 一 and 民发〔2020〕125号: the plights of a parent who cannot bring up the child."""
    fact = {name.removeprefix(parent): value for name, value in person.items() if name.startswith(parent)}
    if fact["state"] in ("dead", "declared_dead"):
        return False
    return bool(
        fact["serious_illness"]
        or (fact["custody"] != "none" and fact["custody_months"] >= 6)
        or fact["lost_contact_months"] >= 6
        or fact["guardianship_revoked"]
        or fact["deported"]
        or severe_for_parent(fact["disability_kind"], fact["disability_grade"], parameters)
    )


def is_de_facto_unattended(person: Facts, on: date, parameters: Parameters) -> bool:
    """Unattended Opinions 一: both parents unable; or one dead or declared missing, and the other unable."""
    if person["placement"] == "adopted":
        return False
    gone = {"dead", "declared_dead", "declared_missing"}
    mother_gone, father_gone = person["mother_state"] in gone, person["father_state"] in gone
    mother_unable = parent_unable(person, "mother_", parameters)
    father_unable = parent_unable(person, "father_", parameters)
    found = (mother_unable and father_unable) or (mother_gone and father_unable) or (father_gone and mother_unable)
    if not found or parents_lost(person, parameters):
        return False
    if age(person["birth_date"], on) < 18:
        return True
    # 三(三): still at school after growing up, brought up without the parents; whether money is meant is assumed.
    in_school = person["schooling"] in ("compulsory", "senior_secondary", "undergraduate")
    apart = person["placement"] in ("institution", "relatives", "foster")
    return in_school and apart and bool(parameters["de_facto_money_after_18_in_school"])


def both_or_one(rule: str, first: int, second: int) -> tuple[int, int]:
    """What is left of two schemes of ours that meet in one person."""
    if not first or not second or rule == "both":
        return first, second
    if rule == "first_only":
        return first, 0
    if rule == "second_only":
        return 0, second
    if rule == "higher":
        return (first, 0) if first >= second else (0, second)
    msg = f"{rule!r} is no overlap rule"
    raise ValueError(msg)


def beside_outside_money(rule: str, ours: int, other: int | None) -> int:
    """What is left of a scheme of ours beside money that we do not pay; its amount may be unknown."""
    if rule in ("both", "first_only"):
        return ours
    if rule == "second_only":
        return 0
    if rule == "higher" and other is not None:
        return ours if ours > other else 0
    msg = f"{rule!r} cannot be applied to {other}"
    raise ValueError(msg)


def assess_person(household: Facts, person: Facts, family: Facts, on: date, parameters: Parameters) -> Facts:
    """Everything that is one person's: what is due under each scheme, and what is left where schemes meet."""
    name = person["person_id"]
    counted = name in family["counted"]
    share = family["shares"].get(name, 0)
    alone, alone_amount = single_person(household, person, family, on, parameters)
    on_dibao = (family["dibao_eligible"] and counted) or alone
    on_tekun = bool(person["recorded_tekun"])
    # Tekun Measures art. 9: a child chooses between tekun support and the benefits of children.
    chose_tekun = on_tekun and person["benefit_choice"] == "tekun"

    # --- due under each scheme ---
    living = nursing = 0
    if person["disability_kind"] != "none" and on >= GUANGXI_RULES:
        kind, grade = person["disability_kind"], person["disability_grade"]
        # Guangxi rules: a certificate and dibao; an edge family where the city extends it.
        if on_dibao or (family["edge_eligible"] and counted and parameters["living_subsidy_edge_extension"]):
            living = int(parameters["living_subsidy"])
        if person["needs_long_term_care"] and severe_for_nursing(kind, grade, parameters):
            nursing = int(parameters["nursing_subsidy"])

    orphan = 0
    if not chose_tekun and draws_as_orphan(person, on, parameters):
        orphan = orphan_standard(person, parameters)

    old_age = 0
    years = age(person["birth_date"], on)
    if years >= parameters["old_age_allowance_from_age"]:
        old_age = step_amount(parameters["old_age_allowance_tiers"]["steps"], years)

    unattended = is_de_facto_unattended(person, on, parameters)
    due = {"living": living, "nursing": nursing, "orphan": orphan, "old_age": old_age}

    # --- where schemes meet ---
    if on_tekun:  # Guangxi rules: neither subsidy beside tekun support
        living = nursing = 0
    if unattended and not on_dibao and not on_tekun:
        living = 0  # Unattended Opinions 三(一): not beside the full allowance
    if nursing and person["other_nursing_allowance"] > 0:  # Guangxi rules: the higher of the two
        nursing = beside_outside_money("higher", nursing, person["other_nursing_allowance"])

    if living and orphan:
        living, orphan = both_or_one(parameters["living_with_orphan"], living, orphan)
    if living and person["work_injury_care"]:
        living = beside_outside_money(parameters["living_with_work_injury_care"], living, None)
    if nursing and orphan:
        nursing, orphan = both_or_one(parameters["nursing_with_orphan"], nursing, orphan)
    if nursing and person["work_injury_care"]:
        nursing = beside_outside_money(parameters["nursing_with_work_injury_care"], nursing, None)
    if living and person["other_living_allowance"] > 0:
        other = person["other_living_allowance"]
        living = beside_outside_money(parameters["living_with_other_allowance"], living, other)
    if old_age and on_tekun:
        old_age = beside_outside_money(parameters["old_age_with_tekun"], old_age, person["recorded_tekun_amount"])
    if old_age and living:
        old_age, living = both_or_one(parameters["old_age_with_living"], old_age, living)
    if old_age and nursing:
        old_age, nursing = both_or_one(parameters["old_age_with_nursing"], old_age, nursing)
    dibao = share + alone_amount
    if dibao and orphan:
        dibao, orphan = both_or_one(parameters["dibao_with_orphan"], dibao, orphan)

    # Unattended Opinions 三(一): the standard, less the dibao, tekun support and living subsidy already drawn.
    de_facto = 0
    if unattended:
        drawn = share + alone_amount + living + (person["recorded_tekun_amount"] if chose_tekun else 0)
        de_facto = max(0, parameters["de_facto_standard"] - drawn)

    result: Facts = {
        "counted_member": counted,
        "dibao_share": share,
        "single_person_eligible": alone,
        "single_person_amount": alone_amount,
        "on_dibao": on_dibao,
        "living_subsidy_due": due["living"],
        "nursing_subsidy_due": due["nursing"],
        "orphan_allowance_due": due["orphan"],
        "de_facto_allowance_due": de_facto,
        "old_age_allowance_due": due["old_age"],
        "dibao_payable": dibao,
        "living_subsidy_payable": living,
        "nursing_subsidy_payable": nursing,
        "orphan_allowance_payable": orphan,
        "de_facto_allowance_payable": de_facto,
        "old_age_allowance_payable": old_age,
        "total_payable": dibao + living + nursing + orphan + de_facto + old_age,
    }
    if on < GUANGXI_RULES:
        # The rules of the two subsidies are not known on this day, nor is anything that they may touch.
        unknown = {"living_subsidy_due", "nursing_subsidy_due", "de_facto_allowance_due"}
        unknown |= {output for output in result if output.endswith("_payable")}
        result |= dict.fromkeys(unknown)
    return result
