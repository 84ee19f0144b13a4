"""How many are poor, and how poor, before a benefit and after it (贫困发生率、贫困深度、贫困强度), exact."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar, Final

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.assessment import Assessment
from civaffairs.errors import UsageError
from civaffairs.money import Fen, yuan_text
from civaffairs.people.columns import Level
from civaffairs.research.inequality import gini_of
from civaffairs.research.measures import (
    Amounts,
    ByGroup,
    Part,
    Whole,
    percent,
    product,
    read_rows,
    share,
    sum_of_products,
)
from civaffairs.rules.rule import Rule
from civaffairs.rules.values import COMMON_MONTHS, Flags
from civaffairs.schemes import dibao, income, members, overlaps

LINES: Final = 200
"""How many different poverty lines are measured at once; the exact sum of more would fill pages of digits."""

NEEDED: Final = (
    income.household_income,
    members.household_size,
    members.counted_member,
    dibao.standard,
    overlaps.total_payable,
)
"""What an assessment has to keep for `incomes`: ``assess(…, keep=poverty.NEEDED)``."""


@attrs.frozen(kw_only=True)
class Poverty:
    """Poverty of a group after Foster, Greer and Thorbecke: how many are poor, how poor, how unequally poor.

    Attributes
    ----------
    persons, poor
        Persons, and those of them below the line (低于: strictly).
    lacking
        Fen that would lift everybody to the line.
    gaps, squared_gaps
        Sums over persons of what each lacks as a part of the line, and of its square.
    not_known
        Rows left out because their income or line is not known.
    """

    HEAD: ClassVar[tuple[str, ...]] = (
        "persons",
        "poor",
        "headcount",
        "gap",
        "severity",
        "yuan lacking",
        "rows not known",
    )

    persons: int
    poor: int
    lacking: Fraction
    gaps: Fraction
    squared_gaps: Fraction
    not_known: int

    @property
    def headcount(self) -> Fraction:
        """The share of the persons who are poor."""
        return share(self.poor, self.persons, "persons whose income is known")

    @property
    def gap(self) -> Fraction:
        """What is lacking a person, as a part of the line; those above it lack nothing."""
        return share(self.gaps, self.persons, "persons whose income is known")

    @property
    def severity(self) -> Fraction:
        """The same with each person's gap squared, so that the poorest weigh most."""
        return share(self.squared_gaps, self.persons, "persons whose income is known")

    def cells(self) -> list[str]:
        """The measures as texts; shares and money are rounded here alone."""
        shares = [percent(part, self.persons) for part in (self.poor, self.gaps, self.squared_gaps)]
        lacking = yuan_text(int(self.lacking))
        return [f"{self.persons:,}", f"{self.poor:,}", *shares, lacking, f"{self.not_known:,}"]


def poverty(
    income: Amounts,
    line: int | Amounts,
    *,
    heads: Amounts | None = None,
    weights: Amounts | None = None,
    known: Flags | None = None,
    groups: NDArray[Any] | Sequence[object] | None = None,
    periods: int = 1,
) -> ByGroup[Poverty]:
    """Measure poverty: headcount, gap and severity, and the money that would end it.

    Parameters
    ----------
    income
        Fen of each row, over any period; it may be negative.
    line
        The poverty line of one person over the same period: one amount, or one a row.
    heads
        How many persons share the row's income; 1 if left out. A row is poor if its income is below the line times
        its heads: nothing is divided.
    weights
        How many such rows the row stands for; 1 if left out. A row without heads or weight stands for nobody.
    known
        Which rows are known; masked rows are not. They are counted, and left out of every measure.
    groups
        A label a row, to measure each group as well.
    periods
        How many periods the amounts cover together; what is lacking is stated for one of them.

    Returns
    -------
    ByGroup
        A `Poverty` for everyone and for each group; exact fractions.

    Raises
    ------
    UsageError
        If columns do not fit, a line is not above nought, or nothing is known.

    Examples
    --------
    >>> poor = poverty([100, 110, 150, 160], 125).everyone
    >>> poor.headcount, poor.gap, poor.severity
    (Fraction(1, 2), Fraction(2, 25), Fraction(17, 1250))
    >>> poverty([60_000, 200_000], 81_000, heads=[1, 2], groups=["urban", "rural"])
    group     persons  poor  headcount     gap  severity  yuan lacking  rows not known
    rural           2     0      0.00%   0.00%     0.00%          0.00               0
    urban           1     1    100.00%  25.93%     6.72%        210.00               0
    everyone        3     1     33.33%   8.64%     2.24%        210.00               0
    """
    length = len(income)
    rows = read_rows(
        {"income": income, "line": lines(line, length)}, heads=heads, weights=weights, known=known, groups=groups
    )
    parts = {part.name: _poverty(part, "income", periods) for part in rows.by_group()}
    return ByGroup(_poverty(rows.everyone(), "income", periods), parts)


def lines(line: int | Amounts, length: int) -> Amounts:
    """One line a row.

    >>> lines(125, 2)
    array([125, 125])
    """
    return np.full(length, line) if isinstance(line, int | float | np.generic) else line


def short_of_line(part: Part, name: str) -> Whole:
    """What each row's persons lack together; above the line, less than nothing."""
    line = part.columns["line"]
    if line.min(initial=1) <= 0:
        msg = f"a poverty line is {int(line.min())} fen; give an amount above nought, and mask a line that is not known"
        raise UsageError(msg)
    needed = product(line, part.heads)
    fits = int(needed.max(initial=0)) + abs(int(part.columns[name].min(initial=0))) < 2**63
    return (needed if fits else needed.astype(object)) - part.columns[name]


def _poverty(part: Part, name: str, periods: int) -> Poverty:
    if periods < 1:
        msg = f"the amounts cannot cover {periods} periods; give 1 or more, for instance 12 for a year of months"
        raise UsageError(msg)
    short = short_of_line(part, name)
    poor = np.asarray(short > 0, bool)
    short, line, heads, weights = short[poor], part.columns["line"][poor], part.heads[poor], part.weights[poor]
    lacking = product(short, weights)
    # Rows of one line and as many heads have one denominator, so only a few fractions are added.
    order = np.lexsort((heads, line))
    short, lacking, line, heads = short[order], lacking[order], line[order], heads[order]
    ends = [*(np.flatnonzero(np.diff(line) | np.diff(heads)) + 1).tolist(), len(line)] if len(line) else []
    if len(np.unique(line)) > LINES:
        msg = f"there are more than {LINES} different poverty lines; measure groups of fewer lines one after another"
        raise UsageError(msg)
    gaps, squared_gaps = Fraction(0), Fraction(0)
    for start, stop in pairwise([0, *ends]):
        z, n = int(line[start]), int(heads[start])
        gaps += Fraction(sum_of_products(lacking[start:stop]), z)
        squared_gaps += Fraction(sum_of_products(lacking[start:stop], short[start:stop]), n * z * z)
    return Poverty(
        persons=sum_of_products(part.heads, part.weights),
        poor=sum_of_products(part.heads[poor], part.weights[poor]),
        lacking=Fraction(sum_of_products(lacking), periods),
        gaps=gaps,
        squared_gaps=squared_gaps,
        not_known=part.not_known,
    )


@attrs.frozen(kw_only=True)
class Change:
    """Poverty and inequality of a group before and after something, for the rows known on both sides.

    Attributes
    ----------
    before, after
        Poverty.
    gini_before, gini_after
        Gini coefficients; ``None`` where an income is negative or nobody has any.
    lifted, fallen
        Persons poor before and not after, and the other way about.
    """

    HEAD: ClassVar[tuple[str, ...]] = (
        "persons",
        "headcount",
        "after",
        "gap",
        "after",
        "severity",
        "after",
        "Gini",
        "after",
        "lifted",
        "fallen",
        "rows not known",
    )

    before: Poverty
    after: Poverty
    gini_before: Fraction | None
    gini_after: Fraction | None
    lifted: int
    fallen: int

    def cells(self) -> list[str]:
        """The measures as texts; they are rounded here alone."""
        was, now = self.before, self.after
        shares = [
            percent(part, was.persons)
            for pair in ((was.poor, now.poor), (was.gaps, now.gaps), (was.squared_gaps, now.squared_gaps))
            for part in pair
        ]
        ginis = ["-" if one is None else f"{float(one):.4f}" for one in (self.gini_before, self.gini_after)]
        return [f"{was.persons:,}", *shares, *ginis, f"{self.lifted:,}", f"{self.fallen:,}", f"{was.not_known:,}"]


def before_and_after(
    before: Amounts,
    after: Amounts,
    line: int | Amounts,
    *,
    heads: Amounts | None = None,
    weights: Amounts | None = None,
    known: Flags | None = None,
    groups: NDArray[Any] | Sequence[object] | None = None,
    periods: int = 1,
) -> ByGroup[Change]:
    """Measure poverty and inequality on two incomes of the same rows, as before and after a benefit.

    Parameters
    ----------
    before, after
        Fen of each row, over one period. A row counts only if both are known.
    line, heads, weights, known, groups, periods
        As in `poverty`.

    Returns
    -------
    ByGroup
        A `Change` for everyone and for each group.

    Raises
    ------
    UsageError
        As in `poverty`.

    Examples
    --------
    >>> change = before_and_after([60_000, 90_000], [81_000, 90_000], 81_000).everyone
    >>> change.before.headcount, change.after.headcount, change.lifted
    (Fraction(1, 2), Fraction(0, 1), 1)
    >>> change.gini_before, change.gini_after
    (Fraction(1, 10), Fraction(1, 38))
    """
    columns = {"before": before, "after": after, "line": lines(line, len(before))}
    rows = read_rows(columns, heads=heads, weights=weights, known=known, groups=groups)
    parts = {part.name: _change(part, periods) for part in rows.by_group()}
    return ByGroup(_change(rows.everyone(), periods), parts)


def _change(part: Part, periods: int) -> Change:
    was, now = (np.asarray(short_of_line(part, name) > 0, bool) for name in ("before", "after"))
    lifted, fallen = (sum_of_products(part.heads[moved], part.weights[moved]) for moved in (was & ~now, now & ~was))
    return Change(
        before=_poverty(part, "before", periods),
        after=_poverty(part, "after", periods),
        gini_before=_gini(part, "before"),
        gini_after=_gini(part, "after"),
        lifted=lifted,
        fallen=fallen,
    )


def _gini(part: Part, name: str) -> Fraction | None:
    column = part.columns[name]
    has_one = column.min(initial=0) >= 0 and column.any()
    return gini_of(attrs.evolve(part, columns={"income": column})) if has_one else None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Incomes:
    """Incomes of assessed households before and after benefits, masked where not known.

    Attributes
    ----------
    before, benefit, after
        Fen of the household's members who count, for ``months`` months.
    heads
        How many members count, who share them.
    standard
        The dibao standard of one person for as many months.
    left_out
        Persons surely counted in no family, whom no measure of these incomes speaks of: above all those in extreme
        hardship, whose means are tested apart.
    months
        How many months the amounts cover: a line of so many fen a month is that times ``months``.
    """

    before: np.ma.MaskedArray[Any, Any]
    benefit: np.ma.MaskedArray[Any, Any]
    heads: np.ma.MaskedArray[Any, Any]
    standard: np.ma.MaskedArray[Any, Any]
    left_out: int = 0
    months: int = COMMON_MONTHS

    @property
    def after(self) -> np.ma.MaskedArray[Any, Any]:
        """Income and benefit together."""
        both: np.ma.MaskedArray[Any, Any] = self.before + self.benefit
        return both

    def __repr__(self) -> str:
        unknown = int((np.ma.getmaskarray(self.after) | np.ma.getmaskarray(self.heads)).sum())
        apart = f", {self.left_out:,} persons in none of them" if self.left_out else ""
        return f"<Incomes of {len(self.before):,} households, {unknown:,} of them not known{apart}>"


def incomes(assessment: Assessment, benefit: Rule[Any, Fen] = overlaps.total_payable) -> Incomes:
    """Take households' incomes before and after benefits from an assessment, in the order of the caller's table.

    The income is the one that the means test counts: without what the law leaves out, and never below nought. It is
    not the disposable income of a statistician's survey. Of the benefits, those of the members who count are added;
    how many persons count in no family is told as ``left_out``.
    Nothing is divided: amounts are for the common number of months, and a household's members share them.

    Parameters
    ----------
    assessment
        Made with ``keep=poverty.NEEDED``.
    benefit
        Fen a month of a person; everything payable, or for instance `overlaps.dibao_share_payable`.

    Raises
    ------
    UsageError
        If a rule was not kept, or the benefit is not one of persons.

    Examples
    --------
    >>> from civaffairs.assessment import assess
    >>> from civaffairs.research.synthetic import synthetic_population
    >>> people = synthetic_population(1_000, seed=7)
    >>> found = incomes(assess(people, on="2026-08-01", keep=NEEDED))
    >>> bool((found.after >= found.before).all())  # of those known
    True
    """
    if benefit.level is not Level.PERSON:
        msg = f"{benefit.name} is of households; name a benefit of persons, so that only members who count add to it"
        raise UsageError(msg)
    people = assessment.population
    paid, counted = assessment.column(benefit), assessment.column(members.counted_member)
    home = people.in_callers_order(people.index, Level.PERSON)
    together, known = np.zeros(people.households, np.int64), np.ones(people.households, bool)
    np.add.at(together, home, paid.values * counted.values)
    known[home[~counted.known | (counted.values & ~paid.known)]] = False
    together, known = (people.in_callers_order(column, Level.HOUSEHOLD) for column in (together, known))
    return Incomes(
        before=assessment.column(income.household_income).masked,
        benefit=np.ma.MaskedArray(together * COMMON_MONTHS, mask=~known),
        heads=assessment.column(members.household_size).masked,
        standard=assessment.column(dibao.standard).masked,
        left_out=int((counted.known & ~counted.values).sum()),
    )
