"""Children's institutions, stations, funeral homes, centres of rehabilitation; and the cases that the docs show."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from test_placements import event as placement
from test_placements import stay
from test_rehabilitation import TWELVE
from test_staff import appoint, leave

from civaffairs.law.citation import document
from civaffairs.registers.children.homes import (
    CHILDREN_INSTITUTIONS,
    CareFunction,
    ChildrenInstitution,
    ChildrenInstitutionKind,
)
from civaffairs.registers.children.placements import PLACEMENTS, PlacedWith, PlacementAction
from civaffairs.registers.children.staff import STAFF
from civaffairs.registers.children.staffing import DIRECTORS_REPORTED, real_units, staffing
from civaffairs.registers.divisions.township_checks import UnitKind
from civaffairs.registers.divisions.townships import shipped_townships
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.institutions.base import InstitutionAction, InstitutionState
from civaffairs.registers.institutions.closed_sets import has, texts_of, within
from civaffairs.registers.institutions.coverage import county_coverage
from civaffairs.registers.institutions.funeral_homes import FUNERAL_HOMES
from civaffairs.registers.institutions.rehabilitation_centres import (
    REHAB_CENTRES,
    CentreFunction,
    CentreLevel,
    cities_without_hub,
)
from civaffairs.registers.institutions.stations import STATIONS, StationFunction
from civaffairs.registers.institutions.stays import STAYS, StayAction, target_group
from civaffairs.registers.kinds import Event, RegisterKind
from civaffairs.registers.validity import Severity
from civaffairs.research.report import shipped_report

DAY, ONE = date(2024, 3, 1), timedelta(1)
CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "children_institutions.toml").read_text("utf-8"))
UNIT = "450102001"


def test_the_report_s_figures_are_those_of_the_cases() -> None:
    told, report = CASES["report"], shipped_report()
    assert (report["child_supervisors"].value, report["child_directors"].value) == (
        told["supervisors"], told["directors"],
    )  # fmt: skip
    counted = shipped_townships().counts()
    kinds = {"streets": UnitKind.STREET, "towns": UnitKind.TOWN, "townships": UnitKind.TOWNSHIP}
    for name, kind in kinds.items():
        assert sum(each[kind] for each in counted.values()) == told[name]
    assert len(real_units(shipped_townships())) == told["supervisors"]
    mean = Fraction(DIRECTORS_REPORTED, told["supervisors"])
    assert f"{float(mean):.2f}" == told["directors_a_unit"]


@pytest.mark.parametrize("case", CASES["supervisor"], ids=lambda case: case["title"])
def test_supervisors_of_a_unit(case: Mapping[str, Any]) -> None:
    register = Register(STAFF)
    for number, (begins, ends) in enumerate(case["terms"]):
        events = [appoint(f"c{number}", date.fromisoformat(begins), UNIT)]
        events += [leave(f"c{number}", date.fromisoformat(ends))] if ends else []
        register = register.add(*events, record_breaches=True)
    day = staffing(register.as_of(case["on"]), [UNIT])
    assert day.supervisors.tolist() == [case["serving"]]
    assert day.missing == ((UNIT,) if case["serving"] == 0 else ())
    assert day.doubled == ((UNIT,) if case["serving"] > 1 else ())


@pytest.mark.parametrize("case", CASES["coverage"], ids=lambda case: str(case["offering"]))
def test_counties_that_offer_rehabilitation(case: Mapping[str, Any]) -> None:
    found = county_coverage(TWELVE[: case["offering"]], TWELVE, case["on"], "450100")
    assert found.share == Fraction(case["share"])
    assert found.reached is case.get("reached")


@pytest.mark.parametrize("case", CASES["stay"], ids=lambda case: str(case["on"]))
def test_stays(case: Mapping[str, Any]) -> None:
    on = case["entered"]
    events = [stay(StayAction.ASK, on=on), stay(StayAction.ADMIT, on=on)]
    events += [stay(StayAction.REPORT_EXTENSION, on=case["reported"])] if "reported" in case else []
    found = Register(STAYS).add(*events).validate(case["on"])
    assert ("longer_stay_is_reported" in {each.rule.name for each in found.violations}) is case["over"]


@pytest.mark.parametrize("case", CASES["group"], ids=lambda case: str(case["on"]))
def test_the_name_of_the_group(case: Mapping[str, Any]) -> None:
    assert target_group(case["on"])[0].label_zh == case["name"]


def register_of(kind: RegisterKind[Any], key: str, **facts: Fact) -> Register[Any]:
    return Register(kind).add(opened(key, **facts), record_breaches=True)


def opened(key: str, **facts: Fact) -> Event:
    told: dict[str, Fact] = {"place": "450103", "name": f"made up {key}"}
    return Event(key=key, action=InstitutionAction.OPEN, on=DAY, document="licence", facts=told | facts)


def happens(key: str, action: InstitutionAction, on: date = DAY, **facts: Fact) -> Event:
    return Event(key=key, action=action, on=on, document="paper", facts=facts)


def told(register: Register[Any], on: date = DAY) -> set[str]:
    return {found.rule.name for found in register.validate(on).violations}


def home(**facts: Fact) -> Register[ChildrenInstitution]:
    given: dict[str, Fact] = {
        "kind": ChildrenInstitutionKind.CHILDREN_HOME, "functions": texts_of(CareFunction), "beds": 2, "residents": 1,
    }  # fmt: skip
    return Register(CHILDREN_INSTITUTIONS).add(opened("home", **(given | facts)))


def cm2(square_metres: str) -> int:
    return int(Decimal(square_metres) * 10_000)


def test_the_new_campus_is_consistent_and_one_square_centimetre_more_is_not() -> None:
    campus = CASES["campus"]
    floors = {f"{name}_cm2": cm2(campus[name]) for name in ("floor", "home_floor", "school_floor", "underground_floor")}
    facts: dict[str, Fact] = {"beds": campus["beds"], "land_cm2": cm2(campus["land"]), **floors}
    register = home(residents=0, place=campus["place"], **facts)
    assert told(register) == set()
    assert document(campus["source"]).published_by(date(2025, 12, 31))
    record = register.as_of(DAY)["home"]
    assert (record.beds, record.land_cm2, record.floor_cm2) == (600, 333_422_500, 400_040_500)
    with pytest.raises(EventRefused, match="add up to the floor"):
        home(**(facts | {"floor_cm2": floors["floor_cm2"] + 1}))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"residents": 3}, "no more residents than beds"),
        ({"beds": -1}, "beds"),
        ({"beds": 2.5}, "wrong type"),
        ({"functions": ("raise", "cook")}, "among 养、治、教、康、置"),
        ({"functions": ("teach", "raise")}, "in this order"),
        ({"functions": ("raise", "raise")}, "each once"),
        ({"kind": None}, "kind.*is missing"),
        ({"kind": CareFunction.RAISE}, "kind"),
        ({"name": ""}, "name.*is missing"),
        ({"place": "45"}, "place"),
        ({"credit_code": "52450103MJX000026H"}, "can have been issued"),
        ({"bed": 3}, "no fact of the register.*did you mean 'beds'"),
    ],
)
def test_a_bad_institution_is_refused_with_the_reason(facts: dict[str, Fact], why: str) -> None:
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        home(**facts)


def test_an_institution_that_does_not_raise_children_is_looked_at() -> None:
    assert told(home(functions=texts_of([CareFunction.TEACH]))) == {"children_are_raised"}
    assert told(home(functions=())) == {"children_are_raised"}


@given(st.lists(st.sampled_from(list(CareFunction)), max_size=6))
def test_functions_are_a_subset_of_the_list(members: list[CareFunction]) -> None:
    register = home(functions=texts_of(members))
    columns = register.as_of(DAY).columns("functions")
    assert within(columns["functions"], CareFunction).all()
    assert {member for member in CareFunction if has(columns["functions"], member)[0]} == set(members)


def housed(key: str) -> tuple[Event, ...]:
    kept = placement(PlacementAction.TAKE_TEMPORARILY, key, placed=PlacedWith.WELFARE_INSTITUTION, institution="home")
    return placement(PlacementAction.FIND, key), kept


def test_children_are_placed_in_homes_that_are_registered_and_have_a_bed() -> None:
    beside = {"children_institutions": home()}
    placed = Register(PLACEMENTS, beside=beside).add(*housed("a"), *housed("b"))
    with pytest.raises(EventRefused, match="no more children than it has beds"):
        placed.add(*housed("c"))
    with pytest.raises(EventRefused, match="is in the register of children's institutions"):
        placed.add(placement(PlacementAction.PLACE_ELSEWHERE, "a", institution="another"))
    freed = placed.add(placement(PlacementAction.RETURN, "a"))
    assert len(freed.add(*housed("c")).as_of(DAY)) == 3
    alone = Register(PLACEMENTS).add(*housed("a")).validate(DAY)
    assert {each.rule.name for each in alone.unchecked} >= {"institution_is_registered", "institution_has_a_bed"}


GOOD_STATION: dict[str, Fact] = {
    "always_open": True, "rooms_by_sex": True, "women_by_women": True, "charges": False, "labour": False,
    "hinders_leaving": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "name"),
    [
        ("rooms_by_sex", "sexes_are_apart"),
        ("women_by_women", "sexes_are_apart"),
        ("charges", "nothing_is_charged"),
        ("labour", "nobody_is_put_to_work"),
        ("hinders_leaving", "everybody_may_leave"),
    ],
)
def test_what_the_measures_demand_is_a_breach_until_the_law_begins(fact: str, name: str) -> None:
    bad: dict[str, Fact] = GOOD_STATION | {fact: not GOOD_STATION[fact]}
    with pytest.raises(EventRefused):
        Register(STATIONS).add(opened("s", **bad))
    register = register_of(STATIONS, "s", **bad)
    last = date(2026, 6, 30)
    assert [(each.rule.name, each.rule.severity) for each in register.validate(last).violations] == [
        (name, Severity.BREACH)
    ]
    assert [(each.rule.name, each.rule.severity) for each in register.validate(last + ONE).violations] == [
        (name, Severity.REVIEW)
    ]
    assert told(register_of(STATIONS, "s", **GOOD_STATION)) == set()


def test_a_station_that_says_nothing_is_not_taken_to_keep_the_rules() -> None:
    unchecked = {each.rule.name for each in register_of(STATIONS, "s").validate(DAY).unchecked}
    assert unchecked >= {"sexes_are_apart", "nothing_is_charged", "received_at_all_hours"}
    assert told(register_of(STATIONS, "s", functions=texts_of(StationFunction))) == set()


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"always_fetches": True, "talks_until": 22, "same_day_before": 16}, set()),
        ({"always_fetches": False, "talks_until": 21, "same_day_before": 15}, {
            "fetches_at_all_hours", "talks_in_the_evening", "cremates_on_the_same_day"}),
        ({"always_fetches": False, "place": "310101"}, set()),  # another city has promised nothing
    ],
)  # fmt: skip
def test_funeral_homes_of_nanning_keep_their_promises(facts: dict[str, Fact], found: set[str]) -> None:
    assert told(register_of(FUNERAL_HOMES, "f", **facts)) == found
    with pytest.raises(EventRefused, match="places for"):
        Register(FUNERAL_HOMES).add(opened("f", remains=3, remains_places=2))


@pytest.mark.parametrize(("hours", "on", "short"), [
    (19, date(2026, 1, 1), True), (20, date(2026, 1, 1), False), (19, date(2025, 12, 31), False),
])  # fmt: skip
def test_staff_are_trained_twenty_hours_in_a_year_that_is_over(hours: int, on: date, short: bool) -> None:
    register = register_of(
        REHAB_CENTRES, "r", level=CentreLevel.COUNTY, training_year=2025, least_hours=hours, residents=0, beds=0
    )
    assert told(register, on) == ({"staff_are_trained"} if short else set())


def test_a_city_needs_a_hub_with_all_three_functions() -> None:
    three = texts_of(CentreFunction)
    cities = ["450100"]
    for level, functions, missing in (
        (CentreLevel.CITY, three, []),
        (CentreLevel.CITY, three[:2], cities),
        (CentreLevel.COUNTY, three, cities),
    ):
        register = register_of(REHAB_CENTRES, "r", level=level, functions=functions)
        assert list(cities_without_hub(register.as_of(DAY), cities)) == missing
    hub = register_of(REHAB_CENTRES, "r", level=CentreLevel.CITY, functions=three)
    suspended = hub.add(happens("r", InstitutionAction.SUSPEND))
    assert cities_without_hub(suspended.as_of(DAY), cities) == ("450100",)


class Homes(RuleBasedStateMachine):
    """Any sequence of events keeps residents within beds, or is refused and changes nothing."""

    def __init__(self) -> None:
        """Begin with one home."""
        super().__init__()
        self.register = home()
        self.day = DAY

    @rule(action=st.sampled_from(list(InstitutionAction)), number=st.integers(0, 4), wait=st.integers(0, 2))
    def something_happens(self, action: InstitutionAction, number: int, wait: int) -> None:
        """Enter an event, or see that the register is as it was."""
        self.day += timedelta(wait)
        facts: dict[InstitutionAction, dict[str, Fact]] = {
            InstitutionAction.COUNT: {"residents": number}, InstitutionAction.CHANGE: {"beds": number},
        }  # fmt: skip
        before = self.register
        was = before.as_of(self.day)["home"]
        beds, residents = was.beds or 0, was.residents or 0
        fits = {
            InstitutionAction.COUNT: number <= beds, InstitutionAction.CHANGE: residents <= number,
            InstitutionAction.OPEN: False, InstitutionAction.LICENSE: False,
            InstitutionAction.SUSPEND: was.state is InstitutionState.OPEN,
            InstitutionAction.RESUME: was.state is InstitutionState.SUSPENDED, InstitutionAction.CLOSE: True,
        }[action] and was.state is not InstitutionState.CLOSED  # fmt: skip
        try:
            self.register = before.add(happens("home", action, self.day, **facts.get(action, {})))
        except EventRefused:
            assert self.register is before
            assert not fits
        else:
            assert fits

    @invariant()
    def residents_have_beds(self) -> None:
        """Nobody is without a bed."""
        record = self.register.as_of(self.day)["home"]
        assert (record.residents or 0) <= (record.beds or 0)
        assert not self.register.validate(self.day).of(Severity.INVARIANT, Severity.BREACH)


TestHomes = Homes.TestCase
TestHomes.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
