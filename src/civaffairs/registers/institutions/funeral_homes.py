"""Funeral homes (殡仪馆): what the record of one keeps, and the promises of service of the bureau's report."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.law.citation import document
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Flags, entry
from civaffairs.registers.institutions.base import INSTITUTION_RULES, Institution, institution_steps
from civaffairs.registers.kinds import RegisterKind
from civaffairs.registers.validity import Severity, validity

REPORT = document("nanning-report").section("民政服务全过程改革精准有效")
LAST_TALK, SAME_DAY = 22, 16


@attrs.frozen(kw_only=True)
class FuneralHome(Institution):
    """A funeral home."""

    always_fetches: bool | None = entry(Kind.FLAG, "24小时接运", "whether the dead are fetched at all hours")
    talks_until: int | None = entry(Kind.COUNT, "洽谈截止时", "hour before which families are received", high=24)
    same_day_before: int | None = entry(
        Kind.COUNT, "当天火化截止时", "hour before which papers lead to cremation on the same day", high=24
    )
    remains_places: int | None = entry(Kind.COUNT, "遗体存放位", "places for remains", high=100_000)
    remains: int | None = entry(Kind.COUNT, "在馆遗体", "remains that are kept", high=100_000)


Counts = NDArray[np.int64]


def _in_nanning(place: NDArray[np.str_]) -> Flags:
    return np.asarray(np.strings.startswith(place, "4501"))


@validity(None, Severity.INVARIANT)
def remains_have_places(remains: Counts, remains_places: Counts) -> Flags:
    """A funeral home keeps no more remains than it has places for."""
    return np.asarray(remains <= remains_places)


@validity(REPORT, Severity.WARNING, only=_in_nanning)
def fetches_at_all_hours(always_fetches: NDArray[np.int8]) -> Flags:
    """In Nanning the dead are fetched by day and night, as the bureau promises."""
    return np.asarray(always_fetches == 1)


@validity(REPORT, Severity.WARNING, only=_in_nanning)
def talks_in_the_evening(talks_until: Counts) -> Flags:
    """In Nanning families are received every day until 22:00, as the bureau promises."""
    return np.asarray(talks_until >= LAST_TALK)


@validity(REPORT, Severity.WARNING, only=_in_nanning)
def cremates_on_the_same_day(same_day_before: Counts) -> Flags:
    """In Nanning papers done before 16:00 lead to cremation on the same day, as the bureau promises."""
    return np.asarray(same_day_before >= SAME_DAY)


FUNERAL_HOMES: RegisterKind[FuneralHome] = RegisterKind(
    name="funeral homes", label_zh="殡仪馆", record=FuneralHome, place="place",
    steps=institution_steps(may=("always_fetches", "talks_until", "same_day_before", "remains_places", "remains")),
    rules=(
        *(rule for rule in INSTITUTION_RULES if rule.name != "residents_have_beds"),
        remains_have_places, fetches_at_all_hours, talks_in_the_evening, cremates_on_the_same_day,
    ),
)  # fmt: skip
