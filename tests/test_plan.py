"""A run is the same however it is cut, ordered or threaded; and what it calls known stays so, whatever is filled in."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from oracle_ground import PUBLISHED
from random_households import random_parameters, random_roster
from with_library import HOUSEHOLD, PERSON, known, level_of, population, rulebook

from civaffairs.law.citation import document
from civaffairs.law.lookup import Found
from civaffairs.people.columns import Column, Kind, Level
from civaffairs.people.household import COLUMNS
from civaffairs.people.person import BenefitChoice
from civaffairs.people.population import Population
from civaffairs.rules.layout import DenseLayout, IndexLayout
from civaffairs.rules.plan import Plan, Run, look_up
from civaffairs.rules.rule import any_of, apportion, count, either, every, first_stated, total
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Conventions, Losses
from civaffairs.schemes import RULEBOOK

ON = date(2026, 8, 1)
SINCE = date(2021, 7, 1)
CITE = document("civil-code").article(17)
NAMES = (*HOUSEHOLD, *PERSON.values())
BOOK = rulebook(random_parameters(3))
PLAN = BOOK.plan(ON, targets=NAMES)[0]
PERSON_LEVEL = Level.PERSON


def people_of(seed: int, households: int = 12, on: date = ON) -> Population:
    return population(random_roster(households, seed, on))


def answers(run: Run, names: tuple[str, ...] = NAMES) -> dict[str, list[Any]]:
    """Every answer of a run in the order of the population; None where it is not known."""
    return {
        name: [value if sure else None for value, sure in zip(run.values(name).tolist(), known(run, name), strict=True)]
        for name in names
    }


def answers_to(plan: Plan, run: Run, name: str) -> list[Any]:
    """The answers of one rule of any plan; None where it is not known."""
    causes = run.unknown(name, plan.levels[name])
    values = run.values(name).tolist()
    return values if causes is None else [v if not c else None for v, c in zip(values, causes.tolist(), strict=True)]


SEEDS = st.integers(0, 10_000)


# --- the same however it is run ---------------------------------------------------------------------------------------


@given(SEEDS)
@settings(max_examples=15)
def test_all_at_once_is_one_by_one(seed: int) -> None:
    people = blanked(people_of(seed), seed)
    together = answers(PLAN.run(people))
    singly = [answers(PLAN.run(people.part(home, home + 1))) for home in range(people.households)]
    assert together == {name: [value for one in singly for value in one[name]] for name in NAMES}


@given(SEEDS)
@settings(max_examples=15)
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    roster = random_roster(12, seed, ON)
    rng = np.random.default_rng(seed)
    homes, rows = rng.permutation(12), rng.permutation(len(roster["household"]))
    place = np.argsort(homes)
    shuffled = {
        name: place[values[rows]]
        if name == "household"
        else values[rows if COLUMNS[name].level is PERSON_LEVEL else homes]
        for name, values in roster.items()
    }
    people, other = population(roster), population(shuffled)
    one, two = PLAN.run(people), PLAN.run(other)
    for name in NAMES:
        level = level_of(name)
        order = rows if level is PERSON_LEVEL else homes
        expected = people.in_callers_order(one.values(name), level)[order]
        assert other.in_callers_order(two.values(name), level).tolist() == expected.tolist(), name


@given(SEEDS, st.integers(1, 40), st.sampled_from([IndexLayout, DenseLayout]), st.sampled_from([1, 2]))
@settings(max_examples=25)
def test_a_cut_or_a_thread_changes_nothing(
    seed: int, size: int, layout: type[IndexLayout | DenseLayout], threads: int
) -> None:
    people = blanked(people_of(seed, 30), seed)
    expected = answers(PLAN.run(people))
    assert answers(PLAN.run(people, layout=layout(people, size), threads=threads)) == expected


def test_a_layout_may_be_used_again() -> None:
    people = people_of(1, 50)
    layout = DenseLayout(people, 64)
    expected = answers(PLAN.run(people))
    assert answers(PLAN.run(people, layout=layout)) == expected
    assert answers(PLAN.run(people, layout=layout)) == expected
    other = BOOK.plan(date(2025, 6, 1), targets=NAMES)[0]
    assert answers(other.run(people, layout=layout)) == answers(other.run(people))


def test_what_is_kept_changes_nothing() -> None:
    people = people_of(5, 40)
    every_rule = tuple(step.rule.name for step in PLAN.steps)
    all_kept, few = PLAN.run(people, keep=every_rule), PLAN.run(people)
    assert answers(all_kept) == answers(few)
    assert set(all_kept.columns) == set(every_rule)
    assert set(few.columns) == set(PLAN.keep) == set(NAMES)
    for kept in every_rule[::9]:
        alone = BOOK.plan(ON, targets=[kept])[0].run(people)
        assert alone.values(kept).tolist() == all_kept.values(kept).tolist(), kept


def test_a_run_writes_into_the_columns_it_is_given() -> None:
    people = people_of(2)
    column = np.full(people.households, -1, np.int64)
    run = PLAN.run(people, out={"dibao_amount": column})
    assert column.tolist() == PLAN.run(people).values("dibao_amount").tolist()
    assert run.values("dibao_amount") is column


def test_no_column_is_a_float_and_nothing_is_negative() -> None:
    run = PLAN.run(people_of(7, 300), keep=[step.rule.name for step in PLAN.steps])
    signed = {"net_transfers", "tekun_transfers", "counted_income", "members_income"}
    for name, column in run.columns.items():
        assert column.dtype in (np.bool_, np.int8, np.int64), name
        assert name in signed or (column >= 0).all(), name


def test_a_run_changes_none_of_its_inputs() -> None:
    people = people_of(8, 60)
    before = {name: column.copy() for name, column in (*people.person.items(), *people.household.items())}
    for column in (*people.person.values(), *people.household.values()):
        column.setflags(write=False)
    for layout in (None, DenseLayout(people, 50)):
        PLAN.run(people, layout=layout)
    assert all(np.array_equal(column_of(people, name), column) for name, column in before.items())


# --- what the amounts have to keep to ---------------------------------------------------------------------------------


@pytest.mark.parametrize("on", [date(2025, 6, 1), ON], ids=str)
def test_the_shares_add_up_to_the_households_amount(on: date) -> None:
    people = people_of(9, 500, on)
    run = rulebook(random_parameters(1)).plan(on, targets=("dibao_amount", "dibao_share"))[0].run(people)
    shares = np.zeros(people.households, np.int64)
    np.add.at(shares, people.index, run.values("dibao_share"))
    assert shares.tolist() == run.values("dibao_amount").tolist()
    assert shares.any()


@given(SEEDS, st.integers(1, 500_000), st.sampled_from([date(2025, 6, 1), ON]))
@settings(max_examples=25)
def test_more_income_never_raises_dibao(seed: int, more: int, on: date) -> None:
    names = ("dibao_amount", "dibao_eligible", "edge_income_met")
    plan, _ = rulebook(random_parameters(seed)).plan(on, targets=(*names, "has_tekun_member"))
    poorer = people_of(seed, 40, on)
    who = np.random.default_rng(seed).random(poorer.persons) < 0.5
    wages = poorer.person["wage_income"] + who * more
    richer = attrs.evolve(poorer, person={**poorer.person, "wage_income": wages})
    before, after = plan.run(poorer), plan.run(richer)
    # Who earns too much for extreme hardship comes back into the family, and may lower its income a head.
    alike = before.values("has_tekun_member") == after.values("has_tekun_member")
    for name in names:
        assert (after.values(name) <= before.values(name))[alike].all(), name
    assert alike.any()


def test_a_loss_may_be_set_off_only_by_convention() -> None:
    people = people_of(4, 400)
    offset = BOOK.plan(ON, targets=NAMES, conventions=Conventions(losses=Losses.OFFSET))[0].run(people)
    within = PLAN.run(people)
    assert (offset.values("dibao_amount") >= within.values("dibao_amount")).sum() > 0
    assert (offset.values("dibao_eligible") >= within.values("dibao_eligible")).all()
    assert offset.values("dibao_amount").tolist() != within.values("dibao_amount").tolist()


# --- days -------------------------------------------------------------------------------------------------------------


def law_on(on: date, book: Rulebook = RULEBOOK) -> tuple[object, ...]:
    """Which rule stands for every name on a day, and which value for every parameter."""
    rules = tuple(book.in_force(name, on) for name in sorted(book.by_name))
    values = []
    for name in sorted(book.parameters):
        found = look_up(book.parameters[name], "450103", on, None)
        values.append(found.row if isinstance(found, Found) else type(found))
    return rules, tuple(values)


@pytest.mark.parametrize("span", list(pairwise((*RULEBOOK.boundary_days(), date(2030, 1, 1)))), ids=str)
def test_the_law_is_constant_between_its_days(span: tuple[date, date]) -> None:
    first, end = span
    days = [first + (end - first) * part // 7 for part in range(7)]
    assert all(law_on(day) == law_on(first) for day in (*days, end - timedelta(days=1)))


@pytest.mark.parametrize("day", RULEBOOK.boundary_days(), ids=str)
def test_a_plan_can_be_made_beside_every_change(day: date) -> None:
    people = people_of(3, 5, day)
    for on in (day - timedelta(days=1), day, day + timedelta(days=1)):
        plan, unavailable = RULEBOOK.plan(on)
        assert plan.day.on == on
        assert {each.scheme for each in unavailable} <= set(RULEBOOK.schemes)
        plan.run(people)


def test_before_the_first_rules_nothing_is_assessed() -> None:
    plan, unavailable = RULEBOOK.plan(date(2021, 6, 30))
    assert [each.scheme for each in unavailable] == list(RULEBOOK.schemes)
    assert not plan.steps
    assert all("rules before 20" in each.reason and "not written" in each.reason for each in unavailable)
    assert [each.scheme for each in RULEBOOK.plan(date(2022, 10, 1))[1]] == ["rigid"]
    assert not RULEBOOK.plan(date(2025, 1, 1))[1]


# --- what is known stays so -------------------------------------------------------------------------------------------

FALLS_BACK = {"recorded_payment_method", "financial_assets"}
"""Facts that, if not stated, another source stands in for: filling them in may change what was known."""
LEFT_OUT = {"household_id", "person_id", "birth_date", "resident_number", "place", "hukou_place", "area"} | FALLS_BACK
FACTS = [column for column in PLAN.inputs.values() if column.name not in LEFT_OUT]


def column_of(people: Population, name: str) -> NDArray[Any]:
    """A column that the population has."""
    values = people.column(name)
    assert values is not None
    return values


def blanked(people: Population, seed: int, share: float = 0.02) -> Population:
    """A population in which a few answers to each question are not stated."""
    rng = np.random.default_rng(seed)
    stated = {fact.name: rng.random(len(column_of(people, fact.name))) >= share for fact in FACTS}
    return attrs.evolve(people, stated=stated)


def fillings(column: Column, value: int) -> list[int]:
    """Every answer to a closed question; some amounts on both sides of the one that was given."""
    if column.kind is Kind.FLAG:
        return [0, 1]
    if column.kind is Kind.CHOICE:
        return list(range(len(list(column.choices or ()))))
    near = {column.low, value - 1, value, value + 1, value + 5, value * 2, 36, 100_000}
    return sorted({min(max(each, column.low), column.high) for each in near})


def filled(people: Population, holes: list[tuple[str, int]], choice: tuple[int, ...]) -> Population:
    """The population with its holes filled in one way."""
    person, household = dict(people.person), dict(people.household)
    for (name, row), value in zip(holes, choice, strict=True):
        table = person if name in person else household
        column = table[name].copy()
        column[row] = value
        table[name] = column
    return attrs.evolve(people, person=person, household=household, stated={})


@given(st.data())
@settings(max_examples=150)
def test_what_is_known_holds_however_the_holes_are_filled(data: st.DataObject) -> None:
    on = data.draw(st.sampled_from([date(2025, 6, 1), date(2026, 6, 30), ON]))
    seed = data.draw(SEEDS)
    plan, _ = rulebook(random_parameters(seed % 7)).plan(on, targets=NAMES)
    people = people_of(seed, 2, on)
    holes: list[tuple[str, int]] = []
    stated: dict[str, NDArray[np.bool_]] = {}
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(FACTS)).name
        length = len(column_of(people, name))
        row = data.draw(st.integers(0, length - 1))
        if (name, row) not in holes:
            holes.append((name, row))
            stated.setdefault(name, np.ones(length, np.bool_))[row] = False
    run = plan.run(attrs.evolve(people, stated=stated))
    partial = answers(run)
    ways = [fillings(COLUMNS[name], int(column_of(people, name)[row])) for name, row in holes]
    for choice in list(product(*ways))[:200]:
        full = answers(plan.run(filled(people, holes, choice)))
        for name in NAMES:
            for row, (before, after) in enumerate(zip(partial[name], full[name], strict=True)):
                assert before is None or before == after, (name, row, holes, choice)


def test_a_fact_that_nobody_states_is_unknown_to_all_that_need_it() -> None:
    people = people_of(1, 30)
    without = attrs.evolve(people, person={n: c for n, c in people.person.items() if n != "wage_income"})
    run = PLAN.run(without)
    causes = run.unknown("dibao_amount", Level.HOUSEHOLD)
    assert causes is not None
    roots = run.roots["dibao_amount"]
    names = {root.name for bit, root in enumerate(roots) for cause in causes.tolist() if cause >> bit & 1}
    assert names == {"wage_income"}
    applying = (people.person["benefit_choice"] == BenefitChoice.TEKUN.number) & ~people.person["recorded_tekun"]
    calm = np.bincount(people.index, applying, people.households) == 0
    assert known(run, "household_size")[calm].all()
    poor = calm & ~people.household["assets_within_limits"]
    assert known(run, "dibao_amount")[poor].all()
    assert poor.any()


@pytest.mark.parametrize("on", [date(2025, 6, 1), ON], ids=str)
def test_what_is_known_without_assumptions_holds_under_any(on: date) -> None:
    people = people_of(11, 400, on)
    bare = answers(RULEBOOK.plan(on, targets=NAMES)[0].run(people))
    assert any(None in values for values in bare.values())
    # These ask for a value of the place on every row.
    asked_of_all = {"temporary_cap", "rigid_spending_met"}
    assert all(any(value is not None for value in bare[name]) for name in NAMES if name not in asked_of_all)
    for seed in range(12):
        full = answers(rulebook(random_parameters(seed) | PUBLISHED).plan(on, targets=NAMES)[0].run(people))
        for name in NAMES:
            pairs = zip(bare[name], full[name], strict=True)
            assert all(before is None or before == after for before, after in pairs), (seed, name)


def test_a_stated_flag_that_contradicts_the_arithmetic_leaves_the_question_open() -> None:
    book = BOOK.with_parameter(BOOK.parameters["dibao_asset_months"], 24, place="450100", since=SINCE, why="test")
    people = people_of(3, 300)
    run = book.plan(ON, targets=["dibao_assets_met"])[0].run(people)
    household = people.household
    sizes = PLAN.run(people, keep=["household_size", "standard"])
    limit = 24 * sizes.values("standard") * sizes.values("household_size")
    met = household["financial_assets"] * 27_720 <= limit
    recorded = household["assets_within_limits"]
    contradicted = recorded & ~met
    assert contradicted.any()
    assert known(run, "dibao_assets_met").tolist() == (~contradicted).tolist()
    assert run.values("dibao_assets_met")[~contradicted].tolist() == (recorded & met)[~contradicted].tolist()
    assert [root.disagreement for root in run.roots["dibao_assets_met"] if root.name == "dibao_assets_met"] == [True]


def test_a_passed_test_of_one_part_proves_nothing_and_a_failed_one_settles_it() -> None:
    book = BOOK.with_parameter(BOOK.parameters["dibao_asset_months"], 24, place="450100", since=SINCE, why="test")
    people = people_of(3, 300)
    sizes = PLAN.run(people, keep=["household_size", "standard"])
    met = people.household["financial_assets"] * 27_720 <= 24 * sizes.values("standard") * sizes.values(
        "household_size"
    )
    household = {name: column for name, column in people.household.items() if name != "assets_within_limits"}
    silent = Population(people.person, household, people.stated, people.index)
    run = book.plan(ON, targets=["dibao_assets_met"])[0].run(silent)
    assert met.any()
    assert not met.all()
    assert known(run, "dibao_assets_met").tolist() == (~met).tolist()
    assert not run.values("dibao_assets_met")[~met].any()


# --- the operations, against a loop -----------------------------------------------------------------------------------


def question(name: str, kind: Kind, level: Level = PERSON_LEVEL) -> Column:
    return Column(name=name, level=level, kind=kind, label_zh=name, meaning=name)


def declared() -> Rulebook:
    """One rule of each declared kind over plain columns."""
    told: dict[str, Any] = {"zh": "试", "meaning": "Test.", "since": SINCE}
    rules = (
        total("summed", "money", CITE, **told),
        total("summed_of_some", "money", CITE, where="who", **told),
        count("counted", "who", CITE, **told),
        any_of("found", "who", CITE, **told),
        apportion("shared", "sum", CITE, **told),
        apportion("shared_among", "sum", CITE, among="who", **told),
        either("one_of", PERSON_LEVEL, "who", "also", "home", cites=(CITE,), **told),
        every("all_of", PERSON_LEVEL, "who", "also", "home", cites=(CITE,), **told),
        first_stated("first", PERSON_LEVEL, "money", "other", cites=(CITE,), gives="Fen", **told),
    )
    columns = [question(name, Kind.FEN) for name in ("money", "other")]
    columns += [question(name, Kind.FLAG) for name in ("who", "also")]
    columns += [question("sum", Kind.FEN, Level.HOUSEHOLD), question("home", Kind.FLAG, Level.HOUSEHOLD)]
    return Rulebook(rules=rules, parameters={}, columns={each.name: each for each in columns})


DECLARED = declared()
EVERY = DECLARED.plan(ON, targets=[rule.name for rule in DECLARED.rules])[0]


@st.composite
def plain_populations(draw: st.DrawFn, holes: bool = False) -> Population:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    home = np.repeat(np.arange(len(sizes)), sizes)
    kinds = {"money": 20, "other": 20, "who": 1, "also": 1, "sum": 10, "home": 1}
    person: dict[str, NDArray[Any]] = {"person_id": np.array([f"p{row:03d}" for row in range(len(home))])}
    household: dict[str, NDArray[Any]] = {"household_id": np.array([f"h{row}" for row in range(len(sizes))])}
    stated = {}
    for name, most in kinds.items():
        of_homes = name in ("sum", "home")
        length = len(sizes) if of_homes else len(home)
        values = draw(st.lists(st.integers(0, most), min_size=length, max_size=length))
        (household if of_homes else person)[name] = np.array(values, np.bool_ if most == 1 else np.int64)
        if holes:
            told = draw(st.lists(st.sampled_from([True, True, False]), min_size=length, max_size=length))
            stated[name] = np.array(told)
    return Population.of(person, household, home.astype(np.intp), stated)


def layouts(people: Population) -> list[IndexLayout | DenseLayout]:
    return [IndexLayout(people, 3), DenseLayout(people, 3)]


def by_loop(people: Population) -> dict[str, list[Any]]:
    """The declared rules, one row at a time."""
    money, who, also = (people.person[name].tolist() for name in ("money", "who", "also"))
    sums, homes = people.household["sum"].tolist(), people.household["home"].tolist()
    out: dict[str, list[Any]] = {rule.name: [] for rule in DECLARED.rules}
    for position in range(people.households):
        rows = [row for row in range(people.persons) if people.index[row] == position]
        some = [row for row in rows if who[row]]
        out["summed"].append(sum(money[row] for row in rows))
        out["summed_of_some"].append(sum(money[row] for row in some))
        out["counted"].append(len(some))
        out["found"].append(bool(some))
        for row in rows:
            out["shared"].append(sums[position] // len(rows) + (rows.index(row) < sums[position] % len(rows)))
            among = row in some
            share = sums[position] // len(some) + (some.index(row) < sums[position] % len(some)) if among else 0
            out["shared_among"].append(share)
            out["one_of"].append(bool(who[row] or also[row] or homes[position]))
            out["all_of"].append(bool(who[row] and also[row] and homes[position]))
            out["first"].append(money[row])
    return out


@given(plain_populations())
@settings(max_examples=100)
def test_a_declared_rule_is_what_a_loop_finds(people: Population) -> None:
    expected = by_loop(people)
    for layout in layouts(people):
        run = EVERY.run(people, layout=layout)
        assert {name: run.values(name).tolist() for name in expected} == expected


@given(plain_populations(holes=True))
@settings(max_examples=200)
def test_a_declared_rule_knows_no_more_than_it_may(people: Population) -> None:
    names = tuple(rule.name for rule in DECLARED.rules if rule.name != "first")
    holes = [(name, int(row)) for name, told in people.stated.items() for row in np.flatnonzero(~told)]
    rng = np.random.default_rng(len(holes))
    for layout in layouts(people):
        partial = EVERY.run(people, layout=layout)
        before = {name: answers_to(EVERY, partial, name) for name in names}
        for _ in range(12):
            full = filled(people, holes, tuple(int(value) for value in rng.integers(0, 2, len(holes))))
            after = by_loop(full)
            for name in names:
                for row, (one, other) in enumerate(zip(before[name], after[name], strict=True)):
                    assert one is None or one == other, (name, row, holes)


@given(plain_populations(holes=True))
def test_the_first_that_is_stated_is_taken(people: Population) -> None:
    found = answers_to(EVERY, EVERY.run(people), "first")
    money, other = people.person["money"].tolist(), people.person["other"].tolist()
    told = [people.stated[name].tolist() for name in ("money", "other")]
    assert found == [
        one if first else two if second else None for one, two, first, second in zip(money, other, *told, strict=True)
    ]


@given(plain_populations(holes=True))
def test_a_flag_that_decides_needs_no_other(people: Population) -> None:
    found = answers_to(EVERY, EVERY.run(people), "one_of")
    flags = [(people.person[name], people.stated[name]) for name in ("who", "also")]
    flags.append((people.household["home"][people.index], people.stated["home"][people.index]))
    for row, value in enumerate(found):
        told = [bool(column[row]) if stated[row] else None for column, stated in flags]
        assert value == (True if True in told else None if None in told else False)
