"""Zones in which no graves may be built (禁止建造坟墓的地区), as the caller draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import Any, Protocol, TypeAlias

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from civaffairs.errors import Problem, Problems, UsageError, listed
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document

LAW = document("funeral-regulation")

Floats: TypeAlias = NDArray[np.float64]

Projection: TypeAlias = Callable[[Floats, Floats], tuple[ArrayLike, ArrayLike]]
"""Longitudes and latitudes in, metres east and north out: as ``transform`` of a ``pyproj.Transformer`` does it."""


class Shape(Protocol):
    """A geometry of shapely: a polygon or a line, one or several."""

    @property
    def geom_type(self) -> str:
        """Its kind."""
        ...

    @property
    def is_empty(self) -> bool:
        """Whether it has no point."""
        ...


class Plane(Labelled):
    """What coordinates are counted in. A degree is no length, so distances are measured in metres only."""

    DEGREES = ("degrees", "经纬度（度）")
    METRES = ("metres", "平面坐标（米）")


class ZoneKind(Labelled):
    """Where no graves may be built: the kinds that art. 10 of the regulation of 1997 names, in its order."""

    CULTIVATED_LAND = ("cultivated_land", "耕地")
    FOREST_LAND = ("forest_land", "林地")
    CITY_PARK = ("city_park", "城市公园")
    SCENIC_AREA = ("scenic_area", "风景名胜区")
    RELIC_AREA = ("relic_area", "文物保护区")
    NEAR_RESERVOIR = ("near_reservoir", "水库附近")
    NEAR_EMBANKMENT = ("near_embankment", "河流堤坝附近")
    WATER_SOURCE_AREA = ("water_source_area", "水源保护区")
    RAILWAY_SIDE = ("railway_side", "铁路两侧")
    TRUNK_ROAD_SIDE = ("trunk_road_side", "公路主干线两侧")

    @property
    def source(self) -> Citation:
        """The item of the article.

        Examples
        --------
        >>> ZoneKind.RAILWAY_SIDE.source.zh
        '《殡葬管理条例》第十条第一款第四项'
        """
        return LAW.article(10, paragraph=1, item=_ITEMS[self])

    @property
    def by_distance(self) -> bool:
        """Whether it is what lies near something or on both sides of it; how near, the article does not say."""
        return self in BY_DISTANCE


_ITEMS = dict(zip(ZoneKind, (1, 1, 2, 2, 2, 3, 3, 3, 4, 4), strict=True))

BY_DISTANCE = frozenset(
    {ZoneKind.NEAR_RESERVOIR, ZoneKind.NEAR_EMBANKMENT, ZoneKind.RAILWAY_SIDE, ZoneKind.TRUNK_ROAD_SIDE}
)
"""Kinds that are not areas of their own: 附近, 两侧."""

_AREAS = ("Polygon", "MultiPolygon")
_LINES = ("LineString", "MultiLineString")


@attrs.frozen(kw_only=True, repr=False)
class Zone:
    """One zone.

    Attributes
    ----------
    kind
        What it is.
    name
        What it is called.
    shape
        An area. A reservoir, embankment, railway or road may be given as the line or area that it is itself; how far
        from it the zone reaches is then said where points are checked.
    """

    kind: ZoneKind
    name: str
    shape: Shape = attrs.field(eq=False)

    def __repr__(self) -> str:
        return f"<{self.kind.value} {self.kind.label_zh} {self.name!r}>"


def _in_order(zones: Iterable[Zone]) -> tuple[Zone, ...]:
    return tuple(zones)


def _at_once(kinds: Iterable[ZoneKind]) -> frozenset[ZoneKind]:
    return frozenset(kinds)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Zones:
    """The zones that a caller has: kinds of which there is none here are not known of, unless the caller says so.

    Attributes
    ----------
    plane
        What the coordinates are counted in.
    zones
        The zones. They must cover the country around every point that is asked about.
    none_of
        Kinds of which the caller knows that there is no zone near the points.

    Raises
    ------
    UsageError
        If a shape cannot be used. Nothing is set aside: a zone left out would let a point pass.
    """

    plane: Plane
    zones: tuple[Zone, ...] = attrs.field(converter=_in_order)
    none_of: frozenset[ZoneKind] = attrs.field(default=(), converter=_at_once)

    def __attrs_post_init__(self) -> None:
        both = [kind.value for kind in ZoneKind if kind in self.none_of and any(z.kind is kind for z in self.zones)]
        if both:
            msg = f"there are zones of {listed(both)}, and none_of says that there is none; take one back"
            raise UsageError(msg)
        problems = Problems(
            Problem(row=row, column=zone.kind.value, value=zone.name, reason=reason)
            for row, zone in enumerate(self.zones, 1)
            if (reason := shape_fault(zone.shape, zone.kind, self.plane))
        )
        if problems:
            msg = f"zones that cannot be used:\n{problems}"
            raise UsageError(msg)

    @property
    def kinds(self) -> frozenset[ZoneKind]:
        """The kinds that points can be held to."""
        return self.none_of | {zone.kind for zone in self.zones}

    def projected(self, projection: Projection) -> Zones:
        """Bring zones in degrees to metres; corners are brought over, and the edges between them stay straight.

        Parameters
        ----------
        projection
            Of the caller: the library has none, because which one fits depends on the place.

        Raises
        ------
        UsageError
            If they are in metres already.
        """
        if self.plane is Plane.METRES:
            msg = "the zones are in metres already; project what is in degrees, once"
            raise UsageError(msg)
        zones = [attrs.evolve(zone, shape=_moved(zone.shape, projection)) for zone in self.zones]
        return Zones(plane=Plane.METRES, zones=zones, none_of=self.none_of)

    def __len__(self) -> int:
        return len(self.zones)

    def __repr__(self) -> str:
        return f"<{len(self.zones)} zones of {len(self.kinds)} of {len(ZoneKind)} kinds, in {self.plane.value}>"


@cache
def shapely() -> Any:  # noqa: ANN401 -- a module that publishes no types
    """Import shapely, or say how to install it."""
    try:
        return import_module("shapely")
    except ImportError:
        msg = "zones need shapely; install it with: pip install 'civaffairs[registers]'"
        raise UsageError(msg) from None


def shape_fault(shape: Shape, kind: ZoneKind, plane: Plane) -> str:
    """Say why a shape cannot be a zone of a kind, or give an empty text."""
    library = shapely()
    if not isinstance(shape, library.Geometry):
        return f"is a {type(shape).__name__}; give a geometry of shapely"
    if shape.is_empty:
        return "has no point"
    if shape.geom_type not in (_AREAS + _LINES if kind.by_distance else _AREAS):
        return f"is a {shape.geom_type}; give an area{', or the line itself' if kind.by_distance else ''}"
    corners = library.get_coordinates(shape)
    if not np.isfinite(corners).all():
        return "has a corner that is no number"
    if plane is Plane.DEGREES and (np.abs(corners) > (180, 90)).any():
        return "has a corner that is no longitude and latitude; longitude comes first, and metres are to be said"
    return "" if library.is_valid(shape) else f"is no proper shape: {library.is_valid_reason(shape)}"


def is_line(shape: Shape) -> bool:
    """Tell a line from an area."""
    return shape.geom_type in _LINES


def _moved(shape: Shape, projection: Projection) -> Shape:
    moved: Shape = shapely().transform(shape, lambda corners: np.column_stack(projection(corners[:, 0], corners[:, 1])))
    return moved
