"""A rule is a cited function that can be called by hand; a declared one knows what it needs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import numpy as np
import pytest

from civaffairs.law.citation import document
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import (
    AnyRule,
    Operation,
    Unit,
    agreed,
    any_of,
    apportion,
    count,
    either,
    every,
    first_stated,
    named,
    rule,
    settled,
    total,
)
from civaffairs.rules.values import Codes, Flags
from civaffairs.schemes import RULEBOOK

SINCE = date(2026, 7, 1)
CITE = document("civil-code").article(17)
TOLD: dict[str, Any] = {"zh": "试", "meaning": "Test.", "since": SINCE}


@rule(Level.PERSON, CITE, zh="已付", since=SINCE)
def paid(amount: Fen) -> Flags:
    """Something is paid.

    What follows the first line is not the meaning.
    """
    return amount > 0


@rule(Level.PERSON, CITE, zh="金额", since=SINCE, only_where=paid, unit=Unit.FEN_MONTH, conventions=("rounding",))
def amount_paid(amount: Fen, other: Fen) -> Fen:
    """What is paid."""
    return amount + other


def test_a_rule_is_told_by_its_function() -> None:
    assert (paid.name, paid.label_zh, paid.meaning) == ("paid", "已付", "Something is paid.")
    assert (paid.arguments, paid.needs, paid.gives) == (("amount",), ("amount",), "Flags")
    assert (paid.level, paid.since, paid.until, paid.unit) == (Level.PERSON, SINCE, None, Unit.NONE)
    assert paid.citations == (CITE,)
    assert named(paid) == named("paid") == "paid"


def test_a_rule_can_be_called_by_hand() -> None:
    assert paid(np.array([0, 1])).tolist() == [False, True]
    assert amount_paid(np.array([1]), other=np.array([2])).tolist() == [3]


def test_a_flag_outside_which_all_is_nought_is_needed_last_and_once() -> None:
    assert amount_paid.needs == ("amount", "other", "paid")
    again = rule(Level.PERSON, CITE, zh="试", since=SINCE, only_where="paid", name="again")(lambda paid, other: paid)
    assert again.needs == ("paid", "other")


def test_a_rule_says_where_it_is_and_what_it_is() -> None:
    assert re.fullmatch(r".*test_rule\.py:\d+", paid.where)
    assert repr(paid) == "<rule paid (已付) since 2026-07-01>"


def test_one_function_may_serve_under_other_names() -> None:
    made = rule(Level.PERSON, CITE, zh="母亲", since=SINCE, name="of_mother", arguments=("mother_amount",))(
        paid.function
    )
    assert (made.name, made.needs) == ("of_mother", ("mother_amount",))
    assert made(np.array([0, 5])).tolist() == [False, True]


DECLARED = [
    (total("t", "amount", CITE, **TOLD), Operation.TOTAL, Level.HOUSEHOLD, ("amount",), "Fen"),
    (total("t", "amount", CITE, where=paid, **TOLD), Operation.TOTAL, Level.HOUSEHOLD, ("amount", "paid"), "Fen"),
    (count("c", paid, CITE, **TOLD), Operation.COUNT, Level.HOUSEHOLD, ("paid",), "Count"),
    (any_of("a", paid, CITE, **TOLD), Operation.ANY, Level.HOUSEHOLD, ("paid",), "Flags"),
    (apportion("s", "sum", CITE, **TOLD), Operation.APPORTION, Level.PERSON, ("sum",), "Fen"),
    (apportion("s", "sum", CITE, among=paid, **TOLD), Operation.APPORTION, Level.PERSON, ("sum", "paid"), "Fen"),
    (
        either("e", Level.PERSON, paid, "x", cites=(CITE,), **TOLD),
        Operation.EITHER,
        Level.PERSON,
        ("paid", "x"),
        "Flags",
    ),
    (every("e", Level.PERSON, paid, "x", cites=(CITE,), **TOLD), Operation.EVERY, Level.PERSON, ("paid", "x"), "Flags"),
    (
        first_stated("f", Level.HOUSEHOLD, "x", "y", cites=(CITE,), gives="Codes", **TOLD),
        Operation.FIRST_STATED,
        Level.HOUSEHOLD,
        ("x", "y"),
        "Codes",
    ),
    (
        agreed("g", Level.HOUSEHOLD, "x", "y", cites=(CITE,), **TOLD),
        Operation.AGREED,
        Level.HOUSEHOLD,
        ("x", "y"),
        "Flags",
    ),
]


@pytest.mark.parametrize(("made", "operation", "level", "needs", "gives"), DECLARED, ids=lambda value: str(value))
def test_a_declared_rule_says_what_it_needs(
    made: AnyRule, operation: Operation, level: Level, needs: tuple[str, ...], gives: str
) -> None:
    assert (made.operation, made.level, made.needs, made.gives) == (operation, level, needs, gives)
    assert (made.meaning, made.label_zh, made.since, made.citations) == ("Test.", "试", SINCE, (CITE,))
    with pytest.raises(TypeError, match="worked out by a plan, not by a call"):
        made()


def test_what_gives_way_can_be_asked_by_hand() -> None:
    made = settled("s", lambda choice, amount, beside: amount < beside, "cell", "x", "y", cites=(CITE,), **TOLD)
    assert (made.operation, made.needs) == (Operation.SETTLED, ("cell", "x", "y"))
    assert made(np.array([3]), np.array([1]), np.array([2])).tolist() == [True]


@pytest.mark.parametrize(
    ("gives", "unit", "name"),
    [
        ("Flags", Unit.NONE, "Flags"),
        ("Codes", Unit.NONE, "Codes"),
        ("Fen", Unit.FEN_MONTH, "Fen"),
        ("Fen", Unit.NONE, ""),
    ],
)
def test_what_a_rule_gives_is_told_without_annotations_as_text(gives: str, unit: Unit, name: str) -> None:
    space: dict[str, Any] = {"Flags": Flags, "Codes": Codes, "Fen": Fen}
    text = f"def one(amount: Fen) -> {gives}:\n    return amount > 0\n"
    exec(compile(text, "<prompt>", "exec", dont_inherit=True), space)
    assert rule(Level.PERSON, CITE, zh="试", since=SINCE, unit=unit)(space["one"]).gives == name


def test_every_rule_of_the_library_is_cited_and_told_in_two_languages() -> None:
    for each in RULEBOOK.rules:
        assert each.citations, each.name
        assert each.meaning.endswith("."), each.name
        assert re.search("[一-鿿]", each.label_zh), each.name
        assert each.gives in {"Fen", "Flags", "Codes", "Count", "Days"}, each.name


def test_every_open_reading_that_a_rule_uses_is_declared_with_it() -> None:
    for each in RULEBOOK.rules:
        if each.operation is Operation.ROWWISE:
            names = each.function.__code__.co_names
            assert ("conventions" in names and "rounding" in names) == ("rounding" in each.conventions), each.name
            assert ({"age", "reached"} & set(names) != set()) <= ("age_attained" in each.conventions), each.name
