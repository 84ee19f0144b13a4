"""Whether events fit a register: each a step that is open to its record, stating what the step needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from civaffairs.errors import Problem, did_you_mean, listed, masked
from civaffairs.labels import Labelled
from civaffairs.registers.fields import check_fact, nothing_of
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step, open_steps, stepped


def life_faults(kind: RegisterKind[Any], life: Sequence[Event], rows: Mapping[int, int]) -> list[Problem]:
    """Follow one record from its first event on; ``household`` carries the key until the table is made."""
    columns = kind.fields
    open_to = open_steps(kind)
    held: dict[str, Any] | None = None
    found: list[Problem] = []
    for event in life:
        row = rows.get(id(event))
        state = held["state"] if held else None
        step = open_to.get((event.action, state))
        faults = (
            [("", "", _not_open(kind, event, state), "")]
            if step is None
            else _event_faults(columns, held or {}, event, step)
        )
        hidden = kind.personal
        found += [
            Problem(
                row=row if row is not None else min(rows[id(e)] for e in life if id(e) in rows),
                household=event.key,
                column=column,
                value="" if column in hidden else value,
                reason=f"{masked(event.key)}: {reason}",
                hint=hint,
            )
            for column, value, reason, hint in faults
        ]
        if step is None or faults:
            return found
        held = stepped(kind, held, event, step)
    return found


def _not_open(kind: RegisterKind[Any], event: Event, state: Labelled | None) -> str:
    where = f"a record that is {state.value} ({state.label_zh})" if state else "a record that has not begun"
    if event.action not in kind.actions():
        names = [str(action.value) for action in kind.actions()]
        return f"{event.action.value!r} is no action of {kind.name}{did_you_mean(str(event.action.value), names)}"
    able = dict.fromkeys(s for step in kind.steps if step.action is event.action for s in step.before)
    begins = any(step.action is event.action and not step.before for step in kind.steps)
    open_in = [*(["a record that has not begun"] if begins else []), *(str(s.value) for s in able)]
    return f"{event.action.value} on {event.on} is not open to {where}; it is to: {listed(open_in)}"


def _event_faults(columns: Mapping[str, Any], held: Facts, event: Event, step: Step) -> list[tuple[str, str, str, str]]:
    """Column, value, reason and hint of what is wrong with an event whose step is open."""
    allowed = (*step.needs, *step.may)
    found = [("document", "", "the paper behind the event is missing", "give its title or number")] * (
        not event.document.strip()
    )
    for name, value in event.facts.items():
        if name not in columns or name in ("key", "state"):
            near = did_you_mean(name, [n for n in columns if n not in ("key", "state")])
            found.append((name, "", f"is no fact of the register{near}", ""))
        elif name not in allowed:
            hint = f"it states: {listed(allowed)}" if allowed else "it states nothing"
            found.append((name, "", f"is not for {event.action.value} to state", hint))
        elif (fault := check_fact(columns[name], value)) is not None:
            found.append((name, str(value), fault.reason, fault.hint))
    for name in step.needs:
        if event.facts.get(name, nothing_of(columns[name].kind)) == nothing_of(columns[name].kind):
            found.append((name, "", f"is missing: {event.action.value} must state it", columns[name].meaning))
    if not found and step.guard is not None and (why := step.guard(held, event)):
        found.append(("", "", why, ""))
    return found
