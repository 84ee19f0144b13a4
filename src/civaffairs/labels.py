"""Closed sets of the field: each member has an English value and the Chinese label that the law uses."""

from __future__ import annotations

from enum import Enum
from typing import Self


class Labelled(Enum):
    """A closed set whose members are written ``NAME = ("value", "中文")``.

    Attributes
    ----------
    label_zh
        The term in Chinese.
    number
        Its place in the order in which the members are written, from 0: how a column holds it.

    Examples
    --------
    >>> class Side(Labelled):
    ...     LEFT = ("left", "左")
    ...     RIGHT = ("right", "右")
    >>> Side("left").label_zh, Side.RIGHT.value, Side.RIGHT.number
    ('左', 'right', 1)
    """

    label_zh: str
    number: int

    def __new__(cls, value: str, label_zh: str) -> Self:
        """Keep the Chinese label beside the value, and number the members."""
        member = object.__new__(cls)
        member._value_ = value
        member.label_zh = label_zh
        member.number = len(cls.__members__)
        return member
