"""The register of place names, its gazetteer, and the cases that the docs show."""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from civaffairs.errors import UsageError
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.kinds import Event
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.gazetteer import COLUMNS, Gazetteer
from civaffairs.registers.names.pinyin_search import NameText
from civaffairs.registers.names.place_name_states import IN_FORCE, ApproverKind, PlaceNameAction, PlaceNameState
from civaffairs.registers.names.place_names import PLACE_NAMES, PlaceName
from civaffairs.registers.names.reported import count_stories
from civaffairs.registers.names.romanisation import romanise
from civaffairs.registers.names.scopes import DivisionLevel, Scope, scope_kinds, scope_names
from civaffairs.registers.names.sounds import sounds_alike
from civaffairs.registers.validity import Severity

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from made_up_names import made_up_columns, made_up_gazetteer

CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "place_names.toml").read_text("utf-8"))
DAY, ONE = date(2024, 3, 1), timedelta(1)
A, STREET = PlaceNameAction, PlaceNameCategory.STREET


def event(action: PlaceNameAction, key: str = "a", on: date = DAY, **facts: Fact) -> Event:
    return Event(key=key, action=action, on=on, document="a made-up paper", facts=facts)


def street(action: PlaceNameAction, key: str = "a", on: date = DAY, **facts: Fact) -> Event:
    told: dict[str, Fact] = {
        "category": STREET, "place": "450103", "specific": "江南", "generic": "路", "built_up_area": "east",
    }  # fmt: skip
    return event(action, key, on, **(told | facts))


def approved(key: str = "a", on: date = DAY, kind: ApproverKind = ApproverKind.GOVERNMENT) -> Event:
    return event(A.APPROVE, key, on, approved_on=on, approver_kind=kind, approved_by="a made-up city")


def named(*events: Event) -> Register[PlaceName]:
    return Register(PLACE_NAMES).add(*events)


def told(register: Register[PlaceName], on: date) -> set[str]:
    return {found.rule.name for found in register.validate(on).violations}


@pytest.mark.parametrize("case", CASES["spelling"], ids=lambda case: case["text"])
def test_spellings(case: Mapping[str, str]) -> None:
    assert romanise(case["specific"], case["generic"]).text == case["text"]


@pytest.mark.parametrize("case", CASES["filing"], ids=lambda case: f"{case['filed']} {case['announced']}")
def test_filing_and_announcing(case: Mapping[str, Any]) -> None:
    kind = ApproverKind[case.get("approver", "government").upper()]
    events = [street(A.PROPOSE, on=case["approved"] - ONE), approved(on=case["approved"], kind=kind)]
    events += [
        event(A.FILE, on=case["filed"], filed_on=case["filed"]),
        event(A.ANNOUNCE, on=case["announced"], announced_on=case["announced"]),
    ]
    register = Register(PLACE_NAMES).add(*events, record_breaches=True)
    assert told(register, date(2024, 6, 1)) == set(case["told"])
    breach = any(name.endswith("in_time") for name in case["told"])
    if breach:
        with pytest.raises(EventRefused, match="within the period"):
            named(*events)
    else:
        named(*events)


@pytest.mark.parametrize(("days", "found"), [
    (15, set()), (17, set()), (18, {"filed_by_now", "announced_by_now"}),
])  # fmt: skip
def test_what_is_not_done_is_told_when_the_period_is_surely_over(days: int, found: set[str]) -> None:
    register = named(street(A.PROPOSE), approved())  # the fifteenth day is a Saturday
    assert told(register, DAY + timedelta(days)) == found


def test_a_department_s_name_is_not_announced_late_before_it_is_filed() -> None:
    register = named(street(A.PROPOSE), approved(kind=ApproverKind.OTHER_DEPARTMENT))
    assert told(register, date(2024, 12, 1)) == {"filed_by_now"}


def test_names_approved_before_the_regulation_and_of_divisions_are_not_held_to_its_periods() -> None:
    before = named(street(A.PROPOSE, on=date(2022, 4, 29)), approved(on=date(2022, 4, 30)))
    assert told(before, date(2024, 1, 1)) == set()
    facts = street(A.PROPOSE, category=PlaceNameCategory.DIVISION, division_level=DivisionLevel.TOWNSHIP)
    assert told(named(facts, approved()), date(2024, 12, 1)) == set()


def test_a_name_lives_from_proposal_to_change() -> None:
    register = named(
        street(A.PROPOSE), approved(on=DAY + ONE), event(A.FILE, on=DAY + 2 * ONE, filed_on=DAY + 2 * ONE),
        event(A.ANNOUNCE, on=DAY + 3 * ONE, announced_on=DAY + 3 * ONE),
        street(A.PROPOSE, "b", DAY + 3 * ONE, specific="长乐"), approved("b", DAY + 4 * ONE),
        event(A.RENAME, on=DAY + 4 * ONE, successor="b"),
    )  # fmt: skip
    states = [register.as_of(DAY + days * ONE)["a"].state for days in range(5)]
    S = PlaceNameState
    assert states == [S.PROPOSED, S.APPROVED, S.APPROVED, S.IN_USE, S.RENAMED]
    assert register.as_of(DAY)["a"].standard_name == "江南路"


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([event(A.APPROVE)], "not open to a record that has not begun"),
        ([street(A.PROPOSE, specific="")], "specific.*is missing"),
        ([street(A.PROPOSE, specific="江 南")], "without blanks"),
        ([street(A.PROPOSE, category=None)], "category.*is missing"),
        ([street(A.PROPOSE, category=DivisionLevel.TOWNSHIP)], "category"),
        ([street(A.PROPOSE, place="45")], "place"),
        ([street(A.PROPOSE, longitude=200)], "longitude"),
        ([street(A.PROPOSE, stories="one")], "stories.*wrong type"),
        ([street(A.PROPOSE, approved_on=DAY)], "not for propose to state"),
        ([street(A.PROPOSE, meening="m")], "did you mean 'meaning'"),
        ([street(A.PROPOSE), event(A.APPROVE, approved_on=DAY)], "approver_kind.*is missing"),
        (
            [street(A.PROPOSE), event(
                A.APPROVE, approved_on=DAY - ONE, approver_kind=ApproverKind.GOVERNMENT, approved_by="city"
            )],
            "approved_on is 2024-02-29, and the event is of 2024-03-01",
        ),
        ([street(A.PROPOSE), event(A.FILE, filed_on=DAY)], "file on 2024-03-01 is not open"),
        (
            [street(A.PROPOSE), approved(), event(A.FILE, filed_on=DAY), event(A.FILE, filed_on=DAY)],
            "was filed on 2024-03-01 already",
        ),
        ([street(A.PROPOSE), approved(), event(A.RENAME, successor="a")], "tells another name"),
        ([street(A.PROPOSE), approved(), event(A.RENAME, successor="z")], "tells another name"),
        ([street(A.PROPOSE), event(A.REFUSE), approved()], "not open to a record that is refused"),
        ([street(A.RECORD, in_use_since=DAY + ONE)], "in_use_since is 2024-03-02, after the event"),
        ([street(A.RECORD, approved_on=DAY, filed_on=DAY - ONE)], "not filed before it is approved"),
        ([street(A.RECORD, approved_on=DAY, announced_on=DAY - ONE)], "not announced before it is approved"),
        (
            [street(A.RECORD, protected=True, protected_list="list"), street(A.RECORD, "b", specific="长乐"),
             event(A.RENAME, successor="b")],
            "Measures of protection are fixed before",
        ),
        ([street(A.RECORD), street(A.PROPOSE, "b"), approved("b")], "of one built-up area have one name"),
    ],
)  # fmt: skip
def test_a_bad_event_changes_nothing_and_says_why(events: list[Event], why: str) -> None:
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        named(*events)


def test_a_protected_name_is_changed_with_measures() -> None:
    register = named(
        street(A.RECORD), event(A.PROTECT, protected=True, protected_list="a made-up list"),
        street(A.RECORD, "b", specific="长乐"),
        event(A.RENAME, successor="b", protection_measures="a made-up plan"),
    )  # fmt: skip
    assert told(register, DAY) == set()


def test_old_twins_stand_and_a_rare_character_is_told() -> None:
    twins = named(street(A.RECORD), street(A.RECORD, "b"))  # in use before anybody asked
    assert told(twins, DAY) == set()
    rare = named(street(A.PROPOSE, specific="龘山"), approved())
    assert told(rare, DAY) == {"characters_are_standard"}


@pytest.mark.parametrize(
    ("facts", "other", "rule_name"),
    [
        ({"category": PlaceNameCategory.COMMITTEE_SEAT, "generic": ""}, {}, "one_committee_seat_in_a_county"),
        ({"category": PlaceNameCategory.COMMITTEE_SEAT, "generic": ""}, {"place": "450102"}, ""),
        ({"category": PlaceNameCategory.ESTATE_OR_BUILDING}, {}, "one_street_or_estate_in_a_built_up_area"),
        ({"category": PlaceNameCategory.ESTATE_OR_BUILDING}, {"built_up_area": "west"}, ""),
        ({"category": PlaceNameCategory.ESTATE_OR_BUILDING}, {"category": STREET}, ""),
        (
            {"category": PlaceNameCategory.DIVISION, "division_level": DivisionLevel.TOWNSHIP},
            {"place": "451025"}, "one_division_in_province_or_nation",
        ),
        ({"category": PlaceNameCategory.DIVISION, "division_level": DivisionLevel.TOWNSHIP}, {"place": "440103"}, ""),
        (
            {"category": PlaceNameCategory.DIVISION, "division_level": DivisionLevel.COUNTY_OR_ABOVE},
            {"place": "440103"}, "one_division_in_province_or_nation",
        ),
        ({"category": PlaceNameCategory.NATURAL_FEATURE, "famous": True}, {"place": "440103"}, "one_famous_feature"),
        ({"category": PlaceNameCategory.NATURAL_FEATURE, "famous": True}, {"famous": False}, ""),
        ({"category": PlaceNameCategory.PARK}, {}, ""),
    ],
)  # fmt: skip
def test_a_name_is_one_in_its_scope(facts: dict[str, Any], other: dict[str, Any], rule_name: str) -> None:
    first = named(street(A.RECORD, "b", **(facts | other)))
    register = first.add(street(A.PROPOSE, **facts), approved(), record_breaches=True)
    assert told(register, DAY) == ({rule_name} - {""})
    assert {found.key for found in register.validate(DAY).violations} == ({"a"} if rule_name else set())


@pytest.mark.parametrize(("facts", "fact"), [
    ({"built_up_area": ""}, "built_up_area"),
    ({"category": PlaceNameCategory.DIVISION}, "division_level"),
    ({"category": PlaceNameCategory.NATURAL_FEATURE}, "famous"),
])  # fmt: skip
def test_a_name_whose_scope_is_not_stated_is_not_checked(facts: dict[str, Any], fact: str) -> None:
    found = named(street(A.PROPOSE, **facts), approved()).validate(DAY)
    assert [each.reason for each in found.unchecked] == [f"{fact} is not stated"]
    assert not named(street(A.PROPOSE), approved()).validate(DAY).unchecked


# Scopes.


def kinds_of(category: PlaceNameCategory, level: int = -1, famous: int = -1) -> int:
    return int(scope_kinds(np.array([category.number]), np.array([level]), np.array([famous]))[0])


@pytest.mark.parametrize(("category", "level", "famous", "scope"), [
    (PlaceNameCategory.DIVISION, DivisionLevel.COUNTY_OR_ABOVE, None, Scope.NATION),
    (PlaceNameCategory.DIVISION, DivisionLevel.TOWNSHIP, None, Scope.PROVINCE),
    (PlaceNameCategory.DIVISION, DivisionLevel.STREET_OFFICE, None, None),
    (PlaceNameCategory.DIVISION, None, None, None),
    (PlaceNameCategory.NATURAL_FEATURE, None, True, Scope.NATION),
    (PlaceNameCategory.NATURAL_FEATURE, None, False, None),
    (PlaceNameCategory.NATURAL_FEATURE, None, None, None),
    (PlaceNameCategory.COMMITTEE_SEAT, None, None, Scope.COUNTY),
    (PlaceNameCategory.STREET, None, None, Scope.BUILT_UP_AREA),
    (PlaceNameCategory.ESTATE_OR_BUILDING, None, None, Scope.BUILT_UP_AREA),
    (PlaceNameCategory.PARK, None, None, None),
    (PlaceNameCategory.FACILITY, None, None, None),
    (PlaceNameCategory.OTHER, None, None, None),
])  # fmt: skip
def test_the_scope_goes_by_the_category(
    category: PlaceNameCategory, level: DivisionLevel | None, famous: bool | None, scope: Scope | None
) -> None:
    found = kinds_of(category, -1 if level is None else level.number, -1 if famous is None else int(famous))
    assert found == (-1 if scope is None else scope.number)


def test_streets_and_estates_are_scopes_of_their_own_and_retired_codes_are_carried_over() -> None:
    both = np.array([STREET.number, PlaceNameCategory.ESTATE_OR_BUILDING.number])
    area = np.array([Scope.BUILT_UP_AREA.number] * 2)
    assert len(set(scope_names(area, both, np.array(["450103"] * 2), np.array(["east"] * 2), DAY))) == 2
    county, seat = np.array([Scope.COUNTY.number]), np.array([PlaceNameCategory.COMMITTEE_SEAT.number])
    now = {
        year: str(scope_names(county, seat, np.array(["450127"]), np.array([""]), date(year, 6, 1))[0])
        for year in (2020, 2023)
    }
    assert now == {2020: "committee_seat county 450127", 2023: "committee_seat county 450181"}


# The gazetteer.


def gazetteer(*events: Event, on: date = DAY, tones: bool = False) -> Gazetteer:
    return Gazetteer.of(named(*events).as_of(on), tones=tones)


CHANGED = (
    street(A.RECORD, former_names=("老街", "大街")), street(A.RECORD, "b", specific="长乐"),
    street(A.RECORD, "c", specific="将南"), street(A.RECORD, "d", specific="江南", built_up_area="west"),
    event(A.RENAME, on=DAY + ONE, successor="b"),
)  # fmt: skip


def keys(found: tuple[Any, ...]) -> list[str]:
    return [each.key for each in found]


def test_names_are_found_as_of_a_day() -> None:
    before, after = gazetteer(*CHANGED), gazetteer(*CHANGED, on=DAY + ONE)
    assert keys(before.find("江南路")) == ["a", "d"]
    assert keys(after.find("江南路")) == ["d"]
    assert keys(before.find_former("江南路")) == []
    assert keys(after.find_former("江南路")) == keys(after.find_former("老街")) == ["b"]
    assert keys(before.find_former("大街")) == ["a"]
    assert keys(after.search("江南", all_states=True)) == ["a", "d"]
    assert keys(after.search("江南")) == ["d"]
    assert len(gazetteer(on=DAY - ONE)) == 0


def test_homophones_are_told_within_a_scope() -> None:
    assert [keys(group) for group in gazetteer(*CHANGED).homophones()] == [["a", "c"]]
    assert gazetteer(*CHANGED, on=DAY + ONE).homophones() == ()
    assert keys(gazetteer(*CHANGED, tones=True).same_sound("江南路")) == ["a", "c", "d"]  # 将 is read jiāng as well
    assert keys(gazetteer(*CHANGED).same_sound("常乐路")) == ["b"]


@pytest.mark.parametrize(("query", "names"), [
    ("jiangnan", ["江南路"]), ("Jiang Nan", ["江南路"]), ("jiāngnán", ["江南路"]), ("jiàngnán", []), ("jiang nán", []),
    ("xian", ["西安路", "先锋路"]), ("xi'an", ["西安路"]), ("lvdi", ["绿地路"]), ("LÜDI LU", ["绿地路"]),
    ("lǜdì", ["绿地路"]),
    ("chang", ["长乐路"]), ("zhang le", ["长乐路"]), ("安", ["西安路"]), ("江 南", ["江南路"]),
    ("51", ["51路"]), ("wuyi", ["51路"]),
    ("", []), ("   ", []), ("q", []), ("(", []), ("nanlu", ["江南路"]), ("龙", []), ("'", []),
])  # fmt: skip
def test_search(query: str, names: list[str]) -> None:
    every = ["江南路", "西安路", "先锋路", "绿地路", "长乐路", "51路"]
    assert [every[row] for row in NameText.of(every).search(query)] == names


@given(st.lists(st.text("江南长安西先乐绿龙", min_size=1, max_size=4), max_size=12), st.data())
def test_a_name_is_found_by_each_part_of_it(names: list[str], data: st.DataObject) -> None:
    text = NameText.of(names)
    for row, name in enumerate(names):
        start = data.draw(st.integers(0, len(name) - 1))
        assert row in text.search(name[start:])
        assert row in text.search(romanise(name, "").text)
    part = data.draw(st.text("江南长安", min_size=1, max_size=2))
    assert set(text.search(part)) == {row for row, name in enumerate(names) if part in name}


@given(
    st.lists(st.tuples(st.text("江将南长常乐", min_size=1, max_size=2), st.sampled_from(["east", "west"])), max_size=9)
)
@settings(max_examples=50, deadline=None)
def test_the_gazetteer_says_what_one_says_by_going_from_name_to_name(places: list[tuple[str, str]]) -> None:
    events = [street(A.RECORD, f"{n}", specific=name, built_up_area=area) for n, (name, area) in enumerate(places)]
    found = gazetteer(*events)
    for (name, _), key in zip(places, map(str, range(len(places))), strict=True):
        assert key in keys(found.find(name + "路"))
        alike = [k for k, (other, _) in enumerate(places) if sounds_alike(name, other, tones=False)]
        assert keys(found.same_sound(name + "路")) == [str(k) for k in alike]
    pairs = {
        frozenset((m, n))
        for (m, one), (n, other) in product(enumerate(places), repeat=2)
        if one[1] == other[1] and one[0] != other[0] and sounds_alike(one[0], other[0], tones=False)
    }
    grouped = {frozenset(map(int, keys(group))) for group in found.homophones()}
    assert all(any(pair <= group for group in grouped) for pair in pairs)
    assert all(any(pair <= group for pair in pairs) for group in grouped)


def test_a_gazetteer_is_made_of_place_names_only() -> None:
    columns = made_up_columns(4)
    with pytest.raises(UsageError, match="missing: \\['specific'\\]"):
        Gazetteer.of_columns({name: of for name, of in columns.items() if name != "specific"}, DAY, tones=False)
    with pytest.raises(UsageError, match="of one length"):
        Gazetteer.of_columns(columns | {"place": columns["place"][:1]}, DAY, tones=False)
    with pytest.raises(KeyError, match=r"no place name has the key 'S00000'.*did you mean"):
        made_up_gazetteer(4)["S00000"]


def test_columns_and_records_make_the_same_gazetteer() -> None:
    one = gazetteer(*CHANGED, on=DAY + ONE)
    other = Gazetteer.of_columns(named(*CHANGED).as_of(DAY + ONE).columns(*COLUMNS), DAY + ONE, tones=False)
    assert [one.listed(row) for row in range(4)] == [other.listed(row) for row in range(4)]
    assert repr(one) == "<gazetteer of 4 place names on 2024-03-02, 3 in force>"


def test_twenty_thousand_names_are_searched_at_once() -> None:
    found = made_up_gazetteer(20_000)
    assert len(set(zip(found.names, found.scopes, strict=True))) == 20_000
    begun = time.perf_counter()
    assert len(found.search("jiangnan", limit=10**6)) == sum("江南" in name for name in found.names)
    assert time.perf_counter() - begun < 1


def test_stories_are_counted_once_beside_the_report() -> None:
    view = named(street(A.RECORD, stories=("one", "two")), street(A.RECORD, "b", stories=("two",)))
    counted = count_stories(view.as_of(DAY))
    assert (counted.counted, counted.names, counted.difference) == (2, 2, -240)


class Names(RuleBasedStateMachine):
    """Any sequence of events keeps every invariant, or is refused and changes nothing."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.register = Register(PLACE_NAMES)
        self.day = DAY

    @rule(
        action=st.sampled_from([a for a in A if a is not A.RECORD]), key=st.sampled_from("abc"),
        other=st.sampled_from("abc"), specific=st.sampled_from(["江南", "长乐"]), wait=st.integers(0, 12),
    )  # fmt: skip
    def something_happens(self, action: PlaceNameAction, key: str, other: str, specific: str, wait: int) -> None:
        """Enter an event, or see that the register is as it was."""
        self.day += timedelta(wait)
        facts: dict[PlaceNameAction, Event] = {
            A.PROPOSE: street(A.PROPOSE, key, self.day, specific=specific), A.APPROVE: approved(key, self.day),
            A.FILE: event(A.FILE, key, self.day, filed_on=self.day),
            A.ANNOUNCE: event(A.ANNOUNCE, key, self.day, announced_on=self.day),
            A.PROTECT: event(A.PROTECT, key, self.day, protected=True, protected_list="list"),
            A.RENAME: event(A.RENAME, key, self.day, successor=other),
        }  # fmt: skip
        before = self.register
        try:
            self.register = before.add(facts.get(action, event(action, key, self.day)))
        except EventRefused:
            assert self.register is before
        else:
            assert len(self.register.events) == len(before.events) + 1

    @invariant()
    def names_are_one_in_their_scope(self) -> None:
        """No two streets of the town have one name in force, and nothing binding is broken."""
        view = self.register.as_of(self.day)
        living = [each.standard_name for each in view.values() if each.state in IN_FORCE]
        assert len(living) == len(set(living))
        assert not self.register.validate(self.day).of(Severity.INVARIANT, Severity.BREACH)
        for each in view.values():
            assert (each.approved_on is None) == (each.state in (PlaceNameState.PROPOSED, PlaceNameState.REFUSED))
            if each.state is PlaceNameState.RENAMED:
                assert each.successor in view
                assert each.successor != each.key
        found = Gazetteer.of(view, tones=False)
        assert all(found.find(name) for name in living)


TestNames = Names.TestCase
TestNames.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
