"""Raw columns: what is read, what is refused and why, and that no row is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.errors import TableError
from civaffairs.people.border import read_columns
from civaffairs.people.cells import Fault, read_cell
from civaffairs.people.household import COLUMNS
from civaffairs.people.parsing import Cells, read_column

TODAY = date(2026, 11, 23)
NUMBER = "450127198001010012"


def roster(**changes: Sequence[object]) -> dict[str, Cells]:
    """Three persons in two households, nothing wrong; a change replaces or adds a column."""
    sound: dict[str, Cells] = {
        "household_id": ["H1", "H1", "H2"],
        "person_id": ["P1", "P2", "P3"],
        "birth_date": ["1980-01-01", "2019-06-01", "1950-12-31"],
        "place": ["450103", "450103", "450123"],
        "area": ["urban", "urban", "rural"],
    }
    return sound | changes


def test_a_sound_table_becomes_a_population() -> None:
    population, problems, rejects = read_columns(roster(wage_income=["1,380.00", "", "810"]), today=TODAY)
    assert not problems
    assert len(rejects) == 0
    assert population.index.tolist() == [0, 0, 1]
    assert population.household["place"].tolist() == [450103, 450123]
    assert population.household["area"].tolist() == [0, 1]
    assert population.person["birth_date"].dtype == np.int32
    assert population.person["birth_date"].tolist()[0] == 3652
    assert population.person["wage_income"].tolist() == [138_000, 0, 81_000]
    assert population.stated["wage_income"].tolist() == [True, False, True]
    assert "person_id" not in population.stated
    assert population.column("employed") is None


def test_an_empty_column_is_an_absent_column() -> None:
    population, _, _ = read_columns(roster(employed=["", None, float("nan")]))
    assert population.column("employed") is None


def test_households_keep_the_order_of_their_first_rows_though_rows_are_mixed() -> None:
    table = roster(household_id=["H9", "H1", "H9"], place=["450103", "450123", "450103"], area=["城市", "农村", "城市"])
    population, problems, _ = read_columns(table)
    assert not problems
    assert population.household["household_id"].tolist() == ["H9", "H1"]
    assert population.person["person_id"].tolist() == ["P1", "P3", "P2"]


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("wage_income", "1,380.00", 138_000),
        ("wage_income", "0", 0),
        ("wage_income", "810.5", 81_050),
        ("wage_income", "810.500", 81_050),
        ("wage_income", 810, 81_000),
        ("wage_income", 810.29, 81_029),
        ("wage_income", Decimal("0.05"), 5),
        ("wage_income", "100000000", 10**10),
        ("employed", "YES", True),
        ("employed", "否", False),
        ("employed", 1, True),
        ("employed", "0", False),
        ("area", "Rural", 1),
        ("area", "城市", 0),
        ("disability_kind", "精神残疾", 6),
        ("birth_date", "2026-07-01", 20_635),
        ("birth_date", "2026/7/1", 20_635),
        ("birth_date", "2026.7.1", 20_635),
        ("birth_date", "20260701", 20_635),
        ("birth_date", 20260701, 20_635),
        ("birth_date", "2026年7月1日", 20_635),
        ("birth_date", "2026-07-01 00:00:00", 20_635),
        ("birth_date", datetime(2026, 7, 1), 20_635),
        ("place", "450127", 450127),
        ("place", 450103, 450103),
        ("hukou_place", 110101.0, 110101),
        ("hukou_place", "452122", 452122),
        ("wage_months", "12", 12),
        ("wage_months", 12.0, 12),
        ("wage_income", " ", None),
        ("wage_income", float("nan"), None),
        ("wage_income", None, None),
        ("person_id", " P1 ", "P1"),
        ("person_id", 17, "17"),
    ],
)
def test_a_cell_is_read(name: str, cell: object, value: object) -> None:
    assert read_cell(COLUMNS[name], cell) == value


@pytest.mark.parametrize(
    ("name", "cell", "reason", "hint"),
    [
        ("wage_income", "0.005", "fraction of a fen", "two decimals"),
        ("wage_income", 0.005, "fraction of a fen", "two decimals"),
        ("wage_income", "-1", "negative", "0 or more"),
        ("wage_income", -0.01, "negative", "0 or more"),
        ("wage_income", "100000000.01", "above 100,000,000.00", "digits too many"),
        ("wage_income", 10**30, "above", "digits too many"),
        ("wage_income", "NaN", "is not a number", "empty"),
        ("wage_income", float("inf"), "is not a number", "empty"),
        ("wage_income", "1e3", "not an amount", "two decimals"),
        ("wage_income", "1_000", "not an amount", "two decimals"),
        ("wage_income", "1,23", "not an amount", "two decimals"),
        ("wage_income", "810元", "not an amount", "two decimals"),
        ("wage_income", "８１０", "full-width", "0 to 9"),
        ("wage_income", True, "wrong type (bool)", "table format"),
        ("wage_income", date(2026, 7, 1), "wrong type", "table format"),
        ("employed", "maybe", "neither yes nor no", "empty"),
        ("employed", 2, "neither yes nor no", "empty"),
        ("area", "ubran", "listed words", "did you mean 'urban'"),
        ("area", 1, "wrong type", "table format"),
        ("birth_date", "01/02/2026", "not clear", "year first"),
        ("birth_date", "2026-02-30", "no day of the calendar", "2026-07-01"),
        ("birth_date", "2026-07/01", "not a date", "2026-07-01"),
        ("birth_date", "2026-07-01 08:00", "time of day", "alone"),
        ("birth_date", 46204, "not a date", "spreadsheet"),
        ("birth_date", "１９８０-01-01", "full-width", "0 to 9"),
        ("place", "450101", "all districts", "450103"),
        ("place", "450130", "never been", "nearest codes are 450110, 450102, 450103"),
        ("place", "000000", "never been", "nearest"),
        ("hukou_place", "990101", "never been", "nearest"),
        ("place", "450103001", "township", "450103"),
        ("place", "450103001002", "township", "450103"),
        ("place", "45010", "not a division code", "six digits"),
        ("wage_months", "0", "not between 1 and 12", "months"),
        ("wage_months", "13", "not between 1 and 12", "months"),
        ("wage_months", "1.5", "not a whole number", "digits"),
        ("wage_months", 1.5, "not a whole number", "digits"),
        ("disability_grade", 5, "not between 0 and 4", "grade"),
        ("person_id", 1.0, "wrong type", "as text"),
        ("person_id", "P\0", "cannot be seen", "digits"),
        ("person_id", "x" * 65, "longer than 64", "closed"),
    ],
)
def test_a_cell_is_refused_with_a_hint(name: str, cell: object, reason: str, hint: str) -> None:
    fault = read_cell(COLUMNS[name], cell)
    assert isinstance(fault, Fault)
    assert reason in fault.reason
    assert hint in fault.hint


def test_a_list_as_a_cell_is_refused() -> None:
    assert read_column(COLUMNS["wage_income"], [[1], 5]).faults[0][0] == 0


@given(st.lists(st.integers(-(10**8), 10**10), min_size=1))
def test_arrays_are_read_as_their_cells_are(fen: list[int]) -> None:
    column = COLUMNS["wage_income"]
    floats = np.array(fen) / 100
    text = read_column(column, [f"{amount // 100}.{amount % 100:02d}" if amount >= 0 else "-1" for amount in fen])
    fast = read_column(column, floats)
    slow = [read_cell(column, cell) for cell in floats.tolist()]
    assert fast.values.tolist() == text.values.tolist() == [0 if isinstance(cell, Fault) else cell for cell in slow]
    assert fast.stated.tolist() == text.stated.tolist()
    assert [row for row, _ in fast.faults] == [row for row, cell in enumerate(slow) if isinstance(cell, Fault)]


def test_typed_arrays_are_taken_as_they_are() -> None:
    masked = np.ma.MaskedArray(np.array([810, 0, -1]), [False, True, False])
    facts = read_column(COLUMNS["wage_income"], masked)
    assert facts.values.tolist() == [81_000, 0, 0]
    assert facts.stated.tolist() == [True, False, False]
    assert facts.faults == ((2, Fault("is negative", "state receipts and costs as amounts of 0 or more")),)
    days = np.array(["1980-01-01", "NaT"], "datetime64[ns]")
    assert read_column(COLUMNS["birth_date"], days).stated.tolist() == [True, False]
    flags = read_column(COLUMNS["employed"], np.array([True, False]))
    assert flags.values.tolist() == [True, False]
    late = read_column(COLUMNS["birth_date"], np.array(["1980-01-01T08"], "datetime64[h]"))
    assert late.faults[0][1].reason == "has a time of day"


@pytest.mark.parametrize(
    ("changes", "row", "column", "reason"),
    [
        ({"birth_date": ["1980-01-01", "", "1950-12-31"]}, 2, "birth_date", "is missing"),
        ({"household_id": ["H1", "H1", ""]}, 3, "household_id", "is missing"),
        ({"person_id": ["P1", "P1", "P3"]}, 2, "person_id", "twice in one household"),
        ({"person_id": ["P1", "P2", "P1"]}, 3, "person_id", "two households"),
        ({"place": ["450103", "450105", "450123"]}, 2, "place", "differs"),
        ({"area": ["urban", "rural", "rural"]}, 2, "area", "differs"),
        ({"financial_assets": ["5", "", "0"]}, 2, "financial_assets", "differs"),
        ({"place": ["450103", "450103", "450199"]}, 3, "place", "never been"),
        ({"resident_number": ["450127198001010011", "", ""]}, 1, "resident_number", "check character"),
        ({"resident_number": ["", NUMBER, ""]}, 2, "resident_number", "another day of birth"),
        ({"resident_number": ["12345", "", ""]}, 1, "resident_number", "not the right characters"),
        ({"birth_date": ["1980-01-01", "2026-11-24", "1950-12-31"]}, 2, "birth_date", "after 2026-11-23"),
        ({"birth_date": ["1895-11-23", "2019-06-01", "1950-12-31"]}, 1, "birth_date", "older than 130"),
        ({"wage_income": ["", "", "-5"]}, 3, "wage_income", "negative"),
        ({"disability_kind": ["none"] * 3, "disability_grade": ["", "2", ""]}, 2, "disability_grade", "kind is none"),
        ({"disability_kind": ["visual"] * 3, "disability_grade": ["", "0", ""]}, 2, "disability_grade", "is not none"),
        (
            {"mother_disability_kind": ["none"] * 3, "mother_disability_grade": ["", "2", ""]},
            2,
            "mother_disability_grade",
            "kind is none",
        ),
        ({"father_custody": ["none"] * 3, "father_custody_months": ["", "6", ""]}, 2, "father_custody_months", "none"),
        (
            {"father_custody": ["prison"] * 3, "father_custody_months": ["", "0", ""]},
            2,
            "father_custody_months",
            "none",
        ),
        (
            {"transfer_income": ["", "10", "1"], "basic_pension": ["9", "6", "1"], "award_income": ["", "6", "0"]},
            2,
            "transfer_income",
            "add up to 12.00",
        ),
        ({"relation": ["applicant", "applicant", "applicant"]}, 2, "relation", "second applicant"),
        ({"relation": ["spouse", "child", "applicant"]}, 1, "relation", "no member"),
    ],
)
def test_what_cannot_be_true_sets_the_household_aside(
    changes: dict[str, list[object]], row: int, column: str, reason: str
) -> None:
    population, problems, rejects = read_columns(roster(**changes), today=TODAY)
    assert [p for p in problems if p.row == row and p.column == column and reason in p.reason], str(problems)
    assert population.persons + len(rejects) == rejects.rows_in == 3
    assert row in rejects.rows.tolist()
    if row < 3 and "person_id" not in changes:  # the whole household goes, and every row is told why
        assert rejects.rows.tolist()[:2] == [1, 2]
    assert set(rejects.rows.tolist()) == {p.row for p in problems}


def test_the_oldest_age_is_still_accepted() -> None:
    population, problems, _ = read_columns(roster(birth_date=["1895-11-24", "2019-06-01", "2026-11-23"]), today=TODAY)
    assert not problems
    assert population.persons == 3


def test_everything_wrong_is_found_at_once_and_the_companions_are_told() -> None:
    _, problems, rejects = read_columns(roster(wage_income=["x", "", ""], employed=["?", "no", "no"]), today=TODAY)
    assert [(p.row, p.column) for p in problems] == [(1, "employed"), (1, "wage_income"), (2, "")]
    assert problems[2].reason == "member of a household set aside for row 1"
    assert rejects.columns["wage_income"] == ["x", ""]


def test_a_household_without_everybody_stated_may_lack_an_applicant() -> None:
    _, problems, _ = read_columns(roster(relation=["spouse", "", "applicant"]))
    assert not problems


@pytest.mark.parametrize(("persons", "aside"), [(300, 0), (301, 301)])
def test_an_institution_is_not_a_household(persons: int, aside: int) -> None:
    table: dict[str, Cells] = {
        "household_id": ["H1"] * persons,
        "person_id": [f"P{number}" for number in range(persons)],
        "birth_date": ["1950-01-01"] * persons,
        "place": ["450103"] * persons,
        "area": ["urban"] * persons,
    }
    population, problems, rejects = read_columns(table)
    assert len(rejects) == aside
    assert population.persons == persons - aside
    assert len(problems) == aside


def test_no_identity_number_is_shown() -> None:
    table = roster(
        household_id=[NUMBER, NUMBER, "x" + NUMBER],
        resident_number=["450127198001010011", 450127198001010011.0, "４５０１２７１９８００１０１００１２"],
        wage_income=[NUMBER, "", NUMBER + "元"],
    )
    _, problems, rejects = read_columns(table)
    assert len(problems) >= 5
    shown = str(problems) + repr(problems) + repr(rejects) + str(problems.columns())
    for tail in ("1980010100", "１９８００１０１００"):
        assert tail not in shown


def test_a_nought_needs_no_months() -> None:
    table = roster(
        wage_income=["0", "0", "5"],
        employment_cost=["0", "1", "0"],
        wage_months=["", "", ""],
        rigid_deduction=["0", "", ""],
        disability_kind=["none", "", "visual"],
        mother_custody=["none"] * 3,
        recorded_tekun=["no", "yes", ""],
    )
    population, problems, _ = read_columns(table)
    assert not problems
    assert population.person["wage_months"].tolist() == [12, 0, 0]
    assert population.stated["wage_months"].tolist() == [True, False, False]
    assert population.person["deduction_months"].tolist() == [12, 0, 0]
    assert population.stated["disability_grade"].tolist() == [True, False, False]
    assert "mother_custody_months" not in population.stated
    assert population.person["mother_custody_months"].tolist() == [0, 0, 0]
    assert population.stated["recorded_tekun_amount"].tolist() == [True, False, False]
    assert population.column("business_months") is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"birthdate": [""] * 3}, r"unknown column 'birthdate'; did you mean 'birth_date'\?"),
        ({"wage_income": ["1"]}, "another length"),
        (dict.fromkeys(("household_id", "person_id", "birth_date", "place", "area"), ()), "no rows"),
    ],
)
def test_a_fault_of_the_whole_table_is_an_error(changes: dict[str, list[object]], message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_columns(roster(**changes))


def test_missing_columns_are_all_named() -> None:
    with pytest.raises(TableError, match=r"missing column 'place'(.|\n)*missing column 'area'"):
        read_columns({"household_id": ["H"], "person_id": ["P"], "birth_date": ["1980-01-01"]})
    with pytest.raises(TableError, match="empty"):
        read_columns({})


cells = {
    "household_id": st.sampled_from(["H1", "H2", "H3", "", " H1"]),
    "person_id": st.one_of(st.integers(1, 40).map(str), st.just("")),
    "birth_date": st.sampled_from(["1980-01-01", "2019-06-01", "1850-01-01", "01/02/2026", "", "2026-02-30"]),
    "place": st.sampled_from(["450103", "450103", "450103", "450101", ""]),
    "area": st.sampled_from(["urban", "urban", "urban", "rural", "x"]),
    "wage_income": st.one_of(st.none(), st.text(max_size=4), st.floats(), st.integers(), st.decimals()),
    "relation": st.sampled_from(["applicant", "child", "child", "", None, 3]),
    "resident_number": st.one_of(st.just(NUMBER), st.just(""), st.text(max_size=20)),
}


@given(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=12))
def test_rows_in_are_rows_assessed_and_rows_set_aside(rows: list[dict[str, object]]) -> None:
    table: dict[str, Cells] = {name: [row[name] for row in rows] for name in cells}
    population, problems, rejects = read_columns(table, today=TODAY)
    assert population.persons + len(rejects) == rejects.rows_in == len(rows)
    assert {problem.row for problem in problems} == set(rejects.rows.tolist())
    homes = {str(key).strip() for key in rejects.columns["household_id"]} - {""}
    assert homes.isdisjoint(population.household["household_id"].tolist())
    for name, kept in rejects.columns.items():
        assert [id(cell) for cell in kept] == [id(table[name][row - 1]) for row in rejects.rows.tolist()]
