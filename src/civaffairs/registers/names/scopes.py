"""Where a place name must be the only one of its kind: the scopes of 地名管理条例 (2022) art. 9 items 7 and 8."""

from __future__ import annotations

from datetime import date

import numpy as np

from civaffairs.labels import Labelled
from civaffairs.law.places import resolve_codes
from civaffairs.registers.fields import Codes, Texts
from civaffairs.registers.names.categories import PlaceNameCategory


class Scope(Labelled):
    """Within what a name is the only one."""

    NATION = ("nation", "全国范围内")
    PROVINCE = ("province", "同一个省级行政区域内")
    COUNTY = ("county", "同一个县级行政区域内")
    BUILT_UP_AREA = ("built_up_area", "同一个建成区内")


class DivisionLevel(Labelled):
    """The level of a division whose name it is. Street offices are no divisions, and art. 9 gives them no scope."""

    COUNTY_OR_ABOVE = ("county_or_above", "县级以上行政区划")
    TOWNSHIP = ("township", "乡、镇")
    STREET_OFFICE = ("street_office", "街道")


def scope_kinds(category: Codes, division_level: Codes, famous: Codes) -> Codes:
    """Within what each name must be the only one.

    Parameters
    ----------
    category, division_level
        The numbers of the members of `PlaceNameCategory` and `DivisionLevel`; -1 where not stated.
    famous
        1 for a natural feature that is famous in the country (国内著名), 0 for another; -1 where not stated.

    Returns
    -------
    numpy.ndarray
        Numbers of the members of `Scope`; -1 where art. 9 sets no scope, or too little is stated to know it.

    Examples
    --------
    >>> street, township = PlaceNameCategory.STREET.number, PlaceNameCategory.DIVISION.number
    >>> level = DivisionLevel.TOWNSHIP.number
    >>> kinds = scope_kinds(np.array([street, township, township]), np.array([-1, level, -1]), np.array([-1, -1, -1]))
    >>> [list(Scope)[kind].value if kind >= 0 else "" for kind in kinds]
    ['built_up_area', 'province', '']
    """
    of, level = PlaceNameCategory, DivisionLevel
    division = category == of.DIVISION.number
    cases = [
        (division & (division_level == level.COUNTY_OR_ABOVE.number), Scope.NATION),
        ((category == of.NATURAL_FEATURE.number) & (famous == 1), Scope.NATION),
        (division & (division_level == level.TOWNSHIP.number), Scope.PROVINCE),
        (category == of.COMMITTEE_SEAT.number, Scope.COUNTY),
        (np.isin(category, [of.STREET.number, of.ESTATE_OR_BUILDING.number]), Scope.BUILT_UP_AREA),
    ]
    return np.select([rows for rows, _ in cases], [scope.number for _, scope in cases], -1).astype(np.int8)


def scope_names(kinds: Codes, category: Codes, place: Texts, built_up_area: Texts, on: date) -> Texts:
    """Name the scope of each name, so that two names are of one scope exactly where the texts are the same.

    Retired codes of divisions are carried over to the one of the day.

    Parameters
    ----------
    kinds
        What `scope_kinds` gives.
    category
        The numbers of the members of `PlaceNameCategory`: each is a scope by itself.
    place, built_up_area
        The division code, and the built-up area as the register names it; ``""`` where not stated.
    on
        The day.

    Returns
    -------
    numpy.ndarray
        Texts; ``""`` where there is no scope, or it cannot be told in which one the name is.

    Examples
    --------
    >>> seat = np.array([PlaceNameCategory.COMMITTEE_SEAT.number] * 2)
    >>> county = np.array([Scope.COUNTY.number] * 2)
    >>> scope_names(county, seat, np.array(["450127", "450181"]), np.array(["", ""]), date(2026, 8, 1)).tolist()
    ['committee_seat county 450181', 'committee_seat county 450181']
    """
    codes, index = np.unique(place, return_inverse=True)
    now = resolve_codes(np.where(codes == "", "000000", codes).astype("U6"), on)[index] if len(codes) else place
    areas = [np.full(len(place), "all", "U3"), now.astype("U2"), now, built_up_area]
    known = [place == place, place != "", place != "", built_up_area != ""]
    area = np.select([kinds == scope.number for scope in Scope], areas, "")
    told = np.select([kinds == scope.number for scope in Scope], known, False)
    text = np.array([f"{kind.value} {scope.value} " for kind in PlaceNameCategory for scope in Scope])
    start = text[np.clip(category, 0, None).astype(np.intp) * len(Scope) + np.clip(kinds, 0, None)]
    return np.asarray(np.where(told, np.char.add(start, area), ""))
