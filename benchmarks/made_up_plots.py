"""Makes up as many plots of a few cemeteries as one likes, the same ones every time; none of them is real."""

from __future__ import annotations

from datetime import date

import numpy as np

from civaffairs.calendar import date_of, days
from civaffairs.registers.cemeteries.approval import CemeteryKind
from civaffairs.registers.cemeteries.cemeteries import CEMETERIES, CemeteryAction
from civaffairs.registers.cemeteries.limits import Holds
from civaffairs.registers.cemeteries.plots import PLOTS, Plot, PlotAction, term_end
from civaffairs.registers.cemeteries.sections import SECTIONS, SectionAction
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import Register
from civaffairs.registers.kinds import Event

PAPER = "made-up books"
BEGINS = date(1990, 1, 1)
KINDS = tuple(CemeteryKind)
PLACES = ("450102", "450103", "450105", "450107", "450108", "450109")
STYLES = (BurialStyle.UPRIGHT_GRAVE, BurialStyle.FLAT_STONE_GRAVE, BurialStyle.NICHE, BurialStyle.FLOWER_BED_BURIAL)
SHARES = (0.35, 0.3, 0.25, 0.1)
YEARS = 20


def made_up_cemeteries(count: int, plots: int) -> Register[object]:
    """Make up cemeteries with room for so many plots in all, spread over districts."""
    events = [
        Event(
            key=_cemetery(number), action=CemeteryAction.RECORD, on=BEGINS, document=PAPER,
            facts={
                "place": PLACES[number % len(PLACES)], "name": f"编造墓园{number}", "kind": KINDS[number % len(KINDS)],
                "village": _village(number) if KINDS[number % len(KINDS)] is CemeteryKind.RURAL_PUBLIC else "",
                "capacity": plots, "longitude": 108.2 + number / 100, "latitude": 22.7 + number / 100,
            },
        )
        for number in range(count)
    ]  # fmt: skip
    return Register(CEMETERIES, events)


def made_up_sections(cemeteries: int) -> Register[object]:
    """Make up one section of each style in each cemetery."""
    events = [
        Event(
            key=_section(number, style), action=SectionAction.RECORD, on=BEGINS, document=PAPER,
            facts={
                "cemetery": _cemetery(number), "styles": (str(STYLES[style].value),),
                "retains_ashes": STYLES[style] is not BurialStyle.FLOWER_BED_BURIAL,
            },
        )
        for number in range(cemeteries)
        for style in range(len(STYLES))
    ]  # fmt: skip
    return Register(SECTIONS, events)


def made_up_plots(count: int, *, cemeteries: int = 12, seed: int = 26, breaches: int = 0) -> Register[Plot]:
    """Make up plots: two in three occupied from 1998-09-16 to 2026-03-29, some of the rest reserved, one in four free.

    Parameters
    ----------
    count
        How many.
    cemeteries
        In how many cemeteries.
    seed
        What the draw begins with.
    breaches
        How many of the first occupied graves take more ground than they may.

    Returns
    -------
    Register
        Beside it the registers of cemeteries and of sections. Nothing else is wrong with it, but terms end.
    """
    draw = np.random.default_rng(seed)
    first, last = days(date(1998, 9, 16)), days(date(2026, 3, 29))
    of = draw.integers(cemeteries, size=count).tolist()
    style = draw.choice(len(STYLES), count, p=SHARES).tolist()
    taken = draw.integers(first, last + 1, count).tolist()
    persons = draw.integers(1, 3, count).tolist()
    fate = draw.random(count).tolist()
    area = draw.choice([5_000, 6_000, 8_000, 10_000], count).tolist()
    events: list[Event] = []
    for number in range(count):
        day = date_of(taken[number])
        site: dict[str, Fact] = {
            "place": PLACES[of[number] % len(PLACES)], "cemetery": _cemetery(of[number]),
            "section": _section(of[number], style[number]), "style": STYLES[style[number]], "holds": Holds.ASHES,
            "persons": persons[number],
        }  # fmt: skip
        if STYLES[style[number]] is not BurialStyle.NICHE:
            grave = STYLES[style[number]] is not BurialStyle.FLOWER_BED_BURIAL
            over = grave and breaches > 0 and fate[number] < 2 / 3
            breaches -= over
            site["area_cm2"] = 12_000 if over else area[number]
        holding: dict[str, Fact] = {
            "taken": day, "holder": f"H-{number:06d}", "holder_village": _village(of[number]),
            "certificate": f"C-{number:06d}",
        }  # fmt: skip
        events += _life(f"P{number:06d}", day, site, holding, STYLES[style[number]], persons[number], fate[number])
    beside = {"cemeteries": made_up_cemeteries(cemeteries, count), "sections": made_up_sections(cemeteries)}
    return Register(PLOTS, events, beside=beside)


def _life(
    key: str, day: date, site: dict[str, Fact], holding: dict[str, Fact], style: BurialStyle, persons: int, fate: float
) -> list[Event]:
    """Occupied, reserved or free, as the draw has it."""

    def happens(action: PlotAction, on: date, **facts: Fact) -> Event:
        return Event(key=key, action=action, on=on, document=PAPER, facts=facts)

    if fate < 2 / 3:
        last = term_end(day, YEARS)
        paid: dict[str, Fact] = {"fee_from": day, "fee_until": last}
        term: dict[str, Fact] = {"term_start": day, "term_years": YEARS, "term_end": last}
        if style is BurialStyle.FLOWER_BED_BURIAL:
            paid, term = {}, {}
        return [happens(PlotAction.RECORD, day, **site, **holding, **term, **paid, occupants=persons)]
    begun = [
        happens(PlotAction.PLAN, BEGINS, **site),
        happens(PlotAction.BUILD, BEGINS),
        happens(PlotAction.FINISH, day, built=day),
    ]
    return begun if fate < 11 / 12 else [*begun, happens(PlotAction.RESERVE, day, **holding)]


def _cemetery(number: int) -> str:
    return f"C{number:02d}"


def _section(cemetery: int, style: int) -> str:
    return f"C{cemetery:02d}-{style}"


def _village(cemetery: int) -> str:
    return f"made-up village {cemetery}"
