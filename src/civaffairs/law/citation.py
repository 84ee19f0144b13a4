"""Documents and citations: which paper, which article, since when, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import attrs

from civaffairs.errors import UsageError, did_you_mean
from civaffairs.labels import Labelled
from civaffairs.law.tables import Lines, Table, parse

Span: TypeAlias = tuple[date, date]
"""Two days, both included."""


class ReadFrom(Labelled):
    """How the text behind a citation was read."""

    ISSUER = ("issuer", "发布机关原文")
    COPY = ("copy", "第三方副本")
    SECONDARY = ("secondary", "间接转述")


class DocumentKind(Labelled):
    """What kind of paper a document is."""

    LAW = ("law", "法律")
    REGULATION = ("regulation", "行政法规")
    LOCAL_REGULATION = ("local_regulation", "地方性法规")
    RULES = ("rules", "规章和办法")
    NOTICE = ("notice", "通知和意见")
    REPORT = ("report", "工作报告")
    CASE_COLLECTION = ("case_collection", "案例汇编")
    CODE_LIST = ("code_list", "代码表")

    @property
    def in_articles(self) -> bool:
        """Whether such a paper is written in articles (条), which fix what they say."""
        return self in {DocumentKind.LAW, DocumentKind.REGULATION, DocumentKind.LOCAL_REGULATION, DocumentKind.RULES}


_DIGITS = "零一二三四五六七八九"
_PLACES = ("千", "百", "十", "")


def chinese_number(number: int) -> str:
    """Write a number from 1 to 9999 as statutes write the numbers of their articles.

    Raises
    ------
    UsageError
        If the number is outside 1 to 9999.

    Examples
    --------
    >>> [chinese_number(number) for number in (8, 10, 18, 20, 101, 110, 1259)]
    ['八', '十', '十八', '二十', '一百零一', '一百一十', '一千二百五十九']
    """
    if not 1 <= number <= 9999:
        msg = f"{number} cannot be the number of an article; give 1 to 9999"
        raise UsageError(msg)
    text = ""
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        text += _DIGITS[int(digit)] + (place if digit != "0" else "")
    while "零零" in text:
        text = text.replace("零零", "零")
    text = text.strip("零")
    return text[1:] if text.startswith("一十") else text


@attrs.frozen(kw_only=True)
class Document:
    """A paper that rules and values stand on.

    Attributes
    ----------
    key
        Short name by which files cite it.
    title_zh, title_en
        Its title; laws without 中华人民共和国.
    number
        Its number (文号), or an empty string when it has none or none was read.
    issuer
        Who issued it.
    kind, read
        What kind of paper it is, and how its text was read.
    issued
        The day it was issued, when that is printed.
    public_between
        Otherwise: it was not yet public before the first day and was public on the last.
    in_force, repealed
        Its first day of force, and the first day on which it no longer has force.
    amended
        Day of the last amendment that is in the text read.
    describes
        The span of time that it reports on.
    note
        What a reader should know about the text or its dates.
    """

    key: str
    title_zh: str
    title_en: str
    number: str = ""
    issuer: str
    kind: DocumentKind
    read: ReadFrom
    issued: date | None = None
    public_between: Span | None = None
    in_force: date | None = None
    repealed: date | None = None
    amended: date | None = None
    describes: Span | None = None
    note: str = ""

    def published_by(self, known: date) -> bool | None:
        """Tell whether the public could know the document on a day.

        Returns
        -------
        bool or None
            ``None`` when the day lies within `public_between`: it cannot be told.

        Examples
        --------
        >>> report = document("nanning-report")
        >>> [report.published_by(date(year, 12, 31)) for year in (2023, 2025, 2026)]
        [False, None, True]
        """
        if self.public_between is None:
            return self.issued is not None and self.issued <= known
        first, last = self.public_between
        return True if known >= last else False if known < first else None

    def article(self, number: int, *, paragraph: int | None = None, item: int | None = None) -> Citation:
        """Cite an article (条), or one paragraph (款) and item (项) of it.

        Examples
        --------
        >>> document("social-assistance-law").article(8, paragraph=1, item=2).zh
        '《社会救助法》第八条第一款第二项'
        """
        return Citation(self, article=number, paragraph=paragraph, item=item)

    def section(self, heading: str) -> Citation:
        """Cite a heading of a document that is not written in articles, such as ``一(一)``."""
        return Citation(self, heading=heading)

    def __getitem__(self, number: int) -> Citation:
        """Cite an article: ``SOCIAL_ASSISTANCE_LAW[18]``."""
        return self.article(number)

    def __str__(self) -> str:
        return f"{self.title_en} ({self.title_zh})"

    @property
    def zh(self) -> str:
        """The title as Chinese writes it, with the number where there is one."""
        return f"《{self.title_zh}》" + (f"（{self.number}）" if self.number else "")


def _positive(instance: Citation, attribute: attrs.Attribute[int | None], value: int | None) -> None:
    if value is not None:
        chinese_number(value)


@attrs.frozen(repr=False)
class Citation:
    """A place in a document: an article with its paragraph and item, a heading, or the document as a whole.

    Examples
    --------
    >>> below_the_standard = document("social-assistance-law")[18]
    >>> print(below_the_standard)
    Social Assistance Law (社会救助法) art. 18
    >>> below_the_standard.zh
    '《社会救助法》第十八条'
    """

    document: Document
    article: int | None = attrs.field(default=None, kw_only=True, validator=_positive)
    paragraph: int | None = attrs.field(default=None, kw_only=True, validator=_positive)
    item: int | None = attrs.field(default=None, kw_only=True, validator=_positive)
    heading: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.article is None and (self.paragraph is not None or self.item is not None):
            msg = f"a paragraph or item of {self.document} is cited without its article; name the article too"
            raise UsageError(msg)

    @property
    def zh(self) -> str:
        """As Chinese law cites: 《社会救助法》第十八条."""
        parts = ((self.article, "条"), (self.paragraph, "款"), (self.item, "项"))
        numbered = "".join(f"第{chinese_number(number)}{unit}" for number, unit in parts if number is not None)
        return f"《{self.document.title_zh}》{numbered}{self.heading}"

    def __str__(self) -> str:
        parts = ((self.article, "art."), (self.paragraph, "para."), (self.item, "item"))
        numbered = [f"{unit} {number}" for number, unit in parts if number is not None]
        return " ".join([str(self.document), *numbered, *([f"section {self.heading}"] if self.heading else [])])

    def __repr__(self) -> str:
        return f"<{self}>"


_KEYS = tuple(field.name for field in attrs.fields(Document))


def read_documents(source: Path | str) -> dict[str, Document]:
    """Read a bibliography: the ``[[document]]`` tables of a TOML file or text.

    Parameters
    ----------
    source
        A file (a `Path`) or the TOML text itself (a `str`).

    Returns
    -------
    dict
        Documents by key.

    Raises
    ------
    LoadError
        Listing every fault with its line.
    """
    content, lines, faults = parse(source)
    top = Table("", 1, content, faults)
    top.only(["document"])
    found = documents_in(top, lines)
    faults.raise_any()
    return found


def documents_in(top: Table, lines: Lines) -> dict[str, Document]:
    """Read the ``[[document]]`` tables of a file that may hold other things too; faults go to the file's."""
    found: dict[str, Document] = {}
    for table in top.tables("document", lines, 0):
        read = _document(table)
        if read is not None and read.key in found:
            table.fault(f"the key {read.key!r} is used twice; give each document its own")
        if read is not None:
            found[read.key] = read
    return found


def _document(table: Table) -> Document | None:
    """Read one document, or nothing when its table has faults."""
    before = len(table.faults.found)
    table.only(_KEYS)
    kind = table.member("kind", DocumentKind)
    read = table.member("read", ReadFrom)
    issued, between = table.take("issued", date), _span(table, "public_between")
    in_force, repealed = table.take("in_force", date), table.take("repealed", date)
    if ("issued" in table.values) == ("public_between" in table.values):
        table.fault(
            "give exactly one of 'issued' (the day is printed) and 'public_between' (two days that it lies between)"
        )
    if in_force and repealed and repealed <= in_force:
        table.fault(f"it is repealed on {repealed}, not after it came into force on {in_force}")
    texts = {key: table.text(key, required=True) for key in ("key", "title_zh", "title_en", "issuer")}
    number, note = table.text("number"), table.text("note")
    amended, describes = table.take("amended", date), _span(table, "describes")
    if len(table.faults.found) > before or kind is None or read is None:
        return None
    return Document(
        **texts, number=number, note=note, kind=kind, read=read, issued=issued, public_between=between,
        in_force=in_force, repealed=repealed, amended=amended, describes=describes,
    )  # fmt: skip


def _span(table: Table, key: str) -> Span | None:
    """Read two days in order."""
    days = table.take(key, list)
    if days is None:
        return None
    if len(days) != 2 or any(type(day) is not date for day in days) or days[0] > days[1]:
        table.fault(f"{key!r} must be two days in order, e.g. [2019-01-01, 2024-12-31]")
        return None
    return days[0], days[1]


@cache
def documents() -> Mapping[str, Document]:
    """Give every document that the library stands on, by key.

    Examples
    --------
    >>> documents()["social-assistance-law"].in_force
    datetime.date(2026, 7, 1)
    """
    with as_file(files("civaffairs.law").joinpath("documents.toml")) as path:
        return MappingProxyType(read_documents(path))


def document(key: str) -> Document:
    """Look up one document of the bibliography.

    Raises
    ------
    UsageError
        If there is none of that key.

    Examples
    --------
    >>> document("social-assistance-law").zh
    '《社会救助法》'
    """
    known = documents()
    if key not in known:
        msg = f"no document has the key {key!r}{did_you_mean(key, known)}; documents() lists all {len(known)}"
        raise UsageError(msg)
    return known[key]
