"""Siting: points in and beside zones against exact geometry; what is refused, and what is never passed."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import atan2
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from toy_register import beds, set_up

from civaffairs.errors import CivaffairsError, TableError, UsageError
from civaffairs.registers.cemeteries import siting_zones
from civaffairs.registers.cemeteries.siting import Decision, Siting, check_siting
from civaffairs.registers.cemeteries.siting_geojson import read_zones
from civaffairs.registers.cemeteries.siting_points import Points, points_of
from civaffairs.registers.cemeteries.siting_zones import BY_DISTANCE, LAW, Plane, Shape, Zone, ZoneKind, Zones

CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "siting.toml").read_text("utf-8"))
LAST = date(2026, 3, 29)
shapely = siting_zones.shapely()
KINDS = {str(kind.value): kind for kind in ZoneKind}
FIELD, RAILWAY, PARK = ZoneKind.CULTIVATED_LAND, ZoneKind.RAILWAY_SIDE, ZoneKind.CITY_PARK

Corner = tuple[int, int]
Exact = tuple[Fraction, Fraction]


def zone(shape: Shape, kind: ZoneKind = FIELD, name: str = "made up") -> Zone:
    return Zone(kind=kind, name=name, shape=shape)


def metres(*zones: Zone, none_of: Iterable[ZoneKind] = ()) -> Zones:
    return Zones(plane=Plane.METRES, zones=zones, none_of=none_of)


def points(*places: tuple[float, float], plane: Plane = Plane.METRES) -> Points:
    return Points(x=[x for x, _ in places], y=[y for _, y in places], plane=plane)


def decided(found: Siting, kind: ZoneKind) -> list[str]:
    return [str(found.of(row, kind).value) for row in range(len(found.points))]


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["title"])
def test_the_cases(case: Mapping[str, Any]) -> None:
    drawn = [
        zone(shapely.Polygon(each["corners"]) if "corners" in each else shapely.LineString(each["track"]),
             KINDS[each["kind"]], each["name"])
        for each in CASES["zone"]
    ]  # fmt: skip
    others = set(ZoneKind) - {each.kind for each in drawn}
    zones = metres(*drawn, none_of=others if case.get("nothing_else") else ())
    found = check_siting(points(tuple(case["point"])), zones, on=case["on"], distances={RAILWAY: 250})
    assert {kind: str(found.of(0, KINDS[kind]).value) for kind in case["found"]} == case["found"]
    assert list(Decision)[int(found.overall[0])].value == case["overall"]


def test_the_kinds_are_those_of_the_article() -> None:
    items = {kind: kind.source.item for kind in ZoneKind}
    assert [sum(item == number for item in items.values()) for number in (1, 2, 3, 4)] == [2, 3, 3, 2]
    assert {kind.source.article for kind in ZoneKind} == {10}
    assert {kind for kind in ZoneKind if kind.label_zh.endswith(("附近", "两侧"))} == BY_DISTANCE
    assert (LAW.in_force, LAW.repealed) == (date(1997, 7, 21), date(2026, 3, 30))


# Exact geometry, for comparison.


def on_segment(at: Exact, a: Corner, b: Corner) -> bool:
    cross = (b[0] - a[0]) * (at[1] - a[1]) - (b[1] - a[1]) * (at[0] - a[0])
    low = (min(a[0], b[0]), min(a[1], b[1]))
    high = (max(a[0], b[0]), max(a[1], b[1]))
    return cross == 0 and low[0] <= at[0] <= high[0] and low[1] <= at[1] <= high[1]


def inside(at: Exact, ring: Sequence[Corner]) -> bool:
    """Cast a ray to the east and count what it crosses; edges and corners are inside."""
    odd = False
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        if on_segment(at, a, b):
            return True
        if (a[1] > at[1]) != (b[1] > at[1]):
            crossing = a[0] + Fraction(b[0] - a[0]) * (at[1] - a[1]) / (b[1] - a[1])
            odd ^= crossing > at[0]
    return odd


def squared_distance(at: Exact, track: Sequence[Corner]) -> Fraction:
    found = []
    for a, b in pairwise(track):
        along = (b[0] - a[0], b[1] - a[1])
        length = along[0] ** 2 + along[1] ** 2
        part = Fraction((at[0] - a[0]) * along[0] + (at[1] - a[1]) * along[1]) / length if length else Fraction(0)
        part = min(max(part, Fraction(0)), Fraction(1))
        found.append((at[0] - a[0] - part * along[0]) ** 2 + (at[1] - a[1] - part * along[1]) ** 2)
    return min(found)


WHOLE = st.tuples(st.integers(-20, 20), st.integers(-20, 20))
PLACES = st.lists(st.tuples(st.integers(-88, 88), st.integers(-88, 88)), min_size=1, max_size=12)  # in quarters


@st.composite
def rings(draw: st.DrawFn) -> list[Corner]:
    """Corners around a point that is none of them."""
    corners = draw(st.lists(WHOLE, min_size=3, max_size=9, unique=True))
    x, y = draw(WHOLE)
    ring = sorted(corners, key=lambda corner: (atan2(corner[1] - y - 0.3, corner[0] - x - 0.4), corner))
    assume(shapely.Polygon(ring).is_valid)
    return ring


def exact(quarters: Corner) -> Exact:
    return Fraction(quarters[0], 4), Fraction(quarters[1], 4)


def at_quarters(places: Iterable[Corner]) -> Points:
    return points(*((x / 4, y / 4) for x, y in places))


@given(rings=st.lists(rings(), min_size=1, max_size=3), places=PLACES)
def test_a_point_is_in_a_zone_exactly_where_a_ray_says_so(rings: list[list[Corner]], places: list[Corner]) -> None:
    zones = metres(*(zone(shapely.Polygon(ring), FIELD, str(number)) for number, ring in enumerate(rings)))
    found = check_siting(at_quarters(places), zones, on=LAST)
    for row, place in enumerate(places):
        hit = [str(number) for number, ring in enumerate(rings) if inside(exact(place), ring)]
        assert [each.name for each in found.zones_at(row)] == hit
        assert found.of(row, FIELD) is (Decision.PROHIBITED if hit else Decision.ALLOWED)


@given(ring=rings(), part=st.integers(0, 8), corner=st.integers(0, 8))
def test_the_edge_and_the_corners_are_of_the_zone(ring: list[Corner], part: int, corner: int) -> None:
    a, b = ring[corner % len(ring)], ring[(corner + 1) % len(ring)]
    between = [a[axis] + (b[axis] - a[axis]) * part / 8 for axis in (0, 1)]  # exact: eighths of whole numbers
    found = check_siting(points((float(a[0]), float(a[1])), (between[0], between[1])), metres(
        zone(shapely.Polygon(ring))), on=LAST)  # fmt: skip
    assert decided(found, FIELD) == ["prohibited", "prohibited"]


@given(track=st.lists(WHOLE, min_size=2, max_size=6, unique=True), places=PLACES, reach=st.integers(1, 30))
def test_a_point_is_beside_a_line_exactly_where_its_distance_says_so(
    track: list[Corner], places: list[Corner], reach: int
) -> None:
    assume(shapely.LineString(track).is_valid)
    zones = metres(zone(shapely.LineString(track), RAILWAY))
    found = check_siting(at_quarters(places), zones, on=LAST, distances={RAILWAY: reach})
    for row, place in enumerate(places):
        squared = squared_distance(exact(place), track)
        if squared != reach**2:  # where they are equal, only a whole distance is without rounding
            assert (found.of(row, RAILWAY) is Decision.PROHIBITED) is (squared < reach**2)


@pytest.mark.parametrize("place", [(0.0, 5.0), (-3.0, -4.0), (-3.0, 4.0), (105.0, 0.0), (104.0, 3.0), (50.0, -5.0)])
def test_exactly_as_far_as_was_said_is_within(place: tuple[float, float]) -> None:
    zones = metres(zone(shapely.LineString([(0, 0), (100, 0)]), RAILWAY))
    for reach, word in ((5.0, "prohibited"), (4.999, "allowed")):
        found = check_siting(points(place), zones, on=LAST, distances={RAILWAY: reach})
        assert decided(found, RAILWAY) == [word]


@given(ring=rings(), other=rings(), places=PLACES, reach=st.integers(1, 9), more=st.integers(0, 9))
def test_more_zones_and_longer_distances_free_nobody(
    ring: list[Corner], other: list[Corner], places: list[Corner], reach: int, more: int
) -> None:
    first, second = zone(shapely.Polygon(ring), RAILWAY), zone(shapely.Polygon(other), RAILWAY)
    asked = at_quarters(places)
    few = check_siting(asked, metres(first), on=LAST, distances={RAILWAY: reach})
    many = check_siting(asked, metres(first, second), on=LAST, distances={RAILWAY: reach + more})
    hit = few.decisions == Decision.PROHIBITED.number
    assert (many.decisions[hit] == Decision.PROHIBITED.number).all()
    drawn_with_it = check_siting(asked, metres(first), on=LAST, distances={RAILWAY: 0})
    assert (few.decisions[drawn_with_it.decisions == Decision.PROHIBITED.number] == Decision.PROHIBITED.number).all()


@given(ring=rings(), places=PLACES, kinds=st.sets(st.sampled_from(sorted(set(ZoneKind) - BY_DISTANCE, key=str))))
def test_many_at_once_are_what_each_is_alone(ring: list[Corner], places: list[Corner], kinds: set[ZoneKind]) -> None:
    zones = metres(*(zone(shapely.Polygon(ring), kind) for kind in kinds))
    found = check_siting(at_quarters(places), zones, on=LAST)
    for row, place in enumerate(places):
        alone = check_siting(at_quarters([place]), zones, on=LAST)
        assert alone.decisions.tolist() == [found.decisions[row].tolist()]
    checked = found.decisions != Decision.NOT_CHECKED.number
    assert {kind for kind in ZoneKind if checked[:, kind.number].any()} == kinds
    assert not (found.overall == Decision.ALLOWED.number).any()  # kinds that lie near something were never given


def test_a_hole_is_not_of_the_zone_but_its_edge_is() -> None:
    park = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (6, 3), (6, 6), (3, 6)]])
    several = shapely.MultiPolygon([park, shapely.box(20, 0, 21, 1)])
    found = check_siting(points((4, 4), (3, 4), (2, 2), (20.5, 0.5), (10, 4)), metres(zone(several)), on=LAST)
    assert decided(found, FIELD) == ["allowed", "prohibited", "prohibited", "prohibited", "allowed"]


def test_a_hundred_thousand_points() -> None:
    rng = np.random.default_rng(30)
    x, y = rng.uniform(0, 1000, (2, 100_000))
    boxes = [(a, b, a + 10, b + 20) for a, b in rng.uniform(0, 990, (60, 2)).tolist()]
    zones = metres(*(zone(shapely.box(*box)) for box in boxes), zone(shapely.box(0, 0, 1000, 1), RAILWAY))
    found = check_siting(Points(x=x, y=y, plane=Plane.METRES), zones, on=LAST, distances={RAILWAY: 9})
    hit: NDArray[np.bool_] = np.zeros(len(x), np.bool_)
    for left, low, right, high in boxes:
        hit |= (left <= x) & (x <= right) & (low <= y) & (y <= high)
    assert ((found.decisions[:, FIELD.number] == Decision.PROHIBITED.number) == hit).all()
    assert ((found.decisions[:, RAILWAY.number] == Decision.PROHIBITED.number) == (y <= 10)).all()
    assert found.counts()[FIELD][Decision.PROHIBITED] == hit.sum()


def test_what_is_not_known_is_not_checked_and_says_why() -> None:
    zones = metres(zone(shapely.box(0, 0, 5, 5), FIELD, "field"), none_of=[PARK])
    asked = Points(x=[1, 9, np.nan, 1], y=[1, 9, 1, np.nan], plane=Plane.METRES, keys=["a", "b", "c", "d"])
    found = check_siting(asked, zones, on=LAST)
    assert decided(found, FIELD) == ["prohibited", "allowed", "not_checked", "not_checked"]
    assert decided(found, ZoneKind.FOREST_LAND) == ["not_checked"] * 4
    assert found.reason(0, FIELD) == "in field"
    assert found.reason(1, FIELD) == "outside every one of 1 given"
    assert found.reason(1, PARK) == "there is none, says who asks"
    assert found.reason(2, FIELD) == "its coordinates are not stated"
    assert "forest" not in found.reason(1, ZoneKind.FOREST_LAND)
    assert "林地" in found.reason(1, ZoneKind.FOREST_LAND)
    assert [list(Decision)[number].value for number in found.overall.tolist()] == [
        "prohibited", "not_checked", "not_checked", "not_checked",
    ]  # fmt: skip
    later = check_siting(asked, zones, on=date(2026, 3, 30))
    assert (later.decisions == Decision.NOT_CHECKED.number).all()
    assert "text was not read" in later.reason(0, FIELD)
    assert not later.zones_at(0)


def test_the_table_has_a_row_for_each_point_and_kind() -> None:
    zones = metres(zone(shapely.box(0, 0, 5, 5), FIELD, "one"), zone(shapely.box(0, 0, 2, 2), FIELD, "two"))
    table = check_siting(points((1, 1), (9, 9)), zones, on=LAST).columns()
    assert {len(column) for column in table.values()} == {2 * len(ZoneKind)}
    row = {name: column[0] for name, column in table.items()}
    assert row == {
        "point": "1", "kind": "cultivated_land", "decision": "prohibited", "zones": "one;two", "reason": "in one, two",
        "source": str(FIELD.source),
    }  # fmt: skip


def test_nothing_to_look_at() -> None:
    empty = check_siting(points(), metres(zone(shapely.box(0, 0, 1, 1))), on=LAST)
    assert empty.decisions.shape == (0, len(ZoneKind))
    assert (check_siting(points((1, 1)), metres(), on=LAST).decisions == Decision.NOT_CHECKED.number).all()


LINE, BOX = shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 1, 1)


@pytest.mark.parametrize(
    ("zones", "distances", "why"),
    [
        ([zone(BOX, RAILWAY)], {}, "铁路两侧.*no distance.*railway_side"),
        ([zone(BOX, ZoneKind.NEAR_RESERVOIR)], {RAILWAY: 5}, "水库附近"),
        ([zone(LINE, RAILWAY)], {RAILWAY: 0}, "is a line.*above 0"),
        ([zone(BOX)], {FIELD: 5}, "'cultivated_land' is no kind.*takes no distance"),
        ([zone(BOX)], {"railway_side": 5}, "'railway_side' is no kind"),
        ([zone(BOX, RAILWAY)], {RAILWAY: -1}, "cannot be -1"),
        ([zone(BOX, RAILWAY)], {RAILWAY: float("nan")}, "cannot be nan"),
        ([zone(BOX, RAILWAY)], {RAILWAY: float("inf")}, "cannot be inf"),
        ([zone(BOX, RAILWAY)], {RAILWAY: True}, "cannot be True"),
        ([zone(BOX, RAILWAY)], {RAILWAY: "5"}, "cannot be '5'"),
    ],
)
def test_a_distance_is_said_and_never_made_up(zones: list[Zone], distances: Mapping[ZoneKind, float], why: str) -> None:
    with pytest.raises(UsageError, match=f"(?s){why}"):
        check_siting(points((1, 1)), metres(*zones), on=LAST, distances=distances)


def test_metres_are_not_measured_in_degrees() -> None:
    line = shapely.LineString([(108.3, 22.8), (108.4, 22.8)])
    zones = Zones(plane=Plane.DEGREES, zones=[zone(line, RAILWAY)])
    asked = points((108.35, 22.801), (108.35, 22.81), plane=Plane.DEGREES)
    with pytest.raises(UsageError, match="cannot be measured in degrees"):
        check_siting(asked, zones, on=LAST, distances={RAILWAY: 500})
    with pytest.raises(UsageError, match="points are in metres, the zones in degrees"):
        check_siting(points((1, 1)), zones, on=LAST, distances={RAILWAY: 0})

    def plain(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return (x - 108) * 100_000, (y - 22) * 110_000  # made up; a real one depends on the place

    found = check_siting(asked.projected(plain), zones.projected(plain), on=LAST, distances={RAILWAY: 500})
    assert decided(found, RAILWAY) == ["prohibited", "allowed"]
    for each in (asked.projected(plain), zones.projected(plain)):
        with pytest.raises(UsageError, match="in metres already"):
            each.projected(plain)
    beyond = points((np.nan, 22.8), plane=Plane.DEGREES).projected(plain)
    assert not beyond.located.any()
    with pytest.raises(UsageError, match="no number"):
        zones.projected(lambda x, y: (x * np.inf, y))


@pytest.mark.parametrize(
    ("shape", "kind", "why"),
    [
        (shapely.Polygon(), FIELD, "has no point"),
        (LINE, FIELD, "is a LineString; give an area$"),
        (shapely.Point(1, 1), RAILWAY, "is a Point; give an area, or the line itself"),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), FIELD, "is no proper shape: Self-intersection"),
        (shapely.Polygon([(0, 0), (1, 1), (np.inf, 0)]), FIELD, "no number"),
        (shapely.GeometryCollection([BOX]), FIELD, "is a GeometryCollection"),
        ("POLYGON", FIELD, "is a str; give a geometry"),
    ],
)
def test_a_shape_that_cannot_be_used_is_refused(shape: Shape, kind: ZoneKind, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        metres(zone(BOX), zone(shape, kind, "bad"))


def test_zones_and_none_of_them_cannot_both_be() -> None:
    with pytest.raises(UsageError, match="zones of cultivated_land"):
        metres(zone(BOX), none_of=[FIELD, PARK])


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"x": [1, 2], "y": [1]}, "2 x, 1 y"),
        ({"x": [1], "y": [1], "keys": ["a", "b"]}, "2 keys"),
        ({"x": [[1]], "y": [[1]]}, "a column"),
        ({"x": [np.inf], "y": [1]}, "no place on earth"),
        ({"x": [22.8], "y": [108.3], "plane": Plane.DEGREES}, "longitude comes first"),
        ({"x": [500_000], "y": [2_500_000], "plane": Plane.DEGREES}, "metres are to be said"),
    ],
)
def test_points_that_cannot_be_are_refused(facts: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        Points(**({"plane": Plane.METRES} | facts))


def test_the_places_of_a_register() -> None:
    day = date(2024, 1, 1)
    view = beds(set_up("a", day, longitude=108.35, latitude=22.8), set_up("b", day)).as_of(day)
    found = points_of(view)
    assert (found.keys, found.located.tolist(), found.plane) == (("a", "b"), [True, False], Plane.DEGREES)


# GeoJSON.

RING = [[108.3, 22.8], [108.4, 22.8], [108.4, 22.9], [108.3, 22.9], [108.3, 22.8]]


def feature(kind: object = "city_park", geometry: object = None, **properties: object) -> dict[str, object]:
    drawn = {"type": "Polygon", "coordinates": [RING]} if geometry is None else geometry
    return {"type": "Feature", "properties": {"kind": kind, "name": "made up"} | properties, "geometry": drawn}


def collection(*features: object, **others: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)} | others


def test_zones_are_read_from_text_file_and_mapping(tmp_path: Path) -> None:
    told = collection(feature(), feature("铁路两侧", {"type": "LineString", "coordinates": RING[:2]}))
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps(told), "utf-8")
    for source in (told, json.dumps(told), path):
        zones = read_zones(source, none_of=[FIELD])
        assert [each.kind for each in zones.zones] == [PARK, RAILWAY]
        assert zones.kinds == {PARK, RAILWAY, FIELD}
        found = check_siting(points((108.35, 22.85), (108.4, 22.9), (108.5, 22.85), plane=Plane.DEGREES), Zones(
            plane=Plane.DEGREES, zones=zones.zones[:1]), on=LAST)  # fmt: skip
        assert decided(found, PARK) == ["prohibited", "prohibited", "allowed"]


def test_heights_are_left_out_and_other_properties_may_name_the_kind() -> None:
    high = {"type": "Polygon", "coordinates": [[[*corner, 80.5] for corner in RING]]}
    zones = read_zones(collection({"type": "Feature", "properties": {"类别": "林地"}, "geometry": high}), kind="类别")
    assert (zones.zones[0].kind, zones.zones[0].name) == (ZoneKind.FOREST_LAND, "")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (feature("park"), "row 2, kind: 'park' is no kind of zone.*did you mean 'city_park'"),
        (feature(3), "is no kind of zone"),
        ({"type": "Feature", "properties": None, "geometry": None}, "row 2, kind: is no kind of zone"),
        (feature() | {"geometry": None}, "geometry: is missing"),
        ({"type": "Polygon", "coordinates": [RING]}, "is no Feature"),
        ("feature", "is no Feature"),
        (feature() | {"properties": ["kind"]}, "properties: is no table"),
        (feature(geometry={"type": "Polygon", "coordinates": [RING[:-1]]}), "cannot be read.*closed"),
        (feature(geometry={"type": "Polygon", "coordinates": []}), "has no point"),
        (feature(geometry={"type": "Polygone", "coordinates": [RING]}), "cannot be read"),
        (feature(geometry={"type": "LineString", "coordinates": RING}), "is a LineString"),
        (feature(geometry={"type": "Point", "coordinates": [1, 1]}), "is a Point"),
        (feature(geometry={"type": "Polygon", "coordinates": [[corner[::-1] for corner in RING]]}), "longitude comes"),
        (feature(geometry={"type": "Polygon", "coordinates": [[RING[i] for i in (0, 1, 3, 2, 0)]]}), "no proper shape"),
    ],
)
def test_one_bad_zone_refuses_all_with_its_row(bad: object, why: str) -> None:
    with pytest.raises(TableError, match=f"(?s)no zone was read.*{why}"):
        read_zones(collection(feature(), bad))


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{", "cannot be read"),
        ("zones.geojson", "a file as a Path"),
        (Path("nowhere.geojson"), "cannot be read"),
        ("[]", "no FeatureCollection.*list"),
        ({"type": "Feature"}, "its type is 'Feature'"),
        ({"type": "FeatureCollection"}, "no FeatureCollection"),
        (collection(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}), "4547.*in degrees"),
    ],
)
def test_what_is_no_geojson_is_refused(source: str | Path | Mapping[str, object], why: str) -> None:
    with pytest.raises(TableError, match=f"(?s){why}"):
        read_zones(source)


@pytest.mark.parametrize(
    ("name", "plane"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", Plane.DEGREES),
        ("urn:ogc:def:crs:EPSG::4490", Plane.DEGREES),
        ("EPSG:4547", Plane.METRES),
    ],
)
def test_an_older_file_says_what_it_is_in(name: str, plane: Plane) -> None:
    told = collection(crs={"type": "name", "properties": {"name": name}})
    assert len(read_zones(told, plane=plane)) == 0
    other = Plane.METRES if plane is Plane.DEGREES else Plane.DEGREES
    with pytest.raises(TableError, match="say which"):
        read_zones(told, plane=other)


def test_without_shapely_the_way_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    siting_zones.shapely.cache_clear()
    monkeypatch.setitem(sys.modules, "shapely", None)
    with pytest.raises(CivaffairsError, match=r"pip install 'civaffairs\[registers\]'"):
        read_zones(collection(feature()))
    siting_zones.shapely.cache_clear()
