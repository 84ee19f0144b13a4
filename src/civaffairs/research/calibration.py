"""What a published mean says about tiers that nobody has published: an inference, marked as one, never chosen from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import islice, pairwise, product
from math import ceil, prod
from typing import TypeAlias

import attrs
import numpy as np

from civaffairs.assessment.assess import as_date
from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.calendar import cutoff, days
from civaffairs.errors import UsageError, is_a
from civaffairs.money import yuan_text
from civaffairs.people.population import Population
from civaffairs.research.report import Figure, amount_text, shipped_report
from civaffairs.rules.values import Conventions

Tiers: TypeAlias = tuple[int, ...]
"""Fen a month for each tier of age, in order."""

MONTHS = 12
MOST_TABLES = 1_000_000
SHOWN = 12


@attrs.frozen(kw_only=True)
class Form:
    """A shape that tier tables may have, chosen by whoever asks; the inference can only be as good as the choice.

    Attributes
    ----------
    ages
        From which age each tier is paid.
    tables
        Every table of the shape, in order, each with fen a month for each tier.
    told
        The shape in words.
    """

    ages: tuple[int, ...]
    tables: tuple[Tiers, ...] = attrs.field(repr=False)
    told: str


def grid(ages: Sequence[int], amounts: Sequence[Sequence[int]]) -> Form:
    """Every combination of amounts that does not fall with age.

    Parameters
    ----------
    ages
        From which age each tier is paid, ascending.
    amounts
        For each tier the sums to try, in fen a month.

    Raises
    ------
    UsageError
        If ages and amounts do not fit together, or the combinations are too many.

    Examples
    --------
    >>> grid([80, 90], [[5_000, 8_000], [8_000, 6_000]]).tables
    ((5000, 6000), (5000, 8000), (8000, 8000))
    """
    _check(
        ages,
        [
            len(amounts) == len(ages),
            all(amounts),
            all(type(fen) is int and fen >= 0 for each in amounts for fen in each),
        ],
    )
    if prod(len(set(each)) for each in amounts) > MOST_TABLES:
        msg = f"the grid has more than {MOST_TABLES:,} combinations; take coarser steps"
        raise UsageError(msg)
    ordered = product(*(sorted(set(each)) for each in amounts))
    tables = tuple(table for table in ordered if all(low <= high for low, high in pairwise(table)))
    tried = "; ".join(f"from {age}: {_range_text(each)}" for age, each in zip(ages, amounts, strict=True))
    return Form(ages=tuple(ages), tables=tables, told=f"amounts that do not fall with age, {tried}")


def proportional(ages: Sequence[int], ratios: Sequence[int | Fraction], first: Sequence[int]) -> Form:
    """Tables in which each tier is a fixed multiple of the first.

    Parameters
    ----------
    ages
        From which age each tier is paid, ascending.
    ratios
        Each tier's multiple of the first, which begins with 1.
    first
        The sums to try for the first tier, in fen a month; those whose multiples are no whole fen are passed over.

    Raises
    ------
    UsageError
        If ages and ratios do not fit together.

    Examples
    --------
    >>> proportional([80, 90], [1, Fraction(3, 2)], [5_000, 5_001, 6_000]).tables
    ((5000, 7500), (6000, 9000))
    """
    _check(
        ages,
        [
            len(ratios) == len(ages),
            ratios[:1] == [1] or tuple(ratios[:1]) == (1,),
            bool(first),
            all(type(fen) is int and fen >= 0 for fen in first),
        ],
    )
    scaled = [tuple(fen * Fraction(ratio) for ratio in ratios) for fen in sorted(set(first))]
    tables = tuple(tuple(map(int, table)) for table in scaled if all(fen.denominator == 1 for fen in table))
    steps = ", ".join(f"from {age}: ×{ratio}" for age, ratio in zip(ages, ratios, strict=True))
    return Form(ages=tuple(ages), tables=tables, told=f"multiples of the first tier ({steps}), {_range_text(first)}")


def _check(ages: Sequence[int], holds: Sequence[object]) -> None:
    ascending = all(low < high for low, high in pairwise(ages))
    if not ages or not ascending or not all(holds):
        msg = "give ascending ages, and for each of them sums of whole fen (or a multiple, the first of which is 1)"
        raise UsageError(msg)


def _range_text(amounts: Sequence[int]) -> str:
    low, high = min(amounts), max(amounts)
    return f"{len(set(amounts))} sums from {yuan_text(low)} to {yuan_text(high)} yuan"


def persons_by_tier(
    people: Population, ages: Sequence[int], *, on: date | str, conventions: Conventions | None = None
) -> tuple[int, ...]:
    """Count the persons in each tier of age on a day; counts of parts of a population add up.

    Examples
    --------
    >>> from civaffairs.research.city import city
    >>> persons_by_tier(city(90_000, seed=7).population(), [80, 90, 100], on="2024-12-31")
    (1613, 260, 7)
    """
    day, read = as_date(on), Conventions() if conventions is None else conventions
    born = people.person["birth_date"]
    reached = [int((born <= days(cutoff(day, age, read.age_attained, read.leap_day))).sum()) for age in ages]
    return tuple(low - high for low, high in pairwise([*reached, 0]))


@attrs.frozen(kw_only=True, repr=False)
class Inference:
    """Which tier tables a published mean leaves possible. None of them is published; all of them fit.

    Attributes
    ----------
    form
        The shape that the caller chose.
    counts
        Persons in each tier: the age structure that the caller gave.
    people
        Whose ages these are, in the caller's words.
    recipients, spending
        The published figures.
    tables
        Every table of the shape that fits, in order.
    """

    form: Form
    counts: tuple[int, ...]
    people: str
    recipients: Figure
    spending: Figure
    tables: tuple[Tiers, ...]

    @property
    def examined(self) -> int:
        """How many tables were tried."""
        return len(self.form.tables)

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """The least and the largest amount of each tier among the tables that fit; empty if none does."""
        return tuple((min(tier), max(tier)) for tier in zip(*self.tables, strict=True))

    def mean(self, table: Tiers) -> Fraction:
        """Fen a head and month that a table gives on these counts."""
        return Fraction(_paid(table, self.counts), sum(self.counts))

    def as_assumed_file(self, pick: int | Tiers, *, since: date | None = None) -> str:
        """Write one of the tables as a file for ``assume=``; which one is the caller's to say.

        Parameters
        ----------
        pick
            Its position among ``tables``, or the table itself.
        since
            Its first day; by default the last day of the span that the report describes.

        Raises
        ------
        UsageError
            If it is not among those that fit.
        """
        table = self._picked(pick)
        last = self.spending.citation.document.describes
        day = since or (last[1] if last else date.max)
        steps = ", ".join(f"{{ from = {a}, value = {fen} }}" for a, fen in zip(self.form.ages, table, strict=True))
        scale = f'{{ basis = "person", steps = [{steps}] }}'
        row = f'{{ place = "450100", from = {day}, value = {scale}, why = "{self._why()}" }}'
        return f"# INFERRED BY CALIBRATION, NOT PUBLISHED.\n\n[old_age_allowance_tiers]\nrows = [\n  {row},\n]\n"

    def _picked(self, pick: int | Tiers) -> Tiers:
        if not self.tables:
            msg = "no table of this form fits, so there is none to write; try another form"
            raise UsageError(msg)
        if isinstance(pick, int):
            if not 0 <= pick < len(self.tables):
                msg = f"there is no table {pick}; {len(self.tables):,} fit, counted from 0"
                raise UsageError(msg)
            return self.tables[pick]
        if tuple(pick) not in self.tables:
            msg = f"{tuple(pick)} is not among the {len(self.tables):,} tables that fit; look at tables"
            raise UsageError(msg)
        return tuple(pick)

    def _why(self) -> str:
        told = f"{self.spending.printed} a year for {self.recipients.printed}"
        text = (
            f"inferred by calibration from {told} in the work report, not published: one of {len(self.tables):,} "
            f"tables that fit, of the form {self.form.told}, on the ages of {self.people}"
        )
        return text.replace("\\", "/").replace('"', "'")

    def _rows(self) -> Iterator[list[str]]:
        for number, table in enumerate(islice(self.tables, SHOWN)):
            yield [str(number), *map(yuan_text, table), amount_text(self.mean(table), money=True)]

    def _head(self) -> list[str]:
        return ["table", *(f"from {age}" for age in self.form.ages), "mean"]

    def _told(self) -> list[str]:
        counts = ", ".join(f"from {age}: {n:,}" for age, n in zip(self.form.ages, self.counts, strict=True))
        bands = " to ".join(amount_text(end, money=True) for end in mean_band(self.spending, self.recipients))
        fits = f"{len(self.tables):,} of {self.examined:,} tables fit"
        spread = "; ".join(
            f"from {age}: {yuan_text(low)} to {yuan_text(high)}"
            for age, (low, high) in zip(self.form.ages, self.ranges, strict=False)
        )
        return [
            "INFERENCE, NOT A PUBLISHED VALUE: old-age allowance by tiers of age, yuan a month",
            f"from: {self.spending.printed} a year for {self.recipients.printed}, "
            f"each for all twelve months, so a mean of {bands}",
            f"ages of: {self.people} ({counts})",
            f"form, chosen by the caller: {self.form.told}",
            f"{fits}" + (f"; {spread}" if spread else "; no such table, on these ages, can be in force"),
        ]

    def __str__(self) -> str:
        more = len(self.tables) - SHOWN
        table = text_table(self._head(), list(self._rows()), numbers=range(len(self.form.ages) + 2))
        rest = [f"and {more:,} more"] if more > 0 else []
        return "\n".join([*self._told(), *([table] if self.tables else []), *rest])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        head = "".join(f"<p>{line}</p>" for line in self._told())
        return head + html_table(self._head(), list(self._rows()))


def mean_band(spending: Figure, recipients: Figure) -> tuple[Fraction, Fraction]:
    """The least and the largest mean a head and month, in fen, that two rounded yearly figures leave."""
    (low, high), (few, many) = spending.band, recipients.band
    return Fraction(low, many * MONTHS), Fraction(high, few * MONTHS)


def infer_tiers(
    form: Form,
    counts: Sequence[int],
    *,
    people: str,
    spending: Figure | None = None,
    recipients: Figure | None = None,
) -> Inference:
    """Find every table of a form whose mean, on an age structure, is one that the published figures leave.

    Parameters
    ----------
    form
        `grid` or `proportional`.
    counts
        Persons in each tier (`persons_by_tier`); only their proportions matter.
    people
        Whose ages these are: the inference says so wherever it is used.
    spending, recipients
        A yearly sum and a number of persons; the work report's when not given.

    Returns
    -------
    Inference
        All tables that fit, never a best one.

    Raises
    ------
    UsageError
        If the counts do not fit the form, or nobody says whose they are.

    Examples
    --------
    >>> found = infer_tiers(
    ...     grid([80, 90], [range(5_000, 10_001, 1_000), range(10_000, 20_001, 5_000)]),
    ...     [9, 1],
    ...     people="ten made-up persons",
    ... )
    >>> found.tables
    ((7000, 20000), (8000, 10000))
    >>> print(found)  # doctest: +ELLIPSIS
    INFERENCE, NOT A PUBLISHED VALUE: old-age allowance by tiers of age, yuan a month
    from: 1.9亿元 a year for 18.8万人, each for all twelve months, so a mean of 81.79 to 86.67
    ages of: ten made-up persons (from 80: 9, from 90: 1)
    form, chosen by the caller: amounts that do not fall with age, from 80: 6 sums from 50.00 to 100.00 yuan; ...
    2 of 18 tables fit; from 80: 70.00 to 80.00; from 90: 100.00 to 200.00
    table  from 80  from 90   mean
        0    70.00   200.00  83.00
        1    80.00   100.00  82.00
    """
    report = shipped_report()
    money, heads = spending or report["old_age_spending"], recipients or report["old_age_recipients"]
    own = tuple(int(count) for count in counts)
    if len(own) != len(form.ages) or min(own, default=0) < 0 or not sum(own):
        msg = f"the form has {len(form.ages)} tiers; give as many counts, none negative and not all nought"
        raise UsageError(msg)
    if not is_a(people, str) or not people.strip():
        msg = "say whose ages the counts are, in people=; the inference stands on them"
        raise UsageError(msg)
    low, high = mean_band(money, heads)
    persons = sum(own)
    least, most = ceil(low * persons), int(high * persons)
    tables = tuple(table for table, paid in zip(form.tables, _sums(form, own), strict=True) if least <= paid <= most)
    return Inference(form=form, counts=own, people=people, recipients=heads, spending=money, tables=tables)


def _paid(table: Tiers, counts: Sequence[int]) -> int:
    return sum(fen * count for fen, count in zip(table, counts, strict=True))


def _sums(form: Form, counts: Sequence[int]) -> list[int]:
    """Fen a month that each table pays: in columns where 64 bits hold them, one by one where they do not."""
    largest = max((max(table) for table in form.tables), default=0)
    if largest * sum(counts) >= 2**63:
        return [_paid(table, counts) for table in form.tables]
    paid: list[int] = (np.array(form.tables, np.int64).reshape(-1, len(counts)) @ np.array(counts, np.int64)).tolist()
    return paid
