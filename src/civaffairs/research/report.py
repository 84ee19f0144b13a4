"""The bureau's work report as figures: what is printed, how far it may be rounded, what figures say together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib.resources import as_file, files
from math import ceil
from pathlib import Path

import attrs

from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.errors import UsageError, did_you_mean
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document
from civaffairs.law.tables import Table, parse
from civaffairs.law.values import Unit
from civaffairs.money import yuan_text
from civaffairs.people.household import Area

DOCUMENT = "nanning-report"
_POWERS = {"": 1, "万": 10_000, "亿": 100_000_000}
_PRINTED = re.compile(r"(\d+)(?:\.(\d+))?(万|亿)?(\D*)")


class Measure(Labelled):
    """What of a result a figure is compared with."""

    PERSONS = ("persons", "人数")
    FEN_A_YEAR = ("fen_a_year", "年金额")
    MEAN = ("mean", "人均月额")
    STANDARD = ("standard", "标准")


class RelationKind(Enum):
    """How two figures are put together."""

    RISE = "rise"
    SHARE = "share"
    EACH = "each"
    DIFFERENCE = "difference"


@attrs.frozen(kw_only=True)
class Figure:
    """One figure that the report prints.

    Attributes
    ----------
    name, title, label_zh
        What it is.
    printed
        As printed: ``18.8万人``.
    unit
        What it is counted in; money is held in fen.
    value
        The figure as a whole number.
    step
        The unit of its last printed digit; 0 for a standard or a full count, which is not rounded.
    measure, of, area
        What it can be compared with: of which scheme (or parameter), in which area; ``None`` where with nothing.
    citation
        Where it is printed.
    """

    name: str
    title: str
    label_zh: str
    printed: str
    unit: Unit
    value: int
    step: int
    measure: Measure | None = None
    of: str = ""
    area: Area | None = None
    citation: Citation

    @property
    def band(self) -> tuple[int, int]:
        """The least and the largest whole number that are printed so, if rounded half up.

        Examples
        --------
        >>> shipped_report()["old_age_recipients"].band
        (187500, 188499)
        """
        half = Fraction(self.step, 2)
        return (ceil(self.value - half), ceil(self.value + half) - 1) if self.step else (self.value, self.value)

    def agrees(self, computed: int | Fraction) -> bool:
        """Whether a number would be printed so; between 405.49 and 405.50 yuan a mean still would.

        Examples
        --------
        >>> recipients = shipped_report()["old_age_recipients"]
        >>> [recipients.agrees(persons) for persons in (187_499, 187_500, 188_499, 188_500)]
        [False, True, True, False]
        """
        half = Fraction(self.step, 2)
        return self.value - half <= computed < self.value + half if self.step else computed == self.value

    def text(self, number: int | Fraction) -> str:
        """Write a number in the figure's unit, money to the fen."""
        return amount_text(number, self.unit.is_money)


@attrs.frozen(kw_only=True)
class Relation:
    """What two figures say together, exactly, with the band that their rounding leaves.

    Attributes
    ----------
    name, title, label_zh
        What it is.
    kind
        Rise, share, each or difference.
    of
        The names of the two figures.
    value
        From the figures as printed.
    low, high
        From the ends of their bands.
    money
        Whether it is fen; otherwise a ratio.
    reading
        What to mind.
    """

    name: str
    title: str
    label_zh: str
    kind: RelationKind
    of: tuple[str, str]
    value: Fraction
    low: Fraction
    high: Fraction
    money: bool
    reading: str = ""

    def text(self, number: Fraction) -> str:
        """Write a number of it: money to the fen, a ratio to four digits."""
        return amount_text(number, self.money)


@attrs.frozen(kw_only=True)
class Uncheckable:
    """What one would want to compare, and why one cannot."""

    name: str
    title: str
    label_zh: str
    why: str


@attrs.frozen(repr=False)
class Report(Mapping[str, Figure]):
    """The report's figures by name, what they say together, and what it does not print."""

    figures: Mapping[str, Figure]
    relations: tuple[Relation, ...]
    uncheckable: tuple[Uncheckable, ...]

    def __getitem__(self, name: str) -> Figure:
        if name not in self.figures:
            msg = f"the report has no figure {name!r}{did_you_mean(name, self.figures)}"
            raise UsageError(msg)
        return self.figures[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    def relation(self, name: str) -> Relation:
        """Return one relation by name."""
        known = {relation.name: relation for relation in self.relations}
        if name not in known:
            msg = f"the report has no relation {name!r}{did_you_mean(name, known)}"
            raise UsageError(msg)
        return known[name]

    def _rows(self) -> list[list[str]]:
        return [[r.title, r.text(r.value), r.text(r.low), r.text(r.high), r.reading] for r in self.relations]

    def __str__(self) -> str:
        return text_table(_HEAD, self._rows(), numbers=range(1, 4))

    def __repr__(self) -> str:
        return f"<Report of {len(self.figures)} figures and {len(self.relations)} relations>"

    def _repr_html_(self) -> str:
        return html_table(_HEAD, self._rows())


_HEAD = ["what the figures say together", "as printed", "at least", "at most", "to mind"]


def amount_text(number: int | Fraction, money: bool) -> str:
    """Write a number for a reader: fen as yuan, counts whole, ratios to four digits; rounded half up for show only.

    Examples
    --------
    >>> amount_text(Fraction(19_000_000_000, 188_000 * 12), money=True), amount_text(Fraction(19, 62), money=False)
    ('84.22', '0.3065')
    """
    if money:
        return yuan_text(_half_up(Fraction(number)))
    if Fraction(number).denominator == 1:
        return f"{int(number):,}"
    parts = _half_up(abs(Fraction(number)) * 10_000)
    return f"{'-' if number < 0 else ''}{parts // 10_000:,}.{parts % 10_000:04d}"


def _half_up(number: Fraction) -> int:
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


@cache
def shipped_report() -> Report:
    """Read the figures that come with the library.

    Examples
    --------
    >>> report = shipped_report()
    >>> mean = report.relation("old_age_mean")
    >>> [mean.text(number) for number in (mean.low, mean.value, mean.high)]
    ['81.79', '84.22', '86.67']
    """
    with as_file(files("civaffairs.research").joinpath("report.toml")) as path:
        return load_report(path)


def load_report(source: Path | str) -> Report:
    """Read the figures of a report from TOML.

    Raises
    ------
    LoadError
        Listing every fault with its line.
    """
    content, lines, faults = parse(source)
    top = Table("", 1, content, faults)
    top.only(["figure", "relation", "cannot_check"])
    figures: dict[str, Figure] = {}
    for table in top.tables("figure", lines, 0):
        figure = _figure(table)
        if figure is not None and figure.name in figures:
            table.fault(f"the name {figure.name!r} is used twice")
        if figure is not None:
            figures[figure.name] = figure
    faults.raise_any()
    relations = [_relation(table, figures) for table in top.tables("relation", lines, 0)]
    uncheckable = tuple(_uncheckable(table) for table in top.tables("cannot_check", lines, 0))
    faults.raise_any()
    return Report(figures, tuple(relation for relation in relations if relation is not None), uncheckable)


def _titles(table: Table) -> tuple[str, str, str]:
    title = Table(f"{table.where} title", table.line, table.take("title", dict, required=True) or {}, table.faults)
    return table.text("name", required=True), title.text("en", required=True), title.text("zh", required=True)


def _figure(table: Table) -> Figure | None:
    before = len(table.faults.found)
    table.only(("name", "title", "printed", "unit", "exact", "section", "computed", "of", "area"))
    name, title, label_zh = _titles(table)
    printed, unit = table.text("printed", required=True), table.member("unit", Unit)
    read = read_printed(printed, unit is not None and unit.is_money)
    if printed and read is None:
        table.fault(f"'printed' is {printed!r}; write digits, 万 or 亿, and what is counted, as in 18.8万人")
    measure = table.member("computed", Measure, required=False)
    of = table.text("of", required=measure is not None)
    area = table.member("area", Area, required=False)
    section = table.text("section", required=True)
    if len(table.faults.found) > before or read is None or unit is None:
        return None
    value, step = read
    return Figure(
        name=name, title=title, label_zh=label_zh, printed=printed, unit=unit, value=value,
        step=0 if table.take("exact", bool) else step, measure=measure, of=of, area=area,
        citation=document(DOCUMENT).section(section),
    )  # fmt: skip


def read_printed(printed: str, money: bool) -> tuple[int, int] | None:
    """Read a printed figure: its value and the unit of its last digit, money in fen; ``None`` if it is not one.

    Examples
    --------
    >>> read_printed("18.8万人", money=False), read_printed("1.9亿元", money=True)
    ((188000, 1000), (19000000000, 1000000000))
    """
    found = _PRINTED.fullmatch(printed)
    if found is None:
        return None
    whole, decimals, power, _ = found.groups(default="")
    step = Fraction(_POWERS[power] * (100 if money else 1), 10 ** len(decimals))
    return (int(int(whole + decimals) * step), int(step)) if step.denominator == 1 else None


def _relation(table: Table, figures: Mapping[str, Figure]) -> Relation | None:
    before = len(table.faults.found)
    table.only(("name", "title", "kind", "of", "months", "reading"))
    name, title, label_zh = _titles(table)
    kind, names = table.member("kind", RelationKind), table.take("of", list, required=True) or []
    months = table.take("months", int) or 1
    for each in names:
        if each not in figures:
            table.fault(f"no figure is called {each!r}{did_you_mean(str(each), figures)}")
    if len(names) != 2:
        table.fault("'of' names two figures")
    if len(table.faults.found) > before or kind is None:
        return None
    first, second = (figures[each] for each in names)
    (low, high), (least, most) = first.band, second.band
    return Relation(
        name=name, title=title, label_zh=label_zh, kind=kind, of=(first.name, second.name),
        value=_together(kind, first.value, second.value, months),
        low=_together(kind, low, most, months), high=_together(kind, high, least, months),
        money=kind in (RelationKind.EACH, RelationKind.DIFFERENCE) and first.unit.is_money,
        reading=table.text("reading"),
    )  # fmt: skip


def _together(kind: RelationKind, first: int, second: int, months: int) -> Fraction:
    if kind is RelationKind.DIFFERENCE:
        return Fraction(first - second, months)
    quotient = Fraction(first, second * months)
    return quotient - 1 if kind is RelationKind.RISE else quotient


def _uncheckable(table: Table) -> Uncheckable:
    table.only(("name", "title", "why"))
    name, title, label_zh = _titles(table)
    return Uncheckable(name=name, title=title, label_zh=label_zh, why=table.text("why", required=True))
