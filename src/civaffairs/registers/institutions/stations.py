"""Assistance stations (救助管理站): what the measures of 2003 demand of them; the functions of a regional centre."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Codes, Flags, entry
from civaffairs.registers.institutions.base import INSTITUTION_RULES, Institution, institution_steps
from civaffairs.registers.institutions.closed_sets import within
from civaffairs.registers.institutions.stays import LAW_BEGINS, MEASURES
from civaffairs.registers.kinds import RegisterKind
from civaffairs.registers.validity import Severity, Validity, validity

WORK_RULES = document("assistance-work-rules-2014")


class StationFunction(Labelled):
    """What a regional centre does, as the bureau's work report lists it."""

    TRACE = ("trace", "甄别寻亲")
    SETTLE = ("settle", "落户安置")
    PREVENT = ("prevent", "源头治理")
    NETWORK = ("network", "救助网络")
    SUPERVISE = ("supervise", "督促指导")


@attrs.frozen(kw_only=True)
class Station(Institution):
    """An assistance station."""

    functions: tuple[str, ...] = entry(
        Kind.TEXTS, "区域中心功能", "of a regional centre: trace, settle, prevent, network, supervise, in this order"
    )
    centre: str = entry(Kind.TEXT, "所属区域中心", "key of the regional centre to which the station belongs")
    always_open: bool | None = entry(Kind.FLAG, "24小时接待", "whether people are received at all hours")
    rooms_by_sex: bool | None = entry(Kind.FLAG, "按性别分室", "whether women and men sleep in rooms of their own")
    women_by_women: bool | None = entry(Kind.FLAG, "女性由女性管理", "whether women are looked after by women")
    charges: bool | None = entry(Kind.FLAG, "收取费用", "whether anything is charged")
    labour: bool | None = entry(Kind.FLAG, "组织劳动", "whether people are put to work")
    hinders_leaving: bool | None = entry(Kind.FLAG, "限制离站", "whether people are kept from leaving")


def _demand(article: Citation) -> Callable[[Callable[..., Flags]], tuple[Validity, Validity]]:
    """Make two rules of a demand: a breach while the measures surely hold, for a person to look at after that."""

    def made(function: Callable[..., Flags]) -> tuple[Validity, Validity]:
        return (
            validity(article, Severity.BREACH, until=LAW_BEGINS - timedelta(days=1))(function),
            validity(article, Severity.REVIEW, since=LAW_BEGINS)(function),
        )

    return made


@_demand(MEASURES[8])
def sexes_are_apart(rooms_by_sex: Codes, women_by_women: Codes) -> Flags:
    """Women and men sleep in rooms of their own, and women look after women."""
    return np.asarray((rooms_by_sex == 1) & (women_by_women == 1))


@_demand(MEASURES[10])
def nothing_is_charged(charges: Codes) -> Flags:
    """A station charges nothing, neither those whom it helps nor their kin or employers."""
    return np.asarray(charges == 0)


@_demand(MEASURES[10])
def nobody_is_put_to_work(labour: Codes) -> Flags:
    """A station puts nobody to work."""
    return np.asarray(labour == 0)


@_demand(MEASURES[11])
def everybody_may_leave(hinders_leaving: Codes) -> Flags:
    """A station keeps nobody from leaving."""
    return np.asarray(hinders_leaving == 0)


@validity(WORK_RULES[4], Severity.WARNING)
def received_at_all_hours(always_open: Codes) -> Flags:
    """People are received at all hours."""
    return np.asarray(always_open == 1)


@validity(None, Severity.INVARIANT)
def functions_are_those_of_a_centre(functions: NDArray[np.str_]) -> Flags:
    """The functions are among the five of a regional centre, each once and in their order."""
    return within(functions, StationFunction)


STATIONS: RegisterKind[Station] = RegisterKind(
    name="assistance stations", label_zh="救助管理站", record=Station, place="place",
    steps=institution_steps(
        may=(
            "functions", "centre", "always_open", "rooms_by_sex", "women_by_women", "charges", "labour",
            "hinders_leaving",
        ),
    ),
    rules=(
        *INSTITUTION_RULES, *sexes_are_apart, *nothing_is_charged, *nobody_is_put_to_work, *everybody_may_leave,
        received_at_all_hours, functions_are_those_of_a_centre,
    ),
)  # fmt: skip
