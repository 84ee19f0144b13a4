"""Who may have a plot and which one: what the law says, what only the caller can say, and nobody twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_cemetery import EMPTY, SITE, VILLAGE, offered

from civaffairs.errors import UsageError
from civaffairs.registers.cemeteries.allocation import allocate, reservations
from civaffairs.registers.cemeteries.approval import CemeteryKind
from civaffairs.registers.cemeteries.cemeteries import Cemetery, CemeteryState
from civaffairs.registers.cemeteries.eligibility import (
    NAMED_BY_REPORTS,
    ApplicantGroup,
    Application,
    Outcome,
    eligibility,
)
from civaffairs.registers.cemeteries.limits import PARAMETERS, Holds
from civaffairs.registers.cemeteries.plot_states import PlotState, ReservedFor
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.history import EventRefused

ON = date(2026, 3, 29)
ONE = timedelta(1)
DIBAO = ApplicantGroup.DIBAO


def apply(key: str = "a", **facts: Any) -> Application:  # noqa: ANN401 -- facts of an application
    told: dict[str, Any] = {
        "key": key, "applied": date(2026, 3, 1), "holder": f"H-{key}", "certificate": f"K-{key}",
    }  # fmt: skip
    told |= facts
    return Application(**told)


def ground(kind: CemeteryKind | None, state: CemeteryState = CemeteryState.OPEN, village: str = VILLAGE) -> Cemetery:
    return Cemetery(key="C", state=state, place="450102", kind=kind, village=village)


COMMERCIAL = ground(CemeteryKind.COMMERCIAL)
URBAN = ground(CemeteryKind.URBAN_PUBLIC)
RURAL = ground(CemeteryKind.RURAL_PUBLIC)


@pytest.mark.parametrize(
    ("cemetery", "facts", "admits", "on", "outcome", "reason"),
    [
        (COMMERCIAL, {}, None, ON, "eligible", ""),
        (ground(CemeteryKind.COMMERCIAL, CemeteryState.CLOSED), {}, None, ON, "not_eligible", "not in use"),
        (ground(CemeteryKind.COMMERCIAL, CemeteryState.EXTENDING), {}, None, ON, "eligible", ""),
        (ground(None), {}, None, ON, "not_decided", "kind of the cemetery"),
        (COMMERCIAL, {"applied": ON + ONE}, None, ON, "not_eligible", "applied on"),
        (URBAN, {"group": DIBAO}, None, ON, "not_decided", "say whom"),
        (URBAN, {"group": DIBAO}, NAMED_BY_REPORTS, ON, "eligible", ""),
        (URBAN, {"group": ApplicantGroup.RESIDENT}, NAMED_BY_REPORTS, ON, "not_eligible", "not among those"),
        (URBAN, {}, NAMED_BY_REPORTS, ON, "not_decided", "group of the applicant"),
        (URBAN, {"group": DIBAO}, (), ON, "not_eligible", "not among those"),
        (ground(CemeteryKind.COLUMBARIUM), {"group": DIBAO}, [DIBAO], ON, "eligible", ""),
        (RURAL, {"village": VILLAGE}, None, ON, "eligible", ""),
        (RURAL, {"village": "another"}, None, ON, "not_eligible", "another village"),
        (RURAL, {}, None, ON, "not_decided", "village of the applicant"),
        (ground(CemeteryKind.RURAL_PUBLIC, village=""), {"village": VILLAGE}, None, ON, "not_decided", "of the ground"),
        (RURAL, {"village": VILLAGE}, None, ON + ONE, "not_decided", "2026-03-30"),
        (RURAL, {"village": "another"}, None, ON + ONE, "not_decided", "2026-03-30"),
        (COMMERCIAL, {"certificate": ""}, None, ON, "not_eligible", "no certificate"),
        (COMMERCIAL, {"certificate": "", "reserved_for": ReservedFor.SPOUSE}, None, ON, "not_decided", "look in"),
        (COMMERCIAL, {"certificate": "", "holds": Holds.BODIES}, None, ON, "eligible", ""),
        (RURAL, {"certificate": "", "village": ""}, None, ON, "not_eligible", "no certificate"),
    ],
)
def test_who_may_have_a_plot(
    cemetery: Cemetery,
    facts: dict[str, Any],
    admits: list[ApplicantGroup] | None,
    on: date,
    outcome: str,
    reason: str,
) -> None:
    [told] = eligibility([apply(**facts)], cemetery, on=on, admits=admits)
    assert told.outcome.value == outcome
    assert reason in " ".join(told.reasons)
    assert bool(told.reasons) == (outcome != "eligible")


def test_plots_for_the_living_are_as_the_place_has_it() -> None:
    asked = [apply(certificate="", reserved_for=ReservedFor.SPOUSE)]
    for value, outcome in (("on_named_grounds", Outcome.ELIGIBLE), ("never", Outcome.NOT_ELIGIBLE)):
        sale = PARAMETERS["reserved_sale"].with_value(value, "450100", date(2020, 1, 1), "made up")
        assert eligibility(asked, COMMERCIAL, on=ON, admits=None, reserved_sale=sale)[0].outcome is outcome


@pytest.mark.parametrize(
    "facts", [{"persons": 0}, {"persons": -1}, {"persons": 1.5}, {"persons": True}, {"holder": ""}]
)
def test_bad_applications(facts: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        apply(**facts)


def test_an_application_has_a_key() -> None:
    with pytest.raises(UsageError):
        apply("")


def test_two_applications_of_one_key() -> None:
    with pytest.raises(UsageError, match="one key: a"):
        eligibility([apply(), apply()], COMMERCIAL, on=ON, admits=None)


def test_findings_of_another_list() -> None:
    found = eligibility([apply("a"), apply("b")], COMMERCIAL, on=ON, admits=None)
    with pytest.raises(UsageError, match="not in one order"):
        allocate([apply("b"), apply("a")], found, EMPTY.as_of(ON), "C", first=(), larger=False)


def test_nothing_tells_who_applied() -> None:
    told = repr(apply(holder="H-SECRET", certificate="K-SECRET", village="V-SECRET"))
    assert "SECRET" not in told


# Which plot.

GRAVES = EMPTY.add(
    *offered("p1"), *offered("p2", persons=1), *offered("p3", section="N", style=BurialStyle.NICHE), *offered("p4")
)


def given_to(*asked: Application, first: tuple[ApplicantGroup, ...] = (), larger: bool = False) -> list[str]:
    found = eligibility(asked, COMMERCIAL, on=ON, admits=None)
    return [got.plot for got in allocate(asked, found, GRAVES.as_of(ON), "C", first=first, larger=larger)]


def test_the_first_that_fits() -> None:
    assert given_to(apply()) == ["p2"]
    assert given_to(apply(persons=2)) == ["p1"]
    assert given_to(apply(persons=2, styles=(BurialStyle.NICHE, BurialStyle.UPRIGHT_GRAVE))) == ["p3"]
    assert given_to(apply(persons=2, styles=(BurialStyle.TREE_BURIAL,))) == [""]
    assert given_to(apply(persons=3)) == [""]
    assert given_to(apply(holds=Holds.BODIES)) == [""]


def test_a_larger_plot_only_where_the_caller_lets_it() -> None:
    assert given_to(apply("a"), apply("b")) == ["p2", ""]
    assert given_to(apply("a"), apply("b"), larger=True) == ["p2", "p1"]


def test_order_is_by_day_then_key_unless_groups_come_first() -> None:
    late, early = apply("a", applied=ON), apply("b", applied=ON - ONE)
    assert given_to(late, early) == ["", "p2"]
    assert given_to(apply("b"), apply("a")) == ["", "p2"]
    put_first = apply("a", applied=ON, group=DIBAO)
    assert given_to(put_first, early, first=(DIBAO,)) == ["p2", ""]
    assert given_to(put_first, early, first=(ApplicantGroup.MARTYR,)) == ["", "p2"]


def test_who_is_not_eligible_gets_none_and_is_told_why() -> None:
    asked = [apply("a", certificate=""), apply("b")]
    found = eligibility(asked, COMMERCIAL, on=ON, admits=None)
    told = allocate(asked, found, GRAVES.as_of(ON), "C", first=(), larger=False)
    assert [got.plot for got in told] == ["", "p2"]
    assert "no certificate" in told[0].reason


def test_what_is_given_is_reserved_and_the_register_holds_it() -> None:
    asked = [apply(f"a{number}", persons=2) for number in range(4)]
    found = eligibility(asked, COMMERCIAL, on=ON, admits=None)
    told = allocate(asked, found, GRAVES.as_of(ON), "C", first=(), larger=False)
    events = reservations(asked, told, on=ON, document="a made-up list")
    register = GRAVES.add(*events)
    assert [got.plot for got in told] == ["p1", "p3", "p4", ""]
    view = register.as_of(ON)
    assert [view[key].state for key in ("p1", "p2", "p3", "p4")] == [
        PlotState.RESERVED, PlotState.AVAILABLE, PlotState.RESERVED, PlotState.RESERVED,
    ]  # fmt: skip
    assert view["p1"].holder == "H-a0"
    with pytest.raises(EventRefused, match="not open"):
        register.add(*events)


ASKED = st.lists(
    st.builds(
        lambda persons, day, group, paper: {"persons": persons, "applied": day, "group": group, "certificate": paper},
        st.integers(1, 3),
        st.dates(date(2026, 3, 27), date(2026, 3, 31)),
        st.sampled_from([None, *ApplicantGroup]),
        st.sampled_from(["", "K"]),
    ),
    max_size=8,
)


@given(rows=ASKED, larger=st.booleans())
def test_nobody_gets_two_no_plot_goes_twice_and_none_that_fits_stays_free(
    rows: list[dict[str, Any]], larger: bool
) -> None:
    asked = [apply(f"a{number}", **row) for number, row in enumerate(rows)]
    found = eligibility(asked, COMMERCIAL, on=ON, admits=None)
    told = allocate(asked, found, GRAVES.as_of(ON), "C", first=(DIBAO,), larger=larger)
    plots = [got.plot for got in told if got.plot]
    assert len(set(plots)) == len(plots)
    view = GRAVES.as_of(ON)
    free = {plot.persons for key, plot in view.items() if key not in plots}
    for each, outcome, got in zip(asked, found, told, strict=True):
        assert got.reason
        if outcome.outcome is not Outcome.ELIGIBLE:
            assert not got.plot
        elif got.plot:
            room = view[got.plot].persons or 0
            assert room == each.persons or (larger and room > each.persons)
        else:
            assert not any(room == each.persons or (larger and (room or 0) > each.persons) for room in free)
    if told:
        GRAVES.add(*reservations(asked, told, on=ON, document="a made-up list"))
    assert SITE["cemetery"] == "C"
