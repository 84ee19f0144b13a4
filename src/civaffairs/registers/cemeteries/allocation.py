"""Which plot goes to whom (墓位分配): free plots for those who are eligible, in an order that whoever asks gives."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from civaffairs.errors import UsageError, listed
from civaffairs.registers.cemeteries.eligibility import ApplicantGroup, Application, Eligibility, Outcome
from civaffairs.registers.cemeteries.plot_states import PlotState
from civaffairs.registers.cemeteries.plots import PlotAction
from civaffairs.registers.fields import Fact
from civaffairs.registers.kinds import Event
from civaffairs.registers.view import View


@attrs.frozen(kw_only=True)
class Allocated:
    """What became of one application.

    Attributes
    ----------
    key
        Its number.
    plot
        The plot; empty where there is none.
    reason
        Why there is none, or why this one.
    """

    key: str
    plot: str
    reason: str


def allocate(
    applications: Sequence[Application],
    found: Sequence[Eligibility],
    plots: View[object],
    cemetery: str,
    *,
    first: Sequence[ApplicantGroup],
    larger: bool,
) -> tuple[Allocated, ...]:
    """Give free plots to those who are eligible: groups that come first, then by day and number of the application.

    Each gets the first free plot, by its key, of the best style wanted that is still free. Nobody gets two.

    Parameters
    ----------
    applications, found
        Applications and what was found of each, in one order.
    plots
        A view of the register of plots.
    cemetery
        The cemetery.
    first
        Groups that come first, in this order; all others after them. Empty for the order of application alone. No
        order of precedence was read, so whoever asks gives one.
    larger
        Whether a plot for more persons may be given where none for just as many is free.

    Returns
    -------
    tuple
        One for each application, in their order.

    Raises
    ------
    UsageError
        If findings and applications are not of one list.
    """
    if [asked.key for asked in applications] != [told.key for told in found]:
        msg = f"{len(applications)} applications and {len(found)} findings are not in one order; pass them as they came"
        raise UsageError(msg)
    free = _free(plots, cemetery)
    rank = {group: number for number, group in enumerate(first)}
    order = sorted(
        range(len(applications)),
        key=lambda at: (
            rank.get(applications[at].group or ApplicantGroup.OTHER, len(rank)),
            applications[at].applied,
            applications[at].key,
        ),
    )
    told: dict[str, Allocated] = {}
    for at in order:
        asked, outcome = applications[at], found[at]
        if outcome.outcome is not Outcome.ELIGIBLE:
            reason = f"{outcome.outcome.value}: {listed(outcome.reasons)}"
            told[asked.key] = Allocated(key=asked.key, plot="", reason=reason)
            continue
        plot = _take(free, asked, larger)
        kind = f"{asked.holds.value} of {asked.persons}{' or more' if larger else ''}"
        reason = "the first free plot that fits" if plot else f"no plot for {kind} in a style that is wanted is free"
        told[asked.key] = Allocated(key=asked.key, plot=plot, reason=reason)
    return tuple(told[asked.key] for asked in applications)


def _free(plots: View[object], cemetery: str) -> dict[tuple[int, int, int], deque[str]]:
    """Queues of free plots of a cemetery, by what they hold, for how many, and style."""
    columns = plots.columns("key", "state", "cemetery", "holds", "persons", "style")
    open_ = (columns["state"] == PlotState.AVAILABLE.number) & (columns["cemetery"] == cemetery)
    queues: dict[tuple[int, int, int], deque[str]] = {}
    rows = zip(*(columns[name][open_].tolist() for name in ("key", "holds", "persons", "style")), strict=True)
    for key, holds, persons, style in sorted(rows):
        queues.setdefault((holds, persons, style), deque()).append(key)
    return queues


def _take(free: Mapping[tuple[int, int, int], deque[str]], asked: Application, larger: bool) -> str:
    """Take a plot: just large enough before larger, then by style, then by key."""
    wanted = [style.number for style in asked.styles]
    slots = [
        (persons, wanted.index(style) if wanted else 0, queue[0], queue)
        for (holds, persons, style), queue in free.items()
        if queue
        and holds == asked.holds.number
        and (persons == asked.persons or (larger and persons > asked.persons))
        and (not wanted or style in wanted)
    ]
    return min(slots)[3].popleft() if slots else ""


def reservations(
    applications: Sequence[Application], allocated: Sequence[Allocated], *, on: date, document: str
) -> tuple[Event, ...]:
    """Turn what was given into events for the register of plots.

    Parameters
    ----------
    applications, allocated
        Applications and what became of each, in one order.
    on
        The day on which the plots are taken.
    document
        The paper behind it.
    """
    events = []
    for asked, got in zip(applications, allocated, strict=True):
        if got.plot:
            facts: dict[str, Fact] = {"holder": asked.holder, "taken": on}
            told: dict[str, Fact] = {
                "certificate": asked.certificate, "holder_village": asked.village, "reserved_for": asked.reserved_for,
            }  # fmt: skip
            facts |= {name: value for name, value in told.items() if value}
            events.append(Event(key=got.plot, action=PlotAction.RESERVE, on=on, document=document, facts=facts))
    return tuple(events)
