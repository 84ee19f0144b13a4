"""Plots: the steps of their life, each invariant broken and held, limits of each one's own day, and counts of many."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from toy_cemetery import (
    BEGINS,
    CASES,
    EMPTY,
    END,
    SITE,
    TAKEN,
    VILLAGE,
    cemeteries,
    happens,
    member,
    offered,
    record,
    sections,
    term,
)

from civaffairs.calendar import add_months
from civaffairs.errors import UsageError
from civaffairs.law.timeline import NotPublished
from civaffairs.registers.cemeteries.inventory import (
    BY,
    ending,
    ending_by_year,
    inventory,
    last_day,
    occupancy,
    overdue,
)
from civaffairs.registers.cemeteries.limits import (
    PARAMETERS,
    FootprintExceeded,
    Holds,
    area_limits,
    area_parameter,
    check_areas,
    check_footprint,
    limits_by_day,
)
from civaffairs.registers.cemeteries.plot_states import LAID_TO_REST, PlotState, ReservedFor
from civaffairs.registers.cemeteries.plot_states import TAKEN as TAKEN_STATES
from civaffairs.registers.cemeteries.plots import PLOTS, Plot, PlotAction, term_end
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.cemeteries.term_rules import ends
from civaffairs.registers.fields import NOT_STATED, Fact
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.kinds import Event, RegisterKind
from civaffairs.registers.validity import Severity

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from made_up_plots import made_up_plots

ONE = timedelta(1)
ON = date(2026, 3, 29)
Action, State = PlotAction, PlotState
NICHE: dict[str, Any] = {"section": "N", "style": BurialStyle.NICHE}
BED: dict[str, Any] = {"section": "F", "style": BurialStyle.FLOWER_BED_BURIAL}
NO_TERM = ("term_start", "term_years", "term_end", "fee_from", "fee_until")


def names(register: Register[Plot], on: date = ON, *severities: Severity) -> list[str]:
    found = register.validate(on)
    return [each.rule.name for each in (found.of(*severities) if severities else found.violations)]


# Ground, of each one's own day.


@pytest.mark.parametrize("case", CASES["ground"], ids=lambda case: case["title"])
def test_ground(case: Mapping[str, Any]) -> None:
    holds, day = member(Holds, case["holds"]), case["day"]
    columns = (
        np.array([holds.number], np.int8), np.array([case["persons"]]), np.array([day], "datetime64[D]"),
        np.array(["450102"]),
    )  # fmt: skip
    told = check_areas(np.array([case["area_cm2"]]), *columns)
    plot = record(on=day, area_cm2=case["area_cm2"], holds=holds, persons=case["persons"])
    if case.get("unknown"):
        with pytest.raises(NotPublished) as unknown:
            check_footprint(case["area_cm2"], holds, case["persons"], on=day, place="450102")
        assert unknown.value.reason
        assert (told.within.tolist(), told.exceeded.tolist(), sum(told.limits.reasons.values())) == (
            [False],
            [False],
            1,
        )
        assert "rules_of_its_day_are_known" in names(EMPTY.add(plot), day)
    elif "exceeds" in case:
        with pytest.raises(FootprintExceeded, match="may take") as error:
            check_footprint(case["area_cm2"], holds, case["persons"], on=day, place="450102")
        assert (error.value.footprint, error.value.limit) == (case["area_cm2"], case["exceeds"])
        assert told.exceeded.tolist() == [True]
        with pytest.raises(EventRefused, match="takes no more ground"):
            EMPTY.add(plot)
        assert "ground_is_within_the_limit" in names(EMPTY.add(plot, record_breaches=True))
    else:
        check_footprint(case["area_cm2"], holds, case["persons"], on=day, place="450102")
        assert told.within.tolist() == [True]
        assert not names(EMPTY.add(plot), day)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(Holds),
            st.integers(-1, 5),
            st.one_of(
                st.none(),
                st.dates(date(1998, 9, 14), date(1998, 9, 18)),
                st.dates(date(2026, 3, 27), date(2026, 4, 1)),
            ),
            st.sampled_from(["450102", "310000", ""]),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_limits_of_many_are_those_of_each(rows: list[tuple[Holds, int, date | None, str]]) -> None:
    told = area_limits(
        np.array([holds.number for holds, *_ in rows], np.int8),
        np.array([persons for _, persons, *_ in rows], np.int64),
        np.array([day for _, _, day, _ in rows], "datetime64[D]"),
        np.array([place for *_, place in rows], np.str_),
    )
    expected = []
    for holds, persons, day, place in rows:
        try:
            assert persons >= 1
            assert day is not None
            expected.append(PARAMETERS[area_parameter(holds, persons)].at(place or "000000", day).value)
        except (NotPublished, AssertionError):
            expected.append(NOT_STATED)
    assert told.values.tolist() == expected
    assert sum(told.reasons.values()) == expected.count(NOT_STATED)


def test_a_place_of_its_own_value_and_a_caller_s() -> None:
    days, places = np.array(["2026-08-01"] * 2, "datetime64[D]"), np.array(["450102", "310101"])
    given_ = PARAMETERS["term_years"].with_value(10, "310000", date(2026, 3, 30), "made up")
    assert limits_by_day(given_, days, places).values.tolist() == [NOT_STATED, 10]


@pytest.mark.parametrize(
    ("area", "persons"),
    [(0, 1), (-1, 1), (1.5, 1), ("1", 1), (True, 0), (10_000, 0), (10_000, -2), (10_000, 1.5)],
)
def test_bad_ground(area: Any, persons: Any) -> None:  # noqa: ANN401 -- values of a wrong type are the point
    with pytest.raises(UsageError):
        check_footprint(area, Holds.ASHES, persons, on=ON, place="450102")


def test_bad_columns() -> None:
    one = (np.zeros(1, np.int8), np.ones(1, np.int64), np.array([ON], "datetime64[D]"), np.array(["450102"]))
    with pytest.raises(UsageError, match="one row a plot"):
        check_areas(np.array([1, 2]), *one)
    with pytest.raises(UsageError, match="whole cm²"):
        check_areas(np.array([1.5]), *one)


def test_a_plot_in_the_plan_keeps_to_the_limit_of_the_day_asked_about() -> None:
    plan = happens(Action.PLAN, date(2010, 1, 1), **(SITE | {"area_cm2": 12_000}))
    with pytest.raises(EventRefused, match="takes no more ground"):
        EMPTY.add(plan)
    register = EMPTY.add(plan, record_breaches=True)
    assert names(register, date(2026, 3, 29)) == ["ground_is_within_the_limit"]
    assert names(register, date(2026, 3, 30)) == ["rules_of_its_day_are_known"]


# Invariants, broken and held.


@pytest.mark.parametrize(
    ("facts", "leave_out", "refused"),
    [
        ({"occupants": 3}, (), "No more lie in a plot"),
        ({"occupants": 0}, (), "Somebody lies in a plot exactly"),
        ({"cemetery": "V"}, (), "belongs to its cemetery"),
        ({"style": BurialStyle.WALL_BURIAL}, (), "one of those of its section"),
        (NICHE, (), "takes no ground of its own"),
        ({"term_end": END - ONE}, (), "corresponding day so many years"),
        ({"term_end": END + ONE}, (), "corresponding day so many years"),
        (term(TAKEN, 21), (), "no longer than the limit"),
        ({"fee_until": END + ONE}, (), "no more years at once"),
        ({"fee_until": TAKEN - ONE}, (), "not paid to a day before"),
        ({"former_end": TAKEN + ONE, "renewals": 1}, (), "no earlier than the last day of the one before"),
        ({}, ("certificate",), "on a certificate of cremation"),
        (BED, (), "has no term of use"),
        (BED | {"marker": True}, NO_TERM, "no marker tells"),
        ({"cemetery": "V", "section": "V-S", "holder_village": "another"}, (), "gives no plot to anybody else"),
        ({"section": "nowhere"}, (), "in the register of sections"),
        ({"holder": ""}, (), "is missing"),
        ({"persons": 0}, (), "persons"),
        ({"area_cm2": 0}, (), "area_cm2"),
        ({"place": "x"}, (), "place"),
        ({"holds": "ashes"}, (), "wrong type"),
        ({"price": 10.5}, (), "wrong type"),
        ({"taken": "2006-08-01"}, (), "wrong type"),
        ({"notice": ON}, (), "not for record to state"),
    ],
)
def test_what_cannot_be_is_refused(facts: dict[str, Any], leave_out: tuple[str, ...], refused: str) -> None:
    with pytest.raises(EventRefused, match=refused):
        EMPTY.add(record(leave_out=leave_out, **facts))


@pytest.mark.parametrize(
    ("facts", "leave_out"),
    [
        ({}, ()),
        ({"occupants": 2}, ()),
        (NICHE, ("area_cm2",)),
        (term(TAKEN, 19), ()),
        ({"fee_until": END}, ()),
        ({"former_end": TAKEN, "renewals": 1}, ()),
        (BED | {"marker": False}, NO_TERM),
        (BED, NO_TERM),
        ({"cemetery": "V", "section": "V-S", "holder_village": VILLAGE}, ()),
        ({"holds": Holds.BODIES, "area_cm2": 60_000}, ("certificate",)),
    ],
)
def test_what_is_right_is_entered(facts: dict[str, Any], leave_out: tuple[str, ...]) -> None:
    assert not names(EMPTY.add(record(leave_out=leave_out, **facts)), TAKEN)


def test_a_cemetery_is_not_overfull_and_the_last_is_told() -> None:
    days = [date(2010, 1, 3), date(2010, 1, 1), date(2010, 1, 4), date(2010, 1, 2)]
    events = [record(f"p{number}", day) for number, day in enumerate(days)]
    assert not names(EMPTY.add(*events[:3]))
    with pytest.raises(EventRefused, match="no more occupied plots"):
        EMPTY.add(*events)
    found = Register(PLOTS, events, beside=EMPTY.beside).validate(ON).violations
    assert [(each.key, each.rule.name) for each in found] == [("p2", "cemetery_has_room")]
    unknown = {"cemeteries": cemeteries(capacity=None), "sections": sections()}
    assert not names(Register(PLOTS, beside=unknown).add(*events))


def test_of_villagers_taken_under_the_new_regulation_a_person_looks() -> None:
    ground: dict[str, Any] = {"cemetery": "V", "section": "V-S", "holder_village": "another"}
    with pytest.raises(EventRefused, match="anybody else"):
        EMPTY.add(record(on=date(2026, 3, 29), **ground))
    later = EMPTY.add(record(on=date(2026, 3, 30), **ground))
    assert names(later, date(2026, 3, 30)) == ["rules_of_its_day_are_known"]


def test_without_cemeteries_beside_nothing_of_them_is_passed() -> None:
    unchecked = {found.rule.name: found.reason for found in Register(PLOTS, [record()]).validate(ON).unchecked}
    for name in ("cemetery_has_room", "holder_is_of_the_village", "cemetery_is_registered"):
        assert unchecked[name].startswith("no register of cemeteries")


def test_the_region_s_own_limit_is_not_known_and_never_passed() -> None:
    told = [found for found in EMPTY.add(record()).validate(ON).unchecked if "region_s" in found.rule.name]
    assert [(found.records, "art. 23" in found.where_to_look) for found in told] == [(1, True)]


def test_twenty_years_are_not_carried_over_to_the_new_regulation_but_a_lease_s_are() -> None:
    long = record(on=date(2026, 3, 30), **term(date(2026, 3, 30), 21))
    assert set(names(EMPTY.add(long))) == set()
    assert set(names(EMPTY.add(long), date(2026, 3, 30))) == {"lease_is_within_the_code", "rules_of_its_day_are_known"}
    before = record(on=date(2020, 12, 31), **term(date(2020, 12, 31), 21))
    assert names(EMPTY.add(before, record_breaches=True)) == ["term_is_within_the_limit"]


# Who a person is is never told.


def test_no_message_tells_who_holds_a_plot() -> None:
    secret = record(holder="H-SECRET", certificate="K-SECRET", holder_village="V-SECRET", occupants=3)
    with pytest.raises(EventRefused) as error:
        EMPTY.add(secret)
    register = Register(PLOTS, [secret], beside=EMPTY.beside)
    texts = [str(error.value), repr(register.as_of(ON)["p"]), str(register.validate(ON))]
    texts += [str(register.as_of(ON).table()), str(register.diff(BEGINS, ON))]
    assert "SECRET" not in "".join(texts)


# A life.


def reserved(on: date = date(2010, 5, 1), **facts: Fact) -> list[Event]:
    told: dict[str, Any] = {"holder": "H-1", "taken": on} | facts
    return [*offered(), happens(Action.RESERVE, on, **told)]


def test_from_the_plan_to_a_second_life() -> None:
    day = date(2006, 5, 1)
    register = EMPTY.add(*reserved(day, certificate="K-1"))
    register = register.add(
        happens(Action.OCCUPY, day + ONE, occupants=1, **term(day), fee_from=day, fee_until=add_months(day, 120)),
        happens(Action.ADD_OCCUPANT, date(2010, 1, 1), occupants=2),
        happens(Action.PAY_FEE, date(2016, 5, 1), fee_from=date(2016, 5, 1), fee_until=date(2026, 5, 1)),
    )
    last = date(2026, 5, 1)
    assert names(register, last, Severity.WARNING) == []
    assert names(register, last + ONE, Severity.WARNING) == ["ended_term_is_dealt_with", "fee_is_paid"]
    with pytest.raises(EventRefused, match="is over from 2026-05-02 on"):
        register.add(happens(Action.EXPIRE, last))
    register = register.add(happens(Action.EXPIRE, last + ONE))
    renewed = register.add(happens(Action.RENEW, last + 2 * ONE, **term(last), former_end=last, renewals=1))
    assert renewed.as_of(last + 2 * ONE)["p"].state is State.OCCUPIED
    register = register.add(
        happens(Action.ANNOUNCE, date(2026, 6, 1), notice=date(2026, 6, 1)),
        happens(Action.RELEASE, date(2026, 9, 1), released=date(2026, 9, 1)),
    )
    unchecked = [u for u in register.validate(date(2026, 9, 1)).unchecked if u.rule.name == "notice_ran_out"]
    assert [u.records for u in unchecked] == [1]
    released = register.as_of(date(2026, 9, 1))["p"]
    assert (released.holder, released.occupants, released.term_end, released.area_cm2) == ("", None, None, 10_000)
    again = register.add(happens(Action.OFFER_AGAIN, date(2026, 10, 1)))
    assert again.as_of(date(2026, 10, 1))["p"].state is State.AVAILABLE
    assert again.as_of(last)["p"].holder == "H-1"


def test_the_notice_runs_in_full_where_its_length_is_given() -> None:
    values = dict(PLOTS.values) | {
        "overdue_notice_days": PARAMETERS["overdue_notice_days"].with_value(60, "450000", date(2020, 1, 1), "made up")
    }
    kind: RegisterKind[Plot] = RegisterKind(
        name=PLOTS.name, label_zh=PLOTS.label_zh, record=Plot, steps=PLOTS.steps, rules=PLOTS.rules, values=values,
        place="place", links=PLOTS.links,
    )  # fmt: skip
    notice = END + 10 * ONE
    begun = Register(kind, beside=EMPTY.beside).add(
        record(), happens(Action.EXPIRE, END + ONE), happens(Action.ANNOUNCE, notice, notice=notice)
    )
    for after, fits in ((60, False), (61, True)):
        day = notice + after * ONE
        release = happens(Action.RELEASE, day, released=day)
        if fits:
            assert begun.add(release).as_of(day)["p"].state is State.RELEASED
            continue
        with pytest.raises(EventRefused, match="notice has run in full"):
            begun.add(release)


RENEWAL: dict[str, Any] = term(END) | {"former_end": END, "renewals": 1}


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({}, ""),
        (term(END + 30 * ONE), ""),
        ({"former_end": END - ONE}, "the term before ended on 2026-08-01"),
        (term(END - ONE), "a renewal cannot run from"),
        ({"renewals": 2}, "give renewals=1"),
        ({"term_end": END}, "corresponding day so many years"),
        ({"holder": "H-2"}, "not for renew to state"),
    ],
)
def test_renewals(facts: dict[str, Any], refused: str) -> None:
    register = EMPTY.add(record(), happens(Action.EXPIRE, END + ONE))
    event = happens(Action.RENEW, END + 40 * ONE, **(RENEWAL | facts))
    if not refused:
        assert register.add(event).as_of(END + 40 * ONE)["p"].renewals == 1
        return
    with pytest.raises(EventRefused, match=refused):
        register.add(event)


@pytest.mark.parametrize(
    ("events", "refused"),
    [
        ([happens(Action.OCCUPY, occupants=1)], "nobody had reserved the plot"),
        ([happens(Action.OCCUPY, occupants=1, holder="H", taken=TAKEN - ONE)], "give one day"),
        ([happens(Action.OCCUPY, occupants=1, holder="H", taken=TAKEN)], "certificate of cremation"),
        ([happens(Action.RESERVE, holder="H", taken=TAKEN + ONE)], "give one day"),
        ([happens(Action.RESERVE, holder="", taken=TAKEN)], "is missing"),
        ([happens(Action.CANCEL)], "not open"),
        ([happens(Action.EXPIRE)], "not open"),
        ([happens(Action.BUILD)], "not open"),
        ([happens(Action.MEASURE, area_cm2=12_000)], "takes no more ground"),
        ([happens(Action.MEASURE, area_cm2=-1)], "area_cm2"),
    ],
)
def test_steps_that_are_not_open(events: list[Event], refused: str) -> None:
    register = EMPTY.add(*offered())
    with pytest.raises(EventRefused, match=refused):
        register.add(*events)


def test_who_reserved_a_plot_took_it_then_and_may_cancel() -> None:
    register = EMPTY.add(*reserved(certificate="K-1"))
    with pytest.raises(EventRefused, match="was taken on 2010-05-01 already"):
        register.add(happens(Action.OCCUPY, date(2010, 6, 1), occupants=1, taken=date(2010, 6, 1)))
    free = register.add(happens(Action.CANCEL, date(2010, 6, 1))).as_of(date(2010, 6, 1))["p"]
    assert (free.state, free.holder, free.taken) == (State.AVAILABLE, "", None)


@pytest.mark.parametrize(
    ("place", "ground", "told"),
    [
        ("450102", ReservedFor.SPOUSE, "not checked"),
        ("310101", ReservedFor.SPOUSE, "fits"),
        ("310101", ReservedFor.OLD_WITHOUT_CHILDREN, "fits"),
        ("310101", None, "refused"),
    ],
)
def test_plots_for_the_living(place: str, ground: ReservedFor | None, told: str) -> None:
    day = date(2025, 5, 1)
    sold: dict[str, Any] = {"holder": "H-1", "taken": day} | ({"reserved_for": ground} if ground else {})
    events = [*offered(place=place), happens(Action.RESERVE, day, **sold)]
    if told == "refused":
        with pytest.raises(EventRefused, match="only where the place allows it"):
            EMPTY.add(*events)
        return
    findings = EMPTY.add(*events).validate(day)
    open_ = [found for found in findings.unchecked if found.rule.name == "sold_to_the_living_where_allowed"]
    assert [found.records for found in open_] == [1] * (told == "not checked")
    assert not findings.violations


# Terms.


@pytest.mark.parametrize("case", CASES["term"], ids=lambda case: str(case["start"]))
def test_terms(case: Mapping[str, Any]) -> None:
    assert term_end(case["start"], case["years"]) == case["end"]


@given(starts=st.lists(st.tuples(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.integers(1, 50)), max_size=9))
def test_ends_of_many_are_those_of_each(starts: list[tuple[date, int]]) -> None:
    days = np.array([*(start for start, _ in starts), None], "datetime64[D]")
    years = np.array([*(count for _, count in starts), 20])
    told = ends(days, years)
    assert told[:-1].tolist() == [term_end(start, count) for start, count in starts]
    assert np.isnat(told[-1])


# Counts.


FREE = date(2020, 1, 1)


def some_plots() -> Register[Plot]:
    return EMPTY.add(
        record("a", occupants=2),
        record("b", date(2010, 2, 28), area_cm2=8_000),
        *offered("c"),
        *offered("d", persons=1, area_cm2=6_000),
        happens(Action.PLAN, BEGINS, "e", **(SITE | NICHE)),
        record("f", section="V-S", cemetery="V", holder_village=VILLAGE),
    )


def test_inventory_as_of_a_day() -> None:
    register = some_plots()
    told = inventory(register.as_of(FREE).columns(), by=("cemetery", "state"))
    shown = ("cemetery", "state", "plots", "persons", "occupants", "ground_cm2")
    rows = list(zip(*(told[name].tolist() for name in shown), strict=True))
    assert rows == [
        ("C", "planned", 1, 2, 0, 0), ("C", "available", 2, 3, 0, 16_000), ("C", "occupied", 2, 4, 3, 18_000),
        ("V", "occupied", 1, 2, 1, 10_000),
    ]  # fmt: skip
    all_of_them = inventory(register.as_of(FREE).columns(), by=())
    assert all_of_them["plots"].tolist() == [6]
    assert sum(int(all_of_them[str(state.value)][0]) for state in State) == 6
    assert inventory(register.as_of(TAKEN - ONE).columns(), by=())["occupied"].tolist() == [0]
    assert inventory(EMPTY.as_of(FREE).columns())["plots"].tolist() == []
    told = occupancy(register.as_of(FREE).columns())
    assert [told[name].tolist() for name in ("built", "taken", "laid_to_rest", "free")] == [
        [4, 1],
        [2, 1],
        [2, 1],
        [2, 0],
    ]


@pytest.mark.parametrize("by", [("cemetry",), ("holder",), ("state", "state")])
def test_bad_counts(by: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="cannot be counted by"):
        inventory(EMPTY.as_of(FREE).columns(), by)


@given(data=st.data(), count=st.integers(0, 40))
def test_counts_of_made_up_columns_add_up(data: st.DataObject, count: int) -> None:
    draw = np.random.default_rng(data.draw(st.integers(0, 999)))
    columns = {
        "key": np.arange(count).astype(np.str_), "place": draw.choice(["450102", "450103"], count),
        "cemetery": draw.choice(["A", "B", "C"], count), "section": draw.choice(["s", "t"], count),
        "style": draw.integers(0, 3, count).astype(np.int8), "holds": draw.integers(-1, 2, count).astype(np.int8),
        "persons": draw.integers(-1, 3, count), "occupants": draw.integers(-1, 3, count),
        "area_cm2": draw.integers(-1, 2, count) * 5_000, "state": draw.integers(0, len(State), count).astype(np.int8),
    }  # fmt: skip
    columns["area_cm2"][columns["area_cm2"] < 0] = NOT_STATED
    by = data.draw(st.lists(st.sampled_from(BY), unique=True))
    told = inventory(columns, by)
    assert told["plots"].sum() == count
    assert (told["plots"] > 0).all()
    keys = set(zip(*(columns[name].tolist() for name in by), strict=True)) if by else {()} if count else set()
    assert len(told["plots"]) == len(keys)
    if "persons" not in by:
        assert told["persons"].sum() == sum(value for value in columns["persons"].tolist() if value > 0)
    for state in State:
        assert told[str(state.value)].sum() == (columns["state"] == state.number).sum()


def test_terms_that_end() -> None:
    register = some_plots()
    columns = register.as_of(END).columns()
    key = columns["key"]
    assert key[ending(columns, END, days=0)].tolist() == ["a", "f"]
    assert key[ending(columns, END - ONE, days=0)].tolist() == []
    assert key[ending(columns, END + ONE, days=10_000)].tolist() == ["b"]
    assert key[overdue(columns, END)].tolist() == []
    assert key[overdue(columns, END + ONE)].tolist() == ["a", "f"]
    assert key[overdue(columns, END + ONE, fact="fee_until")].tolist() == ["a", "f"]
    assert key[ending(columns, date(2029, 11, 30), months=3)].tolist() == ["b"]
    assert key[ending(columns, date(2029, 11, 30), months=2)].tolist() == []
    assert ending_by_year(columns, [2025, 2026, 2030])["plots"].tolist() == [0, 2, 1]


@pytest.mark.parametrize(
    "asked", [{}, {"days": 1, "months": 1}, {"days": -1}, {"months": 1.5}, {"days": True}, {"days": "3"}]
)
def test_bad_stretches(asked: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="give one of the two"):
        last_day(END, **asked)


def test_bad_ends() -> None:
    with pytest.raises(UsageError, match="term_end"):
        overdue(EMPTY.as_of(FREE).columns(), FREE, fact="term_ends")


def test_made_up_plots_are_the_same_every_time_and_right_but_for_what_was_planted() -> None:
    register = made_up_plots(1_500, breaches=7)
    assert register.events == made_up_plots(1_500, breaches=7).events
    findings = register.validate(date(2026, 8, 1))
    assert findings.records == 1_500
    told = [found.rule.name for found in findings.of(Severity.INVARIANT, Severity.BREACH)]
    assert told == ["ground_is_within_the_limit"] * 7
    columns = register.as_of(date(2026, 8, 1)).columns()
    ended = [found.rule.name for found in findings.of(Severity.WARNING)].count("ended_term_is_dealt_with")
    assert ended == len(overdue(columns, date(2026, 8, 1))) > 100


# Any life.


class PlotLives(RuleBasedStateMachine):
    """Whatever is tried, the register stays valid, and what is refused leaves it unchanged with a reason."""

    def __init__(self) -> None:
        super().__init__()
        self.register = EMPTY
        self.day = date(1998, 9, 16)
        self.happen(Action.RECORD, "p", {}, 1, 8_000, "", "K", 20, 0, 0)

    @rule(key=st.sampled_from(["p", "q"]), at=st.integers(0, 9), wait=st.sampled_from([0, 1, 30, 20 * 366]))
    def follow(self, key: str, at: int, wait: int) -> None:
        """Try what the state of a plot leaves open, with facts that are likely right."""
        held = self.register.as_of(self.day).get(key)
        state = held.state if held else None
        open_ = [step.action for step in PLOTS.steps if state in (step.before or (None,))]
        action = member(Action, str(open_[at % len(open_)].value))
        more = (held.occupants or 0) + 1 if held else 1
        self.happen(action, key, {}, more, 10_000, VILLAGE, "K", 20, 0, wait)

    @rule(
        action=st.sampled_from(Action),
        key=st.sampled_from(["p", "q", "r", "s"]),
        site=st.sampled_from([{}, NICHE, BED, {"cemetery": "V", "section": "V-S"}, {"persons": 1}]),
        number=st.integers(0, 3),
        area=st.sampled_from([None, 8_000, 10_000, 10_001]),
        village=st.sampled_from(["", VILLAGE, "another"]),
        certificate=st.sampled_from(["", "K"]),
        years=st.integers(19, 21),
        off=st.sampled_from([0, 0, 0, 1]),
        wait=st.sampled_from([0, 1, 30, 400, 20 * 366]),
    )
    def happen(
        self, action: PlotAction, key: str, site: dict[str, Any], number: int, area: int | None, village: str,
        certificate: str, years: int, off: int, wait: int,
    ) -> None:  # fmt: skip
        self.day = min(self.day + wait * ONE, date(2060, 1, 1))
        held = self.register.as_of(self.day).get(key)
        ground: dict[str, Any] = {} if area is None else {"area_cm2": area}
        papers: dict[str, Any] = {"certificate": certificate, "holder_village": village}
        papers = {name: value for name, value in papers.items() if value}
        holding: dict[str, Any] = {"holder": "H", "taken": self.day} | papers
        lasting = {} if held and held.style is BurialStyle.FLOWER_BED_BURIAL and not off else term(self.day, years)
        start = getattr(held, "term_end", None) or self.day
        facts: dict[PlotAction, dict[str, Any]] = {
            Action.PLAN: SITE | site | ground, Action.BUILD: {}, Action.FINISH: {"built": self.day + off * ONE},
            Action.RESERVE: holding, Action.CANCEL: {},
            Action.OCCUPY: {"occupants": number} | lasting | (papers if held and held.taken else holding),
            Action.RECORD: SITE | site | ground | holding | {"occupants": number} | lasting,
            Action.ADD_OCCUPANT: {"occupants": number},
            Action.PAY_FEE: {"fee_from": self.day, "fee_until": add_months(self.day, 12 * years)},
            Action.MEASURE: ground, Action.EXPIRE: {},
            Action.RENEW: term(start - off * ONE, years) | {
                "former_end": getattr(held, "term_end", None), "renewals": (getattr(held, "renewals", 0) or 0) + 1,
            },
            Action.ANNOUNCE: {"notice": self.day}, Action.RELEASE: {"released": self.day},
            Action.MOVE_OUT: {"released": self.day}, Action.OFFER_AGAIN: {},
        }  # fmt: skip
        why = "entered"
        try:
            self.register = self.register.add(happens(action, self.day, key, **facts[action]))
        except EventRefused as refused:
            why = refused.problems[0].reason
        assert why

    @invariant()
    def nothing_binding_is_broken(self) -> None:
        assert not self.register.validate(self.day).of(Severity.INVARIANT, Severity.BREACH)

    @invariant()
    def records_are_as_their_states_say(self) -> None:
        for plot in self.register.as_of(self.day).values():
            assert (plot.state in TAKEN_STATES) == bool(plot.holder)
            assert (plot.state in LAID_TO_REST) == bool(plot.occupants)
            if plot.term_start and plot.term_years and plot.state in LAID_TO_REST:
                assert plot.term_end == term_end(plot.term_start, plot.term_years)
            if plot.state is State.EXPIRING:
                assert plot.term_end is not None
                assert plot.term_end < self.day


PlotLives.TestCase.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
TestPlotLives = PlotLives.TestCase
