"""Zones in which no graves may be built, read from GeoJSON; one that cannot be read is refused with all the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from civaffairs.errors import Problem, Problems, TableError, did_you_mean, is_a, listed
from civaffairs.registers.cemeteries.siting_zones import Plane, Zone, ZoneKind, Zones, shape_fault, shapely

_DEGREE_SYSTEMS = re.compile(r"\b(CRS84|4326|4490)\W*$")
"""How a GeoJSON file of the older kind names coordinates in degrees; 4490 is China's CGCS2000."""


def read_zones(
    source: str | Path | Mapping[str, object],
    *,
    plane: Plane = Plane.DEGREES,
    kind: str = "kind",
    name: str = "name",
    none_of: Iterable[ZoneKind] = (),
) -> Zones:
    """Read zones from a GeoJSON FeatureCollection.

    Parameters
    ----------
    source
        A file (a `Path`), the text itself (a `str`), or what was parsed from it. Zones of several files are put into
        one `Zones` by the caller.
    plane
        What its coordinates are counted in. GeoJSON is longitude and latitude in degrees, in this order; a file in
        metres is an older or private habit, and must be said to be one.
    kind
        The property that says the kind of zone: the value of a `ZoneKind` or its Chinese term.
    name
        The property that names the zone.
    none_of
        Kinds of which the caller knows that there is none.

    Raises
    ------
    TableError
        Listing every feature that cannot be used. None is set aside: a zone left out would let a point pass.

    Examples
    --------
    >>> ring = [[108.30, 22.80], [108.32, 22.80], [108.32, 22.82], [108.30, 22.82], [108.30, 22.80]]
    >>> park = {
    ...     "type": "Feature",
    ...     "properties": {"kind": "城市公园", "name": "made-up park"},
    ...     "geometry": {"type": "Polygon", "coordinates": [ring]},
    ... }
    >>> read_zones({"type": "FeatureCollection", "features": [park]})
    <1 zones of 1 of 10 kinds, in degrees>
    """
    collection = _parsed(source)
    _check_system(collection, plane)
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
        msg = f"this is no FeatureCollection of GeoJSON; its type is {collection.get('type')!r}"
        raise TableError(msg)
    zones, problems = [], []
    for row, feature in enumerate(features, 1):
        read = _zone(feature, plane, kind, name)
        if isinstance(read, Zone):
            zones.append(read)
        else:
            problems.append(attrs.evolve(read, row=row))
    if problems:
        msg = f"no zone was read, because a zone left out would let a point pass:\n{Problems(problems)}"
        raise TableError(msg)
    return Zones(plane=plane, zones=zones, none_of=none_of)


def _parsed(source: str | Path | Mapping[str, object]) -> Mapping[str, object]:
    try:
        text = source.read_text("utf-8") if isinstance(source, Path) else source
        parsed = json.loads(text) if isinstance(text, str) else text
    except (OSError, ValueError) as fault:
        hint = "" if isinstance(source, Path) else "; give the text itself, or a file as a Path"
        msg = f"the zones cannot be read: {fault}{hint}"
        raise TableError(msg) from None
    if not isinstance(parsed, Mapping):
        msg = f"this is no FeatureCollection of GeoJSON, but a {type(parsed).__name__}"
        raise TableError(msg)
    return parsed


def _check_system(collection: Mapping[str, object], plane: Plane) -> None:
    """Hold what an older file says of its coordinates to what the caller says."""
    system = collection.get("crs")
    if system is None:
        return
    in_degrees = _DEGREE_SYSTEMS.search(json.dumps(system)) is not None
    if in_degrees != (plane is Plane.DEGREES):
        msg = (
            f"the file says that its coordinates are {json.dumps(system)}, and the call that they are in "
            f"{plane.value}; say which, or project the file first"
        )
        raise TableError(msg)


def _zone(feature: object, plane: Plane, kind: str, name: str) -> Zone | Problem:
    """Read one feature, or say what is wrong with it."""
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        return Problem(reason="is no Feature")
    properties = feature.get("properties") or {}
    if not isinstance(properties, Mapping):
        return Problem(column="properties", reason="is no table")
    told = properties.get(kind)
    known = {word: member for member in ZoneKind for word in (str(member.value), member.label_zh)}
    if not is_a(told, str) or told not in known:
        near = did_you_mean(str(told), known)
        hint = f"choose one of {listed((member.value for member in ZoneKind), len(ZoneKind))}{near}"
        return Problem(column=kind, value="" if told is None else str(told), reason="is no kind of zone", hint=hint)
    if feature.get("geometry") is None:
        return Problem(column="geometry", reason="is missing")
    library = shapely()
    try:
        shape = library.force_2d(library.from_geojson(json.dumps(feature["geometry"])))
    except library.errors.ShapelyError as fault:
        return Problem(column="geometry", reason=f"cannot be read: {fault}")
    member = known[str(told)]
    if reason := shape_fault(shape, member, plane):
        return Problem(column="geometry", value=str(properties.get(name) or ""), reason=reason)
    return Zone(kind=member, name=str(properties.get(name) or ""), shape=shape)
