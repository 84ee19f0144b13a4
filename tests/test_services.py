"""Services in kind for the old: whom a city's list names, what a voucher and a grant cover, what need not be known."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import civaffairs as ca
from civaffairs.law.values import ABILITIES, ElderStatus, ValueKind, read_value
from civaffairs.people.answers import SelfCare
from civaffairs.people.records import sound_population_of
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK, services
from civaffairs.schemes.members import elderly

ON = date(2026, 8, 1)
NANNING, QINGDAO, WEIHAI, BEIJING = "450103", "370202", "371002", "110105"
HALF, CAP = Fraction(1, 2), 80_000

OLD = ca.Person(
    person_id="P1",
    birth_date=date(1950, 1, 1),
    hukou_place=NANNING,
    relation=ca.Relation.APPLICANT,
    self_care=SelfCare.ABLE,
    dementia=False,
    family_planning_special=False,
    lives_alone=False,
    disability_kind=ca.DisabilityKind.NONE,
    disability_grade=0,
    recorded_tekun=False,
    no_able_obligor=False,
    home_service_bill=0,
)
HOME = ca.Household(
    household_id="H",
    place=NANNING,
    area=ca.Area.URBAN,
    already_adapted=False,
    adaptation_quote=0,
    adaptation_consent=True,
    members=(),
)


def assuming(**values: Any) -> Rulebook:  # noqa: ANN401 -- a value is of many kinds
    """The rulebook with values assumed for Nanning; a list of groups as a file writes it."""
    book = RULEBOOK
    for name, value in values.items():
        parameter = book.parameters[name]
        said = read_value(value, ValueKind.GROUPS) if parameter.kind is ValueKind.GROUPS else value
        book = book.with_parameter(parameter, said, place="450100", since=date(2021, 7, 1), why="for the test")
    return book


def told(
    rule: AnyRule,
    *people: dict[str, Any],
    on: date = ON,
    book: Rulebook = RULEBOOK,
    **household: Any,  # noqa: ANN401 -- a fact is of many kinds
) -> Any:  # noqa: ANN401 -- a flag, a number or fen
    """What a rule says of the first person, or of the household; None if it is not known."""
    who: tuple[dict[str, Any], ...] = ({}, {"person_id": "P2", "relation": ca.Relation.SPOUSE})
    members = [attrs.evolve(OLD, **(also | facts)) for also, facts in zip(who, people or ({},), strict=False)]
    home = attrs.evolve(HOME, members=members, **household)
    run = book.plan(on, targets=[rule.name])[0].run(sound_population_of(home))
    causes = run.unknown(rule.name, rule.level)
    return None if causes is not None and causes[0] else run.values(rule.name)[0].item()


def born(age: int, *, to_come: bool = False) -> date:
    """The birth of who reaches an age on the day, or on the day to come."""
    return ON.replace(year=ON.year - age) + timedelta(days=to_come)


ENTITLED = {
    "home_service_groups": services.home_service_entitled,
    "canteen_groups": services.canteen_entitled,
    "home_bed_groups": services.home_bed_entitled,
    "bathing_groups": services.bathing_entitled,
    "voucher_groups": services.voucher_entitled,
}


# --- who is old, and how far they care for themselves -----------------------------------------------------------------


@pytest.mark.parametrize("groups", ENTITLED)
def test_services_are_for_those_of_60_and_over(groups: str) -> None:
    book = assuming(**{groups: ["everybody:any"]})
    assert told(ENTITLED[groups], {"birth_date": born(60)}, book=book) is True
    assert told(ENTITLED[groups], {"birth_date": born(60, to_come=True), "recorded_tekun": True}, book=book) is False
    assert told(elderly, {"birth_date": born(60, to_come=True)}) is False


def test_living_alone_counts_from_80() -> None:
    book = assuming(canteen_groups=["living_alone_80:any"])
    for to_come in (False, True):
        facts = {"birth_date": born(80, to_come=to_come), "lives_alone": True}
        assert told(services.canteen_entitled, facts, book=book) is not to_come
    assert told(services.canteen_entitled, {"birth_date": born(80)}, book=book) is False
    assert told(services.canteen_entitled, {"birth_date": born(80), "lives_alone": None}, book=book) is None
    assert told(services.canteen_entitled, {"birth_date": born(79), "lives_alone": None}, book=book) is False


@pytest.mark.parametrize(
    ("self_care", "dementia", "ability"),
    [
        (SelfCare.ABLE, False, 0),
        (SelfCare.PARTLY, False, 1),
        (SelfCare.UNABLE, False, 2),
        (SelfCare.ABLE, True, 2),
        (SelfCare.PARTLY, True, 2),
        # Either is enough; what is missing then is not asked for.
        (SelfCare.UNABLE, None, 2),
        (None, True, 2),
        (SelfCare.ABLE, None, None),
        (None, False, None),
    ],
)
def test_dementia_counts_as_unable(self_care: SelfCare | None, dementia: bool | None, ability: int | None) -> None:
    assert told(services.care_ability, {"self_care": self_care, "dementia": dementia}) == ability


@pytest.mark.parametrize("named", ABILITIES)
def test_a_group_asks_for_one_ability(named: str) -> None:
    book = assuming(bathing_groups=[f"everybody:{named}"])
    found = {one.value: told(services.bathing_entitled, {"self_care": one}, book=book) for one in SelfCare}
    assert found == {ability: ability == named for ability in ABILITIES}


def test_no_assessment_is_asked_for_where_the_list_tells_no_abilities_apart() -> None:
    unassessed = {"self_care": None, "dementia": None}
    anybody = assuming(canteen_groups=["everybody:any"])
    assert told(services.canteen_entitled, unassessed, book=anybody) is True
    on_record = assuming(canteen_groups=["tekun:able", "tekun:partly", "tekun:unable"])
    assert told(services.canteen_entitled, unassessed | {"recorded_tekun": True}, book=on_record) is True
    assert told(services.canteen_entitled, unassessed, book=assuming(canteen_groups=["everybody:unable"])) is None


# --- who has which status ---------------------------------------------------------------------------------------------

POOR: dict[str, Any] = {"recorded_tekun": True}
HAVE: dict[ElderStatus, dict[str, Any]] = {
    ElderStatus.EVERYBODY: {},
    ElderStatus.TEKUN: POOR,
    ElderStatus.LOW_INCOME: POOR,
    ElderStatus.FAMILY_PLANNING_SPECIAL: {"family_planning_special": True},
    ElderStatus.LIVING_ALONE_80: {"birth_date": date(1940, 1, 1), "lives_alone": True},
    ElderStatus.SEVERELY_DISABLED_POOR: POOR | {"disability_kind": ca.DisabilityKind.VISUAL, "disability_grade": 2},
    ElderStatus.FAMILY_PLANNING_POOR: POOR | {"family_planning_special": True},
}


@pytest.mark.parametrize("status", HAVE, ids=lambda status: status.value)
def test_each_status_is_found_by_its_own_facts(status: ElderStatus) -> None:
    book = assuming(bathing_groups=[f"{status.value}:any"])
    assert told(services.bathing_entitled, HAVE[status], book=book) is True
    nobody = HAVE[status] | {"birth_date": born(60, to_come=True)}
    assert told(services.bathing_entitled, nobody, book=book) is False


@pytest.mark.parametrize(("grade", "severe"), [(1, True), (2, True), (3, False), (4, False)])
def test_severe_is_of_grade_1_or_2(grade: int, severe: bool) -> None:
    book = assuming(bathing_groups=["severely_disabled_poor:any"])
    facts = POOR | {"disability_kind": ca.DisabilityKind.MENTAL, "disability_grade": grade}
    assert told(services.bathing_entitled, facts, book=book) is severe


def test_a_status_need_not_be_known_where_the_list_does_not_ask_for_it() -> None:
    # Nothing is stated of the family's income, so nobody knows whether it is on dibao or an edge family.
    unable, able = {"self_care": SelfCare.UNABLE}, {"self_care": SelfCare.ABLE}
    assert told(services.STATUSES[ElderStatus.DIBAO], able) is None
    by_dibao = assuming(home_service_groups=["tekun:any", "dibao:unable"])
    assert told(services.home_service_entitled, unable, book=by_dibao) is None
    assert told(services.home_service_entitled, able, book=by_dibao) is False
    assert told(services.home_service_entitled, unable | POOR, book=by_dibao) is True
    by_tekun = assuming(home_service_groups=["tekun:any"])
    assert told(services.home_service_entitled, unable | {"family_planning_special": None}, book=by_tekun) is False
    assert told(services.home_service_entitled, {"recorded_tekun": None}, book=by_tekun) is None


# --- the lists of other cities ----------------------------------------------------------------------------------------

ABLE, PARTLY, CANNOT = (dict[str, Any](self_care=one) for one in SelfCare)
BEREFT: dict[str, Any] = {"family_planning_special": True}
DISABLED: dict[str, Any] = {"disability_kind": ca.DisabilityKind.PHYSICAL, "disability_grade": 1}


@pytest.mark.parametrize(
    ("hukou", "facts", "entitled"),
    [
        (QINGDAO, POOR | ABLE, True),
        (QINGDAO, ABLE, False),  # poor or not: at this ability only the severely disabled and the bereft are named
        (QINGDAO, BEREFT | ABLE, None),  # named if poor, which is not known
        (QINGDAO, BEREFT | POOR | ABLE, True),
        (QINGDAO, DISABLED | POOR | ABLE, True),
        (WEIHAI, POOR | ABLE, False),
        (WEIHAI, POOR | PARTLY, True),
        (WEIHAI, POOR | CANNOT, True),
        (WEIHAI, BEREFT | ABLE, False),
        (WEIHAI, BEREFT | PARTLY, True),
        (WEIHAI, DISABLED | ABLE, False),
        (BEIJING, POOR | ABLE, True),
        (BEIJING, CANNOT, True),
        (BEIJING, {"dementia": True}, True),
        (BEIJING, BEREFT | ABLE, True),
        (BEIJING, PARTLY, None),  # whether of low income
    ],
)
def test_the_lists_of_other_cities(hukou: str, facts: dict[str, Any], entitled: bool | None) -> None:
    assert told(services.home_service_entitled, facts | {"hukou_place": hukou}) is entitled


# --- Nanning ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", ENTITLED)
def test_nannings_lists_are_not_known(groups: str) -> None:
    assert told(ENTITLED[groups], POOR | CANNOT) is None
    assert told(ENTITLED[groups], {"birth_date": born(60, to_come=True)}) is False


def test_the_gap_says_where_to_look() -> None:
    home = attrs.evolve(HOME, members=[attrs.evolve(OLD, recorded_tekun=True, self_care=SelfCare.UNABLE)])
    result = ca.assess(home, on=ON, schemes=["home_service", "canteen", "bathing"])
    looked = {gap.cause: gap.where_to_look for gap in result.not_assessed}
    assert "五类老年人" in looked["home_service_groups"]
    assert "长者饭堂" in looked["canteen_groups"]
    assert "助浴" in looked["bathing_groups"]
    assert not result.column(services.home_service_entitled).known.any()


# --- canteens ---------------------------------------------------------------------------------------------------------


def test_the_discount_is_asked_for_only_of_whom_it_is_for() -> None:
    everybody = {"canteen_groups": ["everybody:any"]}
    book = assuming(meal_discount=500, meals_a_day=2, **everybody)
    assert told(services.canteen_discount, book=book) == 500
    assert told(services.canteen_meals_a_day, book=book) == 2
    young = {"birth_date": born(60, to_come=True)}
    assert told(services.canteen_discount, young, book=book) == 0
    assert told(services.canteen_discount, book=assuming(**everybody)) is None
    assert told(services.canteen_discount, young) == 0


# --- vouchers ---------------------------------------------------------------------------------------------------------

VOUCHERS: dict[str, Any] = {"voucher_groups": ["everybody:unable"], "voucher_rate": HALF, "voucher_cap": CAP}


@pytest.mark.parametrize(
    ("bill", "voucher"),
    [
        (50_000, 25_000),
        (200_000, CAP),
        (0, 0),
        (1, 1),  # half a fen, upwards
        (101, 51),
        (2 * CAP, CAP),
        (2 * CAP - 1, CAP),
        (2 * CAP - 2, CAP - 1),
        (2 * CAP + 1, CAP),
    ],
)
def test_a_voucher_covers_a_part_up_to_its_cap(bill: int, voucher: int) -> None:
    facts = CANNOT | {"home_service_bill": bill}
    assert told(services.home_service_voucher, facts, book=assuming(**VOUCHERS)) == voucher


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9), st.fractions(0, 1, max_denominator=20), st.integers(0, 10**6))
def test_a_voucher_by_fractions(bill: int, rate: Fraction, cap: int) -> None:
    book = assuming(**(VOUCHERS | {"voucher_rate": rate, "voucher_cap": cap}))
    exact = bill * rate
    covered = int(exact + Fraction(1, 2))
    assert told(services.home_service_voucher, CANNOT | {"home_service_bill": bill}, book=book) == min(covered, cap)


def test_no_bill_is_asked_for_of_whom_vouchers_are_not_for() -> None:
    book = assuming(**VOUCHERS)
    assert told(services.home_service_voucher, ABLE | {"home_service_bill": None}, book=book) == 0
    assert told(services.home_service_voucher, CANNOT | {"home_service_bill": None}, book=book) is None


def test_whether_vouchers_go_beside_extreme_hardship_is_asked_only_there() -> None:
    facts = CANNOT | {"home_service_bill": 50_000}
    assert told(services.home_service_voucher, facts, book=assuming(**VOUCHERS)) == 25_000
    assert told(services.home_service_voucher, facts | POOR, book=assuming(**VOUCHERS)) is None
    for beside, voucher in ((True, 25_000), (False, 0)):
        book = assuming(voucher_beside_tekun=beside, **VOUCHERS)
        assert told(services.home_service_voucher, facts | POOR, book=book) == voucher
    both = assuming(voucher_beside_tekun=True, **VOUCHERS)
    assert told(services.voucher_entitled, facts | {"recorded_tekun": None}, book=both) is True


# --- home-care beds and adaptations -----------------------------------------------------------------------------------

BEDS: dict[str, Any] = {"home_bed_groups": ["tekun:unable", "family_planning_special:unable"]}


@pytest.mark.parametrize(
    ("couple", "household", "beds"),
    [((ABLE, ABLE), False, 0), ((ABLE, CANNOT), True, 1), ((CANNOT, ABLE), True, 1), ((CANNOT, CANNOT), True, 2)],
)
def test_a_couple_is_one_household_with_a_bed_for_each(
    couple: tuple[dict[str, Any], ...], household: bool, beds: int
) -> None:
    people = [BEREFT | one for one in couple]
    assert told(services.home_bed_household, *people, book=assuming(**BEDS)) is household
    assert told(services.home_beds, *people, book=assuming(**BEDS)) == beds


def test_one_bed_makes_the_household_whatever_the_other_is() -> None:
    people = [BEREFT | CANNOT, BEREFT | {"self_care": None}]
    assert told(services.home_bed_household, *people, book=assuming(**BEDS)) is True
    assert told(services.home_beds, *people, book=assuming(**BEDS)) is None


@pytest.mark.parametrize(
    ("quote", "grant"), [(420_000, 300_000), (300_001, 300_000), (300_000, 300_000), (299_999, 299_999), (0, 0)]
)
def test_a_grant_is_the_quote_up_to_the_cap(quote: int, grant: int) -> None:
    book = assuming(adaptation_cap=300_000, **BEDS)
    assert told(services.adaptation_grant, BEREFT | CANNOT, book=book, adaptation_quote=quote) == grant


def test_a_dwelling_adapted_before() -> None:
    facts, quote = BEREFT | CANNOT, 250_000
    for once_only, grant in ((True, 0), (False, quote)):
        book = assuming(adaptation_cap=300_000, adaptation_once_only=once_only, **BEDS)
        again = told(services.adaptation_grant, facts, book=book, already_adapted=True, adaptation_quote=quote)
        assert again == grant
        assert told(services.adaptation_grant, facts, book=book, adaptation_quote=quote) == quote
    # Where a city pays again nobody asks about works before; where there were none nobody asks if a city pays again.
    again_paid = assuming(adaptation_cap=300_000, adaptation_once_only=False, **BEDS)
    unsaid = told(services.adaptation_grant, facts, book=again_paid, already_adapted=None, adaptation_quote=quote)
    assert unsaid == quote
    silent = assuming(adaptation_cap=300_000, **BEDS)
    assert told(services.adaptation_grant, facts, book=silent, adaptation_quote=quote) == quote
    assert told(services.adaptation_grant, facts, book=silent, already_adapted=True, adaptation_quote=quote) is None


def test_nothing_is_granted_without_consent_or_to_other_households() -> None:
    book = assuming(adaptation_cap=300_000, **BEDS)
    facts = BEREFT | CANNOT
    refused = told(services.adaptation_grant, facts, book=book, adaptation_consent=False, adaptation_quote=None)
    assert refused == 0
    assert told(services.adaptation_grant, facts, book=book, adaptation_consent=None, adaptation_quote=1) is None
    assert told(services.adaptation_grant, ABLE, book=book, adaptation_consent=None, adaptation_quote=None) == 0


def test_a_household_is_assessed_through_the_front_door() -> None:
    couple = [
        attrs.evolve(OLD, self_care=SelfCare.UNABLE, recorded_tekun=True),
        attrs.evolve(OLD, person_id="P2", relation=ca.Relation.SPOUSE),
    ]
    home = attrs.evolve(HOME, members=couple, adaptation_quote=420_000)
    book = assuming(adaptation_cap=300_000, **BEDS)
    result = ca.assess(home, on=ON, schemes=["home_bed"], rulebook=book)
    assert result[services.home_bed_household].tolist() == [True]
    assert result[services.home_beds].tolist() == [1]
    assert result[services.adaptation_grant].tolist() == [300_000]
    assert "tekun:unable" in str(result.explain("H", rule=services.home_bed_household))
