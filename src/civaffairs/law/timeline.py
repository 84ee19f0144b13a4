"""A value's history in one place: in force from a day, or attested in order; and what held on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import attrs

from civaffairs.errors import CivaffairsError
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, ReadFrom, Span
from civaffairs.law.values import Unit, Value, value_text

ONE_DAY = timedelta(days=1)


class Standing(Labelled):
    """How sure a thing is: what it stands on."""

    STATUTE = ("statute", "法条规定")
    PUBLISHED = ("published", "公开文件")
    CONVENTION = ("convention", "通行理解")
    ASSUMED = ("assumed", "假定")


class Convention(Labelled):
    """How an undated document is read, where nothing settles it."""

    DATED_BY_LATEST_EVENT = ("dated by its latest event", "以文件所述最晚事件定期")
    CARRIED_FORWARD = ("carried forward", "沿用至今")


ALL_CONVENTIONS = frozenset(Convention)


class RowKind(Labelled):
    """Whether a row gives the value itself or a bound that others must keep to."""

    VALUE = ("value", "标准")
    FLOOR = ("floor", "下限")
    CEILING = ("ceiling", "上限")


class NotPublished(CivaffairsError, LookupError):
    """A value was asked for that nothing loaded gives; never a zero.

    Attributes
    ----------
    reason, reason_zh
        Why, in English and Chinese.
    where_to_look
        Where one would look for it, or an empty string.
    """

    def __init__(self, reason: str, reason_zh: str, where_to_look: str = "") -> None:
        super().__init__(reason, reason_zh, where_to_look)
        self.reason = reason
        self.reason_zh = reason_zh
        self.where_to_look = where_to_look

    def __str__(self) -> str:
        return self.reason + (f"; look in: {self.where_to_look}" if self.where_to_look else "")


class DeclaredUnknown(NotPublished):
    """The value exists, but no source read gives it."""


class NoValueHere(NotPublished):
    """Neither the place nor any place above it has a value."""


class BeforeFirstValue(NotPublished):
    """The day is before the first day for which a value is known."""


class InAttestedGap(NotPublished):
    """The order of values is known, but not which of them held on this day."""


class NotYetKnown(NotPublished):
    """The value was not yet public on the day that is taken as known."""


class KnownUncertain(NotPublished):
    """Whether the value was public on the day that is taken as known cannot be told."""


@attrs.frozen(kw_only=True)
class Row:
    """One value in one place, by which paper, and when.

    Attributes
    ----------
    place
        Division code; ``000000`` is the nation.
    value
        The value, exact.
    kind
        Value, floor or ceiling.
    in_force, until
        First and last day of force, when they are known.
    attested
        Otherwise the value's rank, from 1, in the order in which the document states them.
    citation
        The paper, or ``None`` for an assumed row.
    standing
        What it stands on.
    supplied
        Whether the caller supplied it.
    why
        Why it is assumed.
    note
        What to know about it.
    where
        File and line that it was read from.
    """

    place: str
    value: Value
    kind: RowKind = RowKind.VALUE
    in_force: date | None = None
    until: date | None = None
    attested: int | None = None
    citation: Citation | None = None
    standing: Standing
    supplied: bool = False
    why: str = ""
    note: str = ""
    where: str = attrs.field(default="", eq=False)

    def published_by(self, known: date) -> bool | None:
        """Tell whether its document was public on a day; an assumption always counts as known."""
        return True if self.citation is None else self.citation.document.published_by(known)

    @property
    def describes(self) -> Span | None:
        """The span that an attested row's document reports on."""
        return self.citation.document.describes if self.citation and self.attested is not None else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What to print beside the value."""
        secondary = self.citation is not None and self.citation.document.read is ReadFrom.SECONDARY
        said = [
            "secondary reading: check" if secondary else "",
            "supplied by caller" if self.supplied and not self.why else "",
            f"assumed: {self.why}" if self.why else "",
            self.note,
        ]
        return tuple(note for note in said if note)


@attrs.frozen
class Subject:
    """What is asked for, as the explanations name it."""

    en: str
    zh: str
    unit: Unit


@attrs.frozen
class Held:
    """The row that held on a day, and the conventions that say so."""

    row: Row
    conventions: tuple[Convention, ...] = ()


def held_on(
    rows: Iterable[Row], on: date, subject: Subject, conventions: frozenset[Convention] = ALL_CONVENTIONS
) -> Held:
    """Tell which row of one place held on a day.

    An assumed row in force comes before all others: somebody asked for it. Then the row with the latest beginning,
    where the last value that a document attests begins on the last day that the document describes.

    Parameters
    ----------
    rows
        Rows of one place and kind; at least one.
    on
        The day.
    subject
        What they are rows of, for the explanation.
    conventions
        What may be used to date attested values.

    Returns
    -------
    Held
        The row, and the conventions that were used.

    Raises
    ------
    BeforeFirstValue
        If every row begins later.
    NoValueHere
        If the latest row has ended.
    InAttestedGap
        If the day lies where a document tells the order of values but not their days.
    """
    every = tuple(rows)
    assumed = _latest((row for row in every if row.standing is Standing.ASSUMED and not _ended(row, on)), on)
    if assumed is not None:
        return Held(assumed)
    dated = _latest((row for row in every if row.standing is not Standing.ASSUMED), on)
    ordered = sorted((row for row in every if row.attested is not None), key=_rank)
    span = ordered[-1].describes if ordered else None
    if span is not None and not _newer(dated, ordered[-1], span, on):
        return _attested(ordered, span, on, subject, conventions)
    if dated is None:
        raise _before(every, on, subject)
    if _ended(dated, on):
        raise _after(dated, on, subject)
    return Held(dated)


def boundary_days(rows: Iterable[Row]) -> set[date]:
    """List the days on which what holds may change: a row begins, or has ended, or ceases to be told."""
    found: set[date] = set()
    for row in rows:
        found |= {row.in_force} if row.in_force else set()
        found |= {row.until + ONE_DAY} if row.until else set()
        found |= {day + step for day in row.describes or () for step in (timedelta(0), ONE_DAY)}
    return found


def _rank(row: Row) -> int:
    return row.attested or 0


def _ended(row: Row, on: date) -> bool:
    return row.until is not None and row.until < on


def _latest(rows: Iterable[Row], on: date) -> Row | None:
    begun = [(row.in_force, row) for row in rows if row.in_force is not None and row.in_force <= on]
    return max(begun, key=lambda pair: pair[0])[1] if begun else None


def _newer(dated: Row | None, last: Row, span: Span, on: date) -> bool:
    """Tell whether a dated row comes after what a document attests, or dates the very value that it attests last."""
    if dated is None or dated.in_force is None:
        return False
    begun = [day for day in span if day <= on]
    return (
        not begun
        or dated.in_force >= begun[-1]
        or (len(begun) == 2 and dated.value == last.value and not _ended(dated, on))
    )


def _attested(
    ordered: Sequence[Row], span: Span, on: date, subject: Subject, conventions: frozenset[Convention]
) -> Held:
    """Take of values told in order: the first holds on the first day described, the last from the last day on."""
    first, last = span
    needed = (Convention.DATED_BY_LATEST_EVENT, *((Convention.CARRIED_FORWARD,) if on > last else ()))
    if on >= last and conventions.issuperset(needed):
        return Held(ordered[-1], needed)
    if on == first and ordered[0].attested == 1:
        return Held(ordered[0])
    if on < first:
        raise _before(ordered, on, subject)
    raise _gap(ordered, span, on, subject, [step for step in needed if on >= last and step not in conventions])


def _before(rows: Sequence[Row], on: date, subject: Subject) -> BeforeFirstValue:
    begins = min(day for row in rows for day in (row.in_force, *(row.describes or ())) if day is not None)
    return BeforeFirstValue(
        f"{subject.en}: the first value known is of {begins}, {on} is before it",
        f"{subject.zh}：已知最早的数值始于{begins}，{on}在此之前",
        "the notices in force before that day",
    )


def _after(row: Row, on: date, subject: Subject) -> NoValueHere:
    return NoValueHere(
        f"{subject.en}: the last value known ended on {row.until}, nothing is known for {on}",
        f"{subject.zh}：已知最后的数值止于{row.until}，{on}无数值",
        "a notice that continues or replaces it",
    )


def _gap(
    ordered: Sequence[Row], span: Span, on: date, subject: Subject, refused: Sequence[Convention]
) -> InAttestedGap:
    """Explain why a day between the ends of what a document describes has no value."""
    first, last = span
    source = ordered[-1].citation
    document = source.document if source else ""
    document_zh = source.document.zh if source else ""
    values = " → ".join(value_text(row.value, subject.unit) for row in ordered)
    if refused:
        named, named_zh = (
            " and ".join(str(step.value) for step in refused),
            "、".join(step.label_zh for step in refused),
        )
        why = f"{on} can be answered only under the convention {named!r}, which is switched off"
        why_zh = f"只有采用“{named_zh}”的理解才能确定{on}的数值，而该理解未被采用"
    else:
        why = f"between {first} and {last} it cannot be told which value held on {on}"
        why_zh = f"{first}至{last}之间无法确定{on}适用哪一数值"
    earlier = "" if ordered[0].attested == 1 else " (the earlier value is not published)"
    return InAttestedGap(
        f"{subject.en}: {document} gives the order {values}{earlier} but no day; {why}",
        f"{subject.zh}：{document_zh}只说明先后（{values}），未说明日期；{why_zh}",
        "the notice that set the value, with its first day",
    )
