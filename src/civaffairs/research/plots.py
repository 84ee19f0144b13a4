"""Plots of results; matplotlib is loaded only here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from civaffairs.assessment.totals import Totals
from civaffairs.money import yuan_text
from civaffairs.research.marginal import MarginalRates
from civaffairs.tables.frames import extra

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def scheme_chart(runs: Mapping[str, Totals], path: Path | None = None) -> Figure:
    """Draw what each scheme pays a month, one bar a run.

    Parameters
    ----------
    runs
        Totals by the name of their run. Amounts still open count with what is known of them, and are hatched.
    path
        Where to write a picture, if anywhere.

    Returns
    -------
    Figure
        The drawing.
    """
    figure_module = extra("matplotlib.figure")
    names = [name for name, total in next(iter(runs.values())).items() if total.pays]
    figure: Figure = figure_module.Figure(figsize=(9, 0.6 * len(names) + 1.6), layout="constrained")
    axes = figure.subplots()
    height = 0.8 / len(runs)
    for k, (label, totals) in enumerate(runs.items()):
        lengths = [totals[name].assessed_so_far / 100 for name in names]  # only how long a bar is drawn
        bars = axes.barh([i + k * height for i in range(len(names))], lengths, height=height, label=label)
        for bar, name in zip(bars, names, strict=True):
            is_open = totals[name].fen is None
            if is_open:
                bar.set_hatch("///")
            axes.annotate(
                f" {yuan_text(totals[name].assessed_so_far)}" + (" so far" if is_open else ""),
                (bar.get_width(), bar.get_y() + height / 2),
                va="center",
                fontsize=8,
            )
    titles = next(iter(runs.values()))
    axes.set_yticks(
        [i + height * (len(runs) - 1) / 2 for i in range(len(names))], [titles[name].title for name in names]
    )
    axes.invert_yaxis()
    axes.margins(x=0.28)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel("yuan a month (hatched: some amounts are not known)")
    axes.legend(loc="lower right")
    if path is not None:
        figure.savefig(path, dpi=120)
    return figure


def resources_chart(ramp: MarginalRates, path: Path | None = None) -> Figure:
    """Draw what a family is left with as one member's earnings rise: earnings, and each benefit on top of them.

    Parameters
    ----------
    ramp
        Benefits by earnings. Where a benefit is not known there is a gap in it and in all that stands on it.
    path
        Where to write a picture, if anywhere.

    Returns
    -------
    Figure
        The drawing; cliffs are marked with what is lost.
    """
    figure: Figure = extra("matplotlib.figure").Figure(figsize=(9, 4.2), layout="constrained")
    axes = figure.subplots()
    earned = ramp.earnings / 100  # only how far from the axes a point is drawn
    floor = earned
    axes.fill_between(earned, 0, floor, color="0.88", label="earnings")
    titles = {scheme.name: scheme.title for scheme in ramp.assessment.schemes}
    for name, fen in ramp.by_scheme.items():
        if fen.mask.all() or fen.filled(1).any():
            top = floor + (fen / 100).filled(float("nan"))
            axes.fill_between(earned, floor, top, alpha=0.7, label=titles[name])
            floor = top
    axes.plot(earned, (ramp.resources / 100).filled(float("nan")), color="black", linewidth=1.2, label="resources")
    for cliff in ramp.cliffs:
        axes.axvline(cliff.at / 100, color="crimson", linestyle=":", linewidth=1)
        axes.annotate(
            f" -{yuan_text(cliff.drop)}",
            (cliff.at / 100, 0),
            xytext=(0, 6),
            textcoords="offset points",
            color="crimson",
        )
    axes.set(xlabel="earnings, yuan a month", ylabel="yuan a month", xlim=(earned[0], earned[-1]), ylim=(0, None))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.legend(loc="upper left")
    if path is not None:
        figure.savefig(path, dpi=120)
    return figure
