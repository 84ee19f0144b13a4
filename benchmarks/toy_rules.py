"""Toy rules with made-up values, for timing the engine: the shape of the real rules, none of their numbers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np

from civaffairs.law.citation import document
from civaffairs.law.parameters import Parameter
from civaffairs.law.timeline import Row, Standing
from civaffairs.law.values import Unit as ValueUnit
from civaffairs.law.values import ValueKind
from civaffairs.money import Fen, Rounding, portion
from civaffairs.people.columns import Column, Kind, Level
from civaffairs.rules.rule import any_of, apportion, count, either, every, rule, total
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Codes, Count, Day, Days, Flags

SINCE = date(2000, 1, 1)
PERSON, HOUSEHOLD = Level.PERSON, Level.HOUSEHOLD
# A rule has to cite something; these toys stand on nothing.
CITE = document("social-assistance-law")[1]
A_MONTH = Fraction(1, 12)

TOY = {
    "toy_urban_standard": 972_000,
    "toy_rural_standard": 680_000,
    "toy_urban_single": 81_000,
    "toy_rural_single": 56_700,
    "toy_living_rate": 12_200,
    "toy_care_rate": 12_200,
    "toy_institution": 142_200,
    "toy_at_home": 102_200,
    "toy_from_80": 8_000,
    "toy_from_90": 13_000,
    "toy_from_100": 50_000,
}
"""Made-up values in fen; the two standards are by the year, so that no month's part of one is a fraction."""

COLUMNS = (
    ("urban", HOUSEHOLD, Kind.FLAG),
    ("place", HOUSEHOLD, Kind.PLACE),
    ("birth_date", PERSON, Kind.DATE),
    ("income", PERSON, Kind.FEN),
    ("deposits", PERSON, Kind.FEN),
    ("grade", PERSON, Kind.CHOICE),
    ("disability", PERSON, Kind.CHOICE),
    ("orphan", PERSON, Kind.CHOICE),
    ("tekun", PERSON, Kind.FLAG),
    ("car", PERSON, Kind.FLAG),
)


def parameter(name: str, value: int) -> Parameter:
    """Make a value that holds everywhere and always."""
    row = Row(place="000000", value=value, in_force=SINCE, standing=Standing.ASSUMED, why="a toy")
    unit, kind = ValueUnit.FEN, ValueKind.MONEY
    return Parameter(name=name, title_en=name, title_zh=name, unit=unit, kind=kind, rows=(row,), checked=SINCE)


@rule(PERSON, CITE, zh="计入人口", since=SINCE)
def counted() -> Flags:
    """Everybody counts."""
    return np.bool_(True)  # type: ignore[return-value]


size = count("size", counted, CITE, zh="人口", meaning="Members.", since=SINCE)
household_income = total("household_income", "income", CITE, zh="收入", meaning="Income a month.", since=SINCE)
household_deposits = total("household_deposits", "deposits", CITE, zh="存款", meaning="Deposits.", since=SINCE)
bars = either("bars", PERSON, "car", "tekun", cites=(CITE,), zh="排除", meaning="Bars the family.", since=SINCE)
barred = any_of("barred", bars, CITE, zh="有排除情形", meaning="Somebody bars the family.", since=SINCE)


@rule(HOUSEHOLD, CITE, zh="年标准", since=SINCE)
def need(urban: Flags, size: Count, toy_urban_standard: Fen, toy_rural_standard: Fen) -> Fen:
    """The standard of all members, by the year."""
    return size * (toy_rural_standard + urban * (toy_urban_standard - toy_rural_standard))


@rule(HOUSEHOLD, CITE, zh="年收入", since=SINCE)
def yearly_income(household_income: Fen) -> Fen:
    """The income, by the year."""
    return household_income * 12


@rule(HOUSEHOLD, CITE, zh="收入低于标准", since=SINCE)
def income_met(yearly_income: Fen, need: Fen) -> Flags:
    """Income is below the standard."""
    return yearly_income < need


@rule(HOUSEHOLD, CITE, zh="存款未超限额", since=SINCE)
def deposits_met(household_deposits: Fen, need: Fen) -> Flags:
    """Deposits are not above two years of the standard."""
    return household_deposits <= 2 * need


@rule(HOUSEHOLD, CITE, zh="无排除情形", since=SINCE)
def not_barred(barred: Flags) -> Flags:
    """Nobody bars the family."""
    return ~barred


eligible = every(
    "eligible",
    HOUSEHOLD,
    income_met,
    deposits_met,
    not_barred,
    cites=(CITE,),
    zh="符合",
    meaning="Passes.",
    since=SINCE,
)


@rule(HOUSEHOLD, CITE, zh="金额", since=SINCE, only_where=eligible)
def toy_dibao(need: Fen, yearly_income: Fen) -> Fen:
    """A month's part of the gap, rounded up to whole yuan."""
    return portion(np.maximum(need - yearly_income, 0), A_MONTH, Rounding.UP, quantum=100)


toy_dibao_share = apportion("toy_dibao_share", toy_dibao, CITE, zh="份额", meaning="Each one's part.", since=SINCE)


@rule(HOUSEHOLD, CITE, zh="边缘家庭", since=SINCE)
def edge(eligible: Flags, yearly_income: Fen, need: Fen) -> Flags:
    """Not eligible, with income below one and a half times the standard."""
    return ~eligible & (2 * yearly_income < 3 * need)


@rule(PERSON, CITE, zh="重度", since=SINCE)
def severe(grade: Codes, disability: Codes, tekun: Flags) -> Flags:
    """Severely disabled."""
    by_kind = (grade == 3) & ((disability == 5) | (disability == 6))
    by_grade: Flags = (grade == 1) | (grade == 2) | by_kind
    return by_grade & ~tekun


alone = every("alone", PERSON, edge, severe, cites=(CITE,), zh="单人", meaning="Draws alone.", since=SINCE)


@rule(HOUSEHOLD, CITE, zh="单人标准", since=SINCE)
def full_standard(urban: Flags, toy_urban_single: Fen, toy_rural_single: Fen) -> Fen:
    """A month's standard."""
    return toy_rural_single + urban * (toy_urban_single - toy_rural_single)


@rule(PERSON, CITE, zh="单人金额", since=SINCE, only_where=alone)
def toy_single(full_standard: Fen) -> Fen:
    """The full standard."""
    return full_standard


poor = either("poor", PERSON, eligible, alone, cites=(CITE,), zh="困难", meaning="Draws either.", since=SINCE)


@rule(PERSON, CITE, zh="困难残疾人", since=SINCE)
def disabled_and_poor(grade: Codes, poor: Flags, orphan: Codes, tekun: Flags) -> Flags:
    """Disabled, poor, and neither an orphan nor in extreme hardship."""
    disabled: Flags = (grade > 0) & (orphan == 0)
    return disabled & poor & ~tekun


@rule(PERSON, CITE, zh="生活补贴", since=SINCE, only_where=disabled_and_poor)
def toy_living(toy_living_rate: Fen) -> Fen:
    """A flat rate."""
    return toy_living_rate


@rule(PERSON, CITE, zh="护理补贴", since=SINCE, only_where=severe)
def toy_care(toy_care_rate: Fen) -> Fen:
    """A flat rate."""
    return toy_care_rate


@rule(PERSON, CITE, zh="未成年孤儿", since=SINCE)
def minor_orphan(orphan: Codes, birth_date: Days, day: Day) -> Flags:
    """An orphan below 18."""
    minor = ~day.reached(birth_date, 18)
    return minor & np.not_equal(orphan, 0)


@rule(PERSON, CITE, zh="孤儿金额", since=SINCE, only_where=minor_orphan)
def toy_orphan(orphan: Codes, toy_institution: Fen, toy_at_home: Fen) -> Fen:
    """One rate in an institution, another at home."""
    return np.where(orphan == 1, toy_institution, toy_at_home)


@rule(PERSON, CITE, zh="八十周岁", since=SINCE)
def of_80(birth_date: Days, day: Day) -> Flags:
    """Has completed 80 years."""
    return day.reached(birth_date, 80)


@rule(PERSON, CITE, zh="高龄津贴", since=SINCE, only_where=of_80)
def toy_old_age(birth_date: Days, day: Day, toy_from_80: Fen, toy_from_90: Fen, toy_from_100: Fen) -> Fen:
    """Three tiers of age."""
    of_90, of_100 = day.reached(birth_date, 90), day.reached(birth_date, 100)
    return toy_from_80 + of_90 * (toy_from_90 - toy_from_80) + of_100 * (toy_from_100 - toy_from_90)


@rule(PERSON, CITE, zh="合计", since=SINCE)
def toy_payable(
    toy_dibao_share: Fen, toy_single: Fen, toy_living: Fen, toy_care: Fen, toy_orphan: Fen, toy_old_age: Fen
) -> Fen:
    """Everything together."""
    return toy_dibao_share + toy_single + toy_living + toy_care + toy_orphan + toy_old_age


toy_household_payable = total(
    "toy_household_payable", toy_payable, CITE, zh="家庭合计", meaning="Everything of a family.", since=SINCE
)

BOOK = Rulebook(
    rules=(
        counted,
        size,
        household_income,
        household_deposits,
        bars,
        barred,
        need,
        yearly_income,
        income_met,
        deposits_met,
        not_barred,
        eligible,
        toy_dibao,
        toy_dibao_share,
        edge,
        severe,
        alone,
        full_standard,
        toy_single,
        poor,
        disabled_and_poor,
        toy_living,
        toy_care,
        minor_orphan,
        toy_orphan,
        of_80,
        toy_old_age,
        toy_payable,
        toy_household_payable,
    ),
    parameters={name: parameter(name, value) for name, value in TOY.items()},
    columns={
        name: Column(name=name, level=level, kind=kind, label_zh=name, meaning=name) for name, level, kind in COLUMNS
    },
)
