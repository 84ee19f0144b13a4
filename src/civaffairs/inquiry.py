"""What can be asked of the law without a roster: values in a place, what changed, and the columns it needs."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date
from typing import Generic, TypeVar, overload

import attrs

from civaffairs.assessment.requirement import Requirement, Requirements
from civaffairs.assessment.tabular import html_table
from civaffairs.errors import UsageError
from civaffairs.law.lookup import Found, Parameter
from civaffairs.law.places import chain
from civaffairs.law.timeline import NotPublished, Row
from civaffairs.law.values import value_text
from civaffairs.people.columns import Kind
from civaffairs.rules.explain import Language
from civaffairs.rules.plan import look_up
from civaffairs.rules.rule import AnyRule
from civaffairs.rules.rulebook import Rulebook


@attrs.frozen(kw_only=True)
class ValueRow:
    """A value in a place on a day, or why it is not known.

    Attributes
    ----------
    name, title, label_zh
        Which value.
    place
        Code of the place that sets it, at or above the one asked for; empty where it is not known.
    value
        The value with its unit; empty where it is not known.
    since, since_zh
        Since when.
    document, document_zh
        The paper that sets it.
    standing, standing_zh
        What it stands on; *unknown* where it is not known.
    remark, remark_zh
        How it was read, or why it is not known and where to look.
    """

    name: str
    title: str
    label_zh: str
    place: str = ""
    value: str = ""
    since: str = ""
    since_zh: str = ""
    document: str = ""
    document_zh: str = ""
    standing: str = "unknown"
    standing_zh: str = "未知"
    remark: str = ""
    remark_zh: str = ""

    def cells(self, language: Language) -> list[str]:
        """The row in one language."""
        if language is Language.CHINESE:
            told = [self.label_zh, self.value, self.since_zh, self.document_zh, self.standing_zh, self.remark_zh]
        else:
            told = [self.title, self.value, self.since, self.document, self.standing, self.remark]
        return [self.name, *told[:1], self.place, *told[1:]]

    def text(self, language: Language = Language.ENGLISH) -> str:
        """The value in two lines: what it is, and what it stands on or where to look."""
        name, title, place, value, since, document, standing, remark = self.cells(language)
        if not value:
            return f"{name}: {standing}  {title}\n    {remark}"
        behind = "; ".join(part for part in (document, standing, remark) if part)
        return f"{name} = {value} ({place}, {since})  {title}\n    {behind}"


@attrs.frozen(kw_only=True)
class Change:
    """A rule or value that is not the same on two days.

    Attributes
    ----------
    what
        ``rule`` or ``value``.
    name, title, label_zh
        Which one.
    before, before_zh, after, after_zh
        What it was and what it is: for a rule its first day and articles, for a value the value and its document.
    """

    what: str
    name: str
    title: str
    label_zh: str
    before: str
    before_zh: str
    after: str
    after_zh: str

    def cells(self, language: Language) -> list[str]:
        """The change in one language."""
        if language is Language.CHINESE:
            what = {"rule": "规则", "value": "数值"}[self.what]
            return [what, self.name, self.label_zh, self.before_zh, self.after_zh]
        return [self.what, self.name, self.title, self.before, self.after]

    def text(self, language: Language = Language.ENGLISH) -> str:
        """The change in three lines."""
        what, name, title, before, after = self.cells(language)
        return f"{what} {name}  {title}\n  - {before}\n  + {after}"


HEADS: dict[type, tuple[list[str], list[str]]] = {
    ValueRow: (
        ["name", "what it is", "place", "value", "since", "document", "standing", "remark, or where to look"],
        ["名称", "含义", "地区", "数值", "起始", "文件", "依据", "说明或查找处"],
    ),
    Change: (["kind", "name", "what it is", "before", "after"], ["种类", "名称", "含义", "之前", "之后"]),
}

R = TypeVar("R", ValueRow, Change)


@attrs.frozen(repr=False)
class Rows(Sequence[R], Generic[R]):
    """Rows of one kind that print as a table."""

    kind: type[R]
    items: tuple[R, ...]

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> Rows[R]: ...
    def __getitem__(self, index: int | slice) -> R | Rows[R]:
        return Rows(self.kind, self.items[index]) if isinstance(index, slice) else self.items[index]

    def header(self, language: Language = Language.ENGLISH) -> list[str]:
        """Names of the columns."""
        return HEADS[self.kind][language is Language.CHINESE]

    def lines(self, language: Language = Language.ENGLISH) -> list[list[str]]:
        """The cells of each row."""
        return [item.cells(language) for item in self.items]

    def text(self, language: Language = Language.ENGLISH) -> str:
        """Write the rows, a few lines each."""
        return "\n".join(item.text(language) for item in self.items)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return html_table(self.header(), self.lines())


def parameter_table(
    rulebook: Rulebook, place: str, on: date, known: date | None = None, schemes: Sequence[str] | None = None
) -> Rows[ValueRow]:
    """List the values that hold in a place on a day, and those that are not known there.

    Parameters
    ----------
    rulebook
        Whose values.
    place
        Division code.
    on, known
        The day, and the day whose knowledge is used.
    schemes
        Only the values that these schemes' own rules read.

    Examples
    --------
    >>> from civaffairs.schemes import RULEBOOK
    >>> rows = parameter_table(RULEBOOK, "450103", date(2026, 8, 1), schemes=["old_age"])
    >>> [(row.name, row.value) for row in rows]
    [('old_age_allowance_from_age', '80 years'), ('old_age_allowance_tiers', '')]
    """
    chain(place)  # a malformed code is an error even where nothing is asked of it
    wanted = rulebook.parameters if schemes is None else _read_by(rulebook, schemes, on, known)
    parameters = [parameter for name, parameter in rulebook.parameters.items() if name in wanted]
    return Rows(ValueRow, tuple(_value_row(parameter, place, on, known) for parameter in parameters))


def _read_by(rulebook: Rulebook, schemes: Sequence[str], on: date, known: date | None) -> Container[str]:
    rulebook.plan(on, known=known, schemes=tuple(schemes))  # refuses a scheme that does not exist
    targets = [rule.name for name in schemes for rule in rulebook.schemes[name].targets]
    reached, waiting = set[str](), targets
    while waiting:
        name = waiting.pop()
        rule = rulebook.in_force(name, on, known) if name in rulebook.by_name else None
        if name not in reached and rule is not None:
            waiting += rule.needs
        reached |= {name, name.partition("@")[0]}
    return reached


def _value_row(parameter: Parameter, place: str, on: date, known: date | None) -> ValueRow:
    named = {"name": parameter.name, "title": parameter.title_en, "label_zh": parameter.title_zh}
    found = look_up(parameter, place, on, known)
    if isinstance(found, NotPublished):
        look = f"；查找：{found.where_to_look}" if found.where_to_look else ""
        return ValueRow(**named, remark=str(found), remark_zh=found.reason_zh + look)
    since, since_zh = _since(found.row)
    return ValueRow(
        **named,
        place=found.place,
        value=value_text(found.value, parameter.unit),
        since=since,
        since_zh=since_zh,
        document=str(found.citation or ""),
        document_zh=found.citation.zh if found.citation else "",
        standing=str(found.standing.value),
        standing_zh=found.standing.label_zh,
        remark="; ".join(found.notes),
        remark_zh="；".join([*(convention.label_zh for convention in found.conventions), *found.row.notes]),
    )


def _since(row: Row) -> tuple[str, str]:
    if row.in_force is not None:
        return row.in_force.isoformat(), row.in_force.isoformat()
    last = row.describes[1] if row.describes else ""
    return f"by {last}", f"不晚于{last}"


def changes(rulebook: Rulebook, first: date, last: date, place: str, known: date | None = None) -> Rows[Change]:
    """List the rules and values that are not the same on two days in a place.

    Parameters
    ----------
    rulebook
        Whose rules and values.
    first, last
        The two days.
    place
        Division code.
    known
        Use only what was public by this day.

    Raises
    ------
    UsageError
        If the second day is not after the first.

    Examples
    --------
    >>> from civaffairs.schemes import RULEBOOK
    >>> act = changes(RULEBOOK, date(2026, 6, 30), date(2026, 7, 1), "450103")
    >>> amount = next(change for change in act if change.name == "dibao_amount")
    >>> amount.after_zh
    '自2026-07-01起：《社会救助法》第十八条第二款、《最低生活保障审核确认办法》第二十三条'
    """
    if last <= first:
        msg = f"{last} is not after {first}; give the earlier day first"
        raise UsageError(msg)
    chain(place)
    rules = [
        _rule_change(rulebook.in_force(name, first, known), rulebook.in_force(name, last, known))
        for name in rulebook.by_name
    ]
    values = [
        _value_change(parameter, look_up(parameter, place, first, known), look_up(parameter, place, last, known))
        for parameter in rulebook.parameters.values()
    ]
    return Rows(Change, tuple(change for change in (*rules, *values) if change is not None))


def _rule_change(old: AnyRule | None, new: AnyRule | None) -> Change | None:
    either = new or old
    if old is new or either is None:
        return None
    (before, before_zh), (after, after_zh) = _rule_text(old), _rule_text(new)
    return Change(
        what="rule", name=either.name, title=either.meaning, label_zh=either.label_zh,
        before=before, before_zh=before_zh, after=after, after_zh=after_zh,
    )  # fmt: skip


def _rule_text(rule: AnyRule | None) -> tuple[str, str]:
    if rule is None:
        return "no rule written", "未编写规则"
    cited, cited_zh = "; ".join(map(str, rule.citations)), "、".join(citation.zh for citation in rule.citations)
    return f"since {rule.since}: {cited}", f"自{rule.since}起：{cited_zh}"


def _value_change(parameter: Parameter, old: Found | NotPublished, new: Found | NotPublished) -> Change | None:
    kept = old.row == new.row if isinstance(old, Found) and isinstance(new, Found) else type(old) is type(new)
    if kept:
        return None
    (before, before_zh), (after, after_zh) = _outcome_text(parameter, old), _outcome_text(parameter, new)
    return Change(
        what="value", name=parameter.name, title=parameter.title_en, label_zh=parameter.title_zh,
        before=before, before_zh=before_zh, after=after, after_zh=after_zh,
    )  # fmt: skip


def _outcome_text(parameter: Parameter, outcome: Found | NotPublished) -> tuple[str, str]:
    if isinstance(outcome, NotPublished):
        return f"not known: {outcome}", f"未知：{outcome.reason_zh}"
    value, cited = value_text(outcome.value, parameter.unit), outcome.citation
    told = f"{value} ({cited})" if cited else f"{value} (assumed)"
    return told, f"{value}（{cited.zh if cited else '假定'}）"


TEMPLATE_HEAD = ("column", "中文", "about", "written as", "codes", "needed", "meaning", "articles", "rules")
"""Columns of the table that describes a roster's columns."""


def template_lines(needed: Requirements) -> list[list[str]]:
    """Describe the columns of a roster, one a line, under `TEMPLATE_HEAD`."""
    return [_template_line(item) for item in needed]


def _template_line(item: Requirement) -> list[str]:
    column = item.column
    codes = "; ".join(f"{choice.value}={choice.label_zh}" for choice in column.choices or ())
    written = "yuan with at most two decimals, as 1380.00" if column.kind is Kind.FEN else column.kind.value
    return [
        column.name,
        column.label_zh,
        f"{column.level.value} {column.level.label_zh}",
        written,
        codes,
        "required" if column.required else "may be left empty: then not assessed",
        column.meaning,
        "; ".join(item.articles),
        ", ".join(item.rules),
    ]
