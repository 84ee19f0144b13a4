"""From a rulebook to a plan: find what is in force, check that it fits together, and put it in order."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from civaffairs.errors import PlanError, UsageError, did_you_mean, listed
from civaffairs.law.values import ValueKind
from civaffairs.people.columns import Kind, Level
from civaffairs.rules.lint import complaints
from civaffairs.rules.matrix import faults_of
from civaffairs.rules.plan import Plan, Step
from civaffairs.rules.rule import DAY, AnyRule, Operation
from civaffairs.rules.values import Conventions, Day

if TYPE_CHECKING:
    from civaffairs.rules.rulebook import Rulebook


@attrs.frozen
class Unavailable:
    """Why a scheme cannot be assessed on a day at all."""

    scheme: str
    reason: str
    reason_zh: str


_KIND_TYPES = {Kind.FEN: "Fen", Kind.FLAG: "Flags", Kind.CHOICE: "Codes", Kind.DATE: "Days", Kind.COUNT: "Count"}
_VALUE_TYPES = {
    ValueKind.MONEY: "Fen",
    ValueKind.COUNT: "Count",
    ValueKind.FLAG: "Flags",
    ValueKind.CHOICE: "Codes",
    ValueKind.RATIO: "Rate",
    ValueKind.SCALE: "Scale",
    ValueKind.CLASSES: "Classes",
    ValueKind.GROUPS: "Classes",
}


def public(rule: AnyRule, known: date | None) -> bool:
    """Say whether every document a rule rests on was surely public by a day."""
    return known is None or all(citation.document.published_by(known) is True for citation in rule.citations)


@lru_cache(maxsize=256)
def make_plan(
    book: Rulebook,
    on: date,
    known: date | None,
    schemes: tuple[str, ...],
    extra: tuple[str, ...],
    conventions: Conventions,
) -> tuple[Plan, tuple[Unavailable, ...]]:
    """Put the rules of a rulebook in force on a day in order; `Rulebook.plan` tells the whole."""
    faults = _same_day_faults(book)
    live = {name: rule for name in book.by_name if (rule := book.in_force(name, on, known)) is not None}
    faults += _name_faults(book)
    paying = [name for name, scheme in book.schemes.items() if scheme.payable or scheme.amount]
    faults += faults_of(book.pairs, paying, book.by_name, book.parameters)
    if faults:
        raise PlanError(_told(faults))
    unavailable: list[Unavailable] = []
    keep: list[str] = []
    for scheme in schemes:
        absent = _absent(book, live, [rule.name for rule in book.schemes[scheme].targets])
        if absent:
            unavailable.append(_why_absent(book, scheme, absent, on, known))
        else:
            keep += [rule.name for rule in book.schemes[scheme].targets]
    if len(schemes) == len(book.schemes):
        # What is payable beside other benefits is known only where all of them are assessed.
        together = (*(book.schemes[name].payable for name in schemes), *book.overall)
        keep += [rule.name for rule in together if rule is not None and not _absent(book, live, [rule.name])]
    for name in extra:
        if absent := _absent(book, live, [name]):
            msg = f"{name} cannot be worked out for {on}: {_why_absent(book, name, absent, on, known).reason}"
            raise UsageError(msg)
        keep.append(name)
    needed = _closure(live, keep)
    levels = {
        **{name: column.level for name, column in book.columns.items()},
        **{name: book.columns[p.by].level for name, p in book.values.items() if p.by in book.columns},
        **{name: rule.level for name, rule in live.items()},
    }
    faults = [fault for name in needed for fault in _rule_faults(book, live[name], live, levels)]
    try:
        order = tuple(
            TopologicalSorter({name: [n for n in live[name].needs if n in live] for name in needed}).static_order()
        )
    except CycleError as error:
        faults.append("rules run in a circle: " + " → ".join(reversed(error.args[1])))
        order = ()
    if faults:
        raise PlanError(_told(faults))
    steps = _steps(order, live, levels)
    read = {name for step in steps for name in step.rule.needs}
    plan = Plan(
        Day(on, conventions),
        known,
        steps,
        levels,
        {name: column for name, column in book.columns.items() if name in read},
        {name: parameter for name, parameter in book.values.items() if name in read},
        tuple(dict.fromkeys(keep)),
    )
    return plan, tuple(unavailable)


def _told(faults: Iterable[str]) -> str:
    every = list(dict.fromkeys(faults))
    return f"{len(every)} fault{'s' * (len(every) != 1)} in the rules:\n" + "\n".join(every)


def _same_day_faults(book: Rulebook) -> list[str]:
    return [
        f"{later.where}: two versions of {name!r} begin on {later.since}; the other is at {earlier.where}"
        for name, versions in book.by_name.items()
        for later, earlier in pairwise(versions)
        if later.since == earlier.since
    ]


def _name_faults(book: Rulebook) -> list[str]:
    known = {*book.by_name, *book.values, *book.columns, DAY}
    faults = [
        f"{rule.where}: {rule.name} asks for {need!r}, which nothing gives{did_you_mean(need, known)}"
        for rule in book.rules
        for need in rule.needs
        if need not in known
    ]
    doubled = (
        (set(book.by_name) & set(book.values))
        | (set(book.by_name) & set(book.columns))
        | (set(book.values) & set(book.columns))
    )
    faults += [
        f"the name {name!r} is given twice, as a rule, a value or a column; rename one" for name in sorted(doubled)
    ]
    faults += [
        f"{rule.where}: {rule.name} cites no article; a rule without a source cannot be used"
        for rule in book.rules
        if not rule.citations
    ]
    faults += [
        complaint
        for rule in book.rules
        if rule.operation is Operation.ROWWISE and not str(rule.function.__module__).startswith("civaffairs.")
        for complaint in _complaints_if_source(rule)
    ]
    return faults


def _complaints_if_source(rule: AnyRule) -> list[str]:
    try:
        return list(complaints(rule.function))
    except (OSError, TypeError, SyntaxError, IndentationError):
        return []  # typed at a prompt or made by a tool: there is no source to read


def _rule_faults(book: Rulebook, rule: AnyRule, live: Mapping[str, AnyRule], levels: Mapping[str, Level]) -> list[str]:
    faults = []
    members = rule.operation in {Operation.TOTAL, Operation.COUNT, Operation.ANY}
    among = Level.PERSON if members or rule.operation is Operation.APPORTION else rule.level
    for need in rule.needs:
        if need != DAY and levels[need] is Level.PERSON and among is Level.HOUSEHOLD:
            faults.append(
                f"{rule.where}: {rule.name} is of households but asks for {need!r} of persons; "
                "declare a total, count or any_of"
            )
    if rule.operation is Operation.APPORTION and levels[rule.arguments[0]] is Level.PERSON:
        faults.append(
            f"{rule.where}: {rule.name} shares out a household's amount, but {rule.arguments[0]!r} is of persons"
        )
    if members and rule.level is not Level.HOUSEHOLD:
        faults.append(f"{rule.where}: {rule.name} adds up members, so it is of households")
    if rule.operation is Operation.ROWWISE:
        for need, annotation in inspect.get_annotations(rule.function).items():
            given = _given_type(book, live, need)
            if need in rule.arguments and given and str(annotation) in _TYPE_NAMES and str(annotation) != given:
                faults.append(f"{rule.where}: {rule.name} takes {need!r} as {annotation}, but it is {given}")
    return faults


_TYPE_NAMES = frozenset({"Fen", "Flags", "Codes", "Days", "Count", "Rate", "Scale", "Classes"})


def _given_type(book: Rulebook, live: Mapping[str, AnyRule], name: str) -> str:
    if name in live:
        return live[name].gives if live[name].gives in _TYPE_NAMES else ""
    if name in book.values:
        return _VALUE_TYPES[book.values[name].kind]
    if name in book.columns:
        return _KIND_TYPES.get(book.columns[name].kind, "")
    return ""


def _closure(live: Mapping[str, AnyRule], names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    stack = list(names)
    while stack:
        name = stack.pop()
        if name in live and name not in found:
            found[name] = None
            stack += live[name].needs
    return tuple(found)


def _absent(book: Rulebook, live: Mapping[str, AnyRule], names: Sequence[str]) -> tuple[str, ...]:
    """Name the rules needed for ``names`` that exist but are not in force."""
    absent = [name for name in names if name not in live]
    absent += [
        need for name in _closure(live, names) for need in live[name].needs if need in book.by_name and need not in live
    ]
    return tuple(dict.fromkeys(absent))


def _why_absent(book: Rulebook, scheme: str, absent: tuple[str, ...], on: date, known: date | None) -> Unavailable:
    first = max(min(rule.since for rule in book.by_name[name]) for name in absent)
    if first > on:
        return Unavailable(
            scheme,
            f"rules before {first} are not written (asked for {on}; missing: {listed(absent)})",
            f"{first}之前的规则未编写（查询日{on}）",
        )
    return Unavailable(
        scheme,
        f"the documents of {listed(absent)} were not public, or not surely so, by {known}",
        f"截至{known}有关文件尚未（或不能确定已）公布",
    )


def _steps(order: Sequence[str], live: Mapping[str, AnyRule], levels: Mapping[str, Level]) -> tuple[Step, ...]:
    return tuple(_step(live[name], levels) for name in order if name in live)


def _step(rule: AnyRule, levels: Mapping[str, Level]) -> Step:
    to_members = rule.operation in {Operation.TOTAL, Operation.COUNT, Operation.ANY} or rule.level is Level.PERSON
    shared = rule.arguments[0] if rule.operation is Operation.APPORTION else None

    def placed(need: str) -> tuple[str, bool]:
        return need, need != DAY and to_members and need != shared and levels[need] is Level.HOUSEHOLD

    return Step(
        rule,
        tuple(placed(need) for need in rule.arguments),
        placed(rule.only_where) if rule.only_where else None,
    )
