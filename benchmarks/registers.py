"""Times the registers and prints a Markdown table; every fast answer is first compared with the plain one.

Run it from the root of the project: ``python benchmarks/registers.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import date_of, days
from civaffairs.law.places import places, resolve, resolve_codes
from civaffairs.law.places_lookup import divisions_at

CODES, PLOTS, NAMES = 1_000_000, 100_000, 100_000


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the shortest time of some calls after a first one: what else the machine does only makes it longer."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def row_of(what: str, taken: float) -> None:
    """Print a row of the table."""
    print(f"| {what} | {taken * 1e3:,.1f} ms |")


def codes_and_days() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Draw codes of every life of the table, each with a day of its own."""
    draw = np.random.default_rng(1)
    known = np.array([int(code) for code in places().by_code], np.int32)
    first, last = days(date(1980, 1, 1)), days(date(2026, 12, 31))
    return draw.choice(known, CODES), draw.integers(first, last, CODES, dtype=np.int32)


def print_codes() -> None:
    """Resolve a million codes, each as of its own day."""
    codes, on = codes_and_days()
    resolved = resolve_codes(codes, on)
    for row in range(0, CODES, CODES // 500):
        assert f"{resolved[row]:06d}" == resolve(f"{codes[row]:06d}", date_of(int(on[row]))).code_now
    print(
        f"| resolve {CODES:,} codes, each as of its own day | {seconds(lambda: resolve_codes(codes, on)) * 1e3:.0f} ms |"
    )
    print(f"| find the divisions they meant | {seconds(lambda: divisions_at(codes, on)) * 1e3:.0f} ms |")


def main() -> None:
    """Print the table."""
    print("| what | time |\n|---|---|")
    print_codes()


if __name__ == "__main__":
    main()
