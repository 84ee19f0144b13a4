"""A register (登记簿) is a dated history: records change only by events, and are read as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Generic

import attrs

from civaffairs.errors import Problem, Problems, UsageError, did_you_mean, masked
from civaffairs.registers.entering import life_faults
from civaffairs.registers.kinds import Event, Record, RegisterKind, open_steps, stepped
from civaffairs.registers.validity import BINDING, Findings, Severity, validated
from civaffairs.registers.view import Change, View, Viewed, differences


class EventRefused(UsageError):
    """An event does not fit the register, which is left as it was.

    Attributes
    ----------
    problems
        Everything that is wrong; ``row`` counts the events of the call from 1.
    """

    def __init__(self, problems: Problems) -> None:
        """Keep the table beside the message."""
        super().__init__(f"nothing was changed:\n{problems}")
        self.problems = problems


def _in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Events of one day stay in the order in which they are given."""
    return tuple(sorted(events, key=lambda event: event.on))


@attrs.frozen(repr=False)
class Register(Generic[Record]):
    """The events of a register, in the order in which they take effect; a changed register is a new one.

    Attributes
    ----------
    kind
        What it holds.
    events
        What happened.
    beside
        Registers that its records name or that its rules look into.

    Examples
    --------
    See `civaffairs.registers.cemeteries` for one at work.
    """

    kind: RegisterKind[Record]
    events: tuple[Event, ...] = attrs.field(default=(), converter=_in_order)
    beside: Mapping[str, Viewed] = attrs.field(factory=dict, kw_only=True)

    def __repr__(self) -> str:
        return f"<register of {self.kind.name} ({self.kind.label_zh}): {len(self.events)} events>"

    def add(self, *events: Event, record_breaches: bool = False) -> Register[Record]:
        """Enter events: all of them, or none.

        Each event must be a step open to its record, state what the step needs, and leave every invariant standing
        on each day on which anything changes from then on. What would break the law is refused as well.

        Parameters
        ----------
        *events
            What happened, in the order in which it did where the days are equal.
        record_breaches
            Enter what breaks the law all the same, where it was found so; `validate` goes on telling it.

        Returns
        -------
        Register
            The register with the events.

        Raises
        ------
        EventRefused
            With everything that is wrong; the register is as it was.
        """
        changed, problems = self.entered(events)
        if not problems and events:
            problems = self._brought_about(changed, events, (Severity.INVARIANT,) if record_breaches else BINDING)
        if problems:
            raise EventRefused(problems)
        return changed

    def entered(self, events: Sequence[Event]) -> tuple[Register[Record], Problems]:
        """Enter events without looking at rules, and tell what does not fit; `add` is what to call.

        Returns
        -------
        Register
            With the events of every record that has no problem.
        Problems
            Steps that are not open, facts that are missing, unknown or unreadable.
        """
        touched = {event.key for event in events}
        rows = {id(event): row for row, event in enumerate(events, 1)}
        every = _in_order([*self.events, *events])
        problems: list[Problem] = []
        lives: dict[str, list[Event]] = {}
        for event in every:
            if event.key in touched:
                lives.setdefault(event.key, []).append(event)
        for life in lives.values():
            problems += life_faults(self.kind, life, rows)
        bad = {problem.household for problem in problems}
        problems = [attrs.evolve(problem, household="") for problem in problems]
        kept = [event for event in every if event.key not in bad or id(event) not in rows]
        return attrs.evolve(self, events=kept), Problems(sorted(problems, key=lambda p: p.row or 0))

    def as_of(self, day: date, *, known: date | None = None) -> View[Record]:
        """Read the register as it stood on a day.

        Parameters
        ----------
        day
            The day.
        known
            Take only what had been entered by this day: what an office could have said then. An event that does not
            follow without one entered later is left out.

        Returns
        -------
        View
            The records that had begun, by key, in the order in which they began.
        """
        facts: dict[str, dict[str, Any]] = {}
        open_to = open_steps(self.kind)
        for event in self.events:
            if event.on > day:
                break
            if known is not None and not event.known_by(known):
                continue
            held = facts.get(event.key)
            step = open_to.get((event.action, held["state"] if held else None))
            if step is not None:
                facts[event.key] = stepped(self.kind, held, event, step)
        return View(self.kind, day, facts)

    def validate(self, day: date, *, known: date | None = None) -> Findings:
        """Hold every record of a day to every rule, all at once.

        Parameters
        ----------
        day
            The day.
        known
            Take only what had been entered by this day.

        Returns
        -------
        Findings
            Each rule that does not hold for a record, with its article; and the rules that could not be checked.
        """
        return validated(self.as_of(day, known=known), self._beside(day, known))

    def history(self, key: str) -> tuple[tuple[Event, Record], ...]:
        """Tell the life of one record: each event and the record as it left it.

        Raises
        ------
        UsageError
            If no event is about the key.
        """
        life = [event for event in self.events if event.key == key]
        if not life:
            known = dict.fromkeys(event.key for event in self.events)
            msg = f"no event of the register of {self.kind.name} is about {masked(key)!r}{did_you_mean(key, known)}"
            raise UsageError(msg)
        told: list[tuple[Event, Record]] = []
        held: dict[str, Any] | None = None
        open_to = open_steps(self.kind)
        make: Any = self.kind.record
        for event in life:
            step = open_to.get((event.action, held["state"] if held else None))
            if step is not None:
                held = stepped(self.kind, held, event, step)
                told.append((event, make(**held)))
        return tuple(told)

    def days(self) -> tuple[date, ...]:
        """List the days on which something changes."""
        return tuple(day for day, _ in groupby(self.events, key=lambda event: event.on))

    def _beside(self, day: date, known: date | None = None) -> dict[str, View[object]]:
        return {name: register.as_of(day, known=known) for name, register in self.beside.items()}

    def _brought_about(
        self, changed: Register[Record], events: Sequence[Event], severities: Sequence[Severity]
    ) -> Problems:
        """Tell the rules that hold without the events and do not hold with them, on any day from the first on."""
        first = min(event.on for event in events)
        problems: dict[tuple[str, str], Problem] = {}
        for day in changed.days():
            if day < first:
                continue
            beside = self._beside(day)
            broken = validated(changed.as_of(day), beside, severities).violations
            if not broken:
                continue
            stood = validated(self.as_of(day), beside, severities).violations
            already = {(found.rule.name, found.key) for found in stood}
            for found in broken:
                row = next((row for row, event in enumerate(events, 1) if event.key == found.key), None)
                if (found.rule.name, found.key) not in already:
                    problems.setdefault((found.rule.name, found.key), Problem(row=row, reason=str(found)))
        return Problems(sorted(problems.values(), key=lambda problem: problem.row or len(events) + 1))

    def diff(self, before: date, after: date) -> tuple[Change, ...]:
        """List every fact that differs between two days, with the papers behind it.

        Raises
        ------
        UsageError
            If the days are not in order.
        """
        if after < before:
            msg = f"{after} is before {before}; give the earlier day first"
            raise UsageError(msg)
        papers: dict[str, list[str]] = {}
        for event in self.events:
            if before < event.on <= after:
                papers.setdefault(event.key, []).append(event.document)
        old, new = self.as_of(before), self.as_of(after)
        hidden = self.kind.personal
        return tuple(
            Change(
                key=key,
                fact=name,
                before=None if name in hidden else was,
                after=None if name in hidden else now,
                documents=tuple(dict.fromkeys(papers[key])),
            )
            for key in papers
            if key in new
            for name, was, now in differences(self.kind, old.get(key), new[key])
        )
