"""Times the engine and prints Markdown tables; every way of running is first checked against plain numpy.

Run it from the root of the project: ``python benchmarks/run.py [persons ...]``; without sizes, 10^5, 10^6 and 10^7.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import plain
import toy_data
import toy_rules
from numpy.typing import NDArray

from civaffairs import assess
from civaffairs.people.population import Population
from civaffairs.research.demonstration import examples
from civaffairs.research.synthetic import synthetic_population
from civaffairs.rules.layout import DenseLayout, IndexLayout, Layout
from civaffairs.rules.plan import ONE_THREAD_BLOCK, TWO_THREAD_BLOCK, Plan
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK, SCHEMES
from civaffairs.schemes.dibao import dibao_eligible

SIZES = (100_000, 1_000_000, 10_000_000)
LAYOUTS: tuple[type[IndexLayout | DenseLayout], ...] = (IndexLayout, DenseLayout)
ON = date(2026, 8, 1)
Column = NDArray[Any]


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the shortest time of some calls after a first one: what else the machine does only makes it longer."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def toy_plan() -> Plan:
    """Plan the toy rules."""
    return toy_rules.BOOK.plan(toy_data.ON, targets=[*plain.PERSON, *plain.HOUSEHOLD])[0]


def toy_population(persons: int) -> tuple[toy_data.Columns, Population]:
    """Draw the columns, and a population whose grouping is already kept."""
    made = toy_data.columns(persons)
    population = toy_data.population(made)
    population.places("place")
    return made, population


def layouts(population: Population, threads: int) -> Iterator[Layout]:
    """Lay a population out both ways, in blocks of the engine's own size."""
    for layout in LAYOUTS:
        yield layout(population, ONE_THREAD_BLOCK if threads == 1 else TWO_THREAD_BLOCK)


def read_and_written(population: Population) -> tuple[list[Column], list[Column]]:
    """List the columns that a run of the toy rules reads, and columns like those that it writes."""
    read = [*population.person.values(), *population.household.values(), population.index]
    written = [np.ones(population.persons, np.int64) for _ in plain.PERSON]
    return read, written + [np.ones(population.households, np.int64) for _ in plain.HOUSEHOLD]


def stream(read: list[Column], written: list[Column], threads: int) -> None:
    """Read every byte once and write every byte once, and do nothing else."""

    def part(number: int) -> None:
        for column in read:
            mine = column[len(column) * number // threads : len(column) * (number + 1) // threads]
            mine.view(np.uint8)[: mine.nbytes // 8 * 8].view(np.int64).sum()
        for column in written:
            column[len(column) * number // threads : len(column) * (number + 1) // threads].fill(1)

    if threads == 1:
        part(0)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, range(threads)))


def toy_rows(persons: int) -> Iterator[tuple[str, float, float, float]]:
    """Yield each way to run the toy rules: ns a person, and its ratios to plain numpy and to the streaming limit."""
    made, population = toy_population(persons)
    plan = toy_plan()
    out = {
        **{name: np.zeros(population.persons, np.int64) for name in plain.PERSON},
        **{name: np.zeros(population.households, np.int64) for name in plain.HOUSEHOLD},
    }
    whole = seconds(lambda: plain.assess(made), 3)
    want = plain.assess(made)
    read, written = read_and_written(population)
    limits = {threads: seconds(partial(stream, read, written, threads)) for threads in (1, 2)}
    del read, written
    yield "plain numpy, whole columns", whole, 1.0, whole / limits[1]
    for threads in (1, 2):
        yield f"streaming limit, {threads} thread{'s'[: threads - 1]}", limits[threads], limits[threads] / whole, 1.0
        for layout in layouts(population, threads):
            run = plan.run(population, threads=threads, layout=layout, out=out)
            wrong = [name for name, values in want.items() if not np.array_equal(run.values(name), values)]
            if wrong:
                msg = f"{type(layout).__name__} on {threads} threads differs from plain numpy in {', '.join(wrong)}"
                raise SystemExit(msg)
            taken = seconds(partial(plan.run, population, threads=threads, layout=layout, out=out))
            name = f"engine, {type(layout).__name__.removesuffix('Layout').lower()} layout"
            yield f"{name}, {threads} thread{'s'[: threads - 1]}", taken, taken / whole, taken / limits[threads]


def print_toy(sizes: tuple[int, ...]) -> None:
    """Print the toy rules' table."""
    rows: dict[str, list[str]] = {}
    for persons in sizes:
        for name, taken, to_plain, to_limit in toy_rows(persons):
            rows.setdefault(name, []).append(f"{taken / persons * 1e9:.1f} · {to_plain:.2f} · {to_limit:.1f}")
    print("Toy rules: ns a person · part of plain numpy's time · times the streaming limit of as many threads\n")
    print_table(("", *(f"{persons:,} persons" for persons in sizes)), [(name, *cells) for name, cells in rows.items()])


def print_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a Markdown table."""
    for row in (head, ("---", *["--:"] * (len(head) - 1)), *rows):
        print(f"| {' | '.join(row)} |")
    print()


def peak_memory(persons: int) -> tuple[float, float]:
    """Return the peak of a run in this process in MB, and what the task allows for it; Linux only."""
    made, population = toy_population(persons)
    read, written = read_and_written(population)
    columns = sum(column.nbytes for column in (*read, *written))
    del made, read, written
    Path("/proc/self/clear_refs").write_text("5")
    toy_plan().run(population, threads=2)
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1e3
    return peak, (columns - population.index.nbytes + 20 * persons) / 1e6 + 100


def in_process_of_its_own(*arguments: str) -> str:
    """Run this file or another statement in a fresh process and return what it prints."""
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, encoding="utf-8").stdout


def print_memory(sizes: tuple[int, ...]) -> None:
    """Print the peak memory of a run, each in a process of its own."""
    print("Peak memory of a run on two threads, MB; allowed are inputs, outputs, 20 bytes a person and 100 MB\n")
    told = [in_process_of_its_own(__file__, "--memory", str(persons)).split() for persons in sizes]
    print_table(("persons", "peak", "allowed"), [(f"{n:,}", *row) for n, row in zip(sizes, told, strict=True)])


def import_seconds(module: str) -> float:
    """Time an import in a fresh process."""
    code = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    return min(float(in_process_of_its_own("-c", code)) for _ in range(5))


def print_small() -> None:
    """Print what is felt at a prompt: an import, one household, and why."""
    plan, _ = RULEBOOK.plan(ON)
    roster = synthetic_population(200, seed=1)
    four = int(np.flatnonzero(roster.sizes == 4)[0])
    household = roster.part(four, four + 1)
    toy = toy_data.population(toy_data.columns(200))
    toy_four = int(np.flatnonzero(toy.sizes == 4)[0])
    rows = (
        ("import numpy", import_seconds("numpy")),
        ("import civaffairs, numpy in it", import_seconds("civaffairs")),
        ("a household of four, toy rules", seconds(partial(toy_plan().run, toy.part(toy_four, toy_four + 1)), 500)),
        ("a household of four, all schemes", seconds(partial(plan.run, household), 500)),
        ("the same, assessed", seconds(partial(assess, household, on=ON), 100)),
        ("why it is on dibao or not", seconds(partial(assess(household, on=ON).explain, 0, dibao_eligible), 100)),
    )
    print_table(("", "ms"), [(name, f"{taken * 1e3:.2f}") for name, taken in rows])


def print_schemes(persons: int) -> None:
    """Print what each scheme costs alone, what all cost together, and what is saved of that by leaving one out."""
    roster = synthetic_population(persons, seed=1)
    roster.places("place")
    every = [scheme.name for scheme in SCHEMES]
    books = (RULEBOOK, RULEBOOK.with_file(examples() / "assumed.toml", assumed=True))

    def nanoseconds(book: Rulebook, schemes: list[str], threads: int) -> float:
        run = partial(book.plan(ON, schemes=schemes)[0].run, roster, threads=threads)
        return float(seconds(run, 3) / roster.persons * 1e9)

    whole = nanoseconds(books[1], every, 1)
    rows: list[tuple[str, ...]] = []
    for name, schemes in (*((name, [name]) for name in every), ("all together", every)):
        rules = len(RULEBOOK.plan(ON, schemes=schemes)[0].steps)
        taken = [nanoseconds(book, schemes, threads) for book in books for threads in (1, 2)]
        left_out = [other for other in every if other not in schemes]
        saved = 1 - nanoseconds(books[1], left_out, 1) / whole if left_out else 1
        rows.append((name, str(rules), *(f"{ns:.0f}" for ns in taken), f"{max(saved, 0):.0%}"))
    print(f"Schemes, {roster.persons:,} made-up persons: ns a person on one and on two threads, with published values")
    print(
        "only and with a stand-in for every unknown; and what leaving a scheme out saves of that, with the overlaps\n"
    )
    print_table(("scheme", "rules", "published, 1", "2", "assumed, 1", "2", "saves"), rows)


def main(arguments: list[str]) -> None:
    """Print all tables."""
    if arguments[:1] == ["--memory"]:
        print(*(f"{megabytes:.0f}" for megabytes in peak_memory(int(arguments[1]))))
        return
    sizes = tuple(map(int, arguments)) or SIZES
    print_small()
    print_toy(sizes)
    print_schemes(min(1_000_000, max(sizes)))
    print_memory(sizes)


if __name__ == "__main__":
    main(sys.argv[1:])
