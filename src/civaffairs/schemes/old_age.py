"""Old-age allowance (高龄津贴): from 80 on, by tiers of age that the city sets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import Unit, rule
from civaffairs.rules.values import Count, Day, Days, Flags, Scale

ELDERLY = document("elderly-rights-law").article(33, paragraph=2)
REPORT = document("nanning-report").section("高质量推进养老服务体系建设")

SINCE = date(2021, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
old_age_allowance_from_age = PARAMETERS["old_age_allowance_from_age"]
old_age_allowance_tiers = PARAMETERS["old_age_allowance_tiers"]
PERSON = Level.PERSON


@rule(PERSON, ELDERLY, zh="周岁", since=SINCE, unit=Unit.YEARS, conventions=("age_attained", "leap_day"))
def completed_years(birth_date: Days, day: Day) -> Count:
    """Completed years of age."""
    return day.age(birth_date)


@rule(PERSON, ELDERLY, REPORT, zh="高龄津贴对象", since=SINCE)
def old_age_allowance_entitled(completed_years: Count, old_age_allowance_from_age: Count) -> Flags:
    """Has reached the age from which it is given; the law speaks of the old on low incomes, the report of all."""
    return completed_years >= old_age_allowance_from_age


@rule(PERSON, ELDERLY, REPORT, zh="高龄津贴", since=SINCE, only_where=old_age_allowance_entitled, unit=Unit.FEN_MONTH)
def old_age_allowance_due(completed_years: Count, old_age_allowance_tiers: Scale) -> Fen:
    """The amount of the tier of age, before overlaps with other benefits."""
    return old_age_allowance_tiers.at(completed_years)


RULES = (completed_years, old_age_allowance_entitled, old_age_allowance_due)
