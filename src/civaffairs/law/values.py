"""What a parameter may be: its unit, its kind, and how a value is read and written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

import attrs

from civaffairs.errors import did_you_mean
from civaffairs.labels import Labelled
from civaffairs.money import yuan_text


class Unit(Labelled):
    """What a value is counted in; urban standards are per month, rural ones per year."""

    FEN_PERSON_MONTH = ("fen/person/month", "元/人/月")
    FEN_PERSON_YEAR = ("fen/person/year", "元/人/年")
    FEN_HOUSEHOLD_MONTH = ("fen/household/month", "元/户/月")
    FEN_HOUSEHOLD_YEAR = ("fen/household/year", "元/户/年")
    FEN_PERSON = ("fen/person", "元/人")
    FEN_HOUSEHOLD = ("fen/household", "元/户")
    FEN_MONTH = ("fen/month", "元/月")
    FEN = ("fen", "元")
    YEARS = ("years", "年")
    MONTHS = ("months", "个月")
    DAYS = ("days", "日")
    WORKING_DAYS = ("working days", "个工作日")
    PERSONS = ("persons", "人")
    COUNT = ("count", "个")
    SQUARE_CENTIMETRES = ("cm²", "平方厘米")
    CENTIMETRES = ("cm", "厘米")
    RATIO = ("ratio", "倍")
    FLAG = ("flag", "是否")
    CHOICE = ("choice", "选项")
    CLASSES = ("classes", "类别")
    GROUPS = ("groups", "人群")

    @property
    def is_money(self) -> bool:
        """Whether values are fen."""
        return str(self.value).startswith("fen")


class ValueKind(Labelled):
    """What kind of value a parameter has."""

    MONEY = ("money", "金额")
    COUNT = ("count", "数量")
    RATIO = ("ratio", "比例")
    FLAG = ("flag", "是否")
    CHOICE = ("choice", "选项")
    SCALE = ("scale", "分档")
    CLASSES = ("classes", "类别")
    GROUPS = ("groups", "人群")

    def fits(self, unit: Unit) -> bool:
        """Tell whether values of this kind can be counted in a unit."""
        own = {
            ValueKind.RATIO: Unit.RATIO,
            ValueKind.FLAG: Unit.FLAG,
            ValueKind.CHOICE: Unit.CHOICE,
            ValueKind.CLASSES: Unit.CLASSES,
            ValueKind.GROUPS: Unit.GROUPS,
        }
        if self in own:
            return unit is own[self]
        return (
            unit.is_money
            if self in {ValueKind.MONEY, ValueKind.SCALE}
            else unit not in own.values() and not unit.is_money
        )


class Basis(Labelled):
    """Whether each step of a scale is paid for a person or for a household."""

    PERSON = ("person", "按人")
    HOUSEHOLD = ("household", "按户")


@attrs.frozen
class Step:
    """From this threshold on (inclusive) the scale gives this value."""

    threshold: int
    value: int


@attrs.frozen
class Scale:
    """A table of tiers (分档): the last step whose threshold is reached gives the value."""

    basis: Basis
    steps: tuple[Step, ...]

    def of(self, reached: int) -> int | None:
        """Give the value at a point, or ``None`` below the first threshold.

        Examples
        --------
        >>> scale = Scale(Basis.PERSON, (Step(80, 5_000), Step(90, 10_000)))
        >>> [scale.of(age) for age in (79, 80, 89, 90)]
        [None, 5000, 5000, 10000]
        """
        under = [step.value for step in self.steps if step.threshold <= reached]
        return under[-1] if under else None


class DisabilityKind(Labelled):
    """The kinds of disability (残疾类别) that a certificate names."""

    VISUAL = ("visual", "视力")
    HEARING = ("hearing", "听力")
    SPEECH = ("speech", "言语")
    PHYSICAL = ("physical", "肢体")
    INTELLECTUAL = ("intellectual", "智力")
    MENTAL = ("mental", "精神")
    MULTIPLE = ("multiple", "多重")


class ElderStatus(Labelled):
    """What an old person is to the bureau (老年人身份), as statutes on services name it."""

    EVERYBODY = ("everybody", "全体老年人")
    TEKUN = ("tekun", "特困人员")
    DIBAO = ("dibao", "低保对象")
    EDGE = ("edge", "低保边缘家庭成员")
    LOW_INCOME = ("low_income", "低收入家庭成员")
    FAMILY_PLANNING_SPECIAL = ("family_planning_special", "计划生育特殊家庭成员")
    LIVING_ALONE_80 = ("living_alone_80", "八十周岁以上独居老年人")
    SEVERELY_DISABLED_POOR = ("severely_disabled_poor", "低收入重度残疾老年人")
    FAMILY_PLANNING_POOR = ("family_planning_poor", "低收入计划生育特殊家庭老年人")


ABILITIES = ("able", "partly", "unable")
"""How far an old person cares for themselves, as a group may ask for it; ``any`` stands for all three."""

DisabilityClass: TypeAlias = tuple[str, int]
"""Kind of disability (the value of a `DisabilityKind`) and grade, 1 the severest of 4."""
ElderGroup: TypeAlias = tuple[str, str]
"""A group of the old: an `ElderStatus`'s value, and one of `ABILITIES`."""

CM2_IN_M2 = 10_000
"""Areas are whole square centimetres, so that a limit of 1.0 m² is compared exactly."""

Value: TypeAlias = int | Fraction | bool | str | Scale | frozenset[DisabilityClass] | frozenset[ElderGroup]
"""What a parameter's value is in Python: fen and counts are ``int``, ratios `Fraction`."""


class NotAValue(ValueError):
    """A value is not of its parameter's kind; the message says what to write."""


def read_value(raw: object, kind: ValueKind, choices: Sequence[str] = ()) -> Value:
    """Read a value as TOML gives it.

    Parameters
    ----------
    raw
        As `tomllib` gives it.
    kind
        What it must be.
    choices
        What a choice may be.

    Returns
    -------
    Value
        Exact, hashable.

    Raises
    ------
    NotAValue
        If it is not of that kind.

    Examples
    --------
    >>> read_value(62_000, ValueKind.MONEY)
    62000
    >>> read_value("3/2", ValueKind.RATIO)
    Fraction(3, 2)
    >>> sorted(read_value(["any:1-2", "mental:3"], ValueKind.CLASSES))[:3]
    [('hearing', 1), ('hearing', 2), ('intellectual', 1)]
    >>> sorted(read_value(["tekun:unable", "dibao:partly"], ValueKind.GROUPS))
    [('dibao', 'partly'), ('tekun', 'unable')]
    """
    if kind is ValueKind.CHOICE:
        if not isinstance(raw, str) or raw not in choices:
            msg = f"{raw!r} is not one of the choices {', '.join(choices)}{did_you_mean(str(raw), choices)}"
            raise NotAValue(msg)
        return raw
    return _READERS[kind](raw)


def accept_value(value: Value, kind: ValueKind, choices: Sequence[str] = ()) -> Value:
    """Hold a value given in Python to the same kinds as one read from a file.

    Raises
    ------
    NotAValue
        If it is not of that kind.

    Examples
    --------
    >>> accept_value(Fraction(7, 5), ValueKind.RATIO)
    Fraction(7, 5)
    """
    ready = {ValueKind.SCALE: Scale, ValueKind.CLASSES: frozenset, ValueKind.GROUPS: frozenset}
    if kind in ready and isinstance(value, ready[kind]):
        return value
    return read_value(
        str(value) if kind is ValueKind.RATIO and isinstance(value, Fraction | int) else value, kind, choices
    )


def value_text(value: Value, unit: Unit) -> str:
    """Write a value for a reader: money in yuan, ratios as fractions.

    Examples
    --------
    >>> value_text(62_000, Unit.FEN_PERSON_MONTH)
    '620.00 yuan/person/month'
    >>> value_text(Fraction(3, 2), Unit.RATIO)
    '3/2'
    >>> value_text(15_000, Unit.SQUARE_CENTIMETRES)
    '1.5 m²'
    >>> value_text(1, Unit.MONTHS), value_text(12, Unit.MONTHS)
    ('1 month', '12 months')
    """
    if isinstance(value, Scale):
        steps = "; ".join(f"from {step.threshold}: {value_text(step.value, unit)}" for step in value.steps)
        return f"per {value.basis.value}: {steps}"
    if isinstance(value, frozenset):
        return _groups_text(value) if unit is Unit.GROUPS else _classes_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if unit.is_money and isinstance(value, int):
        return f"{yuan_text(value)} {str(unit.value).replace('fen', 'yuan', 1)}"
    if unit is Unit.SQUARE_CENTIMETRES and isinstance(value, int):
        return f"{(Decimal(value) / CM2_IN_M2).normalize():f} m²"
    bare = {Unit.RATIO, Unit.CHOICE, Unit.COUNT}
    if unit in bare:
        return str(value)
    return f"{value} {unit.value.removesuffix('s') if value == 1 else unit.value}"


def _groups_text(groups: frozenset[DisabilityClass] | frozenset[ElderGroup]) -> str:
    """Write groups as short as a file does: a status with every ability is one with any."""
    asked: dict[str, list[str]] = {}
    for status, ability in groups:
        asked.setdefault(status, []).append(str(ability))
    every = len(ABILITIES)
    return ", ".join(
        f"{status.value}:{ability}"
        for status in ElderStatus
        if status.value in asked
        for ability in (["any"] if len(asked[status.value]) == every else sorted(asked[status.value]))
    )


def _classes_text(classes: frozenset[DisabilityClass] | frozenset[ElderGroup]) -> str:
    """Write classes as short as a file does: a grade that every kind has is a grade of any kind."""
    kinds = [str(kind.value) for kind in DisabilityKind]
    of_any = {grade for grade in range(1, 5) if all((kind, grade) in classes for kind in kinds)}
    rest = sorted((kind, grade) for kind, grade in classes if grade not in of_any)
    return ", ".join([*(f"any:{grade}" for grade in sorted(of_any)), *(f"{kind}:{grade}" for kind, grade in rest)])


def _money(raw: object) -> int:
    if type(raw) is not int or raw < 0:
        msg = f"{raw!r} is not money; write whole fen without quotes, e.g. 62_000 for 620 yuan"
        raise NotAValue(msg)
    return raw


def _count(raw: object) -> int:
    if type(raw) is not int or raw < 0:
        msg = f"{raw!r} is not a count; write a whole number from 0"
        raise NotAValue(msg)
    return raw


def _ratio(raw: object) -> Fraction:
    text = raw.strip() if isinstance(raw, str) else ""
    found = re.fullmatch(r"(\d+)(?:/(\d+))?", text, re.ASCII)
    if found is None or int(found.group(2) or 1) == 0:
        msg = f'{raw!r} is not an exact ratio; write a fraction in quotes, e.g. "3/2"'
        raise NotAValue(msg)
    return Fraction(text)


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        msg = f"{raw!r} is not a flag; write true or false"
        raise NotAValue(msg)
    return raw


def _scale(raw: object) -> Scale:
    example = '{ basis = "person", steps = [ { from = 80, value = 5_000 } ] }'
    msg = f"{raw!r} is not a scale; write {example} with thresholds ascending"
    if not isinstance(raw, dict) or set(raw) != {"basis", "steps"} or not isinstance(raw["steps"], list):
        raise NotAValue(msg)
    bases = {str(basis.value): basis for basis in Basis}
    steps: list[Step] = []
    for step in raw["steps"]:
        if not isinstance(step, dict) or set(step) != {"from", "value"} or type(step["from"]) is not int:
            raise NotAValue(msg)
        steps.append(Step(step["from"], _money(step["value"])))
    ascending = all(low.threshold < high.threshold for low, high in pairwise(steps))
    basis = bases.get(str(raw["basis"]))
    if basis is None or not steps or steps[0].threshold < 0 or not ascending:
        raise NotAValue(msg)
    return Scale(basis, tuple(steps))


def _classes(raw: object) -> frozenset[DisabilityClass]:
    if not isinstance(raw, list):
        msg = f'{raw!r} is not a list of classes; write e.g. ["any:1-2", "mental:3-4"]'
        raise NotAValue(msg)
    kinds = [str(kind.value) for kind in DisabilityKind]
    found: set[DisabilityClass] = set()
    for item in raw:
        parts = re.fullmatch(r"([a-z]+):([1-4])(?:-([1-4]))?", item) if isinstance(item, str) else None
        if parts is None or parts.group(1) not in [*kinds, "any"] or int(parts.group(3) or 4) < int(parts.group(2)):
            msg = f"{item!r} is not a class; write a kind ({', '.join(kinds)} or any) with grades, e.g. 'mental:3-4'"
            raise NotAValue(msg)
        first, last = int(parts.group(2)), int(parts.group(3) or parts.group(2))
        named = kinds if parts.group(1) == "any" else [parts.group(1)]
        found |= {(kind, grade) for kind in named for grade in range(first, last + 1)}
    return frozenset(found)


def _groups(raw: object) -> frozenset[ElderGroup]:
    if not isinstance(raw, list):
        msg = f'{raw!r} is not a list of groups; write e.g. ["tekun:any", "dibao:unable"]'
        raise NotAValue(msg)
    statuses = [str(status.value) for status in ElderStatus]
    found: set[ElderGroup] = set()
    for item in raw:
        status, _, ability = item.partition(":") if isinstance(item, str) else ("", "", "")
        if status not in statuses or ability not in (*ABILITIES, "any"):
            known = f"{', '.join(statuses)}; any, {', '.join(ABILITIES)}"
            near = did_you_mean(status, statuses) if status not in statuses else ""
            msg = f"{item!r} is not a group{near}; write a status with an ability, e.g. 'dibao:unable' ({known})"
            raise NotAValue(msg)
        found |= {(status, each) for each in (ABILITIES if ability == "any" else (ability,))}
    return frozenset(found)


_READERS: Mapping[ValueKind, Callable[[object], Value]] = {
    ValueKind.MONEY: _money,
    ValueKind.COUNT: _count,
    ValueKind.RATIO: _ratio,
    ValueKind.FLAG: _flag,
    ValueKind.SCALE: _scale,
    ValueKind.CLASSES: _classes,
    ValueKind.GROUPS: _groups,
}
