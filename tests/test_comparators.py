"""The packs of other places: each article's boundary, what stays unknown, and that a pack is values and rules only."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest

import civaffairs as ca
from civaffairs import comparators
from civaffairs.comparators import PACKS, Pack, Topic, chongqing, shanghai, zhejiang
from civaffairs.comparators.pack import local_rulebook
from civaffairs.errors import LoadError
from civaffairs.law.timeline import DeclaredUnknown, NotPublished, Standing
from civaffairs.law.values import Value
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK, dibao, edge_family, members, temporary

ON = date(2025, 6, 1)
IN_ZHEJIANG, IN_SHANGHAI, IN_CHONGQING, IN_NANNING = "330106", "310101", "500103", "450103"
every_pack = pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.name)


def person(person_id: str, born: str = "1975-03-01", **facts: Any) -> ca.Person:  # noqa: ANN401
    usual: dict[str, Any] = {
        "hukou_place": IN_NANNING,
        "relation": ca.Relation.APPLICANT,
        "lives_together": True,
        "can_live_independently": True,
        "employed": False,
        "own_assets_within_limits": True,
        "placement": ca.Placement.FAMILY,
    }
    return ca.nothing_else(ca.Person(person_id=person_id, birth_date=date.fromisoformat(born), **(usual | facts)))


def family(place: str, *people: ca.Person, **facts: Any) -> ca.Household:  # noqa: ANN401
    usual: dict[str, Any] = {"area": ca.Area.URBAN, "assets_within_limits": True, "edge_assets_within_limits": True}
    return ca.Household(household_id=place, place=place, members=people or (person("1"),), **(usual | facts))


def with_rent(place: str, fen: int, size: int = 1, **facts: Any) -> ca.Household:  # noqa: ANN401
    """A family of grown people with an income a month that is no wage."""
    first = person("1", hukou_place=place, property_income=fen, property_months=1)
    spouse = person("2", hukou_place=place, relation=ca.Relation.SPOUSE)
    child = person("3", "2015-01-01", hukou_place=place, relation=ca.Relation.CHILD, can_live_independently=False)
    return family(place, *(first, spouse, child)[:size], **facts)


def stand_in(pack: Pack, **values: Value) -> Rulebook:
    """A pack with values that nobody published, each given by name."""
    book = pack.rulebook
    for name, value in {"urban_standard": ca.yuan(810), **values}.items():
        book = book.with_parameter(
            book.parameters[name], value, place=pack.place, since=date(2021, 7, 1), why="810 as a stand-in"
        )
    return book


def answer(household: ca.Household, rule: AnyRule, book: Rulebook, on: date = ON) -> object:
    """What a rule gives one household, or ``None`` where it is not known."""
    column = ca.assess(household, on=on, schemes=[], rulebook=book, keep=[rule]).column(rule)
    return column.values[0].item() if column.known[0] else None


# --- what a pack is ---------------------------------------------------------------------------------------------------


@every_pack
def test_a_pack_is_sound_on_every_day(pack: Pack) -> None:
    assert pack.rulebook.check() == []


@every_pack
def test_a_pack_is_rows_and_versions_of_rules_and_nothing_else(pack: Pack) -> None:
    book = pack.rulebook
    assert dict(book.schemes) == dict(RULEBOOK.schemes)
    assert (book.columns, book.overall) == (RULEBOOK.columns, RULEBOOK.overall)
    assert set(book.rules) - set(RULEBOOK.rules) == set(pack.rules)
    gone = set(RULEBOOK.rules) - set(book.rules)
    assert {rule.name for rule in gone} <= {rule.name for rule in pack.rules}
    for name, base in RULEBOOK.parameters.items():
        own = book.parameters[name]
        assert own.rows[: len(base.rows)] == base.rows
        assert own.unknowns[: len(base.unknowns)] == base.unknowns
        emptied = attrs.evolve(own, rows=base.rows, unknowns=base.unknowns, checked=base.checked)
        assert emptied == base


@every_pack
def test_all_that_a_pack_adds_is_of_its_place_and_its_paper(pack: Pack) -> None:
    for name, own in pack.rulebook.parameters.items():
        base = RULEBOOK.parameters.get(name)
        for row in own.rows:
            if base is None or row not in base.rows:
                assert row.place == pack.place
                assert row.standing is Standing.STATUTE
                assert row.citation is not None
                assert row.citation.document == pack.regulation
        assert all(s.place == pack.place for s in own.unknowns if base is None or s not in base.unknowns)
    assert all(citation.document == pack.regulation for rule in pack.rules for citation in rule.citations)
    assert all(provision.citation.document == pack.regulation for provision in pack.procedure.values())


@every_pack
def test_a_pack_begins_no_rule_before_its_text_was_in_force(pack: Pack) -> None:
    first = pack.regulation.amended or pack.regulation.in_force
    assert first is not None
    assert all(rule.since >= first for rule in pack.rules)


@every_pack
def test_the_difference_tells_every_rule_and_value(pack: Pack) -> None:
    told = pack.difference()
    assert all(f"rule {rule.name} from {rule.since}: art. " in told for rule in pack.rules)
    new = [name for name, own in pack.rulebook.parameters.items() if own != RULEBOOK.parameters.get(name)]
    assert new
    assert all(f"value {name}" in told for name in new)
    assert len(told.splitlines()) < 40


def test_the_library_itself_does_not_load_the_packs() -> None:
    code = "import sys, civaffairs; print('civaffairs.comparators' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"


def test_a_value_counted_otherwise_than_the_library_s_is_refused(tmp_path: Any) -> None:  # noqa: ANN401
    file = tmp_path / "elsewhere.toml"
    file.write_text(
        'checked = 2026-11-23\n[urban_standard]\ntitle = { en = "a", zh = "b" }\nunit = "fen/person/year"\n'
        'unknown = [ { place = "330000", where_to_look = "there" } ]\n',
        "utf-8",
    )
    with pytest.raises(LoadError, match=r"elsewhere.toml: \[urban_standard\] has another 'unit' than the library's"):
        local_rulebook(file, ())


# --- what is not in the statutes stays unknown ------------------------------------------------------------------------


@every_pack
@pytest.mark.parametrize("name", ["urban_standard", "rural_standard", "dibao_asset_months"])
def test_a_standard_that_the_statute_does_not_give_is_unknown(pack: Pack, name: str) -> None:
    with pytest.raises(DeclaredUnknown) as caught:
        pack.rulebook.parameters[name].at(pack.place, ON)
    assert pack.regulation.title_zh in caught.value.where_to_look


@every_pack
def test_a_family_is_not_assessed_and_told_where_to_look(pack: Pack) -> None:
    result = ca.assess(with_rent(pack.place, ca.yuan(500)), on=ON, schemes=["dibao"], rulebook=pack.rulebook)
    assert not result.column(dibao.dibao_amount).known.any()
    gap = next(gap for gap in result.not_assessed if gap.cause == "urban_standard")
    assert pack.regulation.title_zh in gap.where_to_look


@every_pack
def test_the_difference_is_paid_by_statute(pack: Pack) -> None:
    found = pack.rulebook.parameters["urban_payment_method"].at(pack.place, ON)
    assert (found.value, found.standing) == ("difference", Standing.STATUTE)
    household = with_rent(pack.place, ca.yuan(1_500), size=3)
    assert answer(household, dibao.dibao_amount, stand_in(pack)) == ca.yuan(930)
    with pytest.raises(NotPublished):
        RULEBOOK.parameters["urban_payment_method"].at(pack.place, ON)


@every_pack
def test_nanning_s_values_are_as_before(pack: Pack) -> None:
    for name, base in RULEBOOK.parameters.items():
        for on in (date(2025, 6, 1), date(2026, 8, 1)):
            assert _found(pack.rulebook, name, on) == _found(RULEBOOK, name, on), base


def _found(book: Rulebook, name: str, on: date) -> object:
    try:
        return book.parameters[name].at(IN_NANNING, on).value
    except NotPublished as missing:
        return str(missing)


# --- Zhejiang ---------------------------------------------------------------------------------------------------------

WAGE = {"minimum_wage": ca.yuan(2_000)}


@pytest.mark.parametrize(("fen", "edge"), [(80_999, False), (81_000, True), (121_500, True), (121_501, False)])
def test_zhejiang_edge_includes_one_and_a_half_times(fen: int, edge: bool) -> None:
    assert answer(with_rent("330000", fen), edge_family.edge_eligible, stand_in(zhejiang.PACK, **WAGE)) is edge


def test_the_nation_s_edge_does_not_include_it() -> None:
    book = stand_in(attrs.evolve(zhejiang.PACK, rulebook=RULEBOOK))
    assert answer(with_rent("330000", 121_499), edge_family.edge_eligible, book) is True
    assert answer(with_rent("330000", 121_500), edge_family.edge_eligible, book) is False


@pytest.mark.parametrize(("fen", "edge"), [(100_000, True), (100_001, False)])
def test_no_edge_line_exceeds_the_minimum_wage(fen: int, edge: bool) -> None:
    book = stand_in(zhejiang.PACK, minimum_wage=ca.yuan(1_000))
    assert answer(with_rent("330000", fen), edge_family.edge_eligible, book) is edge


def test_without_the_minimum_wage_only_those_above_the_multiple_are_known() -> None:
    book = stand_in(zhejiang.PACK)
    assert answer(with_rent("330000", 121_500), edge_family.edge_eligible, book) is None
    assert answer(with_rent("330000", 121_501), edge_family.edge_eligible, book) is False


def test_from_july_2026_the_edge_standard_is_the_province_s_to_set() -> None:
    book, household = stand_in(zhejiang.PACK, **WAGE), with_rent("330000", ca.yuan(1_000))
    assert answer(household, edge_family.edge_eligible, book, date(2026, 6, 30)) is True
    assert answer(household, edge_family.edge_eligible, book, date(2026, 7, 1)) is None


def test_zhejiang_caps_temporary_assistance_per_occasion() -> None:
    found = {
        name: zhejiang.RULEBOOK.parameters[name].at(IN_ZHEJIANG, ON).value
        for name in ("temporary_cap_basis", "temporary_cap_times", "temporary_grave_cap_times")
    }
    assert found == {"temporary_cap_basis": "occasion", "temporary_cap_times": 6, "temporary_grave_cap_times": 12}
    assert [3 * ca.yuan(810) * times for times in (6, 12)] == [ca.yuan(14_580), ca.yuan(29_160)]


# --- Chongqing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schooling", "there", "elsewhere"),
    [
        (ca.Schooling.NONE, 1, 1),
        (ca.Schooling.UNDERGRADUATE, 2, 2),
        (ca.Schooling.POSTGRADUATE, 2, 1),
        (ca.Schooling.PART_TIME, 2, 1),
    ],
)
def test_any_student_counts_in_chongqing(schooling: ca.Schooling, there: int, elsewhere: int) -> None:
    student = person("2", "2000-01-01", relation=ca.Relation.CHILD, schooling=schooling, lives_together=False)
    household = family("500000", person("1"), student)
    assert answer(household, members.household_size, chongqing.RULEBOOK) == there
    assert answer(household, members.household_size, RULEBOOK) == elsewhere


@pytest.mark.parametrize(("months", "there", "elsewhere"), [(11, 2, 2), (12, 1, 2), (35, 1, 2), (36, 1, 1)])
def test_clergy_are_left_out_after_a_year_in_chongqing(months: int, there: int, elsewhere: int) -> None:
    spouse = person("2", relation=ca.Relation.SPOUSE, clergy_months=months)
    household = family("500000", person("1"), spouse)
    assert answer(household, members.household_size, chongqing.RULEBOOK) == there
    assert answer(household, members.household_size, RULEBOOK) == elsewhere


@pytest.mark.parametrize(
    ("absence", "there"),
    [(ca.Absence.PRISON, 1), (ca.Absence.COMPULSORY_DETOXIFICATION, 2), (ca.Absence.DECLARED_MISSING, 2)],
)
def test_of_those_kept_away_chongqing_names_prisoners(absence: ca.Absence, there: int) -> None:
    household = family("500000", person("1"), person("2", relation=ca.Relation.SPOUSE, absence=absence))
    assert answer(household, members.household_size, chongqing.RULEBOOK) == there
    assert answer(household, members.household_size, RULEBOOK) == 1


def test_a_farm_family_is_paid_by_the_year_s_income() -> None:
    book = chongqing.RULEBOOK.with_parameter(
        chongqing.RULEBOOK.parameters["rural_standard"],
        ca.yuan(6_800),
        place="500000",
        since=date(2021, 7, 1),
        why="a stand-in",
    )
    farmer = person("1", business_income=ca.yuan(4_777), business_months=12)
    household = family("500000", farmer, area=ca.Area.RURAL)
    assert answer(household, dibao.dibao_amount, book) == 16_858


# --- Shanghai ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hukou", "relation", "size"),
    [
        (IN_SHANGHAI, ca.Relation.PARENT, 2),
        ("319999", ca.Relation.PARENT, 2),
        ("309999", ca.Relation.PARENT, 1),
        ("320000", ca.Relation.PARENT, 1),
        (IN_NANNING, ca.Relation.SPOUSE, 2),
        (IN_NANNING, ca.Relation.CHILD, 2),
        (IN_NANNING, ca.Relation.OTHER_OBLIGED, 1),
        (IN_SHANGHAI, ca.Relation.OTHER, 1),
    ],
)
def test_relatives_count_in_shanghai_with_its_hukou(hukou: str, relation: ca.Relation, size: int) -> None:
    assert shanghai.of_the_city(np.array([int(hukou)], np.int32)).tolist() == [hukou.startswith("31")]
    code = hukou if hukou in {IN_SHANGHAI, IN_NANNING} else ("310999" if hukou.startswith("31") else IN_NANNING)
    household = family(
        IN_SHANGHAI, person("1", hukou_place=IN_SHANGHAI), person("2", hukou_place=code, relation=relation)
    )
    assert answer(household, members.household_size, shanghai.RULEBOOK) == size


def test_whether_a_relative_counts_is_open_while_the_hukou_is_not_stated() -> None:
    parent, child = (
        person("2", hukou_place=None, relation=relation) for relation in (ca.Relation.PARENT, ca.Relation.CHILD)
    )
    applicant = person("1", hukou_place=IN_SHANGHAI)
    assert answer(family(IN_SHANGHAI, applicant, parent), members.household_size, shanghai.RULEBOOK) is None
    assert answer(family(IN_SHANGHAI, applicant, child), members.household_size, shanghai.RULEBOOK) == 2


def test_before_the_amendment_shanghai_is_not_assessed() -> None:
    household, book = with_rent(IN_SHANGHAI, ca.yuan(500)), stand_in(shanghai.PACK)
    before = ca.assess(household, on="2024-12-30", schemes=["dibao"], rulebook=book)
    assert "rules before 2024-12-31 are not written" in before.not_assessed[0].reason
    assert answer(household, dibao.dibao_amount, book, date(2024, 12, 31)) == ca.yuan(310)


def test_the_nation_s_multiple_does_not_hold_in_shanghai() -> None:
    household = with_rent(IN_SHANGHAI, ca.yuan(1_000))
    assert answer(household, edge_family.edge_eligible, stand_in(shanghai.PACK)) is None
    assert (
        answer(household, edge_family.edge_eligible, stand_in(attrs.evolve(shanghai.PACK, rulebook=RULEBOOK))) is True
    )


@pytest.mark.parametrize(
    ("wage", "amount"),
    [
        (ca.yuan(199), ca.yuan(810 - 199)),  # below the minimum wage all of it counts
        (ca.yuan(200), ca.yuan(810 - 50)),  # at the minimum wage 150 are left out
        (ca.yuan(900), ca.yuan(810 - 750)),
    ],
)
def test_a_part_of_the_minimum_wage_is_left_out_in_shanghai(wage: int, amount: int) -> None:
    book = stand_in(shanghai.PACK, minimum_wage=ca.yuan(200), uncounted_wages=ca.yuan(150))
    worker = person("1", hukou_place=IN_SHANGHAI, wage_income=wage, wage_months=1, employed=True)
    assert answer(family(IN_SHANGHAI, worker), dibao.dibao_amount, book) == amount
    assert answer(family(IN_SHANGHAI, worker), dibao.dibao_amount, stand_in(shanghai.PACK)) is None


def test_no_more_than_the_wage_is_left_out() -> None:
    book = stand_in(shanghai.PACK, minimum_wage=ca.yuan(200), uncounted_wages=ca.yuan(500))
    worker = person("1", hukou_place=IN_SHANGHAI, wage_income=ca.yuan(300), wage_months=1, employed=True)
    costly = attrs.evolve(worker, employment_cost=ca.yuan(400))
    for who in (worker, costly):
        assert answer(family(IN_SHANGHAI, who), dibao.dibao_amount, book) == ca.yuan(810)


def spender(medicine: int, schooling: int = 0, **facts: Any) -> ca.Household:  # noqa: ANN401
    """Three members with 6,000 yuan a month, and what they must spend."""
    usual: dict[str, Any] = {
        "medical_spending": ca.yuan(medicine),
        "education_spending": ca.yuan(schooling),
        "spending_months": 1,
        "disposable_income": ca.yuan(72_000),
    }
    return with_rent(IN_SHANGHAI, ca.yuan(6_000), size=3, **(usual | facts))


def spending_book(**more: Value) -> Rulebook:
    usual: dict[str, Value] = {"edge_multiplier": Fraction(3, 2), "local_disposable_income": ca.yuan(24_001)}
    return stand_in(shanghai.PACK, **(usual | more))


@pytest.mark.parametrize(
    ("medicine", "schooling", "amount"),
    [
        (4_200, 0, ca.yuan(630)),
        (2_000, 2_200, ca.yuan(630)),
        (6_500, 0, ca.yuan(2_430)),
        (6_000, 0, ca.yuan(2_430)),
        (3_570, 0, 0),  # 810 a head are left, which is not below 810
        (3_571, 0, ca.yuan(1)),
    ],
)
def test_shanghai_pays_up_to_the_standard_after_medicine_and_schooling(
    medicine: int, schooling: int, amount: int
) -> None:
    assert answer(spender(medicine, schooling), shanghai.living_help, spending_book()) == amount


def test_spending_of_a_year_is_reckoned_by_the_month() -> None:
    year = spender(4_200 * 12, spending_months=12)
    assert answer(year, shanghai.living_help, spending_book()) == ca.yuan(630)


def test_the_help_is_for_families_below_the_city_s_income() -> None:
    at_it = spending_book(local_disposable_income=ca.yuan(24_000))
    assert answer(spender(4_200), shanghai.living_help, at_it) == 0


def test_the_help_is_not_given_beside_dibao_nor_as_that_of_an_edge_family() -> None:
    edge = spending_book(edge_multiplier=Fraction(3))
    assert answer(spender(4_200), shanghai.living_help, edge) == 0
    poor = attrs.evolve(spender(4_200), members=with_rent(IN_SHANGHAI, ca.yuan(2_000), size=3).members)
    assert answer(poor, shanghai.living_help, spending_book()) == 0
    assert answer(spender(4_200, edge_assets_within_limits=False), shanghai.living_help, spending_book()) == 0


def test_the_help_is_open_without_the_city_s_own_line() -> None:
    book = stand_in(shanghai.PACK, local_disposable_income=ca.yuan(24_001))
    assert answer(spender(4_200), shanghai.living_help, book) is None
    assert answer(spender(3_000), shanghai.living_help, book) == 0


def test_shanghai_caps_temporary_assistance_by_the_month() -> None:
    names = ("temporary_cap_basis", "temporary_cap_times", "temporary_most_months")
    found = [shanghai.RULEBOOK.parameters[name].at(IN_SHANGHAI, ON).value for name in names]
    assert found == ["month", 1, 3]
    assert 3 * ca.yuan(810) * 1 * 3 == ca.yuan(7_290)


# --- procedure --------------------------------------------------------------------------------------------------------


def test_the_first_month_paid_differs() -> None:
    said = {pack.name: pack.procedure.get(Topic.FIRST_MONTH) for pack in PACKS.values()}
    nation = comparators.NATION[Topic.FIRST_MONTH]
    assert nation.says == "the month after the decision"
    assert [str(p.citation.article) if p else "" for p in said.values()] == ["22", "56", ""]
    assert said["Chongqing"] is not None
    assert said["Chongqing"].says == "the month of the approval"


def test_every_topic_has_a_national_rule_and_a_chinese_name() -> None:
    assert comparators.NATION.keys() == set(Topic)
    assert all(topic.label_zh for topic in Topic)


# --- each household by the law of its place ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (IN_ZHEJIANG, "330000"),
        ("330000", "330000"),
        (IN_SHANGHAI, "310000"),
        (IN_CHONGQING, "500000"),
        (IN_NANNING, "000000"),
        ("320102", "000000"),
    ],
)
def test_the_rulebook_of_a_place(code: str, expected: str) -> None:
    assert comparators.governing(code) == expected
    assert comparators.for_place(code) is comparators.RULEBOOKS[expected]
    assert [place for place, pack in PACKS.items() if pack.governs(code)] == [expected] * (expected != "000000")


def roster(places: list[str]) -> list[ca.Household]:
    """A family a place: a couple, one of them clergy for two years, in the order given."""
    return [
        ca.Household(
            household_id=f"H{len(places) - number}",
            place=place,
            area=ca.Area.URBAN,
            assets_within_limits=True,
            edge_assets_within_limits=True,
            members=[
                person(f"{number}b", hukou_place=place, clergy_months=24, relation=ca.Relation.SPOUSE),
                person(f"{number}a", hukou_place=place),
            ],
        )
        for number, place in enumerate(places)
    ]


PLACES = [IN_CHONGQING, IN_NANNING, IN_ZHEJIANG, IN_CHONGQING, IN_SHANGHAI, IN_NANNING]


def test_a_roster_of_many_places_is_put_together_in_the_caller_s_order() -> None:
    homes = roster(PLACES)
    together = comparators.assess(homes, on=ON, schemes=["dibao"])
    alone = [comparators.assess(home, on=ON, schemes=["dibao"]) for home in homes]
    for rule in (members.household_size, members.counted_member, dibao.dibao_amount, dibao.dibao_share):
        whole, parts = together.column(rule), [one.column(rule) for one in alone]
        assert whole.values.tolist() == [value for part in parts for value in part.values.tolist()]
        assert whole.known.tolist() == [known for part in parts for known in part.known.tolist()]
    assert together.column(members.household_size).values.tolist() == [1, 2, 2, 1, 2, 2]


def test_parts_add_up() -> None:
    together = comparators.assess(roster(PLACES), on=ON)
    assert list(together.parts) == ["000000", "310000", "330000", "500000"]
    assert sum(part.population.persons for part in together.parts.values()) == together.whole.rows_in == 12
    assert together.totals["dibao"].persons_not_assessed == sum(
        part.totals["dibao"].persons_not_assessed for part in together.parts.values()
    )
    assert {gap.cause for gap in together.not_assessed} >= {"urban_standard"}
    assert "330000: 1" in repr(together)


def test_nanning_is_assessed_by_the_library_s_own_rules() -> None:
    together = comparators.assess(roster([IN_NANNING]), on=ON)
    assert together.parts["000000"].rulebook is RULEBOOK


def test_bad_rows_are_set_aside_once() -> None:
    table = {
        "household_id": ["A", "B"],
        "person_id": ["1", "2"],
        "birth_date": ["1950-01-01", "nonsense"],
        "place": [IN_ZHEJIANG, IN_NANNING],
        "area": ["urban", "urban"],
    }
    together = comparators.assess(table, on=ON, schemes=["dibao"])
    assert (together.whole.rows_in, together.whole.rows_set_aside) == (2, 1)
    assert list(together.parts) == ["330000"]


def test_a_changed_copy_may_be_used_for_one_place() -> None:
    books = {**comparators.RULEBOOKS, "330000": stand_in(zhejiang.PACK)}
    homes = roster([IN_NANNING, IN_ZHEJIANG])
    together = comparators.assess(homes, on=ON, schemes=["dibao"], rulebooks=books)
    assert together.column(dibao.dibao_amount).values.tolist()[1] == ca.yuan(1_620)
    assert together.column(dibao.dibao_amount).known.tolist()[1]


def in_need(place: str, **facts: Any) -> ca.Household:  # noqa: ANN401
    """Three persons in sudden hardship, for whom more is proposed than any cap allows."""
    told = {"hardship_kind": ca.HardshipKind.SUDDEN, "hardship_persons": 3, "grave_hardship": False, "help_months": 3}
    return family(place, person("1"), emergency_place=place, proposed_help=9_000_000, **(told | facts))


@pytest.mark.parametrize(
    ("pack", "place", "facts", "fen"),
    [
        (zhejiang.PACK, "330000", {}, 1_458_000),  # L1: 810 × 6 × 3
        (zhejiang.PACK, "330000", {"grave_hardship": True}, 2_916_000),  # L1: 810 × 12 × 3
        (shanghai.PACK, "310000", {}, 729_000),  # L2: 810 × 3 × 3
        (shanghai.PACK, "310000", {"help_months": 2}, 486_000),
        (shanghai.PACK, "310000", {"help_months": 4}, 729_000),
    ],
)
def test_help_is_capped_as_the_comparator_says(pack: Pack, place: str, facts: dict[str, Any], fen: int) -> None:
    book = stand_in(pack, urban_standard=81_000)
    assert answer(in_need(place, **facts), temporary.temporary_cap, book) == fen
    assert answer(in_need(place, **facts), temporary.temporary_help, book) == fen
