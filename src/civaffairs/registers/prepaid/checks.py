"""What a prepaid contract of an eldercare home is held to: plain functions whose docstring is the rule."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.law.citation import Citation, document
from civaffairs.law.lookup import Parameter
from civaffairs.law.parameters import load_parameters
from civaffairs.law.timeline import ONE_DAY, DeclaredUnknown, NotPublished
from civaffairs.law.values import Unit
from civaffairs.money import Fen
from civaffairs.registers.eldercare.kinds import HomeKind
from civaffairs.registers.fields import NOT_STATED, Array, Codes, Flags

Whole: TypeAlias = NDArray[np.int64]
"""Whole numbers: months, days, multiples; and how far a check is exceeded."""


@cache
def prepaid_values() -> Mapping[str, Parameter]:
    """Give the limits by name, with their days, papers and declared unknowns."""
    return load_parameters(Path(__file__).with_suffix(".toml"))


OPINIONS = Citation(document("prepaid-fee-opinions"))
GUIDE = Citation(document("prepaid-custody-guide-2025"))
PROVINCIAL = Citation(document("prepaid-provincial-measures-2024"))

_PUBLIC = OPINIONS.document.public_between
assert _PUBLIC is not None
FIRST_DAY: date = _PUBLIC[1]
"""The day on which the opinions were public. From when they apply was not read, so nothing older is held to them."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Check:
    """One thing that a contract is held to.

    Attributes
    ----------
    name
        Name of the function.
    statement
        The rule: the first line of its docstring.
    source
        The paper.
    unit
        What `function` counts: months, fen or days too many, or a flag, 1 where the rule is broken.
    function
        Gives, per contract, by how much the rule is broken; 0 where it is kept.
    needs
        What it is called with: columns of the book and limits.
    only
        To which contracts it applies: 1, 0, or -1 where that is not stated; all where ``None``.
    weak
        Whether its paper is too little known to hold anybody to it.
    """

    name: str
    statement: str
    source: Citation
    unit: Unit
    function: Callable[..., Whole]
    needs: tuple[str, ...]
    only: Callable[..., Codes] | None = None
    weak: bool = False

    def __repr__(self) -> str:
        return f"<check {self.name}>"


def check(
    source: Citation, unit: Unit, *, only: Callable[..., Codes] | None = None, weak: bool = False
) -> Callable[[Callable[..., Whole]], Check]:
    """Make a check of a function of columns and limits."""

    def made(function: Callable[..., Whole]) -> Check:
        statement = (inspect.getdoc(function) or "").partition("\n")[0]
        return Check(
            name=function.__name__, statement=statement, source=source, unit=unit, function=function,
            needs=needs(function), only=only, weak=weak,
        )  # fmt: skip

    return made


def needs(function: Callable[..., object]) -> tuple[str, ...]:
    """List what a function is called with."""
    return tuple(inspect.signature(function).parameters)


def some(amount: Fen) -> Codes:
    """Mark amounts above 0 (1), of 0 (0) and not stated (-1)."""
    return np.sign(amount).astype(np.int8)


def takes_deposit(deposit: Fen) -> Codes:
    """Mark contracts with a deposit."""
    return some(deposit)


def takes_deposit_or_membership_fee(deposit: Fen, membership_fee: Fen) -> Codes:
    """Mark contracts with a deposit or a membership fee; one that is there decides, whatever the other is."""
    each = some(deposit), some(membership_fee)
    unsaid = np.minimum(*each) == NOT_STATED
    return np.where(np.maximum(*each) == 1, 1, np.where(unsaid, NOT_STATED, 0)).astype(np.int8)


def is_public(home_kind: Codes) -> Codes:
    """Mark homes that are public, or publicly built and privately run."""
    public = np.isin(home_kind, [HomeKind.PUBLIC.number, HomeKind.PUBLIC_PRIVATELY_RUN.number])
    return np.where(home_kind == NOT_STATED, NOT_STATED, public).astype(np.int8)


@check(OPINIONS, Unit.MONTHS)
def fee_covers_few_months(months: Whole, most_prepaid_months: Whole) -> Whole:
    """A prepaid service fee covers no more months than the limit."""
    return np.asarray(np.maximum(months - most_prepaid_months, 0))


@check(OPINIONS, Unit.FEN, only=takes_deposit)
def deposit_is_small(deposit: Fen, bed_fee: Fen, most_deposit_times: Whole) -> Whole:
    """A deposit is no more than so many times the resident's own monthly bed fee."""
    return np.asarray(np.maximum(deposit - bed_fee * most_deposit_times, 0))


@check(OPINIONS, Unit.FLAG, only=takes_deposit_or_membership_fee)
def held_in_custody(in_custody: Codes) -> Whole:
    """Deposits and membership fees are in the custody of a bank."""
    return np.equal(in_custody, 0).astype(np.int64)


@check(OPINIONS, Unit.FLAG, only=takes_deposit_or_membership_fee)
def risk_reserve_kept(reserve_kept: Codes) -> Whole:
    """Where deposits or membership fees are taken, a risk reserve is kept."""
    return np.equal(reserve_kept, 0).astype(np.int64)


@check(GUIDE, Unit.DAYS, only=takes_deposit_or_membership_fee)
def moved_to_custody_in_time(custody_days: Whole, most_custody_days: Whole) -> Whole:
    """Deposits and membership fees taken elsewhere are in the custody account within the limit of days."""
    return np.asarray(np.maximum(custody_days - most_custody_days, 0))


@check(OPINIONS, Unit.FLAG)
def no_returns_promised(returns_promised: Codes) -> Whole:
    """Nobody is promised returns on what is prepaid."""
    return np.equal(returns_promised, 1).astype(np.int64)


@check(OPINIONS, Unit.FLAG)
def no_risky_investment(risky_investment: Codes) -> Whole:
    """What is prepaid is not put into high-risk investment."""
    return np.equal(risky_investment, 1).astype(np.int64)


@check(PROVINCIAL, Unit.FEN, only=is_public, weak=True)
def public_home_takes_no_membership_fee(membership_fee: Fen) -> Whole:
    """A public home, or one publicly built and privately run, takes no membership fee."""
    return np.asarray(np.maximum(membership_fee, 0))


CHECKS: tuple[Check, ...] = (
    fee_covers_few_months,
    deposit_is_small,
    held_in_custody,
    risk_reserve_kept,
    moved_to_custody_in_time,
    no_returns_promised,
    no_risky_investment,
)
"""What every contract is held to."""

REGIONAL: Mapping[str, str] = {
    "most_prepaid_months": "regional_prepaid_months",
    "most_deposit_times": "regional_deposit_times",
}
"""The limit that a region may set below the nation's, by the name of the nation's."""

CIVIL = "no_reason_days"
"""The one value of the file that is the courts' and not the supervisor's."""


@attrs.frozen(eq=False)
class Limits:
    """The limits of a place for contracts signed on given days."""

    values: Mapping[str, Parameter]
    place: str
    signed: Array

    def of(self, name: str) -> tuple[Whole, list[tuple[Flags, NotPublished]]]:
        """A limit for each contract, the region's where that is known and smaller; and where none is known."""
        limit, faults = self._told(name)
        if name in REGIONAL:
            regional, missing = self._told(REGIONAL[name])
            told = ~np.logical_or.reduce([np.zeros(len(limit), np.bool_), *(where for where, _ in missing)])
            limit = np.where(told, np.minimum(limit, regional), limit)
        return limit, faults

    def _told(self, name: str) -> tuple[Whole, list[tuple[Flags, NotPublished]]]:
        """Look a value up once for each span of days in which it cannot change."""
        parameter = self.values[name]
        turns = sorted(parameter.boundary_days())
        days = [turns[0] - ONE_DAY, *turns] if turns else [FIRST_DAY]
        span = np.searchsorted(np.array(days[1:], "datetime64[D]"), self.signed, side="right")
        limit = np.zeros(len(self.signed), np.int64)
        faults: list[tuple[Flags, NotPublished]] = []
        for number in np.unique(span).tolist():
            where = span == number
            try:
                limit[where] = _whole(parameter.at(self.place, days[number]).value)
            except NotPublished as fault:
                faults.append((where, fault))
        return limit, faults

    def notes(self, on: date) -> tuple[str, ...]:
        """What is said of the limits in force on a day, and which limits are declared unknown."""
        said = []
        for name, parameter in self.values.items():
            if name == CIVIL:
                continue
            try:
                said += [f"{name}: {note}" for note in parameter.at(self.place, on).notes]
            except DeclaredUnknown as fault:
                said.append(str(fault))
            except NotPublished:
                continue
        return tuple(said)


def _whole(value: object) -> int:
    if not isinstance(value, int):
        msg = f"a limit of prepaid fees is {value!r}; give a whole number"
        raise UsageError(msg)
    return value
