"""Times the registers and prints a Markdown table; every fast answer is first compared with the plain one.

Run it from the root of the project: ``python benchmarks/registers.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
from made_up_names import ON, made_up_gazetteer
from made_up_plots import made_up_plots
from numpy.typing import NDArray

from civaffairs.calendar import date_of, days
from civaffairs.law.places import places, resolve, resolve_codes
from civaffairs.law.places_lookup import divisions_at
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.proposal import NameProposal, assess_proposal
from civaffairs.registers.validity import validated

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
    row_of(f"resolve {CODES:,} codes, each as of its own day", seconds(lambda: resolve_codes(codes, on)))
    row_of("find the divisions they meant", seconds(lambda: divisions_at(codes, on)))


def print_names() -> None:
    """Hold a proposal to 100,000 names in force, after they were arranged for looking up."""
    start = time.perf_counter()
    gazetteer = made_up_gazetteer(NAMES)
    row_of(f"arrange {NAMES:,} names for looking up", time.perf_counter() - start)
    taken = gazetteer.listed(0)
    for what, specific in (("taken already", taken.name[:3]), ("of characters that no other has", "邕宁福")):
        proposal = NameProposal(
            specific=specific, generic=taken.name[3:], category=PlaceNameCategory.STREET, place="450103",
            built_up_area=taken.built_up_area,
        )  # fmt: skip
        against = {
            name.split()[0] for found in assess_proposal(gazetteer, proposal, ON)["N8"] for name in found.collisions
        }
        assert (taken.key in against) is (specific == taken.name[:3])
        row_of(f"a proposal {what}, by N1 to N12", seconds(partial(assess_proposal, gazetteer, proposal, ON)))


def print_plots() -> None:
    """Read and validate a register of 100,000 plots on a day."""
    planted = 40
    register = made_up_plots(PLOTS, breaches=planted)
    day = date(2026, 3, 29)
    row_of(f"read {PLOTS:,} plots as of a day", seconds(lambda: register.as_of(day), 3))
    view, beside = register.as_of(day), {name: other.as_of(day) for name, other in register.beside.items()}
    row_of("hold them to every rule", seconds(lambda: validated(view, beside), 3))
    found = register.validate(day)
    assert sum(each.rule.name == "ground_is_within_the_limit" for each in found.violations) == planted


def main() -> None:
    """Print the table."""
    print("| what | time |\n|---|---|")
    print_codes()
    print_names()
    print_plots()


if __name__ == "__main__":
    main()
