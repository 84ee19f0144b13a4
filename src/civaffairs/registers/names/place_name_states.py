"""The life of a place name: its states, what happens to it, and who approves it."""

from __future__ import annotations

from civaffairs.labels import Labelled


class PlaceNameState(Labelled):
    """Where the life of a place name stands. From its approval on it is the standard name (art. 15 para. 3)."""

    PROPOSED = ("proposed", "拟定")
    REFUSED = ("refused", "不予批准")
    APPROVED = ("approved", "批准")
    IN_USE = ("in_use", "使用")
    RENAMED = ("renamed", "更名")
    RETIRED = ("retired", "注销")


IN_FORCE = (PlaceNameState.APPROVED, PlaceNameState.IN_USE)
"""The states in which a name is that of its place."""


class PlaceNameAction(Labelled):
    """What happens to a place name."""

    RECORD = ("record", "登录已有地名")
    PROPOSE = ("propose", "申请")
    APPROVE = ("approve", "批准")
    REFUSE = ("refuse", "不予批准")
    FILE = ("file", "备案")
    ANNOUNCE = ("announce", "公告")
    CORRECT = ("correct", "补充信息")
    PROTECT = ("protect", "列入保护名录")
    RENAME = ("rename", "更名")
    RETIRE = ("retire", "注销")


class ApproverKind(Labelled):
    """What kind of authority approved a name: to whom it is filed, and from when it is announced, hang on it."""

    STATE_COUNCIL = ("state_council", "国务院")
    STATE_COUNCIL_DEPARTMENT = ("state_council_department", "国务院有关部门")
    GOVERNMENT = ("government", "县级以上地方人民政府")
    PLACE_NAME_OFFICE = ("place_name_office", "县级以上地方人民政府地名行政主管部门")
    OTHER_DEPARTMENT = ("other_department", "其他有关部门")


DEPARTMENTS = (ApproverKind.STATE_COUNCIL_DEPARTMENT, ApproverKind.OTHER_DEPARTMENT)
"""Whose names are announced within a period that begins with the filing (art. 14); others' begins with the approval."""
