"""Community sites (社区养老服务设施): day care, canteens, township centres, rooms of estates, and their count."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.labels import Labelled
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Flags, entry
from civaffairs.registers.institutions.base import INSTITUTION_RULES, Institution, InstitutionState, institution_steps
from civaffairs.registers.kinds import RegisterKind
from civaffairs.registers.validity import Severity, validity
from civaffairs.registers.view import View


class SiteKind(Labelled):
    """What a site offers to old people who live at home."""

    DAY_CARE = ("day_care", "日间照料中心")
    CANTEEN = ("canteen", "长者饭堂")
    TOWNSHIP_CENTRE = ("township_centre", "乡镇综合性养老服务中心")
    ESTATE_ROOM = ("estate_room", "住宅小区配套社区居家养老服务用房")


@attrs.frozen(kw_only=True)
class ServiceSite(Institution):
    """One site."""

    kind: SiteKind | None = entry(Kind.CHOICE, "设施类型", "what it offers", choices=SiteKind)
    unit: str = entry(Kind.TEXT, "所在乡镇街道", "nine-digit code of the street, town or township where it stands")
    floor_cm2: int | None = entry(Kind.AREA, "建筑面积", "floor of the site")
    estate: str = entry(Kind.TEXT, "所在小区", "number of the estate whose room it is")
    operator: str = entry(Kind.TEXT, "运营机构", "number of the eldercare home that runs it")


@validity(None, Severity.INVARIANT)
def unit_lies_in_the_place(unit: NDArray[np.str_], place: NDArray[np.str_]) -> Flags:
    """The street, town or township of a site has nine digits, and lies in the division where the site stands."""
    within = np.where(np.strings.endswith(place, "00"), place.astype("U4"), place)
    inside = np.strings.startswith(unit, np.where(np.strings.endswith(place, "0000"), place.astype("U2"), within))
    return np.asarray((np.strings.str_len(unit) == 9) & np.strings.isdigit(unit) & inside)


def _is_estate_room(kind: NDArray[np.int8]) -> Flags:
    return np.asarray(kind == SiteKind.ESTATE_ROOM.number)


@validity(None, Severity.INVARIANT, only=_is_estate_room, judges_missing=["estate"])
def estate_room_names_its_estate(estate: NDArray[np.str_]) -> Flags:
    """A room of an estate names the estate."""
    return np.asarray(estate != "")


SITES: RegisterKind[ServiceSite] = RegisterKind(
    name="community sites", label_zh="社区养老服务设施", record=ServiceSite, place="place",
    steps=institution_steps(needs=("kind",), may=("unit", "floor_cm2", "estate", "operator")),
    rules=(*INSTITUTION_RULES, unit_lies_in_the_place, estate_room_names_its_estate),
)  # fmt: skip


REPORTED: Mapping[SiteKind, int] = MappingProxyType({SiteKind.CANTEEN: 102, SiteKind.ESTATE_ROOM: 209})
"""What the bureau's work report counts: figures to compare with, never inputs. The canteens are a trial; the rooms are
those planned with land for housing, whether built or not."""


@attrs.frozen(kw_only=True)
class SitesCounted:
    """Sites of one kind that are open, beside the report.

    Attributes
    ----------
    kind
        What they offer.
    counted
        How many are open in the register.
    reported
        What the report says; ``None`` where it says nothing.
    """

    kind: SiteKind
    counted: int
    reported: int | None

    @property
    def difference(self) -> int | None:
        """How many more are counted than reported."""
        return None if self.reported is None else self.counted - self.reported


def count_sites(view: View[ServiceSite]) -> tuple[SitesCounted, ...]:
    """Count open sites by kind, each beside what the report says.

    Examples
    --------
    >>> from datetime import date
    >>> from civaffairs.registers import Register
    >>> for each in count_sites(Register(SITES).as_of(date(2026, 8, 1))):
    ...     print(each.kind.label_zh, each.counted, each.reported)
    日间照料中心 0 None
    长者饭堂 0 102
    乡镇综合性养老服务中心 0 None
    住宅小区配套社区居家养老服务用房 0 209
    """
    columns = view.columns("kind", "state")
    kinds = columns["kind"][columns["state"] == InstitutionState.OPEN.number]
    return tuple(
        SitesCounted(kind=kind, counted=int(np.count_nonzero(kinds == kind.number)), reported=REPORTED.get(kind))
        for kind in SiteKind
    )
