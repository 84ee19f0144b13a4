"""What an office paid beside what is owed: every payment and every entitlement gets a verdict and a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Self

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.assessment.gaps import why
from civaffairs.assessment.result import Assessment
from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.errors import SHOWN, Problem, Problems, TableError, UsageError, did_you_mean, listed, masked
from civaffairs.money import Fen, yuan_text
from civaffairs.people.columns import Column, Kind, Level
from civaffairs.people.household import COLUMNS
from civaffairs.people.parsing import Cells, Facts, read_column
from civaffairs.people.population import Array
from civaffairs.rules.explain import Language
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.rulebook import Scheme
from civaffairs.tables.files import opened
from civaffairs.tables.frames import frame_columns

_SCHEME = Column(
    name="scheme", level=Level.PERSON, kind=Kind.KEY, label_zh="项目", meaning="name of the scheme", required=True
)
_PAID = Column(
    name="paid", level=Level.PERSON, kind=Kind.FEN, label_zh="已发金额", meaning="yuan paid a month", required=True
)
PAID_COLUMNS = {
    column.name: column for column in (COLUMNS["household_id"], COLUMNS["person_id"], _SCHEME, _PAID)
}
"""The columns of a table of payments; ``person_id`` is empty for what is paid to the household."""


class Verdict(Enum):
    """What is to be said of a payment, or of an entitlement without one."""

    label_zh: str

    RIGHT = ("right", "相符")
    UNDERPAID = ("underpaid", "少发")
    OVERPAID = ("overpaid", "多发")
    OWED_BUT_UNPAID = ("owed but unpaid", "应发未发")
    PAID_BUT_NOT_OWED = ("paid but not owed", "不应发而发")
    NOT_ASSESSABLE = ("not assessable", "无法评估")
    NOT_IN_ROSTER = ("not in the roster", "名册中无此户或人")

    def __new__(cls, value: str, label_zh: str) -> Self:
        """Keep the Chinese label beside the value."""
        member = object.__new__(cls)
        member._value_ = value
        member.label_zh = label_zh
        return member


@attrs.frozen(kw_only=True)
class Finding:
    """One benefit of one household or person: what is owed, what was paid, and why they differ.

    Attributes
    ----------
    household_id, person_id
        Whose; ``person_id`` is empty for what is paid to the household.
    scheme
        Name of the scheme.
    verdict
        What is to be said of it.
    owed
        Fen a month, or ``None`` where it is not known.
    paid
        Fen a month; 0 where nothing was paid.
    reason, reason_zh
        The rule and article that say so, or what is not known.
    """

    household_id: str = attrs.field(repr=False)
    person_id: str = attrs.field(default="", repr=False)
    scheme: str
    verdict: Verdict
    owed: int | None
    paid: int
    reason: str
    reason_zh: str

    @property
    def difference(self) -> int | None:
        """Fen a month paid too much, negative if too little; ``None`` where what is owed is not known."""
        return None if self.owed is None else self.paid - self.owed


class _Why(NamedTuple):
    """A verdict with its reason."""

    verdict: Verdict
    owed: int | None
    reason: str
    reason_zh: str


_HEAD = ["verdict", "how many", "owed", "paid", "difference"]
_HEAD_ZH = ["结论", "数量", "应发（元/月）", "已发（元/月）", "差额（元/月）"]


@attrs.frozen(kw_only=True, repr=False, slots=False)
class Audit:
    """Every payment and every entitlement with its verdict.

    Attributes
    ----------
    findings
        By scheme, in the order of the roster; those not in the roster last.
    problems
        Rows of the table of payments that cannot be read, all at once. They get no verdict.
    unpaid_open
        By scheme, to how many nothing was paid while it is not known whether they are entitled.
    """

    findings: tuple[Finding, ...]
    problems: Problems
    unpaid_open: Mapping[str, int]

    def of(self, verdict: Verdict) -> tuple[Finding, ...]:
        """Only the findings of one verdict."""
        return self._by_verdict[verdict]

    @cached_property
    def _by_verdict(self) -> Mapping[Verdict, tuple[Finding, ...]]:
        found: dict[Verdict, list[Finding]] = {verdict: [] for verdict in Verdict}
        for finding in self.findings:
            found[finding.verdict].append(finding)
        return {verdict: tuple(same) for verdict, same in found.items()}

    @property
    def all_right(self) -> bool:
        """Whether every payment is as owed, nothing owed is unpaid, and every row could be read."""
        return not self.problems and len(self.of(Verdict.RIGHT)) == len(self.findings)

    @property
    def wrong(self) -> bool:
        """Whether some payment is known not to be as owed."""
        return any(self.of(verdict) for verdict in Verdict if verdict not in {Verdict.RIGHT, Verdict.NOT_ASSESSABLE})

    def columns(self) -> dict[str, Array]:
        """The findings as columns; money in fen, masked where not known."""
        texts = ("household_id", "person_id", "scheme", "reason", "reason_zh")
        table: dict[str, Array] = {name: _texts(getattr(f, name) for f in self.findings) for name in texts[:3]}
        table["verdict"] = _texts(str(finding.verdict.value) for finding in self.findings)
        table["verdict_zh"] = _texts(finding.verdict.label_zh for finding in self.findings)
        for name in ("owed", "paid", "difference"):
            each: list[int | None] = [getattr(finding, name) for finding in self.findings]
            table[name] = np.ma.MaskedArray([one or 0 for one in each], [one is None for one in each], np.int64)
        return table | {name: _texts(getattr(f, name) for f in self.findings) for name in texts[3:]}

    def _sums(self, zh: bool) -> list[list[str]]:
        rows = []
        for verdict, same in self._by_verdict.items():
            known = [finding for finding in same if finding.owed is not None]
            owed = "-" if len(known) < len(same) or not same else yuan_text(sum(f.owed or 0 for f in same))
            paid = yuan_text(sum(finding.paid for finding in same))
            differs = "-" if owed == "-" else yuan_text(sum(finding.difference or 0 for finding in same))
            rows.append([verdict.label_zh if zh else str(verdict.value), f"{len(same):,}", owed, paid, differs])
        return rows

    def text(self, language: Language = Language.ENGLISH) -> str:
        """Write the sums by verdict, and the first few findings of each that is not right."""
        zh = language is Language.CHINESE
        parts = [text_table(_HEAD_ZH if zh else _HEAD, self._sums(zh), numbers=range(1, 5))]
        for verdict in Verdict:
            same = self.of(verdict)
            if verdict is not Verdict.RIGHT and same:
                lines = [_line(finding, zh) for finding in same[:SHOWN]]
                more = len(same) - SHOWN
                lines += [f"  另有{more:,}项" if zh else f"  and {more:,} more"] if more > 0 else []
                parts.append("\n".join([verdict.label_zh if zh else str(verdict.value), *lines]))
        if self.unpaid_open:
            told = ", ".join(f"{scheme} {count:,}" for scheme, count in self.unpaid_open.items())
            parts.append(("未发且资格未知：" if zh else "nothing paid, entitlement not known: ") + told)
        if self.problems:
            parts.append(("无法读取的发放记录" if zh else "payments that cannot be read") + f"\n{self.problems}")
        return "\n\n".join(parts)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return html_table(_HEAD, self._sums(zh=False))


def _texts(each: Iterator[str]) -> Array:
    return np.array(list(each), np.str_)


def _line(finding: Finding, zh: bool) -> str:
    whose = masked(finding.household_id) + (f", {masked(finding.person_id)}" if finding.person_id else "")
    owed = ("未知" if zh else "not known") if finding.owed is None else yuan_text(finding.owed)
    told = f"已发{yuan_text(finding.paid)}，应发{owed}" if zh else f"paid {yuan_text(finding.paid)}, owed {owed}"
    return f"  {whose}, {finding.scheme}: {told}; {finding.reason_zh if zh else finding.reason}"


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
    >>> result = assess({**who, **facts, "area": ["urban"], "hukou_place": ["450103"]}, on="2026-08-01", schemes=["nursing_subsidy"])
    >>> payment = {"household_id": ["H1"], "person_id": ["P1"], "scheme": ["nursing_subsidy"], "paid": ["100.00"]}
    >>> found = audit(result, payment).findings[0]
    >>> found.verdict.value, found.owed, found.difference
    ('underpaid', 12200, -2200)
    """
    payments = _payments(assessment, _raw(paid))
    findings: list[Finding] = []
    unpaid_open: dict[str, int] = {}
    for scheme in assessment.schemes:
        counter = _Counter(assessment, scheme, payments)
        findings += counter.findings()
        if counter.unpaid_open:
            unpaid_open[scheme.name] = counter.unpaid_open
    findings += _of_others(assessment, payments)
    return Audit(findings=tuple(findings), problems=payments.problems, unpaid_open=unpaid_open)


def _raw(paid: object) -> Mapping[str, Cells]:
    if isinstance(paid, str | Path):
        file = opened(Path(paid), _check_header)
        parts = list(file.blocks(iter([2**62])))
        return parts[0] if parts else {name: [] for name in file.names}
    columns = dict(paid) if isinstance(paid, Mapping) else frame_columns(paid)
    _check_header(list(columns))
    return columns


def _check_header(names: Sequence[str]) -> None:
    missing = [name for name in PAID_COLUMNS if name not in names]
    unknown = [name for name in names if name not in PAID_COLUMNS]
    twice = [name for name in dict.fromkeys(names) if list(names).count(name) > 1]
    faults = [f"column {masked(name)!r} is there twice" for name in twice]
    faults += [f"unknown column {masked(name)!r}{did_you_mean(name, PAID_COLUMNS)}" for name in unknown]
    faults += [f"missing column {name!r} ({PAID_COLUMNS[name].meaning})" for name in missing]
    if faults:
        head = f"a table of payments has the columns {', '.join(PAID_COLUMNS)}"
        raise TableError("\n".join([head, *faults]))


_Key = tuple[str, str]


@attrs.frozen(kw_only=True, eq=False)
class _Payments:
    """Payments added up, and what could not be read."""

    by_scheme: Mapping[str, Mapping[_Key, int]]
    problems: Problems
    doubtful: frozenset[str]


def _payments(assessment: Assessment, columns: Mapping[str, Cells]) -> _Payments:
    facts = {name: read_column(column, columns[name]) for name, column in PAID_COLUMNS.items()}
    faults = {(row, name): fault for name, column in facts.items() for row, fault in column.faults}
    schemes = assessment.rulebook.schemes
    names = {text.lower(): name for name, s in schemes.items() for text in (name, s.title, s.label_zh)}
    sums: dict[str, dict[_Key, int]] = defaultdict(lambda: defaultdict(int))
    problems: list[Problem] = []
    doubtful: set[str] = set()
    for row in range(len(facts["paid"].values)):
        household, person, written = (str(facts[name].values[row]) for name in ("household_id", "person_id", "scheme"))
        found = [_problem(row, household, name, fault) for (at, name), fault in _at(faults, row)]
        found += [
            _problem(row, household, name, ("is missing", column.meaning))
            for name, column in PAID_COLUMNS.items()
            if column.required and name != "person_id" and not facts[name].stated[row] and (row, name) not in faults
        ]
        scheme = names.get(written.lower())
        if written and scheme is None:
            hint = f"no scheme has that name{did_you_mean(written.lower(), names)}; known: {', '.join(schemes)}"
            found.append(_problem(row, household, "scheme", ("is not a scheme", hint), written))
        if scheme is not None and not person and (row, "person_id") not in faults and not _of_household(schemes[scheme]):
            hint = "this benefit is paid to a person: name whom"
            found.append(_problem(row, household, "person_id", (f"is missing for {scheme}", hint)))
        if found:
            problems += found
            doubtful.add(household)
        elif scheme is not None:
            key = (household, "" if _of_household(schemes[scheme]) else person)
            sums[scheme][key] += int(facts["paid"].values[row])
    return _Payments(by_scheme=sums, problems=Problems(problems), doubtful=frozenset(doubtful))


def _at(faults: Mapping[tuple[int, str], tuple[str, str]], row: int) -> Iterator[tuple[_RowName, tuple[str, str]]]:
    return (((row, name), faults[row, name]) for name in PAID_COLUMNS if (row, name) in faults)


_RowName = tuple[int, str]


def _problem(row: int, household: str, column: str, fault: tuple[str, str], value: str = "") -> Problem:
    reason, hint = fault
    return Problem(row=row + 1, household=household, column=column, value=value, reason=reason, hint=hint)


def _of_household(scheme: Scheme) -> bool:
    return (scheme.amount or scheme.verdict).level is Level.HOUSEHOLD
