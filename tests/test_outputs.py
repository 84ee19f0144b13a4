"""Folders of results: complete, tied together by the manifest, and the same whether written whole or in parts."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from civaffairs import __version__
from civaffairs.assessment import Gaps, Standings, assess
from civaffairs.assessment.assess import assess_parts
from civaffairs.errors import UsageError
from civaffairs.outputs import Report, report, write_outputs, write_parts

EXAMPLES = Path(__file__).parents[1] / "examples"
ROSTER, MISTAKES, ASSUMED = (EXAMPLES / name for name in ("roster.csv", "roster_with_mistakes.csv", "assumed.toml"))
ON = date(2026, 8, 1)
FILES = {
    "households.csv",
    "manifest.json",
    "not_assessed.csv",
    "persons.csv",
    "problems.csv",
    "rejects.csv",
    "standing.txt",
    "summary.txt",
    "totals.csv",
}


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def counts(gaps: Gaps) -> Mapping[tuple[str, ...], tuple[int, int]]:
    return {(g.scheme, g.what, g.cause, g.place, g.area, g.reason): (g.persons, g.households) for g in gaps}


def stood_on(standing: Standings) -> Mapping[tuple[str, str], int]:
    return {(item.what, item.detail): item.households for item in standing}


@pytest.mark.parametrize("roster", [ROSTER, MISTAKES], ids=lambda path: path.stem)
@pytest.mark.parametrize("rows", [1, 7, 40])
def test_the_reports_of_the_parts_add_up_to_that_of_the_whole(roster: Path, rows: int) -> None:
    whole = Report.of(assess(roster, on=ON))
    parts = report(assess_parts(roster, on=ON, rows=rows))
    assert dict(parts.totals) == dict(whole.totals)
    if roster is ROSTER:
        assert counts(parts.not_assessed) == counts(whole.not_assessed)
    else:
        # With more open causes than have room, a part may tell one by one what the whole tells together.
        assert {(g.scheme, g.what) for g in parts.not_assessed} == {(g.scheme, g.what) for g in whole.not_assessed}
    assert stood_on(parts.standing) == stood_on(whole.standing)
    for name in ("households", "persons", "rows_in", "rows_set_aside", "problems"):
        assert getattr(parts, name) == getattr(whole, name)


def test_parts_and_whole_write_the_same_rows(tmp_path: Path) -> None:
    write_outputs(assess(ROSTER, on=ON), tmp_path / "whole")
    write_parts(assess_parts(ROSTER, on=ON, rows=9), tmp_path / "parts")
    assert {path.name for path in (tmp_path / "whole").iterdir()} == FILES
    for name in ("persons.csv", "households.csv", "totals.csv"):
        whole, parts = lines(tmp_path / "whole" / name), lines(tmp_path / "parts" / name)
        assert sorted(map(str, whole)) == sorted(map(str, parts))
        assert whole


def test_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    result = assess(ROSTER, on=ON)
    write_outputs(result, tmp_path / "c")
    write_parts(assess_parts(ROSTER, on=ON, rows=50), tmp_path / "p", ending=".parquet")
    table = pq.read_table(tmp_path / "p" / "persons.parquet").to_pylist()
    by_key = {row["person_id"]: row for row in table}
    for row in lines(tmp_path / "c" / "persons.csv"):
        other = by_key[row["person_id"]]
        texts = {
            name: "" if cell is None else ("no", "yes")[cell] if isinstance(cell, bool) else str(cell)
            for name, cell in other.items()
        }
        assert row == texts


def test_a_row_is_in_the_results_or_among_the_rejects(tmp_path: Path) -> None:
    whole = write_parts(assess_parts(MISTAKES, on=ON, rows=11), tmp_path / "out", inputs={"roster": MISTAKES})
    came = lines(MISTAKES)
    rejects = lines(tmp_path / "out" / "rejects.csv")
    assert len(lines(tmp_path / "out" / "persons.csv")) + len(rejects) == len(came) == whole.rows_in
    assert all(row["problems"] for row in rejects)
    for row in rejects:
        assert row["household_id"] == came[int(row["row"]) - 1]["household_id"]
    assert {int(row["row"]) for row in lines(tmp_path / "out" / "problems.csv")} == {int(row["row"]) for row in rejects}


def test_who_is_born_after_the_day_is_among_the_rejects(tmp_path: Path) -> None:
    table = {"household_id": ["H1", "H2"], "person_id": ["P1", "P2"], "birth_date": ["2020-01-01", "1990-01-01"]}
    result = assess(table | {"place": ["450103"] * 2, "area": ["urban"] * 2}, on="2019-12-31")
    write_outputs(result, tmp_path / "out")
    assert [row["person_id"] for row in lines(tmp_path / "out" / "rejects.csv")] == ["P1"]
    assert [problem.row for problem in result.rejected] == [1]


def test_the_manifest_ties_inputs_and_outputs_together(tmp_path: Path) -> None:
    result = assess(ROSTER, on=ON, known="2026-09-01", assume=ASSUMED)
    whole = write_outputs(result, tmp_path / "out", inputs={"roster": ROSTER, "assumptions": ASSUMED})
    told = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert (told["version"], told["on"], told["known"]) == (__version__, "2026-08-01", "2026-09-01")
    assert told["rulebook"] == result.rulebook.fingerprint
    assert told["rows"] == {"in": 527, "assessed": 527, "set_aside": 0}
    assert told["conventions"]["rounding"] == "half_up"
    assert told["assumptions"]
    assert whole.standing.assumed
    assert {one["name"] for one in told["outputs"]} == FILES - {"manifest.json"}
    for one in told["outputs"]:
        assert hashlib.sha256((tmp_path / "out" / one["name"]).read_bytes()).hexdigest() == one["sha256"]
    assert [one["what"] for one in told["inputs"]] == ["roster", "assumptions"]
    assert told["inputs"][0]["sha256"] == hashlib.sha256(ROSTER.read_bytes()).hexdigest()


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_parts(assess_parts(ROSTER, on=ON), tmp_path / name, inputs={"roster": ROSTER})
    for file in FILES:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    result = assess(ROSTER, on=ON, schemes=["old_age"])
    own = tmp_path / "notes.txt"
    own.write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        write_outputs(result, tmp_path)
    write_outputs(result, tmp_path, ending=".parquet", overwrite=True)
    write_outputs(result, tmp_path, overwrite=True)
    assert {path.name for path in tmp_path.iterdir()} == FILES | {"notes.txt"}
    assert own.read_text() == "mine"


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    mine = tmp_path / "persons.csv"
    mine.write_bytes(ROSTER.read_bytes())
    with pytest.raises(UsageError, match="would be overwritten"):
        write_outputs(assess(mine, on=ON), tmp_path, inputs={"roster": mine}, overwrite=True)
    assert mine.read_bytes() == ROSTER.read_bytes()


def test_what_is_not_known_is_an_empty_cell(tmp_path: Path) -> None:
    result = assess(ROSTER, on=ON)
    write_outputs(result, tmp_path / "out")
    rows = lines(tmp_path / "out" / "persons.csv")
    payable = result.persons_table()["old_age_allowance_payable"]
    assert [row["old_age_allowance_payable"] == "" for row in rows] == payable.mask.tolist()  # type: ignore[attr-defined]
    total = next(row for row in lines(tmp_path / "out" / "totals.csv") if row["scheme"] == "old_age")
    assert total["yuan_a_month"] == ""


def test_an_ending_that_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.csv, \.parquet"):
        write_outputs(assess(ROSTER, on=ON), tmp_path / "out", ending=".xlsx")
    assert not (tmp_path / "out").exists()
