"""Two results compared, household by household: who gains, who loses, by how much, what it costs, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from html import escape
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.assessment.result import Assessment
from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.errors import UsageError, did_you_mean, listed
from civaffairs.law.timeline import Standing
from civaffairs.money import yuan_text
from civaffairs.people.columns import Level
from civaffairs.people.household import COLUMNS
from civaffairs.people.population import Array, Population
from civaffairs.people.records import answers_of
from civaffairs.research.amounts import household_fen, paid_rule, same_households, scheme_rule, schemes_in, sum_fen
from civaffairs.research.difference import Difference
from civaffairs.research.outcomes import (
    UNKNOWN,
    Change,
    Changes,
    Outcome,
    Reason,
    Reasons,
    Tallies,
    Tally,
    fen_text,
    tallied,
)
from civaffairs.research.reasons import TwoRuns
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.rulebook import Scheme
from civaffairs.rules.values import Flags

AT_ONCE = 10_000
"""Households whose reasons are looked for at once; more take more memory and are no faster."""
QUARTERS = (Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))
MEMBERS = "members"
"""The group of the number of persons in a household."""


def compare(before: Assessment, after: Assessment, rule: AnyRule | None = None) -> Comparison:
    """Compare two results for the same households, a reform's with the law's as a rule.

    Parameters
    ----------
    before, after
        The results. Keys and order must be the same; rules, values, days and facts may differ.
    rule
        The amount to compare; by default everything payable to a household, or else what the first scheme pays.

    Returns
    -------
    Comparison
        Gains, losses and cost; a household of which either side is not known counts as neither.

    Raises
    ------
    UsageError
        If the households or persons are not the same, or the rule was not kept on both sides.

    Examples
    --------
    >>> from datetime import date
    >>> import civaffairs as ca
    >>> from civaffairs.schemes import dibao
    >>> couple = [
    ...     ca.nothing_else(
    ...         ca.Person(person_id=key, birth_date=date(1980, 3, 1), relation=relation, lives_together=True)
    ...     )
    ...     for key, relation in (("1", ca.Relation.APPLICANT), ("2", ca.Relation.SPOUSE))
    ... ]
    >>> family = ca.Household(
    ...     household_id="Li",
    ...     place="450181",
    ...     area=ca.Area.RURAL,
    ...     assets_within_limits=True,
    ...     recorded_payment_method=ca.PaymentMethod.DIFFERENCE,
    ...     members=couple,
    ... )
    >>> higher = ca.rulebook.with_parameter(
    ...     dibao.rural_standard, ca.yuan(7_200), place="450100", since=date(2026, 8, 1), why="raised to 7,200"
    ... )
    >>> before = ca.assess(family, on="2026-08-01", schemes=["dibao"])
    >>> after = ca.assess(family, on="2026-08-01", schemes=["dibao"], rulebook=higher)
    >>> comparison = compare(before, after)
    >>> comparison.cost_a_month, comparison.overall.gainers
    (6667, 1)
    >>> print(comparison.why().sentence)
    dibao_amount 1,133.33 -> 1,200.00 yuan/month because rural_standard 6,800.00 -> 7,200.00 yuan/person/year
    """
    same_households(before, after)
    return Comparison(before=before, after=after, rule=rule or paid_rule((before, after)))


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Comparison:
    """What changes from one result to another, in fen a month.

    Attributes
    ----------
    before, after
        The two results.
    rule
        The amount that is compared.
    """

    before: Assessment
    after: Assessment
    rule: AnyRule

    @cached_property
    def difference(self) -> np.ma.MaskedArray[Any, Any]:
        """Fen a month that each household gains, in the order of the caller's table; masked where not known."""
        return self._change_of(self.rule)

    @cached_property
    def outcome(self) -> NDArray[np.int8]:
        """The `Outcome` of each household, by its number."""
        known, fen = ~np.ma.getmaskarray(self.difference), self.difference.filled(0)
        numbers = [kind.number for kind in (Outcome.NOT_KNOWN, Outcome.GAINS, Outcome.LOSES)]
        return np.select([~known, fen > 0, fen < 0], numbers, Outcome.UNCHANGED.number).astype(np.int8)

    @cached_property
    def _members(self) -> NDArray[np.int64]:
        people = self.before.population
        return people.in_callers_order(people.sizes.astype(np.int64), Level.HOUSEHOLD)

    @cached_property
    def overall(self) -> Tally:
        """How many households and persons gain and lose, and how much."""
        nobody = np.zeros(len(self.outcome), np.intp)
        return tallied(["all"], nobody, self.outcome, self.difference.filled(0), self._members)[0]

    @property
    def gains(self) -> int:
        """Fen a month that the gainers gain together, as far as known."""
        return self.overall.gains

    @property
    def losses(self) -> int:
        """Fen a month that the losers lose together, as far as known; a positive number."""
        return self.overall.losses

    @property
    def cost_a_month(self) -> int | None:
        """Net cost in fen a month, or ``None`` while some household is not known; `gains` and `losses` tell so far."""
        return self.overall.cost

    @property
    def cost_a_year(self) -> int | None:
        """Net cost of twelve such months."""
        return None if self.cost_a_month is None else 12 * self.cost_a_month

    @property
    def changes(self) -> tuple[str, ...]:
        """What the reform changed and why, in words: the notes of the second rulebook that the first has not."""
        extra = Counter(self.after.rulebook.changes) - Counter(self.before.rulebook.changes)
        return tuple(extra)

    @property
    def assumed(self) -> tuple[str, ...]:
        """Values that either result stands on and that nobody published, the reform's own among them."""
        both = (*self.before.standing.of(Standing.ASSUMED), *self.after.standing.of(Standing.ASSUMED))
        return tuple(dict.fromkeys(item.what for item in both))

    @cached_property
    def schemes(self) -> Changes:
        """What changes in each scheme that both results have, those too that are not part of the amount compared."""
        both = [s for s in self.after.schemes if s.name in self.before.totals and s.name in self.after.totals]
        return Changes(tuple(self._scheme(scheme) for scheme in both))

    def _scheme(self, scheme: Scheme) -> Change:
        old, new = self.before.totals[scheme.name], self.after.totals[scheme.name]
        paid = scheme_rule((self.before, self.after), scheme)
        so_far = 0 if paid is None else sum_fen(self._change_of(paid))
        return Change(
            scheme=scheme.name, title=new.title, label_zh=new.label_zh, pays=new.pays,
            persons_before=old.persons, persons_after=new.persons, fen_before=old.fen, fen_after=new.fen,
            change_so_far=so_far,
        )  # fmt: skip

    def _change_of(self, rule: AnyRule) -> np.ma.MaskedArray[Any, Any]:
        change: np.ma.MaskedArray[Any, Any] = household_fen(self.after, rule) - household_fen(self.before, rule)
        return change

    def by(self, group: str | AnyRule | Sequence[object] | Array) -> Tallies:
        """Tell who gains by group.

        Parameters
        ----------
        group
            Name of a household column (``"place"``, ``"area"``), ``"members"`` for the number of persons, a rule of
            households that was kept, or one value a household in the order of the caller's table.

        Raises
        ------
        UsageError
            If there is no such column, or its length is another.
        """
        values = self._group(group)
        if len(values) != len(self.outcome):
            msg = f"{len(values)} groups for {len(self.outcome)} households; give one each, in the order of the table"
            raise UsageError(msg)
        distinct = sorted(dict.fromkeys(values), key=lambda value: (isinstance(value, str), value))
        number = {value: k for k, value in enumerate(distinct)}
        back = np.array([number[value] for value in values], np.intp)
        names = [str(value) for value in distinct]
        return tallied(names, back, self.outcome, self.difference.filled(0), self._members)

    def _group(self, group: str | AnyRule | Sequence[object] | Array) -> list[Any]:
        people = self.before.population
        if isinstance(group, str):
            if group == MEMBERS:
                return list(self._members.tolist())
            if group not in people.household:
                known = [MEMBERS, *people.household]
                msg = f"no household column {group!r}{did_you_mean(group, known)}; there are {listed(known, 8)}"
                raise UsageError(msg)
            answers = np.array(answers_of(people, COLUMNS[group]), object)
            answers = people.in_callers_order(answers, Level.HOUSEHOLD)
            return ["not stated" if a is None else getattr(a, "value", a) for a in answers.tolist()]
        if isinstance(group, np.ndarray):
            return list(group.tolist())
        if isinstance(group, Sequence):
            return list(group)
        column = self.before.column(group)
        return [v if known else "not known" for v, known in zip(column.values.tolist(), column.known, strict=True)]

    def quantiles(self, parts: Iterable[Fraction] = QUARTERS, of: Outcome | None = None) -> dict[Fraction, int]:
        """Give the changes below or at which each part of the households lies: order statistics, never averages.

        Parameters
        ----------
        parts
            Exact parts from 0 to 1; 0 is the smallest change and 1 the largest.
        of
            Only the households that gain, or lose; otherwise all that are known.

        Returns
        -------
        dict
            Fen a month by part; empty where there is nobody.
        """
        here = self.outcome != Outcome.NOT_KNOWN.number if of is None else self.outcome == of.number
        ordered = np.sort(self.difference.filled(0)[here])
        if not len(ordered):
            return {}
        return {part: int(ordered[max(0, -(-part.numerator * len(ordered) // part.denominator) - 1)]) for part in parts}

    def largest(self, count: int = 5) -> dict[str, list[object]]:
        """List the largest gains and the largest losses, a table of columns.

        Parameters
        ----------
        count
            How many of each, at most.
        """
        fen = self.difference.filled(0)
        order = np.argsort(fen, kind="stable")
        falls, rises = order[fen[order] < 0][:count], order[fen[order] > 0][::-1][:count]
        rows = [*rises.tolist(), *falls[::-1].tolist()]
        return {name: [column[row] for row in rows] for name, column in self.columns().items()}

    def columns(self) -> dict[str, list[object]]:
        """Every household as a table of columns: key, fen before and after, the change, and what that makes it."""
        people = self.before.population
        keys = people.in_callers_order(people.household["household_id"], Level.HOUSEHOLD)
        sides = {"before": self.before, "after": self.after}
        kinds = list(Outcome)
        return {
            "household_id": keys.tolist(),
            **{name: household_fen(side, self.rule).tolist() for name, side in sides.items()},
            "change": self.difference.tolist(),
            "outcome": [kinds[number].value for number in self.outcome.tolist()],
        }

    def why(self, household: str | int = 0) -> Difference:
        """Tell why one household's amount changes: the numbers that are not the same, from the top down.

        Parameters
        ----------
        household
            Its key, or its position in the caller's table.

        Raises
        ------
        UsageError
            If there is no such household, or nothing changes for it.
        """
        families = [_family(one, household) for one in (self.before, self.after)]
        told = TwoRuns(self.before.plan, families[0], self.after.plan, families[1]).why(self.rule.name)
        if told is None:
            msg = f"{self.rule.name} is the same for this household before and after; explain() tells either"
            raise UsageError(msg)
        return told

    def reasons(self) -> Reasons:
        """Count the changed households by what their change comes from, and by the schemes whose payments change.

        Returns
        -------
        Reasons
            Each changed household is in one line: that of all its causes together.
        """
        change = self._internal(self.difference.filled(0))
        changed = change != 0
        paid = schemes_in((self.before, self.after), self.rule)
        schemes = [(n, self._internal(self._change_of(r).filled(0) != 0)[changed]) for n, r in paid.items()]
        was, now = self.before.population.keeping(changed), self.after.population.keeping(changed)
        sums: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
        for first in range(0, was.households, AT_ONCE):
            last = min(first + AT_ONCE, was.households)
            pair = TwoRuns(self.before.plan, was.part(first, last), self.after.plan, now.part(first, last))
            origins = pair.origins(self.rule.name)
            moved = {name: flags[first:last] for name, flags in schemes}
            for (causes, touched), rows in _together(origins, moved, last - first).items():
                row = sums.setdefault((causes, touched), [0, 0, 0])
                row[0] += len(rows)
                row[1] += int(now.sizes[first:last][rows].sum())
                row[2] += sum_fen(change[changed][first:last][rows])
        lines = [Reason(k[0], k[1], *counts) for k, counts in sums.items()]
        return Reasons(tuple(sorted(lines, key=lambda line: (-line.households, line.causes, line.schemes))))

    def _internal(self, column: Array) -> Array:
        order = self.before.population.household_order
        return column if order is None else column[order]

    def text(self) -> str:
        """Write who gains, who loses, what it costs and what it stands on."""
        head, rows = self._outcomes()
        return "\n".join([*self._told(), text_table(head, rows, numbers=[1, 2, 3]), *self._cost()])

    def _outcomes(self) -> tuple[list[str], list[list[str]]]:
        one = self.overall
        open_ones = UNKNOWN if one.not_known else "-"
        rows = [
            ("gain", one.gainers, one.gainers_persons, yuan_text(one.gains)),
            ("lose", one.losers, one.losers_persons, yuan_text(-one.losses)),
            ("unchanged", one.unchanged, one.unchanged_persons, yuan_text(0)),
            (UNKNOWN, one.not_known, one.not_known_persons, open_ones),
        ]
        head = ["", "households", "persons", "yuan a month"]
        return head, [[name, f"{households:,}", f"{persons:,}", fen] for name, households, persons, fen in rows]

    def _told(self) -> list[str]:
        days = dict.fromkeys(str(one.on) for one in (self.before, self.after))
        people = self.before.population
        counts = f"{people.households:,} households, {people.persons:,} persons"
        reform = [f"reform: {note}" for note in self.changes]
        return [f"{self.rule.name} compared, {' and '.join(days)}: {counts}", *reform]

    def _cost(self) -> list[str]:
        so_far = f" (so far {yuan_text(self.gains - self.losses)} a month)" if self.overall.not_known else ""
        lines = [f"cost: {fen_text(self.cost_a_month)} yuan a month, {fen_text(self.cost_a_year)} a year{so_far}"]
        if self.assumed:
            lines.append(f"Stands on ASSUMED values, which nobody has published: {listed(self.assumed)}")
        return lines

    def to_dict(self) -> dict[str, object]:
        """What the text says as plain data, with the schemes; money in fen, ``None`` where not known."""
        return {
            "rule": self.rule.name,
            "on": [str(one.on) for one in (self.before, self.after)],
            "changes": list(self.changes),
            "overall": attrs.asdict(self.overall),
            "cost_a_month": self.cost_a_month,
            "cost_a_year": self.cost_a_year,
            "schemes": [attrs.asdict(one) | {"change": one.change} for one in self.schemes],
            "assumed": list(self.assumed),
        }

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        told, cost = ("".join(f"<p>{escape(line)}</p>" for line in lines) for lines in (self._told(), self._cost()))
        return told + html_table(*self._outcomes()) + cost


def _family(assessment: Assessment, household: str | int) -> Population:
    people = assessment.population
    if isinstance(household, str):
        at = people.find(household)
    elif 0 <= household < people.households:
        order = people.household_order
        at = household if order is None else int(np.flatnonzero(order == household)[0])
    else:
        msg = f"there are {people.households} households; the first has position 0"
        raise UsageError(msg)
    return people.part(at, at + 1)


def _together(
    origins: Mapping[str, Flags], schemes: Mapping[str, Flags], households: int
) -> dict[tuple[tuple[str, ...], tuple[str, ...]], NDArray[np.intp]]:
    """Part households by the set of causes that reach them and the set of schemes that change for them."""
    names = [*origins, *schemes]
    table = np.array([*origins.values(), *schemes.values()], bool).reshape(len(names), households).T
    sets, back = np.unique(table, axis=0, return_inverse=True)
    found = {}
    for k, chosen in enumerate(sets):
        held = [name for name, is_in in zip(names, chosen, strict=True) if is_in]
        key = tuple(sorted(held[: int(chosen[: len(origins)].sum())])), tuple(held[int(chosen[: len(origins)].sum()) :])
        found[key] = np.flatnonzero(back.ravel() == k)
    return found
