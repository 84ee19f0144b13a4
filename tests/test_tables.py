"""Files and data frames: all of them give one population, whatever their size, order and encoding."""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civaffairs import tables
from civaffairs.errors import TableError
from civaffairs.people.population import Population

TODAY = date(2026, 11, 23)
HEADER = "household_id,person_id,birth_date,place,area,wage_income,wage_months"
LINES = [
    'H1,P1,1980-01-01,450103,城市,"1,380.50",12',
    "H1,P2,2019-06-01,450103,城市,,",
    "H2,P3,1950-12-31,450123,农村,0,12",
]
COLUMNS: dict[str, Any] = {
    "household_id": ["H1", "H1", "H2"],
    "person_id": ["P1", "P2", "P3"],
    "birth_date": [date(1980, 1, 1), date(2019, 6, 1), date(1950, 12, 31)],
    "place": ["450103", "450103", "450123"],
    "area": ["城市", "城市", "农村"],
    "wage_income": [1380.5, None, 0.0],
    "wage_months": [12, None, 12],
    "employed": [True, None, False],
}


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "roster.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def same(one: Population, other: Population) -> bool:
    assert one.person.keys() == other.person.keys()
    assert one.stated.keys() == other.stated.keys()
    pairs = [(one.person[name], other.person[name]) for name in one.person]
    pairs += [(one.household[name], other.household[name]) for name in one.household]
    pairs += [(one.stated[name], other.stated[name]) for name in one.stated]
    return all(np.array_equal(a, b) and a.dtype.kind == b.dtype.kind for a, b in pairs)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("ends", [("\n",) * 4, ("\r\n",) * 4, ("\n", "\r\n", "\r\n", "\n"), ("\n", "\n", "\n\n", "")])
def test_a_csv_file_is_read(tmp_path: Path, encoding: str, ends: tuple[str, ...]) -> None:
    text = "".join(line + end for line, end in zip([HEADER, *LINES], ends, strict=True))
    population, rejects = tables.read(written(tmp_path, text, encoding), today=TODAY)
    assert not rejects.problems
    assert population.person["wage_income"].tolist() == [138_050, 0, 0]
    assert population.household["area"].tolist() == [0, 1]
    assert [("GB18030" in note) for note in rejects.notes] == ([True] if encoding.startswith("gb") else [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (HEADER.encode(), "no rows"),
        (HEADER.replace("area", "aera").encode() + b"\nx", "did you mean 'area'"),
        (HEADER.replace("area", "place").encode() + b"\nx", "'place' is there twice"),
        (HEADER.encode("utf-16") + b"\n\x00", "UTF-16"),
        (b"PK\x03\x04....", "spreadsheet"),
        (b"PAR1....", "Parquet"),
        (HEADER.encode() + b"\nH1,\xff\xff\xff", "neither UTF-8 nor GB18030"),
        (HEADER.encode() + b"\nH1,\x00", "neither UTF-8 nor GB18030"),
        (HEADER.encode() + b'\n"H1,P1\n', "line 2: .*quotation mark"),
    ],
)
def test_a_file_that_is_no_table_is_an_error(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(TableError, match=message):
        tables.read(path)
    with pytest.raises(TableError, match=message):
        next(tables.stream(path))


def test_a_file_of_another_ending_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"\.csv or \.parquet"):
        tables.read(tmp_path / "roster.xlsx")
    with pytest.raises(TableError, match="cannot be read as Parquet"):
        tables.read(written(tmp_path, "no", name="roster.parquet"))


def test_lines_of_the_wrong_width_are_set_aside(tmp_path: Path) -> None:
    lines = [*LINES, "H3,P4,1950-12-31,450123,农村,0", "H4,P5,1950-12-31,450123,农村,1,380,12"]
    population, rejects = tables.read(written(tmp_path, "\n".join([HEADER, *lines])), today=TODAY)
    assert population.persons == 3
    assert [p.row for p in rejects.problems] == [4, 5]
    assert "6 cells, but the header has 7" in rejects.problems[0].reason
    assert "8 cells, but the header has 7" in rejects.problems[1].reason


def test_the_day_of_the_run_is_the_last_day_of_birth(tmp_path: Path) -> None:
    _, rejects = tables.read(written(tmp_path, HEADER + "\nH1,P1,9999-01-01,450103,urban,,"))
    assert "is after" in rejects.problems[0].reason


def arrow() -> pa.Table:
    return pa.table(COLUMNS)


FRAMES: dict[str, Callable[[], object]] = {
    "dict": lambda: COLUMNS,
    "arrow": arrow,
    "arrow in pieces": lambda: pa.concat_tables([arrow().slice(0, 1), arrow().slice(1)]),
    "arrow decimals": lambda: arrow().set_column(5, "wage_income", pa.array([Decimal("1380.50"), None, Decimal(0)])),
    "arrow categories": lambda: arrow().set_column(4, "area", arrow()["area"].dictionary_encode()),
    "polars": lambda: pl.DataFrame(COLUMNS),
    "polars lazy": lambda: pl.LazyFrame(COLUMNS),
    "narwhals": lambda: nw.from_native(pl.DataFrame(COLUMNS)),
    "pandas": lambda: pd.DataFrame(COLUMNS),
    "pandas nullable": lambda: pd.DataFrame(COLUMNS).convert_dtypes(),
    "pandas days": lambda: pd.DataFrame(COLUMNS).assign(birth_date=lambda f: pd.to_datetime(f["birth_date"])),
    "pandas categories": lambda: pd.DataFrame(COLUMNS).astype({"area": "category"}),
    "pandas with another index": lambda: pd.DataFrame(COLUMNS).set_index(np.array([7, 8, 9])),
    "pandas mixed": lambda: pd.DataFrame(COLUMNS).assign(wage_income=["1,380.50", None, 0]),
    "masked arrays": lambda: (
        COLUMNS
        | {
            "wage_income": np.ma.MaskedArray([1380.5, 1.0, 0.0], [False, True, False]),
            "birth_date": np.array(COLUMNS["birth_date"], "datetime64[s]"),
            "place": np.array(COLUMNS["place"]),
        }
    ),
}


@pytest.mark.parametrize("name", FRAMES)
def test_every_kind_of_table_gives_the_same_population(name: str) -> None:
    population, rejects = tables.read(FRAMES[name](), today=TODAY)
    assert not rejects.problems, str(rejects.problems)
    assert population.person["wage_income"].tolist() == [138_050, 0, 0]
    assert population.stated["wage_months"].tolist() == [True, False, True]
    assert same(population, tables.read(COLUMNS, today=TODAY)[0])


def test_whole_numbers_beside_nulls_do_not_become_floats() -> None:
    large = 9_007_199_254_740_993  # the first whole number that a float cannot hold
    table = arrow().append_column("resident_number", pa.array([large, None, None]))
    _, rejects = tables.read(table)
    assert rejects.columns["resident_number"][0] == large
    assert rejects.problems[0].value == "900719…"


def test_what_is_no_table_is_an_error() -> None:
    with pytest.raises(TableError, match="a int is no table"):
        tables.read(5)
    with pytest.raises(TableError, match="there twice"):
        tables.read(pa.table([*arrow().columns, arrow()["area"]], [*arrow().column_names, "area"]))


def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(TableError, match=r"pip install 'civaffairs\[tables\]'"):
        tables.read(tmp_path / "roster.parquet")
    assert tables.read(written(tmp_path, "\n".join([HEADER, *LINES])))[0].persons == 3


def test_parquet_is_read(tmp_path: Path) -> None:
    pq.write_table(arrow(), tmp_path / "roster.parquet")
    population, _ = tables.read(tmp_path / "roster.parquet", today=TODAY)
    assert same(population, tables.read(COLUMNS, today=TODAY)[0])


def large(rows: int, seed: int, shuffled: bool, faults: bool) -> dict[str, list[str]]:
    """A roster of households of one to four, perhaps mixed and with repeated persons and bad cells."""
    rng = random.Random(seed)
    homes = [home for home in range(rows) for _ in range(rng.randint(1, 4))][:rows]
    order = rng.sample(range(rows), rows) if shuffled else list(range(rows))
    keys = [f"P{row}" for row in range(rows)]
    days = ["1980-01-01"] * rows
    if faults:
        for _ in range(3):
            keys[rng.randrange(rows)] = keys[rng.randrange(rows)]
            days[rng.randrange(rows)] = rng.choice(["", "1850-01-01", "x"])
            keys[rng.randrange(rows)] = ""
    table = {
        "household_id": [f"H{home}" if not faults or home != 5 else "" for home in homes],
        "person_id": keys,
        "birth_date": days,
        "place": ["450103"] * rows,
        "area": ["urban" if home % 2 else "rural" for home in homes],
        "wage_income": [str(row) for row in range(rows)],
    }
    return {name: [cells[row] for row in order] for name, cells in table.items()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(5, 60), st.integers(0, 10**6), st.booleans(), st.booleans(), st.integers(1, 70), st.booleans())
def test_a_streamed_file_is_the_file_read(
    tmp_path: Path, rows: int, seed: int, shuffled: bool, faults: bool, block: int, parquet: bool
) -> None:
    table = large(rows, seed, shuffled, faults)
    path = tmp_path / ("roster.parquet" if parquet else "roster.csv")
    if parquet:
        pq.write_table(pa.table(table), path)
    else:
        tables.write_table({name: np.array(cells) for name, cells in table.items()}, path)
    whole, rejects = tables.read(path, today=TODAY)
    parts = list(tables.stream(path, rows=block, today=TODAY))
    assert sum(population.persons for population, _ in parts) == whole.persons
    assert sum(part.rows_in for _, part in parts) == rejects.rows_in == rows
    assert sorted(row for _, part in parts for row in part.rows.tolist()) == rejects.rows.tolist()
    told = {(p.row, p.column, p.reason) for _, part in parts for p in part.problems}
    assert told == {(p.row, p.column, p.reason) for p in rejects.problems}
    amounts = [set(p.person["wage_income"].tolist()) for p, _ in parts if p.persons]
    assert set().union(*amounts) == set(whole.person.get("wage_income", np.array([])).tolist())
    if not shuffled and not faults:
        assert all(population.persons < block + 4 for population, _ in parts)


def test_streamed_typed_columns_are_joined_again(tmp_path: Path) -> None:
    mixed = pa.concat_tables([arrow().slice(0, 1), arrow().slice(2), arrow().slice(1, 1)])
    pq.write_table(mixed, tmp_path / "roster.parquet")
    parts = list(tables.stream(tmp_path / "roster.parquet", rows=1, today=TODAY))
    assert [population.person["person_id"].tolist() for population, _ in parts] == [["P3"], ["P1", "P2"]]
    assert parts[1][0].stated["wage_income"].tolist() == [True, False]


def test_rows_set_aside_are_written_as_they_came(tmp_path: Path) -> None:
    lines = [*LINES, 'H3,P4,01/02/1950,450123,农村," 1,380.505",12']
    _, rejects = tables.read(written(tmp_path, "\n".join([HEADER, *lines])), today=TODAY)
    tables.write_rows(rejects, tmp_path / "rejects.csv")
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["row"] == "4"
    assert row["wage_income"] == " 1,380.505"
    assert row["problems"] == (
        "birth_date: the order of day and month is not clear (write the year first, as in 2026-07-01); "
        "wage_income: has a fraction of a fen (write at most two decimals)"
    )


RESULTS: dict[str, Any] = {
    "household_id": np.array(["H1", "H2"]),
    "amount": np.ma.MaskedArray(np.array([-138_005, 7]), [False, True]),
    "eligible": np.array([True, False]),
    "since": np.array(["2026-07-01", "2026-08-01"], "datetime64[D]"),
}


def test_results_are_written_as_csv(tmp_path: Path) -> None:
    tables.write_table(RESULTS, tmp_path / "results.csv", money=["amount"])
    lines = (tmp_path / "results.csv").read_text("utf-8-sig").splitlines()
    assert lines == ["household_id,amount,eligible,since", "H1,-1380.05,yes,2026-07-01", "H2,,no,2026-08-01"]


def test_results_are_written_as_parquet(tmp_path: Path) -> None:
    tables.write_table(RESULTS, tmp_path / "results.parquet", money=["amount"])
    table = pq.read_table(tmp_path / "results.parquet")
    assert table["amount"].to_pylist() == [Decimal("-1380.05"), None]
    assert table["amount"].type == pa.decimal128(18, 2)
    assert table["since"].to_pylist() == [date(2026, 7, 1), date(2026, 8, 1)]


def test_results_have_two_formats(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"\.csv or \.parquet"):
        tables.write_table(RESULTS, tmp_path / "results.xlsx")
