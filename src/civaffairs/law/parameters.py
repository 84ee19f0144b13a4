"""Parameters read from TOML, strictly: no value without a source, and every fault listed with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import attrs

from civaffairs.errors import UsageError, did_you_mean
from civaffairs.law.citation import Citation, Document, documents, documents_in
from civaffairs.law.lookup import Bounds, Found, Parameter, UnknownSpan
from civaffairs.law.places import chain
from civaffairs.law.tables import Faults, Lines, Table, parse
from civaffairs.law.timeline import (
    ALL_CONVENTIONS,
    BeforeFirstValue,
    Convention,
    DeclaredUnknown,
    InAttestedGap,
    KnownUncertain,
    NotPublished,
    NotYetKnown,
    NoValueHere,
    Row,
    RowKind,
    Standing,
)
from civaffairs.law.values import NotAValue, Unit, Value, ValueKind, read_value

__all__ = [
    "ALL_CONVENTIONS",
    "PLACE_COLUMNS",
    "BeforeFirstValue",
    "Bounds",
    "Convention",
    "DeclaredUnknown",
    "Found",
    "InAttestedGap",
    "KnownUncertain",
    "NoValueHere",
    "NotPublished",
    "NotYetKnown",
    "Parameter",
    "Row",
    "RowKind",
    "Standing",
    "UnknownSpan",
    "load_parameters",
    "merge",
]

PLACE_COLUMNS = ("place", "hukou_place", "emergency_place")
"""Columns that may say which place's value a household or person gets."""

_PARAMETER_KEYS = ("title", "unit", "kind", "choices", "by", "rows", "unknown", "checked")
_ADDED_KEYS = ("rows", "checked")
_DATED_KEYS = ("place", "value", "from", "until", "kind", "note")
_CITED_KEYS = (*_DATED_KEYS, "attested", "cite", "article", "paragraph", "item")
_ASSUMED_KEYS = (*_DATED_KEYS, "why")
_UNKNOWN_KEYS = ("place", "from", "until", "where_to_look")
_BOUNDED = {ValueKind.MONEY, ValueKind.COUNT, ValueKind.RATIO}


@attrs.frozen
class _File:
    """A parsed file, and how its rows are to be taken."""

    content: Mapping[str, object]
    lines: Lines
    faults: Faults
    bibliography: Mapping[str, Document]
    supplied: bool = False
    assumed: bool = False

    @property
    def top(self) -> Table:
        return Table("", 1, self.content, self.faults)

    def parameters(self, besides: Iterable[str]) -> list[tuple[str, int, Table]]:
        """List the tables that are parameters: name, offset and table."""
        found = []
        for name, value in self.content.items():
            if name in besides:
                continue
            start = next(iter(self.lines.headers(name)), 0)
            line = self.lines.at(start)
            if not isinstance(value, dict):
                self.faults.add(
                    line,
                    f"nothing is called {name!r} here{did_you_mean(name, besides)}; a parameter is a table [{name}]",
                )
            elif not name.isidentifier():
                self.faults.add(
                    line, f"[{name}]: a parameter's name is an argument of rules; write letters, digits and _"
                )
            else:
                found.append((name, start, Table(f"[{name}]", line, value, self.faults)))
        return found


def load_parameters(source: Path | str, *, bibliography: Mapping[str, Document] | None = None) -> dict[str, Parameter]:
    """Read the parameters of a scheme.

    Parameters
    ----------
    source
        A file (a `Path`; its name without ending is the scheme's) or the TOML text itself (a `str`).
    bibliography
        Documents that rows may cite; the library's own when not given.

    Returns
    -------
    dict
        Parameters by name.

    Raises
    ------
    LoadError
        Listing every fault with its line.

    Examples
    --------
    >>> loaded = load_parameters('''
    ... checked = 2026-11-23
    ... [edge_multiplier]
    ... title = { en = "Edge line as a multiple of the standard", zh = "低保边缘倍数" }
    ... unit = "ratio"
    ... rows = [
    ...   { place = "000000", from = 2021-07-01, value = "3/2", cite = "dibao-review-measures", article = "8" },
    ... ]
    ... unknown = [ { place = "450000", from = 2026-07-01, where_to_look = "the region's own rule" } ]
    ... ''')
    >>> found = loaded["edge_multiplier"].at("450102", date(2026, 6, 30))
    >>> found.value, found.standing.value, found.citation.zh
    (Fraction(3, 2), 'statute', '《最低生活保障审核确认办法》第八条')
    """
    content, lines, faults = parse(source)
    file = _File(content, lines, faults, documents() if bibliography is None else bibliography)
    checked = file.top.take("checked", date)
    scheme = source.stem if isinstance(source, Path) else ""
    found = {
        name: _parameter(file, name, start, table, scheme, checked)
        for name, start, table in file.parameters(["checked"])
    }
    faults.raise_any()
    return {name: parameter for name, parameter in found.items() if parameter is not None}


def merge(
    base: Mapping[str, Parameter],
    source: Path | str,
    *,
    assumed: bool = False,
    bibliography: Mapping[str, Document] | None = None,
) -> dict[str, Parameter]:
    """Add a caller's rows to parameters that exist: notices of their own, or stand-ins.

    Parameters
    ----------
    base
        Parameters by name. Title, unit and kind are theirs.
    source
        A file (a `Path`) or TOML text (a `str`): tables named as the parameters, with ``rows``. A file of notices may
        describe them in ``[[document]]`` tables of its own.
    assumed
        Whether the rows are stand-ins: they say ``why`` instead of ``cite``, and their standing is *assumed*.
    bibliography
        Documents that rows may cite besides the file's own; the library's when not given.

    Returns
    -------
    dict
        All of ``base``, with the rows added.

    Raises
    ------
    LoadError
        Listing every fault with its line.

    Examples
    --------
    >>> parameters = load_parameters('''
    ... checked = 2026-11-23
    ... [care_amount]
    ... title = { en = "Care amount", zh = "照料护理标准" }
    ... unit = "fen/person/month"
    ... unknown = [ { place = "450100", where_to_look = "the city's notice" } ]
    ... ''')
    >>> stand_in = '''
    ... [care_amount]
    ... rows = [ { place = "450100", from = 2026-01-01, value = 10_000, why = "a try" } ]
    ... '''
    >>> merge(parameters, stand_in, assumed=True)["care_amount"].at("450100", date(2026, 8, 1)).notes
    ('assumed: a try',)
    """
    content, lines, faults = parse(source)
    known = dict(documents() if bibliography is None else bibliography)
    besides = ["checked"] if assumed else ["checked", "document"]
    file = _File(content, lines, faults, known, supplied=True, assumed=assumed)
    if not assumed:
        own = documents_in(file.top, lines)
        for key in own.keys() & known.keys():
            faults.add(
                lines.at(next(iter(lines.headers("document")), 0)),
                f"the document key {key!r} is the library's; choose another",
            )
        known.update(own)
    checked = file.top.take("checked", date)
    merged = dict(base)
    for name, start, table in file.parameters(besides):
        if name in base:
            merged[name] = _added(file, base[name], start, table, checked)
        else:
            table.fault(f"no parameter is called {name!r}{did_you_mean(name, base)}; give rows for those that exist")
    faults.raise_any()
    return merged


def _parameter(file: _File, name: str, start: int, table: Table, scheme: str, checked: date | None) -> Parameter | None:
    """Read one parameter of a scheme's file, or nothing when its table has faults."""
    before = len(table.faults.found)
    table.only(_PARAMETER_KEYS)
    title = Table(f"{table.where} title", table.line, table.take("title", dict, required=True) or {}, table.faults)
    if title.values:
        title.only(["en", "zh"])
    title_en, title_zh = (title.text(key, required=bool(title.values)) for key in ("en", "zh"))
    unit, kind, choices = _unit_and_kind(table)
    by = table.text("by") or "place"
    if by not in PLACE_COLUMNS:
        table.fault(f"'by' is {by!r}; choose one of {', '.join(PLACE_COLUMNS)}{did_you_mean(by, PLACE_COLUMNS)}")
    own = table.take("checked", date) or checked
    if own is None:
        table.fault("'checked' is missing; give the last day on which somebody checked the values, here or at the top")
    rows = _rows(file, start, table, kind, choices) if kind else ()
    unknowns = tuple(_unknown(entry) for entry in table.tables("unknown", file.lines, start))
    if not rows and not unknowns and len(table.faults.found) == before:
        table.fault("it has neither rows nor unknown; declare where it is unknown and where to look")
    if len(table.faults.found) > before or unit is None or kind is None or own is None:
        return None
    known = tuple(span for span in unknowns if span is not None)
    return Parameter(
        name=name, scheme=scheme, title_en=title_en, title_zh=title_zh, unit=unit, kind=kind, choices=choices, by=by,
        rows=rows, unknowns=known, checked=own,
    )  # fmt: skip


def _added(file: _File, base: Parameter, start: int, table: Table, checked: date | None) -> Parameter:
    """Add the caller's rows to a parameter."""
    own_only = [key for key in ("title", "unit", "kind", "choices", "by", "unknown") if key in table.values]
    for key in own_only:
        table.fault(f"{key!r} is the parameter's own and cannot be given again; give only rows")
    table.only([*_ADDED_KEYS, *own_only])
    if not table.values.get("rows"):
        table.fault("'rows' is missing; give at least one")
    rows = _rows(file, start, table, base.kind, base.choices, base.rows)
    newest = max(day for day in (base.checked, table.take("checked", date), checked) if day is not None)
    return attrs.evolve(base, rows=(*base.rows, *rows), checked=newest)


def _unit_and_kind(table: Table) -> tuple[Unit | None, ValueKind | None, tuple[str, ...]]:
    """Read unit, kind and choices; the kind follows from the unit unless it is said."""
    unit = table.member("unit", Unit)
    kind = table.member("kind", ValueKind, required=False)
    if unit is not None and "kind" not in table.values:
        plain = (each for each in ValueKind if each is not ValueKind.SCALE)
        kind = next((each for each in plain if each.fits(unit)), None)
    if unit is not None and kind is not None and not kind.fits(unit):
        table.fault(f"a {kind.value} cannot be counted in {unit.value!r}")
    choices = table.take("choices", list) or []
    if any(not isinstance(choice, str) for choice in choices):
        table.fault(f"'choices' is {choices!r}; write a list of texts")
    if (kind is ValueKind.CHOICE) != bool(choices):
        table.fault("'choices' lists what a choice may be; give it for kind 'choice' and for no other")
    return unit, kind, tuple(str(choice) for choice in choices)


def _rows(
    file: _File, start: int, table: Table, kind: ValueKind, choices: tuple[str, ...], others: tuple[Row, ...] = ()
) -> tuple[Row, ...]:
    """Read the rows of a parameter; one that is there already is a fault."""
    layer = [row for row in others if (row.standing is Standing.ASSUMED) == file.assumed]
    found: list[Row] = []
    for entry in table.tables("rows", file.lines, start):
        row = _row(file, entry, kind, choices)
        if row is None:
            continue
        twin = next((old for old in (*layer, *found) if _same_slot(old, row)), None)
        if twin is not None:
            entry.fault(f"the same place and day (or rank) is given at {twin.where}; keep one")
        rival = next((old for old in (*layer, *found) if _rivals(old, row)), None)
        if rival is not None:
            entry.fault(f"another document attests values for this place at {rival.where}; give its rows a first day")
        found.append(row)
    return tuple(found)


def _same_slot(old: Row, new: Row) -> bool:
    return (old.place, old.kind, old.in_force, old.attested) == (new.place, new.kind, new.in_force, new.attested)


def _rivals(old: Row, new: Row) -> bool:
    if not (old.attested and new.attested and old.citation and new.citation):
        return False
    return (old.place, old.kind) == (new.place, new.kind) and old.citation.document != new.citation.document


def _row(file: _File, table: Table, kind: ValueKind, choices: tuple[str, ...]) -> Row | None:
    """Read one row, or nothing when it has faults."""
    before = len(table.faults.found)
    if file.assumed and "cite" in table.values:
        table.fault("an assumed value cites nothing; say 'why', or give it as a source")
        table.only([*_ASSUMED_KEYS, "cite", "article", "paragraph", "item"])
    else:
        table.only(_ASSUMED_KEYS if file.assumed else _CITED_KEYS)
    row_kind = table.member("kind", RowKind, required=False) or RowKind.VALUE
    if row_kind is not RowKind.VALUE and kind not in _BOUNDED:
        table.fault(f"a {kind.value} has no {row_kind.value}")
    place, value = _place(table), _value(table, kind, choices)
    since, until, attested = table.take("from", date), table.take("until", date), table.take("attested", int)
    citation = None if file.assumed else _citation(file, table)
    _check_days(table, since, until, attested, citation, file.assumed)
    why, note = table.text("why", required=file.assumed), table.text("note")
    if value is None or len(table.faults.found) > before:
        return None
    fixed = citation is not None and citation.article is not None and citation.document.kind.in_articles
    standing = (
        Standing.ASSUMED if file.assumed else Standing.STATUTE if fixed and not file.supplied else Standing.PUBLISHED
    )
    return Row(
        place=place, value=value, kind=row_kind, in_force=since, until=until, attested=attested, citation=citation,
        standing=standing, supplied=file.supplied, why=why, note=note, where=f"{file.faults.origin}:{table.line}",
    )  # fmt: skip


def _check_days(
    table: Table, since: date | None, until: date | None, attested: int | None, citation: Citation | None, assumed: bool
) -> None:
    """Check that a row has a first day, or a rank in a document that says which span it describes."""
    if assumed and "from" not in table.values:
        table.fault("'from' is missing; an assumed value needs its first day")
    elif not assumed and ("from" in table.values) == ("attested" in table.values):
        table.fault("give exactly one of 'from' (the first day) and 'attested' (the rank, when no day is told)")
    if since and until and until < since:
        table.fault(f"it ends on {until}, before it begins on {since}")
    if attested is None:
        return
    if attested < 1:
        table.fault(f"'attested' is {attested}; ranks are counted from 1")
    if until is not None:
        table.fault("'until' belongs to a row with 'from'; an attested row has no days of its own")
    if citation is not None and citation.document.describes is None:
        table.fault(f"{citation.document.key!r} does not say which span it describes; an attested value needs that")


def _unknown(table: Table) -> UnknownSpan | None:
    """Read one declared unknown, or nothing when it has faults."""
    before = len(table.faults.found)
    table.only(_UNKNOWN_KEYS)
    place, where_to_look = _place(table), table.text("where_to_look", required=True)
    since, until = table.take("from", date), table.take("until", date)
    if since and until and until < since:
        table.fault(f"it ends on {until}, before it begins on {since}")
    return (
        None
        if len(table.faults.found) > before
        else UnknownSpan(place=place, since=since, until=until, where_to_look=where_to_look)
    )


def _place(table: Table) -> str:
    """Read a division code that is not retired."""
    code = table.text("place", required=True)
    if not code:
        return code
    try:
        current = chain(code)[0]
    except UsageError:
        table.fault(f"'place' is {code!r}; write a six-digit division code, 000000 for the nation")
        return code
    if current != code:
        table.fault(f"'place' is {code!r}, a retired code; write {current!r}")
    return code


def _value(table: Table, kind: ValueKind, choices: tuple[str, ...]) -> Value | None:
    """Read the value, held to its kind."""
    if "value" not in table.values:
        table.fault("'value' is missing")
        return None
    try:
        return read_value(table.values["value"], kind, choices)
    except NotAValue as error:
        table.fault(str(error))
        return None


def _citation(file: _File, table: Table) -> Citation | None:
    """Read the paper that a row cites: an article by its number, or a heading by its text."""
    if "cite" not in table.values:
        table.fault("'cite' is missing; a value without a source cannot be loaded")
        return None
    key = table.text("cite", required=True)
    document = file.bibliography.get(key)
    if document is None:
        if key:
            table.fault(f"no document has the key {key!r}{did_you_mean(key, file.bibliography)}")
        return None
    place = table.text("article")
    paragraph, item = table.take("paragraph", int), table.take("item", int)
    try:
        if place.isascii() and place.isdigit():
            return document.article(int(place), paragraph=paragraph, item=item)
        return Citation(document, heading=place, paragraph=paragraph, item=item)
    except UsageError as error:
        table.fault(str(error))
        return None
