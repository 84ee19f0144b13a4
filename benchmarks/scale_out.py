"""Times a roster from Parquet to Parquet, in one process and on two workers of Dask, and prints a Markdown table.

Run it from the root of the project: ``python benchmarks/scale_out.py [rows ...]``; without sizes, 10^6 and 3 * 10^6.
The last line has the constants of the arithmetic in ``docs/scale-out.md``.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow
from distributed import Client, LocalCluster
from pyarrow import compute, parquet

from civaffairs import tables
from civaffairs.distributed import Terms, assess_folder, assess_on_dask
from civaffairs.distributed.keys import check_whole, keys_of
from civaffairs.distributed.parts import BLOCK, assessed
from civaffairs.outputs import Report
from civaffairs.research.synthetic import synthetic_population

SIZES = (1_000_000, 3_000_000)
FILE = 100_000
TERMS = Terms(on="2026-08-01")
HEAD = ("rows", "keys", "read", "assess", "write", "one process", "two workers", "peak MB", "bytes in", "bytes out")


def make_roster(folder: Path, rows: int) -> int:
    """Write files of made-up persons; each is a copy of the first with other keys. Return how many rows there are."""
    table = pyarrow.table(tables.roster_columns(synthetic_population(min(rows, FILE), seed=1)))
    size: int = table.num_rows
    files = max(1, round(rows / size))
    for number in range(files):
        copy = table
        for name in ("household_id", "person_id"):
            keys = compute.binary_join_element_wise(f"{number:05d}", table[name], "-")
            copy = copy.set_column(copy.column_names.index(name), name, keys)
        parquet.write_table(copy, folder / f"part-{number:05d}.parquet")
    return files * size


def timed(work: Callable[[], Report]) -> tuple[float, Report]:
    """Return how long something took and what it gave."""
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


def steps(source: Path, target: Path) -> dict[str, float]:
    """Do by hand what a worker does, and return the seconds of each step."""
    paths = sorted(source.iterdir())
    clock = [time.perf_counter()]
    check_whole([keys_of(path) for path in paths])
    taken = {"keys": time.perf_counter() - clock[0], "read": 0.0, "assess": 0.0, "write": 0.0}
    for path in paths:
        blocks = tables.stream(path, rows=BLOCK, today=TERMS.on)
        while True:
            clock = [time.perf_counter()]
            block = next(blocks, None)
            clock.append(time.perf_counter())
            taken["read"] += clock[1] - clock[0]
            if block is None:
                break
            part = assessed(*block, TERMS)
            clock.append(time.perf_counter())
            for name in ("persons", "households", "rejects"):
                parquet.write_table(getattr(part, name), target / f"{name}.parquet")
            clock.append(time.perf_counter())
            taken["assess"] += clock[2] - clock[1]
            taken["write"] += clock[3] - clock[2]
    return taken


def bytes_of(folder: Path) -> int:
    """Add up the sizes of the Parquet files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def peak_megabytes(source: Path, target: Path) -> float:
    """Return the peak memory of one process that assesses a folder; a fresh one, because a peak never falls."""
    command = [sys.executable, __file__, "--peak", str(source), str(target)]
    return float(subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout)


def measure(rows: int, client: Client, place: Path) -> tuple[dict[str, float], int]:
    """Measure one size; seconds by step, and how many rows there were in fact."""
    source = place / "roster"
    source.mkdir()
    count = make_roster(source, rows)
    (place / "steps").mkdir()
    told = steps(source, place / "steps")
    told["one process"], single = timed(lambda: assess_folder(source, place / "one", TERMS))
    told["two workers"], spread = timed(lambda: assess_on_dask(source, place / "two", TERMS, client=client))
    if single.totals != spread.totals or not single.rows_in == spread.rows_in == count:
        msg = "two workers give other sums than one process"
        raise SystemExit(msg)
    told["peak MB"] = peak_megabytes(source, place / "peak")
    told["bytes in"], told["bytes out"] = bytes_of(source) / count, bytes_of(place / "one") / count
    return told, count


def two_workers() -> LocalCluster:
    """Start two processes of one thread each."""
    here = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    return LocalCluster(**here)  # type: ignore[no-untyped-call]


def main(arguments: list[str]) -> None:
    """Print the table."""
    if arguments[:1] == ["--peak"]:
        assess_folder(arguments[1], arguments[2], TERMS)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
        return
    sizes = tuple(map(int, arguments)) or SIZES
    print("Parquet to Parquet, all schemes: microseconds a row; bytes a row; memory of one process\n")
    for row in (HEAD, ("--:",) * len(HEAD)):
        print(f"| {' | '.join(row)} |")
    last: dict[str, float] = {}
    with (
        two_workers() as cluster,
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        client.run(import_module, "civaffairs.distributed")
        for rows in sizes:
            with TemporaryDirectory() as place:
                told, count = measure(rows, client, Path(place))
            last = {name: value * 1e6 / count if name in HEAD[1:7] else value for name, value in told.items()}
            cells = [f"{count:,}", *(f"{last[name]:.1f}" for name in HEAD[1:7]), *(f"{last[n]:.0f}" for n in HEAD[7:])]
            print(f"| {' | '.join(cells)} |", flush=True)
    cost, size = last["one process"] * 1e-6, (last["bytes in"], last["bytes out"])
    print(f"\nSECONDS_A_ROW, BYTES_IN, BYTES_OUT = {cost:.1e}, {size[0]:.0f}, {size[1]:.0f}")


if __name__ == "__main__":
    main(sys.argv[1:])
