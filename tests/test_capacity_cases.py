"""The plans of cemetery plots that the docs show."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from civaffairs.registers.capacity import maling
from civaffairs.registers.capacity.inputs import CapacityInputs
from civaffairs.registers.capacity.plan import capacity_plan
from civaffairs.registers.capacity.plot_stock import Stock
from civaffairs.registers.cemeteries.styles import BurialStyle

CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "capacity.toml").read_text("utf-8"))
GRAVE, SEA = BurialStyle.UPRIGHT_GRAVE, BurialStyle.SEA_SCATTERING


@pytest.mark.parametrize("case", CASES["plan"], ids=lambda case: case["title"])
def test_plans(case: Mapping[str, Any]) -> None:
    graves = Stock(
        name="graves", serves=[GRAVE], persons_per_plot=case["persons_per_plot"], footprint_cm2=10_000,
        common_area="0.5", opening=case["opening"], built=case["built"], leases=None, reserve=0,
    )  # fmt: skip
    share = Fraction(case["share"])
    years = range(2020, 2020 + len(case["deaths"]))
    inputs = CapacityInputs(
        scenarios=["one"], years=years, deaths=case["deaths"], cremated=1, ways=[GRAVE, SEA],
        shares=[share, 1 - share], stocks=[graves], without_plot=[SEA],
    )  # fmt: skip
    plan = capacity_plan(inputs)["graves"]
    for name in ("needed", "free", "shortfall"):
        assert getattr(plan, name)[0].tolist() == case[name], name
    assert plan.first_short == (case.get("first_short"),)


def test_the_plots_of_maling_are_the_published_ones() -> None:
    case = next(case for case in CASES["plan"] if case["title"] == "Maling's plots")
    assert maling.PARAMETERS["planned_plots"].at(maling.PLACE, date(2026, 8, 1)).value == case["opening"]
