"""What a register holds and what may happen to it: events, the steps of a record's life, the kind of a register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

import attrs

from civaffairs.errors import masked
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation
from civaffairs.law.lookup import Parameter
from civaffairs.people.columns import Column
from civaffairs.registers.fields import Fact, fields_of, nothing_of, personal_of

Record = TypeVar("Record", covariant=True)
"""A frozen attrs class with the facts of one record; among them ``key`` and ``state``."""

Facts = Mapping[str, Fact]


def _frozen(facts: Mapping[str, Fact]) -> MappingProxyType[str, Fact]:
    return MappingProxyType(dict(facts))


@attrs.frozen(kw_only=True, repr=False)
class Event:
    """One thing that happened to one record, by which paper.

    Attributes
    ----------
    key
        Whose it is.
    action
        What happened.
    on
        First day on which the record is as the event leaves it.
    document
        Title or number of the paper behind it.
    facts
        What the event states; facts it does not name stay as they were.
    recorded
        The day on which it was entered; the day itself when left out.
    """

    key: str
    action: Labelled
    on: date
    document: str
    facts: MappingProxyType[str, Fact] = attrs.field(factory=dict, converter=_frozen)
    recorded: date | None = None

    def known_by(self, day: date) -> bool:
        """Whether the event was in the register on a day."""
        return (self.recorded or self.on) <= day

    def __repr__(self) -> str:
        return f"<{masked(self.key)}: {self.action.value} on {self.on}>"


@attrs.frozen(kw_only=True)
class Step:
    """One way in which a record may change its state.

    Attributes
    ----------
    action
        What happens.
    before
        States in which it may happen; empty where it begins a record.
    after
        The state it leads to; ``None`` where the state stays.
    needs
        Facts that the event must state.
    may
        Facts that it may state besides.
    clears
        Facts that it empties.
    guard
        Says why the step is not open to a record with these facts for an event, or gives an empty text.
    source
        The article that provides for it.
    """

    action: Labelled
    before: tuple[Labelled, ...] = ()
    after: Labelled | None = None
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    guard: Callable[[Facts, Event], str] | None = None
    source: Citation | None = None


class Rule(Protocol):
    """What a kind of register knows of a rule; see `civaffairs.registers.validity.Validity`."""

    @property
    def name(self) -> str:
        """Its name."""
        ...


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RegisterKind(Generic[Record]):
    """What a register holds: its records, the steps of their life, and the rules that they keep to.

    Attributes
    ----------
    name, label_zh
        What it is called.
    record
        The class of its records.
    steps
        The state machine, as a table.
    rules
        Validity rules.
    values
        Dated and placed values that rules ask for by name.
    dated
        Values that are looked up as of a record's own day: value → the fact that is the day. Others are looked up as
        of the day on which the register is read.
    place
        The fact that is a record's place, to which values belong.
    links
        Facts that name a record of a register beside this one: fact → register.
    beside
        Other registers that its rules look into.
    fields
        The facts of a record, by name.
    personal
        Those that tell who a person is.
    """

    name: str
    label_zh: str
    record: type[Record]
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...] = ()
    values: Mapping[str, Parameter] = attrs.field(factory=dict)
    dated: Mapping[str, str] = attrs.field(factory=dict)
    place: str = ""
    links: Mapping[str, str] = attrs.field(factory=dict)
    beside: tuple[str, ...] = ()
    fields: Mapping[str, Column] = attrs.field(init=False)
    personal: frozenset[str] = attrs.field(init=False)

    @fields.default
    def _fields(self) -> Mapping[str, Column]:
        return fields_of(self.record)

    @personal.default
    def _personal(self) -> frozenset[str]:
        return personal_of(self.record)

    def __repr__(self) -> str:
        return f"<register of {self.name} ({self.label_zh})>"

    def actions(self) -> tuple[Labelled, ...]:
        """List the things that may happen, in the order of the steps."""
        return tuple(dict.fromkeys(step.action for step in self.steps))


def open_steps(kind: RegisterKind[Any]) -> dict[tuple[Labelled, Labelled | None], Step]:
    """Find the step of an action in a state; ``None`` where there is no record yet."""
    return {(step.action, state): step for step in reversed(kind.steps) for state in step.before or (None,)}


def stepped(kind: RegisterKind[Any], held: Mapping[str, Any] | None, event: Event, step: Step) -> dict[str, Any]:
    """The facts of a record after an event."""
    facts: dict[str, Any] = {"key": event.key} if held is None else dict(held)
    for name in step.clears:
        facts[name] = nothing_of(kind.fields[name].kind)
    facts.update(event.facts.copy())  # a plain dict again: reading through the proxy is several times slower
    if step.after is not None:
        facts["state"] = step.after
    return facts
