"""A roster in parts gives what it gives in one piece, to the fen; a household that is cut in two is an error."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

import civaffairs
from civaffairs import tables
from civaffairs.distributed import (
    Terms,
    assess_folder,
    assess_on_dask,
    assess_partition,
    key_hashes,
    partitions,
    result_schema,
    whole_households,
    write_partitions,
)
from civaffairs.distributed import folder as folders
from civaffairs.distributed.keys import in_several
from civaffairs.errors import CivaffairsError, TableError, UsageError
from civaffairs.outputs import Report, write_outputs
from civaffairs.research.synthetic import synthetic_population
from civaffairs.schemes import RULEBOOK

ON = "2026-08-01"
TERMS = Terms(on=ON)
PERSONS = 6_000


def made() -> dict[str, list[object]]:
    """A roster with some mistakes in it, and one person who is in two families far apart."""
    table = tables.roster_columns(synthetic_population(PERSONS, seed=11))
    for row in range(7, len(table["person_id"]), 997):
        table["birth_date"][row] = "no day"
    table["person_id"][-1] = table["person_id"][0]
    table["household_id"][1_500] = None
    return table


@pytest.fixture(scope="module")
def roster() -> dict[str, list[object]]:
    return made()


@pytest.fixture(scope="module")
def parts(roster: dict[str, list[object]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("roster") / "parts"
    assert len(write_partitions(as_arrow(roster), folder, rows=1_000)) >= 6
    return folder


@pytest.fixture(scope="module")
def single(roster: dict[str, list[object]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    folder = tmp_path_factory.mktemp("single")
    return write_outputs(civaffairs.assess(as_arrow(roster), on=ON), folder, ending=".parquet"), folder


def as_arrow(table: dict[str, list[object]]) -> pyarrow.Table:
    return pyarrow.table({name: pyarrow.array(cells) for name, cells in table.items()})


def sorted_rows(table: pyarrow.Table, *keys: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = table.sort_by([(key, "ascending") for key in keys]).to_pylist()
    return rows


def check_same(report: Report, target: Path, single: tuple[Report, Path]) -> None:
    """The results of parts are those of one piece: each person's, each household's, the sums and what they stand on."""
    whole, folder = single
    for table, keys in (("persons", ("person_id",)), ("households", ("household_id",))):
        expected, found = parquet.read_table(folder / f"{table}.parquet"), parquet.read_table(target / table)
        assert found.schema == expected.schema
        assert sorted_rows(found, *keys) == sorted_rows(expected, *keys)
    assert report.totals == whole.totals
    assert set(report.standing) == set(whole.standing)
    assert gaps_of(report) == gaps_of(whole)
    assert (report.rows_in, report.rows_set_aside) == (whole.rows_in, whole.rows_set_aside)


def gaps_of(report: Report) -> dict[tuple[str, ...], tuple[int, int]]:
    return {
        (gap.scheme, gap.what, gap.cause, gap.place, gap.area): (gap.persons, gap.households)
        for gap in report.not_assessed
    }


def test_parts_give_what_one_piece_gives(parts: Path, single: tuple[Report, Path], tmp_path: Path) -> None:
    report = assess_folder(parts, tmp_path / "out", TERMS)
    assert report.rulebook is RULEBOOK
    assert report.rows_set_aside > 10
    assert report.totals["dibao"].assessed_so_far > 0
    check_same(report, tmp_path / "out", single)


def test_dask_gives_what_one_piece_gives(parts: Path, single: tuple[Report, Path], tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert len(client.scheduler_info(n_workers=-1)["workers"]) == 2
        report = assess_on_dask(parts, tmp_path / "out", TERMS, client=client)
        check_same(report, tmp_path / "out", single)
        split_a_household(parts, tmp_path / "split")
        with pytest.raises(TableError, match=r"1 household has rows in more than one file: part-00000.parquet, part"):
            assess_on_dask(tmp_path / "split", tmp_path / "none", TERMS, client=client)


def split_a_household(parts: Path, folder: Path) -> None:
    """Copy the parts, with the last person of a family of several moved to another file."""
    folder.mkdir()
    paths = sorted(parts.glob("*.parquet"))
    first, last = parquet.read_table(paths[0]), parquet.read_table(paths[-1])
    keys = first["household_id"].to_pylist()
    row = next(row for row in range(1, len(keys)) if keys[row] is not None and keys[row] == keys[row - 1])
    moved = pyarrow.concat_tables([last, first.slice(row, 1)])
    kept = pyarrow.concat_tables([first.slice(0, row), first.slice(row + 1)])
    tables_of = {path.name: parquet.read_table(path) for path in paths}
    for name, table in {**tables_of, paths[0].name: kept, paths[-1].name: moved}.items():
        parquet.write_table(table, folder / name)


def test_a_household_in_two_files_is_an_error_before_anything_is_assessed(parts: Path, tmp_path: Path) -> None:
    split_a_household(parts, tmp_path / "split")
    with pytest.raises(TableError, match=r"1 household has rows in more than one file.*write_partitions"):
        assess_folder(tmp_path / "split", tmp_path / "out", TERMS)
    assert not list((tmp_path / "out").rglob("*.parquet"))
    assert not (tmp_path / "out" / "manifest.json").exists()
    mended = write_partitions(tmp_path / "split", tmp_path / "mended", rows=1_000)
    assert len(mended) > 1
    assert assess_folder(tmp_path / "mended", tmp_path / "out", TERMS, overwrite=True).persons > 0


def test_that_many_households_are_split_names_five_files(tmp_path: Path) -> None:
    table = as_arrow(tables.roster_columns(synthetic_population(60, seed=2)))
    for number in range(7):
        parquet.write_table(table, tmp_path / f"copy{number}.parquet")
    with pytest.raises(
        TableError, match=r"\d\d households have rows in more than one file: .*copy4.parquet and 2 more"
    ):
        assess_folder(tmp_path, tmp_path / "out", TERMS)


def test_no_row_is_lost_in_any_part(parts: Path, roster: dict[str, list[object]], tmp_path: Path) -> None:
    assess_folder(parts, tmp_path / "out", TERMS)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    for part in manifest["parts"]:
        rows = part["rows"]
        assert (
            rows["in"] == parquet.read_metadata(parts / part["name"]).num_rows == rows["assessed"] + rows["set_aside"]
        )
        assert rows["set_aside"] == parquet.read_metadata(tmp_path / "out" / "rejects" / part["name"]).num_rows
    assert sum(part["rows"]["in"] for part in manifest["parts"]) == manifest["rows"]["in"] == len(roster["person_id"])
    kept, aside = (
        parquet.read_table(tmp_path / "out" / table)["person_id"].to_pylist() for table in ("persons", "rejects")
    )
    assert sorted(kept + aside) == sorted(str(key) for key in roster["person_id"])


def test_a_person_in_two_files_is_set_aside_with_the_households(
    parts: Path, roster: dict[str, list[object]], tmp_path: Path
) -> None:
    report = assess_folder(parts, tmp_path / "out", TERMS)
    rejects = parquet.read_table(tmp_path / "out" / "rejects").to_pylist()
    said = [row for row in rejects if "is in another file too" in row["problems"]]
    homes = {str(roster["household_id"][row]) for row in (0, -1)}
    assert {row["household_id"] for row in said} == homes
    assert {row["person_id"] for row in said} >= {roster["person_id"][0]}
    assert all(row["birth_date"] and row["wage_income"] is not None for row in said)
    assert report.problems > 5


def test_the_same_input_gives_the_same_files(parts: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assess_folder(parts, tmp_path / name, TERMS)
    one, two = ((tmp_path / name / "manifest.json").read_bytes() for name in ("one", "two"))
    assert one == two
    assert not list((tmp_path / "one").rglob(".*"))


def test_a_folder_with_results_is_replaced_only_when_told_so(parts: Path, tmp_path: Path) -> None:
    assess_folder(parts, tmp_path / "out", Terms(on=ON, schemes=["old_age"]))
    with pytest.raises(UsageError, match="not empty"):
        assess_folder(parts, tmp_path / "out", TERMS)
    (tmp_path / "out" / "persons" / "part-99999.parquet").write_bytes(b"old")
    assess_folder(parts, tmp_path / "out", Terms(on=ON, schemes=["orphan"]), overwrite=True)
    assert "orphan_entitled" in parquet.read_table(tmp_path / "out" / "persons").column_names


def test_what_cannot_be_read_makes_no_results(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(TableError, match=r"no \.parquet files"):
        assess_folder(tmp_path / "empty", tmp_path / "out", TERMS)
    names = ("household_id", "person_id", "birth_date", "place", "area")
    parquet.write_table(
        pyarrow.table({name: pyarrow.array([], pyarrow.string()) for name in names}), tmp_path / "no.parquet"
    )
    with pytest.raises(TableError, match="has no rows"):
        assess_folder(tmp_path / "no.parquet", tmp_path / "out", TERMS)
    with pytest.raises(UsageError, match="no scheme 'dibo'"):
        assess_folder(tmp_path / "no.parquet", tmp_path / "fresh", Terms(on=ON, schemes=["dibo"]))
    assert not (tmp_path / "fresh").exists()


def test_files_of_one_name_are_not_mixed_up(tmp_path: Path) -> None:
    for seed, county in enumerate(("a", "b")):
        (tmp_path / county).mkdir()
        tables.write_roster(synthetic_population(20, seed), tmp_path / county / "part.parquet")
    with pytest.raises(UsageError, match="named after the files"):
        assess_folder(tmp_path, tmp_path / "out", TERMS)


def test_other_rules_on_a_worker_are_seen(parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = folders.assess_file

    def elsewhere(task: object) -> object:
        return attrs.evolve(honest(task), fingerprint="0" * 64)  # type: ignore[arg-type]

    monkeypatch.setattr(folders, "assess_file", elsewhere)
    with pytest.raises(CivaffairsError, match="install one version everywhere"):
        assess_folder(parts, tmp_path / "out", TERMS)
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_a_part_that_lost_a_row_is_seen(parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def shorter(path: Path, **_: object) -> Iterator[object]:
        yield from list(tables.stream(path, rows=100))[1:]

    monkeypatch.setattr(folders, "stream", shorter)
    with pytest.raises(CivaffairsError, match="rows in are not rows assessed"):
        assess_folder(parts, tmp_path / "out", TERMS)


def test_a_part_of_which_all_is_set_aside_has_the_same_columns() -> None:
    table = as_arrow(made()).slice(0, 40)
    good = assess_partition(table.to_batches()[0], TERMS)
    faulty = table.set_column(table.column_names.index("birth_date"), "birth_date", pyarrow.array(["?"] * 40))
    bad = assess_partition(faulty, TERMS)
    assert (bad.persons.num_rows, bad.rejects.num_rows) == (0, 40)
    assert bad.persons.schema == good.persons.schema == result_schema(TERMS)
    assert (bad.households.schema, bad.rejects.schema) == (good.households.schema, good.rejects.schema)


def test_assumed_values_travel_as_text_and_are_named() -> None:
    assumed = Path(__file__).parents[1] / "examples" / "assumed.toml"
    terms = Terms(on=ON, assume=assumed)
    part = assess_partition(as_arrow(tables.roster_columns(synthetic_population(300, seed=3))), terms)
    assert part.report.standing.assumed
    assert Terms(on=ON, assume=assumed.read_text("utf-8")) == terms
    whole = civaffairs.assess(synthetic_population(300, seed=3), on=ON, assume=assumed)
    assert part.report.totals == whole.totals


def test_money_in_yuan_is_the_fen() -> None:
    population = synthetic_population(500, seed=4)
    part = assess_partition(as_arrow(tables.roster_columns(population)), TERMS)
    fen = civaffairs.assess(population, on=ON).to_arrow()["old_age_allowance_due"].to_pylist()
    yuan = part.persons["old_age_allowance_due"].to_pylist()
    assert [None if sum_ is None else int(sum_ * 100) for sum_ in yuan] == fen


@pytest.mark.parametrize("rows", [1, 7, 100, 10_000])
@pytest.mark.parametrize("size", [1, 13, 500])
def test_batches_are_cut_only_between_households(rows: int, size: int) -> None:
    table = as_arrow(tables.roster_columns(synthetic_population(400, seed=6)))
    cut = list(whole_households(table.to_batches(max_chunksize=size), rows=rows))
    assert pyarrow.concat_tables(cut) == table
    homes = [key for part in cut for key in set(part["household_id"].to_pylist())]
    assert len(homes) == len(set(homes))


def test_rows_in_any_order_become_files_of_whole_households(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "OPEN_FILES", 7)
    table = as_arrow(tables.roster_columns(synthetic_population(2_000, seed=8)))
    shuffled = table.take(np.random.default_rng(1).permutation(table.num_rows))
    parquet.write_table(shuffled, tmp_path / "roster.parquet")
    paths = write_partitions(tmp_path / "roster.parquet", tmp_path / "parts", rows=50)
    assert len(paths) > 3 * partitions.OPEN_FILES
    written = [parquet.read_table(path) for path in paths]
    assert sorted_rows(pyarrow.concat_tables(written), "person_id") == sorted_rows(table, "person_id")
    assert not len(in_several([np.unique(key_hashes(part["household_id"].to_pylist())) for part in written]))
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == [path.name for path in paths]


def test_partitions_are_not_mixed_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="not empty"):
        write_partitions(as_arrow(made()), tmp_path)
    with pytest.raises(TableError, match="no Parquet file"):
        write_partitions(tmp_path / "other.txt", tmp_path / "parts")


def test_keys_are_compared_without_the_blanks_around_them(tmp_path: Path) -> None:
    table = as_arrow(tables.roster_columns(synthetic_population(400, seed=9)))
    keys = [f" {key}" if row % 2 else key for row, key in enumerate(table["household_id"].to_pylist())]
    blanks = table.set_column(table.column_names.index("household_id"), "household_id", pyarrow.array(keys))
    write_partitions(blanks, tmp_path / "parts", rows=100)
    report = assess_folder(tmp_path / "parts", tmp_path / "out", TERMS)
    assert report.totals == assess_partition(table, TERMS).report.totals


def test_importing_it_imports_nothing_optional() -> None:
    code = "import sys, civaffairs.distributed; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8").stdout
    assert not {"dask", "distributed", "pandas", "pyarrow", "pyspark"} & set(loaded.split())
