"""Validity rules of registers: a plain cited function of columns, whose docstring is the rule and the error message."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ParamSpec

import attrs
import numpy as np

from civaffairs.errors import PlanError, did_you_mean, listed, masked
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation
from civaffairs.law.lookup import Parameter
from civaffairs.law.timeline import NotPublished
from civaffairs.law.values import value_text
from civaffairs.registers.fields import Array, Flags, cell_text, stated
from civaffairs.registers.kinds import RegisterKind
from civaffairs.registers.view import View

DAY = "on"
"""The name by which a rule asks for the day of the view."""


class Severity(Labelled):
    """What it means that a rule does not hold."""

    INVARIANT = ("invariant", "不变式")
    BREACH = ("breach", "违规")
    WARNING = ("warning", "提示")
    REVIEW = ("review", "需人工审查")


BINDING = (Severity.INVARIANT, Severity.BREACH)
"""What an event may not bring about; a breach may be entered where it was found so."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Validity:
    """A rule that the records of a register keep to.

    Attributes
    ----------
    name
        Name of the function.
    statement
        The rule: the first line of its docstring.
    source
        The article; ``None`` for a rule of logic.
    severity
        What it means that it does not hold.
    function
        Gives, per record, whether it holds.
    needs
        What the function is called with: facts of the record, values, registers beside, ``on``.
    only
        To which records it applies; all where ``None``.
    judges_missing
        Facts whose absence the rule itself judges. Where another fact is not stated, the rule is not checked.
    since, until
        First and last day on which it applies.
    """

    name: str
    statement: str
    source: Citation | None
    severity: Severity
    function: Callable[..., Flags]
    needs: tuple[str, ...]
    only: Callable[..., Flags] | None = None
    judges_missing: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None

    def __repr__(self) -> str:
        return f"<{self.severity.value} {self.name}>"

    def applies(self, on: date) -> bool:
        """Whether the rule applies on a day at all."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


_Given = ParamSpec("_Given")


def validity(
    source: Citation | None,
    severity: Severity = Severity.BREACH,
    *,
    only: Callable[..., Flags] | None = None,
    judges_missing: Iterable[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> Callable[[Callable[_Given, Flags]], Validity]:
    """Make a rule of a function of columns that gives, per record, whether the rule holds.

    Parameters
    ----------
    source
        The article behind it; ``None`` for a rule of logic, such as a capacity that cannot be exceeded.
    severity
        What it means that it does not hold.
    only
        A function of columns that gives the records to which the rule applies.
    judges_missing
        Facts whose absence the rule itself judges.
    since, until
        First and last day on which it applies.

    Examples
    --------
    >>> @validity(None, Severity.INVARIANT)
    ... def residents_have_beds(residents: NDArray[np.int64], beds: NDArray[np.int64]) -> Flags:
    ...     '''A home has no more residents than beds.'''
    ...     return residents <= beds
    >>> residents_have_beds.statement, residents_have_beds.needs
    ('A home has no more residents than beds.', ('residents', 'beds'))
    """

    def made(function: Callable[_Given, Flags]) -> Validity:
        statement = (inspect.getdoc(function) or "").partition("\n")[0]
        if not statement:
            msg = f"{function.__name__} has no docstring; its first line is the rule"
            raise PlanError(msg)
        return Validity(
            name=function.__name__, statement=statement, source=source, severity=severity, function=function,
            needs=_names(function), only=only, judges_missing=frozenset(judges_missing), since=since, until=until,
        )  # fmt: skip

    return made


@attrs.frozen(kw_only=True)
class Violation:
    """A rule that does not hold for a record.

    Attributes
    ----------
    key
        The record.
    rule
        The rule.
    facts
        What the rule looked at, as a reader writes it; nothing that tells who a person is.
    """

    key: str
    rule: Validity = attrs.field(eq=False)
    facts: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        facts = ", ".join(f"{name} {text}" for name, text in self.facts)
        source = f" [{self.rule.source}]" if self.rule.source else ""
        return f"{masked(self.key)}: {self.rule.statement}{f' ({facts})' if facts else ''}{source}"


@attrs.frozen(kw_only=True)
class Unchecked:
    """A rule that could not be checked for some records: never taken as kept.

    Attributes
    ----------
    rule
        The rule.
    records
        For how many.
    reason
        Why.
    where_to_look
        Where one would look for what is missing.
    """

    rule: Validity = attrs.field(eq=False)
    records: int
    reason: str
    where_to_look: str = ""


@attrs.frozen(kw_only=True, repr=False)
class Findings:
    """What validating a register found, all at once.

    Attributes
    ----------
    on
        The day.
    records
        How many records there are.
    violations
        Each rule that does not hold for a record.
    unchecked
        Rules that could not be checked, for how many records, and why.
    """

    on: date
    records: int
    violations: tuple[Violation, ...]
    unchecked: tuple[Unchecked, ...]

    def of(self, *severities: Severity) -> tuple[Violation, ...]:
        """Take the violations of some severities."""
        return tuple(found for found in self.violations if found.rule.severity in severities)

    def columns(self) -> dict[str, list[str]]:
        """The violations as a table of columns."""
        return {
            "key": [found.key for found in self.violations],
            "rule": [found.rule.name for found in self.violations],
            "severity": [str(found.rule.severity.value) for found in self.violations],
            "statement": [found.rule.statement for found in self.violations],
            "source": [str(found.rule.source or "") for found in self.violations],
            "facts": ["; ".join(f"{name}={text}" for name, text in found.facts) for found in self.violations],
        }

    def __str__(self) -> str:
        lines = [f"{found.rule.severity.value}: {found}" for found in self.violations[:5]]
        more = len(self.violations) - 5
        lines += [f"and {more} more"] if more > 0 else []
        lines += [f"not checked for {u.records}: {u.rule.statement} ({u.reason})" for u in self.unchecked]
        return "\n".join(lines) or "every rule holds"

    def __repr__(self) -> str:
        return f"<{len(self.violations)} violations, {len(self.unchecked)} rules not checked, {self.records} records>"


def validated(
    view: View[object], beside: Mapping[str, View[object]], severities: Sequence[Severity] = tuple(Severity)
) -> Findings:
    """Hold every record of a view to every rule of its register; `Register.validate` is what to call.

    Parameters
    ----------
    view
        The records.
    beside
        Views of the registers beside, of the same day.
    severities
        Take only rules of these.

    Raises
    ------
    PlanError
        If a rule asks for a name that nothing answers to.
    """
    rules = [rule for rule in (*_links(view.kind), *view.kind.rules) if isinstance(rule, Validity)]
    rules = [rule for rule in rules if rule.severity in severities and rule.applies(view.on)]
    asked = {view.kind.place, *view.kind.dated.values(), *(name for rule in rules for name in _asked(rule))}
    supply = _Supply(view, beside, view.columns(*(name for name in view.kind.fields if name in asked)))
    keys = list(view)
    violations: list[Violation] = []
    unchecked: list[Unchecked] = []
    for rule in rules:
        told = supply.check(rule)
        unchecked += told.unchecked
        violations += [
            Violation(key=keys[row], rule=rule, facts=supply.shown(rule, row))
            for row in np.flatnonzero(told.broken).tolist()
        ]
    return Findings(on=view.on, records=len(view), violations=tuple(violations), unchecked=tuple(unchecked))


@attrs.frozen
class _Told:
    broken: Flags
    unchecked: list[Unchecked]


@attrs.frozen(eq=False)
class _Supply:
    """What rules ask for by name, on one day."""

    view: View[object]
    beside: Mapping[str, View[object]]
    columns: Mapping[str, Array]
    looked_up: dict[str, tuple[Array, list[tuple[Flags, NotPublished]]]] = attrs.field(factory=dict)

    def check(self, rule: Validity) -> _Told:
        """Apply one rule to every record, and count those for which it cannot be told."""
        none = np.zeros(len(self.view), np.bool_)
        absent = [name for name in _asked(rule) if name in self._others() and name not in self.beside]
        if absent:
            reason = f"no register of {listed(absent)} is beside this one"
            return _Told(none, [Unchecked(rule=rule, records=len(self.view), reason=reason)] if len(self.view) else [])
        open_ = np.ones(len(self.view), np.bool_) if rule.only is None else self._called(rule.only, _names(rule.only))
        unchecked: list[Unchecked] = []
        for name in rule.needs:
            if name in self.columns and name not in rule.judges_missing:
                silent = open_ & ~stated(self.columns[name])
                unchecked += _count(rule, silent, f"{name} is not stated")
                open_ = open_ & ~silent
        for name in rule.needs:
            if name in self.view.kind.values:
                undated = open_ & np.isnat(self._days(name))
                unchecked += _count(rule, undated, f"{self.view.kind.dated.get(name)} is not stated")
                open_ = open_ & ~undated
                for where, fault in self._value(name)[1]:
                    unchecked += _count(rule, open_ & where, fault.reason, fault.where_to_look)
                    open_ = open_ & ~where
        return _Told(open_ & ~self._called(rule.function, rule.needs) if open_.any() else none, unchecked)

    def shown(self, rule: Validity, row: int) -> tuple[tuple[str, str], ...]:
        """Write the facts and values that a rule looked at for one record."""
        kind = self.view.kind
        facts = [
            (name, cell_text(kind.fields[name], self.columns[name][row]))
            for name in rule.needs
            if name in self.columns and name not in kind.personal and name != "key"
        ]
        values = [
            (name, value_text(self._value(name)[0][row].item(), kind.values[name].unit))
            for name in rule.needs
            if name in kind.values
        ]
        return (*facts, *values)

    def _others(self) -> set[str]:
        return {*self.view.kind.links.values(), *self.view.kind.beside}

    def _called(self, function: Callable[..., Flags], names: Sequence[str]) -> Flags:
        given = function(*(self._get(name, function) for name in names))
        return np.asarray(np.broadcast_to(given, (len(self.view),)))

    def _get(self, name: str, function: Callable[..., Flags]) -> object:
        if name in self.columns:
            return self.columns[name]
        if name == DAY:
            return np.datetime64(self.view.on)
        if name in self.beside:
            return self.beside[name]
        if name in self.view.kind.values:
            return self._value(name)[0]
        known = [DAY, *self.view.kind.fields, *self.beside, *self.view.kind.values]
        msg = (
            f"rule {function.__name__} of {self.view.kind.name} asks for {name!r}, which is no fact, value or register "
            f"beside{did_you_mean(name, known)}"
        )
        raise PlanError(msg)

    def _value(self, name: str) -> tuple[Array, list[tuple[Flags, NotPublished]]]:
        """A value for each record by its place; and where it is not known, with the reason."""
        if name not in self.looked_up:
            places = self.columns[self.view.kind.place]
            self.looked_up[name] = _placed(self.view.kind.values[name], places, self._days(name))
        return self.looked_up[name]

    def _days(self, name: str) -> Array:
        """The day as of which a value is looked up for each record: its own, or that of the view."""
        fact = self.view.kind.dated.get(name)
        return np.full(len(self.view), self.view.on, "datetime64[D]") if fact is None else self.columns[fact]


def _placed(parameter: Parameter, places: Array, days: Array) -> tuple[Array, list[tuple[Flags, NotPublished]]]:
    """Look a value up once for each place and day; where a day is not stated the rule is not checked."""
    names, where = np.unique(places, return_inverse=True)
    turns, when = np.unique(days, return_inverse=True)
    distinct, index = np.unique(where * max(len(turns), 1) + when, return_inverse=True)
    faults: list[tuple[Flags, NotPublished]] = []
    values: list[Any] = []
    for number, pair in enumerate(distinct.tolist()):
        place, day = names[pair // len(turns)].item(), turns[pair % len(turns)].item()
        if day is None:
            values.append(0)
            continue
        try:
            values.append(parameter.at(place[:6] or "000000", day).value)
        except NotPublished as fault:
            values.append(0)
            faults.append((index == number, fault))
    return np.array(values or [0])[index] if len(distinct) else np.zeros(0, np.int64), faults


def _count(rule: Validity, rows: Flags, reason: str, where_to_look: str = "") -> list[Unchecked]:
    records = int(np.count_nonzero(rows))
    return [Unchecked(rule=rule, records=records, reason=reason, where_to_look=where_to_look)] if records else []


def _asked(rule: Validity) -> tuple[str, ...]:
    return (*rule.needs, *(_names(rule.only) if rule.only else ()))


def _names(function: Callable[..., Flags]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _links(kind: RegisterKind[Any]) -> list[Validity]:
    """What a record names must be a record of the register beside."""
    return [_link(fact, register) for fact, register in kind.links.items()]


def _link(fact: str, register: str) -> Validity:
    def names_a_record(named: Array, others: View[object]) -> Flags:
        return np.asarray(np.isin(named, np.array(list(others), np.str_)))

    return Validity(
        name=f"{fact}_is_registered", statement=f"The {fact} that a record names is in the register of {register}.",
        source=None, severity=Severity.INVARIANT, function=names_a_record, needs=(fact, register),
    )  # fmt: skip
