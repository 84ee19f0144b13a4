"""The writing of place names: which characters are outside the list that a bureau allows, and the table of 2013.

A name uses the national common written language and avoids rare characters (生僻字): 地名管理条例 art. 9 item 3. The
regulation does not say which characters are rare, so the list that counts is an argument. The table of general standard
characters (通用规范汉字表, 国发〔2013〕23号), by which general use is to go, is one such list and is at hand here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

from civaffairs.errors import UsageError
from civaffairs.labels import Labelled

_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors: they choose the glyph of the character before them."""

_WRITTEN = re.compile(f"[^{_SELECTORS}][{_SELECTORS}]*|[{_SELECTORS}]+", re.DOTALL)
_SELECTOR = re.compile(f"[{_SELECTORS}]")


class Unusual(Labelled):
    """Why a character is not one of the list."""

    RARE = ("rare", "表外字")
    VARIANT = ("variant", "异体或兼容编码")
    PRIVATE = ("private", "自造字编码")
    DIGIT = ("digit", "数字")
    LETTER = ("letter", "字母")
    OTHER = ("other", "符号或空格")


@cache
def standard_characters(up_to_level: int = 3) -> frozenset[str]:
    """The characters of the table of general standard characters (通用规范汉字表), up to one of its three levels.

    Parameters
    ----------
    up_to_level
        1: the 3500 of general use; 2: the 6500 of print; 3: all 8105, with those that only names of people and places
        or the sciences use.

    Raises
    ------
    UsageError
        If there is no such level.

    Examples
    --------
    >>> [len(standard_characters(level)) for level in (1, 2, 3)]
    [3500, 6500, 8105]
    >>> "邕" in standard_characters(2), "垌" in standard_characters(1)
    (True, False)
    """
    if up_to_level not in {1, 2, 3}:
        msg = f"the table of general standard characters has levels 1 to 3, not {up_to_level!r}"
        raise UsageError(msg)
    text = files("civaffairs.registers.names").joinpath("standard_characters.txt").read_text("utf-8")
    level, found = 0, set[str]()
    for line in text.splitlines():
        if line.startswith("#"):
            level += "级字表" in line
        elif level <= up_to_level:
            found.update(line)
    return frozenset(found)


def plain_text(text: str) -> str:
    r"""A name as it would be typed: no variation selectors, no compatibility forms, no full-width letters or digits.

    Examples
    --------
    >>> plain_text("５１路"), plain_text("\u2f2d\ufe00")
    ('51路', '山')
    """
    return unicodedata.normalize("NFKC", _SELECTOR.sub("", text))


def code_points(text: str) -> str:
    """Name characters by their numbers, for those that a screen may not show.

    Examples
    --------
    >>> code_points("𬇙")
    'U+2C1D9'
    """
    return " ".join(f"U+{ord(character):04X}" for character in text)


def unusual_characters(name: str, allowed: frozenset[str]) -> tuple[str, ...]:
    """The characters of a name that are not allowed, each once, in the order in which they are written.

    They are judged as written: a full-width or compatibility form of an allowed character is not that character, and
    a character with a variation selector is told together with it. Digits and letters are not characters of a list
    of Chinese characters, and are told too.

    Parameters
    ----------
    name
        The name, as written.
    allowed
        The characters that may be used, such as `standard_characters`.

    Examples
    --------
    >>> unusual_characters("邕宁区", standard_characters())
    ()
    >>> unusual_characters("51路", standard_characters())
    ('5', '1')
    >>> unusual_characters("龘山街", standard_characters())
    ('龘',)
    """
    return tuple(dict.fromkeys(written for written in _WRITTEN.findall(name) if written not in allowed))


def why_unusual(written: str) -> Unusual:
    r"""Say why something that `unusual_characters` tells is no character of a list.

    Parameters
    ----------
    written
        One character, with its variation selectors if it has any.

    Raises
    ------
    UsageError
        If there is no character.

    Examples
    --------
    >>> [why_unusual(each).name for each in ("龘", "5", "Ａ", "山\ufe00", "\ue863", "·")]
    ['RARE', 'DIGIT', 'LETTER', 'VARIANT', 'PRIVATE', 'OTHER']
    """
    if not written:
        msg = "there is no character here; give one that unusual_characters tells"
        raise UsageError(msg)
    plain = plain_text(written)
    category = unicodedata.category(plain[0]) if plain else "Mn"
    if category == "Co":
        return Unusual.PRIVATE
    if category.startswith("N") and not is_han(plain[0]):
        return Unusual.DIGIT
    if not plain or not is_han(plain[0]):
        return Unusual.LETTER if category.startswith("L") else Unusual.OTHER
    return Unusual.VARIANT if plain != written else Unusual.RARE


def is_han(character: str) -> bool:
    """Whether it is a Chinese character (in Unicode: an ideograph, or 〇).

    Examples
    --------
    >>> [is_han(character) for character in "山〇𬇙5A"]
    [True, True, True, False, False]
    """
    name = unicodedata.name(character, "")
    return character == "〇" or name.startswith(("CJK UNIFIED", "CJK COMPATIBILITY")) or _newer(character)


def _newer(character: str) -> bool:
    """Whether it is in the planes of ideographs; Python may not know the name of one that Unicode added later."""
    return 0x20000 <= ord(character) <= 0x3FFFD
