"""Any two benefits that pay have one row, cited and carried out; a table that says less is refused before any data."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any, TypeAlias

import attrs
import numpy as np
import pytest
from numpy.typing import NDArray
from random_households import random_parameters, random_roster
from with_library import population, rulebook

import civaffairs as ca
from civaffairs.errors import PlanError
from civaffairs.law.citation import document
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.people.population import Population
from civaffairs.research.synthetic import synthetic_population
from civaffairs.rules.matrix import Pair, Together, faults_of
from civaffairs.rules.rule import Operation, Unit, rule
from civaffairs.rules.rulebook import Rulebook, Scheme
from civaffairs.rules.values import Day, Days, Flags
from civaffairs.schemes import RULEBOOK, SCHEMES
from civaffairs.schemes.children import chose_tekun
from civaffairs.schemes.overlaps import START, STEMS
from civaffairs.schemes.pairs import PAIRS, SETTLED

ON = date(2026, 8, 1)
SINCE = date(2021, 7, 1)
ELDERLY = document("elderly-rights-law").article(33)
Paid: TypeAlias = "dict[str, np.ma.MaskedArray[tuple[int], np.dtype[Any]]]"
PAYING = {scheme.name: scheme.payable for scheme in SCHEMES if scheme.payable is not None}


@rule(Level.PERSON, ELDERLY, zh="试点津贴对象", since=SINCE)
def flat_entitled(birth_date: Days, day: Day) -> Flags:
    """Has reached seventy."""
    return day.reached(birth_date, 70)


@rule(Level.PERSON, ELDERLY, zh="试点津贴", since=SINCE, unit=Unit.FEN_MONTH)
def flat_due(flat_entitled: Flags) -> Fen:
    """A flat sum, of a benefit that nobody has published."""
    return flat_entitled * np.int64(5_000)


FLAT = Scheme(
    name="flat",
    title="Flat benefit",
    label_zh="试点津贴",
    summary="A flat sum from seventy on.",
    verdict=flat_entitled,
    amount=flat_due,
    payable=flat_due,
)
MONEY = tuple(scheme.name for scheme in SCHEMES if scheme.payable or scheme.amount)
ROWS = tuple(Pair(first="flat", second=name, how=Together.BOTH, cites=(ELDERLY,)) for name in MONEY)


def with_flat(*rows: Pair) -> Rulebook:
    """The library's benefits and one more, with some rows for it."""
    return RULEBOOK.with_scheme(FLAT, rules=(flat_entitled, flat_due), pairs=rows, why="a study")


def faults(*rows: Pair) -> list[str]:
    """What a plan says is wrong with the library's rules under another table of pairs."""
    with pytest.raises(PlanError) as told:
        attrs.evolve(RULEBOOK, pairs=rows).plan(ON, schemes=["old_age"])
    return str(told.value).splitlines()[1:]


def named(pair: Pair) -> str:
    """A row as a failing test names it."""
    return f"{pair.first}+{pair.second}"


# --- the library's table ----------------------------------------------------------------------------------------------


def test_any_two_benefits_that_pay_have_one_row() -> None:
    told = [pair.schemes for pair in RULEBOOK.pairs]
    assert len(PAYING) >= 8
    assert len(set(told)) == len(told)
    assert {frozenset(two) for two in combinations(MONEY, 2)} <= set(told)


def test_the_rulebook_has_the_table_of_the_library() -> None:
    assert RULEBOOK.pairs == PAIRS
    assert PAIRS[: len(SETTLED)] == SETTLED
    assert not list(faults_of(PAIRS, MONEY, RULEBOOK.by_name, RULEBOOK.parameters))


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_a_row_names_benefits_and_papers(pair: Pair) -> None:
    assert pair.cites
    assert len(pair.schemes) == 2
    known = RULEBOOK.schemes.keys() | RULEBOOK.columns.keys()
    assert pair.schemes <= known
    assert pair.schemes & RULEBOOK.schemes.keys()


def closure(*names: str) -> set[str]:
    """Everything behind some rules."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [need for each in RULEBOOK.by_name.get(name, ()) for need in each.needs]
    return found


def behind(name: str) -> set[str]:
    """Everything behind what is paid of a benefit; what is paid once has no payable of its own."""
    scheme = RULEBOOK.schemes.get(name)
    if scheme is None:
        return set()
    return closure(*([scheme.payable.name] if scheme.payable else [target.name for target in scheme.targets]))


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.carried_by], ids=named)
def test_what_carries_a_row_out_is_behind_what_is_paid(pair: Pair) -> None:
    for name in pair.carried_by:
        assert name in behind(pair.first) | behind(pair.second)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.value], ids=named)
def test_the_value_of_a_row_decides_what_is_paid(pair: Pair) -> None:
    assert pair.value in behind(pair.first) | behind(pair.second)


@pytest.mark.parametrize("how", [Together.NOT_BOTH, Together.CHOOSE, Together.TOP_UP])
def test_a_row_that_takes_something_away_is_carried_out_by_a_rule(how: Together) -> None:
    rows = [pair for pair in PAIRS if pair.how is how]
    assert rows
    assert all(pair.carried_by for pair in rows)


# --- carried out, on made-up persons ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def people() -> Population:
    """Some 17,000 persons at random, among them many who meet the tests of several benefits at once."""
    return population(random_roster(6_000, 11, ON))


@pytest.fixture(scope="module")
def paid(people: Population) -> Paid:
    """What is paid of each benefit to each person, all values assumed; masked where it is not known."""
    keep = [*PAYING.values(), chose_tekun]
    result = ca.assess(people, on=ON, rulebook=rulebook(random_parameters(3)), keep=keep)
    columns = {rule.name: result.column(rule) for rule in keep}
    known = {name: np.ma.array(column.values, mask=~column.known) for name, column in columns.items()}
    return {name: known[rule.name] for name, rule in (PAYING | {"chose_tekun": chose_tekun}).items()}


def both(paid: Paid, pair: Pair) -> NDArray[np.bool_]:
    """Who is known to be paid both."""
    first, second = (np.ma.filled(paid[name] > 0, fill_value=False) for name in (pair.first, pair.second))
    return np.asarray(first & second)


def rows_of(how: Together) -> list[Pair]:
    """The rows of one kind between benefits that pay every month."""
    return [pair for pair in PAIRS if pair.how is how and pair.schemes <= PAYING.keys()]


def test_every_benefit_is_paid_to_somebody(paid: Paid) -> None:
    assert {name for name, fen in paid.items() if not (fen > 0).any()} == set()


@pytest.mark.parametrize("pair", rows_of(Together.NOT_BOTH), ids=named)
def test_nobody_is_paid_both_of_what_excludes_each_other(paid: Paid, pair: Pair) -> None:
    assert not both(paid, pair).any()


@pytest.mark.parametrize("pair", rows_of(Together.CHOOSE), ids=named)
def test_who_chose_one_of_two_is_paid_that_one(people: Population, paid: Paid, pair: Pair) -> None:
    choice = people.in_callers_order(people.person["benefit_choice"], Level.PERSON)
    chose_children = choice == ca.BenefitChoice.CHILDREN.number
    for_tekun = np.ma.filled(paid["chose_tekun"], fill_value=False)
    assert chose_children.any()
    assert for_tekun.any()
    assert not (both(paid, pair) & chose_children).any()
    if pair.second == "orphan":
        assert not (both(paid, pair) & for_tekun).any()


def test_somebody_is_paid_both_of_what_goes_together(paid: Paid) -> None:
    assert any(both(paid, pair).any() for pair in rows_of(Together.BOTH))


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.how is Together.NEVER], ids=named)
def test_nobody_is_entitled_to_what_nobody_can_have_both_of(pair: Pair) -> None:
    verdicts = [RULEBOOK.schemes[name].verdict for name in (pair.first, pair.second)]
    result = ca.assess(synthetic_population(20_000, seed=5), on=ON, schemes=[pair.first, pair.second])
    first, second = (result.column(verdict) for verdict in verdicts)
    assert (first.values & first.known).any()
    assert (second.values & second.known).any()
    assert not ((first.values | ~first.known) & (second.values | ~second.known)).any()


# --- one benefit more -------------------------------------------------------------------------------------------------


def test_a_benefit_without_rows_is_refused_and_each_missing_row_named() -> None:
    with pytest.raises(PlanError) as told:
        with_flat().plan(ON)
    lines = str(told.value).splitlines()[1:]
    assert len(lines) == len(MONEY)
    for name, line in zip(MONEY, lines, strict=True):
        assert f"no row for {name!r} and 'flat'" in line


def test_one_missing_row_is_enough() -> None:
    with pytest.raises(PlanError, match="no row for 'orphan' and 'flat'") as told:
        with_flat(*(row for row in ROWS if row.second != "orphan")).plan(ON)
    assert str(told.value).startswith("1 fault in the rules:")


def test_a_benefit_that_pays_nothing_needs_no_rows() -> None:
    recognised = attrs.evolve(FLAT, amount=None, payable=None)
    RULEBOOK.with_scheme(recognised, rules=(flat_entitled,), why="a study").plan(ON)


def test_a_benefit_with_its_rows_is_assessed_like_any_other() -> None:
    book = with_flat(*ROWS)
    people = synthetic_population(2_000, seed=1)
    result = ca.assess(people, on=ON, rulebook=book)
    old = result[flat_entitled]
    assert old.any()
    assert not old.all()
    np.testing.assert_array_equal(result[flat_due], np.where(old, 5_000, 0))
    assert result.totals["flat"].persons == old.sum()
    assert result.totals["flat"].fen == 5_000 * old.sum()
    assert book.changes == ("scheme flat: a study",)
    assert "flat" not in RULEBOOK.schemes
    assert len(RULEBOOK.pairs) == len(PAIRS)


# --- mistakes in a table ----------------------------------------------------------------------------------------------

DIBAO_TEKUN = next(pair for pair in PAIRS if pair.schemes == {"dibao", "tekun"})
BY_VALUE = SETTLED[0]


def instead(old: Pair, new: Pair) -> list[str]:
    """What a plan says if one row is replaced."""
    return faults(*(new if pair is old else pair for pair in PAIRS))


def test_a_row_given_twice_is_told_whichever_way_round() -> None:
    turned = attrs.evolve(DIBAO_TEKUN, first=DIBAO_TEKUN.second, second=DIBAO_TEKUN.first)
    assert set(faults(*PAIRS, turned)) == {
        "the row of 'dibao' and 'tekun' is given twice",
        "the row of 'tekun' and 'dibao' is given twice",
    }


def test_a_row_without_a_paper_is_told() -> None:
    assert instead(DIBAO_TEKUN, attrs.evolve(DIBAO_TEKUN, cites=())) == ["the row of 'dibao' and 'tekun' cites nothing"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BY_VALUE, attrs.evolve(BY_VALUE, value="")),
        (DIBAO_TEKUN, attrs.evolve(DIBAO_TEKUN, value=BY_VALUE.value)),
    ],
    ids=["no value", "a value too many"],
)
def test_a_value_goes_with_what_the_place_decides(old: Pair, new: Pair) -> None:
    told = f"the row of {old.first!r} and {old.second!r}: a value goes with BY_VALUE, and only with it"
    assert instead(old, new) == [told]


def test_a_misspelt_rule_or_value_is_told_with_what_was_meant() -> None:
    no_rule = instead(DIBAO_TEKUN, attrs.evolve(DIBAO_TEKUN, carried_by=("not_on_tekn",)))
    no_value = instead(BY_VALUE, attrs.evolve(BY_VALUE, value="living_with_tekn"))
    assert no_rule == [
        "the row of 'dibao' and 'tekun' points to 'not_on_tekn', which nothing gives; did you mean 'not_on_tekun'?"
    ]
    assert len(no_value) == 1
    assert no_value[0].endswith("which nothing gives; did you mean 'living_with_tekun'?")


# --- what each choice of a settled row leaves -------------------------------------------------------------------------

CHOSEN = [(pair, choice) for pair in SETTLED for choice in RULEBOOK.parameters[pair.value].choices]


def left_of(choice: str, ours: int, other: int, first: bool, settled_here: bool) -> int:
    """What a choice leaves of one of the two, written out."""
    if not ours or not other or choice == "both":
        return ours
    if choice == "higher":
        wins = ours >= other if first and settled_here else ours > other
        return ours if wins else 0
    return ours if (choice == "first_only") is first else 0


@pytest.mark.parametrize(("pair", "choice"), CHOSEN, ids=lambda each: each if isinstance(each, str) else named(each))
def test_a_choice_leaves_what_it_says(pair: Pair, choice: str, people: Population) -> None:
    book = rulebook(random_parameters(5) | {pair.value: choice})
    carriers = [each for each in RULEBOOK.rules if each.operation is Operation.SETTLED and pair.value in each.arguments]
    assert carriers
    met = 0
    for carrier in carriers:
        _, amount, beside = carrier.arguments
        targets = [name for name in (carrier.name, amount, beside) if name in RULEBOOK.by_name]
        run = book.plan(ON, targets=targets)[0].run(people)
        stated = people.column(beside)
        others = (run.values(beside) if stated is None else stated).astype(int).tolist()
        settled_here = pair.second in START
        first = not settled_here or amount.startswith((pair.first, STEMS.get(pair.first, pair.first)))
        before, after = run.values(amount).tolist(), run.values(carrier.name).tolist()
        for ours, other, left in zip(before, others, after, strict=True):
            met += bool(ours and other)
            assert left == left_of(choice, ours, other, first, settled_here), (carrier.name, ours, other)
    # Who is in extreme hardship is not on dibao, which the living subsidy goes with.
    assert met or pair.value == "living_with_tekun"
