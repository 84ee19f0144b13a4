"""Place names (地名) as a register: proposed, approved, filed, announced, in use, renamed, retired."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import attrs

from civaffairs.law.parameters import load_parameters
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import entry
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.place_name_rules import PLACE_NAME_RULES, REGULATION
from civaffairs.registers.names.place_name_states import IN_FORCE, ApproverKind, PlaceNameAction, PlaceNameState
from civaffairs.registers.names.scopes import DivisionLevel

PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
"""The periods for filing and announcing."""


@attrs.frozen(kw_only=True)
class PlaceName:
    """One name of one place. A place that is renamed gets a new record; the old one tells its successor."""

    key: str = entry(Kind.KEY, "编号", "number of the name")
    state: PlaceNameState = entry(Kind.CHOICE, "状态", "where its life stands", choices=PlaceNameState)
    category: PlaceNameCategory = entry(
        Kind.CHOICE, "地名类别", "category of art. 3", choices=PlaceNameCategory, source="地名管理条例 art. 3"
    )
    place: str = entry(Kind.PLACE, "所属政区", "division in which it lies; for the name of a division, its own code")
    specific: str = entry(Kind.TEXT, "专名", "specific part", source="地名管理条例 art. 9")
    generic: str = entry(Kind.TEXT, "通名", "generic part; none for a village that grew as one name")
    division_level: DivisionLevel | None = entry(
        Kind.CHOICE, "区划层级", "level of the division, for the name of one", choices=DivisionLevel
    )
    famous: bool | None = entry(Kind.FLAG, "国内著名", "whether a natural feature is famous in the country")
    built_up_area: str = entry(Kind.TEXT, "所在建成区", "built-up area, for streets, estates and buildings")
    location: str = entry(Kind.TEXT, "位置描述", "where it is, in words")
    longitude: float | None = entry(Kind.DEGREES, "经度", "degrees east")
    latitude: float | None = entry(Kind.DEGREES, "纬度", "degrees north")
    meaning: str = entry(Kind.TEXT, "含义", "what the name means")
    origin: str = entry(Kind.TEXT, "来历", "where the name comes from")
    stories: tuple[str, ...] = entry(Kind.TEXTS, "地名文化故事", "titles of stories told about the name")
    former_names: tuple[str, ...] = entry(Kind.TEXTS, "曾用名", "earlier names that have no record of their own")
    confirmed_spelling: str = entry(Kind.TEXT, "罗马字母拼写", "spelling that somebody confirmed, before the rule")
    in_use_since: date | None = entry(Kind.DATE, "启用日期", "since when it is in use, where that is known")
    approver_kind: ApproverKind | None = entry(
        Kind.CHOICE, "批准机关类别", "what kind of authority approved it", choices=ApproverKind
    )
    approved_by: str = entry(Kind.TEXT, "批准机关", "authority that approved it")
    approved_on: date | None = entry(Kind.DATE, "批准日期", "day of approval")
    filed_on: date | None = entry(Kind.DATE, "备案日期", "day on which it was filed")
    announced_on: date | None = entry(Kind.DATE, "公告日期", "day on which it was announced")
    protected: bool | None = entry(Kind.FLAG, "列入保护名录", "whether it is in a list of protected names")
    protected_list: str = entry(Kind.TEXT, "保护名录", "the list of protected names that has it")
    protection_measures: str = entry(Kind.TEXT, "保护措施", "paper that fixes measures before it is changed")
    successor: str = entry(Kind.KEY, "更名后地名", "key of the name that followed it")

    @property
    def standard_name(self) -> str:
        """The name as it is written: specific and generic part (art. 9)."""
        return self.specific + self.generic


def _dated(fact: str) -> Callable[[Facts, Event], str]:
    """Hold the day that an event states to the day of the event: a view of a day must not know of a later one."""

    def guard(held: Facts, event: Event) -> str:
        stated = event.facts.get(fact)
        return "" if stated == event.on else f"{fact} is {stated}, and the event is of {event.on}; give one day"

    return guard


def _filed_once(held: Facts, event: Event) -> str:
    before = held.get("filed_on")
    return _dated("filed_on")(held, event) if before is None else f"the name was filed on {before} already"


def _past_days(held: Facts, event: Event) -> str:
    """Hold the days of a name that is entered as it stands to the day of its entry."""
    names = ("in_use_since", "approved_on", "filed_on", "announced_on")
    told = {name: event.facts.get(name) for name in names}
    late = [f"{name} is {day}" for name, day in told.items() if isinstance(day, date) and day > event.on]
    return f"{', '.join(late)}, after the event of {event.on}" if late else ""


_WRITTEN = ("category", "place", "specific")
_TOLD = (
    "division_level", "famous", "built_up_area", "location", "longitude", "latitude", "meaning", "origin", "stories",
    "former_names", "confirmed_spelling",
)  # fmt: skip
_PAST = ("in_use_since", "approver_kind", "approved_by", "approved_on", "filed_on", "announced_on")
_S, _A = PlaceNameState, PlaceNameAction

PLACE_NAMES: RegisterKind[PlaceName] = RegisterKind(
    name="place names", label_zh="地名", record=PlaceName, place="place", values=PARAMETERS, rules=PLACE_NAME_RULES,
    steps=(
        Step(
            action=_A.RECORD, after=_S.IN_USE, needs=_WRITTEN, guard=_past_days,
            may=("generic", *_TOLD, *_PAST, "protected", "protected_list"),
        ),
        Step(
            action=_A.PROPOSE, after=_S.PROPOSED, needs=_WRITTEN, may=("generic", *_TOLD), source=REGULATION[11]
        ),
        Step(action=_A.CORRECT, before=(_S.PROPOSED,), may=(*_WRITTEN, "generic", *_TOLD)),
        Step(action=_A.CORRECT, before=IN_FORCE, may=(*_TOLD, "in_use_since", "protected", "protected_list")),
        Step(
            action=_A.APPROVE, before=(_S.PROPOSED,), after=_S.APPROVED, guard=_dated("approved_on"),
            needs=("approved_on", "approver_kind", "approved_by"), source=REGULATION[12],
        ),
        Step(action=_A.REFUSE, before=(_S.PROPOSED,), after=_S.REFUSED),
        Step(action=_A.FILE, before=IN_FORCE, needs=("filed_on",), guard=_filed_once, source=REGULATION[13]),
        Step(
            action=_A.ANNOUNCE, before=(_S.APPROVED,), after=_S.IN_USE, needs=("announced_on",),
            guard=_dated("announced_on"), source=REGULATION[14],
        ),
        Step(action=_A.PROTECT, before=IN_FORCE, needs=("protected", "protected_list"), source=REGULATION[25]),
        Step(
            action=_A.RENAME, before=IN_FORCE, after=_S.RENAMED, needs=("successor",), may=("protection_measures",),
            source=REGULATION[10],
        ),
        Step(action=_A.RETIRE, before=IN_FORCE, after=_S.RETIRED),
    ),
)  # fmt: skip
