"""A plan made ready for one population: which values hold there, what is not known, and the order of the work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs
import numpy as np

from civaffairs.law.parameters import Found, Parameter
from civaffairs.law.timeline import ALL_CONVENTIONS, Convention, NotPublished
from civaffairs.law.values import ABILITIES, Basis, ElderStatus, ValueKind
from civaffairs.people.columns import Kind, Level
from civaffairs.people.person import DisabilityKind
from civaffairs.people.population import Array, Population
from civaffairs.rules.operations import (
    BLOCK,
    KNOWN,
    Assignment,
    Operand,
    Placed,
    assignments,
    cause_of,
    project,
    within,
)
from civaffairs.rules.rule import DAY, AnyRule, Operation
from civaffairs.rules.values import Classes, Rate, Scale

if TYPE_CHECKING:
    from civaffairs.rules.plan import Plan, Step

MOST_ROOTS = 62
CauseType: TypeAlias = type[np.unsignedinteger[Any]]
Places: TypeAlias = tuple[tuple[str, tuple[int, ...]], ...]
"""For each place column of a population, the division codes in it."""


class Source(Enum):
    """What of a population's column is read."""

    VALUES = "the values"
    STATED = "which of them are stated"
    PLACES = "each row's position among the places"

    def take(self, population: Population, name: str) -> Array:
        """Take it from a population."""
        if self is Source.STATED:
            return population.stated[name]
        if self is Source.PLACES:
            return population.places(name)[1]
        return population.person[name] if name in population.person else population.household[name]


@attrs.frozen
class Root:
    """Something not known, from which other things are not known."""

    name: str
    disagreement: bool = False


@attrs.frozen(eq=False)
class Prepared:
    """What all blocks of a run share, and the assignments that are worked out for each of them.

    Attributes
    ----------
    roots
        What is not known; its position is the bit that stands for it.
    cause_type
        The smallest type with a bit for every root.
    constants
        Values that are the same for all rows, and tables of values by place, by key.
    sources
        For each column that blocks are cut from: its key, its name in the population, what of it, and its level.
    doubtful
        Rules some value of which may not be known.
    program
        The assignments, in order.
    crowded
        Whether more is not known than there are bits for, so that several roots share one.
    """

    roots: tuple[Root, ...]
    cause_type: CauseType
    constants: Mapping[str, Operand]
    sources: tuple[tuple[str, str, Source, Level], ...]
    doubtful: frozenset[str]
    program: tuple[Assignment, ...]
    crowded: bool

    def columns(self, population: Population) -> Iterator[tuple[str, Array, Level]]:
        """Yield the columns that blocks are cut from, each with its key and level."""
        for key, name, source, level in self.sources:
            yield key, source.take(population, name), level


def prepare(plan: Plan, population: Population, keep: Sequence[str]) -> Prepared:
    """Make a plan ready for a population; populations with the same columns and places share the work."""
    missing = frozenset(name for name in plan.inputs if population.column(name) is None)
    partly = frozenset(
        name
        for name, stated in population.stated.items()
        if name in plan.inputs and name not in missing and not stated.all()
    )
    by = sorted({parameter.by for parameter in plan.parameters.values()})
    places = tuple(
        (name, tuple(population.places(name)[0].tolist())) for name in by if population.column(name) is not None
    )
    return _prepared(plan, missing, partly, places, tuple(keep), len(keep) == 1)


def type_of(rule: AnyRule) -> type[np.generic]:
    """Return the type of a rule's column."""
    return {"Flags": np.bool_, "Codes": np.int8}.get(rule.gives, np.int64)


@attrs.define
class _Draft:
    """What is being prepared: a bit for everything not known, values for all rows, and the assignments so far."""

    roots: list[Root] = attrs.field(factory=list)
    bits: dict[str, int] = attrs.field(factory=dict)
    constants: dict[str, Operand] = attrs.field(factory=dict)
    causes: dict[str, int | list[int]] = attrs.field(factory=dict)
    rows: dict[str, str] = attrs.field(factory=dict)
    program: list[Assignment] = attrs.field(factory=list)

    def bit(self, name: str, *, disagreement: bool = False) -> int:
        """Return the bit of something not known; bits are handed out in the order in which it is met."""
        if name not in self.bits:
            if len(self.roots) < MOST_ROOTS:
                self.roots.append(Root(name, disagreement))
            elif len(self.roots) == MOST_ROOTS:
                self.roots.append(Root("several others"))
            self.bits[name] = 1 << (len(self.roots) - 1)
        return self.bits[name]

    def cause_type(self) -> CauseType:
        """Return the smallest type with a bit for every root."""
        sizes: tuple[CauseType, ...] = (np.uint8, np.uint16, np.uint32, np.uint64)
        return next(size for size in sizes if len(self.roots) <= np.iinfo(size).bits)


@lru_cache(maxsize=256)
def _prepared(
    plan: Plan, missing: frozenset[str], partly: frozenset[str], places: Places, keep: tuple[str, ...], last: bool
) -> Prepared:
    draft = _Draft(constants={DAY: plan.day})
    for step in plan.steps:
        if step.rule.operation is Operation.AGREED:
            draft.bit(step.rule.name, disagreement=True)
    _draft_parameters(draft, plan, dict(places))
    _draft_inputs(draft, plan, missing, partly, last)
    cause_type = draft.cause_type()
    draft.constants |= {key: np.array(bits, cause_type)[()] for key, bits in draft.causes.items()}
    draft.constants[KNOWN] = cause_type(0)
    doubtful = _draft_rules(draft, plan.steps, cause_type)
    program = _needed(draft.program, {key for name in keep for key in (name, cause_of(name))})
    read = {key for assignment in program for key in assignment.arguments}
    sources = [(name, name, Source.VALUES) for name in plan.inputs if name not in missing]
    sources += [(_stated_key(name), name, Source.STATED) for name in sorted(partly)]
    sources += [(_rows_key(name), name, Source.PLACES) for name, _ in places]
    return Prepared(
        tuple(draft.roots),
        cause_type,
        draft.constants,
        tuple((key, name, source, plan.levels[name]) for key, name, source in sources if key in read),
        frozenset(doubtful),
        program,
        len(draft.roots) > MOST_ROOTS,
    )


def _draft_inputs(draft: _Draft, plan: Plan, missing: frozenset[str], partly: frozenset[str], last: bool) -> None:
    """Give each column not stated a root; as a last resort, columns of one group share theirs."""
    crowded = last and len(draft.roots) + len(missing) + len(partly) > MOST_ROOTS
    for name, column in plan.inputs.items():
        if name in missing:
            draft.constants[name] = _COLUMN_TYPES.get(column.kind, np.int64)(0)
            together = crowded and column.group
            draft.causes[cause_of(name)] = draft.bit(f"{column.group} columns" if together else name)
        elif name in partly:
            bit = f"{name} not stated"
            draft.causes[bit] = draft.bit(name)
            draft.program.append(Assignment(cause_of(name), _not_stated, (_stated_key(name), bit)))


def _draft_parameters(draft: _Draft, plan: Plan, places: Mapping[str, tuple[int, ...]]) -> None:
    """Take a value that holds for all rows once, and pick one that differs by each row's place."""
    for name, parameter in plan.parameters.items():
        codes = places.get(parameter.by)
        values, known = _resolved(plan, name, codes or (-1,))
        if not any(known):
            draft.constants[name] = _only(values)
            draft.causes[cause_of(name)] = draft.bit(parameter.by if codes is None else name)
            continue
        if all(known) and _uniform(values):
            draft.constants[name] = _only(values)
            continue
        draft.constants[_table_key(name)], draft.rows[name] = values, _rows_key(parameter.by)
        draft.program.append(Assignment(name, _pick, (_table_key(name), draft.rows[name])))
        if codes is not None and not all(known):
            unstated = draft.bit(parameter.by) if codes[0] < 0 else 0
            draft.causes[_table_key(cause_of(name))] = [
                0 if ok else unstated if code < 0 else draft.bit(name) for ok, code in zip(known, codes, strict=True)
            ]
            draft.program.append(Assignment(cause_of(name), _pick, (_table_key(cause_of(name)), draft.rows[name])))


def _draft_rules(draft: _Draft, steps: Iterable[Step], cause_type: CauseType) -> set[str]:
    """Write every rule as assignments, household values brought down to members; name the rules not surely known."""
    made = {*draft.constants, *(assignment.key for assignment in draft.program)}

    def brought_down(key: str) -> str:
        if key in draft.constants:
            return key
        down = f"{key} of the household"
        if down not in made:
            made.add(down)
            if key in draft.rows:
                picked = Assignment(down, _pick, (_table_key(key), brought_down(draft.rows[key])))
            else:
                picked = Assignment(down, project, (BLOCK, key))
            draft.program.append(picked)
        return down

    def cause(name: str, down: bool) -> str:
        if cause_of(name) not in made:
            return KNOWN
        return brought_down(cause_of(name)) if down else cause_of(name)

    for step in steps:
        rule = step.rule
        shared = rule.arguments[0] if rule.operation is Operation.APPORTION else None
        placed = Placed(
            rule,
            tuple(brought_down(name) if down else name for name, down in step.arguments),
            tuple(cause(name, down or name == shared) for name, down in step.arguments),
            "" if step.flag is None else brought_down(step.flag[0]) if step.flag[1] else step.flag[0],
            KNOWN if step.flag is None else cause(*step.flag),
            type_of(rule)(0),
            cause_type(draft.bits.get(rule.name, 0)),
        )
        for assignment in assignments(placed):
            if draft.constants.keys() >= set(assignment.arguments):
                value = assignment.function(*[draft.constants[key] for key in assignment.arguments])
                if assignment.key == cause_of(rule.name) and not value:
                    continue
                draft.constants[assignment.key] = value
            else:
                draft.program.append(assignment)
            made.add(assignment.key)
    return {step.rule.name for step in steps if cause_of(step.rule.name) in made}


def _needed(program: Sequence[Assignment], wanted: Collection[str]) -> tuple[Assignment, ...]:
    """Leave out assignments that nothing wanted needs, and say after which each key is needed no more."""
    live, needed = set(wanted), []
    for assignment in reversed(program):
        if assignment.key in live:
            last = tuple(dict.fromkeys(key for key in assignment.arguments if key not in live))
            live.update(last)
            needed.append(attrs.evolve(assignment, done_with=last))
    return tuple(reversed(needed))


def _stated_key(name: str) -> str:
    return f"{name} stated"


def _rows_key(by: str) -> str:
    return f"rows by {by}"


def _table_key(name: str) -> str:
    return f"{name} by place"


def _not_stated(stated: Operand, bit: Operand) -> Operand:
    return within(~stated, bit)


def _pick(values: Operand, rows: Operand) -> Operand:
    return values.take(rows) if isinstance(values, np.ndarray) else values.pick(rows)


# Values of the law in the form in which rules take them.


@lru_cache(maxsize=65536)
def look_up(
    parameter: Parameter,
    place: str,
    on: date,
    known: date | None,
    conventions: frozenset[Convention] = ALL_CONVENTIONS,
) -> Found | NotPublished:
    """Look a parameter up, and return rather than raise what keeps it from being known."""
    try:
        return parameter.at(place, on, known, conventions)
    except NotPublished as missing:
        return missing


def plan_value(plan: Plan, parameter: Parameter, code: int) -> Found | NotPublished | None:
    """Look a parameter up for a plan and a division code; ``None`` where the place is not stated."""
    if code < 0:
        return None
    return look_up(parameter, place_text(code), plan.day.on, plan.known, plan.day.conventions.of_values)


def place_text(code: int) -> str:
    """Write a division code from a column as text; an empty string where it is not stated."""
    return "" if code < 0 else f"{code:06d}"


_STACKED: Mapping[ValueKind, Any] = {
    ValueKind.RATIO: Rate,
    ValueKind.SCALE: Scale,
    ValueKind.CLASSES: Classes,
    ValueKind.GROUPS: Classes,
}
_STAND_IN: Mapping[ValueKind, Any] = {
    ValueKind.RATIO: 1,
    ValueKind.SCALE: (True, ((0, 0),)),
    ValueKind.CLASSES: frozenset(),
    ValueKind.GROUPS: frozenset(),
}
_TYPES: Mapping[ValueKind, type[np.generic]] = {ValueKind.FLAG: np.bool_, ValueKind.CHOICE: np.int8}
_COLUMN_TYPES: Mapping[Kind, type[np.generic]] = {
    Kind.FLAG: np.bool_,
    Kind.CHOICE: np.int8,
    Kind.DATE: np.int32,
    Kind.PLACE: np.int32,
}


def rule_value(parameter: Parameter, value: Operand) -> Operand:
    """Put a parameter's value into the form in which rules take it."""
    if parameter.kind is ValueKind.CHOICE:
        return parameter.choices.index(value)
    if parameter.kind is ValueKind.SCALE:
        return value.basis is Basis.PERSON, tuple((step.threshold, step.value) for step in value.steps)
    if parameter.kind is ValueKind.CLASSES:
        numbers = {kind.value: [kind.number] for kind in DisabilityKind if kind is not DisabilityKind.NONE}
        numbers["any"] = [number for (number,) in numbers.values()]
        return frozenset((number, grade) for kind, grade in value for number in numbers[kind])
    if parameter.kind is ValueKind.GROUPS:
        statuses = {status.value: status.number for status in ElderStatus}
        return frozenset((statuses[status], ABILITIES.index(ability)) for status, ability in value)
    return value


@lru_cache(maxsize=4096)
def _resolved(plan: Plan, name: str, places: tuple[int, ...]) -> tuple[Operand, tuple[bool, ...]]:
    """Stack a parameter's values for some places, and say for which it is known."""
    parameter = plan.parameters[name]
    found = [plan_value(plan, parameter, code) for code in places]
    values = [rule_value(parameter, f.value) if isinstance(f, Found) else None for f in found]
    known = tuple(value is not None for value in values)
    filled = [_STAND_IN.get(parameter.kind, 0) if value is None else value for value in values]
    if parameter.kind in _STACKED:
        return _STACKED[parameter.kind].stacked(filled), known
    return np.array(filled, _TYPES.get(parameter.kind, np.int64)), known


def _uniform(values: Operand) -> bool:
    """Say whether all places have the same value."""
    if isinstance(values, np.ndarray):
        return bool((values == values[0]).all())
    parts = [
        part
        for field in attrs.astuple(values, recurse=False)
        for part in (field if isinstance(field, tuple) else (field,))
    ]
    return all(bool((part == part[0]).all()) for part in parts if isinstance(part, np.ndarray))


def _only(values: Operand) -> Operand:
    return values[0] if isinstance(values, np.ndarray) else values.pick(0)
