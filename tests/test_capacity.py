"""A plan of cemetery plots: by hand, against slow fractions, its laws, its chances, and what it refuses."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.errors import UsageError
from civaffairs.law.parameters import DeclaredUnknown
from civaffairs.registers.capacity import maling
from civaffairs.registers.capacity.arrays import OtherWay, Way
from civaffairs.registers.capacity.chance import simulate
from civaffairs.registers.capacity.inputs import CapacityInputs
from civaffairs.registers.capacity.plan import CapacityPlan, capacity_plan, square_metres
from civaffairs.registers.capacity.plot_stock import Cohorts, Expiries, Stock
from civaffairs.registers.capacity.shares import Shares, split
from civaffairs.registers.capacity.spread import Relative, Triangular, Years
from civaffairs.registers.cemeteries.styles import (
    ECOLOGICAL,
    RETAINS_ASHES,
    RETAINS_NO_ASHES,
    TAKES_A_PLOT,
    TAKES_NO_PLOT,
    BurialStyle,
)
from civaffairs.research.cemetery_plots import capacity_chart

GRAVE, NICHE, SEA = BurialStyle.UPRIGHT_GRAVE, BurialStyle.NICHE, BurialStyle.SEA_SCATTERING
TREE, BODY, HOME = BurialStyle.TREE_BURIAL, OtherWay.BODY_BURIAL, OtherWay.KEPT_ELSEWHERE


def stock(**changed: Any) -> Stock:  # noqa: ANN401 -- whatever a stock takes
    facts: dict[str, Any] = {
        "name": "ash plots",
        "serves": [GRAVE],
        "persons_per_plot": 1,
        "footprint_cm2": 10_000,
        "common_area": 0,
        "opening": 0,
        "built": 0,
        "leases": None,
        "reserve": 0,
    }
    return Stock(**(facts | changed))


def inputs(**changed: Any) -> CapacityInputs:  # noqa: ANN401 -- whatever inputs take
    facts: dict[str, Any] = {
        "scenarios": ["one"],
        "years": range(2020, 2024),
        "deaths": 100,
        "cremated": 1,
        "ways": [GRAVE, SEA],
        "shares": ["0.9", "0.1"],
        "stocks": [stock()],
        "without_plot": [SEA],
    }
    return CapacityInputs(**(facts | changed))


# By hand


def test_plots_last_until_they_are_taken() -> None:
    plan = capacity_plan(inputs(stocks=[stock(opening=200, built=[0, 50, 0, 0], reserve=20)]))
    told = plan["ash plots"]
    assert told.needed.tolist() == [[90, 90, 90, 90]]
    assert told.free.tolist() == [[110, 70, -20, -110]]  # 200 - 90, 110 + 50 - 90, ...
    assert told.shortfall.tolist() == [[0, 0, 20, 110]]
    assert told.first_short == told.first_below_reserve == plan.first_short == (2022,)
    assert told.to_build.tolist() == [[0, 0, 40, 90]]
    assert told.land_to_build_cm2.tolist() == [[0, 0, 400_000, 900_000]]


def test_a_year_that_ends_with_nought_is_not_short_but_below_its_reserve() -> None:
    told = capacity_plan(inputs(stocks=[stock(opening=360, reserve=1)]))["ash plots"]
    assert told.free[0, -1] == 0
    assert told.first_short == (None,)
    assert told.first_below_reserve == (2023,)
    assert told.to_build.sum() == 1


def test_bodies_take_larger_plots_and_ashes_kept_elsewhere_none() -> None:
    plan = capacity_plan(
        inputs(
            deaths=1_000,
            cremated="0.8",
            ways=[GRAVE, NICHE, SEA, HOME],
            shares=["0.5", "0.3", "0.1", "0.1"],
            stocks=[
                stock(persons_per_plot="1.6", common_area="0.35"),
                stock(name="niches", serves=[NICHE], footprint_cm2=0, persons_per_plot=2),
                stock(name="body plots", serves=[BODY], footprint_cm2=40_000, common_area="0.5"),
            ],
            without_plot=[SEA, HOME],
        )
    )
    assert plan.ways == (GRAVE, NICHE, SEA, HOME, BODY)
    assert plan.demand[0, 0].tolist() == [400, 240, 80, 80, 200]
    assert plan.new_plots[0, 0].tolist() == [250, 120, 0, 0, 200]
    assert plan.land_cm2[0, 0].tolist() == [250 * 13_500, 0, 0, 0, 200 * 60_000]
    assert square_metres(int(plan["body plots"].land_cm2[0, 0])) == Decimal(1_200)


def test_a_plot_begun_is_a_plot_taken_and_its_land_is_rounded_up() -> None:
    plan = capacity_plan(inputs(deaths=[1, 10, 11, 0], stocks=[stock(persons_per_plot=2, common_area="0.00001")]))
    assert plan.demand[0, :, 0].tolist() == [1, 9, 10, 0]
    assert plan.new_plots[0, :, 0].tolist() == [1, 5, 5, 0]
    assert plan.land_cm2[0, 0, 0] == 10_001


def test_leases_that_end_are_renewed_or_their_plots_released() -> None:
    leases = Expiries(expired=[10, 5, 0, 1], renewed="0.7")
    told = capacity_plan(inputs(deaths=0, stocks=[stock(leases=leases)]))["ash plots"]
    assert told.released.tolist() == [[3, 1, 0, 0]]  # of 5, 3.5 are renewed: the half goes to the first, a renewal
    assert told.free.tolist() == [[3, 4, 4, 4]]


def test_cohorts_end_after_their_term_and_again_after_it() -> None:
    leases = Cohorts(term=2, begun={2018: 40, 2019: 60}, renewed="1/4")
    told = capacity_plan(inputs(years=range(2020, 2025), shares=[1, 0], stocks=[stock(leases=leases)]))["ash plots"]
    # 2020: 40 end, 10 renewed; 2021: 60, 15; 2022: 100 + 10 = 110, 28 (27.5, halves to renewals); 2023: 115, 29 (28.75)
    assert told.expired[0, :4].tolist() == [40, 60, 110, 115]
    assert told.released[0, :4].tolist() == [30, 45, 82, 86]
    assert told.expired[0, 4] == 100 + 28


def test_one_pool_lasts_as_long_as_its_styles_together() -> None:
    ways, shares = [GRAVE, TREE], ["0.5", "0.5"]
    apart = [stock(opening=100), stock(name="trees", serves=[TREE], opening=300)]
    pooled = [stock(serves=[GRAVE, TREE], opening=400)]
    told = {"ways": ways, "shares": shares, "without_plot": []}
    assert capacity_plan(inputs(stocks=apart, **told)).first_short == (2022,)
    assert capacity_plan(inputs(stocks=pooled, **told)).first_short == (None,)


def test_maling_lasts_so_long_if_it_were_alone() -> None:
    on = date(2026, 8, 1)
    planned = maling.PARAMETERS["planned_plots"].at(maling.PLACE, on).value
    assert isinstance(planned, int)
    assert planned == 55_000
    told = inputs(years=range(2020, 2036), deaths=4_000, shares=[1, 0], stocks=[stock(opening=planned)])
    assert capacity_plan(told).first_short == (2033,)  # 13 years of 4,000 take 52,000, the fourteenth 56,000
    assert maling.PARAMETERS["ecological_area"].at(maling.PLACE, on).value == Fraction(53, 100)
    with pytest.raises(DeclaredUnknown, match="not published; give the plots of each phase; look in"):
        maling.plots_by_phase(planned)
    with pytest.raises(UsageError, match="add up to 54,999 plots, and not to the 55,000"):
        maling.plots_by_phase(planned, [20_000, 20_000, 14_999])


# Splitting


@given(
    total=st.integers(0, 10**6),
    weights=st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any),
)
def test_a_split_adds_up_and_no_part_is_a_whole_one_off(total: int, weights: list[int]) -> None:
    whole = sum(weights)
    parts = split(np.array([total]), Shares(np.array([weights]), whole))[0].tolist()
    assert sum(parts) == total
    assert all(abs(part - Fraction(total * weight, whole)) < 1 for part, weight in zip(parts, weights, strict=True))
    assert parts == slow_split(total, [Fraction(weight, whole) for weight in weights])


def test_equal_remainders_go_to_the_first() -> None:
    assert split(np.array([1, 2, 3, 4]), Shares.of([["1/3", "1/3", "1/3"]] * 4)).tolist() == [
        [1, 0, 0],
        [1, 1, 0],
        [1, 1, 1],
        [2, 1, 1],
    ]


def test_a_split_that_does_not_fit_is_refused() -> None:
    with pytest.raises(UsageError, match="does not fit in 64 bits"):
        split(np.array([2**62]), Shares.of(["0.5", "0.5"]))


# The oracle: one scenario, one year, one way after another, in fractions


def slow_split(total: int, shares: list[Fraction]) -> list[int]:
    exact = [total * share for share in shares]
    parts = [part.numerator // part.denominator for part in exact]
    order = sorted(range(len(shares)), key=lambda k: (parts[k] - exact[k], k))
    for k in order[: total - sum(parts)]:
        parts[k] += 1
    return parts


def slow_free(case: dict[str, Any], s: int) -> tuple[list[list[int]], list[int], list[int], list[int], int | None]:
    """Demand by year and way, plots needed, released and free by year, and the first year short."""
    begun = dict(case["begun"])
    free = case["opening"]
    demand, needed, released, stocks, first = [], [], [], [], None
    for t, year in enumerate(case["years"]):
        rate = case["cremated"][s][t]
        ashes, bodies = slow_split(case["deaths"][s][t], [rate, 1 - rate])
        by_way = slow_split(ashes, case["shares"][s][t])
        demand.append([*by_way, bodies])
        plots = sum(ceil(Fraction(by_way[k]) / case["persons"]) for k in range(2))
        renewed, gone = slow_split(begun[year - case["term"]], [case["renewed"], 1 - case["renewed"]])
        begun[year] = plots + renewed
        free += case["built"][s][t] - plots + gone
        needed.append(plots)
        released.append(gone)
        stocks.append(free)
        if free < 0 and first is None:
            first = year
    return demand, needed, released, stocks, first


RATES = st.integers(0, 20).map(lambda part: Fraction(part, 20))
PERSONS = st.fractions(1, 4, max_denominator=10)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    scenarios, years, term = draw(st.integers(1, 3)), draw(st.integers(1, 6)), draw(st.integers(1, 4))
    first = 2020

    def grid(each: st.SearchStrategy[Any]) -> list[list[Any]]:
        return [[draw(each) for _ in range(years)] for _ in range(scenarios)]

    weights = st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any)
    return {
        "scenarios": [f"s{k}" for k in range(scenarios)],
        "years": range(first, first + years),
        "deaths": grid(st.integers(0, 500)),
        "cremated": grid(RATES),
        "shares": grid(weights.map(lambda of: [Fraction(one, sum(of)) for one in of])),
        "persons": draw(PERSONS),
        "opening": draw(st.integers(0, 800)),
        "built": grid(st.integers(0, 300)),
        "term": term,
        "begun": {year: draw(st.integers(0, 99)) for year in range(first - term, first)},
        "renewed": draw(RATES),
        "reserve": draw(st.integers(0, 100)),
    }


def of_case(case: dict[str, Any], only: int | None = None) -> CapacityInputs:
    which = slice(None) if only is None else slice(only, only + 1)
    leases = Cohorts(term=case["term"], begun=case["begun"], renewed=case["renewed"])
    pool = stock(
        serves=[GRAVE, TREE],
        persons_per_plot=case["persons"],
        opening=case["opening"],
        built=case["built"][which],
        leases=leases,
        reserve=case["reserve"],
    )
    return inputs(
        scenarios=case["scenarios"][which],
        years=case["years"],
        deaths=case["deaths"][which],
        cremated=case["cremated"][which],
        ways=[GRAVE, TREE, SEA],
        shares=case["shares"][which],
        stocks=[pool],
        without_plot=[SEA, BODY],
    )


@given(case=cases())
def test_the_plan_is_what_fractions_say_one_by_one(case: dict[str, Any]) -> None:
    plan = capacity_plan(of_case(case))
    told = plan["ash plots"]
    for s in range(len(case["scenarios"])):
        demand, needed, released, free, first = slow_free(case, s)
        assert plan.demand[s].tolist() == demand
        assert told.needed[s].tolist() == needed
        assert told.released[s].tolist() == released
        assert told.free[s].tolist() == free
        assert told.first_short[s] == plan.first_short[s] == first


# Laws


@given(case=cases())
def test_plots_balance_from_year_to_year_and_the_dead_are_all_counted(case: dict[str, Any]) -> None:
    told = of_case(case)
    plan = capacity_plan(told)
    of = plan["ash plots"]
    before = np.concatenate([np.full((len(of.free), 1), case["opening"]), of.free[:, :-1]], axis=1)
    assert (of.free == before + of.built - of.needed + of.released).all()
    assert (plan.demand.sum(-1) == told.arrays.deaths).all()
    assert (plan.new_plots.sum(-1) == of.needed).all()
    assert (plan.land_cm2.sum(-1) == of.land_cm2).all()
    assert ((of.released >= 0) & (of.released <= of.expired)).all()


@given(case=cases())
def test_scenarios_together_are_scenarios_one_by_one(case: dict[str, Any]) -> None:
    together = capacity_plan(of_case(case))
    for s in range(len(case["scenarios"])):
        alone = capacity_plan(of_case(case, only=s))
        cut = capacity_plan_rows(together, s)
        assert capacity_plan_rows(alone, 0) == cut


def capacity_plan_rows(plan: CapacityPlan, s: int) -> list[list[object]]:
    columns = plan.columns()
    name = plan.inputs.scenarios[s]
    return [list(row) for row in zip(*columns.values(), strict=True) if row[1] == name]


@given(case=cases(), more=st.integers(0, 200), year=st.integers(0, 5))
def test_building_more_never_brings_the_shortage_nearer(case: dict[str, Any], more: int, year: int) -> None:
    before = capacity_plan(of_case(case))
    for row in case["built"]:
        row[min(year, len(row) - 1)] += more
    after = capacity_plan(of_case(case))
    for was, now in zip(before.first_short, after.first_short, strict=True):
        assert (now or 9_999) >= (was or 9_999)
    assert (after["ash plots"].to_build.sum(-1) <= before["ash plots"].to_build.sum(-1)).all()


@given(case=cases())
def test_what_is_to_be_built_is_just_enough(case: dict[str, Any]) -> None:
    to_build = capacity_plan(of_case(case))["ash plots"].to_build
    assert (to_build >= 0).all()
    case["built"] = (np.array(case["built"]) + to_build).tolist()
    then = capacity_plan(of_case(case))["ash plots"]
    assert (then.free >= case["reserve"]).all()
    assert then.first_below_reserve == (None,) * len(case["scenarios"])
    # One plot fewer in any year in which some are to be built would be too few.
    for s, t in np.argwhere(to_build > 0)[:3].tolist():
        case["built"][s][t] -= 1
        assert (capacity_plan(of_case(case))["ash plots"].free[s] < case["reserve"]).any()
        case["built"][s][t] += 1


def test_more_sea_burials_never_bring_the_shortage_nearer() -> None:
    shares = [[[Fraction(100 - sea, 100), Fraction(sea, 100)]] * 16 for sea in range(0, 101, 5)]
    names = [f"sea {sea} %" for sea in range(0, 101, 5)]
    told = inputs(scenarios=names, years=range(2020, 2036), shares=shares, stocks=[stock(opening=500, built=30)])
    years = [year or 9_999 for year in capacity_plan(told).first_short]
    assert years == sorted(years)
    assert len(set(years)) > 5


# Chance


def chancy(**changed: Any) -> CapacityInputs:  # noqa: ANN401 -- whatever inputs take
    facts: dict[str, Any] = {
        "scenarios": ["low", "high"],
        "years": range(2020, 2036),
        "deaths": [[10_000] * 16, [12_000] * 16],
        "cremated": "0.8",
        "ways": [GRAVE, NICHE, TREE, SEA],
        "shares": ["0.4", "0.3", "0.2", "0.1"],
        "stocks": [
            stock(serves=[GRAVE, TREE], opening=20_000, built=3_000, persons_per_plot="1.2"),
            stock(name="niches", serves=[NICHE], opening=30_000),
            stock(name="body plots", serves=[BODY], opening=30_000),
        ],
    }
    return inputs(**(facts | changed))


SPREADS: dict[str, Any] = {"deaths": Relative(0.1), "cremated": Triangular(0.7, 0.95), "shares": Relative(0.2)}


def test_a_seed_gives_the_same_draws_and_another_seed_others() -> None:
    run = [simulate(chancy(), draws=500, seed=seed, years=Years.TOGETHER, **SPREADS) for seed in (7, 7, 8)]
    for name in ("ash plots", "niches", "body plots"):
        assert run[0][name].free.tolist() == run[1][name].free.tolist()
        assert run[0][name].first_short.tolist() == run[1][name].first_short.tolist()
        assert run[0][name].free.tolist() != run[2][name].free.tolist()


@pytest.mark.parametrize("years", Years)
def test_a_scenario_alone_has_the_luck_it_has_among_others(years: Years) -> None:
    both = simulate(chancy(), draws=200, seed=3, years=years, **SPREADS)
    one = simulate(chancy(scenarios=["high"], deaths=12_000), draws=200, seed=3, years=years, **SPREADS)
    assert one["ash plots"].free[:, 0].tolist() == both["ash plots"].free[:, 1].tolist()
    assert one["ash plots"].land_cm2[:, 0].tolist() == both["ash plots"].land_cm2[:, 1].tolist()


@pytest.mark.parametrize("years", Years)
def test_without_spread_every_draw_is_the_plan(years: Years) -> None:
    told = chancy(shares=["1/3", "1/3", "1/6", "1/6"], cremated="0.7777")
    plan = capacity_plan(told)
    sure: dict[str, Any] = {"deaths": Relative(0), "cremated": Relative(0), "shares": Relative(0)}
    narrow: dict[str, Any] = {"deaths": Triangular([[10_000] * 16, [12_000] * 16], [[10_000], [12_000]])}
    nothing: dict[str, Any] = {}
    for spreads in (nothing, sure, narrow):
        chances = simulate(told, draws=20, seed=1, years=years, **spreads)
        for name, of in plan.stocks.items():
            for level in range(3):
                assert chances[name].free[level].tolist() == of.free.tolist()
                assert chances[name].land_cm2[level].tolist() == np.cumsum(of.land_cm2, -1).tolist()
            assert [row.index(20) for row in chances[name].first_short.tolist()] == [
                16 if year is None else year - 2020 for year in of.first_short
            ]


def test_quantiles_lie_in_order_around_the_plan_and_the_years_short_add_up() -> None:
    told = chancy()
    chances = simulate(told, draws=2_000, seed=5, years=Years.TOGETHER, deaths=Relative(0.1))["ash plots"]
    free = capacity_plan(told)["ash plots"].free
    assert (np.diff(chances.free, axis=0) >= 0).all()
    assert ((chances.free[0] < free) & (free < chances.free[2])).all()
    assert chances.first_short.sum(-1).tolist() == [2_000, 2_000]
    by = [chances.short_by(year)[1] for year in told.years]
    assert by == sorted(by)
    median = chances.first_short_at("0.5")[1]
    assert median is not None
    assert chances.short_by(median)[1] >= Fraction(1, 2) > chances.short_by(median - 1)[1]
    with pytest.raises(UsageError, match="2036 is not in it"):
        chances.short_by(2036)


def test_luck_of_its_own_each_year_evens_out() -> None:
    widths = {}
    for years in Years:
        free = simulate(chancy(), draws=2_000, seed=5, years=years, deaths=Relative(0.1))["ash plots"].free
        widths[years] = int(free[2, 0, -1] - free[0, 0, -1])
    assert widths[Years.TOGETHER] > 3 * widths[Years.APART]  # about the root of 16 times as wide


def test_a_triangular_spread_stays_within_its_ends_and_has_its_mean() -> None:
    rng = np.random.default_rng(0)
    drawn = Triangular(50, 200).drawn(np.full((1, 2), 80.0), 0, (20_000, 2), rng)
    assert drawn.min() >= 50
    assert drawn.max() <= 200
    assert drawn.mean() == pytest.approx((50 + 80 + 200) / 3, rel=0.01)
    assert np.median(drawn) == pytest.approx(200 - (150 * 120 / 2) ** 0.5, rel=0.01)


def test_ten_thousand_draws_take_well_under_a_second() -> None:
    began = time.perf_counter()
    simulate(chancy(), draws=10_000, seed=1, years=Years.TOGETHER, **SPREADS)
    assert time.perf_counter() - began < 3  # 0.2 s on an idle machine


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"draws": 0}, "give at least 1"),
        ({"deaths": Relative(-0.1)}, "0 or more"),
        ({"deaths": Relative([0.1, 0.2])}, "does not fit"),
        ({"deaths": Triangular(10_500, 13_000)}, "from low up to what the plan was told"),
        ({"levels": ["0"]}, "not a quantile"),
        ({"levels": [0.5]}, "not an exact number"),
    ],
)
def test_a_chance_that_makes_no_sense_is_refused(changed: dict[str, Any], message: str) -> None:
    facts: dict[str, Any] = {"draws": 10, "seed": 1, "years": Years.APART}
    with pytest.raises(UsageError, match=message):
        simulate(chancy(), **(facts | changed))


def test_bodies_that_only_chance_leaves_need_a_place() -> None:
    with pytest.raises(UsageError, match="say which stock serves body_burial"):
        simulate(inputs(), draws=10, seed=1, years=Years.APART, cremated=Relative(0.1))


# What is refused


BAD: list[tuple[Callable[[], object], str]] = [
    (lambda: inputs(shares=["0.9", "0.2"]), r"in scenario 'one', 2020 \(and in 3 more\) add up to 11/10, and not to 1"),
    (lambda: inputs(shares=[0.9, 0.1]), "0.9 is not an exact number; write it as '0.53'"),
    (lambda: inputs(shares=["0.9", "x"]), "'x' is not an exact number"),
    (lambda: inputs(shares=["1.1", "-0.1"]), "1.1 is not a share from 0 to 1"),
    (lambda: inputs(shares=["1/0", "1"]), "not an exact number"),
    (
        lambda: inputs(shares=["0.9", "0.05", "0.05"]),
        r"have the shape \(3,\); give an array of 1 scenarios × 4 years × 2",
    ),
    (lambda: inputs(shares=["1/1000000007", "1000000006/1000000007"]), "no common denominator"),
    (lambda: inputs(cremated=80), "80 is not a share from 0 to 1; whole ten-thousandths are read by"),
    (lambda: inputs(cremated="0.8"), r"body_burial \(遗体安葬\): neither served by a stock nor said to take no plot"),
    (lambda: inputs(years=[2020, 2021, 2023, 2024]), "go from 2021 to 2023; give every year once"),
    (lambda: inputs(years=[]), "needs years"),
    (lambda: inputs(years=[2020.5]), "whole numbers"),
    (lambda: inputs(scenarios=[]), "scenarios need names"),
    (lambda: inputs(scenarios=["a", "a"]), "each its own"),
    (lambda: inputs(deaths=[1, 2, 3]), r"deaths have the shape \(3,\); give an array of 1 scenarios × 4 years"),
    (lambda: inputs(deaths=[1, 2, 3, -4]), "deaths in scenario 'one', 2023 cannot be -4"),
    (lambda: inputs(deaths=[1, 2, 3, 4 * 10**9]), "2023 cannot be 4,000,000,000"),
    (lambda: inputs(deaths=100.0), "deaths must be whole numbers"),
    (lambda: inputs(deaths=True), "deaths must be whole numbers"),
    (lambda: inputs(deaths=[[1, 2], [3]]), "nested unevenly"),
    (lambda: inputs(ways=[GRAVE, GRAVE]), "name each way of the ashes once"),
    (lambda: inputs(ways=[GRAVE, BODY]), "name each way of the ashes once"),
    (lambda: inputs(without_plot=[]), r"sea_scattering \(海葬\): neither served"),
    (lambda: inputs(without_plot=[SEA, GRAVE]), "placed more than once"),
    (lambda: inputs(without_plot=[SEA, TREE]), "not among the ways"),
    (
        lambda: inputs(stocks=[], without_plot=[SEA, GRAVE]),
        r"立碑墓\): said to take no plot, but is a grave",
    ),
    (lambda: inputs(stocks=[stock(serves=[GRAVE, SEA])], without_plot=[]), "served by a stock, but takes no plot"),
    (lambda: inputs(stocks=[stock(), stock(serves=[])]), "stocks need names, each its own"),
    (lambda: inputs(stocks=[stock(opening=-1)]), "opening plots of 'ash plots' in scenario 'one' cannot be -1"),
    (lambda: inputs(stocks=[stock(built=[1, 2])]), r"built of 'ash plots' have the shape \(2,\)"),
    (lambda: inputs(stocks=[stock(persons_per_plot="0.5")]), "cannot hold 0.5 persons"),
    (lambda: inputs(stocks=[stock(persons_per_plot=1.5)]), "not an exact number"),
    (lambda: inputs(stocks=[stock(footprint_cm2=1.5)]), "footprint of 'ash plots' cannot be 1.5"),
    (lambda: inputs(stocks=[stock(footprint_cm2=-1)]), "footprint of 'ash plots' cannot be -1"),
    (lambda: inputs(stocks=[stock(common_area="-0.1")]), "common area of 'ash plots' cannot be -0.1"),
    (lambda: inputs(stocks=[stock(leases=Expiries(expired=-1, renewed=0))]), "leases of 'ash plots' that expire in"),
    (
        lambda: inputs(stocks=[stock(leases=Cohorts(term=0, begun={}, renewed=0))]),
        "term of leases of .* cannot be 0",
    ),
    (
        lambda: inputs(stocks=[stock(leases=Cohorts(term=2, begun={2019: 1}, renewed=0))]),
        "2018 to 2019; missing: 2018",
    ),
    (
        lambda: inputs(stocks=[stock(leases=Cohorts(term=1, begun={2019: 1, 2018: 1}, renewed=0))]),
        "not to be counted: 2018",
    ),
    (
        lambda: inputs(stocks=[stock(leases=Cohorts(term=1, begun={2019: -1}, renewed=0))]),
        "begun in 2019 cannot be -1",
    ),
    (lambda: capacity_plan(inputs())["ash plot"], "no stock 'ash plot'; did you mean 'ash plots'"),
    (
        lambda: capacity_plan(inputs(deaths=10**9, stocks=[stock(footprint_cm2=10**8, common_area=100)])),
        "land of 'ash plots' does not fit in 64 bits",
    ),
    (lambda: Shares.per_ten_thousand([0.5]), "whole numbers from 0 to 10,000"),
    (lambda: Shares.per_ten_thousand([10_001]), "whole numbers from 0 to 10,000"),
]


@pytest.mark.parametrize(("make", "message"), BAD, ids=[message[:40] for _, message in BAD])
def test_what_makes_no_plan_is_refused_with_its_place(make: Callable[[], object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make()


def test_nothing_has_a_default() -> None:
    kinds: tuple[type[Any], ...] = (CapacityInputs, Stock, Expiries, Cohorts)
    for kind in kinds:
        given = [field.name for field in attrs.fields(kind) if field.init]
        assert [field.name for field in attrs.fields(kind) if field.init and field.default is not attrs.NOTHING] == []
        with pytest.raises(TypeError, match=f"missing {len(given)} required"):
            kind()


# Styles


def test_what_is_known_of_a_style_does_not_contradict_itself() -> None:
    assert not RETAINS_ASHES & RETAINS_NO_ASHES
    assert not TAKES_A_PLOT & TAKES_NO_PLOT
    assert TAKES_A_PLOT <= RETAINS_ASHES
    assert {style for style in BurialStyle if style.is_ecological} == ECOLOGICAL
    assert (GRAVE.takes_a_plot, NICHE.takes_a_plot, TREE.takes_a_plot) == (True, False, None)
    assert (NICHE.retains_ashes, SEA.retains_ashes, TREE.retains_ashes) == (True, False, None)
    ways: set[Way] = {*BurialStyle, *OtherWay}
    assert len({way.label_zh for way in ways}) == len({way.value for way in ways}) == len(ways) == 14


# The picture


def test_the_picture_marks_the_first_year_short_and_draws_a_band(tmp_path: Path) -> None:
    told = chancy()
    plan = capacity_plan(told)
    chances = simulate(told, draws=100, seed=1, years=Years.TOGETHER, deaths=Relative(0.05))
    figure = capacity_chart(plan, "ash plots", chances, tmp_path / "plan.png")
    above, below = figure.axes
    marked = [text.get_text() for text in above.texts]
    assert marked == [str(year) for year in plan["ash plots"].first_short if year]
    lines = {line.get_label(): np.asarray(line.get_ydata()).tolist() for line in above.lines}
    assert lines["high"] == plan["ash plots"].free[1].tolist()
    assert np.asarray(below.lines[1].get_ydata())[-1] == plan["ash plots"].land_cm2[1].sum() / 10_000
    assert len(above.collections) == len(below.collections) == 2
    assert (tmp_path / "plan.png").stat().st_size > 10_000
