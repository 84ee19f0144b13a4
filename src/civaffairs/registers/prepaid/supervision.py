"""Supervision of prepaid fees of eldercare homes (养老机构预收费监管): every contract held to every rule of its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError, did_you_mean, masked
from civaffairs.labels import Labelled
from civaffairs.law.lookup import Parameter
from civaffairs.law.values import Unit, value_text
from civaffairs.registers.fields import NOT_STATED, Array, Flags, cell_text, stated
from civaffairs.registers.prepaid.book import CONTRACT_COLUMNS, PrepaidBook
from civaffairs.registers.prepaid.checks import (
    CHECKS,
    FIRST_DAY,
    OPINIONS,
    PROVINCIAL,
    Check,
    Limits,
    Whole,
    needs,
    prepaid_values,
    public_home_takes_no_membership_fee,
)

__all__ = [
    "Comparator",
    "Finding",
    "NotChecked",
    "PrepaidFindings",
    "supervise",
]


class Comparator(Labelled):
    """A text that is not known to apply here, by which one may compare all the same."""

    UNNAMED_PROVINCE_2024 = ("a province of December 2024, not named", "2024年12月某省（未具名）管理办法")


@attrs.frozen(kw_only=True)
class NotChecked:
    """Why some contracts could not be held to a rule.

    Attributes
    ----------
    contracts
        How many.
    reason
        Why.
    where_to_look
        Where one would look for what is missing.
    """

    contracts: int
    reason: str
    where_to_look: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Finding:
    """What one check found, contract by contract.

    Attributes
    ----------
    check
        The check.
    why
        Number, from 1, of the reason in `open` why it cannot be told whether the rule is broken; 0 where it can.
    over
        By how much it is broken, in the check's unit; 0 elsewhere.
    limits
        The limits that each contract was held to, by name.
    open
        Why it could not be told, each reason with its number of contracts.
    """

    check: Check
    why: NDArray[np.int16]
    over: Whole
    limits: Mapping[str, Whole]
    open: tuple[NotChecked, ...]

    @property
    def breach(self) -> Flags:
        """Where the rule is broken."""
        return np.asarray(self.over > 0)

    @property
    def not_checked(self) -> Flags:
        """Where that cannot be told; never taken as kept."""
        return np.asarray(self.why > 0)

    def over_text(self, row: int) -> str:
        """Write by how much a contract breaks the rule; empty for what is simply so or not."""
        unit = self.check.unit
        return "" if unit is Unit.FLAG else f"over by {value_text(int(self.over[row]), unit)}"

    def __repr__(self) -> str:
        counts = np.count_nonzero(self.breach), np.count_nonzero(self.not_checked)
        return f"<{self.check.name}: {counts[0]} breaches, {counts[1]} not checked>"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PrepaidFindings:
    """What supervision of a book found.

    Attributes
    ----------
    book
        The contracts.
    on, place
        The day, and the place whose limits count.
    findings
        By check.
    notes
        What to know about the limits, and which of them nobody published.
    """

    book: PrepaidBook
    on: date
    place: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    def __getitem__(self, name: str) -> Finding:
        known = {finding.check.name: finding for finding in self.findings}
        if name not in known:
            msg = f"no check is called {masked(name)!r}{did_you_mean(name, known)}"
            raise UsageError(msg)
        return known[name]

    @property
    def breach(self) -> Flags:
        """Contracts that break a rule."""
        return np.asarray(np.logical_or.reduce([finding.breach for finding in self.findings]))

    @property
    def not_checked(self) -> Flags:
        """Contracts for which at least one check could not be made."""
        return np.asarray(np.logical_or.reduce([finding.not_checked for finding in self.findings]))

    def columns(self) -> dict[str, Array]:
        """The findings as a table: per check what is broken, what was not checked, and by how much."""
        table: dict[str, Array] = {"row": self.book.rows, "contract": self.book["contract"], "home": self.book["home"]}
        for found in self.findings:
            name = found.check.name
            table[f"{name}_breach"] = np.ma.MaskedArray(found.breach, found.not_checked)
            table[f"{name}_over"] = np.ma.MaskedArray(found.over, found.not_checked)
        return table

    def explain(self, row: int) -> tuple[str, ...]:
        """Tell of one contract, by its position in the book, what each check says and on what it looked."""
        return tuple(_line(self.book, found, row) for found in self.findings)

    def __str__(self) -> str:
        lines = []
        for found in self.findings:
            weak = "weak comparator, no rule here: " if found.check.weak else ""
            broken = np.count_nonzero(found.breach)
            lines.append(f"{weak}{found.check.statement} Broken by {broken:,} [{found.check.source}]")
            lines += [f"  not checked for {gap.contracts:,}: {gap.reason}" for gap in found.open]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        broken, unsaid = np.count_nonzero(self.breach), np.count_nonzero(self.not_checked)
        return f"<{len(self.book)} contracts on {self.on}: {broken} break a rule, {unsaid} not checked in full>"


def supervise(
    book: PrepaidBook,
    on: date,
    *,
    place: str,
    values: Mapping[str, Parameter] | None = None,
    comparators: Sequence[Comparator] = (),
) -> PrepaidFindings:
    """Hold every contract to the limits of the day on which it was signed.

    A contract signed before the opinions were public is not held to them: what they say of older contracts was not
    read. What a contract does not state is not checked for it, and counted.

    Parameters
    ----------
    book
        The contracts.
    on
        The day of the supervision; contracts signed later are not checked.
    place
        Division code of the place that supervises.
    values
        Limits, where the caller has merged notices into those of `prepaid_values`.
    comparators
        Texts that are not known to apply here, to compare by all the same.

    Returns
    -------
    PrepaidFindings
        Per check what is broken, what was not checked, and by how much.

    Examples
    --------
    >>> book = PrepaidBook.from_columns(
    ...     {
    ...         "contract": ["A", "B"],
    ...         "home": ["H", "H"],
    ...         "signed_on": ["2025-06-01"] * 2,
    ...         "bed_fee": ["2000"] * 2,
    ...         "deposit": ["24000", "25000"],
    ...     }
    ... )
    >>> found = supervise(book, date(2025, 7, 1), place="450100")["deposit_is_small"]
    >>> found.breach.tolist(), found.over.tolist()
    ([False, True], [0, 100000])
    """
    limits = Limits(prepaid_values() if values is None else values, place, book["signed_on"])
    weak = (public_home_takes_no_membership_fee,) if Comparator.UNNAMED_PROVINCE_2024 in comparators else ()
    findings = tuple(_checked(each, book, on, limits) for each in (*CHECKS, *weak))
    notes = limits.notes(on)
    if weak:
        notes = (*notes, f"compared with {PROVINCIAL.document}: {PROVINCIAL.document.note}")
    return PrepaidFindings(book=book, on=on, place=place, findings=findings, notes=notes)


def _checked(rule: Check, book: PrepaidBook, on: date, limits: Limits) -> Finding:
    """Apply one check, and say for which contracts and why it cannot be told."""
    signed = book["signed_on"]
    why = np.zeros(len(book), np.int16)
    gaps: list[NotChecked] = []

    def leave_out(where: Flags, reason: str, where_to_look: str = "") -> None:
        new = (why == 0) & where
        if new.any():
            gaps.append(NotChecked(contracts=int(np.count_nonzero(new)), reason=reason, where_to_look=where_to_look))
            why[new] = len(gaps)

    leave_out(signed > np.datetime64(on), f"signed after {on}")
    leave_out(
        signed < np.datetime64(FIRST_DAY),
        f"signed before {FIRST_DAY}, the day on which the opinions were public; what held before was not read",
        str(OPINIONS),
    )
    given: dict[str, Array] = {name: book[name] for name in rule.needs if name in CONTRACT_COLUMNS}
    bounds: dict[str, Whole] = {}
    for name in rule.needs:
        if name not in CONTRACT_COLUMNS:
            bounds[name], faults = limits.of(name)
            for where, fault in faults:
                leave_out(where, fault.reason, fault.where_to_look)
    subject = np.ones(len(book), np.bool_)
    if rule.only is not None:
        asked = needs(rule.only)
        applies = rule.only(*(book[name] for name in asked))
        leave_out(applies == NOT_STATED, f"{' or '.join(asked)} is not stated")
        subject = applies == 1
    for name, column in given.items():
        leave_out(subject & ~stated(column), f"{name} is not stated")
    over = np.where((why == 0) & subject, rule.function(**given, **bounds), 0)
    return Finding(check=rule, why=why, over=over, limits=bounds, open=tuple(gaps))


def _line(book: PrepaidBook, found: Finding, row: int) -> str:
    rule = found.check
    names = dict.fromkeys([*(needs(rule.only) if rule.only else ()), *rule.needs])
    facts = [f"{n} {cell_text(CONTRACT_COLUMNS[n], book[n][row])}" for n in names if n in CONTRACT_COLUMNS]
    facts += [f"{name} {limit[row]}" for name, limit in found.limits.items() if not found.not_checked[row]]
    if found.why[row]:
        verdict = f"not checked, {found.open[int(found.why[row]) - 1].reason}"
    else:
        verdict = ", ".join(["broken", *filter(None, [found.over_text(row)])]) if found.over[row] else "kept"
    return f"{verdict}: {rule.statement} ({', '.join(facts)}) [{rule.source}]"
