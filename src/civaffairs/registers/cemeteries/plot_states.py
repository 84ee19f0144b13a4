"""The states of a plot, and for whom one may be sold while that person is alive."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civaffairs.labels import Labelled


class PlotState(Labelled):
    """The life of a plot or niche. A renewal leads back to *occupied*, with a term of its own."""

    PLANNED = ("planned", "规划")
    BUILDING = ("building", "在建")
    AVAILABLE = ("available", "可用")
    RESERVED = ("reserved", "预订")
    OCCUPIED = ("occupied", "占用")
    EXPIRING = ("expiring", "到期待续")
    ANNOUNCED = ("announced", "逾期公告")
    RELEASED = ("released", "收回")


TAKEN = (PlotState.RESERVED, PlotState.OCCUPIED, PlotState.EXPIRING, PlotState.ANNOUNCED)
"""Somebody holds the plot."""

LAID_TO_REST = (PlotState.OCCUPIED, PlotState.EXPIRING, PlotState.ANNOUNCED)
"""Somebody lies in the plot."""


class ReservedFor(Labelled):
    """For whom a plot is sold while that person is alive (寿穴): the three cases of Shanghai's regulation, art. 27."""

    SPOUSE = ("spouse", "为死者的健在配偶留作合葬")
    OLD_WITHOUT_CHILDREN = ("old_without_children", "无子女的老年人")
    SPECIAL = ("special", "其他特殊情况")


def among(state: NDArray[np.int8], states: tuple[PlotState, ...]) -> NDArray[np.bool_]:
    """Mark plots in one of some states."""
    table = np.zeros(len(PlotState), np.bool_)
    table[[member.number for member in states]] = True
    return np.asarray(table[state])
