"""A plan: the rules in force on one day, in order; and its run over a population, block by block."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cached_property, lru_cache

import attrs
import numpy as np

from civaffairs.law.parameters import Parameter
from civaffairs.people.columns import Column, Level
from civaffairs.people.population import Array, Population
from civaffairs.rules.layout import Block, Causes, IndexLayout, Layout
from civaffairs.rules.operations import BLOCK, Assignment, Operand, cause_of
from civaffairs.rules.prepare import Prepared, Root, look_up, place_text, plan_value, prepare, type_of
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.values import Day

__all__ = ["Plan", "Root", "Run", "Step", "look_up", "place_text", "plan_value"]

ONE_THREAD_BLOCK, TWO_THREAD_BLOCK, THREADS_FROM = 1 << 16, 1 << 17, 500_000
MANY_PERSONS = 20_000


@attrs.frozen(eq=False)
class Step:
    """One rule in its place: its arguments, and which of them are a household's value brought down to members."""

    rule: AnyRule
    arguments: tuple[tuple[str, bool], ...]
    flag: tuple[str, bool] | None


@attrs.frozen(eq=False)
class Run:
    """What a plan gave: columns in the order of the population, and what in them is not known.

    Attributes
    ----------
    population
        Whom it was worked out for.
    columns
        The kept columns, by rule name.
    causes
        For a column some value of which is not known, a bit for each root that keeps it from being known.
    roots
        By rule name, what the bits of its causes stand for.
    layout
        The order the columns are kept in.
    """

    population: Population
    columns: Mapping[str, Array]
    causes: Mapping[str, Array]
    roots: Mapping[str, tuple[Root, ...]]
    layout: Layout

    def values(self, name: str) -> Array:
        """Return a kept column, one value a person or household; 0 where it is not known."""
        level = Level.PERSON if len(self.columns[name]) == self.population.persons else Level.HOUSEHOLD
        return self.layout.restore(self.columns[name], level)

    def unknown(self, name: str, level: Level) -> Causes | None:
        """Return the roots that keep values of a column from being known, or ``None`` if all are known."""
        causes = self.causes.get(name)
        if causes is None or not causes.any():
            return None
        return self.layout.restore(causes, level).astype(np.uint64, copy=False)


@attrs.frozen(eq=False)
class Plan:
    """The rules in force on a day as known on another, in the order in which they are worked out.

    Attributes
    ----------
    day
        The day, with the conventions for ages.
    known
        The day whose knowledge is used, or ``None`` for all that is loaded.
    steps
        The rules.
    levels
        The level of every name.
    inputs
        Columns that the rules read.
    parameters
        Values that the rules read.
    keep
        Names whose columns a run keeps.
    """

    day: Day
    known: date | None
    steps: tuple[Step, ...]
    levels: Mapping[str, Level]
    inputs: Mapping[str, Column]
    parameters: Mapping[str, Parameter]
    keep: tuple[str, ...]

    @cached_property
    def rules(self) -> Mapping[str, AnyRule]:
        """The rules by name."""
        return {step.rule.name: step.rule for step in self.steps}

    def run(
        self,
        population: Population,
        *,
        threads: int | None = None,
        layout: Layout | None = None,
        keep: Sequence[str] = (),
        out: Mapping[str, Array] | None = None,
    ) -> Run:
        """Work out every rule for every household.

        Parameters
        ----------
        population
            Persons and households.
        threads
            How many; by default two from half a million persons on, where there are two processors.
        layout
            A layout kept from an earlier run, for a population assessed again and again.
        keep
            Names of rules to keep beside the plan's own.
        out
            Columns to write results into, by rule name.

        Returns
        -------
        Run
            The kept columns.
        """
        threads = threads or (min(2, os.cpu_count() or 1) if population.persons >= THREADS_FROM else 1)
        layout = layout or IndexLayout(population, ONE_THREAD_BLOCK if threads == 1 else TWO_THREAD_BLOCK)
        kept = tuple(name for name in dict.fromkeys((*self.keep, *keep)) if name in self.rules)
        size = {Level.PERSON: population.persons, Level.HOUSEHOLD: population.households}
        columns = {
            name: out[name] if out and name in out else np.empty(size[self.levels[name]], type_of(self.rules[name]))
            for name in kept
        }
        if population.persons > MANY_PERSONS:
            # glibc maps and faults anew every large temporary until it has seen one as large as this freed.
            warm = np.empty(30 << 20, np.uint8)
            del warm
        causes: dict[str, Array] = {}
        roots: dict[str, tuple[Root, ...]] = {}
        for names, ready in self._ready(population, kept):
            open_rows = {
                name: np.zeros(len(columns[name]), ready.cause_type) for name in names if name in ready.doubtful
            }
            self._work(ready, layout, threads, names, columns, open_rows, population)
            causes |= open_rows
            roots |= dict.fromkeys(names, ready.roots)
        return Run(population, columns, causes, roots, layout)

    def _ready(self, population: Population, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Prepared]]:
        """Prepare all at once, or in parts where more is not known than there are bits for."""
        ready = prepare(self, population, names)
        if not ready.crowded or len(names) == 1:
            yield names, ready
            return
        for part in (names[: len(names) // 2], names[len(names) // 2 :]):
            yield from _restricted(self, part)._ready(population, part)

    def _work(
        self,
        ready: Prepared,
        layout: Layout,
        threads: int,
        names: Sequence[str],
        columns: Mapping[str, Array],
        causes: Mapping[str, Array],
        population: Population,
    ) -> None:
        """Work the assignments out block by block, into the columns."""
        sources = [(key, layout.arrange(column, level), level) for key, column, level in ready.columns(population)]
        into = [(name, cause_of(name), self.levels[name], columns[name], causes.get(name)) for name in names]

        def work(block: Block) -> None:
            have = dict(ready.constants)
            have[BLOCK] = block
            for key, column, level in sources:
                have[key] = block.column(column, level)
            _work_out(ready.program, have)
            for name, cause_key, level, column, open_rows in into:
                value = have[name]
                if open_rows is not None:
                    cause = have[cause_key]
                    if isinstance(cause, np.ndarray) or cause:
                        block.store(cause, open_rows, level)
                        value = np.where(cause == 0, value, column.dtype.type(0))
                block.store(value, column, level)

        if threads == 1:
            for block in layout.blocks():
                work(block)
        else:
            with ThreadPoolExecutor(threads) as pool:
                for _ in pool.map(work, layout.blocks()):
                    pass


@lru_cache(maxsize=256)
def _restricted(plan: Plan, names: tuple[str, ...]) -> Plan:
    """Leave out of a plan the steps that some rules do not need."""
    needed, read = set(names), set[str]()
    steps: list[Step] = []
    for step in reversed(plan.steps):
        if step.rule.name in needed:
            needed.update(step.rule.needs)
            read.update(step.rule.needs)
            steps.append(step)
    return attrs.evolve(
        plan,
        steps=tuple(reversed(steps)),
        inputs={name: column for name, column in plan.inputs.items() if name in read},
        parameters={name: parameter for name, parameter in plan.parameters.items() if name in read},
        keep=names,
    )


def _work_out(program: Iterable[Assignment], have: dict[str, Operand]) -> None:
    """Make the assignments one after another, and let go of each value after its last use."""
    for made in program:
        have[made.key] = made.function(*[have[key] for key in made.arguments])
        for key in made.done_with:
            del have[key]
