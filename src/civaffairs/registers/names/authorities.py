"""Who approves a place name, with whom it is filed, who announces it (批准、备案、公告): arts. 12 to 14."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from civaffairs.errors import UsageError
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.place_name_rules import REGULATION
from civaffairs.registers.names.place_name_states import DEPARTMENTS, ApproverKind


class NamingAuthority(Labelled):
    """Who approves, in the words of art. 12; where that is left to other rules, whose."""

    STATE_COUNCIL = ("state_council", "国务院")
    STATE_RESOURCES_DEPARTMENT = ("state_resources_department", "国务院自然资源主管部门会同有关部门")
    DIVISIONS_REGULATION = ("divisions_regulation", "按照《行政区划管理条例》的规定批准")
    RULES_OF_THE_REGION = ("rules_of_the_region", "按照省、自治区、直辖市人民政府的规定批准")
    RULES_OF_THE_STATE = ("rules_of_the_state", "按照国家有关规定批准")
    CITY_OR_COUNTY = ("city_or_county", "直辖市、市、县人民政府")
    HOUSING_DEPARTMENT = ("housing_department", "直辖市、市、县人民政府住房和城乡建设主管部门")
    COMPETENT_DEPARTMENT = ("competent_department", "有关主管部门")


class Reserved(Labelled):
    """Natural features and settlements that art. 12 item 1 keeps for the State Council and its departments."""

    NO = ("no", "不属于")
    FAMOUS_OR_ACROSS_PROVINCES = ("famous_or_across_provinces", "国内著名或者涉及两个以上省级行政区的自然地理实体")
    BORDER = ("border", "涉及国界线、归属界线或者载入边界条约")
    SEA = ("sea", "无居民海岛、海域、海底地理实体")


@attrs.frozen(kw_only=True)
class Authority:
    """Who approves a name.

    Attributes
    ----------
    authority
        Who, or by whose rules; ``None`` where art. 12 names nobody.
    approver_kind
        What kind of authority that is; ``None`` where other rules decide it.
    asks_first
        Whom it asks before; empty where the article asks for nobody.
    cite
        The article and item.
    """

    authority: NamingAuthority | None
    approver_kind: ApproverKind | None = None
    asks_first: str = ""
    cite: Citation


def naming_authority(category: PlaceNameCategory, reserved: Reserved | None = None) -> Authority:
    """Say who approves that a place is named or renamed.

    Parameters
    ----------
    category
        What is named.
    reserved
        Whether it is kept for the State Council; needed for natural features and seats of committees.

    Returns
    -------
    Authority
        Without anybody for the eighth category, of which art. 12 does not speak.

    Raises
    ------
    UsageError
        If `reserved` is needed and not told, or does not go with the category.

    Examples
    --------
    >>> found = naming_authority(PlaceNameCategory.STREET)
    >>> found.authority.label_zh, found.cite.zh
    ('直辖市、市、县人民政府', '《地名管理条例》第十二条第五项')
    >>> naming_authority(PlaceNameCategory.COMMITTEE_SEAT, Reserved.NO).authority.label_zh
    '按照省、自治区、直辖市人民政府的规定批准'
    """
    asked = category in (PlaceNameCategory.NATURAL_FEATURE, PlaceNameCategory.COMMITTEE_SEAT)
    if asked and reserved is None:
        msg = f"say whether art. 12 item 1 keeps it for the State Council: reserved= for {category.value}"
        raise UsageError(msg)
    natural = category is PlaceNameCategory.NATURAL_FEATURE
    fits = reserved in (None, Reserved.NO) or natural or (asked and reserved is Reserved.BORDER)
    if not fits:
        msg = f"{reserved.value if reserved else ''} is not for {category.value}; art. 12 item 1 keeps none of these"
        raise UsageError(msg)
    return _RESERVED[reserved] if reserved in _RESERVED else _TABLE[category]


def filed_with(approver: ApproverKind) -> tuple[str, Citation] | None:
    """Say with whom an authority files a name that it approved (art. 13); what the State Council approves is not filed.

    Examples
    --------
    >>> filed_with(ApproverKind.OTHER_DEPARTMENT)[0]
    '同级人民政府地名行政主管部门'
    """
    return _FILED.get(approver)


def announced_by(approver: ApproverKind) -> tuple[str, Citation]:
    """Say who announces a name (art. 14), and from when the fifteen days run.

    Examples
    --------
    >>> announced_by(ApproverKind.GOVERNMENT)[0]
    '同级人民政府地名行政主管部门，自批准之日起'
    """
    begins = "自报送备案之日起" if approver in DEPARTMENTS else "自批准之日起"
    return f"同级人民政府地名行政主管部门，{begins}", REGULATION[14]


def _by(
    authority: NamingAuthority | None, item: int | None, kind: ApproverKind | None = None, asks: str = ""
) -> Authority:
    return Authority(
        authority=authority, approver_kind=kind, asks_first=asks, cite=REGULATION.article(12, item=item)
    )  # fmt: skip


_A, _C, _K = NamingAuthority, PlaceNameCategory, ApproverKind

_RESERVED: Mapping[Reserved | None, Authority] = {
    Reserved.FAMOUS_OR_ACROSS_PROVINCES: _by(_A.STATE_COUNCIL, 1, _K.STATE_COUNCIL),
    Reserved.BORDER: _by(_A.STATE_COUNCIL, 1, _K.STATE_COUNCIL),
    Reserved.SEA: _by(_A.STATE_RESOURCES_DEPARTMENT, 1, _K.STATE_COUNCIL_DEPARTMENT),
}

_TABLE: Mapping[PlaceNameCategory, Authority] = {
    _C.NATURAL_FEATURE: _by(_A.RULES_OF_THE_REGION, 1),
    _C.DIVISION: _by(_A.DIVISIONS_REGULATION, 2),
    _C.COMMITTEE_SEAT: _by(_A.RULES_OF_THE_REGION, 3),
    _C.PARK: _by(_A.RULES_OF_THE_STATE, 4),
    _C.STREET: _by(_A.CITY_OR_COUNTY, 5, _K.GOVERNMENT),
    _C.ESTATE_OR_BUILDING: _by(_A.HOUSING_DEPARTMENT, 6, _K.OTHER_DEPARTMENT, "同级人民政府地名行政主管部门"),
    _C.FACILITY: _by(_A.COMPETENT_DEPARTMENT, 7, None, "所在地相关县级以上地方人民政府，根据情况"),
    _C.OTHER: _by(None, None),
}

_FILED: Mapping[ApproverKind, tuple[str, Citation]] = {
    _K.STATE_COUNCIL_DEPARTMENT: ("国务院", REGULATION.article(13, item=1)),
    _K.GOVERNMENT: ("上一级人民政府", REGULATION.article(13, item=2)),
    _K.PLACE_NAME_OFFICE: ("上一级人民政府地名行政主管部门", REGULATION.article(13, item=3)),
    _K.OTHER_DEPARTMENT: ("同级人民政府地名行政主管部门", REGULATION.article(13, item=4)),
}
