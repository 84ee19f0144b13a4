"""What a name is compared with (名称资料): lists and a table of generic parts that whoever checks a name supplies.

The regulation forbids kinds of names without listing them. No list comes with the library but the table of general
standard characters; a rule whose list is not supplied says that it is not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

import attrs

from civaffairs.errors import UsageError, is_a
from civaffairs.labels import Labelled
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.sounds import SoundIndex


class SizeMeasure(Labelled):
    """By what the size of a thing is told, in whole units."""

    WIDTH_CM = ("width_cm", "宽度（厘米）")
    LENGTH_CM = ("length_cm", "长度（厘米）")
    GROUND_CM2 = ("ground_cm2", "用地面积（平方厘米）")
    FLOOR_CM2 = ("floor_cm2", "总建筑面积（平方厘米）")
    HEIGHT_CM = ("height_cm", "高度（厘米）")
    STOREYS = ("storeys", "层数")


@attrs.frozen(kw_only=True)
class GenericUse:
    """One line of a table of generic parts (通名): for what it may be used, and from which size to which.

    Attributes
    ----------
    generic
        The generic part.
    category
        The category whose names may have it.
    measure
        By what the size is told; ``None`` where any size will do.
    least, most
        Limits that include their ends; ``None`` where there is none.
    """

    generic: str
    category: PlaceNameCategory
    measure: SizeMeasure | None = None
    least: int | None = None
    most: int | None = None

    def __attrs_post_init__(self) -> None:
        limits = (self.least, self.most)
        if not self.generic or (self.measure is None) != (limits == (None, None)):
            msg = f"{self!r}: a line needs a generic part, and a measure exactly where it has a limit"
            raise UsageError(msg)
        if self.least is not None and self.most is not None and self.least > self.most:
            msg = f"the least size of {self.generic} is {self.least}, more than its most, {self.most}"
            raise UsageError(msg)


def _names(given: Iterable[str] | None) -> frozenset[str] | None:
    """Keep a list of names; one text alone would be taken for its characters."""
    if given is None:
        return None
    if is_a(given, str):
        msg = f"{given!r} is one text and not a list of names; give [{given!r}]"
        raise UsageError(msg)
    kept = frozenset(given)
    bad = [name for name in kept if not is_a(name, str) or not name.strip()]
    if bad:
        msg = f"a list of names has {bad[0]!r} in it, which is no name"
        raise UsageError(msg)
    return kept


def _uses(given: Iterable[GenericUse] | None) -> tuple[GenericUse, ...] | None:
    return None if given is None else tuple(given)


def _spellings(given: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(given))


@attrs.frozen
class Wanted:
    """What a list is, in English and Chinese, and where one would look for it."""

    meaning: str
    label_zh: str
    where_to_look: str


_OFFICE = "a list that the place-name office keeps"
_DATABASE = "the national database of place names (art. 16)"
WANTED: Mapping[str, Wanted] = MappingProxyType({
    "banned_words": Wanted("banned words", "禁用词", _OFFICE),
    "generics": Wanted("a table of generic parts", "通名用法", "the city's rules or its plan of names"),
    "allowed_characters": Wanted("allowed characters", "用字表", "the table of 2013, which comes with the library"),
    "leaders": Wanted("names of leaders of the state", "国家领导人名录", "an official list"),
    "persons": Wanted("names of persons", "人名录", _OFFICE),
    "foreign_names": Wanted("foreign names", "外国人名、地名录", "dictionaries of foreign places and persons"),
    "companies_and_marks": Wanted(
        "names of companies and trade marks", "企业名称、商标", "the registers of companies and of trade marks"
    ),
    "divisions_of_the_nation": Wanted("divisions of the nation", "全国县级以上行政区划名称", _DATABASE),
    "famous_features": Wanted("famous natural features", "国内著名自然地理实体名称", _DATABASE),
    "townships_of_the_province": Wanted("the province's towns and townships", "全省(区)乡镇名称", _DATABASE),
    "heritage": Wanted("names of heritage", "历史文化遗产遗址名称", "the registers of heritage"),
    "features_beyond": Wanted(
        "features that reach beyond the area", "超出本行政区域的地理实体名称", "maps of the area and around it"
    ),
    "further_papers": Wanted("further papers", "其他申请材料", "what the ministry asks for under art. 11 item 3"),
})  # fmt: skip
"""Each list, by its name in `NameLists`."""


@attrs.frozen(kw_only=True, repr=False)
class NameLists:
    """What the rules of naming compare a name with; a list left out is not an empty list.

    Attributes
    ----------
    banned_words
        Words whose meaning is unhealthy or offends good morals.
    generics
        Generic parts, for what and for which size.
    allowed_characters
        Characters that may be used; the table of general standard characters where it is left out.
    leaders, persons
        Names of leaders of the state; names of other persons, with other names they had, and of figures of fiction.
    foreign_names
        Names of foreign persons and places.
    companies_and_marks
        Names of companies, and trade marks.
    divisions_of_the_nation
        Names of divisions of county level and above in the whole country.
    famous_features
        Names of natural features that are famous in the country.
    townships_of_the_province
        Names of towns and townships of the province.
    heritage
        Names of historical and cultural heritage.
    features_beyond
        Names of features that reach beyond the area of the division.
    further_papers
        Further papers that the ministry asks of an applicant (art. 11 item 3).
    confirmed_spellings
        Confirmed spellings by standard name.

    Examples
    --------
    >>> NameLists(persons=["张三"])
    <name lists: persons (1)>
    """

    banned_words: frozenset[str] | None = attrs.field(default=None, converter=_names)
    generics: tuple[GenericUse, ...] | None = attrs.field(default=None, converter=_uses)
    allowed_characters: frozenset[str] | None = attrs.field(default=None, converter=_names)
    leaders: frozenset[str] | None = attrs.field(default=None, converter=_names)
    persons: frozenset[str] | None = attrs.field(default=None, converter=_names)
    foreign_names: frozenset[str] | None = attrs.field(default=None, converter=_names)
    companies_and_marks: frozenset[str] | None = attrs.field(default=None, converter=_names)
    divisions_of_the_nation: frozenset[str] | None = attrs.field(default=None, converter=_names)
    famous_features: frozenset[str] | None = attrs.field(default=None, converter=_names)
    townships_of_the_province: frozenset[str] | None = attrs.field(default=None, converter=_names)
    heritage: frozenset[str] | None = attrs.field(default=None, converter=_names)
    features_beyond: frozenset[str] | None = attrs.field(default=None, converter=_names)
    further_papers: frozenset[str] | None = attrs.field(default=None, converter=_names)
    confirmed_spellings: Mapping[str, str] = attrs.field(factory=dict, converter=_spellings)

    def __repr__(self) -> str:
        told = [f"{name} ({len(given)})" for name in WANTED if (given := getattr(self, name)) is not None]
        return f"<name lists: {', '.join(told) or 'none'}>"

    def missing(self, *names: str) -> str:
        """Say which of some lists are not supplied, and where one would look for them; ``""`` if all are.

        Examples
        --------
        >>> NameLists().missing("persons", "banned_words")
        'names of persons (人名录), banned words (禁用词) not supplied; look in a list that the place-name office keeps'
        """
        absent = [WANTED[name] for name in names if getattr(self, name) is None]
        if not absent:
            return ""
        what = ", ".join(f"{told.meaning} ({told.label_zh})" for told in absent)
        return f"{what} not supplied; look in {'; '.join(dict.fromkeys(told.where_to_look for told in absent))}"


def words_within(text: str, words: frozenset[str]) -> tuple[str, ...]:
    """The words of a list that are somewhere in a text, the longest first; the size of the list does not matter.

    Examples
    --------
    >>> words_within("万达华府", frozenset({"万达", "华", "万科"}))
    ('万达', '华')
    """
    parts = {text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1)}
    return tuple(sorted(parts & words, key=lambda word: (-len(word), text.index(word))))


@lru_cache(maxsize=16)
def sounds_of(names: frozenset[str], tones: bool) -> SoundIndex:
    """File a list by its sound, once."""
    return SoundIndex.of(sorted(names), tones=tones)
