"""A naming proposal: every rule broken, held and not checked, and what a verdict comes to."""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from civaffairs.errors import UsageError
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.kinds import Event
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.gazetteer import Gazetteer
from civaffairs.registers.names.name_lists import GenericUse, NameLists, SizeMeasure
from civaffairs.registers.names.naming_rules import Outcome
from civaffairs.registers.names.naming_rules_of_place import NAMING_RULES, papers_needed
from civaffairs.registers.names.place_name_states import ApproverKind, PlaceNameAction
from civaffairs.registers.names.place_names import PLACE_NAMES, PlaceName
from civaffairs.registers.names.proposal import ApplicationPaper, Conclusion, NameProposal, assess_proposal
from civaffairs.registers.names.romanisation import SpellingBasis
from civaffairs.registers.names.scopes import DivisionLevel
from civaffairs.registers.validity import Severity

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from made_up_names import ON, made_up_gazetteer

CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "place_names.toml").read_text("utf-8"))
DAY = date(2026, 8, 1)
C, BROKEN, WARNED, HELD, REVIEW = PlaceNameCategory, Outcome.BROKEN, Outcome.WARNED, Outcome.HELD, Outcome.REVIEW
NOT_CHECKED, NOT_APPLICABLE = Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE


def entered(
    key: str, specific: str, generic: str, action: PlaceNameAction = PlaceNameAction.RECORD, **facts: Fact
) -> Event:
    told: dict[str, Fact] = {"category": C.STREET, "place": "450103", "specific": specific, "generic": generic}
    return Event(key=key, action=action, on=date(2020, 1, 1), document="a made-up list", facts=told | facts)


TOWN: dict[str, Any] = {"category": C.DIVISION, "division_level": DivisionLevel.TOWNSHIP}
COUNTY: dict[str, Any] = {"category": C.DIVISION, "division_level": DivisionLevel.COUNTY_OR_ABOVE}
EVENTS = (
    entered("a", "江南", "路", built_up_area="east", protected=True, protected_list="a made-up list"),
    entered("b", "长安", "路", built_up_area="west", protected=False),
    entered("c", "江南", "苑", category=C.ESTATE_OR_BUILDING, built_up_area="east"),
    entered("d", "白鹤", "镇", **TOWN),
    entered("e", "青秀", "区", **COUNTY),
    entered("f", "新村", "", category=C.COMMITTEE_SEAT),
    entered("g", "金湖", "路", PlaceNameAction.PROPOSE, built_up_area="east"),
    entered("h", "白鹤", "山", category=C.NATURAL_FEATURE, famous=True),
)


def register() -> Register[PlaceName]:
    return Register(PLACE_NAMES).add(*EVENTS)


NAMES = Gazetteer.of(register().as_of(DAY), tones=False)
ALL_LISTS: dict[str, Any] = {
    "banned_words": ["坏词"], "generics": [GenericUse(generic="路", category=C.STREET)], "leaders": ["某领导"],
    "persons": ["张三"], "foreign_names": ["巴黎"], "companies_and_marks": ["万达"], "famous_features": ["白鹤山"],
    "divisions_of_the_nation": ["青秀区"], "townships_of_the_province": ["白鹤镇"], "heritage": ["古塔"],
    "features_beyond": ["大江"], "further_papers": [],
}  # fmt: skip
FULL = NameLists(**ALL_LISTS)


def proposal(**facts: Any) -> NameProposal:  # noqa: ANN401 -- whatever a proposal may state
    told: dict[str, Any] = {
        "specific": "明湖", "generic": "路", "category": C.STREET, "place": "450103", "built_up_area": "east",
        "meaning": "a clear lake", "meaning_confirmed": True, "papers": papers_needed(facts.get("category", C.STREET)),
    }  # fmt: skip
    return NameProposal(**(told | facts))


def outcomes(rule_id: str, made: NameProposal, lists: NameLists = FULL, on: date = DAY) -> set[Outcome]:
    return {found.outcome for found in assess_proposal(NAMES, made, on, lists=lists)[rule_id]}


@pytest.mark.parametrize(
    ("rule_id", "facts", "expected"),
    [
        ("N1", {}, {HELD}),
        ("N1", {"specific": "坏词"}, {REVIEW}),
        ("N1", {"meaning_confirmed": None}, {REVIEW}),
        ("N1", {"meaning_confirmed": False}, {BROKEN}),
        ("N1", {"meaning": ""}, {NOT_CHECKED}),
        ("N2", {}, {HELD}),
        ("N2", {"generic": "村"}, {WARNED}),
        ("N2", {"generic": ""}, {NOT_CHECKED}),
        ("N2", {"category": C.FACILITY}, {WARNED}),
        ("N3", {}, {HELD}),
        ("N3", {"specific": "龘湖"}, {BROKEN}),
        ("N3", {"specific": "A"}, {BROKEN}),
        ("N4", {}, {HELD}),
        ("N4", {"specific": "某领导"}, {BROKEN}),
        ("N4", {"specific": "某领导", "links": {"某领导": False}}, {BROKEN}),
        ("N4", {"specific": "张三"}, {REVIEW}),
        ("N4", {"specific": "张三", "links": {"张三": True}}, {REVIEW}),
        ("N4", {"specific": "张三", "links": {"张三": False}}, {HELD}),
        ("N5", {}, {HELD}),
        ("N5", {"specific": "东方巴黎"}, {BROKEN}),
        ("N6", {}, {HELD}),
        ("N6", {"specific": "新万达"}, {REVIEW}),
        ("N7", {}, {NOT_APPLICABLE}),
        ("N7", {**COUNTY, "specific": "青秀", "generic": "区"}, {BROKEN}),
        ("N7", {**COUNTY, "specific": "清秀", "generic": "区"}, {WARNED}),
        ("N7", {**COUNTY, "specific": "明湖", "generic": "区"}, {HELD}),
        ("N7", {"category": C.DIVISION}, {NOT_CHECKED}),
        ("N7", {"category": C.NATURAL_FEATURE}, {NOT_CHECKED}),
        ("N7", {"category": C.NATURAL_FEATURE, "famous": False}, {NOT_APPLICABLE}),
        ("N7", {"category": C.NATURAL_FEATURE, "famous": True, "specific": "白鹤", "generic": "山"}, {BROKEN}),
        ("N8", {"category": C.NATURAL_FEATURE, "famous": False}, {NOT_APPLICABLE}),
        ("N8", {"category": C.PARK}, {NOT_APPLICABLE}),
        ("N8", {"category": C.DIVISION, "division_level": DivisionLevel.STREET_OFFICE}, {NOT_APPLICABLE}),
        ("N8", {**TOWN, "specific": "白鹤", "generic": "镇", "place": "451025"}, {BROKEN}),
        (
            "N8",
            {**TOWN, "specific": "白鹤", "generic": "镇", "place": "441025"},
            {BROKEN},
        ),  # the list is of the province
        ("N8", {**TOWN, "specific": "明湖", "generic": "镇"}, {HELD}),
        ("N8", {"category": C.COMMITTEE_SEAT, "specific": "新村", "generic": ""}, {BROKEN}),
        ("N8", {"category": C.COMMITTEE_SEAT, "specific": "新村", "generic": "", "place": "450102"}, {NOT_CHECKED}),
        ("N8", {"specific": "江南", "generic": "苑"}, {HELD}),  # an estate has it, and a street is not an estate
        ("N8", {"specific": "金湖"}, {WARNED}),
        ("N8", {"specific": "金湖", "key": "g"}, {HELD}),
        ("N8", {"specific": "将南", "renames": "a"}, {HELD}),
        ("N9", {}, {NOT_APPLICABLE}),
        ("N9", {**TOWN, "specific": "白鹤山"}, {BROKEN}),
        ("N9", {**TOWN, "specific": "古塔"}, {BROKEN}),
        ("N9", {**TOWN, "specific": "大江"}, {BROKEN}),
        ("N9", {**TOWN}, {HELD}),
        ("N10", {}, {NOT_APPLICABLE}),
        ("N10", {"category": C.FACILITY, "specific": "新村"}, {HELD}),
        ("N10", {"category": C.FACILITY}, {WARNED}),
        ("N10", {"category": C.FACILITY, "locality": "明湖"}, {HELD}),
        ("N10", {"category": C.FACILITY, "place": "450102"}, {NOT_CHECKED}),
        ("N11", {}, {NOT_APPLICABLE}),
        ("N11", {"renames": "a"}, {BROKEN}),
        ("N11", {"renames": "a", "protection_measures": "a made-up plan"}, {REVIEW}),
        ("N11", {"renames": "b"}, {HELD}),
        ("N11", {"renames": "c"}, {NOT_CHECKED}),
        ("N12", {}, {HELD}),
        ("N12", {"papers": None}, {NOT_CHECKED}),
        ("N12", {"papers": []}, {BROKEN}),
        ("N12", {**TOWN, "papers": papers_needed(C.STREET)}, {BROKEN}),
        ("N12", {**TOWN, "papers": papers_needed(C.DIVISION)}, {HELD}),
    ],
)
def test_each_rule(rule_id: str, facts: dict[str, Any], expected: set[Outcome]) -> None:
    assert outcomes(rule_id, proposal(**facts)) == expected


@pytest.mark.parametrize(
    ("rule_id", "needed", "facts"),
    [
        ("N1", ["banned_words"], {}),
        ("N2", ["generics"], {}),
        ("N4", ["leaders"], {}),
        ("N4", ["persons"], {}),
        ("N5", ["foreign_names"], {}),
        ("N6", ["companies_and_marks"], {}),
        ("N7", ["divisions_of_the_nation"], COUNTY),
        ("N7", ["famous_features"], {"category": C.NATURAL_FEATURE, "famous": True}),
        ("N8", ["townships_of_the_province"], TOWN),
        ("N9", ["heritage"], TOWN),
        ("N9", ["famous_features"], TOWN),
        ("N9", ["features_beyond"], TOWN),
        ("N12", ["further_papers"], {}),
    ],
)
def test_a_list_that_is_not_supplied_is_never_passed(rule_id: str, needed: list[str], facts: dict[str, Any]) -> None:
    lists = NameLists(**{name: given for name, given in ALL_LISTS.items() if name not in needed})
    verdict = assess_proposal(NAMES, proposal(**facts), DAY, lists=lists)
    (found,) = verdict[rule_id]
    assert found.outcome is NOT_CHECKED
    assert "not supplied; look in" in found.reason
    assert verdict.conclusion is not Conclusion.KEEPS_RULES


def test_a_hit_is_told_beside_what_is_not_checked() -> None:
    assert outcomes("N4", proposal(specific="某领导"), NameLists(leaders=["某领导"])) == {BROKEN, NOT_CHECKED}
    assert outcomes("N12", proposal(papers=[]), NameLists()) == {BROKEN, NOT_CHECKED}
    assert outcomes("N8", proposal(**(TOWN | {"specific": "白鹤", "generic": "镇"})), NameLists()) == {
        BROKEN,
        NOT_CHECKED,
    }
    assert outcomes("N12", proposal(), NameLists(further_papers=["地图"])) == {BROKEN}
    assert outcomes("N12", proposal(further_papers=["地图"]), NameLists(further_papers=["地图"])) == {HELD}
    assert outcomes("N3", proposal(), NameLists(allowed_characters=["明"])) == {BROKEN}


@pytest.mark.parametrize("case", CASES["trademark"], ids=lambda case: f"{case['on']} {case['outcome']}")
def test_trade_marks(case: Mapping[str, Any]) -> None:
    links = {"万达": case["linked"]} if "linked" in case else {}
    made = NameProposal(
        specific=case["name"][:2], generic=case["name"][2:], category=C.ESTATE_OR_BUILDING, place="450103", links=links
    )
    names = Gazetteer.of(register().as_of(date(2023, 1, 1)), tones=False)
    (found,) = assess_proposal(names, made, case["on"], lists=FULL)["N6"]
    assert found.outcome.value == case["outcome"]
    assert "万达" in found.reason


@pytest.mark.parametrize("case", CASES["street"], ids=lambda case: f"{case['specific']} {case['area'] or 'nowhere'}")
def test_streets_of_one_built_up_area(case: Mapping[str, Any]) -> None:
    made = proposal(specific=case["specific"], built_up_area=case["area"])
    (found,) = assess_proposal(NAMES, made, DAY, lists=FULL)["N8"]
    assert found.outcome.value == case["outcome"]
    assert bool(found.collisions) is (case["outcome"] in ("broken", "warned"))


TABLE = [GenericUse(generic="大道", category=C.STREET, measure=SizeMeasure.WIDTH_CM, least=4000, most=8000)]


@pytest.mark.parametrize(("sizes", "expected"), [
    ({SizeMeasure.WIDTH_CM: 4000}, {HELD}), ({SizeMeasure.WIDTH_CM: 3999}, {WARNED}),
    ({SizeMeasure.WIDTH_CM: 8000}, {HELD}), ({SizeMeasure.WIDTH_CM: 8001}, {WARNED}), ({}, {NOT_CHECKED}),
    ({SizeMeasure.LENGTH_CM: 4000}, {NOT_CHECKED}),
])  # fmt: skip
def test_the_generic_goes_with_the_size(sizes: dict[SizeMeasure, int], expected: set[Outcome]) -> None:
    assert outcomes("N2", proposal(generic="大道", sizes=sizes), NameLists(generics=TABLE)) == expected


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"specific": ""}, "the specific part (专名) is missing"),
        ({"specific": "  "}, "the specific part (专名) is missing"),
        ({"specific": "明 湖"}, "without blanks"),
        ({"specific": None}, "specific is no text"),
        ({"generic": None}, "generic is no text"),
        ({"place": "45"}, "six digits"),
        ({"place": "４５０１０３"}, "six digits"),
        ({"category": "street"}, "category is none of PlaceNameCategory"),
        ({"division_level": DivisionLevel.TOWNSHIP}, "for the name of a division only"),
        ({"sizes": {"width": 3}}, "is no measure"),
        ({"sizes": {SizeMeasure.WIDTH_CM: -1}}, "is no measure"),
        ({"sizes": {SizeMeasure.WIDTH_CM: True}}, "is no measure"),
        ({"sizes": {SizeMeasure.WIDTH_CM: 2.5}}, "is no measure"),
        ({"links": {"万科": False}}, "'万科' is not in the name 明湖路"),
        ({"links": {"明": "no"}}, "say True or False"),
        ({"papers": ["plan"]}, "'plan' is no ApplicationPaper"),
        ({"further_papers": "map"}, "is one text and not several"),
    ],
)
def test_a_bad_proposal_is_refused_with_the_reason(facts: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError) as refused:
        proposal(**facts)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"persons": "张三"}, "is one text and not a list of names"),
        ({"persons": ["张三", ""]}, "'' in it, which is no name"),
        ({"persons": [3]}, "3 in it, which is no name"),
    ],
)
def test_a_bad_list_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError) as refused:
        NameLists(**given)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    "facts",
    [
        {"generic": ""}, {"measure": SizeMeasure.WIDTH_CM}, {"least": 3},
        {"measure": SizeMeasure.WIDTH_CM, "least": 3, "most": 2},
    ],
)  # fmt: skip
def test_a_bad_line_of_generics_is_refused(facts: dict[str, Any]) -> None:
    told: dict[str, Any] = {"generic": "路", "category": C.STREET} | facts
    with pytest.raises(UsageError):
        GenericUse(**told)


def test_days_before_the_regulation_or_the_gazetteer_are_refused() -> None:
    old = Gazetteer.of(register().as_of(date(2022, 4, 30)), tones=False)
    assert assess_proposal(old, proposal(), date(2022, 5, 1)).gazetteer_on == date(2022, 4, 30)
    with pytest.raises(UsageError, match="in force from 2022-05-01, and 2022-04-30 is before it"):
        assess_proposal(old, proposal(), date(2022, 4, 30))
    with pytest.raises(UsageError, match="the gazetteer is of 2026-08-01, and knows names"):
        assess_proposal(NAMES, proposal(), date(2026, 7, 31))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"renames": "z"}, "no place name has the key 'z' on 2026-08-01"),
        ({"renames": "g"}, "g 金湖路.*is proposed.*only a name in force is changed"),
        ({"renames": "a", "specific": "江南"}, "has that name already"),
    ],
)
def test_only_a_name_in_force_is_changed(facts: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        assess_proposal(NAMES, proposal(**facts), DAY)


def test_a_verdict_is_told_whole() -> None:
    verdict = assess_proposal(NAMES, proposal(specific="江南"), DAY, lists=FULL)
    assert verdict.conclusion is Conclusion.BREAKS_RULES
    lines = str(verdict).splitlines()
    assert lines[0] == ("江南路 (Jiangnan Lu), 街路巷, 450103, on 2026-08-01: breaks the rules (违反规定)")
    assert lines[1] == "spelling to be confirmed: 南 (多音字)"
    assert lines[2].startswith("N8 broken: in the same built-up area, there is a name written the same [Regulation")
    assert lines[2].endswith("art. 9 para. 1 item 8]")
    assert lines[3] == "    a 江南路 (街路巷, 450103 east)"
    assert lines[-1] == "not for such a name: N7, N9, N10, N11"
    table = verdict.table()
    assert len({len(column) for column in table.values()}) == 1
    assert table["collides_with"][table["rule"].index("N8")] == "a 江南路 (街路巷, 450103 east)"
    confirmed = NameLists(confirmed_spellings={"江南路": "Jiangnan Road"})
    assert (
        assess_proposal(NAMES, proposal(specific="江南"), DAY, lists=confirmed).spelling.basis
        is SpellingBasis.CONFIRMED
    )


def test_what_a_verdict_comes_to() -> None:
    def comes_to(**facts: Any) -> Conclusion:  # noqa: ANN401 -- whatever a proposal may state
        return assess_proposal(NAMES, proposal(**facts), DAY, lists=FULL).conclusion

    assert comes_to() is Conclusion.KEEPS_RULES
    assert comes_to(specific="将南") is Conclusion.WITH_WARNINGS
    assert comes_to(specific="张三") is Conclusion.OPEN
    assert comes_to(specific="张三", built_up_area="") is Conclusion.OPEN
    assert comes_to(specific="巴黎") is Conclusion.BREAKS_RULES


def test_every_rule_has_its_article_and_statement() -> None:
    assert [each.id for each in NAMING_RULES] == [f"N{number}" for number in range(1, 13)]
    assert all(each.statement.endswith(".") for each in NAMING_RULES)
    assert [each.source.item for each in NAMING_RULES[:10]] == list(range(1, 11))
    assert {each.severity for each in NAMING_RULES} == {Severity.BREACH, Severity.WARNING, Severity.REVIEW}


def test_many_names_do_not_make_it_slow() -> None:
    names = made_up_gazetteer(100_000)
    made = proposal(specific="东南中", built_up_area="made-up area 3")
    assess_proposal(names, made, ON, lists=FULL)
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        assess_proposal(names, made, ON, lists=FULL)
        taken.append(time.perf_counter() - begun)
    assert min(taken) < 0.05
    taken_name = names.listed(0)
    again = proposal(
        specific=taken_name.specific, generic=taken_name.name.removeprefix(taken_name.specific),
        built_up_area=taken_name.built_up_area,
    )  # fmt: skip
    (found, *_) = assess_proposal(names, again, ON, lists=FULL)["N8"]
    assert found.outcome is BROKEN
    assert str(taken_name) in found.collisions


@given(st.text("江将南长安常明湖", min_size=1, max_size=3), st.sampled_from(["east", "west", "north", ""]))
@settings(max_examples=80, deadline=None)
def test_a_name_is_broken_exactly_where_one_is_written_so(specific: str, area: str) -> None:
    found = outcomes("N8", proposal(specific=specific, built_up_area=area))
    twins = [e for e in EVENTS if e.facts["specific"] == specific and e.facts.get("built_up_area") == area]
    assert (BROKEN in found) is any(e.facts["category"] is C.STREET and e.key != "g" for e in twins)
    assert (found == {NOT_CHECKED}) is (area in ("north", ""))


class Approvals(RuleBasedStateMachine):
    """What a verdict lets pass, the register takes; what it says is written the same, the register refuses."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.register = Register(PLACE_NAMES)
        self.day = DAY
        self.count = 0

    @rule(specific=st.sampled_from(["江南", "将南", "长安", "明湖"]), area=st.sampled_from(["east", "west"]))
    def propose_and_approve(self, specific: str, area: str) -> None:
        """Propose a name, have it assessed, and approve it."""
        self.day += timedelta(1)
        self.count += 1
        names = Gazetteer.of(self.register.as_of(self.day), tones=False)
        verdict = assess_proposal(names, proposal(specific=specific, built_up_area=area), self.day, lists=FULL)
        broken = BROKEN in {found.outcome for found in verdict["N8"]}
        key = f"k{self.count}"
        facts: dict[str, Fact] = {
            "category": C.STREET, "place": "450103", "specific": specific, "generic": "路", "built_up_area": area,
        }  # fmt: skip
        granted: dict[str, Fact] = {
            "approved_on": self.day, "approver_kind": ApproverKind.GOVERNMENT, "approved_by": "a made-up city",
        }  # fmt: skip
        events = [
            Event(key=key, action=action, on=self.day, document="a made-up paper", facts=told)
            for action, told in ((PlaceNameAction.PROPOSE, facts), (PlaceNameAction.APPROVE, granted))
        ]
        before = self.register
        try:
            self.register = before.add(*events)
        except EventRefused:
            assert self.register is before
            assert broken
        else:
            assert not broken

    @rule()
    def retire_the_first(self) -> None:
        """Take a name out of use: it may then be given again."""
        view = self.register.as_of(self.day)
        key = next((key for key, each in view.items() if each.state.value == "approved"), None)
        if key is not None:
            self.day += timedelta(1)
            gone = Event(key=key, action=PlaceNameAction.RETIRE, on=self.day, document="a made-up paper")
            self.register = self.register.add(gone)

    @invariant()
    def nothing_binding_is_broken(self) -> None:
        """The register keeps its rules."""
        assert not self.register.validate(self.day).of(Severity.INVARIANT, Severity.BREACH)


TestApprovals = Approvals.TestCase
TestApprovals.settings = settings(max_examples=30, stateful_step_count=10, deadline=None)


def test_papers_of_divisions_have_the_risk_report() -> None:
    assert ApplicationPaper.RISK_ASSESSMENT in papers_needed(C.DIVISION)
    assert ApplicationPaper.RISK_ASSESSMENT not in papers_needed(C.PARK)
