"""The spelling of place names in Roman letters (罗马字母拼写): Hanyu Pinyin by rule, or as somebody confirmed it.

The Scheme of Hanyu Pinyin is the single norm, with rules of spelling that the ministry sets: 地名管理条例 art. 15
para. 2. The rules read are the 中国地名汉语拼音字母拼写规则(汉语地名部分) of 1984 ([84]中地字第17号), in copies; the
numbers of rules below are theirs, and no later ones were read. What a rule leaves to a person is told, not guessed:
characters with several readings, numbers in names of streets, 儿, names of peoples. Names from Mongolian,
Uyghur and Tibetan are written by rules of their own: give them as confirmed spellings. Tone marks are left out; rule 9
writes them, and lets them go in special cases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import attrs

from civaffairs.errors import UsageError
from civaffairs.labels import Labelled
from civaffairs.registers.names.characters import is_han, plain_text
from civaffairs.registers.names.sounds import readings, syllables


class SpellingBasis(Labelled):
    """What a spelling stands on."""

    RULE = ("rule", "按规则拼写")
    CONFIRMED = ("confirmed", "已确认")


class Doubt(Labelled):
    """Why a person has to confirm a spelling."""

    POLYPHONE = ("polyphone", "多音字")
    MONOSYLLABLE = ("monosyllable", "单音节专名")
    NUMBER = ("number", "数词或序数词")
    SUFFIX_R = ("suffix r", "儿化")
    PEOPLE = ("people", "民族名称")
    NO_READING = ("no reading", "无读音")


@attrs.frozen
class Uncertain:
    """One part of a name that a person has to confirm.

    Attributes
    ----------
    written
        The character, or the word.
    doubt
        Why.
    chosen
        How it was spelled.
    readings
        How else it might be read, with the chosen way, when that is what is uncertain.
    """

    written: str
    doubt: Doubt
    chosen: str
    readings: tuple[str, ...] = ()


@attrs.frozen
class Romanised:
    """A name in Roman letters.

    Attributes
    ----------
    text
        The spelling.
    basis
        Whether the rule gave it, or a confirmed spelling.
    uncertain
        What a person has to confirm before it is used; empty for a confirmed spelling.
    """

    text: str
    basis: SpellingBasis
    uncertain: tuple[Uncertain, ...] = ()


NONE_CONFIRMED: Mapping[str, str] = MappingProxyType({})

GENERIC_READINGS: Mapping[str, str] = MappingProxyType(
    {"区": "qu", "巷": "xiang", "省": "sheng", "弄": "long", "大": "da", "厦": "sha", "南": "nan"}
)
"""How characters with several readings are read in generic parts (通名), where no place has a reading of its own."""

_STREETS = tuple("路街道巷弄条环")
_NUMERALS = re.compile("[0-9]+|第?[〇零一二三四五六七八九十][〇零一二三四五六七八九十百]*")
_OF_PEOPLES = re.compile("((?:[^族]+族)+)(自治区|自治州|自治县|自治旗|乡|区)")


def romanise(specific: str, generic: str, *, confirmed: Mapping[str, str] = NONE_CONFIRMED) -> Romanised:
    """Spell a place name in Hanyu Pinyin: specific and generic part apart, each with a capital, nothing translated.

    Parameters
    ----------
    specific
        The specific part (专名). A space marks words that are written apart, as in ``"东直门外 南"`` (rule 2).
    generic
        The generic part (通名), spelled and not translated. Empty for a village or small town that grew as one, whose
        name is one word (rule 3). The generic part of an area of several peoples is divided by itself.
    confirmed
        Confirmed spellings by standard name; they go before the rule.

    Raises
    ------
    UsageError
        If there is no specific part, or pypinyin is not installed.

    Examples
    --------
    >>> [romanise(*name).text for name in (("隆安", "县"), ("西安", "市"), ("绿地", "路"), ("隆林", "各族自治县"))]
    ["Long'an Xian", "Xi'an Shi", 'Lüdi Lu', 'Longlin Gezu Zizhixian']
    >>> romanise("周口店", "").text
    'Zhoukoudian'

    A character with several readings is spelled in the usual way, and told:

    >>> told = romanise("那长", "街")
    >>> told.text, told.basis.name
    ('Nazhang Jie', 'RULE')
    >>> [(part.written, part.doubt.name, part.readings) for part in told.uncertain]
    [('长', 'POLYPHONE', ('zhang', 'chang'))]
    >>> romanise("那长", "街", confirmed={"那长街": "Nachang Jie"})
    Romanised(text='Nachang Jie', basis=<SpellingBasis.CONFIRMED: 'confirmed'>, uncertain=())
    """
    if not specific.strip():
        msg = f"a place name has a specific part (专名), and here there is none before {generic!r}"
        raise UsageError(msg)
    name = "".join((specific + generic).split())
    if name in confirmed:
        return Romanised(confirmed[name], SpellingBasis.CONFIRMED)
    words = [*_spelled(specific, in_generic=False), *_spelled(generic, in_generic=True)]
    uncertain = [*_doubts_of_name(specific, generic), *(doubt for _, doubts in words for doubt in doubts)]
    return Romanised(" ".join(text for text, _ in words), SpellingBasis.RULE, tuple(dict.fromkeys(uncertain)))


def _words(part: str, *, in_generic: bool) -> Iterator[str]:
    """Divide a part of a name into the words that are written apart; figures stand by themselves (rule 7)."""
    for piece in plain_text(part).split():
        peoples = _OF_PEOPLES.fullmatch(piece) if in_generic and not piece.startswith("民族") else None
        if peoples:
            yield from re.findall("[^族]+族", peoples[1])
            yield peoples[2]
        else:
            yield from re.findall("[0-9]+|[^0-9]+", piece)


def _spelled(part: str, *, in_generic: bool) -> Iterator[tuple[str, list[Uncertain]]]:
    """Spell each word of a part, with what is uncertain about it."""
    for word in _words(part, in_generic=in_generic):
        settled = GENERIC_READINGS if in_generic else {}
        chosen = [settled.get(character, reading) for character, reading in zip(word, syllables(word), strict=True)]
        doubts = [
            doubt
            for character, reading in zip(word, chosen, strict=True)
            if character not in settled and (doubt := _doubt_of_character(character, reading)) is not None
        ]
        if word[1:].count("儿"):
            doubts.append(Uncertain("儿", Doubt.SUFFIX_R, "er", ("er", "r")))
        if in_generic and word.endswith("族") and word not in {"各族", "民族"}:
            doubts.append(Uncertain(word, Doubt.PEOPLE, joined(chosen)))
        yield joined(chosen), doubts


def joined(chosen: list[str]) -> str:
    """Join syllables into a word with a capital, an apostrophe before each further one in a, o or e (rules 10, 11).

    Examples
    --------
    >>> joined(["xi", "an"]), joined(["xian"]), joined(["tian", "e"]), joined(["e", "jia"])
    ("Xi'an", 'Xian', "Tian'e", 'Ejia')
    """
    word = chosen[0] + "".join("'" + syllable if _opens(syllable) else syllable for syllable in chosen[1:])
    return word[0].upper() + word[1:]


def _opens(syllable: str) -> bool:
    """Whether a syllable begins with a, o or e, under whatever accent."""
    return unicodedata.normalize("NFD", syllable)[0] in "aoe"


def _doubt_of_character(character: str, chosen: str) -> Uncertain | None:
    """What is uncertain about the reading of one character."""
    possible = tuple(dict.fromkeys((chosen, *readings(character, tones=False))))
    if chosen == character and not (character.isascii() and character.isalnum()):
        return Uncertain(character, Doubt.NO_READING, chosen)
    if is_han(character) and len(possible) > 1:
        return Uncertain(character, Doubt.POLYPHONE, chosen, possible)
    return None


def _doubts_of_name(specific: str, generic: str) -> Iterator[Uncertain]:
    """What is uncertain about a name as a whole.

    Rule 1 writes a specific part of one syllable apart (通/县); whether a later rule joins the two was not read. Rule 6
    spells numbers, but rule 7 writes codes and the ordinal numbers of streets in figures: 五一广场 and 三八路 are
    spelled, 三环路 and 一巷 are not, and the characters do not tell which is which.
    """
    specific, generic = plain_text(specific), plain_text(generic)
    if len(specific) == 1 and generic and is_han(specific):
        yield Uncertain(specific, Doubt.MONOSYLLABLE, joined(list(syllables(specific))))
    if generic.endswith(_STREETS) or re.search("[0-9]", specific + generic):
        for number in _NUMERALS.findall(specific + generic):
            yield Uncertain(number, Doubt.NUMBER, number if number.isascii() else joined(list(syllables(number))))
