"""One family as one member's earnings rise: what it is left with, what of each yuan it keeps, and where it falls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Protocol

import attrs
import numpy as np

from civaffairs.assessment.assess import assess
from civaffairs.assessment.result import Assessment
from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.errors import UsageError, is_a
from civaffairs.money import LARGEST_FEN, Fen, yuan_text
from civaffairs.people.household import Household
from civaffairs.people.population import Array, Population
from civaffairs.people.records import sound_population_of
from civaffairs.research.amounts import household_fen, paid_rule, schemes_in
from civaffairs.research.difference import Difference
from civaffairs.research.outcomes import UNKNOWN
from civaffairs.research.reasons import TwoRuns
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Conventions
from civaffairs.schemes import RULEBOOK

GRID = 64
"""Into how many parts a step is cut at a time to find where it falls."""


class _Assess(Protocol):
    def __call__(self, data: Population) -> Assessment: ...


def marginal(
    household: Household,
    earner: str,
    earnings: Sequence[int] | Fen,
    *,
    on: date | str,
    rule: AnyRule | None = None,
    months: int | None = None,
    schemes: Sequence[str] | None = None,
    known: date | str | None = None,
    assume: str | Path | None = None,
    sources: str | Path | None = None,
    conventions: Conventions | None = None,
    rulebook: Rulebook = RULEBOOK,
) -> MarginalRates:
    """Let one member earn more and more, everything else as stated, and assess the family at each step.

    Parameters
    ----------
    household
        The family.
    earner
        Key of the member whose pay rises. Whether the member *has work* stays as stated.
    earnings
        Fen a month, rising.
    on
        The day.
    rule
        The benefits to look at; by default everything payable, or else what the first scheme pays.
    months
        Months that the pay and its costs cover; by default the member's own, or one.
    schemes, known, assume, sources, conventions, rulebook
        As in `civaffairs.assess`.

    Returns
    -------
    MarginalRates
        Benefits and resources by step, effective marginal rates, and cliffs.

    Raises
    ------
    UsageError
        If there is no such member, or earnings do not rise or are no whole fen.

    Examples
    --------
    >>> import civaffairs as ca
    >>> man = ca.nothing_else(
    ...     ca.Person(person_id="1", birth_date=date(1980, 3, 1), relation=ca.Relation.APPLICANT, wage_months=1)
    ... )
    >>> family = ca.Household(
    ...     household_id="Li",
    ...     place="450181",
    ...     area=ca.Area.RURAL,
    ...     assets_within_limits=True,
    ...     recorded_payment_method=ca.PaymentMethod.DIFFERENCE,
    ...     members=[man],
    ... )
    >>> ramp = marginal(family, "1", [0, 20_000, 40_000, 60_000], on="2026-08-01", schemes=["dibao"])
    >>> ramp.benefits.tolist(), ramp.resources.tolist()
    ([56667, 36667, 16667, 0], [56667, 56667, 56667, 60000])
    >>> ramp.rates
    (Fraction(1, 1), Fraction(1, 1), Fraction(16667, 20000))
    """
    steps = _steps(earnings)
    member = next((person for person in household.members if person.person_id == earner), None)
    if member is None:
        msg = "no member of the household has that key; keys are compared as they are written"
        raise UsageError(msg)
    covered = months or member.wage_months or 1
    if not 1 <= covered <= 12 or int(steps[-1]) * covered > LARGEST_FEN:
        msg = (
            f"{yuan_text(int(steps[-1]))} yuan over {covered} months is not pay that can be assessed; look at the steps"
        )
        raise UsageError(msg)
    family = sound_population_of(household)
    run = partial(
        assess,
        on=on,
        known=known,
        assume=assume,
        sources=sources,
        schemes=schemes,
        conventions=conventions,
        rulebook=rulebook,
    )
    ramp = _Ramp(family=family, row=family.person["person_id"].tolist().index(earner), months=covered, run=run)
    result = ramp.at(steps)
    return MarginalRates(earnings=steps, assessment=result, rule=rule or paid_rule([result]), ramp=ramp)


@attrs.frozen(kw_only=True, eq=False)
class _Ramp:
    """A family, whose pay is varied, and how it is assessed."""

    family: Population
    row: int
    months: int
    run: _Assess

    def at(self, earnings: Fen) -> Assessment:
        return self.run(copies(self.family, self.row, earnings * self.months, self.months))


def copies(family: Population, row: int, wages: Fen, months: int) -> Population:
    """Repeat a family once for each pay of one member; copies are numbered from 1.

    Parameters
    ----------
    family
        A population of one household.
    row
        The member's position.
    wages
        What the member's pay is in each copy, in fen.
    months
        Months that it covers.
    """
    count, members = len(wages), family.persons
    person = {name: np.tile(column, count) for name, column in family.person.items()}
    household = {name: np.tile(column, count) for name, column in family.household.items()}
    household["household_id"] = np.arange(1, count + 1).astype(str)
    stated = {name: np.tile(flags, count) for name, flags in family.stated.items()}
    earners = np.arange(count) * members + row
    for name, values in (("wage_income", wages), ("wage_months", np.full(count, months))):
        if name not in person:
            person[name], stated[name] = np.zeros(count * members, np.int64), np.zeros(count * members, bool)
        person[name][earners] = values
        if name in stated:
            stated[name][earners] = True
    return Population(person, household, stated, np.repeat(np.arange(count), members))


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Cliff:
    """A step of earnings after which the family has less than before.

    Attributes
    ----------
    below, at
        Fen a month earned before and after the step.
    drop
        Fen a month by which resources fall.
    schemes
        What each scheme pays less (negative) or more, of those that change; schemes not known are left out.
    ended
        Schemes that somebody in the family is no longer entitled to.
    why
        The numbers that change, from the benefits down to the pay.
    """

    below: int
    at: int
    drop: int
    schemes: Mapping[str, int]
    ended: tuple[str, ...]
    why: Difference

    def __repr__(self) -> str:
        less = ", ".join(f"{name} {yuan_text(fen)}" for name, fen in self.schemes.items())
        ended = f"; no longer entitled: {', '.join(self.ended)}" if self.ended else ""
        span = f"{yuan_text(self.below)} -> {yuan_text(self.at)}"
        return f"earnings {span}: {yuan_text(self.drop)} yuan a month less in hand ({less}{ended})"


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class MarginalRates:
    """What a family is left with as one member's earnings rise, in fen a month.

    Attributes
    ----------
    earnings
        The steps.
    assessment
        The family at each step, one household a step.
    rule
        The benefits looked at.
    """

    earnings: Fen
    assessment: Assessment
    rule: AnyRule
    ramp: _Ramp

    @cached_property
    def benefits(self) -> np.ma.MaskedArray[Any, Any]:
        """Benefits of the whole family at each step; masked where not known."""
        return household_fen(self.assessment, self.rule)

    @cached_property
    def resources(self) -> np.ma.MaskedArray[Any, Any]:
        """The member's earnings and the family's benefits; other income stays the same and is not in it."""
        resources: np.ma.MaskedArray[Any, Any] = self.benefits + self.earnings
        return resources

    @cached_property
    def by_scheme(self) -> dict[str, np.ma.MaskedArray[Any, Any]]:
        """What each scheme that is added up in the benefits pays the family at each step; masked where not known."""
        paid = schemes_in([self.assessment], self.rule)
        return {name: household_fen(self.assessment, rule) for name, rule in paid.items()}

    @cached_property
    def rates(self) -> tuple[Fraction | None, ...]:
        """The part of each further yuan that is lost, step by step, exact; ``None`` where not known.

        1 means that nothing is kept, 0 that all of it is, and above 1 is a cliff.
        """
        have = self.resources.tolist()
        return tuple(
            None if old is None or new is None else 1 - Fraction(new - old, int(rise))
            for old, new, rise in zip(have[:-1], have[1:], np.diff(self.earnings), strict=True)
        )

    @cached_property
    def cliffs(self) -> tuple[Cliff, ...]:
        """The steps after which the family has less than before, as coarse as the steps; see `refine`."""
        return tuple(self._cliff(k) for k, rate in enumerate(self.rates) if rate is not None and rate > 1)

    def _cliff(self, step: int) -> Cliff:
        people, plan = self.assessment.population, self.assessment.plan
        why = TwoRuns(plan, people.part(step, step + 1), plan, people.part(step + 1, step + 2)).why(self.rule.name)
        if why is None:
            msg = "a fall in resources without a change of benefits"
            raise AssertionError(msg)
        moves = {name: fen[step : step + 2] for name, fen in self.by_scheme.items()}
        known = {name: pair.tolist() for name, pair in moves.items() if not np.ma.getmaskarray(pair).any()}
        return Cliff(
            below=int(self.earnings[step]),
            at=int(self.earnings[step + 1]),
            drop=int(self.resources[step] - self.resources[step + 1]),
            schemes={name: new - old for name, (old, new) in known.items() if new != old},
            ended=tuple(self._ended(step)),
            why=why,
        )

    def _ended(self, step: int) -> Iterator[str]:
        people, run = self.assessment.population, self.assessment.run
        for scheme in self.assessment.schemes:
            if scheme.verdict.name not in run.columns:
                continue
            level, verdict = scheme.verdict.level, run.values(scheme.verdict.name).reshape(people.households, -1)
            causes = run.unknown(scheme.verdict.name, level)
            is_open = np.zeros(verdict.shape, bool) if causes is None else (causes != 0).reshape(verdict.shape)
            if (verdict[step] & ~verdict[step + 1] & ~is_open[step + 1]).any():
                yield scheme.name

    def refine(self, cliff: Cliff) -> Cliff:
        """Find the very fen at which the family falls, by assessing ever smaller steps within a cliff.

        Parameters
        ----------
        cliff
            One of `cliffs`.

        Returns
        -------
        Cliff
            One fen wide, the first where there are several; wider where something in between is not known.
        """
        below, at = cliff.below, cliff.at
        found = cliff
        while at - below > 1:
            parts = min(GRID, at - below)
            grid = np.array([below + (at - below) * k // parts for k in range(parts + 1)], np.int64)
            finer = attrs.evolve(self, earnings=grid, assessment=self.ramp.at(grid))
            if not finer.cliffs:
                return found
            found = finer.cliffs[0]
            below, at = found.below, found.at
        return found

    def bands(self) -> list[tuple[int, int, Fraction | None]]:
        """Join neighbouring steps of one rate: earnings from, earnings to, and the part of each further yuan lost."""
        joined: list[tuple[int, int, Fraction | None]] = []
        steps = self.earnings.tolist()
        for low, high, rate in zip(steps[:-1], steps[1:], self.rates, strict=True):
            if joined and joined[-1][2] == rate:
                joined[-1] = (joined[-1][0], high, rate)
            else:
                joined.append((low, high, rate))
        return joined

    def columns(self) -> dict[str, list[Any]]:
        """Each step as a table of columns, money in fen; ``None`` where not known, and where there is no next step."""
        return {
            "earnings": self.earnings.tolist(),
            **{name: fen.tolist() for name, fen in self.by_scheme.items()},
            "benefits": self.benefits.tolist(),
            "resources": self.resources.tolist(),
            "rate_to_next": [*self.rates, None],
        }

    def _rows(self) -> list[list[str]]:
        return [[yuan_text(low), yuan_text(high), percent(rate)] for low, high, rate in self.bands()]

    def __repr__(self) -> str:
        table = text_table(_HEAD, self._rows(), numbers=range(len(_HEAD)))
        cliffs = [f"cliff: {cliff}" for cliff in self.cliffs]
        assumed = ["Stands on ASSUMED values, which nobody has published."] if self.assessment.standing.assumed else []
        return "\n".join([table, *cliffs, *assumed])

    def _repr_html_(self) -> str:
        cliffs = "".join(f"<p>cliff: {cliff}</p>" for cliff in self.cliffs)
        assumed = "<p><b>This stands on assumed values.</b></p>" if self.assessment.standing.assumed else ""
        return html_table(_HEAD, self._rows()) + cliffs.replace("->", "→") + assumed


_HEAD = ["earnings from", "to, yuan a month", "lost of each further yuan"]


def percent(rate: Fraction | None) -> str:
    """Write an exact part as per cent, a fraction of a hundredth written out.

    >>> percent(Fraction(1, 2)), percent(None), percent(Fraction(1, 3))
    ('50.00 %', 'not known', '33.33 1/3 %')
    """
    return UNKNOWN if rate is None else f"{yuan_text(rate * 10_000)} %"


def _steps(earnings: Sequence[int] | Fen) -> Fen:
    wrong = [one for one in earnings if not is_a(one, int, np.integer) or is_a(one, bool) or one < 0]
    steps: Array = np.asarray(earnings if not wrong else [], np.int64)
    if wrong or len(steps) < 2 or (np.diff(steps) <= 0).any():
        rising = "none below 0, each above the one before"
        msg = f"earnings are at least two whole sums of fen, {rising}: range(0, 300_000, 10_000)"
        raise UsageError(msg)
    return steps
