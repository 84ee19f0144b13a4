"""A parameter and its lookup: the value in force in a place on a day, as known on another, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from civaffairs.errors import UsageError, listed
from civaffairs.law.citation import Citation
from civaffairs.law.places import chain
from civaffairs.law.timeline import (
    ALL_CONVENTIONS,
    ONE_DAY,
    BeforeFirstValue,
    Convention,
    DeclaredUnknown,
    Held,
    KnownUncertain,
    NotPublished,
    NotYetKnown,
    NoValueHere,
    Row,
    RowKind,
    Standing,
    Subject,
    boundary_days,
    held_on,
)
from civaffairs.law.values import NotAValue, Unit, Value, ValueKind, accept_value


@attrs.frozen(kw_only=True)
class UnknownSpan:
    """A value that exists but that no source read gives: it stops the climb to the places above."""

    place: str
    since: date | None = None
    until: date | None = None
    where_to_look: str

    def covers(self, on: date) -> bool:
        """Tell whether the value is unknown on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@attrs.frozen(kw_only=True)
class Found:
    """A value with what it stands on.

    Attributes
    ----------
    value
        The value.
    row
        The row that gives it.
    place
        The place it was found at, going up from the place asked for.
    conventions
        Conventions that date it.
    notes
        What to print beside it: conventions, how the paper was read, who supplied it.
    """

    value: Value
    row: Row
    place: str
    conventions: tuple[Convention, ...] = ()

    @property
    def standing(self) -> Standing:
        """What the value stands on."""
        return self.row.standing

    @property
    def citation(self) -> Citation | None:
        """The paper; ``None`` for an assumption."""
        return self.row.citation

    @property
    def notes(self) -> tuple[str, ...]:
        """What to print beside the value."""
        return (*(str(convention.value) for convention in self.conventions), *self.row.notes)


@attrs.frozen(kw_only=True)
class Bounds:
    """The nearest floor and ceiling that a value must keep to; checked against, never paid."""

    floor: Found | None = None
    ceiling: Found | None = None


@attrs.frozen(kw_only=True, repr=False)
class Parameter:
    """A value of a scheme with its whole history in all places.

    Attributes
    ----------
    name, scheme
        Its name, and the file of its scheme without the ending.
    title_en, title_zh
        What it is.
    unit, kind, choices
        What it is counted in, what kind of value it has, and what a choice may be.
    by
        The column that says which place's value applies.
    rows, unknowns
        Its values, and where and when they are declared unknown.
    checked
        The last day on which somebody looked whether the values are current.
    """

    name: str
    scheme: str = ""
    title_en: str
    title_zh: str
    unit: Unit
    kind: ValueKind
    choices: tuple[str, ...] = ()
    by: str = "place"
    rows: tuple[Row, ...] = ()
    unknowns: tuple[UnknownSpan, ...] = ()
    checked: date

    def at(
        self, place: str, on: date, known: date | None = None, conventions: frozenset[Convention] = ALL_CONVENTIONS
    ) -> Found:
        """Find the value in force in a place on a day, as known on another.

        Parameters
        ----------
        place
            Division code; the value is looked for there, then in the city, the region and the nation.
        on
            The day on which it is in force.
        known
            Only papers public by this day count; without it, all that is loaded.
        conventions
            Readings that may be used to date a value whose paper gives no day.

        Returns
        -------
        Found
            The value, its row, its place, its standing and notes.

        Raises
        ------
        NotPublished
            One of its family, with the reason and where to look: never a default.

        Examples
        --------
        >>> from civaffairs.law.parameters import load_parameters
        >>> standard = load_parameters('''
        ... checked = 2026-11-23
        ... [urban_standard]
        ... title = { en = "Urban minimum living standard", zh = "城市最低生活保障标准" }
        ... unit = "fen/person/month"
        ... rows = [
        ...   { place = "450100", value = 62_000, attested = 1, cite = "nanning-report" },
        ...   { place = "450100", value = 81_000, attested = 2, cite = "nanning-report" },
        ... ]
        ... ''')["urban_standard"]
        >>> found = standard.at("450102", date(2026, 8, 1))
        >>> found.value, found.place, found.notes
        (81000, '450100', ('dated by its latest event', 'carried forward'))
        >>> standard.at("450102", date(2021, 8, 1))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        civaffairs.law.timeline.InAttestedGap: urban_standard at 450100: ... it cannot be told which value held on ...
        """
        return self._known(RowKind.VALUE, place, on, known, conventions)

    def bounds(self, place: str, on: date, known: date | None = None) -> Bounds:
        """Find the floor and the ceiling set by the nearest place upwards; ``None`` where there is none."""
        return Bounds(
            floor=self._bound(RowKind.FLOOR, place, on, known), ceiling=self._bound(RowKind.CEILING, place, on, known)
        )

    def with_value(self, value: Value, place: str, since: date, why: str) -> Parameter:
        """Make a copy in which a place has another value from a day on: a reform, standing *assumed*.

        Parameters
        ----------
        value
            The new value, of this parameter's kind.
        place
            Division code; places below it that have values of their own keep them.
        since
            Its first day; it replaces whatever was assumed there for later days.
        why
            Printed wherever the value is used.

        Raises
        ------
        UsageError
            If the value is not of the parameter's kind, or no reason is given.
        """
        if not why.strip():
            msg = f"{self.name} is changed without a reason; say why in a few words"
            raise UsageError(msg)
        try:
            fits = accept_value(value, self.kind, self.choices)
        except NotAValue as error:
            msg = f"{self.name}: {error}"
            raise UsageError(msg) from None
        row = Row(
            place=chain(place)[0], value=fits, in_force=since, standing=Standing.ASSUMED, supplied=True, why=why.strip()
        )
        kept = [
            old
            for old in self.rows
            if not (old.place == row.place and old.standing is Standing.ASSUMED and (old.in_force or since) >= since)
        ]
        return attrs.evolve(self, rows=(*kept, row))

    def boundary_days(self) -> set[date]:
        """Give all days on which, in some place, the answer may differ from the day before."""
        spans = {
            day for span in self.unknowns for day in (span.since, span.until + ONE_DAY if span.until else None) if day
        }
        return spans | boundary_days(self.rows)

    def stale(self, on: date) -> bool:
        """Tell whether a day is after the last one on which somebody checked the values."""
        return on > self.checked

    def __repr__(self) -> str:
        return f"<Parameter {self.name}: {self.title_en} ({self.title_zh}), {self.unit.value}, {len(self.rows)} rows>"

    def _known(
        self, kind: RowKind, place: str, on: date, known: date | None, conventions: frozenset[Convention]
    ) -> Found:
        """Answer from what was public; say so where that cannot be told or was not yet so."""
        every = self._outcome(self.rows, kind, place, on, conventions)
        if known is None:
            return _given(every)
        public = [(row, row.published_by(known)) for row in self.rows]
        certain = self._outcome((row for row, told in public if told), kind, place, on, conventions)
        possible = self._outcome((row for row, told in public if told is not False), kind, place, on, conventions)
        subject = self._subject(place)
        if isinstance(certain, NotPublished) and isinstance(possible, NotPublished):
            if isinstance(every, NotPublished):
                raise every
            reason = f"{subject.en} on {on}: the document that tells it was not yet public on {known}"
            raise NotYetKnown(reason, f"{subject.zh}：说明{on}数值的文件在{known}尚未公开")
        if certain != possible:
            papers = [row.citation.document for row, told in public if told is None and row.citation]
            dates = listed(
                sorted({f"{paper}: between {' and '.join(map(str, paper.public_between or ()))}" for paper in papers})
            )
            reason = f"{subject.en} on {on}: whether it was public on {known} cannot be told; made public: {dates}"
            reason_zh = f"{subject.zh}：无法确定{on}的数值在{known}是否已公开"
            raise KnownUncertain(reason, reason_zh, "the day on which the document was made public")
        return _given(certain)

    def _outcome(
        self, rows: Iterable[Row], kind: RowKind, place: str, on: date, conventions: frozenset[Convention]
    ) -> Found | NotPublished:
        """Give the answer or the reason why there is none, as a value to compare."""
        try:
            return self._climb([row for row in rows if row.kind is kind], kind, place, on, conventions)
        except NotPublished as reason:
            return reason

    def _climb(self, rows: list[Row], kind: RowKind, place: str, on: date, conventions: frozenset[Convention]) -> Found:
        """Go up the places until one has a value or declares it unknown."""
        reason: NotPublished | None = None
        for code in chain(place):
            subject = self._subject(code)
            here = [row for row in rows if row.place == code]
            unknown = next(
                (span for span in self.unknowns if kind is RowKind.VALUE and span.place == code and span.covers(on)),
                None,
            )
            try:
                held = held_on(here, on, subject, conventions) if here else None
            except (BeforeFirstValue, NoValueHere) as missing:
                held, reason = None, reason or missing
                if unknown is None and any(row.attested is not None for row in here):
                    raise
            if unknown is not None and not (held and held.row.supplied):
                told = f"{subject.en} on {on}: no source read gives it"
                raise DeclaredUnknown(told, f"{subject.zh}：所见资料均未说明{on}的数值", unknown.where_to_look)
            if held is not None:
                return _found(held, code)
        subject = self._subject(place)
        nothing = f"{subject.en}: neither it nor a place above it has a value"
        raise reason or NoValueHere(nothing, f"{subject.zh}：该地及其上级均无数值")

    def _bound(self, kind: RowKind, place: str, on: date, known: date | None) -> Found | None:
        try:
            return self._known(kind, place, on, known, ALL_CONVENTIONS)
        except KnownUncertain:
            raise
        except NotPublished:
            return None

    def _subject(self, place: str) -> Subject:
        return Subject(f"{self.name} at {place}", f"{place}的{self.title_zh}", self.unit)


def _given(outcome: Found | NotPublished) -> Found:
    if isinstance(outcome, NotPublished):
        raise outcome
    return outcome


def _found(held: Held, place: str) -> Found:
    return Found(value=held.row.value, row=held.row, place=place, conventions=held.conventions)
