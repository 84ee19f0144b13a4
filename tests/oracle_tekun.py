"""Support of persons in extreme hardship (特困人员), worked out slowly from the text of the law."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from oracle_ground import ASSISTANCE_LAW, Facts, Parameters, age, earned_income, half_up, standard

KEPT_FROM = ASSISTANCE_LAW
"""From this day a minor on record keeps the support while growing up (Assistance Law art. 16, third paragraph);
before it no text that was read says so."""

DAILY_LIFE = (
    "eats_unaided",
    "dresses_unaided",
    "gets_up_unaided",
    "toilets_unaided",
    "walks_unaided",
    "bathes_unaided",
)
ABLE, PARTIAL, COMPLETE = range(3)
TIERS = ("able", "partial", "complete")


def kept_on_record(person: Facts, on: date, parameters: Parameters) -> bool:
    """Whether somebody on record stays in it as a minor, or as one who grew up and is still at school."""
    if not person["recorded_tekun"] or age(person["birth_date"], on) < 16:
        return False
    if age(person["birth_date"], on) >= 18 and person["schooling"] not in ("compulsory", "senior_secondary"):
        return False
    return on >= KEPT_FROM or bool(parameters["tekun_minor_kept_on_record"])


def tekun_group(person: Facts, on: date, parameters: Parameters) -> bool:
    """Whether a person is of those whom the law supports: the old, the disabled and the minor."""
    years = age(person["birth_date"], on)
    # Interim Measures art. 14: under sixteen. Assistance Law art. 16: minors.
    minor = years < (18 if on >= ASSISTANCE_LAW else 16)
    return years >= 60 or person["disability_kind"] != "none" or minor or kept_on_record(person, on, parameters)


def too_disabled_to_work(kind: str, grade: int) -> bool:
    """Tekun Measures art. 5(3); multiple disability (多重残疾) is not named there."""
    grades = {"intellectual": (1, 2, 3), "mental": (1, 2, 3), "physical": (1, 2), "visual": (1,)}
    return grade in grades.get(kind, ())


def tekun_unable_to_work(person: Facts, on: date, parameters: Parameters) -> bool:
    """Tekun Measures art. 5."""
    years = age(person["birth_date"], on)
    if years >= 60 or years < 16:  # (1), (2)
        return True
    if too_disabled_to_work(person["disability_kind"], person["disability_grade"]):  # (3)
        return True
    if person["unable_to_work_by_local_rule"] or kept_on_record(person, on, parameters):  # (4); Assistance Law art. 16
        return True
    # The Assistance Law speaks of minors, art. 5 of those under sixteen: what is between the two is assumed.
    between = years < 18 and on >= ASSISTANCE_LAW
    return between and bool(parameters["tekun_at_16_unable_to_work"])


def tekun_income(person: Facts, parameters: Parameters) -> Fraction:
    """Tekun Measures art. 6: a person's own income in fen a month, with nothing off for hardship."""
    transfers = person["transfer_income"]
    transfers -= person["basic_pension"]  # with no end to it, unlike in dibao
    transfers -= person["medical_insurance_income"]
    transfers -= person["honour_pension_income"]
    transfers -= person["old_age_allowance_income"]
    if person["assistance_income"] and not parameters["assistance_counted_for_tekun"]:
        transfers -= person["assistance_income"]  # art. 6 is silent
    net = Fraction(transfers - person["transfer_paid"], person["transfer_months"])
    return max(Fraction(0), earned_income(person) + net)


def tekun_income_met(household: Facts, person: Facts, parameters: Parameters) -> bool:
    """Tekun Measures art. 6: below (低于) the dibao standard."""
    return tekun_income(person, parameters) < standard(household, parameters)


def tekun_eligible(household: Facts, person: Facts, on: date, parameters: Parameters) -> bool:
    """Tekun Measures art. 4, all at once; art. 24 (1) and (3): not while missing or in prison."""
    return bool(
        person["no_able_obligor"]
        and person["tekun_assets_within_limits"]
        and person["absence"] == "none"
        and tekun_group(person, on, parameters)
        and tekun_unable_to_work(person, on, parameters)
        and tekun_income_met(household, person, parameters)
    )


def care_tier(person: Facts) -> int:
    """Tekun Measures art. 22: none of six failed; three or fewer; four or more."""
    failed = [item for item in DAILY_LIFE if not person[item]]
    if not failed:
        return ABLE
    return PARTIAL if len(failed) <= 3 else COMPLETE


def tekun_due(household: Facts, person: Facts, on: date, parameters: Parameters) -> int:
    """Assistance Law art. 17: the standard of living and the standard of care, in fen a month."""
    if not tekun_eligible(household, person, on, parameters):
        return 0
    return by_standards(household, person, parameters)


def by_standards(household: Facts, person: Facts, parameters: Parameters) -> int:
    """The standard of living and the standard of care, in fen a month."""
    if household["area"] == "urban":
        base = Fraction(parameters["tekun_urban_base"])
    else:
        base = Fraction(parameters["tekun_rural_base"], 12)
    care: int = parameters[f"tekun_care_{TIERS[care_tier(person)]}_{person['support_mode']}"]
    return half_up(base + care)


def newly_on_tekun(household: Facts, person: Facts, on: date, parameters: Parameters) -> bool:
    """Whether a person who is not on record would be supported: entitled to it, and applying (art. 10)."""
    if person["recorded_tekun"] or person["benefit_choice"] != "tekun":
        return False
    return tekun_eligible(household, person, on, parameters)


def on_tekun(household: Facts, person: Facts, on: date, parameters: Parameters) -> bool:
    """Whether a person is supported, by the record or newly; art. 9: who chose a benefit of children is not."""
    from oracle import draws_as_orphan, is_de_facto_unattended  # they ask of tekun in their turn

    if person["recorded_tekun"] and person["benefit_choice"] == "children":
        child = draws_as_orphan(person, on, parameters) or is_de_facto_unattended(person, on, parameters)
        return not child
    return bool(person["recorded_tekun"]) or newly_on_tekun(household, person, on, parameters)


def tekun_amount(household: Facts, person: Facts, on: date, parameters: Parameters) -> int:
    """What a person on tekun draws a month: as decided, or else by the standards."""
    if not on_tekun(household, person, on, parameters):
        return 0
    if person["recorded_tekun"] and person["recorded_tekun_amount"] is not None:
        return int(person["recorded_tekun_amount"])
    # Art. 26: support goes on until a decision ends it.
    return by_standards(household, person, parameters)


def tekun_to_end(household: Facts, person: Facts, on: date, parameters: Parameters) -> bool:
    """Tekun Measures art. 24: on record, and no longer entitled."""
    return bool(person["recorded_tekun"]) and not tekun_eligible(household, person, on, parameters)
