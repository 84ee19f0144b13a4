"""Why: the same run with one household kept, told from the amount down to facts and cited values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from civaffairs.calendar import date_of
from civaffairs.errors import masked
from civaffairs.labels import Labelled
from civaffairs.law.lookup import Found, Parameter
from civaffairs.law.timeline import NotPublished
from civaffairs.law.values import value_text
from civaffairs.money import yuan_text
from civaffairs.people.columns import Kind, Level
from civaffairs.people.population import Population
from civaffairs.rules.explanation import SCHEMA, WORDS, Explanation, Language, Node, Source, language_of
from civaffairs.rules.plan import Plan, Run, place_text, plan_value
from civaffairs.rules.rule import DAY, AnyRule, Operation, Unit
from civaffairs.rules.values import COMMON_MONTHS

__all__ = ["SCHEMA", "Explanation", "Language", "Node", "Source", "explain", "language_of"]


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
            each=WORDS[self.language]["each"],
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
        unknown = WORDS[self.language]["unknown"]
        if rule.only_where is not None and rule.gives != "Flags" and self._all(rule.only_where, False):
            return tuple(WORDS[self.language]["idle"] for _ in rows)
        return tuple(unknown if causes is not None and causes[k] else self._text(values[k].item(), rule) for k in rows)

    def _text(self, value: Any, rule: AnyRule) -> str:  # noqa: ANN401
        words = WORDS[self.language]
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
        words = WORDS[self.language]
        texts = []
        for k in rows:
            if values is None or (stated is not None and not stated[k]):
                texts.append(words["unstated"])
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
            each=words["each"],
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
                notes.append(found.standing.label_zh if chinese else found.standing.value)
                notes += [*(c.label_zh for c in found.conventions), *found.row.notes] if chinese else found.notes
            elif found is None:
                texts.append(WORDS[self.language]["unknown"])
                notes.append(f"{parameter.by} is not stated")
            else:
                texts.append(WORDS[self.language]["unknown"])
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


def _choice_of(choices: type[Labelled], number: int, language: Language) -> str:
    member = list(choices)[number]
    return member.label_zh if language is Language.CHINESE else str(member.value)


def _common_text(value: int, words: Mapping[str, str]) -> str:
    """Write fen over 27,720 months as yuan a month where that is whole fen, else as yuan a year."""
    month = Fraction(value, COMMON_MONTHS)
    if month.denominator == 1:
        return f"{yuan_text(month)} {words['months']}"
    return f"{yuan_text(month * 12)} {words['year']}"
