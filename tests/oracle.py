"""The benefits of one household, worked out slowly from the text of the law and sharing no code with the library.

Everything is exact: money is whole fen, and a fraction of a fen stays a `Fraction` until the one rounding at the end.
A parameter is looked up only where the answer hangs on it, so that a missing one is noticed there and nowhere else.
`oracle_ground` names the instruments; `oracle_more` answers for what is asked of a household beyond these benefits.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from oracle_ground import (
    ASSISTANCE_LAW,
    GUANGXI_RULES,
    MEASURES,
    NOTICE_2022,
    PUBLISHED,
    Facts,
    Parameters,
    age,
    counted_income,
    edge_standard,
    half_up,
    listed,
    severe_for_article_8,
    severe_for_nursing,
    severe_for_parent,
    standard,
    step_amount,
    tier_amount,
    unemployed_and_severe,
)
from oracle_tekun import on_tekun, tekun_amount, tekun_eligible

__all__ = ["PUBLISHED", "Facts", "Parameters", "age", "assess", "counted_income", "half_up"]

HOUSEHOLD_OUTPUTS = ("household_size", "dibao_eligible", "dibao_amount", "edge_eligible")


def assess(household: Facts, persons: list[Facts], on: date, parameters: Parameters) -> Facts:
    """Work out a household on a day; a ``None`` means that no rule of the day is known, so no answer is claimed."""
    if on < MEASURES:
        msg = f"no rule is known before {MEASURES}"
        raise ValueError(msg)
    family = assess_family(household, persons, on, parameters)
    return {
        "household": {name: family[name] for name in HOUSEHOLD_OUTPUTS},
        "persons": [assess_person(household, person, family, on, parameters) for person in persons],
    }


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
    if not draws_as_orphan(person, on, parameters):
        return False
    if not household["assets_within_limits"] and not household["edge_assets_within_limits"]:
        return not parameters.get("orphan_member_counted", True)  # no money hangs on it
    return not parameters["orphan_member_counted"]


def assess_family(household: Facts, persons: list[Facts], on: date, parameters: Parameters) -> Facts:
    """Dibao and the edge family, which are asked of the household as one."""
    family = [person for person in persons if lives_as_family(person, on)]
    # Assistance Law arts. 13 to 18: tekun support and dibao are two benefits, and nobody is on both.
    without_tekun = [person for person in family if not on_tekun(household, person, on, parameters)]
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
        "family": {person["person_id"] for person in family},
        "barred": barred,
        "income": income,
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
    from oracle_more import Home, in_grace  # which ask of the family in their turn

    counted = person["person_id"] in family["counted"]
    if (family["dibao_eligible"] and counted) or on_tekun(household, person, on, parameters):
        return False, 0
    # Measures art. 33: a family in its grace goes on drawing dibao, and its members with it.
    if counted and in_grace(Home(household, [], on, parameters, family)):
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


def is_on_dibao(household: Facts, person: Facts, family: Facts, on: date, parameters: Parameters) -> bool:
    """Whether a person has dibao, with the family or alone."""
    if family["dibao_eligible"] and person["person_id"] in family["counted"]:
        return True
    return single_person(household, person, family, on, parameters)[0]


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


def may_choose_tekun(household: Facts, person: Facts, on: date, parameters: Parameters) -> bool:
    """Tekun Measures art. 9: both tekun support and the benefits of children are open."""
    if not (person["recorded_tekun"] or tekun_eligible(household, person, on, parameters)):
        return False
    return draws_as_orphan(person, on, parameters) or is_de_facto_unattended(person, on, parameters)


def chooses_tekun(household: Facts, person: Facts, on: date, parameters: Parameters) -> bool:
    """Whether somebody who may choose is on tekun support, by the record or by applying for it."""
    return may_choose_tekun(household, person, on, parameters) and on_tekun(household, person, on, parameters)


def refused_work_three_times(person: Facts, on: date) -> bool:
    """Measures art. 34, Interim Measures art. 45: able to work, without work, three offers refused in a row."""
    if age(person["birth_date"], on) < 16:  # Minors Law art. 61: nobody under sixteen may be employed
        return False
    return bool(person["able_to_work"] and not person["employed"] and person["work_refusals"] >= 3)


def share_after_refusal(person: Facts, share: int, on: date, parameters: Parameters) -> int:
    """What the refusals leave of a person's own dibao: the office reduces it or stops it."""
    if not share or not refused_work_three_times(person, on):
        return share
    return half_up(share * Fraction(parameters["refusal_share_kept"]))


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
    on_dibao = is_on_dibao(household, person, family, on, parameters)
    supported = on_tekun(household, person, on, parameters)
    support = tekun_amount(household, person, on, parameters)
    chose_tekun = chooses_tekun(household, person, on, parameters)

    # --- due under each scheme ---
    living = nursing = 0
    if person["disability_kind"] != "none" and on >= GUANGXI_RULES:
        kind, grade = person["disability_kind"], person["disability_grade"]
        # Guangxi rules: a certificate and dibao; an edge family where the city extends it.
        if on_dibao or (family["edge_eligible"] and counted and parameters["living_subsidy_edge_extension"]):
            living = int(parameters["living_subsidy"])
        if person["needs_long_term_care"] and severe_for_nursing(kind, grade, parameters):
            nursing = int(parameters["nursing_subsidy"])

    orphan = orphan_standard(person, parameters) if draws_as_orphan(person, on, parameters) else 0

    old_age = 0
    years = age(person["birth_date"], on)
    if years >= parameters["old_age_allowance_from_age"]:
        old_age = step_amount(parameters["old_age_allowance_tiers"]["steps"], years)

    unattended = is_de_facto_unattended(person, on, parameters)
    due = {"living": living, "nursing": nursing, "orphan": orphan, "old_age": old_age}

    # --- where schemes meet ---
    if chose_tekun:
        orphan = 0
    if supported:  # Guangxi rules: neither subsidy beside tekun support
        living = beside_outside_money(parameters["living_with_tekun"], living, None)
        nursing = beside_outside_money(parameters["nursing_with_tekun"], nursing, None)
    if unattended and not on_dibao and not supported:
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
    if old_age and support:
        old_age = beside_outside_money(parameters["old_age_with_tekun"], old_age, support)
    if old_age and living:
        old_age, living = both_or_one(parameters["old_age_with_living"], old_age, living)
    if old_age and nursing:
        old_age, nursing = both_or_one(parameters["old_age_with_nursing"], old_age, nursing)
    kept = share_after_refusal(person, share, on, parameters)
    dibao = kept + alone_amount
    if dibao and orphan:
        dibao, orphan = both_or_one(parameters["dibao_with_orphan"], dibao, orphan)

    # Unattended Opinions 三(一): the standard, less the dibao, tekun support and living subsidy already drawn.
    de_facto = 0
    if unattended:
        drawn = kept + alone_amount + living + (support if chose_tekun else 0)
        de_facto = max(0, parameters["de_facto_standard"] - drawn)

    result: Facts = {
        "counted_member": counted,
        "dibao_share": share,
        "refused_work_three_times": refused_work_three_times(person, on),
        "dibao_share_after_refusal": kept,
        "single_person_eligible": alone,
        "single_person_amount": alone_amount,
        "on_dibao": on_dibao,
        "on_tekun": supported,
        "tekun_amount": support,
        "chose_tekun": chose_tekun,
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
        "tekun_payable": support,
        "total_payable": dibao + living + nursing + orphan + de_facto + old_age + support,
    }
    if on < GUANGXI_RULES:
        # The rules of the two subsidies are not known on this day, nor is anything that they may touch.
        unknown = {"living_subsidy_due", "nursing_subsidy_due", "de_facto_allowance_due"}
        unknown |= {output for output in result if output.endswith("_payable")}
        result |= dict.fromkeys(unknown)
    return result
