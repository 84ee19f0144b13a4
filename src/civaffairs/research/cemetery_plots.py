"""A picture of a capacity plan: free plots by scenario, the first year short, and the land taken; needs matplotlib."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from civaffairs.registers.capacity.chance import Chances
from civaffairs.registers.capacity.plan import SQUARE_METRE, CapacityPlan
from civaffairs.tables.frames import extra

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Arial Unicode MS",
)
"""Fonts that know Chinese; where none of them is installed, the labels are in English alone."""

LINES = ("-", "--", ":", "-.")


def capacity_chart(plan: CapacityPlan, stock: str, chances: Chances | None = None, path: Path | None = None) -> Figure:
    """Draw how many plots of a stock are free at the end of each year, and the land that new plots have taken.

    Parameters
    ----------
    plan
        Scenarios and years; one line a scenario, the first year short marked with its number.
    stock
        Which stock.
    chances
        Draws around the plan; a band goes from the lowest to the highest quantile.
    path
        Where to write a picture, if anywhere.

    Returns
    -------
    Figure
        The drawing: plots above, land below.
    """
    figure_module = extra("matplotlib.figure")
    fonts = _chinese_fonts()
    told, band = plan[stock], chances[stock] if chances else None
    with extra("matplotlib").rc_context({"font.family": ["DejaVu Sans", *fonts]}):
        figure: Figure = figure_module.Figure(figsize=(9, 6.4), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        years, land = np.array(told.frame.years), np.cumsum(told.land_cm2, -1) / SQUARE_METRE  # only how high a line is
        for s, (scenario, short) in enumerate(zip(told.frame.scenarios, told.first_short, strict=True)):
            style = LINES[s % len(LINES)]  # lines that lie on one another are told apart
            (line,) = above.plot(years, told.free[s], style, marker=".", label=_label(scenario, fonts) or scenario)
            below.plot(years, land[s], style, marker=".", color=line.get_color())
            if band is not None:
                colour = line.get_color()
                above.fill_between(years, band.free[0, s], band.free[-1, s], color=colour, alpha=0.15, linewidth=0)
                ends = band.land_cm2[[0, -1], s] / SQUARE_METRE
                below.fill_between(years, ends[0], ends[1], color=colour, alpha=0.15, linewidth=0)
            if short is not None:
                _mark(above, short, int(told.free[s, told.frame.years.index(short)]), line.get_color())
        above.axhline(0, color="black", linewidth=0.8)
        above.set_title(_label(stock, fonts) or stock, loc="left")
        above.set_ylabel(_label("free plots at year's end 年末可用墓位", fonts))
        below.set_ylabel(_label("land taken so far, m² 累计用地", fonts))
        below.set_ylim(bottom=0)
        below.set_xticks(years, [str(year) for year in years], rotation=45 if len(years) > 10 else 0)
        for axes in (above, below):
            axes.yaxis.set_major_formatter("{x:,.0f}")
            axes.grid(color="0.92")
            axes.set_axisbelow(True)
        title = None
        if band is not None:
            title = f"band: {_percent(band.levels[0])} to {_percent(band.levels[-1])} of the draws"
        above.legend(loc="best", title=title)
        if path is not None:
            figure.savefig(path, dpi=120)
    return figure


def _mark(axes: Any, year: int, free: int, colour: str) -> None:  # noqa: ANN401 -- of matplotlib
    """Mark the first year short."""
    axes.plot([year], [free], marker="v", markersize=9, color=colour)
    axes.annotate(
        str(year),
        (year, free),
        xytext=(0, -16),
        textcoords="offset points",
        ha="center",
        color=colour,
        fontweight="bold",
        family="DejaVu Sans",
    )


def _percent(level: Fraction) -> str:
    return f"{float(100 * level):g} %"


def _chinese_fonts() -> list[str]:
    installed = {font.name for font in extra("matplotlib.font_manager").fontManager.ttflist}
    return [name for name in CHINESE_FONTS if name in installed][:1]


def _label(text: str, fonts: list[str]) -> str:
    """A text with its Chinese words, or without them where no font can draw them."""
    return text if fonts else "".join(sign for sign in text if ord(sign) < 0x2E80).strip()
