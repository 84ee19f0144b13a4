"""What all registers share: steps, rules, views, days, and files that lose nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from numpy.typing import NDArray
from toy_register import BEDS, Bed, BedAction, BedState, beds, set_up

from civaffairs.errors import PlanError, TableError, UsageError
from civaffairs.labels import Labelled
from civaffairs.registers.fields import NOT_STATED, Fact, Flags
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.kinds import Event, RegisterKind, Step
from civaffairs.registers.storage import (
    event_table,
    read_event_table,
    read_register,
    write_register,
    write_view,
)
from civaffairs.registers.validity import Severity, validity

MARCH, LATER = date(2021, 3, 1), date(2021, 6, 1)


def take(key: str, on: date, until: date = date(2022, 3, 1), holder: str = "H-1", **told: object) -> Event:
    facts: dict[str, Fact] = {"holder": holder, "until": until}
    return Event(key=key, action=BedAction.TAKE, on=on, document="order 2", facts=facts, **told)  # type: ignore[arg-type]


def leave(key: str, on: date) -> Event:
    return Event(key=key, action=BedAction.LEAVE, on=on, document="order 3")


def remove(key: str, on: date) -> Event:
    return Event(key=key, action=BedAction.REMOVE, on=on, document="order 4")


@pytest.fixture
def two() -> Register[Bed]:
    return beds(set_up("a", date(2021, 1, 1), room="1", fee=138_000), set_up("b", MARCH, room="2"))


def test_a_register_is_read_as_of_a_day(two: Register[Bed]) -> None:
    taken = two.add(take("a", LATER))
    assert list(taken.as_of(date(2020, 12, 31))) == []
    assert list(taken.as_of(MARCH - timedelta(1))) == ["a"]
    assert taken.as_of(LATER - timedelta(1))["a"].state is BedState.FREE
    assert taken.as_of(LATER)["a"].state is BedState.TAKEN
    assert two.as_of(LATER)["a"].state is BedState.FREE


def test_what_an_office_could_say_on_an_earlier_day(two: Register[Bed]) -> None:
    late = two.add(take("a", MARCH, recorded=LATER))
    assert late.as_of(MARCH, known=LATER)["a"].state is BedState.TAKEN
    assert late.as_of(MARCH, known=LATER - timedelta(1))["a"].state is BedState.FREE


def test_an_event_before_others_is_put_where_it_belongs(two: Register[Bed]) -> None:
    done = two.add(take("a", LATER)).add(take("a", MARCH), leave("a", MARCH + timedelta(9)))
    assert [event.action for event, _ in done.history("a")] == [
        BedAction.SET_UP,
        BedAction.TAKE,
        BedAction.LEAVE,
        BedAction.TAKE,
    ]


REFUSED = [
    pytest.param(take("c", MARCH), "not open to a record that has not begun", id="not begun"),
    pytest.param(leave("a", MARCH), "leave on 2021-03-01 is not open to a record that is free", id="not open"),
    pytest.param(set_up("a", MARCH), "set_up on 2021-03-01 is not open to a record that is free", id="begun already"),
    pytest.param(Event(key="a", action=BedState.GONE, on=MARCH, document="x"), "is no action of beds", id="no action"),
    pytest.param(attrs.evolve(take("a", MARCH), document=" "), "the paper behind the event is missing", id="paper"),
    pytest.param(
        Event(key="a", action=BedAction.TAKE, on=MARCH, document="x", facts={"holder": "H-1"}),
        "until: a: is missing: take must state it",
        id="missing",
    ),
    pytest.param(set_up("c", MARCH, rom="3"), "is no fact of the register; did you mean 'room'?", id="unknown"),
    pytest.param(set_up("c", MARCH, state=BedState.GONE), "is no fact of the register", id="state is the step's"),
    pytest.param(set_up("c", MARCH, holder="H-2"), "is not for set_up to state", id="another step's"),
    pytest.param(set_up("c", MARCH, area_cm2=-1), "is not between", id="negative"),
    pytest.param(set_up("c", MARCH, area_cm2="2"), "is of the wrong type (str)", id="text for a number"),
    pytest.param(set_up("c", MARCH, area_cm2=True), "is of the wrong type (bool)", id="flag for a number"),
    pytest.param(set_up("c", MARCH, fee=1.5), "is of the wrong type (float)", id="float for money"),
    pytest.param(set_up("c", MARCH, place="45010"), "is not a division code", id="place"),
    pytest.param(set_up("c", MARCH, lit="perhaps"), "is of the wrong type (str)", id="flag"),
    pytest.param(set_up("c", MARCH, longitude=200.0), "is not between -180 and 180", id="degrees"),
    pytest.param(set_up("c", MARCH, room=" 3"), "is not written plainly", id="blanks"),
    pytest.param(set_up("c", MARCH, room="1\n2"), "cannot be seen", id="two lines"),
    pytest.param(take("a", MARCH, until=date(2031, 3, 1)), None, id="ten years are allowed"),
    pytest.param(take("a", MARCH, until=date(2032, 3, 1)), "nobody stays for more than ten years", id="guard"),
    pytest.param(set_up("c", MARCH, room="1"), "No two beds stand in one room. (room 1)", id="invariant"),
    pytest.param(
        set_up("c", MARCH, area_cm2=19_999),
        "at least the least area. (area_cm2 1.9999 m², least_area 2 m²)",
        id="breach",
    ),
]


@pytest.mark.parametrize(("event", "said"), REFUSED)
def test_a_bad_event_changes_nothing_and_says_why(two: Register[Bed], event: Event, said: str | None) -> None:
    before = two.events
    if said is None:
        assert len(two.add(event).events) == 3
        return
    with pytest.raises(EventRefused) as caught:
        two.add(event)
    assert said in str(caught.value)
    assert caught.value.problems[0].row == 1
    assert two.events == before
    with pytest.raises(EventRefused):
        two.add(remove("b", LATER), event)
    assert two.as_of(LATER)["b"].state is BedState.FREE


def test_what_breaks_the_law_may_be_entered_where_it_was_found(two: Register[Bed]) -> None:
    small = set_up("c", MARCH, area_cm2=10_000)
    found = two.add(small, record_breaches=True).validate(MARCH)
    assert [(one.key, one.rule.name) for one in found.violations] == [("c", "large_enough")]
    with pytest.raises(EventRefused):
        two.add(set_up("d", MARCH, room="1"), record_breaches=True)


def test_what_stood_before_does_not_stop_what_comes_after(two: Register[Bed]) -> None:
    found = two.add(set_up("c", MARCH, area_cm2=10_000), record_breaches=True)
    assert len(found.add(take("b", LATER)).events) == 4


def test_what_cannot_be_checked_is_never_taken_as_kept() -> None:
    found = beds(set_up("a", MARCH, place="450181"), set_up("b", MARCH, place="110101")).validate(MARCH)
    assert not found.violations
    assert [(one.rule.name, one.records, one.where_to_look) for one in found.unchecked] == [
        ("large_enough", 1, ""),
        ("large_enough", 1, "nowhere"),
    ]
    assert "not checked for 1" in str(found)


def test_a_rule_applies_on_its_days_only() -> None:
    early = beds(set_up("a", date(2019, 1, 1), room="1"), set_up("b", date(2019, 1, 1), room="1"), remove("a", MARCH))
    assert not early.validate(date(2019, 12, 31)).of(Severity.INVARIANT)
    assert len(early.validate(date(2020, 1, 1)).of(Severity.INVARIANT)) == 2


def test_time_alone_may_break_a_rule(two: Register[Bed]) -> None:
    taken = two.add(take("a", LATER, until=date(2022, 3, 1)))
    assert not taken.validate(date(2022, 3, 1)).violations
    assert [str(found) for found in taken.validate(date(2022, 3, 2)).violations] == [
        "a: A bed is not held beyond its day. (until 2022-03-01)"
    ]


def test_nothing_tells_who_a_person_is(two: Register[Bed]) -> None:
    taken = two.add(take("a", LATER, holder="张某某"))
    told = [
        repr(taken),
        repr(taken.events),
        repr(taken.as_of(LATER)["a"]),
        str(taken.diff(MARCH, LATER)),
        str(taken.as_of(LATER).table()),
        str(taken.validate(date(2030, 1, 1))),
        str(taken.validate(date(2030, 1, 1)).columns()),
    ]
    with pytest.raises(EventRefused) as caught:
        taken.add(take("b", LATER, holder="李\n某某"))
    assert not any(name in text for text in [*told, str(caught.value)] for name in ("张某某", "某某"))
    assert taken.as_of(LATER).table(personal=True)["holder"] == ["张某某", ""]


def test_a_difference_names_its_papers(two: Register[Bed]) -> None:
    changes = two.add(take("a", LATER), leave("a", date(2021, 7, 1))).diff(MARCH, LATER)
    assert [(change.fact, change.before, change.after) for change in changes] == [
        ("state", BedState.FREE, BedState.TAKEN),
        ("holder", None, None),
        ("until", None, date(2022, 3, 1)),
    ]
    assert {change.documents for change in changes} == {("order 2",)}
    began = two.diff(date(2021, 1, 1), MARCH)
    assert next((change.key, change.fact, change.before) for change in began) == ("b", "state", None)
    assert two.diff(MARCH, MARCH) == ()
    with pytest.raises(UsageError, match="earlier day first"):
        two.diff(LATER, MARCH)


def test_columns_hold_what_records_say(two: Register[Bed]) -> None:
    columns = two.add(take("a", LATER)).as_of(LATER).columns()
    assert columns["state"].tolist() == [BedState.TAKEN.number, BedState.FREE.number]
    assert columns["fee"].tolist() == [138_000, NOT_STATED]
    assert columns["until"].tolist() == [date(2022, 3, 1), None]
    assert columns["lit"].tolist() == [NOT_STATED, NOT_STATED]
    assert two.as_of(LATER).columns("room")["room"].tolist() == ["1", "2"]


def test_names_are_met_with_their_nearest(two: Register[Bed]) -> None:
    register = beds(set_up("room-1", MARCH))
    with pytest.raises(KeyError, match="did you mean 'room-1'"):
        register.as_of(MARCH)["room-2"]
    with pytest.raises(UsageError, match="did you mean 'room-1'"):
        register.history("room-2")


def test_a_rule_that_asks_for_what_is_not_there_is_refused() -> None:
    @validity(None)
    def odd(aera_cm2: NDArray[np.int64]) -> Flags:
        """A rule with a slip of the pen."""
        return np.asarray(aera_cm2 > 0)

    kind = attrs.evolve(BEDS, rules=(odd,))
    with pytest.raises(PlanError, match=r"asks for 'aera_cm2'.*did you mean 'area_cm2'"):
        Register(kind).entered([set_up("a", MARCH)])[0].validate(MARCH)


class RoomState(Labelled):
    OPEN = ("open", "开放")


class RoomAction(Labelled):
    OPEN = ("open", "开放")


@attrs.frozen(kw_only=True)
class Room:
    key: str
    state: RoomState


def test_a_record_names_only_what_is_registered_beside() -> None:
    linked: RegisterKind[Bed] = attrs.evolve(BEDS, links={"room": "beds_beside"})
    beside = beds(set_up("1", MARCH))
    register = Register(linked, beside={"beds_beside": beside})
    assert len(register.add(set_up("a", MARCH, room="1")).events) == 1
    with pytest.raises(EventRefused, match="The room that a record names is in the register of beds_beside"):
        register.add(set_up("a", MARCH, room="2"))
    unknown = Register(linked).entered([set_up("a", MARCH, room="2")])[0].validate(MARCH).unchecked
    assert [one.reason for one in unknown] == ["no register of beds_beside is beside this one"]


# Files


ENDINGS = (".csv", ".parquet", ".json", ".geojson")

events_of_beds = st.lists(
    st.builds(
        lambda key, day, facts: set_up(f"K{key}", date(2021, 1, 1) + timedelta(day), **facts),
        st.integers(0, 10**6),
        st.integers(0, 900),
        st.fixed_dictionaries(
            {},
            optional={
                "area_cm2": st.integers(20_000, 10**9),
                "fee": st.integers(0, 10**9),
                "lit": st.booleans(),
                "longitude": st.floats(-180, 180).map(lambda x: x + 0.0),
                "latitude": st.floats(-90, 90).map(lambda x: x + 0.0),
                "names": st.lists(
                    st.text("甲乙丙丁abc,\"' ", min_size=1, max_size=4).map(str.strip).filter(bool), max_size=3
                ).map(tuple),
            },
        ),
    ),
    unique_by=lambda event: event.key,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(events=events_of_beds, ending=st.sampled_from(ENDINGS), followed=st.booleans())
def test_files_lose_nothing(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event], ending: str, followed: bool
) -> None:
    more = [take(events[0].key, date(2024, 1, 1), recorded=date(2024, 2, 1))] if events and followed else []
    register = Register(BEDS).add(*events, *more)
    path = tmp_path_factory.mktemp("register") / f"beds{ending}"
    write_register(register, path)
    back = read_register(BEDS, path)
    assert back.set_aside == ()
    assert back.register.events == register.events


def test_what_an_event_emptied_stays_emptied(tmp_path: Path) -> None:
    kind = attrs.evolve(BEDS, steps=(*BEDS.steps, Step(action=RoomAction.OPEN, before=(BedState.FREE,), may=("room",))))
    emptied = Event(key="a", action=RoomAction.OPEN, on=LATER, document="x", facts={"room": ""})
    register = Register(kind).add(set_up("a", MARCH, room="1"), emptied)
    assert register.as_of(LATER)["a"].room == ""
    for ending in ENDINGS:
        write_register(register, tmp_path / f"beds{ending}")
        assert read_register(kind, tmp_path / f"beds{ending}").register.as_of(LATER)["a"].room == ""


def test_a_view_is_written_without_persons(tmp_path: Path, two: Register[Bed]) -> None:
    view = two.add(take("a", LATER, holder="张某某")).as_of(LATER)
    for ending in ENDINGS:
        write_view(view, tmp_path / f"view{ending}")
    assert "张某某" not in "".join((tmp_path / f"view{ending}").read_text("utf-8-sig") for ending in (".csv", ".json"))
    told = json.loads((tmp_path / "view.json").read_text("utf-8"))
    assert told["on"] == "2021-06-01"
    assert told["records"][0]["fee"] == "1380"
    features = json.loads((tmp_path / "view.geojson").read_text("utf-8"))["features"]
    assert [feature["geometry"] for feature in features] == [None, None]


def table(**changed: object) -> dict[str, list[object]]:
    """Two beds and what happened to the first, with one cell of the second row changed."""
    rows: dict[str, list[object]] = {
        "key": ["a", "b", "a"],
        "action": ["set_up", "set_up", "占用"],
        "on": ["2021-01-01", "2021-03-01", "2021-06-01"],
        "document": ["d1", "d2", "d3"],
        "place": ["450103", "450103", ""],
        "area_cm2": ["2", "2.5", ""],
        "fee": ["1,380.00", "", ""],
        "holder": ["", "", "H-1"],
        "until": ["", "", "2022-03-01"],
    }
    rows["action"][2] = "入住"
    for name, cell in changed.items():
        rows[name][1] = cell
    return rows


BAD = [
    ("key", "", "is missing"),
    ("key", "x" * 65, "is longer than 64 characters"),
    ("action", "setup", "is no action of beds; did you mean 'set_up'?"),
    ("action", None, "is no action of beds"),
    ("on", "2021-02-29", "is no day of the calendar"),
    ("on", "01/02/2021", "the order of day and month is not clear"),
    ("on", "", "is missing"),
    ("on", 44197, "is not a date"),
    ("document", "", "is missing"),
    ("place", "45010a", "is not a division code"),
    ("place", "450101", "is a code for all districts of the city together"),
    ("place", "", "b: is missing: set_up must state it"),
    ("area_cm2", "２", "has full-width characters"),
    ("area_cm2", "2.00001", "is not an area in whole square centimetres"),
    ("area_cm2", "-2", "is not an area"),
    ("area_cm2", "two", "is not an area"),
    ("fee", "0.005", "has a fraction of a fen"),
    ("fee", "12元", "is not an amount of yuan"),
    ("fee", "nan", "is not a number"),
    ("holder", "H-9", "b: is not for set_up to state"),
]


@pytest.mark.parametrize(("column", "cell", "said"), BAD)
def test_a_bad_row_is_set_aside_and_the_good_go_on(column: str, cell: object, said: str) -> None:
    loaded = read_event_table(BEDS, table(**{column: cell}))
    assert loaded.set_aside == (2,)
    assert len(loaded.register.events) + len(loaded.set_aside) == 3
    assert [(problem.row, said in problem.reason) for problem in loaded.problems] == [(2, True)]
    assert loaded.register.as_of(LATER)["a"].fee == 138_000


def test_a_record_with_one_bad_event_is_set_aside_as_a_whole() -> None:
    rows = table()
    rows["until"][2] = "2022-02-30"
    loaded = read_event_table(BEDS, rows)
    assert loaded.set_aside == (1, 3)
    assert [str(problem) for problem in loaded.problems] == [
        "row 1: is set aside with its record: see row 3",
        "row 3, until: '2022-02-30' is no day of the calendar; write it as in 2026-07-01",
    ]
    assert list(loaded.register.as_of(LATER)) == ["b"]


def test_steps_that_do_not_follow_are_set_aside() -> None:
    rows = table()
    rows["on"][2] = "2020-06-01"
    loaded = read_event_table(BEDS, rows)
    assert loaded.set_aside == (1, 3)
    assert "not open to a record that has not begun" in str(loaded.problems)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"key": ["a"]}, "missing columns: 'action', 'on', 'document'"),
        (table() | {"rom": ["", "", ""]}, "unknown columns: 'rom'; did you mean 'room'?"),
        (table() | {"room": ["1"]}, "the columns differ in length"),
        (table() | {"state": ["", "", ""]}, "unknown columns: 'state'"),
    ],
)
def test_a_table_that_is_no_register_is_refused(rows: dict[str, list[object]], said: str) -> None:
    with pytest.raises(TableError, match=said.replace("?", r"\?")):
        read_event_table(BEDS, rows)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", "{}", "is not a register as write_register writes it"),
        ("a.json", "[", "is not a register"),
        ("a.geojson", '{"features": [{}]}', "is not a register"),
        ("a.txt", "key", "tables are .csv or .parquet files"),
        ("a.csv", "key;action\n", "unknown columns"),
    ],
)
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(TableError, match=said):
        read_register(BEDS, tmp_path / name)


def test_an_ending_that_nobody_reads_is_refused(tmp_path: Path, two: Register[Bed]) -> None:
    with pytest.raises(TableError, match=r"write \.csv, \.parquet, \.json or \.geojson"):
        write_register(two, tmp_path / "beds.xlsx")


def test_a_table_says_what_an_event_states(two: Register[Bed]) -> None:
    told = event_table(two)
    assert told["fee"][0] == 1380
    assert told["area_cm2"] == [2, 2]
    assert told["recorded"] == [None, None]


# Any sequence of events


class AnyEvents(RuleBasedStateMachine):
    """Whatever is tried: what is accepted keeps every invariant, what is refused changes nothing and says why."""

    def __init__(self) -> None:
        super().__init__()
        self.register = Register(BEDS)

    @rule(
        key=st.sampled_from("abc"),
        action=st.sampled_from(list(BedAction)),
        day=st.integers(0, 6),
        room=st.sampled_from(["", "1", "2"]),
        holder=st.sampled_from(["", "H-1"]),
        area=st.sampled_from([10_000, 20_000]),
    )
    def try_one(self, key: str, action: BedAction, day: int, room: str, holder: str, area: int) -> None:
        on = MARCH + timedelta(day)
        facts: dict[BedAction, dict[str, Fact]] = {
            BedAction.SET_UP: {"place": "450103", "area_cm2": area, "room": room},
            BedAction.TAKE: {"holder": holder, "until": LATER},
        }
        event = Event(key=key, action=action, on=on, document="order", facts=facts.get(action, {}))
        before = self.register
        events = before.events
        refused: EventRefused | None = None
        try:
            self.register = before.add(event)
        except EventRefused as why:
            refused = why
        assert before.events == events
        if refused is None:
            assert len(self.register.events) == len(events) + 1
        else:
            assert len(refused.problems)
            assert all(problem.reason for problem in refused.problems)

    @invariant()
    def every_invariant_holds_on_every_day(self) -> None:
        for day in self.register.days():
            assert not self.register.validate(day).of(Severity.INVARIANT, Severity.BREACH)

    @invariant()
    def a_record_is_what_its_history_says(self) -> None:
        view = self.register.as_of(date.max)
        assert {key: self.register.history(key)[-1][1] for key in view} == dict(view)


TestAnyEvents = AnyEvents.TestCase
TestAnyEvents.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
