"""The sound of place names: readings of characters, syllables of a name, and which of many names sound alike.

Names of one scope should not sound alike (避免同音): 地名管理条例 art. 9 items 7 and 8. No source that was read says
whether tones count, so whoever asks says it. A character with several readings (多音字) may be read in any of them: two
names sound alike if some reading of the one is a reading of the other, whichever is right. Readings are those of the
通用规范汉字字典 of 2013 and the first one of pypinyin; how a place is read by those who live there only they can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.resources import files
from itertools import product
from math import prod
from typing import TYPE_CHECKING, TypeAlias, cast

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.registers.names.characters import is_han, plain_text

if TYPE_CHECKING:
    from types import ModuleType

Sounds: TypeAlias = tuple[tuple[str, ...], ...]
"""What may be heard: for each syllable of a name, its possible readings."""

MOST_KEYS = 256
"""Under how many readings one name is filed; a name with more is compared reading by reading instead."""

_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


@cache
def _pypinyin() -> ModuleType:
    """Import pypinyin, or say how to install it."""
    try:
        return import_module("pypinyin")
    except ImportError:
        msg = "readings of characters need pypinyin; install it with: pip install 'civaffairs[registers]'"
        raise UsageError(msg) from None


@cache
def _polyphones() -> dict[str, tuple[str, ...]]:
    """Read which characters have several readings, with tones."""
    text = files("civaffairs.registers.names").joinpath("polyphones.txt").read_text("utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {character: tuple(readings.split()) for character, readings in lines}


@cache
def readings(character: str, *, tones: bool) -> tuple[str, ...]:
    """How a Chinese character may be read, the usual way first; nothing if that is not known.

    Parameters
    ----------
    character
        One character.
    tones
        Whether readings keep their tone marks; without them, those that differ by tone alone become one.

    Raises
    ------
    UsageError
        If pypinyin is not installed.

    Examples
    --------
    >>> readings("长", tones=False), readings("好", tones=True), readings("好", tones=False)
    (('zhang', 'chang'), ('hǎo', 'hào'), ('hao',))
    """
    if tones:
        first = syllables(character, tones=True) if is_han(character) else ()
        found = (*first, *_polyphones().get(character, ())) if first != (character,) else ()
    else:
        found = tuple(_toneless(reading) for reading in readings(character, tones=True))
    return tuple(dict.fromkeys(found))


def _toneless(reading: str) -> str:
    """Take the tone mark off a syllable; ü keeps its dots."""
    tone_convert = import_module("pypinyin.contrib.tone_convert")
    return cast(str, tone_convert.to_normal(reading, v_to_u=True))


def syllables(text: str, *, tones: bool = False) -> tuple[str, ...]:
    """Read a text in the usual way, one syllable a character; what has no reading stays as it is.

    Known words decide between several readings. They are words of the general language: a local reading is not known.

    Parameters
    ----------
    text
        Chinese characters.
    tones
        Whether syllables have tone marks.

    Raises
    ------
    UsageError
        If pypinyin is not installed.

    Examples
    --------
    >>> syllables("长安"), syllables("绿地", tones=True)
    (('chang', 'an'), ('lǜ', 'dì'))
    """
    pypinyin = _pypinyin()
    style = pypinyin.Style.TONE if tones else pypinyin.Style.NORMAL
    return tuple(pypinyin.lazy_pinyin(text, style=style, v_to_u=True, errors=list))


@cache
def _heard(character: str, tones: bool) -> Sounds:
    """What is heard of one written character: a digit as its numeral, a letter as itself, a mark not at all."""
    heard = (_DIGITS.get(each, each) for each in plain_text(character) if each.isalnum())
    return tuple(readings(each, tones=tones) or (each.upper(),) for each in heard)


def _sounds(name: str, tones: bool) -> Sounds:
    """What may be heard of a name."""
    return tuple(position for character in name for position in _heard(character, tones))


def _meet(one: Sounds, other: Sounds) -> bool:
    """Whether some reading of each is the same."""
    return len(one) == len(other) and all(map(_share, one, other))


def _share(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return one == other or not set(one).isdisjoint(other)


def sounds_alike(one: str, other: str, *, tones: bool) -> bool:
    """Whether two names may sound alike (同音): some reading of the one is a reading of the other.

    Spaces and marks are not heard; digits are read one by one as numerals. A name sounds like itself.

    Parameters
    ----------
    one, other
        The names.
    tones
        Whether tones tell names apart. The regulation does not say.

    Examples
    --------
    >>> sounds_alike("江南路", "将南路", tones=False), sounds_alike("兴宁", "行宁", tones=False)
    (True, True)
    >>> sounds_alike("五一路", "武义路", tones=True), sounds_alike("五一路", "51路", tones=True)
    (False, True)
    """
    return _meet(_sounds(one, tones), _sounds(other, tones))


@attrs.frozen(eq=False, repr=False)
class SoundIndex:
    """Many names, filed by what may be heard, so that those that sound like another are found at once.

    Attributes
    ----------
    names
        The names, in the order given.
    tones
        Whether tones tell them apart.

    Examples
    --------
    >>> index = SoundIndex.of(["江南路", "长乐街", "将南路", "五一路"], tones=False)
    >>> index.find("江南路"), index.find("常乐街"), index.find("民族大道")
    ((0, 2), (1,), ())
    >>> index.shared().tolist()
    [True, False, True, False]
    """

    names: tuple[str, ...]
    tones: bool = attrs.field(kw_only=True)
    _filed: dict[tuple[str, ...], list[int]] = attrs.field(init=False, factory=dict)
    _unfiled: list[int] = attrs.field(init=False, factory=list)

    @classmethod
    def of(cls, names: Iterable[str], *, tones: bool) -> SoundIndex:
        """File names by their sound.

        Parameters
        ----------
        names
            The names of one scope, or of all.
        tones
            Whether tones tell names apart. The regulation does not say.
        """
        index = cls(tuple(names), tones=tones)
        for position, name in enumerate(index.names):
            sounds = _sounds(name, tones)
            if prod(map(len, sounds)) > MOST_KEYS:
                index._unfiled.append(position)
            else:
                for key in product(*sounds):
                    index._filed.setdefault(key, []).append(position)
        return index

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        return f"<SoundIndex of {len(self)} names, tones {'count' if self.tones else 'do not count'}>"

    def find(self, name: str) -> tuple[int, ...]:
        """Positions of the names that may sound like one, in order; a name written the same is one of them.

        It answers exactly as `sounds_alike` does for each name in turn.
        """
        sounds = _sounds(name, self.tones)
        if prod(map(len, sounds)) > MOST_KEYS:
            return tuple(i for i, other in enumerate(self.names) if _meet(sounds, _sounds(other, self.tones)))
        found = {position for key in product(*sounds) for position in self._filed.get(key, ())}
        found.update(i for i in self._unfiled if _meet(sounds, _sounds(self.names[i], self.tones)))
        return tuple(sorted(found))

    def shared(self) -> NDArray[np.bool_]:
        """For each name, whether another one may sound like it; names that are written the same count.

        Returns
        -------
        numpy.ndarray
            One truth value a name.
        """
        result = np.zeros(len(self), dtype=np.bool_)
        for positions in self._filed.values():
            if len(positions) > 1:
                result[positions] = True
        for position in self._unfiled:
            alike = self.find(self.names[position])
            if len(alike) > 1:
                result[list(alike)] = True
        return result
