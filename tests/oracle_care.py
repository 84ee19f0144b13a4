"""Children in distress or left behind, and services in kind for the old, worked out from the text of the law."""

from __future__ import annotations

from fractions import Fraction

from oracle_ground import RIGID_MEASURES, Facts, half_up
from oracle_more import Home, rigid_eligible

# --- children ---------------------------------------------------------------------------------------------------------


def left_by_parents(person: Facts) -> bool:
    """国发〔2016〕13号 一: both parents are away for work, or one is and the other is not able to act as guardian."""
    mother, father = person["mother_away"], person["father_away"]
    if mother and father:
        return True
    return bool((mother and not person["father_able_guardian"]) or (father and not person["mother_able_guardian"]))


def left_behind_child(home: Home, person: Facts) -> bool:
    """国发〔2016〕13号 一: of the country, and under sixteen."""
    return home.years(person) < 16 and person["hukou_kind"] == "rural" and left_by_parents(person)


def poverty_distress(home: Home, person: Facts) -> bool:
    """国发〔2016〕36号: by the poverty of the family."""
    return home.years(person) < 18 and bool(person["poverty_hardship"])


def disability_distress(home: Home, person: Facts) -> bool:
    """国发〔2016〕36号: by the child's own disability."""
    return home.years(person) < 18 and person["disability_kind"] != "none"


def guardianship_distress(home: Home, person: Facts) -> bool:
    """国发〔2016〕36号: harmed or endangered because guardianship is missing or improper."""
    return home.years(person) < 18 and bool(person["guardianship_failing"] and person["safety_harmed"])


def distressed_child(home: Home, person: Facts) -> bool:
    """国发〔2016〕36号: any of the three."""
    kinds = (poverty_distress, disability_distress, guardianship_distress)
    return any(kind(home, person) for kind in kinds)


def entrustment_missing(home: Home, person: Facts) -> bool:
    """Minors Law art. 22: parents who are away have to entrust the child to somebody able."""
    return home.years(person) < 18 and left_by_parents(person) and not person["entrusted_carer"]


def weekly_contact_missed(home: Home, person: Facts) -> bool:
    """Minors Law art. 23: at least once a week."""
    return bool(home.years(person) < 18 and left_by_parents(person) and person["days_since_contact"] > 7)


def unattended_under_8(home: Home, person: Facts) -> bool:
    """Minors Law art. 21, first paragraph."""
    return home.years(person) < 8 and bool(person["left_unattended"])


def alone_under_16(home: Home, person: Facts) -> bool:
    """Minors Law art. 21, second paragraph."""
    return home.years(person) < 16 and bool(person["lives_alone"])


def report_due(home: Home, person: Facts) -> bool:
    """Minors Law art. 11; 国发〔2016〕13号 四(一): what has to be reported at once."""
    if alone_under_16(home, person) or unattended_under_8(home, person):
        return True
    # Art. 21 forbids it for a minor of any age who needs special care.
    in_need = person["left_unattended"] and person["needs_long_term_care"]
    return home.years(person) < 18 and bool(in_need or person["guardianship_failing"] or person["safety_harmed"])


# --- services for the old ---------------------------------------------------------------------------------------------


def ability(person: Facts) -> str:
    """How far an old person cares for themselves; dementia (失智) counts as not at all."""
    return "unable" if person["dementia"] else str(person["self_care"])


def belongs(home: Home, person: Facts, status: str) -> bool:
    """Whether an old person is of a group of the needy."""
    member = person["person_id"] in home.family["counted"]
    poor = status in ("low_income", "severely_disabled_poor", "family_planning_poor") and is_low_income(home, person)
    severe = person["disability_kind"] != "none" and person["disability_grade"] in (1, 2)
    groups = {
        "everybody": True,
        "tekun": status == "tekun" and home.on_tekun(person),
        "dibao": status == "dibao" and home.on_dibao(person),
        "edge": member and home.family["edge_eligible"],
        "low_income": poor,
        "family_planning_special": person["family_planning_special"],
        "living_alone_80": home.years(person) >= 80 and person["lives_alone"],
        "severely_disabled_poor": poor and severe,
        "family_planning_poor": poor and person["family_planning_special"],
    }
    return bool(groups[status])


def is_low_income(home: Home, person: Facts) -> bool:
    """Whether a person is on tekun or dibao, or of an edge or a rigid-expenditure family."""
    if home.on_dibao(person) or home.on_tekun(person):  # 国办发〔2023〕39号: all of them are people of low income
        return True
    if person["person_id"] not in home.family["counted"]:
        return False
    return home.family["edge_eligible"] or (home.on >= RIGID_MEASURES and rigid_eligible(home))


def in_groups(home: Home, person: Facts, parameter: str) -> bool:
    """Whether a person of sixty or more is in one of the groups that an office configured."""
    if home.years(person) < 60:
        return False
    able = ability(person)
    return any(belongs(home, person, status) for status, needed in home.parameters[parameter] if needed == able)


def home_service_entitled(home: Home, person: Facts) -> bool:
    """Services at home (居家上门服务)."""
    return in_groups(home, person, "home_service_groups")


def canteen_entitled(home: Home, person: Facts) -> bool:
    """Meals (老年助餐)."""
    return in_groups(home, person, "canteen_groups")


def bathing_entitled(home: Home, person: Facts) -> bool:
    """Bathing (助浴)."""
    return in_groups(home, person, "bathing_groups")


def voucher_entitled(home: Home, person: Facts) -> bool:
    """Vouchers (服务消费补贴); beside tekun support only where the office says so."""
    if not in_groups(home, person, "voucher_groups"):
        return False
    return not home.on_tekun(person) or bool(home.parameters["voucher_beside_tekun"])


def home_service_voucher(home: Home, person: Facts) -> int:
    """A share of the bill, up to a cap, in fen a month."""
    if not voucher_entitled(home, person):
        return 0
    share = half_up(person["home_service_bill"] * Fraction(home.parameters["voucher_rate"]))
    return min(share, int(home.parameters["voucher_cap"]))


def home_beds(home: Home) -> int:
    """Beds (家庭养老床位): one for each who needs it."""
    return sum(in_groups(home, person, "home_bed_groups") for person in home.persons)


def home_bed_household(home: Home) -> bool:
    """One household however many beds it has."""
    return home_beds(home) > 0


def adaptation_grant(home: Home) -> int:
    """Adapting the dwelling (适老化改造): the quote up to a cap, once, and only where the owner consents."""
    facts = home.household
    if not facts["adaptation_consent"] or not home_bed_household(home):
        return 0
    if facts["already_adapted"] and home.parameters["adaptation_once_only"]:
        return 0
    return min(int(facts["adaptation_quote"]), int(home.parameters["adaptation_cap"]))
