"""Why two runs differ: from an amount down to the rules, values and facts that are not the same in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import attrs
import numpy as np

from civaffairs.law.lookup import Found
from civaffairs.law.timeline import Standing
from civaffairs.money import yuan_text
from civaffairs.people.columns import Level
from civaffairs.people.population import Population
from civaffairs.research.difference import Difference
from civaffairs.rules.explain import explain
from civaffairs.rules.explanation import Node
from civaffairs.rules.plan import Plan, Run, plan_value
from civaffairs.rules.rule import DAY, AnyRule, Operation, Unit
from civaffairs.rules.values import COMMON_MONTHS, Flags

Reached: TypeAlias = dict[str, Flags]
"""For each name, which persons or households of its level the difference runs through."""


@attrs.frozen(eq=False, slots=False)
class TwoRuns:
    """The same households run by two plans, or two versions of their facts run by one.

    Attributes
    ----------
    before, after
        The plans.
    was, now
        The populations: the same persons in the same order.
    """

    before: Plan
    was: Population
    after: Plan
    now: Population

    @cached_property
    def _runs(self) -> tuple[Run, Run]:
        old = self.before.run(self.was, keep=tuple(self.before.rules))
        return old, self.after.run(self.now, keep=tuple(self.after.rules))

    @cached_property
    def _found(self) -> dict[str, Flags | None]:
        return {}

    def replaced(self, name: str) -> bool:
        """Whether a rule of both plans is worked out in another way."""
        old, new = self.before.rules[name], self.after.rules[name]
        return not _same_arithmetic(old, new)

    def differs(self, name: str) -> Flags | None:
        """Tell for whom a fact, value or result is not the same, or ``None`` where only one plan has it."""
        if name not in self._found:
            self._found[name] = self._differs(name)
        return self._found[name]

    def _differs(self, name: str) -> Flags | None:
        old, new = self.before, self.after
        if name in old.rules and name in new.rules and old.levels[name] is new.levels[name]:
            level = new.levels[name]
            known = [_known(run, name, level) for run in self._runs]
            values = [run.values(name) for run in self._runs]
            return np.asarray((known[0] != known[1]) | (values[0] != values[1]))
        if name in old.parameters and name in new.parameters:
            return self._value_differs(name)
        if name in old.inputs and name in new.inputs:
            return self._fact_differs(name)
        return None

    def _value_differs(self, name: str) -> Flags:
        """Look each place's value up in both rulebooks."""
        by, level = self.after.parameters[name].by, self.after.levels[name]
        if self.now.column(by) is None:
            return np.zeros(_size(self.now, level), bool)
        codes, back = self.now.places(by)
        there = np.array([self._value(self.before, name, c) != self._value(self.after, name, c) for c in codes], bool)
        return there[back]

    @staticmethod
    def _value(plan: Plan, name: str, place: int) -> object:
        found = plan_value(plan, plan.parameters[name], int(place))
        return found.value if isinstance(found, Found) else None

    def _fact_differs(self, name: str) -> Flags:
        size = _size(self.now, self.after.inputs[name].level)
        sides = []
        for people in (self.was, self.now):
            column = people.column(name)
            stated = people.stated.get(name, np.full(size, column is not None))
            sides.append((np.zeros(size, bool) if column is None else column, stated))
        (old, told), (new, tells) = sides
        return np.asarray((told != tells) | (told & tells & (old != new)))

    def reached(self, target: str, rows: Flags) -> Reached:
        """Follow a difference down from a rule.

        Parameters
        ----------
        target
            Name of the rule.
        rows
            For whom to follow it, of the rule's level.

        Returns
        -------
        dict
            Every name the difference runs through, the target first, with whom it does so for.
        """
        found: Reached = {}
        self._reach(target, rows, found)
        return found

    def _reach(self, name: str, rows: Flags, found: Reached) -> None:
        new = rows & ~found[name] if name in found else rows
        if not new.any():
            return
        found[name] = found[name] | new if name in found else new
        for child, through in self.children(name, new):
            self._reach(child, through, found)

    def children(self, name: str, rows: Flags) -> Iterator[tuple[str, Flags]]:
        """Yield what a rule's difference comes from, for the rows in which it differs."""
        if name not in self.after.rules or name not in self.before.rules:
            return
        old, new = self.before.rules[name], self.after.rules[name]
        flag = new.only_where if new.only_where == old.only_where else None
        opened = None if flag is None else self.differs(flag)
        for need in dict.fromkeys((*old.needs, *new.needs)):
            differs = None if need == DAY else self.differs(need)
            if differs is None or not differs.any():
                continue
            level, deciding = self.after.levels[need], rows
            if opened is not None and need != flag and new.operation is not Operation.TOTAL:
                deciding = deciding & ~self._at(opened, new.level)  # a flag that goes up or down explains it all
            if new.operation is Operation.SETTLED and need != new.arguments[1]:
                deciding = deciding & ~self._passed_on(new)
            if new.operation is Operation.APPORTION:
                deciding = self._joined(deciding)  # the shares of a household hang together
            through = self._at(deciding, level) & differs
            if opened is not None and need != flag and new.operation is Operation.TOTAL:
                through = through & self._flag(flag) & ~opened  # of the members who are added up
            if through.any():
                yield need, through

    def _flag(self, name: str | None) -> Flags:
        run = self._runs[1]
        column = run.values(str(name)) if name in run.columns else self.now.column(str(name))
        return np.asarray(column, bool)

    def _passed_on(self, rule: AnyRule) -> Flags:
        """Tell where what is left beside another benefit is the whole amount, before and after."""
        amount = rule.arguments[1]
        passed = np.ones(self.now.persons, bool)
        for run, people in zip(self._runs, (self.was, self.now), strict=True):
            passed &= run.values(rule.name) == (run.values(amount) if amount in run.columns else people.column(amount))
        return passed

    def _at(self, rows: Flags, level: Level) -> Flags:
        """Bring rows to a level: down to every member, up if it holds of any."""
        if len(rows) == _size(self.now, level):
            return rows
        return np.asarray(rows[self.now.index]) if level is Level.PERSON else self._joined(rows)

    def _joined(self, persons: Flags) -> Flags:
        return np.asarray(np.logical_or.reduceat(persons, self.now.starts))

    def origins(self, target: str) -> Reached:
        """Name where the difference comes from: changed facts and values, replaced rules, else another day or reading.

        Parameters
        ----------
        target
            Name of the rule whose difference is followed.

        Returns
        -------
        dict
            For each origin, by name, which households it reaches.
        """
        differs = self.differs(target)
        if differs is None:
            return {}
        found: Reached = {}
        for name, through in self.reached(target, differs).items():
            if name not in self.after.rules or name not in self.before.rules or self.replaced(name):
                found[name] = self._at(through, Level.HOUSEHOLD)
                continue
            explained = np.zeros(self.now.households, bool)
            for _, down in self.children(name, through):
                explained |= self._at(down, Level.HOUSEHOLD)
            left = self._at(through, Level.HOUSEHOLD) & ~explained
            if left.any():
                found[name] = left
        return found

    def why(self, target: str) -> Difference | None:
        """Tell why a rule's result differs in a pair of one household, or ``None`` where it does not."""
        differs = self.differs(target)
        if differs is None or not differs.any():
            return None
        tellers = (_Teller.of(self.before, self.was, target), _Teller.of(self.after, self.now, target))
        return self._told(target, differs, tellers, set())

    def _told(self, name: str, rows: Flags, tellers: tuple[_Teller, _Teller], told: set[str]) -> Difference:
        children = list(self.children(name, rows))
        rule = self.after.rules.get(name)
        if rule is not None and rule.operation is Operation.SETTLED and [c for c, _ in children] == [rule.arguments[1]]:
            return self._told(children[0][0], children[0][1], tellers, told)
        old, new = (teller.node(name) for teller in tellers)
        repeated = name in told
        told.add(name)
        because = () if repeated else tuple(self._told(child, down, tellers, told) for child, down in children)
        notes = tuple(note for note in new.notes if note != Standing.ASSUMED.value)  # its reason says so
        if rule is not None and self.replaced(name):
            notes = (f"rule replaced: {rule.meaning}",)
        elif rule is not None and not children:
            days = f"{self.before.day.on} and {self.after.day.on}"
            notes = ("other conventions",) if self.before.day.on == self.after.day.on else (f"the days: {days}",)
        at = np.flatnonzero(rows).tolist() if new.persons else [0]
        before, after = self._texts(name, old, new)
        return Difference(
            name=name,
            source=new.source,
            meaning=new.meaning,
            label_zh=new.label_zh,
            persons=tuple(new.persons[k] for k in at) if new.persons else (),
            before=tuple(before[k] for k in at),
            after=tuple(after[k] for k in at),
            notes=notes,
            because=because,
            repeated=repeated,
        )

    def _texts(self, name: str, old: Node, new: Node) -> tuple[Sequence[str], Sequence[str]]:
        """Write both sides of a sum that is neither by the month nor by the year in the same unit."""
        if name not in self.after.rules or self.after.rules[name].unit is not Unit.FEN_COMMON:
            return old.values, new.values
        by_year = any(text.endswith("/year") for text in (*old.values, *new.values))
        sides = []
        for node, run in zip((old, new), self._runs, strict=True):
            sums = zip(node.values, run.values(name).tolist(), strict=True)
            sides.append([_by_year(fen) if by_year and "yuan" in text else text for text, fen in sums])
        return sides[0], sides[1]


@attrs.frozen(eq=False)
class _Teller:
    """One side's explanation by name; what it left out because it decided nothing is told when asked for."""

    plan: Plan
    family: Population
    nodes: dict[str, Node]

    @classmethod
    def of(cls, plan: Plan, family: Population, target: str) -> _Teller:
        return cls(plan, family, {node.name: node for node in explain(plan, family, target).tree.walk()})

    def node(self, name: str) -> Node:
        if name not in self.nodes:
            self.nodes[name] = explain(self.plan, self.family, name).tree
        return self.nodes[name]


def _by_year(fen: int) -> str:
    return f"{yuan_text(Fraction(fen * 12, COMMON_MONTHS))} yuan/year"


def _size(people: Population, level: Level) -> int:
    return people.persons if level is Level.PERSON else people.households


def _known(run: Run, name: str, level: Level) -> Flags:
    causes = run.unknown(name, level)
    return np.ones(len(run.values(name)), bool) if causes is None else np.asarray(causes == 0)


def _same_arithmetic(old: AnyRule, new: AnyRule) -> bool:
    """Tell whether two versions differ in their article and wording only; in doubt they are two."""
    if old is new:
        return True
    alike = (old.operation, old.needs, old.only_where) == (new.operation, new.needs, new.only_where)
    if old.operation not in {Operation.ROWWISE, Operation.SETTLED} or not alike:
        return alike
    return _code(old) == _code(new)


def _code(rule: AnyRule) -> tuple[object, ...]:
    function = rule.function
    code = getattr(function, "__code__", None)
    if code is None:
        return (function,)
    constants = tuple(constant for constant in code.co_consts if constant != function.__doc__)
    cells = tuple(cell.cell_contents for cell in getattr(function, "__closure__", None) or ())
    return (function.__module__, code.co_code, constants, code.co_names, cells)
