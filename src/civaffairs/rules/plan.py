"""A plan: the rules in force on one day, in order; and its run over a population, block by block."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import lru_cache
from typing import Any

import attrs
import numpy as np

from civaffairs.law.parameters import Found, Parameter
from civaffairs.law.timeline import NotPublished
from civaffairs.law.values import Basis, ValueKind
from civaffairs.people.columns import Column, Kind, Level
from civaffairs.people.person import DisabilityKind
from civaffairs.people.population import Array, Population
from civaffairs.rules.layout import Block, Causes, DenseLayout, IndexLayout, Layout
from civaffairs.rules.rule import DAY, AnyRule, Operation
from civaffairs.rules.values import Classes, Conventions, Day, Rate, Scale

ONE_THREAD_BLOCK, TWO_THREAD_BLOCK, THREADS_FROM = 1 << 16, 1 << 17, 500_000
MOST_ROOTS = 62
_NOTHING = np.uint64(0)


@attrs.frozen
class Root:
    """Something not known, from which other things are not known."""

    name: str
    disagreement: bool = False


@attrs.frozen(eq=False)
class Step:
    """One rule in its place: where its arguments come from, and which columns nobody needs after it."""

    rule: AnyRule
    arguments: tuple[tuple[str, bool], ...]
    flag: tuple[str, bool] | None
    level_of_members: bool
    done_with: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Run:
    """What a plan gave: columns in the order of the population, and what in them is not known."""

    population: Population
    columns: Mapping[str, Array]
    causes: Mapping[str, Causes]
    roots: tuple[Root, ...]
    layout: Layout

    def values(self, name: str) -> Array:
        """Return a kept column, one value a person or household; 0 where it is not known."""
        level = Level.PERSON if len(self.columns[name]) == self.population.persons else Level.HOUSEHOLD
        return self.layout.restore(self.columns[name], level)

    def unknown(self, name: str, level: Level) -> Causes | None:
        """Return the roots that keep values of a column from being known, or ``None`` if all are known."""
        causes = self.causes.get(name)
        return None if causes is None or not causes.any() else self.layout.restore(causes, level)


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
        names = dict.fromkeys((*self.keep, *keep))
        ready = _Ready.of(self, population, layout)
        size = {Level.PERSON: population.persons, Level.HOUSEHOLD: population.households}
        by_name = {step.rule.name: step.rule for step in self.steps}
        columns = {
            name: out[name] if out and name in out else np.empty(size[self.levels[name]], _dtype(by_name[name]))
            for name in names
            if name in by_name
        }
        doubtful = ready.doubtful(self.steps)
        causes = {name: np.zeros(size[self.levels[name]], np.uint64) for name in columns if name in doubtful}
        kept_only = frozenset(columns)

        def work(block: Block) -> None:
            have, why = _work_out(self, ready, block, kept_only)
            for name, column in columns.items():
                level = self.levels[name]
                value = have[name]
                if name in causes and name in why:
                    block.store(why[name], causes[name], level)
                    value = np.where(np.asarray(why[name]) == _NOTHING, value, _zero(value))
                block.store(value, column, level)

        if population.persons > 20_000:
            # glibc maps and faults anew every large temporary until it has seen one as large as this freed.
            warm = np.empty(30 << 20, np.uint8)
            del warm
        if threads == 1:
            for block in layout.blocks():
                work(block)
        else:
            with ThreadPoolExecutor(threads) as pool:
                for _ in pool.map(work, layout.blocks()):
                    pass
        return Run(population, columns, causes, ready.roots, layout)


def _zero(value: Any) -> Any:  # noqa: ANN401
    return np.asarray(value).dtype.type(0)


def _dtype(rule: AnyRule) -> type[np.generic]:
    return {"Flags": np.bool_, "Codes": np.int8}.get(rule.gives, np.int64)


@lru_cache(maxsize=65536)
def look_up(parameter: Parameter, place: str, on: date, known: date | None) -> Found | NotPublished:
    """Look a parameter up, and return rather than raise what keeps it from being known."""
    try:
        return parameter.at(place, on, known)
    except NotPublished as missing:
        return missing


def place_text(code: int) -> str:
    """Write a division code from a column as text; an empty string where it is not stated."""
    return "" if code < 0 else f"{code:06d}"


_STACKED: dict[ValueKind, Any] = {ValueKind.RATIO: Rate, ValueKind.SCALE: Scale, ValueKind.CLASSES: Classes}
_STAND_IN: dict[ValueKind, Any] = {ValueKind.RATIO: 1, ValueKind.SCALE: (True, ((0, 0),)), ValueKind.CLASSES: frozenset()}
_TYPES: dict[ValueKind, type[np.generic]] = {ValueKind.FLAG: np.bool_, ValueKind.CHOICE: np.int8}


def rule_value(parameter: Parameter, value: Any) -> Any:  # noqa: ANN401 -- a parameter's value is of its kind
    """Put a parameter's value into the form in which rules take it."""
    if parameter.kind is ValueKind.CHOICE:
        return parameter.choices.index(value)
    if parameter.kind is ValueKind.RATIO:
        return value
    if parameter.kind is ValueKind.SCALE:
        return value.basis is Basis.PERSON, tuple((step.threshold, step.value) for step in value.steps)
    if parameter.kind is ValueKind.CLASSES:
        every = [kind.number for kind in DisabilityKind if kind is not DisabilityKind.NONE]
        return frozenset(
            (number, grade)
            for kind, grade in value
            for number in (every if kind == "any" else [DisabilityKind(kind).number])
        )
    return value


@lru_cache(maxsize=4096)
def _resolved(plan: Plan, name: str, places: tuple[int, ...]) -> tuple[Any, tuple[bool, ...]]:
    """Stack a parameter's values for some places, and say for which it is known."""
    parameter = plan.parameters[name]
    found = [
        look_up(parameter, place_text(code), plan.day.on, plan.known) if code >= 0 else None for code in places
    ]
    values = [rule_value(parameter, f.value) if isinstance(f, Found) else None for f in found]
    known = tuple(value is not None for value in values)
    filled = [_STAND_IN.get(parameter.kind, 0) if value is None else value for value in values]
    if parameter.kind in _STACKED:
        return _STACKED[parameter.kind].stacked(filled), known
    return np.array(filled, _TYPES.get(parameter.kind, np.int64)), known


@attrs.frozen(eq=False)
class _Ready:
    """A plan's inputs and parameters laid out for one population."""

    columns: Mapping[str, tuple[Array, Level]]
    causes: Mapping[str, tuple[Causes, Level]]
    scalars: Mapping[str, Any]
    scalar_causes: Mapping[str, np.uint64]
    varied: Mapping[str, tuple[Any, Array, Level]]
    roots: tuple[Root, ...]
    bits: Mapping[str, np.uint64]

    @classmethod
    def of(cls, plan: Plan, population: Population, layout: Layout) -> _Ready:
        columns: dict[str, tuple[Array, Level]] = {}
        causes: dict[str, tuple[Causes, Level]] = {}
        scalars: dict[str, Any] = {DAY: plan.day}
        scalar_causes: dict[str, np.uint64] = {}
        varied: dict[str, tuple[Any, Array, Level]] = {}
        roots: list[Root] = []
        bits: dict[str, np.uint64] = {}

        def bit(name: str, disagreement: bool = False) -> np.uint64:
            if name not in bits:
                if len(roots) < MOST_ROOTS:
                    roots.append(Root(name, disagreement))
                elif len(roots) == MOST_ROOTS:
                    roots.append(Root("several others"))
                bits[name] = np.uint64(1) << np.uint64(len(roots) - 1)
            return bits[name]

        for step in plan.steps:
            if step.rule.operation is Operation.AGREED:
                bit(step.rule.name, disagreement=True)
        for name, column in plan.inputs.items():
            values = population.column(name)
            if values is None:
                scalars[name] = np.zeros((), _column_dtype(column))[()]
                scalar_causes[name] = bit(name)
                continue
            columns[name] = (layout.arrange(values, column.level), column.level)
            stated = population.stated.get(name)
            if stated is not None and not stated.all():
                unknown = np.where(stated, _NOTHING, bit(name))
                causes[name] = (layout.arrange(unknown, column.level), column.level)
        for name, parameter in plan.parameters.items():
            level = plan.levels[name]
            if population.column(parameter.by) is None:
                stacked, known = _resolved(plan, name, (-1,))
                scalars[name], scalar_causes[name] = _only(stacked), bit(name) | bit(parameter.by)
                continue
            codes, back = population.places(parameter.by)
            stacked, known = _resolved(plan, name, tuple(codes.tolist()))
            if len(set(known)) == 1 and (not known[0] or _uniform(stacked, len(codes))):
                scalars[name] = _only(stacked)
                if not known[0]:
                    scalar_causes[name] = bit(name)
                continue
            varied[name] = (stacked, layout.arrange(back, level), level)
            if not all(known):
                unstated = bit(parameter.by) if codes[0] < 0 else _NOTHING
                why = np.array([_NOTHING if ok else unstated if code < 0 else bit(name) for ok, code in zip(known, codes, strict=True)], np.uint64)
                causes[name] = (layout.arrange(why.take(back), level), level)
        return cls(columns, causes, scalars, scalar_causes, varied, tuple(roots), bits)

    def doubtful(self, steps: Sequence[Step]) -> set[str]:
        """Name everything that some unknown may reach."""
        names = {*self.causes, *self.scalar_causes}
        for step in steps:
            if step.rule.operation is Operation.AGREED or any(need in names for need in step.rule.needs):
                names.add(step.rule.name)
        return names


def _column_dtype(column: Column) -> type[np.generic]:
    return {Kind.FLAG: np.bool_, Kind.CHOICE: np.int8, Kind.DATE: np.int32, Kind.PLACE: np.int32}.get(column.kind, np.int64)


def _uniform(stacked: Any, places: int) -> bool:  # noqa: ANN401
    if places == 1:
        return True
    if isinstance(stacked, np.ndarray):
        return bool((stacked == stacked[0]).all())
    parts = [part for field in attrs.astuple(stacked, recurse=False) for part in (field if isinstance(field, tuple) else (field,))]
    return all(bool((part == part[0]).all()) for part in parts)


def _only(stacked: Any) -> Any:  # noqa: ANN401
    return stacked[0] if isinstance(stacked, np.ndarray) else stacked.pick(0)


def _work_out(
    plan: Plan, ready: _Ready, block: Block, kept: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Work out all rules for one block; return the columns and, where something is not known, the causes."""
    have: dict[str, Any] = dict(ready.scalars)
    why: dict[str, Any] = dict(ready.scalar_causes)
    for name, (column, level) in ready.columns.items():
        have[name] = block.column(column, level)
    for name, (column, level) in ready.causes.items():
        why[name] = block.column(column, level)
    for name, (stacked, back, level) in ready.varied.items():
        rows = block.column(back, level)
        have[name] = stacked[rows] if isinstance(stacked, np.ndarray) else stacked.pick(rows)
    projected: dict[str, Any] = {}

    def value(name: str, down: bool) -> Any:  # noqa: ANN401
        if not down:
            return have[name]
        if name not in projected:
            projected[name] = _project(block, have[name])
        return projected[name]

    def doubt(name: str, down: bool) -> Any:  # noqa: ANN401
        causes = why.get(name)
        return causes if causes is None or not down else _project(block, causes)

    for step in plan.steps:
        rule = step.rule
        arguments = [value(name, down) for name, down in step.arguments]
        doubts = [doubt(name, down) for name, down in step.arguments] if why else []
        flag = flag_doubt = None
        if step.flag is not None:
            flag, flag_doubt = value(*step.flag), doubt(*step.flag) if why else None
        result, cause = _OPERATIONS[rule.operation](rule, block, arguments, doubts, flag, flag_doubt, ready.bits)
        have[rule.name] = result
        if cause is not None:
            why[rule.name] = cause
        for name in step.done_with:
            if name not in kept:
                have.pop(name, None)
                why.pop(name, None)
            projected.pop(name, None)
    return have, why


def _project(block: Block, value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, np.ndarray):
        return block.project(value) if value.ndim else value
    if isinstance(value, Rate | Scale | Classes) and hasattr(block, "index"):
        sample = attrs.astuple(value, recurse=False)[0]
        sample = sample[0] if isinstance(sample, tuple) else sample
        varied = sample.ndim > (2 if isinstance(value, Classes) else 0)
        return value.pick(block.index) if varied else value
    return value


def _all_doubts(doubts: Sequence[Any]) -> Any:  # noqa: ANN401
    present = [doubt for doubt in doubts if doubt is not None]
    if not present:
        return None
    together = present[0]
    for doubt in present[1:]:
        together = together | doubt
    return together


def _only_where(result: Any, cause: Any, flag: Any, flag_doubt: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Outside the flag the result is a known nought."""
    if flag is None:
        return result, cause
    result = result & flag if np.asarray(result).dtype == bool else result * flag
    if cause is None and flag_doubt is None:
        return result, None
    cause = _NOTHING if cause is None else cause
    if flag_doubt is None:
        return result, np.where(flag, cause, _NOTHING)
    return result, np.where(flag, cause, _NOTHING) | flag_doubt


def _rowwise(rule: AnyRule, block: Block, arguments: Any, doubts: Any, flag: Any, flag_doubt: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    return _only_where(rule.function(*arguments), _all_doubts(doubts), flag, flag_doubt)


def _total(rule: AnyRule, block: Block, arguments: Any, doubts: Any, flag: Any, flag_doubt: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    column, cause = _only_where(arguments[0], _all_doubts(doubts), flag, flag_doubt)
    return block.total(column), None if cause is None else _up(block, cause)


def _up(block: Block, cause: Any) -> Any:  # noqa: ANN401
    return cause if np.ndim(cause) == 0 else block.causes(cause)


def _count(rule: AnyRule, block: Block, arguments: Any, doubts: Any, flag: Any, flag_doubt: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    cause = _all_doubts(doubts)
    return block.count(arguments[0]), None if cause is None else _up(block, cause)


def _any(rule: AnyRule, block: Block, arguments: Any, doubts: Any, flag: Any, flag_doubt: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    cause = _all_doubts(doubts)
    if cause is None:
        return block.any(arguments[0]), None
    found = block.any(arguments[0] & (cause == _NOTHING))
    return found, np.where(found, _NOTHING, _up(block, cause))


def _apportion(rule: AnyRule, block: Block, arguments: Any, doubts: Any, flag: Any, flag_doubt: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    amount, among = arguments[0], arguments[1] if len(arguments) > 1 else None
    cause = _all_doubts([_down(block, doubts[0]), *doubts[1:]]) if doubts else None
    if cause is not None and among is not None and (len(doubts) < 2 or doubts[1] is None):
        cause = np.where(among, cause, _NOTHING)
    return block.apportion(amount, among), cause


def _down(block: Block, cause: Any) -> Any:  # noqa: ANN401
    return cause if cause is None or np.ndim(cause) == 0 else block.project(cause)


def _either(rule: AnyRule, block: Block, arguments: Any, doubts: Any, flag: Any, flag_doubt: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    cause = _all_doubts(doubts)
    if cause is None:
        result = arguments[0]
        for argument in arguments[1:]:
            result = result | argument
        return result, None
    result = _sure(arguments[0], doubts[0])
    for argument, doubt in zip(arguments[1:], doubts[1:], strict=True):
        result = result | _sure(argument, doubt)
    return result, np.where(result, _NOTHING, cause)


def _sure(flag: Any, doubt: Any) -> Any:  # noqa: ANN401
    return flag if doubt is None else flag & (doubt == _NOTHING)


def _every(rule: AnyRule, block: Block, arguments: Any, doubts: Any, flag: Any, flag_doubt: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    cause = _all_doubts(doubts)
    if cause is None:
        result = arguments[0]
        for argument in arguments[1:]:
            result = result & argument
        return result, None
    failed = _sure(~arguments[0], doubts[0])
    for argument, doubt in zip(arguments[1:], doubts[1:], strict=True):
        failed = failed | _sure(~argument, doubt)
    cause = np.where(failed, _NOTHING, cause)
    return ~failed & (cause == _NOTHING), cause


def _first_stated(rule: AnyRule, block: Block, arguments: Any, doubts: Any, flag: Any, flag_doubt: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    result, cause = arguments[0], doubts[0] if doubts else None
    for argument, doubt in zip(arguments[1:], doubts[1:] if doubts else [None] * (len(arguments) - 1), strict=True):
        if cause is None:
            break
        open_rows = cause != _NOTHING
        result = np.where(open_rows, argument, result)
        cause = None if doubt is None and np.ndim(cause) == 0 else np.where(open_rows & (np.asarray(_NOTHING if doubt is None else doubt) != _NOTHING), cause | (_NOTHING if doubt is None else doubt), _NOTHING)
    return result, cause


def _agreed(rule: AnyRule, block: Block, arguments: Any, doubts: Any, flag: Any, flag_doubt: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    worked_out, recorded = arguments
    first, second = doubts if doubts else (None, None)
    both = (np.asarray(_NOTHING if first is None else first) == _NOTHING) & (
        np.asarray(_NOTHING if second is None else second) == _NOTHING
    )
    result, cause = _first_stated(rule, block, arguments, doubts, flag, flag_doubt, bits)
    clash = np.where(both & (worked_out != recorded), bits[rule.name], _NOTHING)
    return result, clash if cause is None else cause | clash


def _settled(rule: AnyRule, block: Block, arguments: Any, doubts: Any, flag: Any, flag_doubt: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001
    choice, amount, beside = arguments
    lost = (choice != 0) & (amount > 0) & (beside > 0) & rule.function(choice, amount, beside)
    result = amount * ~lost
    cause = _all_doubts(doubts)
    if cause is None:
        return result, None
    free = _sure(np.equal(choice, 0), doubts[0]) | _sure(np.equal(amount, 0), doubts[1]) | _sure(np.equal(beside, 0), doubts[2])
    return result, np.where(free, _NOTHING if doubts[1] is None else doubts[1], cause)


_OPERATIONS: dict[Operation, Any] = {
    Operation.SETTLED: _settled,
    Operation.ROWWISE: _rowwise,
    Operation.TOTAL: _total,
    Operation.COUNT: _count,
    Operation.ANY: _any,
    Operation.APPORTION: _apportion,
    Operation.EITHER: _either,
    Operation.EVERY: _every,
    Operation.FIRST_STATED: _first_stated,
    Operation.AGREED: _agreed,
}
