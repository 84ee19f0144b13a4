"""A register as it stands on a day: its records, as columns and as a table; and what differs between two days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Any, Protocol

import attrs

from civaffairs.errors import did_you_mean, masked
from civaffairs.registers.fields import Array, Fact, array_of, nothing_of
from civaffairs.registers.kinds import Facts, Record, RegisterKind

_BLOCK = 512
"""Records read at a time: few enough that what is made of them does not set off the collector of garbage."""


@attrs.frozen(eq=False, repr=False)
class View(Mapping[str, Record]):
    """A register as it stands on a day: its records by key.

    Attributes
    ----------
    kind, on
        What it holds, and the day.
    facts
        What is stated of each record, by key. Records are made of it when somebody asks for them.
    """

    kind: RegisterKind[Record]
    on: date
    facts: Mapping[str, Facts]

    def __getitem__(self, key: str) -> Record:
        if key not in self.facts:
            msg = f"no {self.kind.name} has the key {masked(key)!r} on {self.on}{did_you_mean(key, self.facts)}"
            raise KeyError(msg)
        make: Any = self.kind.record
        record: Record = make(**self.facts[key])
        return record

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    def __repr__(self) -> str:
        return f"<{len(self.facts)} of {self.kind.name} ({self.kind.label_zh}) on {self.on}>"

    def columns(self, *names: str) -> dict[str, Array]:
        """Turn the records into columns for vectorised work.

        Parameters
        ----------
        *names
            Facts to take; all where none is named.

        Returns
        -------
        dict
            One array per fact, in the order of the keys; how each is held is told in `fields.array_of`.
        """
        told = self._told(names or tuple(self.kind.fields))
        return {name: array_of(self.kind.fields[name], column) for name, column in told.items()}

    def table(self, *, personal: bool = False) -> dict[str, list[Fact]]:
        """Turn the records into a table of facts, with ``None`` or nothing where a record says nothing.

        Parameters
        ----------
        personal
            Whether to show facts that tell who a person is; they are left out otherwise.
        """
        hidden = frozenset() if personal else self.kind.personal
        names = [name for name in self.kind.fields if name not in hidden]
        return self._told(names)

    def _told(self, names: Sequence[str]) -> dict[str, list[Fact]]:
        """What all records say of some facts, a block of records at a time: they lie far apart in memory."""
        blank = {name: nothing_of(column.kind) for name, column in self.kind.fields.items()}
        pick = itemgetter("key", *names)
        told: tuple[list[Fact], ...] = tuple([] for _ in ("key", *names))
        every = iter(self.facts.values())
        while rows := [pick({**blank, **facts}) for facts in islice(every, _BLOCK)]:
            for column, part in zip(told, zip(*rows, strict=True), strict=True):
                column.extend(part)
        return dict(zip(names, told[1:], strict=True))


@attrs.frozen(kw_only=True)
class Change:
    """One fact of one record that differs between two days.

    Attributes
    ----------
    key
        Whose.
    fact
        Which; ``"state"`` from ``None`` where the record begins.
    before, after
        What it was and is; both ``None`` where it tells who a person is.
    documents
        The papers behind the events between the two days.
    """

    key: str
    fact: str
    before: Fact
    after: Fact
    documents: tuple[str, ...]


class Viewed(Protocol):
    """What a register beside another must do."""

    def as_of(self, day: date, *, known: date | None = None) -> View[object]:
        """Read it as it stood on a day."""
        ...


def differences(kind: RegisterKind[object], old: object | None, new: object) -> list[tuple[str, Fact, Fact]]:
    """List the facts of a record that differ: name, before and after."""
    names = [name for name in kind.fields if name != "key"]
    pairs = [(name, None if old is None else getattr(old, name), getattr(new, name)) for name in names]
    blank = {name: nothing_of(column.kind) for name, column in kind.fields.items()}
    return [(name, was, now) for name, was, now in pairs if was != now and not (old is None and now == blank[name])]
