"""What a rule is given: a day that knows ages, and values of more than one number."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.calendar import AgeAttained, LeapDay, days
from civaffairs.law.values import ABILITIES, Basis, ElderStatus, Step
from civaffairs.law.values import DisabilityKind as KindOfValue
from civaffairs.law.values import Scale as ScaleOfValue
from civaffairs.people.household import COLUMNS, PaymentMethod
from civaffairs.people.person import DisabilityKind, SelfCare
from civaffairs.rules.prepare import rule_value
from civaffairs.rules.values import (
    COMMON_MONTHS,
    CONVENTION_TEXTS,
    GRADES,
    KINDS,
    Classes,
    Conventions,
    Day,
    Losses,
    Rate,
    Scale,
)
from civaffairs.schemes import RULEBOOK
from civaffairs.schemes.overlaps import BOTH, FIRST_ONLY, HIGHER, SECOND_ONLY
from civaffairs.schemes.pairs import SETTLED

BIRTHS = st.dates(date(1920, 1, 1), date(2026, 1, 1))
DAYS = st.dates(date(2021, 7, 1), date(2050, 1, 1))


def column(*births: date) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array([days(born) for born in births], np.int32)


def test_the_common_months_hold_every_period() -> None:
    assert all(COMMON_MONTHS % months == 0 for months in range(1, 13))
    assert not any(all(smaller % months == 0 for months in range(1, 13)) for smaller in range(1, COMMON_MONTHS))


@given(BIRTHS, DAYS, st.integers(0, 120))
def test_an_age_is_reached_when_it_is_counted(born: date, on: date, years: int) -> None:
    day = Day(on)
    assert day.reached(column(born), years).item() == (day.age(column(born)).item() >= years)


@pytest.mark.parametrize(
    ("born", "on", "conventions", "reached"),
    [
        (date(2008, 6, 15), date(2026, 6, 14), Conventions(), False),
        (date(2008, 6, 15), date(2026, 6, 15), Conventions(), True),
        (date(2008, 6, 15), date(2026, 6, 15), Conventions(age_attained=AgeAttained.DAY_AFTER_BIRTHDAY), False),
        (date(2008, 6, 15), date(2026, 6, 16), Conventions(age_attained=AgeAttained.DAY_AFTER_BIRTHDAY), True),
        (date(2008, 2, 29), date(2026, 2, 28), Conventions(), True),
        (date(2008, 2, 29), date(2026, 2, 28), Conventions(leap_day=LeapDay.MAR_01), False),
        (date(2008, 2, 29), date(2026, 3, 1), Conventions(leap_day=LeapDay.MAR_01), True),
    ],
)
def test_the_day_of_an_age_is_a_convention(born: date, on: date, conventions: Conventions, reached: bool) -> None:
    day = Day(on, conventions)
    assert day.reached(column(born), 18).item() is reached
    assert (day.age(column(born)).item() >= 18) is reached


def test_every_convention_is_told_in_two_languages() -> None:
    assert {field.name for field in attrs.fields(Conventions)} <= CONVENTION_TEXTS.keys()
    assert all(english and chinese for english, chinese in CONVENTION_TEXTS.values())
    assert [losses.label_zh for losses in Losses] == ["亏损只在本类收入内扣除", "亏损可抵减其他收入"]


@given(st.lists(st.fractions(0, 10, max_denominator=12), min_size=1, max_size=4), st.data())
def test_a_rate_picks_the_place_of_each_row(values: list[Fraction], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(values) - 1), min_size=1, max_size=6))
    picked = Rate.stacked(values).pick(np.array(rows))
    pairs = zip(picked.numerator.tolist(), picked.denominator.tolist(), strict=True)
    assert [Fraction(*pair) for pair in pairs] == [values[row] for row in rows]


@st.composite
def scales(draw: st.DrawFn) -> tuple[bool, tuple[tuple[int, int], ...]]:
    thresholds = sorted(draw(st.sets(st.integers(0, 30), min_size=1, max_size=4)))
    return draw(st.booleans()), tuple((threshold, draw(st.integers(0, 900))) for threshold in thresholds)


@given(st.lists(scales(), min_size=1, max_size=3), st.data(), st.sampled_from([1, 7, COMMON_MONTHS * 300]))
def test_a_scale_reads_as_its_steps_say(
    values: list[tuple[bool, tuple[tuple[int, int], ...]]], data: st.DataObject, times: int
) -> None:
    rows = data.draw(st.lists(st.integers(0, len(values) - 1), min_size=1, max_size=6))
    at = data.draw(st.lists(st.integers(0, 40), min_size=len(rows), max_size=len(rows)))
    off = data.draw(st.sampled_from([-1, 0, 1]))
    looked_up = [max(value * times + off, 0) for value in at]
    picked = Scale.stacked(values).pick(np.array(rows))
    plain = [
        ScaleOfValue(Basis.PERSON, tuple(Step(threshold * times, paid) for threshold, paid in values[row][1]))
        for row in rows
    ]
    assert picked.at(np.array(looked_up), times).tolist() == [
        scale.of(value) or 0 for scale, value in zip(plain, looked_up, strict=True)
    ]
    assert picked.a_person.tolist() == [values[row][0] for row in rows]


def test_one_scale_for_all_reads_like_many() -> None:
    values = [(True, ((80, 100), (90, 200), (100, 500)))]
    ages = np.array([0, 79, 80, 89, 90, 99, 100, 120])
    assert Scale.stacked(values).pick(0).at(ages).tolist() == [0, 0, 100, 100, 200, 200, 500, 500]


@given(st.lists(st.frozensets(st.tuples(st.integers(1, 7), st.integers(1, 4))), min_size=1, max_size=3), st.data())
def test_classes_contain_what_they_list(values: list[frozenset[tuple[int, int]]], data: st.DataObject) -> None:
    kinds, grades = np.divmod(np.arange(KINDS * GRADES), GRADES)
    kind, grade = kinds.astype(np.int8), grades.astype(np.int64)
    stacked = Classes.stacked(values)
    for place, pairs in enumerate(values):
        expected = [(k, g) in pairs for k, g in zip(kind.tolist(), grade.tolist(), strict=True)]
        assert stacked.pick(place).contain(kind, grade).tolist() == expected
    rows = np.array(data.draw(st.lists(st.integers(0, len(values) - 1), min_size=len(kind), max_size=len(kind))))
    found = stacked.pick(rows).contain(kind, grade).tolist()
    assert found == [
        (k, g) in values[row] for row, k, g in zip(rows.tolist(), kind.tolist(), grade.tolist(), strict=True)
    ]


# --- tables and enumerations that have to agree -----------------------------------------------------------------------


def test_the_table_of_classes_has_room_for_every_kind_and_grade() -> None:
    assert max(kind.number for kind in DisabilityKind) < KINDS
    assert max(status.number for status in ElderStatus) < KINDS
    assert COLUMNS["disability_grade"].high == GRADES - 1
    assert len(ABILITIES) <= GRADES
    assert list(ABILITIES) == [self_care.value for self_care in SelfCare]


def test_the_kinds_of_a_certificate_are_the_kinds_of_a_value() -> None:
    assert [kind.value for kind in DisabilityKind if kind is not DisabilityKind.NONE] == [
        kind.value for kind in KindOfValue
    ]


@pytest.mark.parametrize("name", ["urban_payment_method", "rural_payment_method"])
def test_the_methods_of_a_place_are_those_of_a_record(name: str) -> None:
    assert RULEBOOK.parameters[name].choices == tuple(method.value for method in PaymentMethod)
    assert [rule_value(RULEBOOK.parameters[name], method.value) for method in PaymentMethod] == [
        method.number for method in PaymentMethod
    ]


def test_the_choices_of_an_overlap_are_in_the_order_of_their_numbers() -> None:
    order = ["both", "first_only", "second_only", "higher"]
    assert [order.index(word) for word in order] == [BOTH, FIRST_ONLY, SECOND_ONLY, HIGHER]
    for pair in SETTLED:
        choices = RULEBOOK.parameters[pair.value].choices
        expected = ["both", "second_only"] if pair.second == "tekun" else order[: len(choices)]
        assert list(choices) == expected, pair.value


def test_the_choices_of_a_column_are_numbered_from_nought() -> None:
    for name, spec in COLUMNS.items():
        if spec.choices is not None:
            assert [choice.number for choice in spec.choices] == list(range(len(spec.choices))), name


@pytest.mark.parametrize("day", [date(2025, 6, 1) + timedelta(days=step) for step in range(3)], ids=str)
def test_a_day_reads_births_from_the_calendar(day: date) -> None:
    births = column(date(1945, 6, 2), date(2007, 6, 3))
    assert Day(day).age(births).tolist() == [80 - (day < date(2025, 6, 2)), 18 - (day < date(2025, 6, 3))]
