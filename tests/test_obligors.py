"""Who cannot support: every way of the article with its edges, what stays open, and the table that it is read from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from civaffairs.errors import UsageError
from civaffairs.people.person import Absence, DisabilityKind
from civaffairs.rules.explain import Language
from civaffairs.schemes.obligors import OBLIGORS, Obligor, explain_no_able_obligor, find_no_able_obligor

ON = date(2026, 8, 1)
CITY = "450103"
LOCAL_INCOME = 4_000_000
PARAMETER = OBLIGORS.parameters["local_disposable_income"]
BOOK = OBLIGORS.with_parameter(PARAMETER, LOCAL_INCOME, place="450100", since=date(2021, 7, 1), why="for the test")
ABLE = Obligor(
    applicant_id="A",
    obligor_id="O",
    birth_date=date(1980, 1, 1),
    recorded_tekun=False,
    recorded_dibao=False,
    yearly_income=6_000_000,
    low_income_assets=True,
    disability_kind=DisabilityKind.NONE,
    without_capacity=False,
    absence=Absence.NONE,
    incapable_by_local_rule=False,
)
POOR = LOCAL_INCOME - 1


def obligor(**facts: Any) -> Obligor:  # noqa: ANN401
    """Somebody able, with changes."""
    return attrs.evolve(ABLE, **facts)


def nobody_able(*obligors: Obligor, assumed: bool = True, complete: bool = True) -> bool | None:
    """The answer for the one applicant."""
    book = BOOK if assumed else OBLIGORS
    (answer,) = find_no_able_obligor(obligors, {"A": CITY}, on=ON, complete=complete, rulebook=book)
    return answer


def aged(years: int, days: int = 0) -> date:
    """A birth whose birthday of that age is some days after the day."""
    birthday = ON + timedelta(days=days)
    return birthday.replace(year=birthday.year - years)


CERTIFICATE = {"disability_kind": DisabilityKind.PHYSICAL, "disability_grade": 2, "yearly_income": POOR}
WAYS = [
    ({}, False),
    ({"recorded_tekun": True}, True),  # (1)
    ({"birth_date": aged(60), "recorded_dibao": True}, True),  # (2)
    ({"birth_date": aged(60, days=1), "recorded_dibao": True}, False),
    ({"birth_date": aged(60), "recorded_dibao": False}, False),
    ({"birth_date": aged(69), "yearly_income": 0}, False),
    ({"birth_date": aged(70), "yearly_income": POOR}, True),  # (3)
    ({"birth_date": aged(70, days=1), "yearly_income": POOR}, False),
    ({"birth_date": aged(70), "yearly_income": LOCAL_INCOME}, False),
    ({"birth_date": aged(70), "yearly_income": POOR, "low_income_assets": False}, False),
    (CERTIFICATE, True),  # (4)
    (CERTIFICATE | {"disability_grade": 3}, False),
    (CERTIFICATE | {"disability_grade": 3, "disability_kind": DisabilityKind.MENTAL}, True),
    (CERTIFICATE | {"disability_grade": 4, "disability_kind": DisabilityKind.MENTAL}, False),
    (CERTIFICATE | {"yearly_income": LOCAL_INCOME}, False),
    (CERTIFICATE | {"low_income_assets": False}, False),
    ({"without_capacity": True}, True),  # (5)
    ({"without_capacity": True, "low_income_assets": False}, False),
    ({"absence": Absence.PRISON}, True),
    ({"absence": Absence.DECLARED_MISSING}, True),
    ({"absence": Absence.DECLARED_MISSING, "low_income_assets": False}, False),
    ({"absence": Absence.COMPULSORY_DETOXIFICATION}, False),
    ({"incapable_by_local_rule": True}, True),  # (6)
]


@pytest.mark.parametrize(("facts", "incapable"), WAYS, ids=[str(facts) for facts, _ in WAYS])
def test_the_six_ways(facts: dict[str, Any], incapable: bool) -> None:
    assert nobody_able(obligor(**facts)) is incapable


def test_a_mother_of_88_with_a_healthy_daughter_of_69() -> None:
    daughter = obligor(birth_date=aged(69), yearly_income=None, low_income_assets=None)
    assert nobody_able(daughter, assumed=False, complete=False) is False


def test_one_who_is_able_settles_it() -> None:
    unable = obligor(recorded_tekun=True)
    silent = Obligor(applicant_id="A", obligor_id="S", birth_date=aged(75))
    assert nobody_able(unable, unable) is True
    assert nobody_able(unable, ABLE) is False
    assert nobody_able(unable, silent) is None
    assert nobody_able(silent, ABLE, unable, complete=False) is False


def test_a_list_that_is_not_complete_proves_only_that_somebody_is_able() -> None:
    assert nobody_able(complete=False) is None
    assert nobody_able(complete=True) is True
    assert nobody_able(obligor(recorded_tekun=True), complete=False) is None
    assert nobody_able(ABLE, complete=False) is False


@pytest.mark.parametrize(
    "fact", ["recorded_tekun", "without_capacity", "absence", "incapable_by_local_rule", "disability_kind"]
)
def test_what_is_not_stated_stays_open_only_where_it_matters(fact: str) -> None:
    silent = {"yearly_income": None, "low_income_assets": None}
    assert nobody_able(obligor(**{fact: None}, **silent)) is None
    assert nobody_able(obligor(**{fact: None}, low_income_assets=False, recorded_dibao=True)) is (
        None if fact in {"recorded_tekun", "incapable_by_local_rule"} else False
    )
    # Of one under 60 it does not matter whether dibao is drawn, and without a certificate no income is asked.
    assert nobody_able(obligor(recorded_dibao=None, **silent), assumed=False) is False


def test_the_local_income_of_nanning_is_not_known() -> None:
    old = obligor(birth_date=aged(70), yearly_income=POOR)
    assert nobody_able(old, assumed=False) is None
    assert nobody_able(attrs.evolve(old, low_income_assets=False), assumed=False) is False


def test_the_answers_are_in_the_order_of_the_applicants() -> None:
    obligors = [
        obligor(applicant_id="C"),
        obligor(applicant_id="A", recorded_tekun=True),
        obligor(applicant_id="C", obligor_id="O2", recorded_tekun=True),
    ]
    applicants = {"A": CITY, "B": CITY, "C": CITY}
    assert find_no_able_obligor(obligors, applicants, on=ON, complete=True) == [True, True, False]
    assert find_no_able_obligor(obligors, applicants, on=ON) == [None, None, False]
    assert find_no_able_obligor([], applicants, on=ON) == [None, None, None]


def test_each_applicant_has_the_income_of_their_own_place() -> None:
    old = {"birth_date": aged(70), "yearly_income": POOR}
    obligors = [obligor(applicant_id=key, **old) for key in ("here", "there")]
    elsewhere = find_no_able_obligor(obligors, {"here": CITY, "there": "110101"}, on=ON, complete=True, rulebook=BOOK)
    assert elsewhere == [True, None]


def test_a_table_says_the_same_as_records() -> None:
    table = {
        "applicant_id": ["A", "A", "B"],
        "obligor_id": ["1", "2", "3"],
        "birth_date": ["1950-01-01", "1980-01-01", "1950-01-01"],
        "recorded_tekun": ["no", "yes", "no"],
        "recorded_dibao": ["no", "no", ""],
        "yearly_income": ["39,999.99", "", "40000"],
        "low_income_assets": ["yes", "", "yes"],
        "disability_kind": ["none", "none", "none"],
        "without_capacity": ["no", "no", "no"],
        "absence": ["none", "none", "none"],
        "incapable_by_local_rule": ["no", "no", "no"],
    }
    answers = find_no_able_obligor(table, {"A": CITY, "B": CITY}, on=ON, complete=True, rulebook=BOOK)
    assert answers == [True, None]  # whether B's is on dibao is not stated
    table["recorded_dibao"][2] = "no"
    assert find_no_able_obligor(table, {"A": CITY, "B": CITY}, on=ON, rulebook=BOOK) == [None, False]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"applicant_id": ["A"], "obligor_id": ["1"], "birth_date": ["1950-13-01"]}, r"row 1, birth_date: is no day"),
        ({"applicant_id": ["A"], "obligor_id": ["1"], "birth_date": [""]}, r"row 1, birth_date: is missing"),
        ({"applicant_id": ["A"], "obligor_id": ["1"]}, r"needs the columns birth_date"),
        (
            {"applicant_id": ["Z"], "obligor_id": ["1"], "birth_date": ["1950-01-01"]},
            r"of nobody among the applicants: Z",
        ),
        (
            {"applicant_id": ["A"], "obligor_id": ["1"], "birth_date": ["1950-01-01"], "absense": ["none"]},
            r"'absense'; did you mean 'absence'\?",
        ),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(table: dict[str, list[str]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        find_no_able_obligor(table, {"A": CITY}, on=ON)


def test_a_place_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="place"):
        find_no_able_obligor([ABLE], {"A": "nowhere"}, on=ON)


def test_an_identity_number_is_never_shown() -> None:
    number = "450103194003010027"
    person = obligor(applicant_id=number, obligor_id=number)
    assert number not in repr(person)
    with pytest.raises(UsageError) as refused:
        find_no_able_obligor([person], {"A": CITY}, on=ON)
    assert number not in str(refused.value)


def test_why_an_obligor_cannot_support() -> None:
    old = obligor(birth_date=aged(70), yearly_income=POOR)
    told = str(explain_no_able_obligor([old], "A", CITY, on=ON, rulebook=BOOK))
    assert "no_able_obligor = yes" in told
    assert "old_and_poor = yes" in told
    assert "art. 8 item 3" in told
    assert "39,999.99" in told
    assert "40,000.00" in told
    open_one = str(explain_no_able_obligor([old], "A", CITY, on=ON))
    assert "statistical bulletin" in open_one or "统计公报" in open_one
    chinese = str(explain_no_able_obligor([old], "A", CITY, on=ON, language=Language.CHINESE, rulebook=BOOK))
    assert "第八条第三项" in chinese
    with pytest.raises(UsageError, match="nothing to explain"):
        explain_no_able_obligor([], "A", CITY, on=ON)


def test_the_rules_fit_together_on_every_day() -> None:
    assert OBLIGORS.check() == []
