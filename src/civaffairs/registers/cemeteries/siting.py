"""Siting of burial places (墓地选址): points held to the zones in which no graves may be built, many at once.

The zones are those of art. 10 of the regulation on funerals (殡葬管理条例) as it was until 2026-03-29. What is not
known is *not checked* and never passed: a kind of zone that the caller has no zones of, a point without coordinates,
and every day from 2026-03-30 on, because the text of the regulation that began then was not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from numbers import Real

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError, is_a, listed
from civaffairs.labels import Labelled
from civaffairs.registers.cemeteries.siting_points import Points
from civaffairs.registers.cemeteries.siting_zones import LAW, Plane, Zone, ZoneKind, Zones, is_line, shapely
from civaffairs.registers.fields import Numbers

KINDS = tuple(ZoneKind)


class Decision(Labelled):
    """What was found of a point and a kind of zone."""

    ALLOWED = ("allowed", "不在禁区")
    PROHIBITED = ("prohibited", "在禁区")
    NOT_CHECKED = ("not_checked", "未核对")


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Siting:
    """What was found of points and kinds of zones.

    Attributes
    ----------
    on
        The day whose law was applied.
    points, zones
        What was looked at.
    distances
        Metres, for the kinds that lie near something.
    decisions
        The ``number`` of a `Decision`, points × the kinds of `ZoneKind` in their order, as `int8`.
    hit_points, hit_zones
        Rows of points, and beside each the row of a zone that it lies in, in order.
    open_reasons
        Why a kind was not checked, for those that were not.
    """

    on: date
    points: Points
    zones: Zones
    distances: Mapping[ZoneKind, float]
    decisions: NDArray[np.int8]
    hit_points: Numbers
    hit_zones: Numbers
    open_reasons: Mapping[ZoneKind, str]

    @property
    def overall(self) -> NDArray[np.int8]:
        """One ``number`` for each point: prohibited where any kind is, allowed only where all kinds were checked."""
        hit = (self.decisions == Decision.PROHIBITED.number).any(1)
        silent = (self.decisions == Decision.NOT_CHECKED.number).any(1)
        told = np.where(silent, Decision.NOT_CHECKED.number, Decision.ALLOWED.number)
        return np.where(hit, Decision.PROHIBITED.number, told).astype(np.int8)

    def of(self, row: int, kind: ZoneKind) -> Decision:
        """Tell what was found of one point and one kind."""
        return _DECISIONS[int(self.decisions[row, kind.number])]

    def zones_at(self, row: int, kind: ZoneKind | None = None) -> tuple[Zone, ...]:
        """List the zones that a point lies in, of one kind or of all."""
        first, last = np.searchsorted(self.hit_points, [row, row + 1])
        found = [self.zones.zones[at] for at in self.hit_zones[first:last].tolist()]
        return tuple(zone for zone in found if kind in (None, zone.kind))

    def reason(self, row: int, kind: ZoneKind) -> str:
        """Say why it was decided so of one point and one kind."""
        metres = self.distances.get(kind, 0)
        match self.of(row, kind):
            case Decision.PROHIBITED:
                names = listed(zone.name or "a zone without a name" for zone in self.zones_at(row, kind))
                return f"within {metres:g} m of {names}" if metres else f"in {names}"
            case Decision.NOT_CHECKED:
                return self.open_reasons.get(kind, "its coordinates are not stated")
            case _:
                count = sum(zone.kind is kind for zone in self.zones.zones)
                beyond = f"farther than {metres:g} m from" if metres else "outside"
                return f"{beyond} every one of {count} given" if count else "there is none, says who asks"

    def counts(self) -> dict[ZoneKind, Counter[Decision]]:
        """Count the decisions on each kind."""
        return {
            kind: Counter({decision: int((column == decision.number).sum()) for decision in Decision})
            for kind, column in zip(KINDS, self.decisions.T, strict=True)
        }

    def columns(self) -> dict[str, list[str]]:
        """The table, one row for each point and kind."""
        rows = [(row, kind) for row in range(len(self.points)) for kind in KINDS]
        return {
            "point": [self.points.key(row) for row, _ in rows],
            "kind": [str(kind.value) for _, kind in rows],
            "decision": [str(self.of(row, kind).value) for row, kind in rows],
            "zones": [";".join(zone.name for zone in self.zones_at(row, kind)) for row, kind in rows],
            "reason": [self.reason(row, kind) for row, kind in rows],
            "source": [str(kind.source) for _, kind in rows],
        }

    def __repr__(self) -> str:
        told = Counter(_DECISIONS[number].value for number in self.overall.tolist())
        parts = ", ".join(f"{told[decision.value]} {decision.value}" for decision in Decision)
        return f"<{len(self.points)} points on {self.on}: {parts}>"


_DECISIONS = tuple(Decision)


def check_siting(
    points: Points, zones: Zones, *, on: date, distances: Mapping[ZoneKind, float] | None = None
) -> Siting:
    """Hold points to the zones in which no graves may be built.

    Parameters
    ----------
    points
        The places. A point on the edge of a zone is in the zone.
    zones
        The zones that the caller has, in the same coordinates.
    on
        The day whose law is applied.
    distances
        How many metres from a reservoir, an embankment, a railway or a trunk road the prohibition reaches, wherever
        zones of the kind are given; who is exactly so far away is within. The article says "near" and "on both sides"
        and gives no number, so there is no default; 0 says that the zone was drawn as an area with the distance in it.

    Returns
    -------
    Siting
        Allowed, prohibited or not checked for each point and kind, with the reason.

    Raises
    ------
    UsageError
        If the coordinates are not of one kind, a distance is missing, or it is to be measured in degrees.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> park = Zone(kind=ZoneKind.CITY_PARK, name="made-up park", shape=box(0, 0, 400, 400))
    >>> line = Zone(kind=ZoneKind.RAILWAY_SIDE, name="made-up line", shape=LineString([(0, 1000), (900, 1000)]))
    >>> zones = Zones(plane=Plane.METRES, zones=[park, line])
    >>> points = Points(x=[400, 500, 500], y=[100, 800, 600], plane=Plane.METRES)
    >>> found = check_siting(points, zones, on=date(2026, 3, 29), distances={ZoneKind.RAILWAY_SIDE: 200})
    >>> found.of(0, ZoneKind.CITY_PARK).value, found.reason(0, ZoneKind.CITY_PARK)
    ('prohibited', 'in made-up park')
    >>> found.reason(1, ZoneKind.RAILWAY_SIDE), found.of(2, ZoneKind.RAILWAY_SIDE).value
    ('within 200 m of made-up line', 'allowed')
    >>> found.reason(2, ZoneKind.FOREST_LAND)
    'no zones of this kind (林地) were given'
    >>> check_siting(points, zones, on=date(2026, 3, 30), distances={ZoneKind.RAILWAY_SIDE: 200})
    <3 points on 2026-03-30: 0 allowed, 0 prohibited, 3 not_checked>
    """
    if points.plane is not zones.plane:
        msg = f"the points are in {points.plane.value}, the zones in {zones.plane.value}; project one of them first"
        raise UsageError(msg)
    reach = _reaches(zones, distances or {})
    open_reasons = dict.fromkeys(KINDS, why) if (why := _no_law(on)) else _not_given(zones)
    decisions = np.full((len(points), len(KINDS)), Decision.ALLOWED.number, np.int8)
    hit_points, hit_zones = (np.zeros(0, np.int64),) * 2 if why else _hits(points, zones.zones, reach)
    kinds = np.array([zone.kind.number for zone in zones.zones], np.int64)
    decisions[hit_points, kinds[hit_zones]] = Decision.PROHIBITED.number
    decisions[~points.located] = Decision.NOT_CHECKED.number
    decisions[:, [kind.number for kind in open_reasons]] = Decision.NOT_CHECKED.number
    return Siting(
        on=on, points=points, zones=zones, distances=reach, decisions=decisions, hit_points=hit_points,
        hit_zones=hit_zones, open_reasons=open_reasons,
    )  # fmt: skip


def _no_law(on: date) -> str:
    if LAW.in_force is not None and on < LAW.in_force:
        return f"the regulation began on {LAW.in_force}; what held on {on} was not read"
    if LAW.repealed is not None and on >= LAW.repealed:
        return f"a new regulation applies from {LAW.repealed}, and its text was not read"
    return ""


def _not_given(zones: Zones) -> dict[ZoneKind, str]:
    return {kind: f"no zones of this kind ({kind.label_zh}) were given" for kind in KINDS if kind not in zones.kinds}


def _reaches(zones: Zones, distances: Mapping[ZoneKind, float]) -> dict[ZoneKind, float]:
    """Hold the distances to the kinds and to the coordinates."""
    for kind, metres in distances.items():
        if not is_a(kind, ZoneKind) or not kind.by_distance:
            msg = f"{getattr(kind, 'value', kind)!r} is no kind of zone that lies near something; it takes no distance"
            raise UsageError(msg)
        if not is_a(metres, Real) or is_a(metres, bool) or not 0 <= metres < np.inf:
            msg = f"the distance of {kind.value} cannot be {metres!r}; give metres, 0 or more"
            raise UsageError(msg)
        if metres and zones.plane is Plane.DEGREES:
            msg = (
                f"{metres:g} m from {kind.value} cannot be measured in degrees; bring points and zones to metres first "
                "with .projected(...), or give the zone as an area and 0"
            )
            raise UsageError(msg)
    for zone in zones.zones:
        if zone.kind.by_distance and zone.kind not in distances:
            msg = (
                f"{zone.kind.source} says {zone.kind.label_zh} and gives no distance; say how many metres "
                f"{zone.kind.value} reaches in distances, or 0 where the zones are drawn with it"
            )
            raise UsageError(msg)
        if is_line(zone.shape) and not distances[zone.kind]:
            msg = f"the {zone.kind.value} {zone.name!r} is a line, which nothing lies in; give a distance above 0"
            raise UsageError(msg)
    return {kind: float(metres) for kind, metres in distances.items()}


def _hits(points: Points, zones: Sequence[Zone], reach: Mapping[ZoneKind, float]) -> tuple[Numbers, Numbers]:
    """Find which points lie in which zones, by one tree of all points."""
    library = shapely()
    rows = np.flatnonzero(points.located)
    tree = library.STRtree(library.points(points.x[rows], points.y[rows]))
    found = [np.zeros((2, 0), np.int64)]
    for near in (False, True):
        of = [at for at, zone in enumerate(zones) if (reach.get(zone.kind, 0) > 0) is near]
        shapes = np.array([zones[at].shape for at in of], object)
        if near:
            metres = np.array([reach[zones[at].kind] for at in of], np.float64)
            zone, point = tree.query(shapes, predicate="dwithin", distance=metres)
        else:
            zone, point = tree.query(shapes, predicate="intersects")
        found.append(np.stack([rows[point], np.array(of, np.int64)[zone]]))
    both = np.concatenate(found, 1)
    order = np.lexsort((both[1], both[0]))
    return both[0, order], both[1, order]
