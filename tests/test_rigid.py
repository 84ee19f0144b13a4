"""Families with rigid expenditure: who is one, by strict limits that are multiplied out; and until when."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from cases import FOLDER, persona, stated
from hypothesis import given
from hypothesis import strategies as st
from with_library import answers, record, rulebook, work_out

from civaffairs.calendar import add_months, days
from civaffairs.law.timeline import DeclaredUnknown
from civaffairs.people.household import Household
from civaffairs.people.records import sound_population_of
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Day, Rate
from civaffairs.schemes import RULEBOOK
from civaffairs.schemes.rigid import rigid_lapsed, rigid_ratio, rigid_spending, rigid_spending_met

PERSONAS = tomllib.loads((FOLDER / "personas.toml").read_text("utf-8"))
SUPPORTED = {"no_able_obligor": False}
"""Of everybody here: somebody is bound by law to support them, so that extreme hardship is out of the question."""
ON, ACT = date(2025, 6, 1), date(2026, 8, 1)
NO_SPENDING = dict.fromkeys(
    ("living_spending", "education_spending", "rehabilitation_spending", "other_rigid_spending"), "0"
)
PASSING: dict[str, Any] = {
    "rigid_assets_within_limits": True,
    "spending_months": 12,
    "medical_spending": "60000",
} | NO_SPENDING
# Income of 60,000 yuan a year, as one wage: a couple at 2,500 a head, above every line but the city's.
WAGE = "5000"
BOOK = rulebook({"rigid_ratio": Fraction(1, 2), "local_disposable_income": 4_000_000, "urban_edge_standard": 121_500})


def family(wage: str = WAGE, key: str = "H1", tekun: bool = False, **household: Any) -> Household:  # noqa: ANN401
    """A couple on one wage a month; money in yuan."""
    people = [
        stated({"person_id": f"{key}-1"} | persona("adult", PERSONAS) | SUPPORTED | {"wage_income": wage}),
        stated({"person_id": f"{key}-2"} | persona("spouse", PERSONAS) | SUPPORTED),
    ]
    if tekun:
        people.append(
            stated({"person_id": f"{key}-3"} | persona("adult", PERSONAS) | SUPPORTED)
            | {"relation": "parent", "recorded_tekun": True, "recorded_tekun_amount": 100_000}
        )
    facts = {"household_id": key} | PERSONAS["household"] | household
    return record(stated({name: fact for name, fact in facts.items() if fact is not None}), people)


def told(homes: Sequence[Household], on: date, *names: str, book: Rulebook = BOOK) -> list[list[Any]]:
    """Answers of some rules, one list a rule, one answer a household; a word where one is not known."""
    run = work_out(book, sound_population_of(homes), on, names)
    return [answers(run, name) for name in names]


def each(values: Sequence[Any], name: str, wage: str = WAGE, **facts: Any) -> list[Household]:  # noqa: ANN401
    """Families that differ in one fact."""
    return [family(wage, key=f"H{k}", **(PASSING | facts | {name: value})) for k, value in enumerate(values)]


@pytest.mark.parametrize("on", [ON, ACT], ids=["measures", "act"])
def test_spending_is_strictly_above_the_share(on: date) -> None:
    homes = each(["30999.99", "31000", "30000.01", "30000", "29999.99"], "medical_spending")
    expected = [True, True, True, False, False]
    assert told(homes, on, "rigid_spending_met", "rigid_eligible") == [expected, expected]


def test_every_kind_of_spending_counts_over_its_months() -> None:
    kinds = ("living_spending", "education_spending", "rehabilitation_spending", "other_rigid_spending")
    homes = [
        family(key=kind, **PASSING | {"medical_spending": "0"} | {kind: "30000.01"})
        for kind in (*kinds, "medical_spending")
    ]
    assert told(homes, ON, "rigid_spending_met") == [[True] * 5]
    # 2,500 a month is half of 5,000, exactly, over any number of months; a fen more is above it.
    homes = [
        family(
            key=f"{months:02}{fen}",
            **PASSING | {"medical_spending": f"{2500 * months}.0{fen}", "spending_months": months},
        )
        for months in range(1, 13)
        for fen in (0, 1)
    ]
    assert told(homes, ON, "rigid_spending_met") == [[False, True] * 12]


def test_without_income_any_spending_is_above_the_share() -> None:
    run = told(each(["0", "0.01"], "medical_spending", wage="0"), ON, "household_income", "rigid_spending_met")
    assert run == [[0, 0], [False, True]]


@given(
    spending=st.integers(0, 10**10), months=st.integers(1, 12), income=st.integers(0, 10**10),
    ratio=st.fractions(0, 2, max_denominator=1000),
)  # fmt: skip
def test_the_share_is_compared_exactly(spending: int, months: int, income: int, ratio: Fraction) -> None:
    """The income here is of a year."""
    nothing = np.int64(0)
    common = rigid_spending(nothing, np.array([spending]), nothing, nothing, nothing, np.array([months]))  # type: ignore[arg-type]
    rate = Rate(np.int64(ratio.numerator), np.int64(ratio.denominator))  # type: ignore[arg-type]
    found = rigid_spending_met(common, np.array([income * 2310]), rate)
    assert found.tolist() == [Fraction(spending, months) * 12 > ratio * income]


def test_income_is_strictly_below_the_citys() -> None:
    # 40,000 a head a year: a couple's wage of 6,666.66… a month lies on it, so a year's wage is stated.
    homes = []
    for fen in (7_999_999, 8_000_000, 8_000_001):
        home = family(key=str(fen), **PASSING | {"medical_spending": "90000"})
        earner, other = home.members
        a_year = attrs.evolve(earner, wage_income=fen, wage_months=12)
        homes.append(attrs.evolve(home, members=[a_year, other]))
    assert told(homes, ON, "rigid_income_met", "rigid_eligible") == [[True, False, False]] * 2


@pytest.mark.parametrize("on", [ON, ACT], ids=["measures", "act"])
def test_whoever_has_dibao_or_is_an_edge_family_is_not_one(on: date) -> None:
    wages = ["1619.99", "1620.00", "2429.99", "2430.00"]
    homes = [family(wage, key=wage, **PASSING) for wage in wages]
    assert told(homes, on, "dibao_eligible", "edge_eligible", "rigid_eligible") == [
        [True, False, False, False],
        [False, True, True, False],
        [False, False, False, True],
    ]


def test_a_family_with_a_member_in_extreme_hardship_goes_as_the_place_counts_it() -> None:
    homes = [family(key=f"H{tekun}", tekun=tekun, **PASSING) for tekun in (False, True)]
    assert told(homes, ON, "rigid_eligible") == [[True, "unknown"]]
    for left_out in (True, False):
        book = rulebook({"tekun_member_left_out": left_out}, base=BOOK)
        assert told(homes, ON, "rigid_eligible", book=book) == [[True, left_out]]


def test_assets_decide_as_the_office_found_them() -> None:
    assert told(each([True, False, None], "rigid_assets_within_limits"), ON, "rigid_eligible") == [
        [True, False, "unknown"]
    ]


def test_it_begins_with_2025_and_the_act_takes_over() -> None:
    for by in (-1, 0):
        assert (RULEBOOK.in_force("rigid_eligible", date(2025, 1, 1) + timedelta(days=by)) is None) == (by < 0)
    cited = {}
    for on in (date(2026, 6, 30), date(2026, 7, 1)):
        rule = RULEBOOK.in_force("rigid_eligible", on)
        assert rule is not None
        cited[on] = [citation.document.key for citation in rule.citations]
    assert cited[date(2026, 6, 30)] == ["rigid-expenditure-measures"]
    assert cited[date(2026, 7, 1)] == ["social-assistance-law", "rigid-expenditure-measures"]


def test_what_nobody_published_stays_open_only_where_it_matters() -> None:
    homes = [family("100", key="poor", **PASSING), family(key="other", **PASSING)]
    assert told(homes, ON, "rigid_eligible", book=RULEBOOK) == [[False, "unknown"]]
    with pytest.raises(DeclaredUnknown):
        rigid_ratio.at("450103", ON)
    with pytest.raises(DeclaredUnknown):
        RULEBOOK.parameters["local_disposable_income"].at("450103", ON)


# --- until when -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recognised", "last"),
    [
        (date(2025, 1, 10), date(2026, 1, 10)),
        (date(2025, 8, 31), date(2026, 8, 31)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_recognition_ends_with_the_corresponding_day(recognised: date, last: date) -> None:
    assert add_months(recognised, 12) == last
    column = np.array([days(recognised)], np.int32)
    found = [rigid_lapsed(column, Day(last + timedelta(days=by))).tolist() for by in (-1, 0, 1)]
    assert found == [[False], [False], [True]]


def test_without_a_day_of_recognition_it_is_not_known() -> None:
    homes = each([date(2025, 7, 31), date(2025, 8, 1), date(2025, 8, 2), None], "rigid_recognised_on")
    assert told(homes, date(2026, 8, 1), "rigid_lapsed", book=RULEBOOK) == [[True, False, False, "unknown"]]
