"""Made-up cemeteries with four sections, and events of plots in them, for the tests of cemeteries and plots."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from civaffairs.labels import Labelled
from civaffairs.registers.cemeteries.approval import CemeteryKind
from civaffairs.registers.cemeteries.cemeteries import CEMETERIES, Cemetery, CemeteryAction
from civaffairs.registers.cemeteries.limits import Holds
from civaffairs.registers.cemeteries.plots import PLOTS, Plot, PlotAction, term_end
from civaffairs.registers.cemeteries.sections import SECTIONS, Section, SectionAction
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import Register
from civaffairs.registers.kinds import Event

Member = TypeVar("Member", bound=Labelled)

CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "cemeteries.toml").read_text("utf-8"))
BEGINS = date(1990, 1, 1)
TAKEN = date(2006, 8, 1)
END = date(2026, 8, 1)
VILLAGE = "made-up village"


def member(choices: type[Member], value: str) -> Member:
    """Find the member of a closed set that a case file names."""
    return next(each for each in choices if each.value == value)


def cemetery_event(action: CemeteryAction, on: date = BEGINS, key: str = "C", **facts: Fact) -> Event:
    return Event(key=key, action=action, on=on, document="a made-up paper", facts=facts)


def cemeteries(**facts: Fact) -> Register[Cemetery]:
    """Record a commercial cemetery C of three plots and a ground for villagers V, unless told otherwise."""
    told: dict[str, Any] = {"place": "450102", "name": "made up", "kind": CemeteryKind.COMMERCIAL, "capacity": 3}
    village: dict[str, Any] = {
        "place": "450103", "name": "made up too", "kind": CemeteryKind.RURAL_PUBLIC, "village": VILLAGE, "capacity": 9,
    }  # fmt: skip
    record = CemeteryAction.RECORD
    return Register(CEMETERIES).add(
        cemetery_event(record, **(told | facts)), cemetery_event(record, key="V", **village)
    )


def section_event(action: SectionAction, key: str = "S", on: date = BEGINS, **facts: Fact) -> Event:
    return Event(key=key, action=action, on=on, document="a made-up paper", facts=facts)


def sections() -> Register[Section]:
    """Record sections of graves (S), of niches (N) and of flower beds (F) in C, and of graves in V."""
    record, beside = SectionAction.RECORD, {"cemeteries": cemeteries()}
    graves: dict[str, Any] = {"cemetery": "C", "styles": ("upright_grave", "tree_burial"), "retains_ashes": True}
    return Register(SECTIONS, beside=beside).add(
        section_event(record, **graves),
        section_event(record, "N", cemetery="C", styles=("niche",)),
        section_event(record, "F", cemetery="C", styles=("flower_bed_burial",)),
        section_event(record, "V-S", **(graves | {"cemetery": "V"})),
    )


EMPTY: Register[Plot] = Register(PLOTS, beside={"cemeteries": cemeteries(), "sections": sections()})
SITE: dict[str, Any] = {
    "place": "450102", "cemetery": "C", "section": "S", "style": BurialStyle.UPRIGHT_GRAVE, "holds": Holds.ASHES,
    "persons": 2,
}  # fmt: skip


def happens(action: PlotAction, on: date = TAKEN, key: str = "p", **facts: Fact) -> Event:
    return Event(key=key, action=action, on=on, document="a made-up paper", facts=facts)


def term(start: date, years: int = 20) -> dict[str, Any]:
    return {"term_start": start, "term_years": years, "term_end": term_end(start, years)}


def record(key: str = "p", on: date = TAKEN, leave_out: tuple[str, ...] = (), **facts: Fact) -> Event:
    """Record a double grave of ashes that was taken on a day, all of it right unless told otherwise."""
    told: dict[str, Any] = SITE | {
        "area_cm2": 10_000, "taken": on, "holder": "H-1", "certificate": "K-1", "occupants": 1, **term(on),
        "fee_from": on, "fee_until": term_end(on, 20),
    }  # fmt: skip
    told |= facts
    told = {name: value for name, value in told.items() if name not in leave_out}
    return happens(PlotAction.RECORD, on, key, **told)


def offered(key: str = "p", on: date = date(2006, 1, 1), **facts: Fact) -> tuple[Event, ...]:
    """Plan, build and finish a plot."""
    site: dict[str, Any] = SITE | {"area_cm2": 10_000} | facts
    if site["style"] is BurialStyle.NICHE:
        site.pop("area_cm2")
    return (
        happens(PlotAction.PLAN, BEGINS, key, **site),
        happens(PlotAction.BUILD, BEGINS, key),
        happens(PlotAction.FINISH, on, key, built=on),
    )
