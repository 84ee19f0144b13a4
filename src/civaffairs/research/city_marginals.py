"""What a synthetic city is drawn from: the marginals, read from one visible file, each published or assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Self

import attrs

from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.errors import UsageError, did_you_mean
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, documents
from civaffairs.law.places import county_divisions
from civaffairs.law.tables import Faults, Lines, Table, parse
from civaffairs.people.person import DisabilityKind, Relation

PARTS = 10_000
"""Shares and rates are whole parts of this."""


class Generation(Enum):
    """Which table of ages a role draws from."""

    YOUNG = 0
    ADULT = 1
    OLD = 2


class Role(Enum):
    """What a person is in a home: the relation to the applicant, and the generation."""

    number: int
    relation: Relation
    generation: Generation

    ADULT = ("adult", Relation.APPLICANT, Generation.ADULT)
    SPOUSE = ("spouse", Relation.SPOUSE, Generation.ADULT)
    CHILD = ("child", Relation.CHILD, Generation.YOUNG)
    GROWN_CHILD = ("grown_child", Relation.CHILD, Generation.ADULT)
    PARENT = ("parent", Relation.PARENT, Generation.OLD)
    ELDER = ("elder", Relation.APPLICANT, Generation.OLD)
    ELDER_SPOUSE = ("elder_spouse", Relation.SPOUSE, Generation.OLD)
    GRANDCHILD = ("grandchild", Relation.OTHER_OBLIGED, Generation.YOUNG)
    WARD = ("ward", Relation.OTHER, Generation.YOUNG)
    RESIDENT_CHILD = ("resident_child", Relation.APPLICANT, Generation.YOUNG)
    RESIDENT_ELDER = ("resident_elder", Relation.APPLICANT, Generation.OLD)

    def __new__(cls, value: str, relation: Relation, generation: Generation) -> Self:
        """Number the roles in the order in which they are written."""
        member = object.__new__(cls)
        member._value_ = value
        member.relation, member.generation = relation, generation
        member.number = len(cls.__members__)
        return member


class Standing(Labelled):
    """Whether somebody has published a marginal."""

    PUBLISHED = ("published", "已公布")
    ASSUMED = ("assumed", "假定")


@attrs.frozen
class Band:
    """Whole numbers from ``low`` to ``high``, both included, and their share."""

    low: int
    high: int
    share: int


@attrs.frozen
class DivisionShare:
    """A division's share of households, and of these the urban ones."""

    place: str
    share: int
    urban: int


@attrs.frozen
class Home:
    """A kind of home: its members, and its share among urban and among rural households."""

    members: tuple[Role, ...]
    urban: int
    rural: int


@attrs.frozen
class KindShare:
    """A kind of disability and its share."""

    kind: DisabilityKind
    share: int


@attrs.frozen
class Origin:
    """Where a marginal comes from: a paper, or somebody's reason."""

    standing: Standing
    citation: Citation | None = None
    why: str = ""

    def __str__(self) -> str:
        return f"{self.citation}" + (f": {self.why}" if self.why else "") if self.citation else self.why


@attrs.frozen(kw_only=True, repr=False, eq=False)
class Marginals:
    """Everything that a synthetic city is drawn from; see the comments of ``city.toml`` for what each is."""

    reference_day: date
    population: int
    persons_of_80_and_over: int
    divisions: tuple[DivisionShare, ...]
    homes: tuple[Home, ...]
    ages_of_the_young: tuple[Band, ...]
    ages_of_adults: tuple[Band, ...]
    ages_of_elders: tuple[Band, ...]
    ages_of_the_oldest: tuple[Band, ...]
    assets_within_dibao_limits: int
    assets_within_edge_limits: int
    financial_assets_within_limits: tuple[Band, ...]
    financial_assets_beyond_limits: tuple[Band, ...]
    undergraduates: int
    employed_adults: int
    urban_wages: tuple[Band, ...]
    rural_receipts: tuple[Band, ...]
    rural_costs: int
    urban_pensions: tuple[Band, ...]
    rural_basic_pension: int
    disabled_young: int
    disabled_adults: int
    disabled_elders: int
    disability_kinds: tuple[KindShare, ...]
    disability_grades: tuple[Band, ...]
    long_term_care: int
    serious_illness: int
    tekun: int
    tekun_amount: int
    one_parent_dead_the_other_gone: int
    months_out_of_contact: tuple[Band, ...]
    origins: Mapping[str, Origin]

    @property
    def assumed(self) -> tuple[str, ...]:
        """Names of the marginals that nobody has published."""
        return tuple(name for name, origin in self.origins.items() if origin.standing is Standing.ASSUMED)

    def _rows(self) -> list[list[str]]:
        return [[name, str(origin.standing.value), str(origin)] for name, origin in self.origins.items()]

    def __str__(self) -> str:
        return text_table(["marginal", "standing", "by which paper, or why"], self._rows())

    def __repr__(self) -> str:
        return f"<Marginals: {len(self.origins)}, {len(self.assumed)} of them assumed>"

    def _repr_html_(self) -> str:
        return html_table(["marginal", "standing", "by which paper, or why"], self._rows())


@cache
def shipped_marginals() -> Marginals:
    """Read the marginals that come with the library; all but one are invented.

    Examples
    --------
    >>> shipped_marginals()
    <Marginals: 31, 30 of them assumed>
    >>> print(shipped_marginals().origins["persons_of_80_and_over"].citation)
    Work report of the Nanning Civil Affairs Bureau (南宁市民政局工作报告) section 高质量推进养老服务体系建设
    """
    with as_file(files("civaffairs.research").joinpath("city.toml")) as path:
        return load_marginals(path)


def load_marginals(source: Path | str) -> Marginals:
    """Read marginals.

    Parameters
    ----------
    source
        A file (a `Path`) or the TOML text itself (a `str`), with every marginal of the library's own file.

    Returns
    -------
    Marginals
        Held to their kinds: shares add up, bands do not run backwards, and each says where it comes from.

    Raises
    ------
    LoadError
        Listing every fault with its line.

    Examples
    --------
    >>> text = files("civaffairs.research").joinpath("city.toml").read_text("utf-8")
    >>> load_marginals(text.replace("share = 2_200 }", "share = 2_100 }"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    civaffairs.errors.LoadError: <text> has 1 fault; nothing was loaded
      <text>:...: [ages_of_elders]: the 'share' column adds up to 9,900; it must be 10,000
    """
    content, lines, faults = parse(source)
    Table("", 1, content, faults).only(_READERS)
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for name, read in _READERS.items():
        entry = _entry(name, content, lines, faults)
        if entry is not None:
            table, start = entry
            values[name], origins[name] = read(table, lines, start), _origin(table)
    faults.raise_any()
    _fit_together(values, content, lines, faults)
    faults.raise_any()
    return Marginals(**values, origins=origins)


def _entry(name: str, content: Mapping[str, object], lines: Lines, faults: Faults) -> tuple[Table, int] | None:
    """Find the table of one marginal, and where it begins."""
    start = next(iter(lines.headers(name)), 0)
    value = content.get(name)
    if not isinstance(value, dict):
        faults.add(lines.at(start), f"[{name}] is missing; copy it from the library's file")
        return None
    table = Table(f"[{name}]", lines.at(start), value, faults)
    table.only(("value", "standing", "cite", "section", "note", "why"))
    return table, start


def _origin(table: Table) -> Origin:
    """Read where a marginal comes from: published asks for a paper, assumed for a reason."""
    standing = table.member("standing", Standing)
    if standing is not Standing.PUBLISHED:
        for key in ("cite", "section", "note"):
            if key in table.values:
                table.fault(f"an assumed value has no {key!r}; say 'why', or publish it by its paper")
        return Origin(Standing.ASSUMED, why=table.text("why", required=standing is not None))
    if "why" in table.values:
        table.fault("a published value has no 'why'; cite its paper, and say the rest in 'note'")
    key, known = table.text("cite", required=True), documents()
    if key not in known:
        if key:
            table.fault(f"no document has the key {key!r}{did_you_mean(key, known)}")
        return Origin(standing)
    return Origin(standing, Citation(known[key], heading=table.text("section")), table.text("note"))


Reader = Callable[[Table, Lines, int], Any]
"""Reads a value from its table; what does not fit becomes a fault."""


def _number(low: int, high: int) -> Reader:
    def read(table: Table, lines: Lines, start: int) -> int:
        found = table.take("value", int, required=True)
        if found is not None and not low <= found <= high:
            table.fault(f"'value' is {found:,}; it lies between {low:,} and {high:,}")
        return found or 0

    return read


def _day(table: Table, lines: Lines, start: int) -> date:
    return table.take("value", date, required=True) or date.min


def _bands(low: int, high: int) -> Reader:
    def read(table: Table, lines: Lines, start: int) -> tuple[Band, ...]:
        found: list[Band] = []
        for row in _list(table, lines, start, ("from", "to", "share")):
            band = Band(*(row.take(key, int, required=True) or 0 for key in ("from", "to", "share")))
            if not low <= band.low <= band.high <= high:
                row.fault(f"from {band.low:,} to {band.high:,} is no band between {low:,} and {high:,}")
            elif found and band.low <= found[-1].high:
                row.fault(f"begins at {band.low:,}, but the band before it goes to {found[-1].high:,}")
            found.append(band)
        _adds_up(table, "share", [band.share for band in found])
        return tuple(found)

    return read


def _divisions(table: Table, lines: Lines, start: int) -> tuple[DivisionShare, ...]:
    found: list[DivisionShare] = []
    for row in _list(table, lines, start, ("place", "share", "urban")):
        place = row.text("place", required=True)
        codes = [division.code for division in county_divisions()]
        if place and place not in codes:
            row.fault(f"{place!r} is no division of today at county level{did_you_mean(place, codes)}")
        if place in [other.place for other in found]:
            row.fault(f"{place!r} is there twice; keep one")
        found.append(DivisionShare(place, row.take("share", int, required=True) or 0, _rate(row, "urban")))
    _adds_up(table, "share", [division.share for division in found])
    return tuple(found)


def _homes(table: Table, lines: Lines, start: int) -> tuple[Home, ...]:
    found = []
    for row in _list(table, lines, start, ("members", "urban", "rural")):
        urban, rural = (row.take(key, int, required=True) or 0 for key in ("urban", "rural"))
        found.append(Home(_members(row), urban, rural))
    for area in ("urban", "rural"):
        _adds_up(table, area, [getattr(home, area) for home in found])
    return tuple(found)


def _members(row: Table) -> tuple[Role, ...]:
    names, known = row.text("members", required=True).split(), {str(role.value): role for role in Role}
    for name in names:
        if name not in known:
            row.fault(f"no role is called {name!r}{did_you_mean(name, known)}")
    roles = tuple(known[name] for name in names if name in known)
    applicants = [role.relation is Relation.APPLICANT for role in roles]
    if len(roles) == len(names) > 0 and applicants != [True] + [False] * (len(roles) - 1):
        row.fault("the first member, and no other, is the applicant: adult, elder or a resident")
    return roles


def _kinds(table: Table, lines: Lines, start: int) -> tuple[KindShare, ...]:
    found = []
    for row in _list(table, lines, start, ("kind", "share")):
        kind, share = row.member("kind", DisabilityKind), row.take("share", int, required=True) or 0
        if kind is DisabilityKind.NONE:
            row.fault("'none' is no kind of disability; say how many have none where shares of persons are given")
        found.append(KindShare(kind or DisabilityKind.NONE, share))
    _adds_up(table, "share", [kind.share for kind in found])
    return tuple(found)


def _list(table: Table, lines: Lines, start: int, keys: tuple[str, ...]) -> list[Table]:
    if not table.take("value", list, required=True) and isinstance(table.values.get("value"), list):
        table.fault("'value' is an empty list")
    rows = table.tables("value", lines, start)
    for row in rows:
        row.only(keys)
    return rows


def _rate(row: Table, key: str) -> int:
    found = row.take(key, int, required=True) or 0
    if not 0 <= found <= PARTS:
        row.fault(f"{key!r} is {found:,}; write whole parts of {PARTS:,}")
    return found


def _adds_up(table: Table, key: str, shares: list[int]) -> None:
    if any(share < 0 for share in shares):
        table.fault(f"a {key!r} is negative")
    elif shares and sum(shares) != PARTS:
        table.fault(f"the {key!r} column adds up to {sum(shares):,}; it must be {PARTS:,}")


def _fit_together(values: Mapping[str, Any], content: Mapping[str, object], lines: Lines, faults: Faults) -> None:
    """Check what one marginal asks of another."""
    pairs = (("assets_within_dibao_limits", "assets_within_edge_limits"), ("persons_of_80_and_over", "population"))
    for less, more in pairs:
        if values[less] > values[more]:
            found = _entry(less, content, lines, faults)
            if found is not None:
                found[0].fault(f"'value' is {values[less]:,}, above [{more}], which is {values[more]:,}")


MOST_PERSONS = 99_999_999
_FEN = 10**9
_READERS: Mapping[str, Reader] = {
    "reference_day": _day,
    "population": _number(1, MOST_PERSONS),
    "persons_of_80_and_over": _number(0, MOST_PERSONS),
    "divisions": _divisions,
    "homes": _homes,
    "ages_of_the_young": _bands(0, 17),
    "ages_of_adults": _bands(18, 59),
    "ages_of_elders": _bands(60, 79),
    "ages_of_the_oldest": _bands(80, 120),
    "assets_within_dibao_limits": _number(0, PARTS),
    "assets_within_edge_limits": _number(0, PARTS),
    "financial_assets_within_limits": _bands(0, _FEN),
    "financial_assets_beyond_limits": _bands(0, _FEN),
    "undergraduates": _number(0, PARTS),
    "employed_adults": _number(0, PARTS),
    "urban_wages": _bands(0, _FEN),
    "rural_receipts": _bands(0, _FEN),
    "rural_costs": _number(0, PARTS),
    "urban_pensions": _bands(0, _FEN),
    "rural_basic_pension": _number(0, _FEN),
    "disabled_young": _number(0, PARTS),
    "disabled_adults": _number(0, PARTS),
    "disabled_elders": _number(0, PARTS),
    "disability_kinds": _kinds,
    "disability_grades": _bands(1, 4),
    "long_term_care": _number(0, PARTS),
    "serious_illness": _number(0, PARTS),
    "tekun": _number(0, PARTS),
    "tekun_amount": _number(0, _FEN),
    "one_parent_dead_the_other_gone": _number(0, PARTS),
    "months_out_of_contact": _bands(0, 1_200),
}


def exact_apportionment(total: int, size: int, whole: int) -> int:
    """Give a part its due of a total, rounded half up: ``total × size / whole``.

    Examples
    --------
    >>> exact_apportionment(188_000, 1_000_000, 9_000_000)
    20889
    """
    if whole < 1 or size < 0:
        msg = f"cannot apportion over {size:,} of {whole:,}; give positive numbers"
        raise UsageError(msg)
    return (2 * total * size + whole) // (2 * whole)
