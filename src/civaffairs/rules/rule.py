"""A rule: a plain cited function of columns; and the few declared ways in which columns change level or meet."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any, Generic, ParamSpec, TypeVar

import attrs

from civaffairs.law.citation import Citation
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.values import Codes, Count, Flags

P = ParamSpec("P")
T_co = TypeVar("T_co", covariant=True)

DAY = "day"
"""The argument name under which a rule asks for the plan's day."""


class Operation(Enum):
    """How the engine works a rule out."""

    ROWWISE = "a function of each row"
    TOTAL = "the total over the members of a household"
    COUNT = "how many members of a household"
    ANY = "whether any member of a household"
    APPORTION = "a household's amount, shared to the fen among its members"
    EITHER = "yes if any of these is yes; open only if none is yes and one is not known"
    EVERY = "yes if all of these are yes; open only if none is no and one is not known"
    FIRST_STATED = "the first of these that is stated"
    SETTLED = "what is left of one benefit beside another, as far as both are paid and the place's rule is known"
    AGREED = "what is recorded, unless a test that must be passed fails; open where the record contradicts the test"


class Unit(Enum):
    """What a rule's numbers count."""

    NONE = ""
    FEN_MONTH = "fen/month"
    FEN_ONCE = "fen"
    FEN_COMMON = "fen/27720 months"
    PERSONS = "persons"
    YEARS = "years"


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Rule(Generic[P, T_co]):
    """One provision as arithmetic. Call it by hand with columns, or let a plan call it.

    Attributes
    ----------
    function
        What is worked out; the names of its parameters are what it needs.
    name
        The name under which other rules ask for it; versions of one rule share it.
    level
        Whether it gives a value a person or a household.
    citations
        The articles it rests on.
    label_zh
        The Chinese term.
    meaning
        One line: what the statute means.
    since
        First day of this version; a later version of the same name takes over on its own first day.
    until
        Last day, only where the text itself ends it.
    only_where
        Name of a flag outside which the value is known to be nought, whatever else is unknown.
    conventions
        Names of the open readings it relies on.
    """

    function: Callable[P, T_co]
    name: str
    level: Level
    citations: tuple[Citation, ...]
    label_zh: str
    meaning: str
    since: date
    until: date | None = None
    only_where: str | None = None
    operation: Operation = Operation.ROWWISE
    unit: Unit = Unit.NONE
    conventions: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    gives: str = ""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T_co:
        """Work the rule out for columns given by hand."""
        return self.function(*args, **kwargs)

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Names of the columns, rules and parameters it is worked out from, the ``only_where`` flag last."""
        flag = (self.only_where,) if self.only_where and self.only_where not in self.arguments else ()
        return self.arguments + flag

    @property
    def where(self) -> str:
        """File and line of the rule, for messages."""
        code = getattr(inspect.unwrap(self.function), "__code__", None)
        return f"{code.co_filename}:{code.co_firstlineno}" if code else "<declared>"

    def __repr__(self) -> str:
        return f"<rule {self.name} ({self.label_zh}) since {self.since}>"


AnyRule = Rule[Any, Any]


def _type_name(annotation: object, unit: Unit) -> str:
    """Name what a function gives; a module may or may not keep its annotations as text."""
    if isinstance(annotation, str):
        return annotation
    whole = (
        "Fen" if unit in {Unit.FEN_MONTH, Unit.FEN_ONCE, Unit.FEN_COMMON} else ""
    )  # money and counts are of one type
    columns = {"Flags": Flags, "Codes": Codes, whole: Fen}
    return next((name for name, column in columns.items() if annotation == column), "")


def named(rule: AnyRule | str) -> str:
    """Return the name of a rule, or the name itself."""
    return rule if isinstance(rule, str) else rule.name


def rule(
    level: Level,
    *citations: Citation,
    zh: str,
    since: date,
    until: date | None = None,
    name: str = "",
    only_where: AnyRule | str | None = None,
    unit: Unit = Unit.NONE,
    conventions: tuple[str, ...] = (),
    arguments: tuple[str, ...] | None = None,
) -> Callable[[Callable[P, T_co]], Rule[P, T_co]]:
    """Make a rule of a function of columns.

    Parameters
    ----------
    level
        Whether its arguments and result have one value a person or a household; household values reach a
        person's rule by themselves.
    citations
        At least one article.
    zh
        The Chinese term.
    since, until
        First and, if the text itself ends it, last day in force.
    name
        The name other rules use, where it is not the function's: a later version of an earlier rule.
    only_where
        A flag outside which the value is a known nought.
    unit
        What the numbers count.
    conventions
        Names of open readings it relies on, for the standing of a result.
    arguments
        What it is worked out from, in order, where one function serves several rules and its own names are general.
    """

    def make(function: Callable[P, T_co]) -> Rule[P, T_co]:
        signature = inspect.signature(function)
        return Rule(
            function=function,
            name=name or function.__name__,
            level=level,
            citations=citations,
            label_zh=zh,
            meaning=(inspect.getdoc(function) or "").partition("\n")[0],
            since=since,
            until=until,
            only_where=named(only_where) if only_where is not None else None,
            unit=unit,
            conventions=conventions,
            arguments=tuple(signature.parameters) if arguments is None else arguments,
            gives=_type_name(signature.return_annotation, unit),
        )

    return make


def _declared(
    operation: Operation,
    level: Level,
    name: str,
    arguments: tuple[AnyRule | str, ...],
    citations: tuple[Citation, ...],
    zh: str,
    meaning: str,
    since: date,
    gives: str,
    unit: Unit = Unit.NONE,
    only_where: AnyRule | str | None = None,
    conventions: tuple[str, ...] = (),
) -> Rule[Any, Any]:
    def by_engine(*_: object) -> Any:  # noqa: ANN401 -- declared rules are worked out by the engine
        msg = f"{name} is {operation.value}; it is worked out by a plan, not by a call"
        raise TypeError(msg)

    return Rule(
        function=by_engine,
        name=name,
        level=level,
        citations=citations,
        label_zh=zh,
        meaning=meaning,
        since=since,
        only_where=named(only_where) if only_where is not None else None,
        operation=operation,
        unit=unit,
        conventions=conventions,
        arguments=tuple(named(argument) for argument in arguments),
        gives=gives,
    )


def total(
    name: str,
    of: AnyRule | str,
    *citations: Citation,
    zh: str,
    meaning: str,
    since: date,
    where: AnyRule | str | None = None,
    unit: Unit = Unit.FEN_MONTH,
) -> Rule[Any, Fen]:
    """Declare the total of a person's column over each household, of the members ``where`` only."""
    return _declared(Operation.TOTAL, Level.HOUSEHOLD, name, (of,), citations, zh, meaning, since, "Fen", unit, where)


def count(name: str, of: AnyRule | str, *citations: Citation, zh: str, meaning: str, since: date) -> Rule[Any, Count]:
    """Declare how many members of each household have a flag."""
    return _declared(
        Operation.COUNT, Level.HOUSEHOLD, name, (of,), citations, zh, meaning, since, "Count", Unit.PERSONS
    )


def any_of(name: str, of: AnyRule | str, *citations: Citation, zh: str, meaning: str, since: date) -> Rule[Any, Flags]:
    """Declare whether any member of each household has a flag."""
    return _declared(Operation.ANY, Level.HOUSEHOLD, name, (of,), citations, zh, meaning, since, "Flags")


def apportion(
    name: str,
    of: AnyRule | str,
    *citations: Citation,
    zh: str,
    meaning: str,
    since: date,
    among: AnyRule | str | None = None,
) -> Rule[Any, Fen]:
    """Declare the equal shares of a household's amount; odd fen go to members in the order of their keys."""
    arguments = (of,) if among is None else (of, among)
    return _declared(
        Operation.APPORTION,
        Level.PERSON,
        name,
        arguments,
        citations,
        zh,
        meaning,
        since,
        "Fen",
        Unit.FEN_MONTH,
        conventions=("remainder",),
    )


def either(
    name: str, level: Level, *of: AnyRule | str, cites: tuple[Citation, ...], zh: str, meaning: str, since: date
) -> Rule[Any, Flags]:
    """Declare a flag that is up if any of several is, even while others are not known."""
    return _declared(Operation.EITHER, level, name, of, cites, zh, meaning, since, "Flags")


def every(
    name: str, level: Level, *of: AnyRule | str, cites: tuple[Citation, ...], zh: str, meaning: str, since: date
) -> Rule[Any, Flags]:
    """Declare a flag that is up if all of several are, and down as soon as one is known to be."""
    return _declared(Operation.EVERY, level, name, of, cites, zh, meaning, since, "Flags")


def first_stated(
    name: str,
    level: Level,
    *of: AnyRule | str,
    cites: tuple[Citation, ...],
    zh: str,
    meaning: str,
    since: date,
    gives: str,
) -> Rule[Any, Any]:
    """Declare a value taken from the first of several that states it."""
    return _declared(Operation.FIRST_STATED, level, name, of, cites, zh, meaning, since, gives)


def agreed(
    name: str,
    level: Level,
    worked_out: AnyRule | str,
    recorded: AnyRule | str,
    *,
    cites: tuple[Citation, ...],
    zh: str,
    meaning: str,
    since: date,
) -> Rule[Any, Flags]:
    """Declare a flag recorded by an office, of which one part can be tested.

    A failed test settles it where nothing is recorded; a record against a failed test leaves it open, for somebody to
    look at. A passed test alone proves nothing: it is only a part.
    """
    return _declared(Operation.AGREED, level, name, (worked_out, recorded), cites, zh, meaning, since, "Flags")


def settled(
    name: str,
    gives_way: Callable[..., Flags],
    cell: str,
    amount: AnyRule | str,
    beside: AnyRule | str,
    *,
    cites: tuple[Citation, ...],
    zh: str,
    meaning: str,
    since: date,
) -> Rule[Any, Fen]:
    """Declare what is left of an amount beside another benefit.

    Parameters
    ----------
    name
        The rule's name.
    gives_way
        Function of the cell's choice, the amount and what stands beside it: whether the amount is lost.
    cell
        The parameter that says how the two go together; its first choice is that both are paid, and then, or where one
        of the two is nothing, nothing else need be known.
    amount
        The amount.
    beside
        The other amount, or a flag of its being drawn.
    """
    made = _declared(
        Operation.SETTLED, Level.PERSON, name, (cell, amount, beside), cites, zh, meaning, since, "Fen", Unit.FEN_MONTH
    )
    return attrs.evolve(made, function=gives_way)
