"""Maling public-benefit cemetery (马岭公益性公墓): the figures that were published, and what none of them tells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from civaffairs.errors import UsageError
from civaffairs.law.parameters import DeclaredUnknown, load_parameters

PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
PLACE = "450102"
"""Xingning district (兴宁区)."""


def plots_by_phase(planned: int, phases: Sequence[int] | None = None) -> tuple[int, ...]:
    """Split planned plots over the phases (期) in which they are built, which only the caller can say.

    Parameters
    ----------
    planned
        Plots in all phases.
    phases
        Plots of each.

    Raises
    ------
    DeclaredUnknown
        If the phases are not given: no source read splits the number.
    UsageError
        If they do not add up to the plots planned.

    Examples
    --------
    >>> plots_by_phase(55_000)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    civaffairs.law.timeline.DeclaredUnknown: how 55,000 plots are split over the phases is not published; give ...
    >>> plots_by_phase(300, [100, 200])
    (100, 200)
    """
    if phases is None:
        msg = f"how {planned:,} plots are split over the phases is not published; give the plots of each phase"
        where = "the plan or the acceptance papers of each phase (各期规划或竣工验收文件)"
        raise DeclaredUnknown(msg, "各期墓位数量未公布", where)
    if any(count < 0 for count in phases) or sum(phases) != planned:
        msg = f"the phases add up to {sum(phases):,} plots, and not to the {planned:,} planned"
        raise UsageError(msg)
    return tuple(phases)
