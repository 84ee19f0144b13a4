"""Whom a benefit reaches and whom it misses: coverage and leakage (覆盖率、漏出率) by group, exact."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, ClassVar

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.research.measures import Amounts, ByGroup, Part, percent, read_rows, share, sum_of_products
from civaffairs.research.poverty import lines, short_of_line
from civaffairs.rules.values import Flags


@attrs.frozen(kw_only=True)
class Targeting:
    """Whom a benefit reaches in a group, and whom it misses; the poor are those who were poor before it.

    Attributes
    ----------
    persons, poor
        Persons, and those below the line before the benefit.
    recipients, poor_recipients
        Persons whose row receives the benefit, and those of them who were poor.
    money, money_to_poor
        Fen of the benefit, and what of it goes to the poor.
    not_known
        Rows left out because their income, line or benefit is not known.
    """

    HEAD: ClassVar[tuple[str, ...]] = (
        "persons",
        "poor",
        "recipients",
        "coverage",
        "missed",
        "leakage, persons",
        "leakage, money",
        "rows not known",
    )

    persons: int
    poor: int
    recipients: int
    poor_recipients: int
    money: int
    money_to_poor: int
    not_known: int

    @property
    def coverage(self) -> Fraction:
        """The share of the poor who receive it."""
        return share(self.poor_recipients, self.poor, "poor persons")

    @property
    def exclusion_error(self) -> Fraction:
        """The share of the poor whom it misses."""
        return 1 - self.coverage

    @property
    def leakage(self) -> Fraction:
        """The share of those who receive it who were not poor."""
        return share(self.recipients - self.poor_recipients, self.recipients, "recipients")

    @property
    def money_leakage(self) -> Fraction:
        """The share of its money that goes to those who were not poor."""
        return share(self.money - self.money_to_poor, self.money, "fen paid")

    def cells(self) -> list[str]:
        """The measures as texts; shares are rounded here alone."""
        counts = [f"{count:,}" for count in (self.persons, self.poor, self.recipients)]
        shares = [
            percent(self.poor_recipients, self.poor),
            percent(self.poor - self.poor_recipients, self.poor),
            percent(self.recipients - self.poor_recipients, self.recipients),
            percent(self.money - self.money_to_poor, self.money),
        ]
        return [*counts, *shares, f"{self.not_known:,}"]


def targeting(
    income: Amounts,
    benefit: Amounts,
    line: int | Amounts,
    *,
    heads: Amounts | None = None,
    weights: Amounts | None = None,
    known: Flags | None = None,
    groups: NDArray[Any] | Sequence[object] | None = None,
) -> ByGroup[Targeting]:
    """Measure coverage and leakage of a benefit: whether it reaches the poor, and only them.

    Parameters
    ----------
    income
        Fen of each row before the benefit.
    benefit
        Fen that each row receives, over a period of its own; who receives more than nought is a recipient.
    line, heads, weights, known, groups
        As in `poverty`; the line is over the period of the income.

    Returns
    -------
    ByGroup
        A `Targeting` for everyone and for each group.

    Raises
    ------
    UsageError
        As in `poverty`, and if a benefit is negative.

    Examples
    --------
    >>> reached = targeting([50, 70, 90, 200], [30, 0, 10, 0], 80).everyone
    >>> reached.coverage, reached.leakage, reached.money_leakage
    (Fraction(1, 2), Fraction(1, 2), Fraction(1, 4))
    """
    columns = {"income": income, "benefit": benefit, "line": lines(line, len(income))}
    rows = read_rows(columns, heads=heads, weights=weights, known=known, groups=groups)
    parts = {part.name: _targeting(part) for part in rows.by_group()}
    return ByGroup(_targeting(rows.everyone()), parts)


def _targeting(part: Part) -> Targeting:
    benefit = part.columns["benefit"]
    if benefit.min(initial=0) < 0:
        msg = f"a benefit is {int(benefit.min())} fen; give what is paid out, 0 or more, without what is claimed back"
        raise UsageError(msg)
    poor, paid = np.asarray(short_of_line(part, "income") > 0, bool), benefit > 0

    def persons(rows: Flags) -> int:
        return sum_of_products(part.heads[rows], part.weights[rows])

    return Targeting(
        persons=sum_of_products(part.heads, part.weights),
        poor=persons(poor),
        recipients=persons(paid),
        poor_recipients=persons(poor & paid),
        money=sum_of_products(benefit, part.weights),
        money_to_poor=sum_of_products(benefit[poor], part.weights[poor]),
        not_known=part.not_known,
    )
