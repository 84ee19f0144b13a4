"""Assess households each by the law of its own place: one run a place, put together in the caller's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from operator import add
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.assessment.assess import assess as assess_one
from civaffairs.assessment.gaps import Gaps
from civaffairs.assessment.result import Assessment, Column
from civaffairs.assessment.totals import Total
from civaffairs.comparators import chongqing, shanghai, zhejiang
from civaffairs.comparators.pack import Pack
from civaffairs.comparators.procedure import NATION as NATIONAL_PROCEDURE
from civaffairs.comparators.procedure import Topic
from civaffairs.law.places import chain
from civaffairs.people.columns import Level
from civaffairs.rules.rule import AnyRule, Rule
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Conventions
from civaffairs.schemes import RULEBOOK

NATION = "000000"
PACKS: Mapping[str, Pack] = MappingProxyType(
    {module.PACK.place: module.PACK for module in (chongqing, zhejiang, shanghai)}
)
"""The packs by the place they govern."""
RULEBOOKS: Mapping[str, Rulebook] = MappingProxyType(
    {NATION: RULEBOOK, **{place: pack.rulebook for place, pack in PACKS.items()}}
)
"""Their rulebooks, and the library's own for every other place."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ByPlace:
    """Assessments of one roster, each household's by the rulebook that governs its place.

    Attributes
    ----------
    whole
        The roster as it was read, with what was set aside; nothing is assessed in it.
    parts
        The assessments, by the place of the pack; ``000000`` for places without one.
    rows
        Which households each is about, in the order of ``whole.population``.
    """

    whole: Assessment
    parts: Mapping[str, Assessment]
    rows: Mapping[str, NDArray[np.bool_]]

    def column(self, rule: Rule[Any, Any]) -> Column:
        """Return one rule's results in the order of the caller's table, together with what of them is known."""
        people = self.whole.population
        persons = rule.level is Level.PERSON
        known = np.zeros(people.persons if persons else people.households, bool)
        values = None
        for place, part in self.parts.items():
            mine = self.rows[place]
            here = people.in_callers_order(mine[people.index] if persons else mine, rule.level)
            found = part.column(rule)
            values = np.zeros(len(known), found.values.dtype) if values is None else values
            values[here], known[here] = found.values, found.known
        return Column(np.zeros(0, np.int64) if values is None else values, known)

    @property
    def totals(self) -> Mapping[str, Total]:
        """Sums by scheme over all places."""
        schemes = dict.fromkeys(name for part in self.parts.values() for name in part.totals)
        return {name: reduce(add, (part.totals[name] for part in self.parts.values())) for name in schemes}

    @property
    def not_assessed(self) -> Gaps:
        """Which schemes could not be assessed, for whom, and because of what, in all places."""
        return reduce(add, (part.not_assessed for part in self.parts.values()), Gaps(()))

    def __repr__(self) -> str:
        counts = ", ".join(f"{place}: {len(part.population):,}" for place, part in self.parts.items())
        return f"<ByPlace of households by the law of {counts}>"


def compare(*topics: Topic) -> str:
    """Write what the nation's measures and each regulation say of some topics, or of all, with the article.

    >>> print(compare(Topic.FIRST_MONTH))
    first month paid 起发月份
      Nation: the month after the decision (art. 21)
      Chongqing: the month of the approval (art. 22)
      Zhejiang: the month after the approval (art. 56)
      Shanghai: not said
    """
    procedures = {"Nation": NATIONAL_PROCEDURE, **{pack.name: pack.procedure for pack in PACKS.values()}}
    lines = []
    for topic in topics or tuple(Topic):
        lines.append(f"{topic.value} {topic.label_zh}")
        for name, procedure in procedures.items():
            provision = procedure.get(topic)
            said = f"{provision.says} (art. {provision.citation.article})" if provision else "not said"
            lines.append(f"  {name}: {said}")
    return "\n".join(lines)


def governing(code: str) -> str:
    """Return the place of the pack that governs a division, or that of the nation.

    >>> governing("330106"), governing("450103")
    ('330000', '000000')
    """
    return next((place for place in chain(code) if place in PACKS), NATION)


def for_place(code: str) -> Rulebook:
    """Return the rulebook that governs a division: a pack's, or the library's own.

    Parameters
    ----------
    code
        A division code.

    Examples
    --------
    >>> len(for_place("330106").rules) > len(for_place("450103").rules)
    True
    """
    return RULEBOOKS[governing(code)]


def assess(
    data: object,
    *,
    on: date | str,
    known: date | str | None = None,
    schemes: Sequence[str] | None = None,
    conventions: Conventions | None = None,
    keep: Sequence[AnyRule] = (),
    rulebooks: Mapping[str, Rulebook] = RULEBOOKS,
) -> ByPlace:
    """Work out who is owed what a month, each household by the law of the place where it applies.

    Parameters
    ----------
    data
        As in `civaffairs.assess`.
    on, known, schemes, conventions, keep
        As in `civaffairs.assess`.
    rulebooks
        The rulebook of each pack's place, and of ``000000`` for the rest; give a changed copy to change one.

    Returns
    -------
    ByPlace
        Results by rule in the caller's order, and the assessment of each place.

    Examples
    --------
    >>> table = {
    ...     "household_id": ["N", "Z"],
    ...     "person_id": ["1", "2"],
    ...     "birth_date": ["1950-01-01", "1951-01-01"],
    ...     "place": ["450103", "330106"],
    ...     "area": ["urban", "urban"],
    ... }
    >>> assess(table, on="2025-06-01", schemes=["dibao"])
    <ByPlace of households by the law of 000000: 1, 330000: 1>
    """
    whole = assess_one(data, on=on, schemes=[])
    people = whole.population
    codes, back = people.places("place")
    governed = np.array([governing(f"{code:06d}") for code in codes.tolist()])[back]
    rows = {place: governed == place for place in sorted(set(governed.tolist()))}
    parts = {
        place: assess_one(
            people.keeping(mine),
            on=on,
            known=known,
            schemes=schemes,
            conventions=conventions,
            keep=keep,
            rulebook=rulebooks[place],
        )
        for place, mine in rows.items()
    }
    return ByPlace(whole=whole, parts=parts, rows=rows)
