"""Why: the same run with one household kept, told as a tree from the amount down to facts and cited values."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from civaffairs.calendar import date_of
from civaffairs.errors import UsageError, did_you_mean, listed, masked
from civaffairs.law.lookup import Found, Parameter
from civaffairs.law.timeline import NotPublished
from civaffairs.law.values import value_text
from civaffairs.money import yuan_text
from civaffairs.people.columns import Choice, Kind, Level
from civaffairs.people.population import Population
from civaffairs.rules.plan import Plan, Run, place_text, plan_value
from civaffairs.rules.rule import DAY, AnyRule, Operation, Unit
from civaffairs.rules.values import COMMON_MONTHS

SCHEMA = "civaffairs.explain/1"
"""Name and version of the form that `Explanation.to_dict` gives."""


class Language(Enum):
    """The language of a text."""

    label_zh: str

    ENGLISH = ("en", "英文")
    CHINESE = ("zh", "中文")

    def __new__(cls, value: str, label_zh: str) -> Language:
        """Keep the Chinese label beside the value."""
        member = object.__new__(cls)
        member._value_ = value
        member.label_zh = label_zh
        return member


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


_WORDS = {
    Language.ENGLISH: {
        "yes": "yes",
        "no": "no",
        "unknown": "not known",
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

    @property
    def value(self) -> str:
        """The values as one text."""
        if not self.persons:
            return self.values[0]
        if len(set(self.values)) == 1:
            return f"{self.values[0]}" + (" (each)" if len(self.values) > 1 else "")
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
        extra = [_WORDS[language]["above"]]
    elif node.source is Source.FACT:
        extra = [_WORDS[language]["fact"]]
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


def explain(
    plan: Plan, population: Population, target: str, *, language: Language = Language.ENGLISH, person: str | None = None
) -> Explanation:
    """Run one household again, keep every number, and tell how the target came about.

    Parameters
    ----------
    plan
        The plan of the run to be explained.
    population
        A population of one household.
    target
        Name of the rule.
    language
        English or Chinese.
    person
        Key of one person, to tell only that person's numbers.
    """
    teller = _Teller.of(plan, population, language, person)
    return Explanation(tree=teller.tell(target, set()), on=plan.day.on, known=plan.known, language=language)


@attrs.frozen(kw_only=True, eq=False)
class _Teller:
    plan: Plan
    population: Population
    run: Run
    rules: Mapping[str, AnyRule]
    language: Language
    members: tuple[int, ...]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan, population: Population, language: Language, person: str | None) -> _Teller:
        rules = {step.rule.name: step.rule for step in plan.steps}
        keys = population.person["person_id"].tolist()
        members = (
            tuple(range(len(keys))) if person is None else tuple(k for k, key in enumerate(keys) if str(key) == person)
        )
        run = plan.run(population, keep=tuple(rules))
        told = tuple(masked(keys[k]) for k in members)
        return cls(
            plan=plan, population=population, run=run, rules=rules, language=language, members=members, keys=told
        )

    def tell(self, name: str, told: set[str]) -> Node:
        if name in self.plan.parameters:
            return self._value(self.plan.parameters[name])
        if name not in self.rules:
            return self._fact(name)
        rule = self.rules[name]
        if rule.operation is Operation.SETTLED and self._unchanged(rule):
            return self.tell(rule.arguments[1], told)
        repeated = name in told
        told.add(name)
        because = () if repeated else tuple(self.tell(need, told) for need in self._telling(rule))
        return Node(
            name=name,
            source=Source.RULE,
            meaning=rule.meaning,
            label_zh=rule.label_zh,
            values=self._texts(name, rule),
            persons=self._persons(rule.level),
            citations=tuple(c.zh if self.language is Language.CHINESE else str(c) for c in rule.citations),
            because=because,
            repeated=repeated,
        )

    def _unchanged(self, rule: AnyRule) -> bool:
        return self._known(rule.name) and bool((self.run.values(rule.name) == self._raw(rule.arguments[1])).all())

    def _raw(self, name: str) -> Any:  # noqa: ANN401
        return self.run.values(name) if name in self.rules else self.population.column(name)

    def _known(self, name: str) -> bool:
        if name in self.rules:
            return self.run.unknown(name, self.plan.levels[name]) is None
        if name in self.plan.parameters:
            return all(isinstance(found, Found) for found in self._founds(self.plan.parameters[name]))
        stated = self.population.stated.get(name)
        return self.population.column(name) is not None and (stated is None or bool(stated.all()))

    def _telling(self, rule: AnyRule) -> Sequence[str]:
        """Name what decided: of several conditions those that did, and nothing behind a flag that is down."""
        needs = [need for need in rule.needs if need != DAY]
        if rule.only_where is not None and self._all(rule.only_where, False):
            return [rule.only_where]
        if rule.operation is Operation.FIRST_STATED and (stated := [n for n in needs if self._known(n)]):
            return stated[:1]
        if rule.operation is Operation.EITHER and (deciding := [n for n in needs if self._any(n, True)]):
            return deciding
        if rule.operation is Operation.EVERY and (deciding := [n for n in needs if self._all(n, False)]):
            return deciding[:1]
        return needs

    def _all(self, name: str, value: bool) -> bool:
        if not self._known(name) or name in self.plan.parameters:
            return False
        return bool((np.asarray(self._of_members(name)) == value).all())

    def _any(self, name: str, value: bool) -> bool:
        if not self._known(name) or name in self.plan.parameters:
            return False
        return bool((np.asarray(self._of_members(name)) == value).any())

    def _of_members(self, name: str) -> Any:  # noqa: ANN401
        raw = self._raw(name)
        return raw[list(self.members)] if self.plan.levels[name] is Level.PERSON else raw

    def _persons(self, level: Level) -> tuple[str, ...]:
        return self.keys if level is Level.PERSON else ()

    def _texts(self, name: str, rule: AnyRule) -> tuple[str, ...]:
        values, causes = self.run.values(name), self.run.unknown(name, rule.level)
        rows = self.members if rule.level is Level.PERSON else (0,)
        unknown = _WORDS[self.language]["unknown"]
        return tuple(unknown if causes is not None and causes[k] else self._text(values[k].item(), rule) for k in rows)

    def _text(self, value: Any, rule: AnyRule) -> str:  # noqa: ANN401
        words = _WORDS[self.language]
        if rule.gives == "Flags":
            return words["yes"] if value else words["no"]
        if rule.gives == "Codes":
            return self._choice_text(int(value), rule)
        if rule.unit is Unit.FEN_COMMON:
            return _common_text(value, words)
        if rule.gives == "Fen":
            return f"{yuan_text(value)} {words['months' if rule.unit is Unit.FEN_MONTH else 'yuan']}"
        return str(value)

    def _choice_text(self, number: int, rule: AnyRule) -> str:
        for need in rule.arguments:
            column = self.plan.inputs.get(need)
            if column is not None and column.choices is not None:
                return _choice_of(column.choices, number, self.language)
            if need in self.plan.parameters and self.plan.parameters[need].choices:
                return self.plan.parameters[need].choices[number]
            if need in self.rules and self.rules[need].gives == "Codes":
                return self._choice_text(number, self.rules[need])
        return str(number)

    def _fact(self, name: str) -> Node:
        column = self.plan.inputs[name]
        values, stated = self.population.column(name), self.population.stated.get(name)
        rows = self.members if column.level is Level.PERSON else (0,)
        words = _WORDS[self.language]
        texts = []
        for k in rows:
            if values is None or (stated is not None and not stated[k]):
                texts.append(words["unknown"])
            elif column.kind is Kind.FLAG:
                texts.append(words["yes"] if values[k] else words["no"])
            elif column.kind is Kind.CHOICE and column.choices is not None:
                texts.append(_choice_of(column.choices, int(values[k]), self.language))
            elif column.kind is Kind.FEN:
                texts.append(f"{yuan_text(int(values[k]))} {words['yuan']}")
            elif column.kind is Kind.DATE:
                texts.append(date_of(int(values[k])).isoformat())
            elif column.kind is Kind.PLACE:
                texts.append(place_text(int(values[k])))
            else:
                texts.append(str(values[k]))
        return Node(
            name=name,
            source=Source.FACT,
            meaning=column.meaning,
            label_zh=column.label_zh,
            values=tuple(texts),
            persons=self._persons(column.level),
        )

    def _founds(self, parameter: Parameter) -> list[Found | NotPublished | None]:
        column = self.population.column(parameter.by)
        if column is None:
            return [None]
        level = self.plan.levels[parameter.name]
        rows = self.members if level is Level.PERSON else (0,)
        codes = dict.fromkeys(int(column[k]) for k in rows)
        return [plan_value(self.plan, parameter, code) for code in codes]

    def _value(self, parameter: Parameter) -> Node:
        texts, citations, notes = [], [], []
        chinese = self.language is Language.CHINESE
        for found in self._founds(parameter):
            if isinstance(found, Found):
                texts.append(value_text(found.value, parameter.unit))
                citations.append((found.citation.zh if chinese else str(found.citation)) if found.citation else "")
                notes += [found.standing.label_zh if chinese else found.standing.value, *found.notes]
            elif found is None:
                texts.append(_WORDS[self.language]["unknown"])
                notes.append(f"{parameter.by} is not stated")
            else:
                texts.append(_WORDS[self.language]["unknown"])
                notes.append(found.reason_zh if chinese else str(found))
        return Node(
            name=parameter.name,
            source=Source.VALUE,
            meaning=parameter.title_en,
            label_zh=parameter.title_zh,
            values=(" / ".join(dict.fromkeys(texts)),),
            citations=tuple(c for c in dict.fromkeys(citations) if c),
            notes=tuple(dict.fromkeys(notes)),
        )


def _choice_of(choices: type[Choice], number: int, language: Language) -> str:
    member = list(choices)[number]
    return member.label_zh if language is Language.CHINESE else str(member.value)


def _common_text(value: int, words: Mapping[str, str]) -> str:
    """Write fen over 27,720 months as yuan a month where that is whole fen, else as yuan a year."""
    month = Fraction(value, COMMON_MONTHS)
    if month.denominator == 1:
        return f"{yuan_text(month)} {words['months']}"
    return f"{yuan_text(month * 12)} {words['year']}"
