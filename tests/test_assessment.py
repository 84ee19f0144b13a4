"""The one call and its result, as those who use them meet them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import civaffairs as ca
from civaffairs import tables
from civaffairs.assessment import Gaps, Standings, Totals
from civaffairs.law.timeline import Standing
from civaffairs.people.records import households_of
from civaffairs.research.synthetic import synthetic_population
from civaffairs.rules.explain import Source
from civaffairs.schemes import children, dibao, disability, old_age, overlaps

EXAMPLES = Path(__file__).parents[1] / "examples"
ON = date(2026, 8, 1)


def farmer(**facts: object) -> ca.Person:
    usual = {
        "person_id": "1",
        "birth_date": date(1980, 3, 1),
        "relation": ca.Relation.APPLICANT,
        "business_income": ca.yuan(4_777),
        "business_months": 12,
        "hukou_place": "450181",
        "placement": ca.Placement.FAMILY,
        "employed": True,
        "own_assets_within_limits": True,
    }
    return ca.nothing_else(ca.Person(**(usual | facts)))  # type: ignore[arg-type]


def family(*members: ca.Person, **facts: object) -> ca.Household:
    usual = {
        "household_id": "F",
        "place": "450181",
        "area": ca.Area.RURAL,
        "assets_within_limits": True,
        "edge_assets_within_limits": True,
        "recorded_payment_method": ca.PaymentMethod.DIFFERENCE,
    }
    told = ca.Household(**(usual | facts), members=members or (farmer(),))  # type: ignore[arg-type]
    return ca.nothing_else(told)


@pytest.fixture(scope="module")
def result() -> ca.Assessment:
    return ca.assess(EXAMPLES / "roster.csv", on=ON)


# --- amounts, by rounding -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounding", "fen"), [(ca.Rounding.HALF_UP, 16_858), (ca.Rounding.DOWN, 16_858), (ca.Rounding.UP, 16_859)]
)
def test_a_fraction_of_a_fen_is_dropped_as_the_convention_says(rounding: ca.Rounding, fen: int) -> None:
    got = ca.assess(family(), on=ON, schemes=["dibao"], conventions=ca.Conventions(rounding=rounding))
    assert got[dibao.dibao_amount].tolist() == [fen]
    assert rounding.value.replace("_", " ") in str(got.standing)


# --- days and knowledge ---------------------------------------------------------------------------------------------


def test_before_the_rules_begin_nothing_is_assessed_and_it_says_so() -> None:
    got = ca.assess(family(), on="2021-06-30", schemes=["dibao"])
    assert [gap.cause for gap in got.not_assessed] == ["rules"]
    assert "before 2021-07-01 are not written" in got.not_assessed[0].reason
    with pytest.raises(ca.UsageError, match="was not kept"):
        got[dibao.dibao_amount]


def test_inside_an_attested_gap_the_standard_is_not_guessed() -> None:
    got = ca.assess(family(), on="2023-05-01", schemes=["dibao"])
    (gap,) = got.not_assessed.by_cause()
    assert gap.cause == "rural_standard"
    with pytest.raises(ca.NotAssessed, match="rural_standard"):
        got[dibao.dibao_amount]


@pytest.mark.parametrize(
    ("known", "cites"),
    [("2026-04-29", "社会救助暂行办法"), ("2026-04-30", "社会救助法")],
    ids=["day before", "day of issue"],
)
def test_known_decides_which_law_is_taken(known: str, cites: str) -> None:
    notice = EXAMPLES / "assumed.toml"
    got = ca.assess(family(), on=ON, known=known, assume=notice, schemes=["dibao"])
    eligible = next(step.rule for step in got.plan.steps if step.rule.name == "dibao_eligible")
    assert eligible.citations[0].document.title_zh == cites


def test_a_day_after_the_last_check_is_warned_about_once() -> None:
    with pytest.warns(ca.StaleParameterWarning, match="2026-11-23") as caught:
        ca.assess(family(), on="2027-01-15", schemes=["dibao"])
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ca.assess(family(), on="2026-11-23", schemes=["dibao"])


@pytest.mark.parametrize("day", ["2026-13-01", "1 August 2026", "2026", "", "2026-08-01T10:00"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    with pytest.raises(ca.UsageError, match="is not a day"):
        ca.assess(family(), on=day)


def test_a_later_born_child_sets_the_household_aside() -> None:
    unborn = farmer(person_id="2", birth_date=date(2026, 8, 2), relation=ca.Relation.CHILD)
    with pytest.raises(ca.UsageError, match="born after 2026-08-01"):
        ca.assess(family(farmer(), unborn), on=ON)
    table = tables.roster_columns(
        ca.assess(
            [family(farmer(), unborn), family(farmer(person_id="3"), household_id="G")], on="2026-08-02"
        ).population
    )
    got = ca.assess(table, on=ON)
    assert (got.rows_in, got.population.persons, got.rows_set_aside) == (3, 1, 2)
    assert {problem.row for problem in got.rejected} == {1, 2}
    assert "after 2026-08-01" in next(problem.reason for problem in got.rejected if problem.row == 2)


# --- what goes in ---------------------------------------------------------------------------------------------------


def test_every_way_in_gives_the_same_fen(tmp_path: Path) -> None:
    people = synthetic_population(400, seed=3)
    table = tables.roster_columns(people)
    tables.write_roster(people, tmp_path / "roster.csv")
    tables.write_roster(people, tmp_path / "roster.parquet")
    ways: list[object] = [
        people,
        households_of(people),
        table,
        pd.DataFrame(table),
        pl.DataFrame(table),
        pa.table(table),
        tmp_path / "roster.csv",
        str(tmp_path / "roster.parquet"),
    ]
    wanted = ca.assess(people, on=ON).column(overlaps.total_payable)
    for way in ways:
        got = ca.assess(way, on=ON).column(overlaps.total_payable)
        assert (got.values == wanted.values).all(), type(way)
        assert (got.known == wanted.known).all(), type(way)


def test_results_come_back_in_the_order_of_the_table() -> None:
    table = tables.roster_columns(synthetic_population(200, seed=3))
    order = np.random.default_rng(2).permutation(len(table["person_id"]))
    shuffled = {name: [cells[k] for k in order] for name, cells in table.items()}
    first, second = ca.assess(table, on=ON), ca.assess(shuffled, on=ON)
    assert (
        first.column(disability.nursing_subsidy_due).values[order]
        == second.column(disability.nursing_subsidy_due).values
    ).all()
    assert second.persons_table()["person_id"].tolist() == shuffled["person_id"]


def test_a_single_household_with_impossible_facts_is_refused_with_all_reasons() -> None:
    with pytest.raises(ca.UsageError) as refused:
        ca.assess(family(farmer(wage_income=-1, disability_grade=2, disability_kind=ca.DisabilityKind.NONE)), on=ON)
    assert "wage_income" in str(refused.value)
    assert "disability_grade" in str(refused.value)


def test_an_unknown_scheme_is_refused_with_the_nearest() -> None:
    with pytest.raises(ca.UsageError, match="did you mean 'dibao'"):
        ca.assess(family(), on=ON, schemes=["dibaoo"])


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: ca.assess(family(), on=ON, schemes="dibao"), "schemes is a list"),
        (lambda: ca.assess(family(), on=20260801), "is not a day"),  # type: ignore[arg-type]
        (lambda: ca.assess(family(), on=ON)["dibao_amount"], "asked for by rule"),  # type: ignore[index]
        (
            lambda: ca.rulebook.with_parameter("rural_standard", 1, place="450100", since=ON, why="x"),  # type: ignore[arg-type]
            "name the value itself",
        ),
    ],
)
def test_a_call_with_the_wrong_kind_of_thing_is_told_the_right_one(call: Callable[[], object], hint: str) -> None:
    with pytest.raises(ca.UsageError, match=hint):
        call()


# --- what comes out -------------------------------------------------------------------------------------------------


def test_rows_in_are_rows_assessed_and_rows_set_aside() -> None:
    got = ca.assess(EXAMPLES / "roster_with_mistakes.csv", on=ON)
    assert got.rows_in == got.population.persons + got.rows_set_aside
    assert got.rows_set_aside > 20
    assert len({problem.reason for problem in got.rejected}) >= 25


def test_a_result_with_gaps_is_null_where_not_known_and_never_nought(result: ca.Assessment) -> None:
    amount = result.column(old_age.old_age_allowance_due)
    assert not amount.known.all()
    frame = result.to_pandas()
    assert frame["old_age_allowance_due"].isna().sum() == (~amount.known).sum()
    assert result.to_polars()["old_age_allowance_due"].null_count() == (~amount.known).sum()
    assert result.totals["old_age"].fen is None
    assert result.totals["old_age"].assessed_so_far == 0


def test_assumed_values_are_named_and_leave_nothing_open_for_the_fully_stated() -> None:
    got = ca.assess(family(), on=ON, assume=EXAMPLES / "assumed.toml")
    assert not got.not_assessed
    assert got.standing.assumed
    assert "ASSUMED" in repr(got)
    assert all("stand-in" in item.detail for item in got.standing.of(Standing.ASSUMED))
    assert not ca.assess(family(), on=ON).standing.assumed


def test_a_callers_notice_counts_as_published_and_is_named() -> None:
    without_method = family(recorded_payment_method=None)
    assert "rural_payment_method" in {gap.cause for gap in ca.assess(without_method, on=ON).not_assessed}
    got = ca.assess(without_method, on=ON, sources=EXAMPLES / "notice.toml", schemes=["dibao"])
    assert got[dibao.dibao_amount].tolist() == [16_858]
    assert "supplied by caller" in str(got.standing)
    assert not got.standing.assumed


def test_an_uncited_value_and_an_unknown_key_cannot_be_loaded(tmp_path: Path) -> None:
    file = tmp_path / "notice.toml"
    file.write_text(
        '[urban_standard]\nrows = [\n  { place = "450100", from = 2026-01-01, value = 90_000 },\n]\ncolour = 1\n',
        "utf-8",
    )
    with pytest.raises(ca.LoadError) as refused:
        ca.assess(family(), on=ON, sources=file)
    assert "notice.toml:3" in str(refused.value)
    assert "colour" in str(refused.value)


def test_parts_of_a_population_add_up_to_the_whole() -> None:
    people = synthetic_population(3_000, seed=9)
    whole = ca.assess(people, on=ON)
    half = people.households // 2
    parts = [ca.assess(people.part(0, half), on=ON), ca.assess(people.part(half, people.households), on=ON)]
    totals: Totals = parts[0].totals + parts[1].totals
    assert dict(totals) == dict(whole.totals)
    standing: Standings = parts[0].standing + parts[1].standing
    assert {(i.what, i.households) for i in standing} == {(i.what, i.households) for i in whole.standing}
    gaps: Gaps = parts[0].not_assessed + parts[1].not_assessed
    key = [(g.scheme, g.what, g.cause, g.place, g.area, g.persons, g.households) for g in whole.not_assessed]
    assert sorted(key) == sorted((g.scheme, g.what, g.cause, g.place, g.area, g.persons, g.households) for g in gaps)


# --- why ------------------------------------------------------------------------------------------------------------


def test_every_leaf_of_an_explanation_is_a_fact_or_a_cited_value(result: ca.Assessment) -> None:
    for household in ("H001", "H003", "H005"):
        tree = result.explain(household).tree
        for node in tree.walk():
            if not node.because and not node.repeated:
                dated_nought = node.source is Source.RULE and node.value.startswith("0.00")
                assert node.source is not Source.RULE or dated_nought, node.name
            if node.source is Source.RULE:
                assert node.citations, node.name


def test_an_explanation_tells_the_value_of_the_run(result: ca.Assessment) -> None:
    got = result.explain("H001", dibao.dibao_amount)
    assert got.tree.value == "600.00 yuan/month"
    told = got.to_dict()
    assert told["schema"] == "civaffairs.explain/1"
    assert json.loads(json.dumps(told, ensure_ascii=False))["tree"]["name"] == "dibao_amount"
    assert got._repr_html_().count("<details") > 5


def test_an_explanation_in_chinese_cites_in_chinese(result: ca.Assessment) -> None:
    text = str(result.explain("H001", dibao.dibao_amount, language="zh"))
    assert text.startswith("低保金 = 600.00 元/月")
    assert "《社会救助法》第十八条" in text


def test_an_explanation_of_one_person_names_nobody_else(result: ca.Assessment) -> None:
    tree = result.explain("H003", children.de_facto_allowance_due, person="P0009").tree
    assert {person for node in tree.walk() for person in node.persons} <= {"P0009"}


def test_no_identity_number_is_shown() -> None:
    number = "110101194912310023"
    person = farmer(person_id=number, resident_number=None)
    got = ca.assess(family(person, household_id=number), on=ON)
    shown = [repr(got), str(got.explain(0)), got.explain(0)._repr_html_(), repr(person), repr(got.population)]
    shown += [str(got.explain(0).to_dict()), str(got.not_assessed), str(got.standing)]
    assert not any(number in text for text in shown)


# --- what is needed -------------------------------------------------------------------------------------------------


def test_required_columns_are_enough_and_none_is_idle() -> None:
    need = ca.required(["dibao"], ON)
    people = synthetic_population(300, seed=4)
    table = tables.roster_columns(people)
    narrow = {name: cells for name, cells in table.items() if name in need.names}
    wide, slim = ca.assess(table, on=ON, schemes=["dibao"]), ca.assess(narrow, on=ON, schemes=["dibao"])
    assert (wide.column(dibao.dibao_amount).values == slim.column(dibao.dibao_amount).values).all()
    assert (wide.column(dibao.dibao_amount).known == slim.column(dibao.dibao_amount).known).all()
    assert all(item.articles or item.column.required for item in need)
    assert {"urban_tiers", "rural_payment_method"} <= {name for name, _, _ in need.unknown}
