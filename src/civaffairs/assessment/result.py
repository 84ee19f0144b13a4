"""The result of an assessment, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import numpy as np

from civaffairs.assessment.gaps import Gaps, gaps
from civaffairs.assessment.standing import Standings, standings
from civaffairs.assessment.tabular import html_table
from civaffairs.assessment.totals import Totals, summary, totals
from civaffairs.errors import NotAssessed, Problems, UsageError, did_you_mean, is_a, listed
from civaffairs.people.border import Rejects
from civaffairs.people.columns import Level
from civaffairs.people.population import Array, Population
from civaffairs.rules.explain import Explanation, Language, explain, language_of
from civaffairs.rules.plan import Plan, Run
from civaffairs.rules.rule import AnyRule, Rule
from civaffairs.rules.rulebook import Rulebook, Scheme, Unavailable

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

T = TypeVar("T")
OLDEST = 130


@attrs.frozen(eq=False)
class Column:
    """One rule's results, with what of them is known.

    Attributes
    ----------
    values
        One a person or household, in the order of the caller's table; 0 where not known.
    known
        Which are known.
    """

    values: Array
    known: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @property
    def masked(self) -> np.ma.MaskedArray[Any, Any]:
        """The values with those not known masked."""
        return np.ma.MaskedArray(self.values, mask=~self.known)


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Assessment:
    """Who is owed what on a day, and what that stands on.

    Attributes
    ----------
    on, known
        The day, and the day whose knowledge was used (``None``: all that is loaded).
    rulebook
        The rules and values.
    population
        Whom it was assessed for.
    rejected
        What was set aside, and why.
    rows_in, rows_set_aside
        Rows of the table, and how many of them were set aside.
    notes
        What was done to read the table.
    """

    on: date
    known: date | None
    rulebook: Rulebook
    schemes: tuple[Scheme, ...]
    plan: Plan
    unavailable: tuple[Unavailable, ...]
    population: Population
    run: Run
    rejected: Problems
    rejects: Rejects | None
    rows_in: int
    notes: tuple[str, ...] = ()

    @property
    def rows_set_aside(self) -> int:
        """Rows of the caller's table that were not assessed because something in their household cannot be right."""
        return self.rows_in - self.population.persons

    def column(self, rule: Rule[Any, Any]) -> Column:
        """Return one rule's results together with what of them is known.

        Parameters
        ----------
        rule
            A rule of the schemes assessed, or one named in ``keep``.

        Raises
        ------
        UsageError
            If the rule was not kept.
        """
        if not is_a(rule, Rule):
            names = {step.rule.name for step in self.plan.steps}
            msg = f"results are asked for by rule, as result[dibao.dibao_amount], not by {rule!r}"
            raise UsageError(msg + did_you_mean(str(rule), names))
        if rule.name not in self.run.columns:
            kept = ", ".join(self.run.columns)
            why = next((missing.reason for missing in self.unavailable), "")
            msg = f"{rule.name} was not kept; ask for it with keep=. Kept: {kept or 'nothing'}" + (
                f". {why}" if why else ""
            )
            raise UsageError(msg)
        values = self.population.in_callers_order(self.run.values(rule.name), rule.level)
        causes = self.run.unknown(rule.name, rule.level)
        if causes is None:
            return Column(values, np.ones(len(values), bool))
        return Column(values, self.population.in_callers_order(causes == 0, rule.level))

    def __getitem__(self, rule: Rule[Any, T]) -> T:
        """Return one rule's results, one a person or household in the order of the caller's table.

        Raises
        ------
        NotAssessed
            If any of them is not known; `column` tells which.
        """
        column = self.column(rule)
        if not column.known.all():
            causes = listed(dict.fromkeys(f"{gap.cause} ({gap.reason})" for gap in self._gaps_of(rule)))
            msg = (
                f"{rule.name} is not known for {int((~column.known).sum()):,} of {len(column.known):,}: {causes}; "
                f"use column() for those that are known, or not_assessed for the reasons"
            )
            raise NotAssessed(msg)
        return column.values  # type: ignore[return-value]

    def _gaps_of(self, rule: AnyRule) -> Sequence[Any]:
        names = {
            s.name for s in self.schemes if rule.name in {r.name for r in (*s.targets, s.payable) if r is not None}
        }
        return [gap for gap in self.not_assessed if not names or gap.scheme in names]

    @cached_property
    def not_assessed(self) -> Gaps:
        """Which schemes could not be assessed, for whom, and because of what."""
        return gaps(self.plan, self.run, self.schemes, self.unavailable)

    @cached_property
    def standing(self) -> Standings:
        """What the result stands on."""
        return standings(self.plan, self.population)

    @cached_property
    def totals(self) -> Totals:
        """Sums by scheme."""
        return totals(self.run, self.schemes)

    def explain(
        self,
        household: str | int = 0,
        rule: AnyRule | None = None,
        *,
        person: str | None = None,
        language: Language | str = Language.ENGLISH,
    ) -> Explanation:
        """Tell why one household gets what it gets.

        Parameters
        ----------
        household
            Its key, or its position in the caller's table.
        rule
            What to explain; by default everything payable to the household, or else the first scheme's amount.
        person
            Key of a person, to tell only that person's numbers.
        language
            English or Chinese.

        Raises
        ------
        UsageError
            If there is no such household, or the rule is not part of this assessment.
        """
        at = self.population.find(household) if isinstance(household, str) else self._position(household)
        family = self.population.part(at, at + 1)
        if person is not None and person not in family.person["person_id"].tolist():
            msg = "no member of the household has that key; keys are compared as they are written"
            raise UsageError(msg)
        target = self._to_explain(rule)
        if all(step.rule.name != target for step in self.plan.steps):
            msg = f"{target} is not part of this assessment; assess its scheme, or name it in keep="
            raise UsageError(msg)
        return explain(self.plan, family, target, language=language_of(language), person=person)

    def _position(self, household: int) -> int:
        if not 0 <= household < self.population.households:
            msg = f"there are {self.population.households} households; the first has position 0"
            raise UsageError(msg)
        order = self.population.household_order
        return household if order is None else int(np.flatnonzero(order == household)[0])

    def _to_explain(self, rule: AnyRule | None) -> str:
        if rule is not None:
            return rule.name
        steps = {step.rule.name for step in self.plan.steps}
        if "household_payable" in steps:
            return "household_payable"
        first = next((s for s in self.schemes if s.verdict.name in steps), None)
        if first is None:
            msg = f"nothing was assessed on {self.on}: {listed(u.reason for u in self.unavailable)}"
            raise UsageError(msg)
        paid = next((r for r in (first.payable, first.amount) if r is not None and r.name in steps), first.verdict)
        return paid.name

    def _table(self, level: Level, keys: Sequence[str]) -> dict[str, Array]:
        people = self.population
        table: dict[str, Array] = {}
        for key in keys:
            if key in people.person and level is Level.PERSON:
                table[key] = people.in_callers_order(people.person[key], level)
            else:
                column = people.household[key]
                spread = column[people.index] if level is Level.PERSON else column
                table[key] = people.in_callers_order(spread, level)
        for step in self.plan.steps:
            if step.rule.name in self.run.columns and step.rule.level is level:
                table[step.rule.name] = self.column(step.rule).masked
        return table

    def persons_table(self) -> dict[str, Array]:
        """Results of persons as columns, masked where not known; money in fen."""
        return self._table(Level.PERSON, ("household_id", "person_id"))

    def households_table(self) -> dict[str, Array]:
        """Results of households as columns, masked where not known; money in fen."""
        return self._table(Level.HOUSEHOLD, ("household_id",))

    def money_columns(self) -> tuple[str, ...]:
        """Names of the result columns that are fen a month."""
        return tuple(step.rule.name for step in self.plan.steps if step.rule.gives == "Fen")

    def to_arrow(self, level: Level = Level.PERSON) -> pyarrow.Table:
        """Results as an Arrow table, null where not known; money in fen, as whole numbers."""
        from civaffairs.tables.frames import extra

        arrow = extra("pyarrow")
        columns = self.persons_table() if level is Level.PERSON else self.households_table()
        return arrow.table(
            {
                name: arrow.array(
                    np.ma.getdata(column), mask=np.ma.getmaskarray(column) if np.ma.isMaskedArray(column) else None
                )
                for name, column in columns.items()
            }
        )

    def to_pandas(self, level: Level = Level.PERSON) -> pandas.DataFrame:
        """Results as a pandas frame whose whole numbers stay whole beside nulls."""
        from civaffairs.tables.frames import extra

        library = extra("pandas")
        types = {"int64": library.Int64Dtype(), "bool": library.BooleanDtype()}
        return self.to_arrow(level).to_pandas(types_mapper=lambda kind: types.get(str(kind)))

    def to_polars(self, level: Level = Level.PERSON) -> polars.DataFrame:
        """Results as a polars frame."""
        from civaffairs.tables.frames import extra

        frame: polars.DataFrame = extra("polars").from_arrow(self.to_arrow(level))
        return frame

    def summary(self, language: Language | str = Language.ENGLISH) -> str:
        """Write totals, what was not assessed, and what was set aside, as text."""
        return summary(
            self.totals,
            on=self.on,
            known=self.known,
            households=self.population.households,
            persons=self.population.persons,
            rows_set_aside=self.rows_set_aside,
            assumed=self.standing.assumed,
            language=language_of(language),
        )

    def __repr__(self) -> str:
        gap = len(self.not_assessed.by_cause())
        tail = f"\n{gap} causes of something not assessed: see .not_assessed" if gap else ""
        return self.summary() + tail

    def _repr_html_(self) -> str:
        rows = [[t.title, *t.cells()] for t in self.totals.values()]
        table = html_table(
            ["scheme", "persons", "households", "yuan a month", "assessed so far", "persons not assessed"], rows
        )
        assumed = "<p><b>This result stands on assumed values.</b></p>" if self.standing.assumed else ""
        people = self.population
        counts = f"{people.households:,} households, {people.persons:,} persons; {self.rows_set_aside:,} rows set aside"
        head = f"<p>{self.on}: {counts}</p>"
        return head + assumed + table
