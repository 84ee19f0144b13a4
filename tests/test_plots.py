"""A plot's figures are the result's, to the fen."""

from __future__ import annotations

from pathlib import Path

import civaffairs as ca
from civaffairs.money import yuan_text
from civaffairs.research.plots import scheme_chart
from civaffairs.research.synthetic import synthetic_population


def test_a_chart_writes_beside_each_bar_what_the_totals_say(tmp_path: Path) -> None:
    totals = ca.assess(synthetic_population(2_000, seed=6), on="2026-08-01").totals
    figure = scheme_chart({"sources alone": totals}, tmp_path / "chart.png")
    texts = {text.get_text().strip().removesuffix(" so far") for text in figure.axes[0].texts}
    assert texts == {yuan_text(total.assessed_so_far) for total in totals.values() if total.pays}
    open_ones = sum(total.pays and total.fen is None for total in totals.values())
    assert sum(text.get_text().endswith("so far") for text in figure.axes[0].texts) == open_ones > 0
    assert (tmp_path / "chart.png").stat().st_size > 10_000
