"""The toy rules as one would first write them: straightforward numpy over whole columns, nothing kept between calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from toy_data import ON, Columns
from toy_rules import TOY

PERSON = ("toy_dibao_share", "toy_single", "toy_living", "toy_care", "toy_orphan", "toy_old_age", "toy_payable")
HOUSEHOLD = ("toy_dibao", "toy_household_payable")


def ages(births: NDArray[np.int32]) -> NDArray[np.int64]:
    """Count completed years, birthdays included."""
    born = births.astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    not_yet = (born - month).astype(np.int64) + 1 > ON.day
    months = (ON.year - 1970) * 12 + ON.month - 1 - month.astype(np.int64) - not_yet
    return np.asarray(months // 12)


def assess(made: Columns) -> Mapping[str, NDArray[Any]]:
    """Work out every amount of every person and household."""
    home, grade, disability, tekun = made["household"], made["grade"], made["disability"], made["tekun"]
    new = np.ones(len(home), bool)
    np.not_equal(home[1:], home[:-1], out=new[1:])
    starts = np.flatnonzero(new)
    index = np.cumsum(new) - 1
    size = np.diff(starts, append=len(home))
    position = np.arange(len(home)) - starts[index]

    income = np.add.reduceat(made["income"], starts)
    deposits = np.add.reduceat(made["deposits"], starts)
    standard = np.where(made["urban"][starts], TOY["toy_urban_standard"], TOY["toy_rural_standard"])
    passes = ~np.logical_or.reduceat(made["car"], starts) & ~np.logical_or.reduceat(tekun, starts)
    passes &= deposits <= 2 * standard * size
    eligible = (12 * income < size * standard) & passes
    gap = np.maximum(size * standard - 12 * income, 0)
    amount = np.where(eligible, -(-gap // 1200) * 100, 0)
    edge = ~eligible & (24 * income < 3 * size * standard)
    base = amount // size
    share = base[index] + (position < (amount - base * size)[index])

    severe = ((grade == 1) | (grade == 2) | ((grade == 3) & ((disability == 5) | (disability == 6)))) & ~tekun
    alone = np.where(made["urban"], TOY["toy_urban_single"], TOY["toy_rural_single"])
    single = np.where(edge[index] & severe, alone, 0)
    poor = eligible[index] | (single > 0)
    living = np.where((grade > 0) & poor & (made["orphan"] == 0) & ~tekun, TOY["toy_living_rate"], 0)
    care = np.where(severe, TOY["toy_care_rate"], 0)
    age = ages(made["birth_date"])
    standards = np.array([0, TOY["toy_institution"], TOY["toy_at_home"], TOY["toy_at_home"]])
    orphan = np.where(age < 18, standards[made["orphan"]], 0)
    of_80, of_90, of_100 = TOY["toy_from_80"], TOY["toy_from_90"], TOY["toy_from_100"]
    old_age = np.where(age >= 100, of_100, np.where(age >= 90, of_90, np.where(age >= 80, of_80, 0)))
    payable = share + single + living + care + orphan + old_age
    told = (share, single, living, care, orphan, old_age, payable, amount, np.add.reduceat(payable, starts))
    return dict(zip((*PERSON, *HOUSEHOLD), told, strict=True))
