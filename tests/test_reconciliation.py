"""The work report beside a result: bands to the last unit, what cannot be checked, and inference told as such."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import civaffairs as ca
from civaffairs.calendar import days
from civaffairs.law.citation import document
from civaffairs.law.values import Unit
from civaffairs.research.calibration import Form, grid, infer_tiers, mean_band, persons_by_tier, proportional
from civaffairs.research.city import city
from civaffairs.research.reconciliation import Reconciliation, Sums, Verdict, reconcile, sums_of
from civaffairs.research.report import Figure, load_report, read_printed, shipped_report
from civaffairs.schemes import dibao

ON = date(2024, 12, 31)
REPORT = shipped_report()
TIERS = """
[[old_age_allowance_tiers.rows]]
place = "450100"
from = 2024-01-01
value = {{ basis = "person", steps = [ {{ from = 80, value = {fen} }} ] }}
why = "a try"
"""


def old_people(count: int) -> ca.Population:
    """So many households of one, all of 85, in no disability."""
    keys = np.arange(count).astype(np.str_)
    return ca.Population.of(
        person={
            "person_id": keys,
            "birth_date": np.full(count, days(date(1939, 6, 15)), np.int32),
            "hukou_place": np.full(count, 450103, np.int32),
        },
        household={
            "household_id": keys,
            "place": np.full(count, 450103, np.int32),
            "area": np.full(count, ca.Area.URBAN.number, np.int8),
        },
        member_of=np.arange(count),
    )


def of_old_age(count: int, **asked: object) -> Reconciliation:
    result = ca.assess(old_people(count), on=ON, schemes=["old_age"], **asked)  # type: ignore[arg-type]
    return reconcile(result)


# --- figures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "money", "value", "step"),
    [
        ("18.8万人", False, 188_000, 1_000),
        ("1.9亿元", True, 19_000_000_000, 1_000_000_000),
        ("405元", True, 40_500, 100),
        ("95.61万元", True, 95_610_000, 10_000),
        ("127名", False, 127, 1),
    ],
)
def test_a_printed_figure_says_how_far_it_may_be_off(printed: str, money: bool, value: int, step: int) -> None:
    assert read_printed(printed, money) == (value, step)


@pytest.mark.parametrize("printed", ["万人", "18.85.1万人", "many", "0.001元", ""])
def test_what_is_no_figure_is_seen(printed: str) -> None:
    assert read_printed(printed, money=True) is None


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("old_age_recipients", 187_500, 188_499),
        ("old_age_spending", 18_500_000_000, 19_499_999_999),
        ("urban_mean", 40_450, 40_549),
        ("rural_mean", 24_450, 24_549),
        ("urban_standard", 81_000, 81_000),
        ("marriages_elsewhere", 691, 691),
    ],
)
def test_a_band_is_what_rounds_to_the_printed_figure(name: str, low: int, high: int) -> None:
    figure = REPORT[name]
    assert figure.band == (low, high)
    assert [figure.agrees(number) for number in (low - 1, low, high, high + 1)] == [False, True, True, False]


@given(
    whole=st.integers(0, 10**6), digits=st.integers(0, 2), power=st.sampled_from(["万", "亿"]), of=st.integers(0, 99)
)
def test_everything_in_a_band_rounds_to_the_figure_and_nothing_else(
    whole: int, digits: int, power: str, of: int
) -> None:
    printed = f"{whole}." + f"{of:02d}"[:digits] if digits else f"{whole}"
    read = read_printed(printed + power + "人", money=False)
    assert read is not None
    value, step = read
    figure = Figure(
        name="x", title="x", label_zh="x", printed=printed, unit=Unit.PERSONS, value=value, step=step,
        citation=document("nanning-report").section("x"),
    )  # fmt: skip
    for number in (*(end + off for end in figure.band for off in (-1, 0, 1)), value):
        assert figure.agrees(number) == (math.floor(Fraction(number, step) + Fraction(1, 2)) * step == value)


def test_a_mean_between_two_fen_is_in_the_band_if_it_rounds_so() -> None:
    mean = REPORT["urban_mean"]
    assert mean.agrees(Fraction(40_549_999, 1_000))
    assert not mean.agrees(Fraction(40_550))
    assert not mean.agrees(Fraction(40_449_999, 1_000))


def test_every_figure_is_printed_in_the_section_it_cites_and_has_one_measure_or_none() -> None:
    assert all(figure.citation.heading for figure in REPORT.values())
    assert {figure.name for figure in REPORT.values() if figure.measure} >= {"old_age_recipients", "urban_mean"}
    assert len(REPORT.uncheckable) == 6


@pytest.mark.parametrize(
    ("name", "value", "low", "high"),
    [
        ("urban_standard_rise", "0.3065", "0.3065", "0.3065"),
        ("rural_standard_rise", "0.7895", "0.7895", "0.7895"),
        ("rural_to_urban_before", "0.5108", "0.5108", "0.5108"),
        ("rural_to_urban", "0.6996", "0.6996", "0.6996"),
        ("urban_mean_rise", "0.1408", "0.1379", "0.1438"),
        ("old_age_mean", "84.22", "81.79", "86.67"),
        ("orphan_gap", "400.00", "400.00", "400.00"),
        ("directors_each", "14.4331", "14.4331", "14.4331"),
        ("lottery_rate", "0.2028", "0.2025", "0.2030"),
        ("goods_left", "0.00", "-99.99", "99.99"),
    ],
)
def test_what_the_figures_say_together(name: str, value: str, low: str, high: str) -> None:
    relation = REPORT.relation(name)
    assert [relation.text(number) for number in (relation.value, relation.low, relation.high)] == [value, low, high]


@pytest.mark.parametrize("relation", REPORT.relations, ids=lambda relation: relation.name)
def test_a_relation_lies_within_its_band(relation: object) -> None:
    assert relation.low <= relation.value <= relation.high  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('printed = "18.8万人"', 'printed = "万"', "'printed' is '万'"),
        ('["urban_mean", "urban_standard"]', '["urban_mean", "urban_standart"]', "did you mean 'urban_standard'"),
        ('computed = "persons"', 'computed = "person"', "did you mean 'persons'"),
        ('name = "rural_standard"', 'name = "urban_standard"', "is used twice"),
    ],
)
def test_a_faulty_report_is_refused_with_its_line(old: str, new: str, told: str) -> None:
    text = (Path(ca.__file__).parent / "research" / "report.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(ca.LoadError, match=r"<text>:\d+: ") as refused:
        load_report(text.replace(old, new, 1))
    assert told in str(refused.value)


# --- reconciliation ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "verdict"),
    [
        (187_499, Verdict.DIFFERS),
        (187_500, Verdict.AGREES),
        (188_499, Verdict.AGREES),
        (188_500, Verdict.DIFFERS),
    ],
)
def test_recipients_agree_up_to_the_last_person_of_the_band(count: int, verdict: Verdict) -> None:
    item = of_old_age(count).item("old_age_recipients")
    assert (item.verdict, item.computed, item.assumed) == (verdict, Fraction(count), False)


def test_a_sum_that_needs_an_unknown_value_cannot_be_checked_and_says_where_to_look() -> None:
    item = of_old_age(100).item("old_age_spending")
    assert item.verdict is Verdict.CANNOT_CHECK
    assert item.computed is None
    assert "amounts of 100 are not known: old_age_allowance_tiers (Nanning notices" in item.reason


@pytest.mark.parametrize(
    ("fen", "verdict"),
    [(8_222, Verdict.DIFFERS), (8_223, Verdict.AGREES), (8_422, Verdict.AGREES), (8_667, Verdict.DIFFERS)],
)
def test_a_year_of_an_assumed_amount_is_compared_and_marked(fen: int, verdict: Verdict, tmp_path: Path) -> None:
    # 187,500 persons: 8,222 fen a month are 184,995,000.00 yuan a year; 8,667 are 195,007,500.00.
    file = tmp_path / "assumed.toml"
    file.write_text(TIERS.format(fen=fen), "utf-8")
    item = of_old_age(187_500, assume=file).item("old_age_spending")
    assert (item.verdict, item.computed, item.assumed) == (verdict, Fraction(fen * 187_500 * 12), True)


def test_what_the_report_does_not_print_cannot_be_checked() -> None:
    found = of_old_age(10)
    never = [item for item in found if not item.printed]
    assert {item.name for item in never} >= {"dibao_recipients", "tekun_recipients", "budgets", "days"}
    assert all(item.verdict is Verdict.CANNOT_CHECK and item.reason for item in never)
    assert found.item("urban_mean").reason.endswith("dibao was not assessed on 2024-12-31")


def test_a_standard_is_compared_with_the_value_in_force() -> None:
    found = of_old_age(10)
    assert {found.item(name).verdict for name in ("urban_standard", "rural_standard", "nursing_subsidy")} == {
        Verdict.AGREES
    }
    higher = ca.rulebook.with_parameter(dibao.urban_standard, 90_000, place="450100", since=ON, why="a reform")
    item = of_old_age(10, rulebook=higher).item("urban_standard")
    assert (item.verdict, item.assumed, item.computed_text) == (Verdict.DIFFERS, True, "900.00")


def test_before_the_report_s_standards_they_cannot_be_checked() -> None:
    result = ca.assess(old_people(3), on="2022-06-01", schemes=["old_age"])
    assert reconcile(result).item("urban_standard").verdict is Verdict.CANNOT_CHECK


@pytest.mark.parametrize(("name", "which"), [("urban_mean", ca.Area.URBAN), ("rural_mean", ca.Area.RURAL)])
def test_the_means_of_both_areas_are_apart(name: str, which: ca.Area) -> None:
    assumed = Path(__file__).parents[1] / "examples" / "assumed.toml"
    result = ca.assess(city(6_000, seed=2).population(), on=ON, assume=assumed)
    sums, people = sums_of(result, REPORT[name]), result.population
    inside = people.household["area"] == which.number
    on_dibao = inside & result.run.values("dibao_eligible")
    assert sums.persons == int(result.run.values("household_size")[on_dibao].sum()) > 0
    assert sums.fen == int(result.run.values("dibao_share_payable")[inside[people.index]].sum()) > 0
    item = reconcile(result).item(name)
    open_amounts = sums.persons_unknown or sums.amounts_unknown
    assert item.assumed
    assert item.computed == (None if open_amounts else Fraction(sums.fen, sums.persons))


def test_parts_are_reconciled_as_the_whole_and_one_at_a_time() -> None:
    town = city(3_000, seed=2, persons_a_part=1_000)
    held: list[int] = []

    def results() -> Iterator[ca.Assessment]:
        for number, part in enumerate(town.parts()):
            held.append(number)
            yield ca.assess(part, on=ON)

    parted, whole = reconcile(results(), city=town), reconcile(ca.assess(town.population(), on=ON), city=town)
    assert held == [0, 1, 2]
    for one, other in zip(parted, whole, strict=True):
        assert (one.name, one.verdict, one.computed) == (other.name, other.verdict, other.computed)


def test_a_city_agrees_because_it_was_made_to_and_the_table_says_so() -> None:
    town = city(90_000, seed=2)
    item = reconcile(ca.assess(town.population(), on=ON, schemes=["old_age"]), city=town).item("old_age_recipients")
    assert (item.verdict, item.computed, item.assumed) == (Verdict.AGREES, Fraction(188_000), True)
    assert "made to" in item.reason


def test_a_sample_is_scaled_up_exactly() -> None:
    result = ca.assess(old_people(1_253), on=ON, schemes=["old_age"])
    assert reconcile(result, scale=150).item("old_age_recipients").computed == 187_950
    assert reconcile(result, scale=Fraction(451, 3)).item("old_age_recipients").computed == Fraction(1_253 * 451, 3)


def test_calls_that_mean_nothing_are_refused() -> None:
    result = ca.assess(old_people(3), on=ON, schemes=["old_age"])
    other = ca.assess(old_people(3), on="2025-12-31", schemes=["old_age"])
    with pytest.raises(ca.UsageError, match="one day"):
        reconcile([result, other])
    with pytest.raises(ca.UsageError, match="no result"):
        reconcile([])
    with pytest.raises(ca.UsageError, match="one of the two"):
        reconcile(result, city=city(10, seed=1), scale=2)
    with pytest.raises(ca.UsageError, match="nothing is compared"):
        reconcile(result).item("colour")


def test_the_table_is_told_in_text_html_and_columns() -> None:
    found = of_old_age(187_500)
    line = next(line for line in str(found).splitlines() if line.startswith("Recipients of the old-age"))
    assert line.split()[-2:] == ["187,500", "agrees"]
    assert "<td>187,500 to 188,499</td>" in found._repr_html_()
    assert found.columns()["verdict"].count(Verdict.CANNOT_CHECK) == len(found.of(Verdict.CANNOT_CHECK))


@given(st.lists(st.tuples(*[st.integers(0, 10**12)] * 4), min_size=1, max_size=5))
def test_sums_add_up(parts: list[tuple[int, int, int, int]]) -> None:
    whole = Sums()
    for persons, fen, open_persons, open_amounts in parts:
        whole += Sums(persons=persons, fen=fen, persons_unknown=open_persons, amounts_unknown=open_amounts)
    added = (whole.persons, whole.fen, whole.persons_unknown, whole.amounts_unknown)
    assert added == tuple(sum(column) for column in zip(*parts, strict=True))


# --- calibration ---------------------------------------------------------------------------------------------------


def test_tiers_by_hand() -> None:
    # Of ten persons nine are in the first tier. 70 and 200 give 83.00; 80 and 100 give 82.00; 80 and 150 give 87.00.
    found = infer_tiers(grid([80, 90], [[7_000, 8_000], [10_000, 15_000, 20_000]]), [9, 1], people="ten")
    assert found.tables == ((7_000, 20_000), (8_000, 10_000))
    assert [found.mean(table) for table in found.tables] == [8_300, 8_200]
    assert found.ranges == ((7_000, 8_000), (10_000, 20_000))
    assert found.examined == 6


def test_the_band_of_the_mean_is_that_of_both_figures() -> None:
    low, high = mean_band(REPORT["old_age_spending"], REPORT["old_age_recipients"])
    assert (low, high) == (Fraction(18_500_000_000, 188_499 * 12), Fraction(19_499_999_999, 187_500 * 12))
    form = grid([80], [range(8_170, 8_680)])
    found = infer_tiers(form, [1], people="one")
    assert found.ranges == ((math.ceil(low), math.floor(high)),)


@settings(max_examples=80)
@given(
    counts=st.lists(st.integers(0, 10**6), min_size=3, max_size=3).filter(any),
    amounts=st.lists(st.lists(st.integers(0, 60_000), min_size=1, max_size=5), min_size=3, max_size=3),
)
def test_exactly_the_tables_that_fit_are_found(counts: list[int], amounts: list[list[int]]) -> None:
    found = infer_tiers(grid([80, 90, 100], amounts), counts, people="some")
    low, high = mean_band(REPORT["old_age_spending"], REPORT["old_age_recipients"])
    wanted = {
        table
        for table in product(*amounts)
        if table[0] <= table[1] <= table[2]
        and low <= Fraction(sum(fen * count for fen, count in zip(table, counts, strict=True)), sum(counts)) <= high
    }
    assert set(found.tables) == wanted
    assert len(found.tables) == len(wanted)


def test_only_proportions_of_the_counts_matter_and_large_ones_do_not_overflow() -> None:
    form = grid([80, 90], [[7_000, 8_000], [10_000, 20_000]])
    small, large = (infer_tiers(form, [9 * times, times], people="some") for times in (1, 10**18))
    assert small.tables == large.tables


def test_multiples_of_the_first_tier() -> None:
    form = proportional([80, 90, 100], [1, 2, Fraction(7, 2)], range(6_000, 9_001, 1))
    assert all(table[1] == 2 * table[0] and 2 * table[2] == 7 * table[0] for table in form.tables)
    found = infer_tiers(form, [90, 9, 1], people="a hundred")
    assert all(8_178 < found.mean(table) < 8_667 for table in found.tables)
    assert found.tables


@pytest.mark.parametrize(
    ("ages", "amounts"),
    [([], []), ([90, 80], [[1], [2]]), ([80], [[1], [2]]), ([80, 90], [[1], []]), ([80], [[-1]])],
)
def test_forms_that_mean_nothing_are_refused(ages: list[int], amounts: list[list[int]]) -> None:
    with pytest.raises(ca.UsageError):
        grid(ages, amounts)
    with pytest.raises(ca.UsageError):
        proportional([80, 90], [2, 3], [5_000])


def test_a_grid_too_fine_is_refused_before_it_is_made() -> None:
    with pytest.raises(ca.UsageError, match="coarser"):
        grid([80, 90, 100], [range(10_000)] * 3)


@pytest.mark.parametrize(("counts", "people"), [([1], "x"), ([0, 0], "x"), ([1, -1], "x"), ([1, 1], " ")])
def test_an_inference_needs_counts_and_says_whose(counts: list[int], people: str) -> None:
    with pytest.raises(ca.UsageError):
        infer_tiers(grid([80, 90], [[7_000], [9_000]]), counts, people=people)


def test_a_form_that_cannot_be_says_so_and_writes_nothing() -> None:
    found = infer_tiers(grid([90, 100], [[5_000], [5_000]]), [9, 1], people="some")
    assert found.tables == found.ranges == ()
    assert "no such table" in str(found)
    with pytest.raises(ca.UsageError, match="no table"):
        found.as_assumed_file(0)


def test_an_inferred_table_is_given_as_an_assumption_and_closes_the_circle(tmp_path: Path) -> None:
    town = city(9_000, seed=2)
    people = town.population()
    counts = persons_by_tier(people, [80, 90, 100], on=ON)
    assert sum(counts) == 188
    form = grid([80, 90, 100], [range(5_000, 10_001, 1_000), range(8_000, 20_001, 2_000), [20_000, 30_000]])
    found = infer_tiers(form, counts, people='a "made-up" city')
    assert found.tables == infer_tiers(form, counts, people="again").tables
    assert str(found).startswith("INFERENCE, NOT A PUBLISHED VALUE")
    assert "INFERENCE" in found._repr_html_()
    for pick in (0, found.tables[-1]):
        file = tmp_path / "inferred.toml"
        file.write_text(found.as_assumed_file(pick), "utf-8")
        result = ca.assess(people, on=ON, schemes=["old_age"], assume=file)
        assert "inferred by calibration from 1.9亿元 a year for 18.8万人" in str(result.standing)
        item = reconcile(result, city=town).item("old_age_spending")
        assert (item.verdict, item.assumed) == (Verdict.AGREES, True)
        assert "not published" in str(result.standing)
    with pytest.raises(ca.UsageError, match="not among"):
        found.as_assumed_file((1, 2, 3))
    with pytest.raises(ca.UsageError, match="counted from 0"):
        found.as_assumed_file(len(found.tables))


def test_a_form_may_be_the_caller_s_own() -> None:
    own = Form(ages=(80,), tables=((8_400,), (9_000,)), told="two sums heard of")
    assert infer_tiers(own, [1], people="one").tables == ((8_400,),)
