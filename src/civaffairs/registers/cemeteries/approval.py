"""Who agrees to a cemetery and who approves it (公墓审批), by its kind and the day."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import attrs

from civaffairs.errors import listed
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document
from civaffairs.law.timeline import DeclaredUnknown

LAW = document("funeral-regulation")
FIRST, LAST = date(1997, 7, 21), date(2026, 3, 29)
"""First and last day of the regulation on funerals whose text was read."""


class CemeteryKind(Labelled):
    """What kind of burial place it is."""

    URBAN_PUBLIC = ("urban_public", "城市公益性公墓")
    COMMERCIAL = ("commercial", "经营性公墓")
    RURAL_PUBLIC = ("rural_public", "农村公益性墓地")
    COLUMBARIUM = ("columbarium", "骨灰堂")


class Authority(Labelled):
    """Who agrees or approves."""

    TOWNSHIP = ("township", "乡级人民政府")
    COUNTY_CIVIL_AFFAIRS = ("county_civil_affairs", "县级人民政府民政部门")
    CITY_CIVIL_AFFAIRS = ("city_civil_affairs", "设区的市人民政府民政部门")
    REGION_CIVIL_AFFAIRS = ("region_civil_affairs", "省、自治区、直辖市人民政府民政部门")


@attrs.frozen(kw_only=True)
class Approval:
    """Who decides on a kind of cemetery, from one day to another.

    Attributes
    ----------
    kind
        The kind.
    agrees
        Any one of these agrees first; nobody where empty.
    approves
        Any one of these approves.
    since, until
        First and last day.
    source
        The article.
    """

    kind: CemeteryKind
    agrees: tuple[Authority, ...]
    approves: tuple[Authority, ...]
    since: date
    until: date
    source: Citation


_LOCAL = (Authority.COUNTY_CIVIL_AFFAIRS, Authority.CITY_CIVIL_AFFAIRS)

APPROVALS = (
    Approval(
        kind=CemeteryKind.COMMERCIAL, agrees=_LOCAL, approves=(Authority.REGION_CIVIL_AFFAIRS,),
        since=FIRST, until=LAST, source=LAW.article(8, paragraph=1),
    ),
    Approval(
        kind=CemeteryKind.RURAL_PUBLIC, agrees=(Authority.TOWNSHIP,), approves=(Authority.COUNTY_CIVIL_AFFAIRS,),
        since=FIRST, until=LAST, source=LAW.article(8, paragraph=3),
    ),
    Approval(
        kind=CemeteryKind.COLUMBARIUM, agrees=(), approves=_LOCAL,
        since=FIRST, until=LAST, source=LAW.article(8, paragraph=1),
    ),
)  # fmt: skip
"""The regulation knows cemeteries (公墓) and columbaria, and grounds for villagers. It has no urban public-benefit
cemeteries: whether they are approved as any other cemetery is, no source read says."""

WHERE = MappingProxyType(
    {
        CemeteryKind.URBAN_PUBLIC: "the autonomous region's rules on urban public-benefit cemeteries",
        "before": "the interim measures on cemeteries of 1992 (公墓管理暂行办法), arts. 5, 9 and 10",
        "after": "the regulation on funerals (殡葬管理条例) that applies from 2026-03-30, on funeral facilities",
    }
)
"""Where one would look for what is not in the table."""


def approval_of(kind: CemeteryKind, on: date) -> Approval:
    """Tell who decides on a kind of cemetery on a day.

    Raises
    ------
    DeclaredUnknown
        If no text read says so: of urban public-benefit cemeteries, and of days outside the regulation read.

    Examples
    --------
    >>> told = approval_of(CemeteryKind.RURAL_PUBLIC, date(2026, 3, 29))
    >>> told.agrees[0].label_zh, told.approves[0].label_zh, told.source.zh
    ('乡级人民政府', '县级人民政府民政部门', '《殡葬管理条例》第八条第三款')
    >>> approval_of(CemeteryKind.RURAL_PUBLIC, date(2026, 3, 30))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    civaffairs.law.timeline.DeclaredUnknown: who approves a 农村公益性墓地 (rural_public) on 2026-03-30 is in ...
    """
    for row in APPROVALS:
        if row.kind is kind and row.since <= on <= row.until:
            return row
    where = "before" if on < FIRST else "after" if on > LAST else kind
    reason = f"who approves a {kind.label_zh} ({kind.value}) on {on} is in no text read"
    raise DeclaredUnknown(reason, f"{on}{kind.label_zh}由谁审批，已读文本未载明", WHERE.get(where, ""))


def authorities(members: tuple[Authority, ...]) -> str:
    """Write authorities for a reader."""
    return listed(f"{member.value} ({member.label_zh})" for member in members)
