"""Centres of rehabilitation of mental disorders (精神障碍社区康复机构): levels, functions, training, a city's hub."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.labels import Labelled
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Flags, entry
from civaffairs.registers.institutions.base import (
    INSTITUTION_RULES,
    Institution,
    InstitutionState,
    institution_steps,
)
from civaffairs.registers.institutions.closed_sets import texts_of, within
from civaffairs.registers.institutions.rehabilitation import ACTION
from civaffairs.registers.institutions.values import PARAMETERS
from civaffairs.registers.kinds import RegisterKind
from civaffairs.registers.validity import Severity, validity
from civaffairs.registers.view import View


class CentreLevel(Labelled):
    """Whom a centre serves."""

    CITY = ("city", "市级指导中心")
    COUNTY = ("county", "县级")
    COMMUNITY = ("community", "社区")


class CentreFunction(Labelled):
    """What the institution that each city needs does, by the notice of 2022."""

    ASSESS_AND_REFER = ("assess_and_refer", "评估转介")
    TRAIN_AND_SUPERVISE = ("train_and_supervise", "培训督导")
    DEMONSTRATE = ("demonstrate", "示范")


@attrs.frozen(kw_only=True)
class RehabCentre(Institution):
    """A centre of rehabilitation."""

    level: CentreLevel | None = entry(Kind.CHOICE, "级别", "whom it serves", choices=CentreLevel)
    functions: tuple[str, ...] = entry(
        Kind.TEXTS, "功能", "of a city's hub: assess_and_refer, train_and_supervise, demonstrate, in this order"
    )
    training_year: int | None = entry(Kind.COUNT, "培训年度", "year of the training that is told", high=9999)
    least_hours: int | None = entry(
        Kind.COUNT, "最低培训学时", "hours of training in that year of whoever had the fewest", high=9999
    )


Counts = NDArray[np.int64]


def _year_is_over(training_year: Counts, on: np.datetime64) -> Flags:
    return np.asarray(training_year < on.astype("datetime64[Y]").astype(np.int64) + 1970)


@validity(ACTION, Severity.WARNING, only=_year_is_over)
def staff_are_trained(training_year: Counts, least_hours: Counts, rehab_training_hours: Counts) -> Flags:
    """H3: everybody on the staff is trained for at least as many hours a year as the notice asks."""
    return np.asarray(least_hours >= rehab_training_hours)


@validity(None, Severity.INVARIANT)
def functions_are_those_of_a_hub(functions: NDArray[np.str_]) -> Flags:
    """The functions are among the three of a city's hub, each once and in their order."""
    return within(functions, CentreFunction)


def cities_without_hub(view: View[RehabCentre], cities: Iterable[str]) -> tuple[str, ...]:
    """H5: list the cities in which no open centre of the city has all three functions.

    Parameters
    ----------
    view
        The centres on a day.
    cities
        Six-digit codes of prefecture-level cities.
    """
    full = texts_of(CentreFunction)
    hubs = {
        centre.place[:4]
        for centre in view.values()
        if centre.level is CentreLevel.CITY and centre.functions == full and centre.state is InstitutionState.OPEN
    }
    return tuple(city for city in cities if city[:4] not in hubs)


REHAB_CENTRES: RegisterKind[RehabCentre] = RegisterKind(
    name="rehabilitation centres", label_zh="精神障碍社区康复机构", record=RehabCentre, place="place",
    steps=institution_steps(needs=("level",), may=("functions", "training_year", "least_hours")),
    values={"rehab_training_hours": PARAMETERS["rehab_training_hours"]},
    rules=(*INSTITUTION_RULES, staff_are_trained, functions_are_those_of_a_hub),
)  # fmt: skip
