"""Sums by scheme: persons, households, yuan a month; a sum over what is not known is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import attrs
import numpy as np

from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.money import total_fen, yuan_text
from civaffairs.people.columns import Level
from civaffairs.rules.explain import Language
from civaffairs.rules.plan import Run
from civaffairs.rules.rulebook import Scheme

_HEAD = ["scheme", "persons", "households", "yuan a month", "assessed so far", "persons not assessed"]
_HEAD_ZH = ["项目", "人数", "户数", "每月金额（元）", "已评估部分（元）", "未评估人数"]


@attrs.frozen(kw_only=True)
class Total:
    """One scheme's sums.

    Attributes
    ----------
    scheme, title, label_zh
        Which scheme.
    persons, households
        Known to be entitled.
    fen
        Fen a month for all of them, or ``None`` while somebody's amount is not known, or where no cash is paid.
    assessed_so_far
        Fen a month of those whose amounts are known.
    persons_not_assessed, households_not_assessed
        Whose entitlement or amount is not known.
    pays
        Whether the scheme pays cash.
    """

    scheme: str
    title: str
    label_zh: str
    persons: int
    households: int
    fen: int | None
    assessed_so_far: int
    persons_not_assessed: int
    households_not_assessed: int
    pays: bool = True

    def __add__(self, other: Total) -> Total:
        known = self.fen is not None and other.fen is not None
        return attrs.evolve(
            self,
            persons=self.persons + other.persons,
            households=self.households + other.households,
            fen=(self.fen or 0) + (other.fen or 0) if known else None,
            assessed_so_far=self.assessed_so_far + other.assessed_so_far,
            persons_not_assessed=self.persons_not_assessed + other.persons_not_assessed,
            households_not_assessed=self.households_not_assessed + other.households_not_assessed,
        )

    def cells(self, language: Language = Language.ENGLISH) -> list[str]:
        """The sums as texts."""
        unknown = "未知" if language is Language.CHINESE else "not known"
        full = "-" if not self.pays else unknown if self.fen is None else yuan_text(self.fen)
        so_far = "-" if not self.pays else yuan_text(self.assessed_so_far)
        return [f"{self.persons:,}", f"{self.households:,}", full, so_far, f"{self.persons_not_assessed:,}"]


@attrs.frozen(repr=False)
class Totals(Mapping[str, Total]):
    """Sums by scheme name."""

    by_scheme: Mapping[str, Total]

    def __getitem__(self, scheme: str) -> Total:
        return self.by_scheme[scheme]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_scheme)

    def __len__(self) -> int:
        return len(self.by_scheme)

    def __add__(self, other: Totals) -> Totals:
        """Join the sums of two parts of one population."""
        names = dict.fromkeys((*self.by_scheme, *other.by_scheme))
        return Totals(
            {
                name: self[name] + other[name]
                if name in self and name in other
                else (self if name in self else other)[name]
                for name in names
            }
        )

    def columns(self) -> dict[str, list[object]]:
        """The sums as a table of columns."""
        return {a.name: [getattr(total, a.name) for total in self.by_scheme.values()] for a in attrs.fields(Total)}

    def text(self, language: Language = Language.ENGLISH) -> str:
        """Write it as text."""
        zh = language is Language.CHINESE
        rows = [[t.label_zh if zh else t.title, *t.cells(language)] for t in self.by_scheme.values()]
        return text_table(_HEAD_ZH if zh else _HEAD, rows, numbers=range(1, 6))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return html_table(_HEAD, [[t.title, *t.cells()] for t in self.by_scheme.values()])


def totals(run: Run, schemes: Sequence[Scheme]) -> Totals:
    """Add a run up by scheme."""
    return Totals({scheme.name: _total(run, scheme) for scheme in schemes if scheme.verdict.name in run.columns})


def _total(run: Run, scheme: Scheme) -> Total:
    people = run.population
    verdict = run.values(scheme.verdict.name)
    by_person = scheme.verdict.level is Level.PERSON
    paid = next(
        (rule for rule in (scheme.payable, scheme.amount) if rule is not None and rule.name in run.columns), None
    )
    unknown_persons = np.zeros(people.persons, bool)
    for rule in (scheme.verdict, paid):
        causes = None if rule is None else run.unknown(rule.name, rule.level)
        if rule is not None and causes is not None:
            unknown_persons |= (causes if rule.level is Level.PERSON else causes[people.index]) != 0
    if by_person:
        persons, households = int(verdict.sum()), len(np.unique(people.index[np.flatnonzero(verdict)]))
    else:
        members = run.values("counted_member") if "counted_member" in run.columns else np.ones(people.persons, bool)
        persons, households = int((verdict[people.index] & members).sum()), int(verdict.sum())
    so_far = 0 if paid is None else total_fen(run.values(paid.name))
    open_amount = unknown_persons.any()
    return Total(
        scheme=scheme.name,
        title=scheme.title,
        label_zh=scheme.label_zh,
        persons=persons,
        households=households,
        fen=None if open_amount or paid is None else so_far,
        assessed_so_far=so_far,
        persons_not_assessed=int(unknown_persons.sum()),
        households_not_assessed=len(np.unique(people.index[np.flatnonzero(unknown_persons)])),
        pays=paid is not None,
    )


def summary(
    sums: Totals,
    *,
    on: date,
    known: date | None,
    households: int,
    persons: int,
    rows_set_aside: int,
    assumed: bool,
    language: Language,
) -> str:
    """Write the sums under a line that says of whom, of when, and whether anything is assumed."""
    if language is Language.CHINESE:
        as_known = f"，以{known}所知" if known else ""
        head = f"{on}{as_known}：{households:,}户、{persons:,}人；{rows_set_aside:,}行搁置"
        warned = "\n注意：结果含假定值，并非公布标准"
    else:
        as_known = f", as known on {known}" if known else ""
        counts = f"{households:,} households, {persons:,} persons assessed; {rows_set_aside:,} rows set aside"
        head = f"{on}{as_known}: {counts}"
        warned = "\nThis result stands on ASSUMED values, which nobody has published."
    return f"{head}{warned if assumed else ''}\n{sums.text(language)}"
