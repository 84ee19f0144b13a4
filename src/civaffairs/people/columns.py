"""What a fact is: the kind, unit, limits and meaning of every column that a roster may have."""

from __future__ import annotations

from enum import Enum
from typing import Any

import attrs

from civaffairs.labels import Labelled
from civaffairs.money import LARGEST_FEN


class Level(Labelled):
    """Whom a column is about."""

    PERSON = ("person", "个人")
    HOUSEHOLD = ("household", "家庭")
    RECORD = ("record", "登记簿记录")


class Choice(Labelled):
    """A closed set of answers; a column holds the answer's ``number``."""


class Kind(Enum):
    """How a fact is written in a table and held in a column."""

    KEY = "text that names the row"
    NUMBER = "an identity number, as text"
    PLACE = "a division code of six digits, as text"
    DATE = "a day, as 2026-07-01"
    FLAG = "yes or no"
    CHOICE = "one of the listed words"
    FEN = "yuan with at most two decimals; fen in columns"
    COUNT = "a whole number"
    TEXT = "text"
    TEXTS = "texts with a semicolon between"
    AREA = "square metres with at most four decimals; cm² in columns"
    DEGREES = "degrees with decimals"


@attrs.frozen(kw_only=True)
class Column:
    """One fact that a roster may state.

    Attributes
    ----------
    name
        The column's name in tables, records and rules.
    level
        Whom it is about.
    kind
        How it is written.
    label_zh
        The Chinese term.
    meaning
        One sentence for whoever fills in the table.
    source
        The article that makes the fact matter.
    choices
        The closed set of answers, for a choice.
    required
        Whether a household without it is set aside (a key, birth, place, area); any other fact may be left
        unstated, and then what depends on it is not assessed.
    low, high
        Limits that include their ends.
    group
        Columns told together where a roster has none of them.
    """

    name: str
    level: Level
    kind: Kind
    label_zh: str
    meaning: str
    source: str = ""
    choices: type[Labelled] | None = None
    required: bool = False
    low: int = 0
    high: int = LARGEST_FEN
    group: str = ""


def fact(
    kind: Kind,
    label_zh: str,
    meaning: str,
    *,
    source: str = "",
    choices: type[Labelled] | None = None,
    required: bool = False,
    low: int = 0,
    high: int = LARGEST_FEN,
    group: str = "",
) -> Any:  # noqa: ANN401 -- an attrs field specifier: the attribute's annotation is its type
    """Declare an attribute of a record that is also a column; left out, an optional fact is *not stated*."""
    metadata = {
        "column": {
            "kind": kind,
            "label_zh": label_zh,
            "meaning": meaning,
            "source": source,
            "choices": choices,
            "required": required,
            "low": low,
            "high": high,
            "group": group,
        }
    }
    if required:
        return attrs.field(metadata=metadata)
    return attrs.field(default=None, metadata=metadata)


def columns_of(record: type[Any], level: Level, of: str = "", of_zh: str = "") -> tuple[Column, ...]:
    """List the columns that a record class declares, in its order.

    Parameters
    ----------
    record
        The class.
    level
        Whom its facts are about.
    of, of_zh
        Whose record it is, where a person has several of the kind: it goes before each column's name and label.
    """
    facts = {a.name: a.metadata["column"] for a in attrs.fields(record) if "column" in a.metadata}
    if not of:
        return tuple(Column(name=name, level=level, **told) for name, told in facts.items())
    return tuple(
        Column(
            name=f"{of}_{name}",
            level=level,
            **(told | {"group": of, "label_zh": of_zh + told["label_zh"], "meaning": f"{of}: {told['meaning']}"}),
        )
        for name, told in facts.items()
    )
