"""A result beside the bureau's work report: what agrees within the rounding, what differs, what cannot be checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import overload

import attrs
import numpy as np

from civaffairs.assessment import Assessment
from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.errors import UsageError, is_a, listed
from civaffairs.labels import Labelled
from civaffairs.law.timeline import NotPublished, Standing
from civaffairs.money import total_fen
from civaffairs.people.columns import Level
from civaffairs.people.population import Array
from civaffairs.research.city import City
from civaffairs.research.report import Figure, Measure, Report, amount_text, shipped_report
from civaffairs.rules.rulebook import Rulebook, Scheme

PLACE = "450100"
"""The city that the report is about."""

MONTHS = 12


class Verdict(Labelled):
    """What a comparison found."""

    AGREES = ("agrees", "相符")
    DIFFERS = ("differs", "不符")
    CANNOT_CHECK = ("cannot check", "无法核对")


@attrs.frozen(kw_only=True)
class Item:
    """One figure of the report beside what was computed.

    Attributes
    ----------
    name, title, label_zh
        What is compared.
    printed, band
        As the report prints it, and from what to what that may be; empty where it prints nothing.
    computed
        The exact number, scaled up if the result was of a sample; ``None`` where there is none.
    verdict
        Agrees, differs, or cannot be checked.
    assumed
        Whether the computed number stands on something assumed: a value, or made-up persons.
    reason
        Why it cannot be checked, or what to mind.
    figure
        The figure, or ``None``.
    """

    name: str
    title: str
    label_zh: str
    printed: str = ""
    band: str = ""
    computed: Fraction | None = None
    verdict: Verdict
    assumed: bool = False
    reason: str = ""
    figure: Figure | None = None

    @property
    def computed_text(self) -> str:
        """The number as a reader reads it: money in yuan to the fen."""
        return "" if self.computed is None or self.figure is None else self.figure.text(self.computed)

    def cells(self) -> list[str]:
        """The row of a table."""
        assumed = "ASSUMED" if self.assumed else ""
        return [
            self.title,
            self.printed,
            self.band,
            self.computed_text,
            str(self.verdict.value),
            assumed,
            self.reason,
        ]


_HEAD = ["item", "printed", "that is", "computed", "verdict", "stands on", "why, or to mind"]


@attrs.frozen(repr=False)
class Reconciliation(Sequence[Item]):
    """The comparison as a table."""

    on: date
    items: tuple[Item, ...]

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Reconciliation: ...
    def __getitem__(self, index: int | slice) -> Item | Reconciliation:
        return Reconciliation(self.on, self.items[index]) if isinstance(index, slice) else self.items[index]

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def item(self, name: str) -> Item:
        """Return one item by name."""
        found = next((item for item in self.items if item.name == name), None)
        if found is None:
            msg = f"nothing is compared under {name!r}; there are {listed(item.name for item in self.items)}"
            raise UsageError(msg)
        return found

    def of(self, verdict: Verdict) -> Reconciliation:
        """Only the items with one verdict."""
        return Reconciliation(self.on, tuple(item for item in self.items if item.verdict is verdict))

    def columns(self) -> dict[str, list[object]]:
        """The comparison as a table of columns; numbers exact."""
        names = [field.name for field in attrs.fields(Item) if field.name != "figure"]
        return {name: [getattr(item, name) for item in self.items] for name in names}

    def __str__(self) -> str:
        return text_table(_HEAD, [item.cells() for item in self.items], numbers=[3])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return html_table(_HEAD, [item.cells() for item in self.items])


@attrs.frozen(kw_only=True)
class Sums:
    """What a part of a result contributes to one figure; parts add up."""

    persons: int = 0
    fen: int = 0
    persons_unknown: int = 0
    amounts_unknown: int = 0
    causes: tuple[str, ...] = ()

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            persons=self.persons + other.persons,
            fen=self.fen + other.fen,
            persons_unknown=self.persons_unknown + other.persons_unknown,
            amounts_unknown=self.amounts_unknown + other.amounts_unknown,
            causes=tuple(dict.fromkeys((*self.causes, *other.causes))),
        )


def reconcile(
    results: Assessment | Iterable[Assessment],
    *,
    city: City | None = None,
    scale: int | Fraction = 1,
    report: Report | None = None,
) -> Reconciliation:
    """Compare a result with the work report, figure by figure.

    Parameters
    ----------
    results
        One result, or those of the parts of one population; of parts only one need be in memory.
    city
        The synthetic city whose persons they are: counts and sums are scaled up to the full city, and are marked as
        standing on assumptions, because its persons do.
    scale
        How many persons one stands for, where they are a sample of real ones.
    report
        Other figures than those that come with the library.

    Returns
    -------
    Reconciliation
        A figure agrees if it would be printed as the report prints it, rounded half up. What depends on an unknown
        value cannot be checked, and its reason is given; a part of it is never compared with the whole.

    Raises
    ------
    UsageError
        If there is no result, parts are of different days, or both a city and a scale are given.

    Examples
    --------
    >>> from civaffairs.assessment import assess
    >>> from civaffairs.research.city import city
    >>> town = city(9_000, seed=1)
    >>> found = reconcile(assess(town.population(), on="2024-12-31"), city=town)
    >>> found.item("old_age_recipients").verdict, found.item("old_age_recipients").computed_text
    (<Verdict.AGREES: 'agrees'>, '188,000')
    >>> found.item("old_age_spending").verdict
    <Verdict.CANNOT_CHECK: 'cannot check'>
    """
    if city is not None and scale != 1:
        msg = "a city knows its own scale; give one of the two"
        raise UsageError(msg)
    full = shipped_report() if report is None else report
    figures = [figure for figure in full.values() if figure.measure is not None]
    sums: dict[str, Sums] = {}
    first: Assessment | None = None
    assumed = city is not None and bool(city.marginals.assumed)
    for result in [results] if isinstance(results, Assessment) else results:
        first = first or result
        if result.on != first.on:
            msg = f"parts of one result are of one day, but one is of {first.on} and another of {result.on}"
            raise UsageError(msg)
        assumed |= result.standing.assumed
        for figure in figures:
            if figure.measure is not Measure.STANDARD:
                sums[figure.name] = sums.get(figure.name, Sums()) + sums_of(result, figure)
    if first is None:
        msg = "there is no result to compare"
        raise UsageError(msg)
    by = Fraction(scale) if city is None else city.scale
    compared = [
        _standard(first, figure)
        if figure.measure is Measure.STANDARD
        else _computed(figure, sums[figure.name], by, assumed, city)
        for figure in figures
    ]
    never = [
        Item(name=u.name, title=u.title, label_zh=u.label_zh, verdict=Verdict.CANNOT_CHECK, reason=u.why)
        for u in full.uncheckable
    ]
    return Reconciliation(first.on, (*compared, *never))


def sums_of(result: Assessment, figure: Figure) -> Sums:
    """Add up what a figure is compared with, in its area, together with what is not known of it."""
    scheme = _scheme(result.schemes, figure.of)
    if scheme is None or scheme.verdict.name not in result.run.columns:
        return Sums(persons_unknown=1, causes=(f"{figure.of} was not assessed on {result.on}",))
    people, run = result.population, result.run
    inside = np.ones(people.persons, bool)
    if figure.area is not None:
        inside = (people.household["area"] == figure.area.number)[people.index]

    def by_person(values: Array, level: Level) -> Array:
        return values if level is Level.PERSON else values[people.index]

    verdict = scheme.verdict
    who = by_person(run.values(verdict.name), verdict.level) & inside
    if verdict.level is Level.HOUSEHOLD and "counted_member" in run.columns:
        who = who & run.values("counted_member")
    unsure = run.unknown(verdict.name, verdict.level)
    open_persons = 0 if unsure is None else int((by_person(unsure != 0, verdict.level) & inside).sum())
    paid = next((r for r in (scheme.payable, scheme.amount) if r is not None and r.name in run.columns), None)
    fen, open_amounts = 0, 0
    if paid is not None:
        amounts = run.values(paid.name)
        at = inside if paid.level is Level.PERSON else inside[people.starts]
        fen = total_fen(amounts[at])
        unsure = run.unknown(paid.name, paid.level)
        open_amounts = 0 if unsure is None else int((unsure != 0)[at].sum())
    causes = _causes(result, figure) if open_persons or open_amounts else ()
    return Sums(
        persons=int(who.sum()), fen=fen, persons_unknown=open_persons, amounts_unknown=open_amounts, causes=causes
    )


def _scheme(schemes: Iterable[Scheme], name: str) -> Scheme | None:
    return next((scheme for scheme in schemes if scheme.name == name), None)


def _causes(result: Assessment, figure: Figure) -> tuple[str, ...]:
    area = figure.area
    gaps = [
        gap
        for gap in result.not_assessed
        if gap.scheme == figure.of and (area is None or not gap.area or gap.area in (area.value, area.label_zh))
    ]
    return tuple(dict.fromkeys(f"{gap.cause} ({gap.where_to_look or gap.reason})" for gap in gaps))


def _computed(figure: Figure, sums: Sums, by: Fraction, assumed: bool, city: City | None) -> Item:
    """Compare a count, a yearly sum or a mean."""
    money = figure.measure is not Measure.PERSONS
    unknown = max(sums.persons_unknown, sums.amounts_unknown) if money else sums.persons_unknown
    if unknown:
        why = f"{'amounts' if money else 'verdicts'} of {unknown:,} are not known: {listed(sums.causes, 2)}"
        return _item(figure, None, assumed=assumed, reason=why)
    if figure.measure is Measure.MEAN:
        if not sums.persons:
            return _item(figure, None, assumed=assumed, reason="nobody receives it")
        return _item(figure, Fraction(sums.fen, sums.persons), assumed=assumed)
    whole = sums.persons * by if figure.measure is Measure.PERSONS else sums.fen * MONTHS * by
    reason = "" if by == 1 else f"scaled up by {amount_text(by, money=False)}"
    if city is not None and figure.measure is Measure.PERSONS and figure.agrees(whole):
        reason = "the city was made to have so many" + (f"; {reason}" if reason else "")
    return _item(figure, whole, assumed=assumed, reason=reason)


def _standard(result: Assessment, figure: Figure) -> Item:
    """Compare a printed standard with the value that the rules used on the day."""
    book: Rulebook = result.rulebook
    if figure.of not in book.parameters:
        return _item(figure, None, reason=f"the rulebook has no value {figure.of}")
    try:
        found = book.parameters[figure.of].at(PLACE, result.on, result.known)
    except NotPublished as missing:
        return _item(figure, None, reason=str(missing))
    if not is_a(found.value, int):
        return _item(figure, None, reason=f"{figure.of} is no single sum")
    return _item(figure, Fraction(str(found.value)), assumed=found.standing is Standing.ASSUMED)


def _item(figure: Figure, computed: Fraction | None, *, assumed: bool = False, reason: str = "") -> Item:
    low, high = figure.band
    verdict = Verdict.CANNOT_CHECK
    if computed is not None:
        verdict = Verdict.AGREES if figure.agrees(computed) else Verdict.DIFFERS
    band = figure.text(low) if low == high else f"{figure.text(low)} to {figure.text(high)}"
    return Item(
        name=figure.name,
        title=figure.title,
        label_zh=figure.label_zh,
        printed=figure.printed,
        band=band,
        computed=computed,
        verdict=verdict,
        assumed=assumed,
        reason=reason,
        figure=figure,
    )
