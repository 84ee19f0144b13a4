"""What the engine does for each kind of rule, as assignments; and how what is not known spreads through them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import partial, reduce
from typing import Any, TypeAlias

import attrs
import numpy as np

from civaffairs.rules.layout import Block
from civaffairs.rules.rule import AnyRule, Operation
from civaffairs.rules.values import Classes, Rate, Scale

Operand: TypeAlias = Any
"""A column of a block, or one value that stands for all of it: numbers, flags, causes, or a cited value."""

BLOCK, KNOWN = "(block)", "(known)"
"""Where the block itself and the cause of what is known, which is none, are found; no rule can have such a name."""

NO = np.bool_(False)
MANY_ROWS, FEW = 4096, 4
"""Of so many rows, a function is worked out for the flagged ones alone if at most one in so many is."""


def cause_of(key: str) -> str:
    """Return the key under which the causes of a column's unknown values are kept."""
    return f"?{key}"


@attrs.frozen(eq=False)
class Assignment:
    """One thing to work out for a block: a key, a function, and the keys of what it is given."""

    key: str
    function: Callable[..., Operand]
    arguments: tuple[str, ...]
    done_with: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Placed:
    """A rule with the keys of its arguments and of their causes, at the level at which it is worked out.

    Attributes
    ----------
    rule
        The rule.
    values, causes
        Keys of its arguments and their causes; `KNOWN` for an argument that no unknown reaches.
    flag, flag_cause
        The same for the flag outside which it is nought; an empty flag if it has none.
    nought
        A nought of the rule's type.
    disagreement
        The bit that marks two facts that disagree.
    """

    rule: AnyRule
    values: tuple[str, ...]
    causes: tuple[str, ...]
    flag: str
    flag_cause: str
    nought: Operand
    disagreement: Operand

    @property
    def doubts(self) -> tuple[str, ...]:
        """Causes of the arguments that some unknown reaches."""
        return tuple(dict.fromkeys(cause for cause in self.causes if cause != KNOWN))


def assignments(placed: Placed) -> Iterator[Assignment]:
    """Write a rule as assignments: its value, and its causes if some unknown reaches it."""
    return _OPERATIONS[placed.rule.operation](placed)


# How causes spread. A cause of 0 is known; a single one stands for all rows.


def is_open(cause: Operand) -> bool:
    """Say whether a cause keeps any row from being known; operations leave no column behind that does not."""
    return isinstance(cause, np.ndarray) or bool(cause)


def joined(*causes: Operand) -> Operand:
    """Put together what keeps a value from being known."""
    present = [cause for cause in causes if isinstance(cause, np.ndarray) or cause]
    return reduce(operator.or_, present) if present else causes[0]


def within(flag: Operand, cause: Operand) -> Operand:
    """Keep causes where the flag is up; a column without any left is known as a whole."""
    if not is_open(cause):
        return cause
    if not np.count_nonzero(flag):
        return cause.dtype.type(0)
    kept = flag * cause
    return kept if np.count_nonzero(kept) else cause.dtype.type(0)


def sure(flag: Operand, cause: Operand) -> Operand:
    """Say where a flag is up and known to be."""
    return flag & (cause == 0) if is_open(cause) else flag


def _within_or_flag_open(flag: Operand, flag_cause: Operand, *causes: Operand) -> Operand:
    cause = joined(*causes)
    return joined(flag_cause, within(flag, cause)) if is_open(cause) else flag_cause


def _up(block: Block, *causes: Operand) -> Operand:
    cause = joined(*causes)
    return block.causes(cause) if isinstance(cause, np.ndarray) else cause


def _unless(found: Operand, *causes: Operand) -> Operand:
    """Where a flag is found nothing else need be known."""
    cause = joined(*causes)
    return within(~found, cause) if is_open(cause) else cause


def project(block: Block, value: Operand) -> Operand:
    """Give every member the household's value."""
    return block.project(value) if isinstance(value, np.ndarray) and value.ndim else value


# The operations: what is worked out, and how it is written as assignments.


def _only_where(function: Callable[..., Operand], nought: Operand, flag: Operand, *arguments: Operand) -> Operand:
    """Work a function of rows out where the flag is up; outside it the result is a known nought."""
    flagged = np.count_nonzero(flag)
    if not flagged:
        return nought
    if flag.size < MANY_ROWS or flagged * FEW > flag.size or not all(_has_rows_of(flag, given) for given in arguments):
        return function(*arguments) * flag
    rows = np.flatnonzero(flag)
    result = np.zeros(flag.shape, nought.dtype)
    result.reshape(-1)[rows] = function(*[_taken(given, rows) for given in arguments])
    return result


def _has_rows_of(flag: Operand, given: Operand) -> bool:
    """Say whether rows can be taken of an argument: a column no finer than the flag, or a single value."""
    return given.ndim <= flag.ndim if isinstance(given, np.ndarray) else not isinstance(given, Rate | Scale | Classes)


def _taken(given: Operand, rows: Operand) -> Operand:
    """Take some rows; in a table of members by household, a household's column serves each row of it."""
    if not isinstance(given, np.ndarray) or not given.ndim:
        return given
    return given.take(rows, mode="wrap")


def _itself(column: Operand) -> Operand:
    return column


def _causes_in_flag(placed: Placed, key: str) -> Iterator[Assignment]:
    """Causes of a rule's arguments, so far as its flag is up or not known."""
    doubts = placed.doubts
    if placed.flag and (doubts or placed.flag_cause != KNOWN):
        yield Assignment(key, _within_or_flag_open, (placed.flag, placed.flag_cause, *(doubts or (KNOWN,))))
    elif doubts:
        yield Assignment(key, joined, doubts)


def _rowwise(placed: Placed) -> Iterator[Assignment]:
    rule = placed.rule
    if placed.flag:
        yield Assignment(rule.name, partial(_only_where, rule.function, placed.nought), (placed.flag, *placed.values))
    else:
        yield Assignment(rule.name, rule.function, placed.values)
    yield from _causes_in_flag(placed, cause_of(rule.name))


def _add_up(block: Block, column: Operand) -> Operand:
    return block.total(column)


def _total(placed: Placed) -> Iterator[Assignment]:
    name, (of,) = placed.rule.name, placed.values
    counted, open_members = f"{name} of each", cause_of(f"{name} of each")
    if placed.flag:
        yield Assignment(counted, partial(_only_where, _itself, placed.nought), (placed.flag, of))
        of = counted
    yield Assignment(name, _add_up, (BLOCK, of))
    for causes in _causes_in_flag(placed, open_members):
        yield causes
        yield Assignment(cause_of(name), _up, (BLOCK, open_members))


def _count_up(block: Block, flags: Operand) -> Operand:
    return block.count(flags)


def _count(placed: Placed) -> Iterator[Assignment]:
    yield Assignment(placed.rule.name, _count_up, (BLOCK, *placed.values))
    if placed.doubts:
        yield Assignment(cause_of(placed.rule.name), _up, (BLOCK, *placed.doubts))


def _any_member(block: Block, flags: Operand) -> Operand:
    return block.any(flags)


def _any_surely(block: Block, flags: Operand, cause: Operand) -> Operand:
    return block.any(sure(flags, cause))


def _unless_any(block: Block, found: Operand, cause: Operand) -> Operand:
    return within(~found, _up(block, cause)) if is_open(cause) else cause


def _any(placed: Placed) -> Iterator[Assignment]:
    name = placed.rule.name
    if not placed.doubts:
        yield Assignment(name, _any_member, (BLOCK, *placed.values))
        return
    yield Assignment(name, _any_surely, (BLOCK, *placed.values, *placed.doubts))
    yield Assignment(cause_of(name), _unless_any, (BLOCK, name, *placed.doubts))


def _share_out(block: Block, amount: Operand, among: Operand = None) -> Operand:
    return block.apportion(amount, among)


def _shares_open(block: Block, amount: Operand, among: Operand, amount_cause: Operand, among_cause: Operand) -> Operand:
    """Causes of shares: of the amount, and of who else takes part; who surely takes no part surely gets nothing."""
    others = within(project(block, amount != 0), project(block, _up(block, among_cause)))
    return within(~sure(~among, among_cause), joined(amount_cause, others))


def _apportion(placed: Placed) -> Iterator[Assignment]:
    name = placed.rule.name
    yield Assignment(name, _share_out, (BLOCK, *placed.values))
    if placed.doubts and len(placed.values) == 2:
        yield Assignment(cause_of(name), _shares_open, (BLOCK, *placed.values, *placed.causes))
    elif placed.doubts:
        yield Assignment(cause_of(name), joined, placed.doubts)


def _one_of(*flags: Operand) -> Operand:
    return reduce(operator.or_, flags)


def _all_of(*flags: Operand) -> Operand:
    return reduce(operator.and_, flags)


def _surely_one_of(*flags_and_causes: Operand) -> Operand:
    half = len(flags_and_causes) // 2
    return reduce(operator.or_, map(sure, flags_and_causes[:half], flags_and_causes[half:]))


def _surely_all_of(*flags_and_causes: Operand) -> Operand:
    half = len(flags_and_causes) // 2
    return reduce(operator.and_, map(sure, flags_and_causes[:half], flags_and_causes[half:]))


def _perhaps(flag: Operand, cause: Operand) -> Operand:
    return flag | (cause != 0) if is_open(cause) else flag


def _unless_one_fails(*flags_and_causes: Operand) -> Operand:
    half = len(flags_and_causes) // 2
    cause = joined(*flags_and_causes[half:])
    if not is_open(cause):
        return cause
    return within(reduce(operator.and_, map(_perhaps, flags_and_causes[:half], flags_and_causes[half:])), cause)


def _either(placed: Placed) -> Iterator[Assignment]:
    name = placed.rule.name
    if not placed.doubts:
        yield Assignment(name, _one_of, placed.values)
        return
    yield Assignment(name, _surely_one_of, placed.values + placed.causes)
    yield Assignment(cause_of(name), _unless, (name, *placed.doubts))


def _every(placed: Placed) -> Iterator[Assignment]:
    name = placed.rule.name
    if not placed.doubts:
        yield Assignment(name, _all_of, placed.values)
        return
    yield Assignment(name, _surely_all_of, placed.values + placed.causes)
    yield Assignment(cause_of(name), _unless_one_fails, placed.values + placed.causes)


def _stated_or(first: Operand, cause: Operand, second: Operand) -> Operand:
    if isinstance(cause, np.ndarray):
        return np.where(cause != 0, second, first)
    return second if cause else first


def _both_open(first: Operand, second: Operand) -> Operand:
    return within(first != 0, within(second != 0, joined(first, second)))


def _first_stated(placed: Placed) -> Iterator[Assignment]:
    """Each in turn stands in where those before it are not stated."""
    name, value, cause, last = placed.rule.name, placed.values[0], placed.causes[0], len(placed.values) - 1
    if not last:
        yield Assignment(name, _itself, (value,))
    for position in range(1, last + 1):
        key = name if position == last else f"{name} after {position}"
        yield Assignment(key, _stated_or, (value, cause, placed.values[position]))
        if cause != KNOWN and placed.causes[position] != KNOWN:
            yield Assignment(cause_of(key), _both_open, (cause, placed.causes[position]))
            cause = cause_of(key)
        else:
            cause = KNOWN
        value = key


def _as_recorded(passed: Operand, recorded: Operand, not_tested: Operand, _: Operand) -> Operand:
    return recorded & _perhaps(passed, not_tested)


def _contradicted_or_open(
    bit: Operand, passed: Operand, recorded: Operand, not_tested: Operand, not_recorded: Operand
) -> Operand:
    """Open where the record says yes against a test known to fail, and where nothing is recorded and no test fails."""
    perhaps = _perhaps(passed, not_tested)
    return joined(within(sure(recorded & ~perhaps, not_recorded), bit), within(perhaps, not_recorded))


def _agreed(placed: Placed) -> Iterator[Assignment]:
    name, operands = placed.rule.name, placed.values + placed.causes
    yield Assignment(name, _as_recorded, operands)
    yield Assignment(cause_of(name), partial(_contradicted_or_open, placed.disagreement), operands)


def _leave(gives_way: Callable[..., Operand], choice: Operand, amount: Operand, beside: Operand) -> Operand:
    if not np.count_nonzero(choice):
        return amount
    lost = _only_where(gives_way, NO, (amount > 0) & (beside > 0) & (choice != 0), choice, amount, beside)
    return amount * ~lost if np.count_nonzero(lost) else amount


def _may_be_something(value: Operand, cause: Operand) -> Operand:
    return (value != 0) | (cause != 0) if is_open(cause) else value != 0


def _open_where_they_meet(
    choice: Operand, amount: Operand, beside: Operand, unruled: Operand, open_amount: Operand, open_beside: Operand
) -> Operand:
    """Where one of the two is known to be nought, or both are known to be paid, nothing else need be known."""
    others = joined(unruled, open_beside)
    meet = _may_be_something(amount, open_amount)
    if not is_open(others) or not np.count_nonzero(meet):
        return open_amount
    meet = meet & _may_be_something(beside, open_beside) & _may_be_something(choice, unruled)
    return joined(open_amount, within(meet, others))


def _settled(placed: Placed) -> Iterator[Assignment]:
    yield Assignment(placed.rule.name, partial(_leave, placed.rule.function), placed.values)
    if placed.doubts:
        yield Assignment(cause_of(placed.rule.name), _open_where_they_meet, placed.values + placed.causes)


_OPERATIONS: Mapping[Operation, Callable[[Placed], Iterator[Assignment]]] = {
    Operation.ROWWISE: _rowwise,
    Operation.TOTAL: _total,
    Operation.COUNT: _count,
    Operation.ANY: _any,
    Operation.APPORTION: _apportion,
    Operation.EITHER: _either,
    Operation.EVERY: _every,
    Operation.FIRST_STATED: _first_stated,
    Operation.SETTLED: _settled,
    Operation.AGREED: _agreed,
}
