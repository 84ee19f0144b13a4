"""A household: where it applies, its area, its assets, and its members."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from civaffairs.people.columns import Choice, Column, Kind, Level, columns_of, fact
from civaffairs.people.person import DIBAO_MEASURES, Parent, Person

TEMPORARY_OPINIONS = "民发〔2018〕23号"
RIGID_MEASURES = "刚性支出困难家庭认定办法"


class Area(Choice):
    """Which of the two standards a household falls under; the office decides it."""

    URBAN = ("urban", "城市")
    RURAL = ("rural", "农村")


class PaymentMethod(Choice):
    """How a minimum-living-guarantee payment is worked out (社会救助法 art. 18)."""

    DIFFERENCE = ("difference", "实际差额")
    TIERS = ("tiers", "分档定额")


class HardshipKind(Choice):
    """The kind of sudden hardship (临时救助类型), as the office found it."""

    NONE = ("none", "无")
    SUDDEN = ("sudden", "急难型")
    SPENDING = ("spending", "支出型")


def _as_tuple(members: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(members)


@attrs.frozen(kw_only=True, repr=False)
class Household:
    """A family as it applies, with every person it names; who counts is worked out, not stated."""

    household_id: str = fact(Kind.KEY, "家庭编号", "the roster's own key of the household", required=True)
    place: str = fact(
        Kind.PLACE,
        "申请地",
        "division where the household applies",
        source=f"{DIBAO_MEASURES} arts. 4, 5",
        required=True,
    )
    area: Area = fact(Kind.CHOICE, "城乡", "which standard the office applies", choices=Area, required=True)
    assets_within_limits: bool | None = fact(
        Kind.FLAG,
        "财产符合低保规定",
        "assets within the limits for dibao, as found by the office",
        source=f"{DIBAO_MEASURES} art. 14",
    )
    edge_assets_within_limits: bool | None = fact(
        Kind.FLAG,
        "财产符合低保边缘规定",
        "assets within the limits for edge families, as found by the office",
        source=f"{DIBAO_MEASURES} art. 8",
    )
    financial_assets: int | None = fact(
        Kind.FEN,
        "金融资产",
        "deposits, securities, insurance; compared with the limit where one is published",
        source=f"{DIBAO_MEASURES} art. 14",
    )
    recorded_payment_method: PaymentMethod | None = fact(
        Kind.CHOICE,
        "低保计算方式",
        "the method named in the decision; left out, the place's rule is used",
        source=f"{DIBAO_MEASURES} art. 23",
        choices=PaymentMethod,
    )
    hardship_kind: HardshipKind | None = fact(
        Kind.CHOICE,
        "临时困难类型",
        "the kind of sudden hardship, as found by the office",
        source=f"{TEMPORARY_OPINIONS} 二(一)",
        choices=HardshipKind,
    )
    emergency_place: str | None = fact(
        Kind.PLACE, "急难发生地", "division where the emergency happened", source="社会救助法 art. 37(2)"
    )
    hardship_persons: int | None = fact(
        Kind.COUNT,
        "临时救助人数",
        "persons whom temporary assistance is for",
        source=f"{TEMPORARY_OPINIONS} 二(三)",
        high=300,
    )
    help_months: int | None = fact(
        Kind.COUNT,
        "临时救助月数",
        "months that temporary assistance is for",
        source=f"{TEMPORARY_OPINIONS} 二(三)",
        low=1,
        high=12,
    )
    grave_hardship: bool | None = fact(
        Kind.FLAG, "重大生活困难", "found to be in grave hardship", source=f"{TEMPORARY_OPINIONS} 二(三)"
    )
    urgent: bool | None = fact(Kind.FLAG, "情况紧急", "help is needed at once", source="社会救助法 art. 50")
    proposed_help: int | None = fact(
        Kind.FEN, "拟给予临时救助金额", "temporary assistance that the office proposes, once"
    )
    disposable_income: int | None = fact(
        Kind.FEN,
        "家庭可支配收入",
        "disposable income of the whole household in the last 12 months",
        source=f"{TEMPORARY_OPINIONS} 二(一)",
    )
    temporary_assets_within_limits: bool | None = fact(
        Kind.FLAG,
        "财产符合临时救助规定",
        "assets within the limits for temporary assistance, as found by the office",
        source=f"{TEMPORARY_OPINIONS} 二(一)",
    )
    living_spending: int | None = fact(
        Kind.FEN, "生活支出", "necessary spending on living", source=f"{RIGID_MEASURES} art. 5(1)", group="spending"
    )
    medical_spending: int | None = fact(
        Kind.FEN,
        "医疗支出",
        "medical spending borne by the family after all insurance",
        source=f"{RIGID_MEASURES} art. 5(2)",
        group="spending",
    )
    education_spending: int | None = fact(
        Kind.FEN,
        "教育支出",
        "fees for care, tuition and lodging borne by the family",
        source=f"{RIGID_MEASURES} art. 5(3)",
        group="spending",
    )
    rehabilitation_spending: int | None = fact(
        Kind.FEN,
        "残疾康复支出",
        "rehabilitation spending borne by the family",
        source=f"{RIGID_MEASURES} art. 5(4)",
        group="spending",
    )
    other_rigid_spending: int | None = fact(
        Kind.FEN,
        "其他刚性支出",
        "other necessary spending as recognised by the county",
        source=f"{RIGID_MEASURES} art. 5(5)",
        group="spending",
    )
    spending_months: int | None = fact(
        Kind.COUNT,
        "支出覆盖月数",
        "months that the spending covers, up to the application",
        source=f"{RIGID_MEASURES} art. 4(4)",
        low=1,
        high=12,
        group="spending",
    )
    rigid_assets_within_limits: bool | None = fact(
        Kind.FLAG,
        "财产符合刚性支出规定",
        "assets within the limits for families with rigid expenditure, as found by the office",
        source=f"{RIGID_MEASURES} art. 4(3)",
    )
    rigid_recognised_on: date | None = fact(
        Kind.DATE,
        "刚性支出困难家庭认定日期",
        "day of recognition as a family with rigid expenditure",
        source=f"{RIGID_MEASURES} art. 10",
    )
    last_review: date | None = fact(
        Kind.DATE, "上次核查日期", "day of the last check of the family's means", source=f"{DIBAO_MEASURES} art. 31"
    )
    irregular_income: bool | None = fact(
        Kind.FLAG, "收入来源不固定", "income without a fixed source", source=f"{DIBAO_MEASURES} art. 31"
    )
    grace_from: date | None = fact(
        Kind.DATE,
        "渐退期起始日期",
        "first day of the grace after work lifted the income above the standard",
        source=f"{DIBAO_MEASURES} art. 33",
    )
    dibao_before_grace: int | None = fact(
        Kind.FEN, "渐退前低保金", "dibao a month before the grace", source=f"{DIBAO_MEASURES} art. 33"
    )
    already_adapted: bool | None = fact(
        Kind.FLAG, "已进行适老化改造", "the dwelling has been adapted for old age before"
    )
    adaptation_quote: int | None = fact(Kind.FEN, "适老化改造报价", "quote for adapting the dwelling")
    adaptation_consent: bool | None = fact(
        Kind.FLAG, "业主同意改造", "the owner of the dwelling consents to the adaptation"
    )
    members: tuple[Person, ...] = attrs.field(converter=_as_tuple)

    def __repr__(self) -> str:
        return f"<Household of {len(self.members)} in {self.place}>"


HOUSEHOLD_COLUMNS = columns_of(Household, Level.HOUSEHOLD)
PERSON_COLUMNS = (
    *columns_of(Person, Level.PERSON),
    *columns_of(Parent, Level.PERSON, "mother", "母亲"),
    *columns_of(Parent, Level.PERSON, "father", "父亲"),
)
COLUMNS: dict[str, Column] = {column.name: column for column in (*HOUSEHOLD_COLUMNS, *PERSON_COLUMNS)}
"""Every column a roster may have, by name, in the order of the table format."""
