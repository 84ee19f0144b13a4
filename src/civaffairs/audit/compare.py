"""The comparison of what was paid with what is owed, scheme by scheme and key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.assessment.gaps import why
from civaffairs.assessment.result import Assessment
from civaffairs.audit.findings import Audit, Finding, Verdict
from civaffairs.audit.payments import Key, Payments, paid_to_household, read_payments
from civaffairs.money import Fen, yuan_text
from civaffairs.people.columns import Level
from civaffairs.people.parsing import Cells
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.rulebook import Scheme


def audit(assessment: Assessment, paid: str | Path | Mapping[str, Cells] | object) -> Audit:
    """Compare what was paid with what is owed, to the fen.

    What is owed is what is payable beside the other benefits where all schemes were assessed, and the scheme's amount
    otherwise. Payments to one key under one scheme are added up.

    Parameters
    ----------
    assessment
        What is owed.
    paid
        A CSV or Parquet file, a data frame or a mapping of columns: ``household_id``, ``person_id`` (empty for what is
        paid to the household), ``scheme`` and ``paid``, in yuan a month.

    Returns
    -------
    Audit
        A finding for every payment that can be read, and for everything owed that is not among them.

    Raises
    ------
    TableError
        If the table of payments as a whole cannot be read.

    Examples
    --------
    >>> from civaffairs.assessment import assess
    >>> facts = {"disability_kind": ["visual"], "disability_grade": ["1"], "needs_long_term_care": ["yes"]}
    >>> who = {"household_id": ["H1"], "person_id": ["P1"], "birth_date": ["1980-02-29"], "place": ["450103"]}
    >>> table = {**who, **facts, "area": ["urban"], "hukou_place": ["450103"]}
    >>> result = assess(table, on="2026-08-01", schemes=["nursing_subsidy"])
    >>> payment = {"household_id": ["H1"], "person_id": ["P1"], "scheme": ["nursing_subsidy"], "paid": ["100.00"]}
    >>> found = audit(result, payment).findings[0]
    >>> found.verdict.value, found.owed, found.difference
    ('underpaid', 12200, -2200)
    """
    payments = read_payments(paid, assessment.rulebook.schemes)
    roster = _Roster(assessment)
    findings: list[Finding] = []
    unpaid_open: dict[str, int] = {}
    for scheme in assessment.schemes:
        if scheme.verdict.name in assessment.run.columns:
            owed = _Owed(roster, scheme)
            findings += owed.findings(payments)
            if still_open := owed.unpaid_open(payments):
                unpaid_open[scheme.name] = still_open
    findings += _elsewhere(roster, payments)
    return Audit(findings=tuple(findings), problems=payments.problems, unpaid_open=unpaid_open)


class _Why(NamedTuple):
    """A verdict with its reason."""

    verdict: Verdict
    owed: int | None
    reason: str
    reason_zh: str


@attrs.frozen(eq=False, slots=False)
class _Roster:
    """Where each key of the roster stands."""

    assessment: Assessment

    @cached_property
    def rows(self) -> Mapping[Key, int]:
        """Row of each household, under an empty person, and of each person."""
        people = self.assessment.population
        households = people.household["household_id"].tolist()
        rows = {(str(key), ""): row for row, key in enumerate(households)}
        persons = zip(people.index.tolist(), people.person["person_id"].tolist(), strict=True)
        return rows | {(str(households[at]), str(key)): row for row, (at, key) in enumerate(persons)}

    @cached_property
    def set_aside(self) -> frozenset[str]:
        """Keys of households that something in the roster is wrong with."""
        rejects = self.assessment.rejects
        cells = rejects.columns.get("household_id", []) if rejects is not None else []
        unborn = (problem.household for problem in self.assessment.rejected)
        return frozenset(str(cell).strip() for cell in (*cells, *unborn) if cell is not None)

    def keys(self, level: Level) -> list[Key]:
        """The keys in the order of the rows of a level."""
        size = self.assessment.population.persons if level is Level.PERSON else self.assessment.population.households
        keys: list[Key] = [("", "")] * size
        for key, row in self.rows.items():
            if bool(key[1]) == (level is Level.PERSON):
                keys[row] = key
        return keys


class _Owed:
    """What one scheme owes to each key."""

    def __init__(self, roster: _Roster, scheme: Scheme) -> None:
        run, people = roster.assessment.run, roster.assessment.population
        self.roster, self.scheme = roster, scheme
        self.level = Level.HOUSEHOLD if paid_to_household(scheme) else Level.PERSON
        self.keys = roster.keys(self.level)
        kept = [rule for rule in (scheme.payable, scheme.amount) if rule is not None and rule.name in run.columns]
        self.rule: AnyRule | None = kept[0] if kept else None
        self.in_force = {step.rule.name: step.rule for step in self.roster.assessment.plan.steps}

        def of_key(rule: AnyRule, column: NDArray[np.generic], join: np.ufunc) -> NDArray[np.generic]:
            if rule.level is self.level:
                return column
            return column[people.index] if self.level is Level.PERSON else join.reduceat(column, people.starts)

        def causes_of(rule: AnyRule) -> NDArray[np.uint64]:
            causes = run.unknown(rule.name, rule.level)
            nothing = np.zeros(people.persons if rule.level is Level.PERSON else people.households, np.uint64)
            return of_key(rule, nothing if causes is None else causes, np.bitwise_or).astype(np.uint64)

        size = len(self.keys)
        self.entitled = of_key(scheme.verdict, run.values(scheme.verdict.name), np.logical_or).astype(bool)
        self.entitled_open = causes_of(scheme.verdict)
        self.fen: Fen = np.zeros(size, np.int64)
        self.fen_open = self.entitled_open if self.rule is not None else np.zeros(size, np.uint64)
        if self.rule is not None:
            self.fen = of_key(self.rule, run.values(self.rule.name), np.add).astype(np.int64)
            self.fen_open = causes_of(self.rule)
        # What a scheme gives is told by its own article, unless another benefit beside it changed the amount.
        self.own: Fen = self.fen
        if scheme.amount is not None and scheme.amount.name in run.columns:
            self.own = of_key(scheme.amount, run.values(scheme.amount.name), np.add).astype(np.int64)

    def findings(self, payments: Payments) -> Iterator[Finding]:
        """Judge every payment, and everything owed that was not paid, in the order of the roster."""
        paid = payments.by_scheme.get(self.scheme.name, {})
        paid_rows = {self.roster.rows[key]: fen for key, fen in paid.items() if key in self.roster.rows}
        due = (self.fen > 0) & (self.fen_open == 0)
        owed = due | (self.entitled & (self.entitled_open == 0) & (self.fen_open != 0))
        for row in sorted({*paid_rows, *np.flatnonzero(owed).tolist()}):
            fen = paid_rows.get(row)
            told = self._unread() if fen is None and self.keys[row][0] in payments.doubtful else self._judge(row, fen)
            yield _finding(self.keys[row], self.scheme.name, fen or 0, told)

    def unpaid_open(self, payments: Payments) -> int:
        """Count those to whom nothing was paid and of whom it is not known whether they are entitled."""
        paid = payments.by_scheme.get(self.scheme.name, {})
        if self.rule is None:
            return 0
        return sum(self.keys[row] not in paid for row in np.flatnonzero(self.entitled_open).tolist())

    def _unread(self) -> _Why:
        reason = "a payment to this household could not be read"
        return _Why(Verdict.NOT_ASSESSABLE, None, reason, "该户有发放记录无法读取")

    def _judge(self, row: int, paid: int | None) -> _Why:
        if self.fen_open[row]:
            reason, reason_zh = self._causes(row)
            unpaid = paid is None and bool(self.entitled[row]) and not self.entitled_open[row]
            return _Why(Verdict.OWED_BUT_UNPAID if unpaid else Verdict.NOT_ASSESSABLE, None, reason, reason_zh)
        owed, fen = int(self.fen[row]), paid or 0
        reason, reason_zh = self._rule_text(row, owed)
        return _Why(_verdict(owed, fen), owed, reason, reason_zh)

    def _rule_text(self, row: int, owed: int) -> tuple[str, str]:
        if self.rule is None:
            return "the scheme pays no cash of its own", "该项目本身不发放现金"
        if not self.entitled[row] and not self.entitled_open[row]:
            rule, told, told_zh = self.scheme.verdict, "not entitled", "不符合条件"
        elif not owed:
            rule, told, told_zh = self.rule, "nothing is payable", "应发为零"
        else:
            rule = self.scheme.amount if self.scheme.amount and self.own[row] == owed else self.rule
            told, told_zh = f"{yuan_text(owed)} is payable", f"应发{yuan_text(owed)}元"
        citation = self.in_force[rule.name].citations[0]
        return f"{told} ({rule.name}: {citation})", f"{told_zh}（{rule.label_zh}，{citation.zh}）"

    def _causes(self, row: int) -> tuple[str, str]:
        run, plan, people = self.roster.assessment.run, self.roster.assessment.plan, self.roster.assessment.population
        told, told_zh = [], []
        for bit, root in enumerate(run.roots[(self.rule or self.scheme.verdict).name]):
            if int(self.fen_open[row]) >> bit & 1:
                name = plan.parameters[root.name].by if root.name in plan.parameters else self.scheme.place
                column = people.column(name)
                at = row
                if self.level is Level.PERSON and name in people.household:
                    at = int(people.index[row])
                elif self.level is Level.HOUSEHOLD and name in people.person:
                    at = int(people.starts[row])
                reason, reason_zh, look = why(plan, root, -1 if column is None else int(column[at]))
                told.append(f"{root.name}: {reason}" + (f"; look in: {look}" if look else ""))
                told_zh.append(f"{root.name}：{reason_zh}")
        return " | ".join(told), "｜".join(told_zh)


def _verdict(owed: int, paid: int) -> Verdict:
    if paid == owed:
        return Verdict.RIGHT
    if not paid:
        return Verdict.OWED_BUT_UNPAID
    if not owed:
        return Verdict.PAID_BUT_NOT_OWED
    return Verdict.UNDERPAID if paid < owed else Verdict.OVERPAID


def _finding(key: Key, scheme: str, paid: int, told: _Why) -> Finding:
    household, person = key
    return Finding(
        household_id=household,
        person_id=person,
        scheme=scheme,
        verdict=told.verdict,
        owed=told.owed,
        paid=paid,
        reason=told.reason,
        reason_zh=told.reason_zh,
    )


def _elsewhere(roster: _Roster, payments: Payments) -> Iterator[Finding]:
    """Judge payments to those who are not in the assessment, or under schemes that are not."""
    assessment = roster.assessment
    done = {scheme.name for scheme in assessment.schemes if scheme.verdict.name in assessment.run.columns}
    reasons = {missing.scheme: (missing.reason, missing.reason_zh) for missing in assessment.unavailable}
    for scheme, paid in payments.by_scheme.items():
        for key, fen in paid.items():
            if key not in roster.rows:
                yield _finding(key, scheme, fen, _absent(roster, key))
            elif scheme not in done:
                left_out = ("this scheme was not assessed; assess it too", "该项目未纳入评估")
                yield _finding(key, scheme, fen, _Why(Verdict.NOT_ASSESSABLE, None, *reasons.get(scheme, left_out)))


def _absent(roster: _Roster, key: Key) -> _Why:
    household, _ = key
    if household in roster.set_aside:
        reason = "the household was set aside; put its rows right first"
        return _Why(Verdict.NOT_ASSESSABLE, None, reason, "该户已搁置，须先更正其数据")
    if (household, "") in roster.rows:
        return _Why(Verdict.NOT_IN_ROSTER, None, "no member of the household has that key", "该户无此成员")
    return _Why(Verdict.NOT_IN_ROSTER, None, "no household has that key", "名册中无此户")
