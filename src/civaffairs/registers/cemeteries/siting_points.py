"""Places that are to be looked at: many points, and what their coordinates are counted in."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from civaffairs.errors import UsageError, listed
from civaffairs.registers.cemeteries.siting_zones import Floats, Plane, Projection
from civaffairs.registers.view import View


def _floats(values: ArrayLike) -> Floats:
    found = np.asarray(values, np.float64)
    if found.ndim != 1:
        msg = f"coordinates are a column, one for each point; these have the shape {found.shape}"
        raise UsageError(msg)
    return found


def _texts(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(keys)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Points:
    """Places to be looked at.

    Attributes
    ----------
    x, y
        Longitude and latitude, or metres east and north; ``nan`` where they are not stated.
    plane
        What they are counted in.
    keys
        What the places are called; numbers from 1 when left out.
    """

    x: Floats = attrs.field(converter=_floats)
    y: Floats = attrs.field(converter=_floats)
    plane: Plane
    keys: tuple[str, ...] = attrs.field(default=(), converter=_texts)

    def __attrs_post_init__(self) -> None:
        if not len(self.x) == len(self.y) == len(self.keys or self.x):
            msg = f"{len(self.x)} x, {len(self.y)} y and {len(self.keys)} keys are not those of one list of points"
            raise UsageError(msg)
        out = np.isinf(self.x) | np.isinf(self.y)
        if self.plane is Plane.DEGREES:
            out |= (np.abs(self.x) > 180) | (np.abs(self.y) > 90)
        if out.any():
            rows = [self.key(row) for row in np.flatnonzero(out).tolist()]
            hint = "; longitude comes first, and metres are to be said" if self.plane is Plane.DEGREES else ""
            msg = f"no place on earth lies where these points are said to: {listed(rows)}{hint}"
            raise UsageError(msg)

    @property
    def located(self) -> NDArray[np.bool_]:
        """Which points have both coordinates."""
        return np.asarray(~(np.isnan(self.x) | np.isnan(self.y)))

    def key(self, row: int) -> str:
        """What a point is called."""
        return self.keys[row] if self.keys else str(row + 1)

    def projected(self, projection: Projection) -> Points:
        """Bring points in degrees to metres, with the projection of the zones.

        Raises
        ------
        UsageError
            If they are in metres already.
        """
        if self.plane is Plane.METRES:
            msg = "the points are in metres already; project what is in degrees, once"
            raise UsageError(msg)
        x, y = np.full(len(self), np.nan), np.full(len(self), np.nan)
        x[self.located], y[self.located] = projection(self.x[self.located], self.y[self.located])
        return Points(x=x, y=y, plane=Plane.METRES, keys=self.keys)

    def __len__(self) -> int:
        return len(self.x)

    def __repr__(self) -> str:
        return f"<{len(self)} points in {self.plane.value}>"


def points_of(view: View[object]) -> Points:
    """Take the places of a register whose records have a longitude and a latitude; not stated is not located."""
    columns = view.columns("longitude", "latitude")
    return Points(x=columns["longitude"], y=columns["latitude"], plane=Plane.DEGREES, keys=list(view))
