"""Townships and villages: what a table says, what is wrong with it, and what an erratum corrects."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civaffairs.errors import LoadError, Problems, TableError, UsageError
from civaffairs.registers.divisions.errata import Column, Erratum, load_errata
from civaffairs.registers.divisions.township_checks import REAL, UnitKind
from civaffairs.registers.divisions.townships import (
    SHIPPED_AS_OF,
    SUPERVISORS_REPORTED,
    Townships,
    compare_with_report,
    load_townships,
    shipped_townships,
)
from civaffairs.research.report import shipped_report

CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "divisions.toml").read_text("utf-8"))
GOOD = ["450102001,民生街道", "450102001001,甲社区", "450102101000,三塘镇", "450123201,古潭乡", "450103400,某开发区"]


def load(
    folder: Path, lines: list[str], errata: list[Erratum] | None = None, head: str = "code,name"
) -> tuple[Townships, Problems]:
    path = folder / "codes.csv"
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    return load_townships(path, errata, on=SHIPPED_AS_OF)


def test_the_shipped_rows_agree_with_the_counts_of_the_sheet() -> None:
    kinds = (*REAL, UnitKind.STATISTICAL)
    found = {county: [n[kind] for kind in kinds] for county, n in shipped_townships().counts().items()}
    assert found == CASES["counts"]
    assert len(shipped_townships().units) == 138
    assert not shipped_townships().aside


def test_the_real_units_are_set_beside_the_report_and_never_asserted() -> None:
    assert shipped_report()["child_supervisors"].value == SUPERVISORS_REPORTED
    count = compare_with_report(shipped_townships())
    assert (count.expected, count.found, count.difference) == (127, 127, 0)
    assert count.source.document.key == "nanning-report"
    assert compare_with_report(Townships(shipped_townships().units[1:])).difference == -1


def test_units_are_found_by_code_and_by_what_lies_above(tmp_path: Path) -> None:
    table, problems = load(tmp_path, GOOD)
    assert not problems
    assert table["450102001000"] is table["450102001"]
    assert [unit.name for unit in table.under("450102001")] == ["甲社区"]
    assert [str(unit) for unit in table.under("450102")] == ["450102001 民生街道", "450102101 三塘镇"]
    assert table.columns()["kind"] == ["street", "village", "town", "statistical", "township"]
    assert table.real_township_units == 3
    with pytest.raises(UsageError, match="did you mean '450102101'"):
        table["450102102"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("45010200,民生街道", "is not a code of a township or village"),
        ("4.50102E+08,民生街道", "is not a code of a township or village"),
        (",民生街道", "code: is missing"),
        ("450102002,", "name: is missing"),
        ("450102000000,兴宁区", "is the code of a county or of what lies above it"),
        ("450102301,怪", "is of class 3xx, of which nothing is known"),
        ("450102002,朝阳镇", "does not go with the code 450102002, which is of a street (街道)"),
        ("450102102,五塘街道办事处", "of a town (镇)"),
        ("450123202,某镇", "of a township (乡)"),
        ("450124102,古寨瑶族乡", "of a town (镇)"),
        ("450102401,机场街道", "of a statistical"),
        ("450127100,横州镇", "450127 横县 ended in 2021; use its successor 450181 横州市"),
        ("450199100,某镇", "lies in 450199, which has never been a county"),
        ("450102009001,乙社区", "is an orphan: its township 450102009 is not in the table"),
        ("450102002", "the line has 1 cells, but the header has 2"),
        ("450102002,朝阳街道,3", "the line has 3 cells"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason(tmp_path: Path, line: str, message: str) -> None:
    table, problems = load(tmp_path, [*GOOD, line])
    assert [str(unit) for unit in table.units] == [str(unit) for unit in load(tmp_path, GOOD)[0].units]
    assert [row.row for row in table.aside] == [6]
    assert {problem.row for problem in problems} == {6}
    assert message in str(problems)


def test_rows_of_one_code_that_say_the_same_leave_the_first(tmp_path: Path) -> None:
    table, problems = load(tmp_path, [*GOOD, "450102001000,民生街道"])
    assert (table["450102001"].row, [row.row for row in table.aside]) == (1, [6])
    assert "stands in row 1 (民生街道), row 6 (民生街道)" in str(problems)


def test_rows_of_one_code_that_differ_leave_none_and_orphan_the_villages(tmp_path: Path) -> None:
    table, problems = load(tmp_path, [*GOOD, "450102001,朝阳街道"])
    assert [row.row for row in table.aside] == [1, 2, 6]
    assert "its township 450102001, which row 6 has, is set aside" in str(problems)
    assert "say with an erratum which is right" in str(problems)


def test_a_county_stated_beside_the_code_must_be_its_county(tmp_path: Path) -> None:
    lines = ["450102001,民生街道,450102", "450102002,朝阳街道,450103"]
    table, problems = load(tmp_path, lines, head="code,name,areaCode")
    assert [row.row for row in table.aside] == [2]
    assert "does not begin with the county stated beside it, 450103" in str(problems)


def test_marks_blanks_and_wide_digits_are_put_right(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("\ufeff代码,名称\n 450102001 ,民生街道\u3000\n４５０１０２００２,朝阳街道 \n", "utf-8")
    table, problems = load_townships(path)
    assert [(unit.code, unit.name) for unit in table.units] == [("450102001", "民生街道"), ("450102002", "朝阳街道")]
    assert not problems
    assert table.notes == ("codes in full-width digits, read as plain ones: rows 2",)
    path.write_bytes("区划代码,单位名称\n450102001,民生街道\n".encode("gb18030"))
    assert "GB18030" in load_townships(path)[0].notes[0]


def test_a_table_of_another_city_or_day_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("code,name\n110101001,东华门街道\n450127100,横州镇\n", "utf-8")
    assert not load_townships(path, on=date(2020, 1, 1))[1]
    assert not load_townships(path)[1]


def test_the_columns_are_named_or_found(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("a,b\n450102001,民生街道\n", "utf-8")
    assert len(load_townships(path, header={"code": "a", "name": "b"})[0].units) == 1
    with pytest.raises(TableError, match=r"the table has the columns a, b, and none for code: code or 代码.*header="):
        load_townships(path)
    with pytest.raises(TableError, match="none for name: c"):
        load_townships(path, header={"code": "a", "name": "c"})
    path.write_text("code,name\n", "utf-8")
    assert load_townships(path)[0].units == ()


def erratum(code: str, what: Column, correct: str) -> Erratum:
    return Erratum(code=code, what=what, correct=correct, why="another copy says so", source="a copy")


def test_every_erratum_is_told_used_or_not(tmp_path: Path) -> None:
    errata = [
        erratum("450102002", Column.NAME, "朝阳街道"),
        erratum("450102104", Column.CODE, "450102109"),
        erratum("450102001", Column.NAME, "民生街道"),
        erratum("450109999", Column.NAME, "无"),
    ]
    table, problems = load(tmp_path, [*GOOD, "450102002,朝阳镇", "450102104,昆仑镇"], errata)
    assert table["450102002"].name == "朝阳街道"
    assert table["450102109"].name == "昆仑镇"
    assert [(use.row, use.was) for use in table.corrections] == [(6, "朝阳镇"), (7, "450102104")]
    assert "name '朝阳镇' read as '朝阳街道': another copy says so (a copy)" in str(table.corrections[0])
    assert [problem.row for problem in problems] == [None, None]
    assert "the table already says '民生街道'" in str(problems)
    assert "the erratum matches no row" in str(problems)


def test_errata_come_from_a_file_with_every_fault_at_once(tmp_path: Path) -> None:
    good = '[[erratum]]\ncode = "450102002"\nwhat = "name"\ncorrect = "朝阳街道"\nwhy = "w"\nsource = "s"\n'
    path = tmp_path / "errata.toml"
    path.write_text(good, "utf-8")
    codes = tmp_path / "codes.csv"
    codes.write_text("code,name\n450102002,朝阳镇\n", "utf-8")
    assert load_townships(codes, path)[0]["450102002"].name == "朝阳街道"
    with pytest.raises(LoadError) as caught:
        load_errata(good + good + '[[erratum]]\ncode = "1"\nwhat = "nam"\nbecause = "x"\n')
    for message in ("450102002 is corrected twice", "did you mean 'name'", "'because'", "'source' is missing"):
        assert message in str(caught.value)
    with pytest.raises(LoadError, match="nothing is called 'eratum'"):
        load_errata("eratum = 1\n")
    with pytest.raises(LoadError, match=r"write each erratum as a table"):
        load_errata("erratum = 1\n")


LINES = st.lists(
    st.tuples(
        st.sampled_from(["450102001", "450102101", "450102001001", "450102101000", "450127100", "4501", "", "１"]),
        st.sampled_from(["甲街道", "乙镇", "丙", ""]),
    ),
    max_size=8,
)


@given(LINES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_no_row_is_dropped_and_every_row_set_aside_has_a_reason(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    table, problems = load(tmp_path, [f"{code},{name}" for code, name in rows])
    numbers = sorted([unit.row for unit in table.units] + [row.row for row in table.aside])
    assert numbers == list(range(1, len(rows) + 1))
    assert {problem.row for problem in problems} == {row.row for row in table.aside}
    assert [(row.code, row.name) for row in table.aside] == [rows[row.row - 1] for row in table.aside]
    assert len({unit.code for unit in table.units}) == len(table.units)
    assert all(unit.kind is not UnitKind.VILLAGE or unit.parent in table.by_code for unit in table.units)
