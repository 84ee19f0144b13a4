"""An explanation: a tree from an amount down to facts and cited values, as text, HTML and plain data."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum

import attrs

from civaffairs.errors import UsageError, did_you_mean, listed
from civaffairs.labels import Labelled

SCHEMA = "civaffairs.explain/1"
"""Name and version of the form that `Explanation.to_dict` gives."""


class Language(Labelled):
    """The language of a text."""

    ENGLISH = ("en", "英文")
    CHINESE = ("zh", "中文")


def language_of(name: Language | str) -> Language:
    """Return a language by its code.

    >>> language_of("zh").label_zh
    '中文'
    """
    if isinstance(name, Language):
        return name
    codes = {str(language.value): language for language in Language}
    if name not in codes:
        msg = f"no language {name!r}{did_you_mean(name, codes)}; there are {listed(codes)}"
        raise UsageError(msg)
    return codes[name]


class Source(Enum):
    """Where a number of an explanation comes from."""

    RULE = "rule"
    FACT = "fact"
    VALUE = "value"


WORDS = {
    Language.ENGLISH: {
        "yes": "yes",
        "no": "no",
        "unknown": "not known",
        "unstated": "not stated",
        "each": " (each)",
        "idle": "does not apply",
        "fact": "as stated",
        "above": "as above",
        "yuan": "yuan",
        "months": "yuan/month",
        "year": "yuan/year",
    },
    Language.CHINESE: {
        "yes": "是",
        "no": "否",
        "unknown": "未知",
        "unstated": "未申报",
        "each": "（各）",
        "idle": "不适用",
        "fact": "申报事实",
        "above": "见上",
        "yuan": "元",
        "months": "元/月",
        "year": "元/年",
    },
}


@attrs.frozen(kw_only=True)
class Node:
    """One number of an explanation, with what it was worked out from.

    Attributes
    ----------
    name
        Name of the rule, fact or value.
    source
        Which of the three it is.
    meaning, label_zh
        What it is, in English and Chinese.
    values
        One text a person, or one for the household; in the order of ``persons``.
    persons
        Keys of the persons, masked where they look like identity numbers; empty for a household's number.
    citations
        What it rests on.
    notes
        How a value is known: since when, by which paper, how that was read.
    because
        What it was worked out from.
    repeated
        Whether it was told further up.
    each
        What is added to a value that is the same for several persons.
    """

    name: str
    source: Source
    meaning: str
    label_zh: str
    values: tuple[str, ...]
    persons: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    because: tuple[Node, ...] = ()
    repeated: bool = False
    each: str = " (each)"

    @property
    def value(self) -> str:
        """The values as one text."""
        if not self.persons:
            return self.values[0]
        if len(set(self.values)) == 1:
            return self.values[0] + (self.each if len(self.values) > 1 else "")
        return ", ".join(f"{person}: {value}" for person, value in zip(self.persons, self.values, strict=True))

    @property
    def nothing(self) -> bool:
        """Whether it is nought because all money it was worked out from is nought; text then leaves the rest out."""
        return (
            bool(self.because)
            and _is_nought(self)
            and all(_is_nought(node) for node in self.walk() if _is_money(node.values))
        )

    def to_dict(self) -> dict[str, object]:
        """The node and those below it as plain data."""
        return {
            "name": self.name,
            "source": self.source.value,
            "meaning": self.meaning,
            "label_zh": self.label_zh,
            "values": dict(zip(self.persons, self.values, strict=True)) if self.persons else self.values[0],
            "citations": list(self.citations),
            "notes": list(self.notes),
            "repeated": self.repeated,
            "because": [node.to_dict() for node in self.because],
        }

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it."""
        yield self
        for node in self.because:
            yield from node.walk()


def _is_money(values: Sequence[str]) -> bool:
    return all(value.endswith(("yuan", "yuan/month", "yuan/year", "元", "元/月", "元/年")) for value in values)


def _is_nought(node: Node) -> bool:
    return all(value.startswith("0.00 ") for value in node.values)


@attrs.frozen(kw_only=True, repr=False)
class Explanation:
    """Why a household gets what it gets."""

    tree: Node
    on: date
    known: date | None
    language: Language

    @property
    def known_throughout(self) -> bool:
        """Whether the number explained is known for everybody."""
        return WORDS[self.language]["unknown"] not in self.tree.values

    def to_dict(self) -> dict[str, object]:
        """The explanation as plain data, in the form named by its ``schema``."""
        return {
            "schema": SCHEMA,
            "on": self.on.isoformat(),
            "known": self.known.isoformat() if self.known else None,
            "language": self.language.value,
            "tree": self.tree.to_dict(),
        }

    def __str__(self) -> str:
        return "\n".join(_lines(self.tree, self.language))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<div>{_html(self.tree, self.language, opened=2)}</div>"


def _headline(node: Node, language: Language) -> str:
    zh = language is Language.CHINESE
    title = node.label_zh if zh else node.name
    extra = [] if zh or node.source is not Source.RULE else [node.meaning]
    if node.repeated:
        extra = [WORDS[language]["above"]]
    elif node.source is Source.FACT and set(node.values) != {WORDS[language]["unstated"]}:
        extra = [WORDS[language]["fact"]]
    told = "; ".join(extra)
    cited = "; ".join((*node.citations, *node.notes)) if not node.repeated else ""
    return f"{title} = {node.value}" + (f"  · {told}" if told else "") + (f"  ← {cited}" if cited else "")


def _lines(node: Node, language: Language, depth: int = 0) -> Iterator[str]:
    yield "  " * depth + _headline(node, language)
    for child in () if node.nothing else node.because:
        yield from _lines(child, language, depth + 1)


def _html(node: Node, language: Language, opened: int) -> str:
    head = html.escape(_headline(node, language))
    if not node.because:
        return f"<div style='margin-left:1.2em'>{head}</div>"
    inside = "".join(_html(child, language, opened - 1) for child in node.because)
    return (
        f"<details style='margin-left:1.2em'{' open' if opened > 0 else ''}><summary>{head}</summary>{inside}</details>"
    )
