"""Searching many names by Chinese characters, or by pinyin with or without tones, blanks and apostrophes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice

import attrs
import numpy as np

from civaffairs.registers.names.characters import is_han, plain_text
from civaffairs.registers.names.sounds import readings

_DIGITS = "零一二三四五六七八九"
_BETWEEN = re.compile("[\\s'’\\-]+")
_TONE_MARKS = "\u0304\u0301\u030c\u0300"
_MOST_PARSES = 64
_LONGEST_SYLLABLE = 6


@attrs.frozen(eq=False, repr=False)
class NameText:
    """Many names as one text, one name a line, in which a pattern finds them all at once.

    A query in pinyin is divided into syllables in every way it can be, and each syllable stands for the characters
    that may be read so: characters with several readings are found under each of them.

    Examples
    --------
    >>> names = NameText.of(["江南路", "长安街", "西安路", "先锋路", "绿地路"])
    >>> names.search("安"), names.search("jiangnan"), names.search("Xi'an Lu"), names.search("xian")
    ((1, 2), (0,), (2,), (2, 3))
    >>> names.search("chángān"), names.search("chángàn"), names.search("lüdi"), names.search("zhang an")
    ((1,), (), (4,), (1,))
    """

    count: int
    text: str
    starts: np.ndarray[tuple[int], np.dtype[np.int64]]
    characters: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> NameText:
        """Put names into one text, in the order given."""
        every = tuple(names)
        lengths = np.array([len(name) + 1 for name in every], np.int64)
        starts = np.cumsum(lengths) - lengths
        text = "\n".join(every)
        return cls(len(every), text, starts, frozenset(text) - {"\n"})

    def search(self, query: str) -> tuple[int, ...]:
        """Positions of the names that have the query in them: those that are it first, then those that begin with it.

        Parameters
        ----------
        query
            Chinese characters as they are written; or pinyin, whose last syllable may be unfinished. Without tone
            marks any tone is found, with one mark every syllable has to have the tone that is written. A blank or an
            apostrophe ends a syllable; ``v`` is read as ``ü``.
        """
        wanted = query.strip()
        if not wanted or not self.count:
            return ()
        pattern = re.escape("".join(wanted.split())) if any(map(is_han, wanted)) else self._pattern(wanted)
        if not pattern:
            return ()
        found: dict[int, int] = {}
        for match in re.finditer(pattern, self.text):
            row = int(np.searchsorted(self.starts, match.start(), "right")) - 1
            begins = match.start() == self.starts[row]
            ends = match.end() == len(self.text) or self.text[match.end()] == "\n"
            found[row] = min(found.get(row, 3), 0 if begins and ends else 1 if begins else 2)
        return tuple(sorted(found, key=lambda row: (found[row], row)))

    def _pattern(self, query: str) -> str:
        """Turn pinyin into a pattern of Chinese characters."""
        tones = bool(set(unicodedata.normalize("NFD", query)) & set(_TONE_MARKS))
        folded = unicodedata.normalize("NFC", query).casefold().replace("v", "ü")
        known = self._by_reading(tones)
        words = [word for word in _BETWEEN.split(folded) if word]
        parses: list[tuple[str, ...]] = [()]
        for number, word in enumerate(words, 1):
            ways = list(islice(_divided(word, known, unfinished=number == len(words)), _MOST_PARSES))
            parses = [(*done, *way) for done in parses for way in ways][:_MOST_PARSES]
        return "|".join(dict.fromkeys("".join(parse) for parse in parses if parse))

    def _by_reading(self, tones: bool) -> Mapping[str, str]:
        """For each reading, a pattern of the characters of the names that may be read so."""
        found: dict[str, list[str]] = {}
        for character in sorted(self.characters):
            for reading in _readings(character, tones):
                found.setdefault(reading, []).append(character)
        return {reading: f"[{re.escape(''.join(of))}]" for reading, of in found.items()}


@cache
def _readings(character: str, tones: bool) -> tuple[str, ...]:
    """How a character of a name is read; digits as themselves and as numerals, letters as themselves."""
    plain = plain_text(character)
    if plain.isascii() and plain.isdigit():
        return (plain, *readings(_DIGITS[int(plain)], tones=tones))
    return readings(plain, tones=tones) if len(plain) == 1 and is_han(plain) else (plain.casefold(),)


def _divided(word: str, known: Mapping[str, str], *, unfinished: bool) -> Iterator[tuple[str, ...]]:
    """Every way of dividing a word into syllables that the names have."""
    if not word:
        yield ()
        return
    for end in range(min(len(word), _LONGEST_SYLLABLE), 0, -1):
        head, rest = word[:end], word[end:]
        if head in known:
            for more in _divided(rest, known, unfinished=unfinished):
                yield (known[head], *more)
    if unfinished and len(word) < _LONGEST_SYLLABLE:
        begun = [pattern[1:-1] for reading, pattern in known.items() if reading.startswith(word) and reading != word]
        if begun:
            yield (f"[{''.join(begun)}]",)
