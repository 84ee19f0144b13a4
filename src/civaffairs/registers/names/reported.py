"""What the bureau's work report says of place names (地名文化故事、道路地名规划), beside what a register counts."""

from __future__ import annotations

import attrs

from civaffairs.registers.names.place_names import PlaceName
from civaffairs.registers.view import View

STORIES_REPORTED = 242
"""Stories in the two volumes that the bureau published: a figure to compare with, never an input."""

ROAD_PLAN_FIRST_YEAR, ROAD_PLAN_LAST_YEAR = 2024, 2035
"""The years of the plan of the names of the city's roads; what is in the plan was not read."""


@attrs.frozen(kw_only=True)
class StoriesCounted:
    """Stories told in a register, beside the report.

    Attributes
    ----------
    counted
        Different titles in the register.
    names
        How many names have any.
    reported
        What the report says.
    """

    counted: int
    names: int
    reported: int = STORIES_REPORTED

    @property
    def difference(self) -> int:
        """How many more are counted than reported."""
        return self.counted - self.reported


def count_stories(view: View[PlaceName]) -> StoriesCounted:
    """Count the titles of stories in a register; one that is told of two names is one story.

    Examples
    --------
    >>> from datetime import date
    >>> from civaffairs.registers import Register
    >>> from civaffairs.registers.names.place_names import PLACE_NAMES
    >>> count_stories(Register(PLACE_NAMES).as_of(date(2026, 8, 1)))
    StoriesCounted(counted=0, names=0, reported=242)
    """
    told = view.columns("stories")["stories"]
    some = told[told != ""].tolist()
    return StoriesCounted(counted=len({title for one in some for title in one.split(";")}), names=len(some))


def road_plan_covers(year: int) -> bool:
    """Whether the plan of the names of roads is for a year.

    Examples
    --------
    >>> [road_plan_covers(year) for year in (2023, 2024, 2035, 2036)]
    [False, True, True, False]
    """
    return ROAD_PLAN_FIRST_YEAR <= year <= ROAD_PLAN_LAST_YEAR
