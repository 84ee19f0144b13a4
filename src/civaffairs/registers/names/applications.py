"""An application to name or rename a place (地名命名、更名申请): what it proposes and which papers it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import attrs

from civaffairs.errors import UsageError, is_a
from civaffairs.labels import Labelled
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.name_lists import SizeMeasure
from civaffairs.registers.names.scopes import DivisionLevel, Scope


class ApplicationPaper(Labelled):
    """What an application has in it: 地名管理条例 art. 11; for divisions with the risk report of their regulation."""

    PLAN_AND_REASONS = ("plan_and_reasons", "命名、更名的方案及理由")
    ENTITY_DATA = ("entity_data", "地理实体的位置、规模、性质等基本情况")
    OVERALL_ASSESSMENT = ("overall_assessment", "综合评估报告")
    RISK_ASSESSMENT = ("risk_assessment", "风险评估报告")
    EXPERT_OPINION = ("expert_opinion", "专家论证报告")
    CONSULTATION = ("consultation", "征求意见报告")


def _sizes(given: Mapping[SizeMeasure, int]) -> Mapping[SizeMeasure, int]:
    return MappingProxyType(dict(given))


def _links(given: Mapping[str, bool]) -> Mapping[str, bool]:
    return MappingProxyType(dict(given))


def _papers(given: Iterable[ApplicationPaper] | None) -> frozenset[ApplicationPaper] | None:
    return None if given is None else frozenset(given)


def _texts(given: Iterable[str]) -> frozenset[str]:
    if is_a(given, str):
        msg = f"{given!r} is one text and not several; give [{given!r}]"
        raise UsageError(msg)
    return frozenset(given)


@attrs.frozen(kw_only=True)
class NameProposal:
    """A name that somebody proposes for a place. What is not stated is not checked, and the verdict says so.

    Attributes
    ----------
    specific, generic
        The parts of the name; a village that grew as one name has no generic part.
    category
        What is to be named.
    place
        Division code of six digits; for the name of a division, its own.
    key
        Its number in the register, if it is there as proposed.
    built_up_area
        The built-up area, for streets, estates and buildings.
    division_level
        For the name of a division.
    famous
        Whether a natural feature is famous in the country.
    meaning
        What the name means.
    meaning_confirmed
        Whether somebody found the meaning clear, healthy and decent; no list of words can.
    sizes
        How large it is: by which measure, how much.
    links
        Words of the name that name a person or company, with whether they stand for just that one (特定联系).
    locality
        Specific part of the name of the locality at which a facility stands.
    renames
        Key of the name that it replaces, for a renaming.
    protection_measures
        The paper that fixes measures, where that name is in a list of protected names.
    papers
        What the application has in it; ``None`` if nobody has looked.
    further_papers
        Further papers that it has in it, as `NameLists.further_papers` calls them.
    """

    specific: str
    generic: str = ""
    category: PlaceNameCategory
    place: str
    key: str = ""
    built_up_area: str = ""
    division_level: DivisionLevel | None = None
    famous: bool | None = None
    meaning: str = ""
    meaning_confirmed: bool | None = None
    sizes: Mapping[SizeMeasure, int] = attrs.field(factory=dict, converter=_sizes)
    links: Mapping[str, bool] = attrs.field(factory=dict, converter=_links)
    locality: str = ""
    renames: str = ""
    protection_measures: str = ""
    papers: frozenset[ApplicationPaper] | None = attrs.field(default=None, converter=_papers)
    further_papers: frozenset[str] = attrs.field(factory=frozenset, converter=_texts)

    def __attrs_post_init__(self) -> None:
        wrong = _wrong(self)
        if wrong:
            msg = "the proposal cannot be read: " + "; ".join(wrong)
            raise UsageError(msg)

    @property
    def name(self) -> str:
        """The name as it is written."""
        return self.specific + self.generic


_TEXTS = ("specific", "generic", "place", "key", "built_up_area", "meaning", "locality", "renames")


def _wrong(proposal: NameProposal) -> list[str]:
    """Say everything that keeps a proposal from being read."""
    found = [f"{name} is no text" for name in _TEXTS if not is_a(getattr(proposal, name), str)]
    if found:
        return found
    if not proposal.specific.strip():
        found.append("the specific part (专名) is missing")
    if any(character.isspace() for character in proposal.name):
        found.append("a standard name is written without blanks; take them out")
    if not (proposal.place.isascii() and proposal.place.isdigit() and len(proposal.place) == 6):
        found.append(f"place is {proposal.place!r}; give the six digits of a division code")
    if not is_a(proposal.category, PlaceNameCategory):
        found.append("category is none of PlaceNameCategory")
    elif proposal.division_level is not None and proposal.category is not PlaceNameCategory.DIVISION:
        found.append("division_level is for the name of a division only")
    sizes = proposal.sizes.items()
    found += [
        f"the size {measure!r}: {size!r} is no measure with a whole number from 0 up"
        for measure, size in sizes
        if not is_a(measure, SizeMeasure) or not is_a(size, int) or is_a(size, bool) or size < 0
    ]
    found += [f"{word!r} is not in the name {proposal.name}" for word in proposal.links if word not in proposal.name]
    found += [f"{word!r}: say True or False" for word, linked in proposal.links.items() if not is_a(linked, bool)]
    found += [
        f"{paper!r} is no ApplicationPaper" for paper in proposal.papers or () if not is_a(paper, ApplicationPaper)
    ]
    return found


def scope_label(scope: Scope) -> str:
    """Name a scope in a sentence.

    >>> scope_label(Scope.BUILT_UP_AREA)
    'the same built-up area'
    """
    words = {Scope.NATION: "the whole country", Scope.PROVINCE: "the same province", Scope.COUNTY: "the same county"}
    return words.get(scope, "the same built-up area")
