"""Both layouts say of every household what one says by going from member to member."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from civaffairs.people.columns import Level
from civaffairs.people.population import Population
from civaffairs.rules.layout import Block, DenseLayout, IndexLayout, Layout
from civaffairs.rules.operations import project

LAYOUTS: tuple[Callable[[Population, int], Layout], ...] = (IndexLayout, DenseLayout)
SIZES = st.lists(st.integers(1, 7), min_size=1, max_size=12)
BLOCKS = st.integers(1, 20)


def homes(sizes: list[int]) -> Population:
    index = np.repeat(np.arange(len(sizes)), sizes)
    return Population({}, {}, {}, index)


def each_block(
    layout: Layout,
    columns: dict[str, tuple[NDArray[Any], Level]],
    work: Callable[..., Any],
    into: NDArray[Any],
    level: Level,
) -> NDArray[Any]:
    """Work something out block by block and bring it back into the population's order."""
    arranged = {name: (layout.arrange(column, of), of) for name, (column, of) in columns.items()}
    for block in layout.blocks():
        cut = {name: block.column(column, of) for name, (column, of) in arranged.items()}
        block.store(work(block, **cut), into, level)
    return layout.restore(into, level)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(sizes=SIZES, block=BLOCKS, data=st.data())
def test_members_are_added_up_and_searched(
    layout: Callable[[Population, int], Layout], sizes: list[int], block: int, data: st.DataObject
) -> None:
    people, rng = homes(sizes), np.random.default_rng(data.draw(st.integers(0, 999)))
    money, flags = rng.integers(-9, 9, people.persons), rng.random(people.persons) < 0.3
    causes = rng.integers(0, 8, people.persons).astype(np.uint8)
    members = [np.flatnonzero(people.index == home) for home in range(people.households)]
    columns = {"money": (money, Level.PERSON), "flags": (flags, Level.PERSON), "causes": (causes, Level.PERSON)}
    told: dict[str, tuple[Callable[..., Any], list[Any], type[Any]]] = {
        "total": (lambda b, money, **_: b.total(money), [money[of].sum() for of in members], np.int64),
        "count": (lambda b, flags, **_: b.count(flags), [flags[of].sum() for of in members], np.int64),
        "any": (lambda b, flags, **_: b.any(flags), [flags[of].any() for of in members], np.bool_),
        "causes": (
            lambda b, causes, **_: b.causes(causes),
            [np.bitwise_or.reduce(causes[of]) for of in members],
            np.uint8,
        ),
        "one value": (lambda b, **_: b.total(np.int64(3)), [3 * len(of) for of in members], np.int64),
        "one flag": (lambda b, **_: b.any(np.bool_(True)), [True for _ in members], np.bool_),
    }
    for name, (work, expected, kind) in told.items():
        got = each_block(layout(people, block), columns, work, np.empty(people.households, kind), Level.HOUSEHOLD)
        assert got.tolist() == expected, name


@pytest.mark.parametrize("layout", LAYOUTS)
@given(sizes=SIZES, block=BLOCKS, data=st.data())
def test_a_household_s_value_reaches_each_member(
    layout: Callable[[Population, int], Layout], sizes: list[int], block: int, data: st.DataObject
) -> None:
    people = homes(sizes)
    value = np.array(data.draw(st.lists(st.integers(0, 99), min_size=len(sizes), max_size=len(sizes))))
    columns = {"value": (value, Level.HOUSEHOLD)}
    into = np.empty(people.persons, np.int64)
    got = each_block(layout(people, block), columns, lambda b, value: project(b, value), into, Level.PERSON)
    assert got.tolist() == value[people.index].tolist()


def shares(amount: int, takes: list[bool]) -> list[int]:
    """Hand out fen one by one, from the first who takes part to the last and round again."""
    parts, takers = [0] * len(takes), [k for k, one in enumerate(takes) if one]
    for fen in range(amount if takers else 0):
        parts[takers[fen % len(takers)]] += 1
    return parts


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("everybody", [True, False])
@given(sizes=SIZES, block=BLOCKS, data=st.data())
def test_shares_add_up_to_the_fen(
    layout: Callable[[Population, int], Layout], everybody: bool, sizes: list[int], block: int, data: st.DataObject
) -> None:
    people = homes(sizes)
    amount = np.array(data.draw(st.lists(st.integers(0, 20), min_size=len(sizes), max_size=len(sizes))))
    takes = np.array(data.draw(st.lists(st.booleans(), min_size=people.persons, max_size=people.persons)), bool)
    takes |= everybody
    columns = {"amount": (amount, Level.HOUSEHOLD), "takes": (takes, Level.PERSON)}

    def work(b: Block, amount: NDArray[np.int64], takes: NDArray[np.bool_]) -> NDArray[np.int64]:
        return b.apportion(amount, None if everybody else takes)

    got = each_block(layout(people, block), columns, work, np.empty(people.persons, np.int64), Level.PERSON)
    expected = [shares(int(amount[home]), takes[people.index == home].tolist()) for home in range(people.households)]
    assert got.tolist() == [fen for home in expected for fen in home]


@given(sizes=SIZES, block=BLOCKS)
def test_blocks_are_whole_households_and_all_of_them(sizes: list[int], block: int) -> None:
    people = homes(sizes)
    blocks = [*IndexLayout(people, block).blocks()]
    dense = DenseLayout(people, block).blocks()
    for cut in ([(one.persons, one.households) for one in blocks], [(one.persons, one.households) for one in dense]):
        assert sum(persons.stop - persons.start for persons, _ in cut) == people.persons
        assert sum(households.stop - households.start for _, households in cut) == people.households
    for one in blocks:
        assert one.index[0] == 0
        assert one.index[-1] == len(one.starts) - 1
        assert one.sizes.sum() == len(one.index)


def test_a_column_is_arranged_once() -> None:
    people = homes([2, 1, 2])
    layout, column = DenseLayout(people, 100), np.arange(5)
    assert layout.arrange(column, Level.PERSON) is layout.arrange(column, Level.PERSON)
    assert layout.restore(layout.arrange(column, Level.PERSON), Level.PERSON).tolist() == column.tolist()
