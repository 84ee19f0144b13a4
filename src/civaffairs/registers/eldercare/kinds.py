"""What kinds of eldercare home there are."""

from __future__ import annotations

from civaffairs.labels import Labelled


class HomeKind(Labelled):
    """Who built an eldercare home (养老机构) and who runs it.

    Examples
    --------
    >>> HomeKind("public built, privately run").label_zh
    '公建民营'
    """

    PUBLIC = ("public", "公办")
    PUBLIC_PRIVATELY_RUN = ("public built, privately run", "公建民营")
    NON_PROFIT = ("non-profit", "民办非营利")
    COMMERCIAL = ("commercial", "经营性")
