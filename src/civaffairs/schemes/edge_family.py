"""Edge families of the minimum living guarantee (最低生活保障边缘家庭): recognition only; no cash goes with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import Unit, agreed, either, every, rule
from civaffairs.rules.values import COMMON_MONTHS, Count, Flags, Rate
from civaffairs.schemes.dibao import COMMON_YEARS, dibao_income_met, rural, urban
from civaffairs.schemes.members import can_apply, counted_member

MEASURES = document("dibao-review-measures")
ACT = document("social-assistance-law")

SINCE, ACT_SINCE = date(2021, 7, 1), date(2026, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
edge_multiplier = PARAMETERS["edge_multiplier"]
urban_edge_standard = PARAMETERS["urban_edge_standard"]
rural_edge_standard = PARAMETERS["rural_edge_standard"]
PERSON, HOUSEHOLD = Level.PERSON, Level.HOUSEHOLD
EDGE = MEASURES.article(8, paragraph=2)


@rule(HOUSEHOLD, EDGE, zh="不符合低保条件", since=SINCE)
def not_on_dibao(dibao_eligible: Flags) -> Flags:
    """The family does not qualify for dibao, by its income or by its assets."""
    return ~dibao_eligible


@rule(HOUSEHOLD, EDGE, zh="人均收入低于标准的1.5倍", since=SINCE)
def edge_income_met(household_income: Fen, standard: Fen, household_size: Count, edge_multiplier: Rate) -> Flags:
    """Income per head is below one and a half times the standard (strictly)."""
    return household_income * edge_multiplier.denominator < standard * household_size * edge_multiplier.numerator


@rule(HOUSEHOLD, ACT.article(21, paragraph=3), zh="不低于低保标准", since=ACT_SINCE)
def not_below_standard(dibao_income_met: Flags) -> Flags:
    """Income per head is at or above the standard of dibao; the edge standard is set above it (上浮)."""
    return ~dibao_income_met


@rule(
    HOUSEHOLD,
    ACT.article(21, paragraph=3),
    zh="城市低保边缘标准",
    since=ACT_SINCE,
    only_where=urban,
    unit=Unit.FEN_COMMON,
)
def urban_edge_line(urban_edge_standard: Fen) -> Fen:
    """The urban edge standard that the region sets."""
    return urban_edge_standard * COMMON_MONTHS


@rule(
    HOUSEHOLD,
    ACT.article(21, paragraph=3),
    zh="农村低保边缘标准",
    since=ACT_SINCE,
    only_where=rural,
    unit=Unit.FEN_COMMON,
)
def rural_edge_line(rural_edge_standard: Fen) -> Fen:
    """The rural edge standard that the region sets."""
    return rural_edge_standard * COMMON_YEARS


@rule(
    HOUSEHOLD,
    ACT.article(21, paragraph=1),
    zh="介于低保标准与边缘标准之间",
    since=ACT_SINCE,
    only_where=not_below_standard,
)
def below_edge_standard(
    household_income: Fen, urban_edge_line: Fen, rural_edge_line: Fen, household_size: Count
) -> Flags:
    """Income per head is not below the standard of dibao, but below that of edge families (strictly)."""
    return household_income < (urban_edge_line + rural_edge_line) * household_size


edge_income_met_by_act = either(
    "edge_income_met",
    HOUSEHOLD,
    dibao_income_met,
    below_edge_standard,
    cites=(ACT.article(21, paragraph=1),),
    zh="人均收入低于低保边缘家庭标准",
    meaning="Income per head is below the edge standard; below the standard of dibao it always is.",
    since=ACT_SINCE,
)


@rule(HOUSEHOLD, EDGE, zh="金融资产未超限额", since=SINCE)
def edge_financial_assets_met(
    financial_assets: Fen, edge_asset_months: Count, standard: Fen, household_size: Count
) -> Flags:
    """Financial assets per head are not above the edge families' limit."""
    return financial_assets * COMMON_MONTHS <= edge_asset_months * standard * household_size


edge_assets_met = agreed(
    "edge_assets_met",
    HOUSEHOLD,
    edge_financial_assets_met,
    "edge_assets_within_limits",
    cites=(EDGE,),
    zh="财产符合低保边缘家庭规定",
    meaning="The family's assets are within the limits for edge families.",
    since=SINCE,
)
_EDGE = "Not on dibao, income per head below the edge line, assets within its limits."
edge_eligible = every(
    "edge_eligible",
    HOUSEHOLD,
    can_apply,
    not_on_dibao,
    edge_income_met,
    edge_assets_met,
    cites=(EDGE,),
    zh="低保边缘家庭",
    meaning=_EDGE,
    since=SINCE,
)
edge_eligible_by_act = every(
    "edge_eligible",
    HOUSEHOLD,
    can_apply,
    not_on_dibao,
    edge_income_met,
    edge_assets_met,
    cites=(ACT.article(21, paragraph=1), EDGE),
    zh="低保边缘家庭",
    meaning=_EDGE,
    since=ACT_SINCE,
)
edge_member = every(
    "edge_member",
    PERSON,
    edge_eligible,
    counted_member,
    cites=(EDGE,),
    zh="低保边缘家庭成员",
    meaning="A member who counts of an edge family.",
    since=SINCE,
)

RULES = (
    not_on_dibao,
    edge_income_met,
    not_below_standard,
    urban_edge_line,
    rural_edge_line,
    below_edge_standard,
    edge_income_met_by_act,
    edge_financial_assets_met,
    edge_assets_met,
    edge_eligible,
    edge_eligible_by_act,
    edge_member,
)
