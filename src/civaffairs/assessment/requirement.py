"""What must be known to assess some schemes: the columns a roster needs, and the values that nobody has published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import overload

import attrs

from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.law.timeline import NotPublished
from civaffairs.people.columns import Column
from civaffairs.people.household import COLUMNS
from civaffairs.rules.plan import look_up
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK


@attrs.frozen(kw_only=True)
class Requirement:
    """One column, and the rules and articles that need it."""

    column: Column
    rules: tuple[str, ...]
    articles: tuple[str, ...]


@attrs.frozen(kw_only=True, repr=False)
class Requirements(Sequence[Requirement]):
    """The columns that some schemes need.

    Attributes
    ----------
    items
        Columns in the order of the table format.
    unknown
        Values that the schemes need and that are not known for the place and day: name, reason, where to look.
    """

    items: tuple[Requirement, ...]
    unknown: tuple[tuple[str, str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> Requirement: ...
    @overload
    def __getitem__(self, index: slice) -> Requirements: ...
    def __getitem__(self, index: int | slice) -> Requirement | Requirements:
        return (
            Requirements(items=self.items[index], unknown=self.unknown)
            if isinstance(index, slice)
            else self.items[index]
        )

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self.items)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(item.column.name for item in self.items)

    def _rows(self) -> list[list[str]]:
        return [
            [i.column.name, i.column.label_zh, i.column.kind.value, i.column.meaning, "; ".join(i.articles)]
            for i in self.items
        ]

    def __repr__(self) -> str:
        table = text_table(["column", "中文", "written as", "meaning", "needed by"], self._rows())
        unknown = "".join(f"\nnot known: {name}: {reason}; look in: {look}" for name, reason, look in self.unknown)
        return table + unknown

    def _repr_html_(self) -> str:
        return html_table(["column", "中文", "written as", "meaning", "needed by"], self._rows())


def required(
    schemes: Sequence[str] | None,
    on: date,
    place: str = "450100",
    *,
    rulebook: Rulebook = RULEBOOK,
    known: date | None = None,
) -> Requirements:
    """Say which columns a roster needs for some schemes on a day, and which values are not known in a place.

    Parameters
    ----------
    schemes
        Names of schemes; ``None`` for all.
    on
        The day.
    place
        Division code.
    rulebook
        Another rulebook than the library's.
    known
        Use only what was public by this day.

    Examples
    --------
    >>> need = required(["old_age"], date(2026, 8, 1))
    >>> need.names
    ('household_id', 'place', 'area', 'person_id', 'birth_date', 'hukou_place')
    >>> need.unknown[0][0]
    'old_age_allowance_tiers'
    """
    plan, _ = rulebook.plan(on, known=known, schemes=tuple(schemes) if schemes is not None else None)
    if schemes is not None:
        # What is payable depends on every other benefit; what a scheme itself needs does not.
        targets = [rule for name in schemes for rule in rulebook.schemes[name].targets]
        available = [rule for rule in targets if rule.name in plan.levels and rulebook.in_force(rule.name, on, known)]
        plan, _ = rulebook.plan(on, known=known, schemes=(), targets=tuple(dict.fromkeys(r.name for r in available)))
    needs: dict[str, list[str]] = {}
    articles: dict[str, dict[str, None]] = {}
    for step in plan.steps:
        for need in step.rule.needs:
            columns = [need] if need in COLUMNS else [plan.parameters[need].by] if need in plan.parameters else []
            for name in columns:
                needs.setdefault(name, []).append(step.rule.name)
                articles.setdefault(name, {})[str(step.rule.citations[0])] = None
    items = tuple(
        Requirement(
            column=column, rules=tuple(dict.fromkeys(needs.get(name, ()))), articles=tuple(articles.get(name, ()))
        )
        for name, column in rulebook.columns.items()
        if name in needs or column.required
    )
    unknown = []
    for parameter in plan.parameters.values():
        found = look_up(parameter, place, on, known)
        if isinstance(found, NotPublished):
            unknown.append((parameter.name, found.reason, found.where_to_look))
    return Requirements(items=items, unknown=tuple(unknown))
