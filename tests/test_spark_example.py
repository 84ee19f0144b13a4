"""The example for Spark, run where Java and PySpark are: its results are those of one piece, and no row is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

import civaffairs
from civaffairs import tables
from civaffairs.outputs import write_outputs
from civaffairs.research.synthetic import synthetic_population

EXAMPLE = Path(__file__).parents[1] / "examples" / "spark_assess.py"
PYTHONPATH = os.pathsep.join(path for path in sys.path if path)


def made() -> pyarrow.Table:
    """A roster with a mistake and a person in two families, its rows in no order."""
    table = tables.roster_columns(synthetic_population(2_000, seed=21))
    table["birth_date"][5] = "no day"
    table["person_id"][-1] = table["person_id"][0]
    shuffled = {name: cells[::7] for name, cells in table.items()}
    for start in range(1, 7):
        for name, cells in table.items():
            shuffled[name] += cells[start::7]
    return pyarrow.table({name: pyarrow.array(cells) for name, cells in shuffled.items()})


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")
def test_spark_gives_what_one_piece_gives(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    roster = made()
    parquet.write_table(roster, tmp_path / "roster.parquet")
    settings = {
        "PYTHONPATH": PYTHONPATH,
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_SUBMIT_ARGS": (
            "--master local[2] --conf spark.ui.enabled=false --conf spark.driver.bindAddress=127.0.0.1 "
            "--conf spark.sql.shuffle.partitions=4 --conf spark.sql.adaptive.coalescePartitions.enabled=false "
            "pyspark-shell"
        ),
    }
    command = [sys.executable, str(EXAMPLE), str(tmp_path / "roster.parquet"), str(tmp_path / "out"), "2026-08-01"]
    ran = subprocess.run(
        command, env={**os.environ, **settings}, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=300
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    whole = write_outputs(civaffairs.assess(roster, on="2026-08-01"), tmp_path / "single", ending=".parquet")
    expected = parquet.read_table(tmp_path / "single" / "persons.parquet")
    found = parquet.read_table(tmp_path / "out")
    assert len(list((tmp_path / "out").glob("*.parquet"))) > 1
    aside = pyarrow.compute.is_valid(found["set_aside"])
    assert sorted(found["person_id"].to_pylist()) == sorted(roster["person_id"].to_pylist())
    assert pyarrow.compute.sum(aside).as_py() == whole.rows_set_aside > 2
    assessed = found.filter(pyarrow.compute.invert(aside)).drop_columns(["set_aside"])
    order = [("person_id", "ascending")]
    assert assessed.sort_by(order).to_pylist() == expected.sort_by(order).to_pylist()
    assert f"rows {whole.rows_in}, set aside {whole.rows_set_aside}" in ran.stdout
    assert "total_payable: " in ran.stdout
