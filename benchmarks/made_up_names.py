"""Makes up as many place names as one likes, the same ones every time; none of them is meant to be real."""

from __future__ import annotations

from datetime import date

import numpy as np

from civaffairs.registers.fields import NOT_STATED, Array
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.gazetteer import Gazetteer
from civaffairs.registers.names.place_name_states import PlaceNameState

ON = date(2026, 8, 1)
_SYLLABLES = tuple("东西南北中上下新古长安平和民乐兴福江山水云龙凤青秀明华文景春秋金玉石林湖泉塘桥岭坡井花竹松梅柳")
_GENERICS = ("路", "街", "巷", "大道")


def made_up_columns(count: int, *, areas: int = 20, seed: int = 25) -> dict[str, Array]:
    """Make up streets in force, as `Gazetteer.of_columns` takes them.

    Within a built-up area no two are written the same, as a register would have it; many sound alike.

    Parameters
    ----------
    count
        How many.
    areas
        In how many built-up areas.
    seed
        What the draw begins with.
    """
    draw = np.random.default_rng(seed)
    characters = np.array(_SYLLABLES)
    kinds = len(characters) ** 3 * len(_GENERICS)
    each = -(-count // areas)
    numbers = np.concatenate([draw.choice(kinds, each, replace=False) for _ in range(areas)])[:count]
    first, rest = np.divmod(numbers // len(_GENERICS), len(characters) ** 2)
    second, third = np.divmod(rest, len(characters))
    specific = np.char.add(np.char.add(characters[first], characters[second]), characters[third])
    area = np.repeat(np.arange(areas), each)[:count]
    return {
        "key": np.array([f"S{number:06d}" for number in range(count)]),
        "state": np.full(count, PlaceNameState.IN_USE.number, np.int8),
        "category": np.full(count, PlaceNameCategory.STREET.number, np.int8),
        "place": np.full(count, "450103"),
        "specific": specific,
        "generic": np.array(_GENERICS)[numbers % len(_GENERICS)],
        "division_level": np.full(count, NOT_STATED, np.int8),
        "famous": np.full(count, NOT_STATED, np.int8),
        "built_up_area": np.array([f"made-up area {number}" for number in range(areas)])[area],
        "former_names": np.full(count, ""),
        "successor": np.full(count, ""),
        "protected": np.full(count, NOT_STATED, np.int8),
    }


def made_up_gazetteer(count: int) -> Gazetteer:
    """Arrange made-up names for looking up; tones do not tell them apart."""
    return Gazetteer.of_columns(made_up_columns(count), ON, tones=False)
