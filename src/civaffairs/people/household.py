"""A household: where it applies, its area, its assets, and its members."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from civaffairs.people.columns import Choice, Column, Kind, Level, columns_of, fact
from civaffairs.people.person import DIBAO_MEASURES, Parent, Person


class Area(Choice):
    """Which of the two standards a household falls under; the office decides it."""

    URBAN = ("urban", "城市")
    RURAL = ("rural", "农村")


class PaymentMethod(Choice):
    """How a minimum-living-guarantee payment is worked out (社会救助法 art. 18)."""

    DIFFERENCE = ("difference", "实际差额")
    TIERS = ("tiers", "分档定额")


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
