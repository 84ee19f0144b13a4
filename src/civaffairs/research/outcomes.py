"""What a comparison counts: outcomes, households by outcome and group, schemes, and reasons; each prints as a table."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Generic, TypeVar, overload

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.money import Fen, yuan_text

SHOWN = 10
"""Lines of reasons that are printed; all of them are in the table."""
UNKNOWN = "not known"


class Outcome(Enum):
    """What a reform does to a household."""

    label_zh: str
    number: int

    GAINS = ("gains", "增加")
    LOSES = ("loses", "减少")
    UNCHANGED = ("unchanged", "不变")
    NOT_KNOWN = ("not known", "未知")

    def __new__(cls, value: str, label_zh: str) -> Outcome:
        """Number the outcomes in the order in which they are written."""
        member = object.__new__(cls)
        member._value_ = value
        member.label_zh = label_zh
        member.number = len(cls.__members__)
        return member


R = TypeVar("R")


@attrs.frozen(repr=False)
class Lines(Sequence[R], Generic[R]):
    """Records that print as a table."""

    items: tuple[R, ...]

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[R]: ...
    def __getitem__(self, index: int | slice) -> R | Sequence[R]:
        return self.items[index]

    def __iter__(self) -> Iterator[R]:
        return iter(self.items)

    def columns(self) -> dict[str, list[object]]:
        """The records as a table of columns."""
        names = [field.name for field in attrs.fields(type(self.items[0]))] if self.items else []  # type: ignore[arg-type]
        return {name: [getattr(item, name) for item in self.items] for name in names}

    @abstractmethod
    def _head(self) -> list[str]:
        """The heads of the printed columns."""

    @abstractmethod
    def _rows(self) -> list[list[str]]:
        """The printed lines."""

    def __str__(self) -> str:
        head = self._head()
        return text_table(head, self._rows(), numbers=[k for k, name in enumerate(head) if name not in WORDS])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return html_table(self._head(), self._rows())


WORDS = frozenset({"group", "because of", "in", "scheme"})
"""Columns of words; the others are of numbers and stand to the right."""


@attrs.frozen(kw_only=True)
class Tally:
    """Who gains and who loses in one group.

    Attributes
    ----------
    group
        Its name.
    gainers, losers, unchanged, not_known
        Households by outcome.
    gainers_persons, losers_persons, unchanged_persons, not_known_persons
        Persons living in them.
    gains, losses
        Fen a month that are gained and lost, both positive, as far as known.
    """

    group: str
    gainers: int
    losers: int
    unchanged: int
    not_known: int
    gainers_persons: int
    losers_persons: int
    unchanged_persons: int
    not_known_persons: int
    gains: int
    losses: int

    @property
    def households(self) -> int:
        """All households of the group."""
        return self.gainers + self.losers + self.unchanged + self.not_known

    @property
    def persons(self) -> int:
        """All persons of the group."""
        return self.gainers_persons + self.losers_persons + self.unchanged_persons + self.not_known_persons

    @property
    def cost(self) -> int | None:
        """Net cost in fen a month, or ``None`` while some household is not known."""
        return None if self.not_known else self.gains - self.losses


class Tallies(Lines[Tally]):
    """Who gains and who loses, group by group."""

    def _head(self) -> list[str]:
        return ["group", "households", "gain", "lose", "unchanged", "not known", "gains", "losses", "cost a month"]

    def _rows(self) -> list[list[str]]:
        return [
            [
                one.group,
                *(f"{n:,}" for n in (one.households, one.gainers, one.losers, one.unchanged, one.not_known)),
                *(yuan_text(one.gains), yuan_text(one.losses), fen_text(one.cost)),
            ]
            for one in self
        ]


def tallied(
    names: Sequence[str],
    group: NDArray[np.intp],
    outcome: NDArray[np.int8],
    difference: Fen,
    members: NDArray[np.int64],
) -> Tallies:
    """Count households, persons and fen by group and outcome.

    Parameters
    ----------
    names
        Names of the groups.
    group
        Each household's position among them.
    outcome
        Each household's `Outcome`, by number.
    difference
        Fen a month, 0 where not known.
    members
        Persons of each household.
    """
    kinds = len(Outcome)
    shape, cell = len(names) * kinds, group * kinds + outcome
    sums = {}
    for name, of in (("households", np.ones_like(members)), ("persons", members), ("fen", difference)):
        into = np.zeros(shape, np.int64)
        np.add.at(into, cell, of)
        sums[name] = into.reshape(len(names), kinds).tolist()
    parts = ("gainers", "losers", "unchanged", "not_known")
    return Tallies(
        tuple(
            Tally(
                group=name,
                **dict(zip(parts, sums["households"][k], strict=True)),
                **dict(zip((f"{part}_persons" for part in parts), sums["persons"][k], strict=True)),
                gains=sums["fen"][k][Outcome.GAINS.number],
                losses=-sums["fen"][k][Outcome.LOSES.number],
            )
            for k, name in enumerate(names)
        )
    )


@attrs.frozen(kw_only=True)
class Change:
    """What changes in one scheme.

    Attributes
    ----------
    scheme, title, label_zh, pays
        Which scheme, and whether it pays cash.
    persons_before, persons_after
        Known to be entitled.
    fen_before, fen_after
        Fen a month, or ``None`` while somebody's amount is not known or where no cash is paid.
    change_so_far
        Fen a month more or less for the households known on both sides.
    """

    scheme: str
    title: str
    label_zh: str
    pays: bool
    persons_before: int
    persons_after: int
    fen_before: int | None
    fen_after: int | None
    change_so_far: int

    @property
    def change(self) -> int | None:
        """Fen a month more or less, or ``None`` while either side is not known."""
        return None if self.fen_before is None or self.fen_after is None else self.fen_after - self.fen_before


class Changes(Lines[Change]):
    """What changes, scheme by scheme."""

    def _head(self) -> list[str]:
        sides = ["persons before", "persons after", "yuan a month before", "yuan a month after"]
        return ["scheme", *sides, "change", "change so far"]

    def _rows(self) -> list[list[str]]:
        return [
            [
                one.title,
                f"{one.persons_before:,}",
                f"{one.persons_after:,}",
                *(fen_text(fen) if one.pays else "-" for fen in (one.fen_before, one.fen_after, one.change)),
                yuan_text(one.change_so_far) if one.pays else "-",
            ]
            for one in self
        ]


@attrs.frozen
class Reason:
    """The changed households that have the same causes and are touched in the same schemes.

    Attributes
    ----------
    causes
        Names of changed values and facts and of replaced rules that the change runs through.
    schemes
        Schemes in which the household's payment changes.
    households, persons
        How many.
    fen
        What they gain together a month, less what they lose.
    """

    causes: tuple[str, ...]
    schemes: tuple[str, ...]
    households: int
    persons: int
    fen: int


class Reasons(Lines[Reason]):
    """Why amounts change, the most households first."""

    def _head(self) -> list[str]:
        return ["because of", "in", "households", "persons", "yuan a month"]

    def _rows(self) -> list[list[str]]:
        rows = [
            [
                " + ".join(one.causes),
                ", ".join(one.schemes),
                f"{one.households:,}",
                f"{one.persons:,}",
                yuan_text(one.fen),
            ]
            for one in self.items[:SHOWN]
        ]
        rest = self.items[SHOWN:]
        if rest:
            counts = [f"{sum(one.households for one in rest):,}", f"{sum(one.persons for one in rest):,}"]
            rows.append([f"and {len(rest)} more lines", "", *counts, yuan_text(sum(one.fen for one in rest))])
        return rows


def fen_text(fen: int | None) -> str:
    """Write fen as yuan, or that they are not known.

    >>> fen_text(None), fen_text(12_200)
    ('not known', '122.00')
    """
    return UNKNOWN if fen is None else yuan_text(fen)
