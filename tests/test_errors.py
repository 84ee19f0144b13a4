"""A message says what happened, where, what is known and what to do; and never shows an identity number."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs import errors
from civaffairs.errors import SHOWN, CivaffairsError, Problem, Problems, did_you_mean, listed, masked

NUMBER = "450103199001011234"


def test_every_error_is_of_the_family_and_of_one_of_pythons() -> None:
    raised = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, Exception)]
    own = [each for each in raised if not issubclass(each, Warning)]
    assert len(own) >= 8
    for each in own:
        assert issubclass(each, CivaffairsError)
        assert each is CivaffairsError or len(each.__bases__) == 2, each


def test_the_nearest_name_is_offered() -> None:
    assert did_you_mean("dibo", ["dibao", "orphan"]) == "; did you mean 'dibao'?"
    assert did_you_mean("xyz", ["dibao", "orphan"]) == ""
    assert did_you_mean("dibao", []) == ""


def test_a_list_ends_after_five() -> None:
    assert listed(range(5)) == "0, 1, 2, 3, 4"
    assert listed(range(7)) == "0, 1, 2, 3, 4 and 2 more"
    assert listed([]) == ""


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"card {NUMBER}",
        f"({NUMBER})",
        "45010319900101123X",
        "450103900101123",
        "450103 19900101 1234",
        f"号码{NUMBER}。",
        f"{NUMBER},{NUMBER}",
    ],
)
def test_an_identity_number_is_hidden(text: str) -> None:
    shown = masked(text)
    assert "1990" not in shown
    assert "900101" not in shown
    assert "450103" in shown


@pytest.mark.parametrize("text", ["81000", "2026-07-01", "450103", "H-000123", "1380.00"])
def test_what_is_no_identity_number_is_shown(text: str) -> None:
    assert masked(text) == text


def test_a_long_value_is_cut() -> None:
    assert len(masked("字" * 200)) <= 60


def test_a_problem_says_where_and_what_to_do() -> None:
    problem = Problem(row=3, household="H1", column="wage_income", value="-1", reason="is negative", hint="write 0")
    assert str(problem) == "row 3, household H1, wage_income: '-1' is negative; write 0"
    assert str(Problem(reason="is empty")) == "is empty"


def test_a_problem_never_shows_an_identity_number() -> None:
    problem = Problem(row=1, household=NUMBER, column="person_id", value=NUMBER, reason="is twice there")
    assert NUMBER not in str(problem)
    assert NUMBER not in problem.value
    assert NUMBER not in repr(problem.value)


@given(st.integers(0, 12))
def test_problems_are_a_table_and_are_counted(count: int) -> None:
    problems = Problems([Problem(row=row, reason="is wrong") for row in range(count)])
    assert len(problems) == count == len(problems.columns()["row"])
    assert [problem.row for problem in problems] == problems.columns()["row"]
    assert len((problems + problems).items) == 2 * count
    assert isinstance(problems[:2], Problems)
    lines = str(problems).splitlines()
    assert len(lines) == max(1, min(count, SHOWN) + (count > SHOWN))
    if count > SHOWN:
        assert lines[-1] == f"and {count - SHOWN} more"


def test_no_problem_is_told_too() -> None:
    assert str(Problems()) == "no problems"
    assert not Problems()
    assert repr(Problems([Problem(reason="x")])).startswith("<1 problem>")
