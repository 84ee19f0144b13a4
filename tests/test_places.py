"""Division codes: their lives, their successors, and the chain above them."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.calendar import days
from civaffairs.errors import LoadError, UsageError
from civaffairs.law.places import (
    COUNTY_LEVEL,
    DivisionKind,
    NotCurrent,
    PlaceError,
    chain,
    county_divisions,
    division_at,
    known,
    load_places,
    name,
    places,
    resolve,
    resolve_codes,
)
from civaffairs.law.places_index import code_numbers
from civaffairs.law.places_lookup import (
    STANDINGS,
    CodeStanding,
    children,
    divisions_at,
    find_divisions,
    parent,
    place_notes,
    predecessors,
    succession,
    successors,
)

E = TypeVar("E", bound=Enum)
CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "divisions.toml").read_text("utf-8"))
TODAY = date(2026, 8, 1)
UP = ("450100", "450000", "000000")


def named(members: type[E], value: str) -> E:
    """The member of a closed set that has a value."""
    return next(member for member in members if member.value == value)


def test_the_twelve_county_level_divisions() -> None:
    assert [str(division) for division in county_divisions()] == [
        "450102 兴宁区",
        "450103 青秀区",
        "450105 江南区",
        "450107 西乡塘区",
        "450108 良庆区",
        "450109 邕宁区",
        "450110 武鸣区",
        "450123 隆安县",
        "450124 马山县",
        "450125 上林县",
        "450126 宾阳县",
        "450181 横州市",
    ]
    assert all(chain(division.code) == (division.code, *UP) for division in county_divisions())


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("450103", date(2003, 12, 31), "新城区"),
        ("450103", date(2004, 1, 1), "青秀区"),
        ("450103", date(1983, 1, 1), "新城区"),
        ("450127", date(2020, 1, 1), "横县"),
        ("450127", date(2021, 12, 31), "横县"),
        ("450181", date(2021, 1, 1), "横州市"),
        ("452122", date(2002, 12, 31), "横县"),
        ("452122", date(1970, 1, 1), "横县"),
        ("450111", date(2001, 6, 1), "郊区"),
        ("450100", date(1950, 1, 1), "南宁市"),
        ("452100", date(2002, 1, 1), "南宁地区"),
    ],
)
def test_a_code_means_what_it_meant_on_the_day(code: str, on: date, expected: str) -> None:
    assert division_at(code, on).name == expected


def test_in_a_changeover_year_both_codes_answer() -> None:
    on = date(2021, 3, 1)
    assert (division_at("450127", on).name, division_at("450181", on).name) == ("横县", "横州市")
    assert "2021-07-29" in division_at("450181", on).note


def test_an_ended_division_names_its_end_and_its_successor() -> None:
    with pytest.raises(NotCurrent, match="450127 横县 ended in 2021; use its successor 450181 横州市") as caught:
        division_at("450127", date(2022, 1, 1))
    assert caught.value.successors == ("450181",)


def test_a_split_district_claims_no_successor() -> None:
    with pytest.raises(NotCurrent, match="450106 永新区 ended in 2004; no source names one successor") as caught:
        division_at("450106", TODAY)
    assert caught.value.successors == ()


def test_a_division_not_yet_begun_names_what_was_before() -> None:
    with pytest.raises(NotCurrent, match="450181 横州市 begins in 2021; before it the place was 450127 横县"):
        division_at("450181", date(2020, 12, 31))
    with pytest.raises(NotCurrent, match=r"450103 新城区 begins in 1983$"):
        division_at("450103", date(1982, 12, 31))


def test_an_unknown_code_gets_the_nearest() -> None:
    with pytest.raises(PlaceError, match=r"'450137' is not in the table; did you mean '4501.7'"):
        division_at("450137", TODAY)
    with pytest.raises(PlaceError, match="not in the table"):
        name("110101")


@pytest.mark.parametrize("bad", ["", "45010", "4501030", "45O103", "450103 ", "４５０１０３", "450103001"])
def test_a_malformed_code_is_refused_everywhere(bad: str) -> None:
    for ask in (lambda: chain(bad), lambda: name(bad), lambda: resolve(bad, TODAY), lambda: division_at(bad, TODAY)):
        with pytest.raises(UsageError, match="six digits"):
            ask()
    assert not known(bad)


def test_an_identity_number_in_place_of_a_code_is_not_shown() -> None:
    with pytest.raises(PlaceError) as caught:
        chain("450127198001010012")
    assert "19800101" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("000000", ("000000",)),
        ("450000", ("450000", "000000")),
        ("450100", UP),
        ("450127", ("450181", *UP)),
        ("452122", ("450181", *UP)),
        ("452125", ("450110", *UP)),
        ("452121", ("450121", *UP)),
        ("450104", ("450104", *UP)),
        ("452100", ("452100", "450000", "000000")),
        ("450101", ("450101", *UP)),
        ("110101", ("110101", "110100", "110000", "000000")),
        ("110000", ("110000", "000000")),
    ],
)
def test_chains(code: str, expected: tuple[str, ...]) -> None:
    assert chain(code) == expected


@given(st.from_regex("[0-9]{6}", fullmatch=True) | st.sampled_from(sorted(places().by_code)))
def test_every_chain_climbs_to_the_nation_without_turning_back(code: str) -> None:
    found = chain(code)
    assert found[-1] == "000000"
    assert len(set(found)) == len(found) <= 4
    assert all(chain(above) == found[i:] for i, above in enumerate(found))


@pytest.mark.parametrize(
    ("code", "on", "expected", "note"),
    [
        ("450102", TODAY, "450102", ""),
        ("450127", date(2021, 8, 1), "450127", ""),
        ("450127", date(2022, 1, 1), "450181", "450127 横县 until 2021, now 450181 横州市"),
        ("452125", date(2000, 1, 1), "450122", "452125 武鸣县 until 1983, now 450122 武鸣县"),
        (
            "452121",
            TODAY,
            "450121",
            "452121 邕宁县 until 1983, 450121 邕宁县 ended in 2004; no source names one successor",
        ),
        ("450181", date(2000, 1, 1), "450181", "450181 横州市 begins in 2021; before it the place was 450127 横县"),
        ("110101", TODAY, "110101", "110101 is not in the table; kept as it is"),
    ],
)
def test_resolving_says_what_it_did(code: str, on: date, expected: str, note: str) -> None:
    found = resolve(code, on)
    assert (found.code_now, found.note) == (expected, note)


@given(st.sampled_from(sorted(places().by_code)), st.dates(date(1950, 1, 1), date(2060, 1, 1)))
def test_resolving_twice_changes_nothing(code: str, on: date) -> None:
    once = resolve(code, on).code_now
    assert resolve(once, on).code_now == once


@given(st.lists(st.sampled_from([*sorted(places().by_code), "110101"])))
def test_columns_resolve_as_single_codes_do(codes: list[str]) -> None:
    expected = [resolve(code, TODAY).code_now for code in codes]
    assert resolve_codes(np.array(codes, dtype="U6"), TODAY).tolist() == expected
    numbers = resolve_codes(np.array(codes, dtype=np.int32), TODAY)
    assert numbers.dtype == np.int32
    assert numbers.tolist() == [int(code) for code in expected]


def test_a_column_keeps_its_shape_and_the_mark_of_the_unreadable() -> None:
    codes = np.array([[450127, -1], [450102, 452122]], dtype=np.int32)
    assert resolve_codes(codes, TODAY).tolist() == [[450181, -1], [450102, 450181]]


def test_a_column_with_malformed_codes_lists_at_most_five() -> None:
    with pytest.raises(PlaceError, match="a1, a2, a3, a4, a5 and 2 more; a code is six digits"):
        resolve_codes(np.array([f"a{i}" for i in range(1, 8)]), TODAY)
    with pytest.raises(PlaceError, match="not division codes: 1234567"):
        resolve_codes(np.array([1234567], dtype=np.int32), TODAY)


def test_every_row_is_cited_and_hangs_together() -> None:
    for division in places().divisions:
        assert division.cite == "division-codes-copy"
        assert division.kind.label_zh
        assert (division.parent == "") == (division.kind is DivisionKind.NATION)
        assert division.kind not in COUNTY_LEVEL or division.parent[:4] == division.code[:4]
    assert len({(division.code, division.since_year) for division in places().divisions}) == len(places().divisions)


HEAD = 'cite = "x"\ndivisions = [\n'
NATION_ROW = '{ code = "000000", name = "N", kind = "nation" },\n'


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ('{ code = "1", name = "A", kind = "city" },\n', "t:4: 'code' must be six digits"),
        ('{ code = "110000", name = "A", kind = "ctiy" },\n', "t:4: unknown kind 'ctiy'; did you mean 'city'"),
        (
            '{ code = "110000", name = "A", kind = "city", sinc = 1 },\n',
            "t:4: unknown key 'sinc'; did you mean 'since'",
        ),
        ('{ code = "110000", kind = "city" },\n', "t:4: 'name' is missing"),
        ('{ code = "110000", name = "A", kind = "city", since = "1" },\n', "t:4: 'since' must be int"),
        ('{ code = "110000", name = "A", kind = "city", since = true },\n', "t:4: 'since' must be int"),
        ('{ code = "110000", name = "A", kind = "city", parent = "9" },\n', "parent '9' is not in the table"),
        ('{ code = "110000", name = "A", kind = "city", successors = ["000000"] },\n', "has no successors"),
        ('{ code = "110000", name = "A", kind = "city" }, { code = "120000" },\n', "one row per line"),
        ('{ code = "110000", name = "A", kind = "city", until = 1, successors = ["9"] },\n', "successor '9' is not in"),
        (NATION_ROW, "in force in one year under one code"),
        ('{ code = "110000",\n  name = "A", kind = "city" },\n{},\n]\n[', "t: "),
    ],
)
def test_a_bad_table_is_refused_with_its_line(rows: str, message: str) -> None:
    with pytest.raises(LoadError, match=r"^t") as caught:
        load_places(HEAD + NATION_ROW + rows + "]\n", "t")
    assert message in str(caught.value)


def test_all_faults_of_a_table_come_at_once() -> None:
    rows = '{ code = "1", name = "A", kind = "city" },\n' * 3
    with pytest.raises(LoadError) as caught:
        load_places(HEAD + rows + "]\n", "t")
    assert str(caught.value).splitlines() == [f"t:{line}: 'code' must be six digits" for line in (3, 4, 5)]


@pytest.mark.parametrize(("since", "clash"), [(2000, True), (2001, False)])
def test_two_lives_of_a_code_share_no_year(since: int, clash: bool) -> None:
    old = '{ code = "110101", name = "A", kind = "district", until = 2000 },\n'
    new = f'{{ code = "110101", name = "B", kind = "district", since = {since} }},\n'
    if clash:
        with pytest.raises(LoadError, match="110101 B and 110101 A are in force in one year"):
            load_places(HEAD + new + old + "]\n", "t")
    else:
        lives = load_places(HEAD + new + old + "]\n", "t").by_code["110101"]
        assert [division.name for division in lives] == ["A", "B"]


SOME_CODES = st.sampled_from([*sorted(places().by_code), "110101", "450101"])
SOME_DAYS = st.dates(date(1950, 1, 1), date(2060, 1, 1)) | st.sampled_from(
    [date(year, month, day) for year in (1983, 2001, 2002, 2003, 2004, 2021) for month, day in ((1, 1), (12, 31))]
)


@pytest.mark.parametrize("case", CASES["code"], ids=lambda case: f"{case['code']} on {case['on']}")
def test_the_cases_of_codes(case: dict[str, Any]) -> None:
    found = divisions_at(np.array([case["code"]]), case["on"])
    assert found.names().tolist() == [case.get("name", "")]
    assert found.count() == {named(CodeStanding, case.get("standing", "in_force")): 1}
    assert resolve_codes(np.array([case["code"]]), case["on"]).tolist() == [case["now"]]


@given(st.lists(st.tuples(SOME_CODES, SOME_DAYS)))
def test_a_column_with_days_of_its_own_is_looked_up_as_single_codes_are(rows: list[tuple[str, date]]) -> None:
    texts = np.array([code for code, _ in rows], "U6")
    numbers = texts.astype(np.int32) if rows else np.array([], np.int32)
    on = np.array([days(day) for _, day in rows], np.int32)
    expected = [resolve(code, day).code_now for code, day in rows]
    assert resolve_codes(texts, on).tolist() == expected
    assert resolve_codes(numbers, on.astype("datetime64[D]")).tolist() == [int(code) for code in expected]
    found = divisions_at(numbers, on)
    assert [(row, STANDINGS[standing]) for row, standing in zip(found.index, found.standing, strict=True)] == [
        row_and_standing(code, day) for code, day in rows
    ]


def row_and_standing(code: str, on: date) -> tuple[int, CodeStanding]:
    """What the single lookup says of a code."""
    try:
        return places().divisions.index(division_at(code, on)), CodeStanding.IN_FORCE
    except NotCurrent as fault:
        return -1, CodeStanding.ENDED if "ended in" in str(fault) else CodeStanding.NOT_BEGUN
    except PlaceError:
        return -1, CodeStanding.NOT_LISTED


def test_a_column_of_any_width_order_and_shape_reads_the_same() -> None:
    expected = np.array([[450127, 450103], [452122, 0]])
    texts = np.array([["450127", "450103"], ["452122", "000000"]], "U9")
    for codes in (texts, texts.T.copy().T, texts.astype(">U9"), texts.astype("U6")[::1]):
        assert code_numbers(codes).tolist() == expected.tolist()
        assert resolve_codes(codes, TODAY).tolist() == [["450181", "450103"], ["450181", "000000"]]
        assert divisions_at(codes, date(2020, 1, 1)).names().tolist() == [["横县", "青秀区"], ["", "中华人民共和国"]]
    for kind in (np.int32, np.int64, np.uint32, np.uint64):
        assert code_numbers(expected.astype(kind)).tolist() == expected.tolist()
    assert code_numbers(np.array([-5, 2**40, -(2**40)])).tolist() == [-1, -2, -1]
    assert code_numbers(np.array([7], np.int8)).tolist() == [7]
    assert code_numbers(np.array([450103.0])).tolist() == [-2]
    assert resolve_codes(np.array([], "U1"), TODAY).tolist() == []


def test_the_column_that_was_given_is_left_as_it_is() -> None:
    codes = np.array([450127], np.int32)
    resolve_codes(codes, TODAY)
    assert codes.tolist() == [450127]


def test_a_code_that_is_not_stated_is_kept_and_counted() -> None:
    found = divisions_at(np.array([450103, -1, 110101], np.int32), TODAY)
    assert found.index.tolist()[1:] == [-1, -1]
    assert found.count() == {CodeStanding.IN_FORCE: 1, CodeStanding.NOT_STATED: 1, CodeStanding.NOT_LISTED: 1}
    assert repr(found) == "<3 codes: 1 in_force, 1 not_stated, 1 not_listed>"


@pytest.mark.parametrize(
    "on",
    [
        np.array([1, 2], np.int32),
        np.array(["NaT"], "datetime64[D]"),
        np.array([1.0]),
        np.array(["2020-01-01"]),
    ],
)
def test_days_that_do_not_go_with_the_codes_are_refused(on: np.ndarray[Any, Any]) -> None:
    for ask in (resolve_codes, divisions_at):
        with pytest.raises(UsageError, match="give one day, or for each code"):
            ask(np.array([450103], np.int32), on)


def test_days_beyond_the_calendar_are_the_far_past_and_future() -> None:
    codes, on = np.array([450127, 452122], np.int32), np.array([2**40, -(2**40)])
    assert resolve_codes(codes, on).tolist() == [450181, 452122]


def test_a_million_codes_as_of_their_own_days_take_little_time() -> None:
    draw = np.random.default_rng(1)
    codes = draw.choice(np.array([int(code) for code in places().by_code], np.int32), 1_000_000)
    on = draw.integers(days(date(1980, 1, 1)), days(date(2026, 1, 1)), len(codes)).astype(np.int32)
    texts = np.array(sorted(places().by_code))[draw.integers(0, len(places().by_code), len(codes))]
    for column in (codes, texts):
        for ask in (resolve_codes, divisions_at):
            took = []
            for _ in range(3):
                start = time.perf_counter()
                ask(column, on)
                took.append(time.perf_counter() - start)
            assert min(took) < 0.2


def test_a_roster_of_2020_with_the_county_of_then_works_and_says_what_it_did() -> None:
    codes = np.array([450127, 450102, 450127, -1, 452122, 110101], np.int32)
    assert resolve_codes(codes, TODAY).tolist() == [450181, 450102, 450181, -1, 450181, 110101]
    assert place_notes(codes, TODAY) == (
        "450127 横县 until 2021, now 450181 横州市 (2 rows)",
        "110101 is not in the table; kept as it is (1 row)",
        "452122 横县 until 2002, 450127 横县 until 2021, now 450181 横州市 (1 row)",
    )
    assert place_notes(codes[:4], date(2020, 6, 30)) == ()


@given(st.lists(st.tuples(SOME_CODES, SOME_DAYS), min_size=1))
def test_the_notes_are_those_of_single_codes(rows: list[tuple[str, date]]) -> None:
    codes = np.array([code for code, _ in rows])
    on = np.array([days(day) for _, day in rows], np.int32)
    told = place_notes(codes, on)
    single = [note for code, day in rows if (note := resolve(code, day).note)]
    assert {note.rsplit(" (", 1)[0] for note in told} == set(single)
    assert sum(int(note.rsplit("(", 1)[1].split()[0]) for note in told) == len(single)


@given(SOME_DAYS)
def test_every_division_in_force_is_a_child_of_its_parent(on: date) -> None:
    for division in places().divisions:
        if division.in_force(on):
            above = parent(division.code, on)
            if above is None:
                assert division.kind is DivisionKind.NATION
            else:
                assert division in children(above.code, on)
        else:
            assert not any(division in children(d.code, on) for d in places().divisions if d.in_force(on))


def test_in_the_changeover_year_both_old_and_new_are_children() -> None:
    under = {division.code for division in children("450100", date(2021, 3, 1))}
    assert {"450127", "450181"} <= under
    with pytest.raises(NotCurrent, match="452100 南宁地区 ended in 2002"):
        children("452100", TODAY)
    with pytest.raises(NotCurrent):
        parent("450127", TODAY)


def test_names_are_found_exactly() -> None:
    assert [str(d) for d in find_divisions("横县")] == ["452122 横县", "450127 横县"]
    assert [str(d) for d in find_divisions("横县", date(2010, 1, 1))] == ["450127 横县"]
    assert [str(d) for d in find_divisions("邕宁县", date(1983, 5, 1))] == ["452121 邕宁县", "450121 邕宁县"]
    with pytest.raises(NotCurrent, match="no division was called 横县 on 2022-01-01") as caught:
        find_divisions("横县", date(2022, 1, 1))
    assert caught.value.successors == ("450127", "450181")
    with pytest.raises(PlaceError, match="did you mean '西乡塘区'"):
        find_divisions("西香塘区")
    with pytest.raises(PlaceError, match="is called ''"):
        find_divisions("")


def test_succession_goes_both_ways() -> None:
    for division in places().divisions:
        for heir in successors(division.code, division.since_year):
            assert division in predecessors(heir.code, heir.since_year)
            assert (
                succession(heir.code, heir.since_year).divisions
                == succession(division.code, division.since_year).divisions
            )
    assert [str(d) for d in succession("450181").divisions] == ["452122 横县", "450127 横县", "450181 横州市"]
    assert succession("450181").broken == ()


@pytest.mark.parametrize(("code", "since"), [("450104", None), ("450106", 1983), ("450111", None), ("450103", 1983)])
def test_what_became_of_a_district_that_no_source_follows_is_not_made_up(code: str, since: int | None) -> None:
    assert successors(code, since) == ()
    told = succession(code, since)
    assert len(told.broken) == 1
    assert str(told).endswith("no source names one successor")


def test_a_reused_code_needs_the_year_of_its_life() -> None:
    with pytest.raises(PlaceError, match=r"450103 has had 2 lives: .*新城区 \(1983 to 2003\).*; say which with since="):
        successors("450103")
    with pytest.raises(PlaceError, match=r"450127 has had 1 life.*none begins in 1999"):
        successors("450127", 1999)
    assert predecessors("450103", 2004) == ()
