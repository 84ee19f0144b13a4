"""Writes the example tables: invented families in which every scheme and every boundary occurs.

Run ``python examples/make_rosters.py`` from the top of the project; the same files come out each time. Nobody in them
exists. Boundaries are drawn for two days: one under the review measures alone, one under the Social Assistance Act.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeAlias

import numpy as np

import civaffairs
from civaffairs.money import yuan_text
from civaffairs.people.columns import Kind
from civaffairs.people.household import COLUMNS, PERSON_COLUMNS

Facts: TypeAlias = dict[str, str]

DAYS = (date(2025, 6, 1), date(2026, 8, 1))
"""The days on which the boundaries lie: before and after the Act came into force."""
HOUSEHOLDS = 240
"""How many there are in the roster."""

DISTRICTS = ("450102", "450103", "450105", "450107", "450108", "450109", "450110")
COUNTIES = ("450123", "450124", "450125", "450126", "450181")
URBAN_PLACES = (*DISTRICTS, "450181", "450126")
RURAL_PLACES = (*COUNTIES, "450109", "450110", "450108")

# Standards of the city in fen for one person, and the span in which each is published.
LINES = {"urban": 81_000, "rural": 680_000}
NURSING = 12_200

AMOUNTS = tuple(column.name for column in PERSON_COLUMNS if column.kind is Kind.FEN)
SPANS = tuple(column.name for column in PERSON_COLUMNS if column.low == 1)
UNAIDED = tuple(column.name for column in PERSON_COLUMNS if column.name.endswith("_unaided"))
SPENDING = (
    "living_spending",
    "medical_spending",
    "education_spending",
    "rehabilitation_spending",
    "other_rigid_spending",
)
NOT_SO = (
    "no_able_obligor",
    "unable_to_work_by_local_rule",
    "dementia",
    "family_planning_special",
    "lives_alone",
    "entrusted_carer",
    "left_unattended",
    "poverty_hardship",
    "guardianship_failing",
    "safety_harmed",
    "needs_long_term_care",
    "serious_illness_recognised",
    "special_hardship_recognised",
    "single_person_by_local_rule",
    "recorded_tekun",
    "work_injury_care",
)


def parent_facts(of: str, **facts: str) -> Facts:
    """What a file records of a parent who is alive and well, but for what is said."""
    well = {
        "state": "alive", "disability_kind": "none", "disability_grade": "0", "serious_illness": "no",
        "custody": "none", "custody_months": "0", "lost_contact_months": "0", "guardianship_revoked": "no",
        "deported": "no", "away": "no", "able_guardian": "yes",
    }  # fmt: skip
    return {f"{of}_{name}": value for name, value in {**well, **facts}.items()}


# Somebody of whom everything is stated: well, at work and without income until an archetype says otherwise.
ADULT: Facts = {
    "birth_date": "1985-03-12", "relation": "applicant", "lives_together": "yes", "can_live_independently": "yes",
    "schooling": "none", "absence": "none", "clergy_months": "0", "employed": "yes", "own_assets_within_limits": "yes",
    "disability_kind": "none", "disability_grade": "0", "placement": "family", "benefit_choice": "children",
    "tekun_assets_within_limits": "yes", "able_to_work": "yes", "work_refusals": "0", "self_care": "able",
    "days_since_contact": "0", **dict.fromkeys(UNAIDED, "yes"),
    **dict.fromkeys(AMOUNTS, "0"), **dict.fromkeys(SPANS, "12"), **dict.fromkeys(NOT_SO, "no"),
    **parent_facts("mother"), **parent_facts("father"),
}  # fmt: skip
HOME: Facts = {
    "assets_within_limits": "yes", "edge_assets_within_limits": "yes", "financial_assets": "0",
    "hardship_kind": "none", "hardship_persons": "0", "help_months": "12", "grave_hardship": "no", "urgent": "no",
    "proposed_help": "0", "temporary_assets_within_limits": "yes", "rigid_assets_within_limits": "yes",
    **dict.fromkeys(SPENDING, "0"), "spending_months": "12", "irregular_income": "no", "dibao_before_grace": "0",
    "already_adapted": "no", "adaptation_quote": "0", "adaptation_consent": "no",
}  # fmt: skip
KEPT: Facts = {
    "assets_within_limits": "no", "edge_assets_within_limits": "no", "financial_assets": "",
    "rigid_assets_within_limits": "no",
}  # fmt: skip
"""The household of a child kept by an institution, which is no family that could apply for dibao."""


class Family(NamedTuple):
    """A household before it is numbered: what is stated of it and of its members."""

    home: Facts
    members: tuple[Facts, ...]


def adult(born: str = "1985-03-12", **facts: str) -> Facts:
    """The applicant."""
    return {**ADULT, "birth_date": born, **facts}


def spouse(born: str = "1987-09-30", **facts: str) -> Facts:
    """The applicant's spouse."""
    return adult(born, relation="spouse", **facts)


def child(born: str = "2016-05-20", **facts: str) -> Facts:
    """A child of the applicant, at school."""
    young = {"relation": "child", "can_live_independently": "no", "schooling": "compulsory", "employed": "no"}
    return adult(born, **{**young, "able_to_work": "no", **facts})


def elder(born: str = "1952-11-08", **facts: str) -> Facts:
    """An applicant past working age."""
    return adult(born, **{"employed": "no", "able_to_work": "no", **facts})


def grandchild(born: str = "2015-04-02", **facts: str) -> Facts:
    """A child brought up by the applicant, who is a relative."""
    return child(born, **{"relation": "other_obliged", "placement": "relatives", **facts})


def plain(fen: int) -> str:
    """An amount as a table has it: yuan without commas."""
    return yuan_text(fen).replace(",", "")


def wage(amount: str, months: int = 1) -> Facts:
    """Wages, by the month unless said otherwise."""
    return {"wage_income": amount, "wage_months": str(months)}


def farm(receipts: str, cost: str = "0") -> Facts:
    """Receipts and costs of farming in a year."""
    return {"business_income": receipts, "business_cost": cost, "business_months": "12"}


def transfers(amount: str, months: int = 1, **parts: str) -> Facts:
    """Regular transfers received, and which parts of them are of a special kind."""
    return {"transfer_income": amount, "transfer_months": str(months), **parts}


def urban(*members: Facts, **home: str) -> Family:
    """A family under the urban standard; the method of payment is left out, because the place pays by tiers."""
    return Family({**HOME, "area": "urban", **home}, members)


def rural(*members: Facts, **home: str) -> Family:
    """A family under the rural standard, paid by difference unless something else is said."""
    return Family({**HOME, "area": "rural", "recorded_payment_method": "difference", **home}, members)


def explained() -> Iterator[Family]:
    """The families that the documentation takes apart; they are the first of the roster."""
    # H001: rural, four members, 20,000 a year: 5,000 a head, so 1,800 short for each: 600.00 a month.
    yield rural(adult(**farm("26000", "6000")), spouse(), child(), child("2018-10-01"), place="450124")
    # H002: urban by difference, three members, 1,500 a month: 310 short for each: 930.00 a month.
    yield urban(adult(**wage("1500")), spouse(), child(), place="450103", recorded_payment_method="difference")
    # H003: grandparents on 1,215 a month bring up a child: each share is 405.00, so the child is topped up by 617.00.
    alone = grandchild(
        **parent_facts("mother", state="dead"), **parent_facts("father", custody="prison", custody_months="36")
    )
    old = elder("1958-02-14", **transfers("1215"))
    yield urban(old, spouse("1960-07-07", employed="no"), alone, place="450107", recorded_payment_method="difference")
    # H004: an edge family of 900 a head whose grown son may draw dibao alone: mental disability of grade 3.
    son = child(
        "2001-06-18", schooling="none", disability_kind="mental", disability_grade="3", needs_long_term_care="yes"
    )
    yield urban(adult("1968-01-09", **wage("2700")), spouse("1970-12-25"), son, place="450105")
    # H005: 91 and blind, on a pension above every line: nursing subsidy and old-age allowance, whatever the means.
    blind = {"disability_kind": "visual", "disability_grade": "1", "needs_long_term_care": "yes"}
    yield urban(elder("1935-01-20", **transfers("3200"), **blind), place="450102")
    # H006: an orphan raised in an institution, whose means are not the child's: no test of assets is passed.
    lost = parent_facts("mother", state="not_found") | parent_facts("father", state="not_found")
    raised = child("2017-08-08", relation="applicant", placement="institution", own_assets_within_limits="no", **lost)
    yield urban(raised, place="450107", **KEPT)
    # H007: a mother, her severely disabled child and nothing else: dibao with both disability subsidies.
    ill = child("2013-03-03", disability_kind="multiple", disability_grade="1", needs_long_term_care="yes")
    yield rural(adult(**farm("4000", "1000")), ill, place="450181", hukou_place="450127")


def at_the_lines() -> Iterator[Family]:
    """Income per head at the standard and at one and a half times it, and one fen below each."""
    for area, line in LINES.items():
        for halves in (2, 3):
            for others in ((), (spouse(), child())):
                for below in (0, 1):
                    # For a family of three the whole income is one fen below, so the income per head is a third of one.
                    amount = plain(line * halves // 2 * (1 + len(others)) - below)
                    earner = adult(**(wage(amount) if area == "urban" else farm(amount)))
                    yield urban(earner, *others) if area == "urban" else rural(earner, *others)
    # Three months of wages that come to one fen below three times the standard, and to the standard itself.
    yield urban(adult(**wage("2429.99", months=3)))
    yield urban(adult(**wage("2430.00", months=3)))


def at_the_ages() -> Iterator[Family]:
    """18, 80, 90 and 100 on each of the two days, and a day to either side; and births on 29 February."""
    for day in DAYS:
        for step in (-1, 0, 1):
            grown, old, older, oldest = (
                str(day.replace(year=day.year - age) + timedelta(step)) for age in (18, 80, 90, 100)
            )
            # A school-leaver counts as a minor only; with the youth the family is below the standard, without above it.
            youth = child(grown, schooling="none", can_live_independently="yes")
            yield urban(adult("1982-06-06", **wage("1500")), youth, recorded_payment_method="difference")
            yield rural(elder(older, **transfers("2400", 12)), spouse(old, employed="no", **transfers("2400", 12)))
            carer = adult("1962-04-04", **farm("9000", "1500"))
            yield rural(carer, adult(oldest, relation="parent", employed="no", **transfers("2400", 12)))
    yield urban(elder("1936-02-29", **transfers("2800")), spouse("1944-02-29", employed="no"))
    yield rural(
        adult(**farm("12000")), child("2008-02-29", schooling="senior_secondary"), child("2024-02-29", schooling="none")
    )


KINDS = ("visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple")


def disabled() -> Iterator[Family]:
    """Each kind and grade of disability in an edge family; each kind on dibao; and some who are well off."""
    for number, kind in enumerate(KINDS):
        for grade in "1234":
            care = "yes" if (number + int(grade)) % 3 else "no"
            work = "no" if int(grade) % 2 else "yes"
            ill = spouse(
                "1983-02-02", disability_kind=kind, disability_grade=grade, needs_long_term_care=care, employed=work
            )
            if number % 2:
                yield rural(adult(**farm("19000", "3000")), ill)
            else:
                yield urban(adult(**wage("1900")), ill)
        ill = child("2011-11-11", disability_kind=kind, disability_grade="2143214"[number], needs_long_term_care="yes")
        yield rural(adult(**farm("5000", "800")), ill)
    yield urban(
        adult(**wage("6200")),
        child("2010-01-05", disability_kind="mental", disability_grade="4", needs_long_term_care="yes"),
    )
    yield urban(
        adult(**wage("5400")),
        child("2012-01-05", disability_kind="intellectual", disability_grade="3", needs_long_term_care="yes"),
    )


def alone_on_dibao() -> Iterator[Family]:
    """The routes by which one person may draw dibao apart from the family, and what closes them."""
    yield urban(adult(**wage("1900")), spouse(serious_illness_recognised="yes"))
    yield urban(adult(**wage("2000")), spouse(special_hardship_recognised="yes"))
    yield rural(adult(**farm("30000")), spouse(single_person_by_local_rule="yes"))
    yield urban(adult(**wage("4100")), adult("1979-01-01", relation="child", clergy_months="36"))
    yield urban(adult(**wage("4100")), adult("1979-01-01", relation="child", clergy_months="35"))
    severe = {"disability_kind": "physical", "disability_grade": "1", "employed": "no"}
    yield urban(adult(**wage("5200")), spouse(**severe))
    yield urban(adult(**wage("5200")), spouse(**severe, own_assets_within_limits="no"))
    yield urban(adult(**wage("5200")), spouse(**severe, **transfers("809.99")))
    yield urban(adult(**wage("5200")), spouse(**severe, **transfers("810.00")))
    yield urban(adult(**wage("5200")), spouse(**severe, absence="prison"))
    yield rural(adult(**farm("40000", "4000")), spouse(**severe, **transfers("300", exempted_support="300")))


def who_counts() -> Iterator[Family]:
    """Students, the absent, relatives who do and do not live with the family."""
    for schooling, born in (
        ("undergraduate", "2005-09-09"),
        ("postgraduate", "2001-09-09"),
        ("part_time", "2005-09-09"),
    ):
        yield urban(adult("1975-05-05", **wage("1550")), child(born, schooling=schooling, can_live_independently="yes"))
    for absence in ("prison", "compulsory_detoxification", "declared_missing"):
        yield rural(adult(**farm("8000", "500")), spouse(absence=absence), child())
    for clergy in ("35", "36"):
        yield rural(adult(**farm("9000")), spouse(clergy_months=clergy))
    yield rural(adult(**farm("15000")), adult("1955-06-30", relation="parent", employed="no"))
    yield rural(adult(**farm("15000")), adult("1955-06-30", relation="parent", employed="no", lives_together="no"))
    yield urban(adult(**wage("1600")), adult("1990-06-30", relation="other"))
    # The only applicant is in prison: nobody counts, so there is no family to assess.
    yield urban(adult(absence="prison"))


def in_extreme_hardship() -> Iterator[Family]:
    """Persons on record as in extreme hardship (特困人员), alone, in a family, old, and of an age to choose."""
    hardship = {
        "recorded_tekun": "yes",
        "recorded_tekun_amount": "1053.00",
        "no_able_obligor": "yes",
        "support_mode": "scattered",
    }
    blind = {"disability_kind": "visual", "disability_grade": "1", "needs_long_term_care": "yes"}
    yield rural(elder("1955-08-15", **hardship, **blind))
    yield rural(elder("1941-08-15", **hardship))
    yield rural(adult(**farm("6000")), adult("1980-01-01", relation="other_obliged", employed="no", **hardship))
    left = parent_facts("mother", state="dead") | parent_facts("father", lost_contact_months="30")
    for choice in ("tekun", "children"):
        yield rural(
            elder("1960-03-03", **transfers("24000", 12)), grandchild(benefit_choice=choice, **hardship, **left)
        )


def unattended() -> Iterator[Family]:
    """Children whose mother is dead or missing and whose father is in each state of the opinions, or nearly."""
    fathers: tuple[Facts, ...] = (
        {"disability_kind": "physical", "disability_grade": "2"},
        {"disability_kind": "physical", "disability_grade": "3"},
        {"disability_kind": "mental", "disability_grade": "4"},
        {"disability_kind": "multiple", "disability_grade": "3"},
        {"serious_illness": "yes"},
        {"custody": "prison", "custody_months": "6"},
        {"custody": "prison", "custody_months": "5"},
        {"custody": "compulsory_detoxification", "custody_months": "24"},
        {"custody": "other_restriction", "custody_months": "6"},
        {"lost_contact_months": "6"},
        {"lost_contact_months": "5"},
        {"guardianship_revoked": "yes"},
        {"deported": "yes"},
        {"state": "declared_missing", "lost_contact_months": "40"},
        {},
    )
    mothers = cycle(("dead", "declared_missing", "declared_dead"))
    for father, state in zip(fathers, mothers, strict=False):
        left = parent_facts("mother", state=state) | parent_facts("father", **father)
        yield urban(elder("1962-10-10", **transfers("2600")), grandchild(**left))
    both = parent_facts("mother", lost_contact_months="12") | parent_facts("father", serious_illness="yes")
    yield rural(elder("1962-10-10", **farm("3000")), grandchild(**both))
    yield urban(adult(**wage("3900")), child(placement="adopted", **both))


def orphans() -> Iterator[Family]:
    """Orphans by where they are raised, the mixed case, an orphan grown up at school, one on dibao, one disabled."""
    dead = parent_facts("mother", state="dead") | parent_facts("father", state="declared_dead")
    mixed = parent_facts("mother", state="dead") | parent_facts("father", state="not_found")
    for placement in ("relatives", "foster", "adopted"):
        yield urban(elder("1964-10-10", **transfers("2800")), grandchild(placement=placement, **dead))
    ill = {"disability_kind": "physical", "disability_grade": "1", "needs_long_term_care": "yes"}
    yield urban(
        child(
            "2010-02-02", relation="applicant", placement="institution", own_assets_within_limits="no", **dead, **ill
        ),
        **KEPT,
    )
    yield rural(elder("1964-10-10", **transfers("28000", 12)), grandchild(**mixed))
    yield rural(
        elder("1964-10-10", **transfers("28000", 12)), grandchild("2006-02-02", schooling="undergraduate", **dead)
    )
    yield rural(elder("1964-10-10", **farm("4500")), grandchild(**dead))
    yield rural(
        elder("1964-10-10", **transfers("28000", 12)),
        grandchild(recorded_tekun="yes", recorded_tekun_amount="1053.00", benefit_choice="tekun", **dead),
    )


def kinds_of_income() -> Iterator[Family]:
    """What comes off income and what does not count, each deciding a family near the standard."""
    yield urban(adult(**wage("1000") | {"employment_cost": "200"}))
    yield urban(adult(property_income="10800", property_cost="1200", property_months="12"))
    # A loss of the farm takes nothing from the wages.
    yield rural(adult(**farm("2000", "3500"), **wage("700")), spouse(), child())
    yield urban(adult(**wage("1900"), transfer_paid="300", transfer_months="1"), spouse())
    yield urban(
        adult(**wage("1900"), rigid_deduction="3600", deduction_months="6"), spouse(serious_illness_recognised="yes")
    )
    yield urban(elder(**transfers("900", award_income="100")))
    yield urban(elder(**transfers("900", assistance_income="90.01")))
    yield urban(elder(**transfers("900", locally_exempt_income="90.00")))
    # The basic pension does not count until the end of 2025, and counts from 2026 on.
    yield urban(elder("1950-01-30", **transfers("960", basic_pension="215")), recorded_payment_method="difference")
    yield rural(elder("1950-01-30", **transfers("8400", 12, basic_pension="2580")))
    # Whether the old-age allowance counts decides; no source says.
    yield urban(elder("1942-01-30", **transfers("850", old_age_allowance_income="50")))
    deaf = {"disability_kind": "hearing", "disability_grade": "1"}
    yield urban(elder("1970-01-30", **deaf, **transfers("1000", exempted_support="400")))


def side_by_side() -> Iterator[Family]:
    """Benefits that meet others: work-injury care, other allowances around the nursing subsidy, a living allowance."""
    lame = {"disability_kind": "physical", "disability_grade": "2", "needs_long_term_care": "yes"}
    yield rural(adult(**farm("3000"), **lame, work_injury_care="yes"))
    for other in (NURSING - 1, NURSING, NURSING + 1):
        yield urban(adult(**wage("3000"), **lame, other_nursing_allowance=plain(other)))
    yield rural(adult(**farm("3000"), **lame, other_living_allowance="60"))
    yield rural(elder("1938-12-12", **lame))


def assets() -> Iterator[Family]:
    """Assets above one limit or both, a finding that is left out, and one that deposits contradict."""
    over = {"assets_within_limits": "no", "edge_assets_within_limits": "no", "financial_assets": "96000"}
    yield urban(adult(**wage("700")), spouse(), **over)
    yield urban(
        adult(**wage("700")), spouse(), **{**over, "edge_assets_within_limits": "yes", "financial_assets": "45000"}
    )
    yield rural(
        adult(**farm("5000")), child(), assets_within_limits="", edge_assets_within_limits="", financial_assets=""
    )
    yield rural(adult(**farm("5000")), child(), edge_assets_within_limits="", financial_assets="")
    yield urban(adult(**wage("1900")), spouse(), edge_assets_within_limits="", financial_assets="")
    # The office found the assets within the limits; where a limit is known, these deposits are above it.
    yield urban(adult(**wage("500")), financial_assets="120000")


def partly_told() -> Iterator[Family]:
    """Families of whom something is left out, be it all their means or one fact that may not matter."""
    silent = dict.fromkeys(
        ("wage_income", "wage_months", "transfer_income", "transfer_months", "needs_long_term_care"), ""
    )
    yield urban(adult("1979-12-01", **silent), child("2014-08-09", **silent))
    yield rural(elder("1937-05-05", **silent))
    yield rural(adult(**farm("5000")), spouse(wage_income="", wage_months=""))
    yield rural(adult(**farm("5000")), spouse(disability_kind="", disability_grade=""))
    yield urban(adult(**wage("5000")), child(needs_long_term_care="", disability_kind="physical", disability_grade="1"))
    # A notice of the place's own may say how rural dibao is paid; these decisions do not.
    for size in range(1, 5):
        others = (spouse(), child(), child("2019-01-31"))[: size - 1]
        yield rural(adult(**farm(f"{size}000")), *others, recorded_payment_method="")


def newly_in_hardship() -> Iterator[Family]:
    """Persons who meet the tests of extreme hardship and have chosen it, at each tier of care; and who just do not."""
    alone = {"no_able_obligor": "yes", "benefit_choice": "tekun", "support_mode": "scattered"}
    for failed in (0, 1, 3, 4, 6):
        items = dict.fromkeys(UNAIDED[:failed], "no")
        yield rural(elder("1951-05-05", **alone, **items))
    yield urban(elder("1948-05-05", **{**alone, "support_mode": "concentrated"}, **transfers("809.99")))
    yield urban(elder("1948-05-05", **alone, **transfers("810.00")))
    # No pension of the basic kind and no old-age allowance counts; what relatives give does.
    kinds = transfers("1065", basic_pension="215", old_age_allowance_income="50")
    yield urban(elder("1944-05-05", **alone, **kinds))
    yield rural(
        adult("1986-05-05", employed="no", able_to_work="no", disability_kind="visual", disability_grade="2", **alone)
    )


def in_sudden_hardship() -> Iterator[Family]:
    """Sudden hardship, hardship by spending, a family whose spending is most of its income, and one in its grace."""
    sudden = {"hardship_kind": "sudden", "hardship_persons": "1", "urgent": "yes"}
    yield urban(adult(**wage("4200")), **sudden, proposed_help="900", emergency_place="450103", place="450103")
    yield urban(adult(**wage("4200")), **sudden, proposed_help="5000", emergency_place="450103", place="450103")
    spent = {
        "hardship_kind": "spending",
        "hardship_persons": "3",
        "proposed_help": "12000",
        "medical_spending": "52000",
    }
    family = (adult(**wage("4500")), spouse(), child())
    yield urban(*family, **spent, disposable_income="54000", emergency_place="450105", place="450105")
    yield urban(*family, **spent, disposable_income="99000", emergency_place="450105", place="450105")
    for medical in ("30000", "30001"):
        yield urban(adult(**wage("5000")), child(), medical_spending=medical)
    for began in ("2025-05-01", "2026-05-01"):
        yield urban(
            adult(**wage("2700")), spouse(), child(), grace_from=began, dibao_before_grace="930",
            recorded_payment_method="difference",
        )  # fmt: skip
    yield urban(
        adult(**wage("1500")), spouse(employed="no", work_refusals="3"), child(), recorded_payment_method="difference"
    )


def cared_for() -> Iterator[Family]:
    """The old who need services, and children left behind or in distress."""
    unable = {"self_care": "unable", "home_service_bill": "2000"}
    partly = {"self_care": "partly", "home_service_bill": "500"}
    yield urban(
        elder("1950-03-03", **unable), spouse("1953-03-03", employed="no", able_to_work="no", **partly),
        recorded_payment_method="difference", adaptation_consent="yes", adaptation_quote="4200",
    )  # fmt: skip
    yield urban(elder("1945-03-03", lives_alone="yes", **partly, **transfers("3900")))
    yield rural(elder("1949-03-03", dementia="yes", home_service_bill="700", **transfers("30000", 12)))
    gone = parent_facts("mother", away="yes") | parent_facts("father", away="yes")
    yield rural(elder("1963-06-06", **farm("9000")), grandchild("2014-06-06", days_since_contact="9", **gone))
    yield rural(
        elder("1963-06-06", **farm("9000")),
        grandchild("2014-06-06", days_since_contact="7", entrusted_carer="yes", **gone),
    )
    harmed = {"guardianship_failing": "yes", "safety_harmed": "yes", "left_unattended": "yes"}
    yield urban(adult(**wage("5200")), child("2020-01-15", schooling="none", **harmed))
    yield urban(
        adult(**wage("1300")), child("2012-01-15", poverty_hardship="yes"), recorded_payment_method="difference"
    )


def bare() -> Iterator[Family]:
    """Families of whom nothing is told beyond what every row must have."""
    for area in ("urban", "rural"):
        yield Family({"area": area}, ({"birth_date": "1979-12-01"}, {"birth_date": "2014-08-09"}))


def from_elsewhere() -> Iterator[Family]:
    """Families whose registration is in another region; what goes by it has no value here."""
    lame = {"disability_kind": "physical", "disability_grade": "2", "needs_long_term_care": "yes"}
    yield urban(adult(**wage("1500")), spouse(**lame), hukou_place="440106", recorded_payment_method="difference")
    yield urban(elder("1940-05-01", **transfers("2000")), hukou_place="430102")
    yield urban(adult(**wage("2600")), child(), hukou_place="520103")
    for before in ("450127", "452122"):
        yield rural(adult(**farm("6000")), spouse(**lame), place="450181", hukou_place=before)


def fillers(random: Random) -> Iterator[Family]:
    """Families without anything special, for as long as they are wanted."""
    while True:
        area = random.choice(("urban", "urban", "rural"))
        heads = random.choice((2, 3, 4, 4, 5))
        monthly = random.randrange(200, 1700, 50) * heads
        income = wage(str(monthly)) if area == "urban" else farm(str(monthly * 13), str(monthly))
        applicant = adult(
            f"{random.randrange(1966, 1992)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}", **income
        )
        others: list[Facts] = []
        while len(others) < heads - 1:
            day = f"{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"
            sort = random.choice(("spouse", "child", "child", "parent"))
            if sort == "spouse" and all(other["relation"] != "spouse" for other in others):
                others.append(spouse(f"{random.randrange(1966, 1992)}-{day}"))
            elif sort == "parent":
                pension = transfers(str(random.randrange(150, 260, 5) * 12), 12)
                others.append(
                    adult(f"{random.randrange(1936, 1956)}-{day}", relation="parent", employed="no", **pension)
                )
            elif sort == "child":
                others.append(child(f"{random.randrange(2011, 2020)}-{day}"))
        savings = str(random.randrange(0, 12_000, 400))
        yield (urban if area == "urban" else rural)(applicant, *others, financial_assets=savings)


ARCHETYPES = (
    explained, at_the_lines, at_the_ages, disabled, alone_on_dibao, who_counts, in_extreme_hardship, unattended,
    orphans, kinds_of_income, side_by_side, assets, partly_told, from_elsewhere, newly_in_hardship, in_sudden_hardship,
    cared_for,
)  # fmt: skip


def roster() -> list[Facts]:
    """All rows of the roster: the archetypes, then families without anything special up to the number wanted."""
    families = [family for archetype in ARCHETYPES for family in archetype()]
    ordinary = fillers(Random(20260801))
    families += [next(ordinary) for _ in range(HOUSEHOLDS - len(families))]
    return numbered(families)


def numbered(families: list[Family], household: str = "H", person: str = "P") -> list[Facts]:
    """Rows with keys and places; every sixteenth person of whom everything is told has a resident number."""
    places = {"urban": cycle(URBAN_PLACES), "rural": cycle(RURAL_PLACES)}
    rows: list[Facts] = []
    for number, (home, members) in enumerate(families, 1):
        place = home.get("place") or next(places[home["area"]])
        for member in members:
            keys = {
                "household_id": f"{household}{number:03d}",
                "person_id": f"{person}{len(rows) + 1:04d}",
                "place": place,
            }
            row = {**home, **member, **keys}
            if len(member) > 1:  # of a bare family only the birth is told
                before = "450127" if place == "450181" and number % 2 else place
                row["hukou_place"] = home.get("hukou_place", before)
                row["hukou_kind"] = home["area"]
                if len(rows) % 16 == 0:
                    row["resident_number"] = resident_number(row["hukou_place"], row["birth_date"])
            rows.append(row)
    return rows


def resident_number(county: str, born: str) -> str:
    """Make up a number that passes every check; the order 000 keeps clear of numbers in use."""
    code = {"450181": "452122" if born < "2002" else "450127"}.get(county, county)
    body = f"{code}{born.replace('-', '')}000"
    weighted = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[weighted % 11]


class Mistake(NamedTuple):
    """One kind of bad row: what is wrong, and the cells that make it so."""

    what: str
    cells: Facts
    second: Facts | None = None
    """Cells of a second member in whom the mistake lies; the first is then as it should be."""


MISTAKES = (
    Mistake("no day of birth", {"birth_date": ""}),
    Mistake("a day that no calendar has", {"birth_date": "1985-02-29"}),
    Mistake("a day of birth in an order that is not clear", {"birth_date": "03/12/1985"}),
    Mistake("a day of birth as a spreadsheet counts days", {"birth_date": "31118"}),
    Mistake("a day of birth with a time", {"birth_date": "1985-03-12 08:30"}),
    Mistake("a day of birth in full-width digits", {"birth_date": "１９８５-03-12"}),
    Mistake("born after the day of the run", {"birth_date": "2085-03-12"}),
    Mistake("older than anybody", {"birth_date": "1885-03-12"}),
    Mistake("no key of the household", {"household_id": ""}),
    Mistake("a key with characters that cannot be seen", {"person_id": "M\u200b0010"}),
    Mistake("a code for all districts of the city", {"place": "450101"}),
    Mistake("a code that no division has had", {"place": "450130"}),
    Mistake("the code of a township", {"place": "450103001"}),
    Mistake("a registration code of five digits", {"hukou_place": "45010"}),
    Mistake("a word that is not on the list", {"schooling": "undergradute"}),
    Mistake("neither yes nor no", {"employed": "maybe"}),
    Mistake("a negative amount", {"wage_income": "-900"}),
    Mistake("a fraction of a fen", {"wage_income": "900.005"}),
    Mistake("an amount with its unit", {"wage_income": "900元"}),
    Mistake("an amount with digits too many", {"wage_income": "900000000"}),
    Mistake("an amount that is not a number", {"wage_income": "NaN"}),
    Mistake("thirteen months", {"wage_months": "13"}),
    Mistake("a month and a half", {"wage_months": "1.5"}),
    Mistake("a grade without a certificate", {"disability_grade": "2"}),
    Mistake("a certificate of grade 0", {"disability_kind": "visual", "disability_grade": "0"}),
    Mistake("months in custody without custody", {"father_custody_months": "8"}),
    Mistake("transfers that are less than their parts", {"transfer_income": "100", "basic_pension": "180"}),
    Mistake("no applicant", {"relation": "spouse"}),
    Mistake("a resident number with a wrong check character", {"resident_number": "450103198503120000"}),
    Mistake(
        "a resident number with another day of birth", {"resident_number": resident_number("450103", "1985-03-13")}
    ),
    Mistake("a resident number of five characters", {"resident_number": "45010"}),
    Mistake("the same person twice", {}, {"person_id": ""}),  # "" stands for the first member's own key
    Mistake("a second applicant", {}, {"relation": "applicant"}),
    Mistake("two places in one household", {}, {"place": "450123"}),
    Mistake("two standards in one household", {}, {"area": "rural"}),
    Mistake("assets told on one row only", {}, {"financial_assets": ""}),
    Mistake("a person who is in another household too", {"person_id": "G0001"}),
    Mistake("a line with a cell too many", {}),
)
TOO_WIDE = len(MISTAKES)
"""Number of the household whose line is one cell longer than the header."""


def roster_with_mistakes() -> list[Facts]:
    """A few good households, and then the bad rows, each in a household of its own."""
    rows: list[Facts] = []
    for number, mistake in enumerate(MISTAKES, 1):
        second = [] if mistake.second is None else [spouse()]
        bad = numbered([urban(adult(**wage("900")), *second, place="450103")])
        for place, row in enumerate(bad):
            row |= {
                "household_id": f"M{number:02d}",
                "person_id": f"M{number:02d}{place + 1:02d}",
                "resident_number": "",
            }
        bad[0] |= mistake.cells
        if mistake.second is not None:
            bad[1] |= mistake.second
            bad[1]["person_id"] = bad[1]["person_id"] or bad[0]["person_id"]
        rows += bad
    ordinary = [family for family, _ in zip(fillers(Random(7)), range(6), strict=False)]
    good = numbered([*ordinary, *bare()], "G", "G")
    return [*good, *rows]


class Slip(NamedTuple):
    """One thing wrong in what the imagined office paid: how far off in fen, or that nothing was paid."""

    household: str
    scheme: str
    off: int | None
    what: str


SLIPS = (
    Slip("H001", "dibao", -5_000, "paid 50.00 too little"),
    Slip("H002", "dibao", 31_000, "paid for four members instead of three"),
    Slip("H003", "de_facto_child", 40_500, "paid in full, without taking off the child's share of dibao"),
    Slip("H004", "nursing_subsidy", -3_200, "paid at the region's floor instead of the city's rate"),
    Slip("H006", "orphan", -40_000, "paid as if raised by relatives"),
    Slip("H007", "living_subsidy", None, "not paid at all"),
    Slip("H007", "dibao", -1, "one fen too little"),
)
PAID_BESIDES = (
    Slip("H008", "dibao", 10_000, "paid without right: the income is at the standard, not below it"),
    Slip("H024", "nursing_subsidy", 12_200, "paid without right: nobody there holds a certificate"),
    Slip("H004", "single_person", 81_000, "cannot be judged: no source says what it is worked out from"),
    Slip("H005", "old_age", 10_000, "cannot be judged: no source gives the tiers"),
    Slip("H009", "dibao", 30_000, "cannot be judged: no source gives the urban tiers"),
)
"""Payments in fen for which the library knows no right amount, or knows that there is none."""


def rights(table: Path) -> dict[tuple[str, str, str], int]:
    """What published values alone settle: fen by household, person (empty for dibao) and scheme."""
    result = civaffairs.assess(table, on=DAYS[1])
    found: dict[tuple[str, str, str], int] = {}
    unsure: set[tuple[str, str, str]] = set()
    persons = result.persons_table()
    for scheme in result.schemes:
        if scheme.payable is None:
            continue
        payable = np.ma.asarray(persons[scheme.payable.name])
        rows = zip(
            persons["household_id"],
            persons["person_id"],
            np.ma.getdata(payable),
            np.ma.getmaskarray(payable),
            strict=True,
        )
        for household, person, fen, masked in rows:
            key = (str(household), "" if scheme.name == "dibao" else str(person), scheme.name)
            found[key] = found.get(key, 0) + int(fen)
            if masked:
                unsure.add(key)
    return {key: fen for key, fen in found.items() if fen and key not in unsure}


def paid(table: Path) -> list[tuple[str, str, str, str]]:
    """What an imagined office paid: what is right, but for the slips."""
    right = rights(table)
    slips = {(slip.household, slip.scheme): slip.off for slip in SLIPS}
    missed = slips.keys() - {(household, scheme) for household, _, scheme in right}
    if missed:
        msg = f"nothing is known to be payable to {sorted(missed)}, so no slip can be made there"
        raise ValueError(msg)
    rows = []
    for (household, person, scheme), fen in right.items():
        off = slips.get((household, scheme), 0)
        if off is not None:
            rows.append((household, person, scheme, plain(fen + off)))
    first = {row["household_id"]: row["person_id"] for row in reversed(roster())}
    last = {row["household_id"]: row["person_id"] for row in roster()}
    for household, scheme, amount, _ in PAID_BESIDES:
        of = {"dibao": "", "single_person": last[household]}.get(scheme, first[household])
        rows.append((household, of, scheme, plain(amount or 0)))
    return sorted(rows)


def listed_mistakes() -> list[str]:
    """The lines of the notes that tell what is wrong in the table of mistakes."""
    return [f"| M{number:02d} | {mistake.what} |" for number, mistake in enumerate(MISTAKES, 1)]


def listed_slips() -> list[str]:
    """The lines of the notes that tell what is wrong in the payments."""
    return [f"| {slip.household} | {slip.scheme} | {slip.what} |" for slip in (*SLIPS, *PAID_BESIDES)]


def write(folder: Path) -> None:
    """Write the three tables into a folder."""
    everybody, mistaken = roster(), roster_with_mistakes()
    _write_csv(folder / "roster.csv", [list(COLUMNS), *_lines(everybody)])
    wide = [[*line, ""] if line[0] == f"M{TOO_WIDE:02d}" else line for line in _lines(mistaken)]
    _write_csv(folder / "roster_with_mistakes.csv", [list(COLUMNS), *wide])
    header = ["household_id", "person_id", "scheme", "paid"]
    _write_csv(folder / "paid.csv", [header, *map(list, paid(folder / "roster.csv"))])


def _lines(rows: list[Facts]) -> list[list[str]]:
    unknown = {name for row in rows for name in row} - COLUMNS.keys()
    if unknown:
        msg = f"no column is called {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    return [[row.get(name, "") for name in COLUMNS] for row in rows]


def _write_csv(path: Path, lines: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
