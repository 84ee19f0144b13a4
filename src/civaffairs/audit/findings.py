"""The outcome of an audit: verdicts with reasons, their sums, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import attrs
import numpy as np

from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.errors import SHOWN, Problems, masked
from civaffairs.labels import Labelled
from civaffairs.money import yuan_text
from civaffairs.people.population import Array
from civaffairs.rules.explain import Language


class Verdict(Labelled):
    """What is to be said of a payment, or of an entitlement without one."""

    RIGHT = ("right", "相符")
    UNDERPAID = ("underpaid", "少发")
    OVERPAID = ("overpaid", "多发")
    OWED_BUT_UNPAID = ("owed but unpaid", "应发未发")
    PAID_BUT_NOT_OWED = ("paid but not owed", "不应发而发")
    NOT_ASSESSABLE = ("not assessable", "无法评估")
    NOT_IN_ROSTER = ("not in the roster", "名册中无此户或人")


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
            open_sum = "未知" if zh else "not known"
            owed = open_sum if len(known) < len(same) else yuan_text(sum(f.owed or 0 for f in same))
            paid = yuan_text(sum(finding.paid for finding in same))
            differs = owed if len(known) < len(same) else yuan_text(sum(finding.difference or 0 for finding in same))
            rows.append([verdict.label_zh if zh else str(verdict.value), f"{len(same):,}", owed, paid, differs])
        return rows

    def text(self, language: Language = Language.ENGLISH) -> str:
        """Write the sums by verdict, and the first few findings of each that is not right."""
        zh = language is Language.CHINESE
        parts = [text_table(_HEAD_ZH if zh else _HEAD, self._sums(zh), numbers=range(1, 5))]
        for verdict in Verdict:
            same = self.of(verdict)
            if verdict is not Verdict.RIGHT and same:
                known_first = sorted(same, key=lambda finding: finding.owed is None)
                lines = [_line(finding, zh) for finding in known_first[:SHOWN]]
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
