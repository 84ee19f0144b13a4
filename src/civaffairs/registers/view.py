"""A register as it stands on a day: its records, as columns and as a table; and what differs between two days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Protocol

import attrs

from civaffairs.errors import did_you_mean, masked
from civaffairs.registers.fields import Array, Fact, array_of, nothing_of
from civaffairs.registers.kinds import Record, RegisterKind


@attrs.frozen(eq=False, repr=False)
class View(Mapping[str, Record]):
    """A register as it stands on a day: its records by key."""

    kind: RegisterKind[Record]
    on: date
    records: Mapping[str, Record]

    def __getitem__(self, key: str) -> Record:
        if key not in self.records:
            msg = f"no {self.kind.name} has the key {masked(key)!r} on {self.on}{did_you_mean(key, self.records)}"
            raise KeyError(msg)
        return self.records[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        return f"<{len(self.records)} of {self.kind.name} ({self.kind.label_zh}) on {self.on}>"

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
        columns = self.kind.fields
        every = tuple(self.records.values())
        return {name: array_of(columns[name], [getattr(record, name) for record in every]) for name in names or columns}

    def table(self, *, personal: bool = False) -> dict[str, list[Fact]]:
        """Turn the records into a table of facts, with ``None`` or nothing where a record says nothing.

        Parameters
        ----------
        personal
            Whether to show facts that tell who a person is; they are left out otherwise.
        """
        hidden = frozenset() if personal else self.kind.personal
        names = [name for name in self.kind.fields if name not in hidden]
        return {name: [getattr(record, name) for record in self.records.values()] for name in names}


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
