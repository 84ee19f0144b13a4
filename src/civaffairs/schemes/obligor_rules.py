"""Which of those bound by law to support a person cannot (法定义务人无履行义务能力): the six ways of one article."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from civaffairs.errors import masked
from civaffairs.law.citation import document
from civaffairs.money import Fen
from civaffairs.people.columns import Column, Kind, Level, columns_of, fact
from civaffairs.people.person import TEKUN_MEASURES, Absence, DisabilityKind
from civaffairs.rules.rule import any_of, either, every, rule
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Codes, Day, Days, Flags
from civaffairs.schemes import income, severity
from civaffairs.schemes.members import AGES, elderly

MEASURES = document("tekun-recognition-measures")
SINCE = date(2021, 7, 1)
PERSON, HOUSEHOLD = Level.PERSON, Level.HOUSEHOLD
_CITED = f"{TEKUN_MEASURES} art. 8"


@attrs.frozen(kw_only=True, repr=False)
class Obligor:
    """Somebody bound to support an applicant (赡养、抚养、扶养义务人); a fact left out is not stated."""

    applicant_id: str = fact(Kind.KEY, "申请人编号", "key of the person who applies for support", required=True)
    obligor_id: str = fact(Kind.KEY, "义务人编号", "key of this obligor", required=True)
    birth_date: date = fact(Kind.DATE, "出生日期", "day of birth", required=True)
    recorded_tekun: bool | None = fact(Kind.FLAG, "特困人员", "on record as in extreme hardship", source=_CITED)
    recorded_dibao: bool | None = fact(Kind.FLAG, "低保对象", "on record as drawing dibao", source=_CITED)
    yearly_income: int | None = fact(Kind.FEN, "本人年收入", "the own income of a year", source=_CITED)
    low_income_assets: bool | None = fact(
        Kind.FLAG, "财产符合低收入家庭规定", "assets within the limits for families of low income", source=_CITED
    )
    disability_kind: DisabilityKind | None = fact(
        Kind.CHOICE, "残疾类别", "the kind in the disability certificate", source=_CITED, choices=DisabilityKind
    )
    disability_grade: int | None = fact(Kind.COUNT, "残疾等级", "its grade; 0 without one", source=_CITED, high=4)
    without_capacity: bool | None = fact(Kind.FLAG, "无民事行为能力", "without legal capacity", source=_CITED)
    absence: Absence | None = fact(
        Kind.CHOICE, "不在家原因", "in prison or declared missing", source=_CITED, choices=Absence
    )
    incapable_by_local_rule: bool | None = fact(
        Kind.FLAG, "地方规定的无履行义务能力情形", "unable to support under a rule of the region", source=_CITED
    )

    def __repr__(self) -> str:
        return f"<Obligor {masked(self.obligor_id)} of {masked(self.applicant_id)}>"


PLACE = Column(name="place", level=HOUSEHOLD, kind=Kind.PLACE, label_zh="申请地", meaning="division of the applicant")
COLUMNS: Mapping[str, Column] = {column.name: column for column in (*columns_of(Obligor, PERSON), PLACE)}
"""Facts about obligors: here a household is one applicant, and its persons are that applicant's obligors."""

elderly_on_dibao = every(
    "elderly_on_dibao",
    PERSON,
    elderly,
    "recorded_dibao",
    cites=(MEASURES.article(8, item=2),),
    zh="60周岁以上的低保对象",
    meaning="Has completed 60 years and draws dibao.",
    since=SINCE,
)


@rule(PERSON, MEASURES.article(8, item=3), zh="70周岁以上", since=SINCE, conventions=AGES)
def of_70_or_over(birth_date: Days, day: Day) -> Flags:
    """Has completed 70 years."""
    return day.reached(birth_date, 70)


@rule(PERSON, MEASURES.article(8, item=3), zh="本人收入低于当地上年人均可支配收入", since=SINCE)
def below_local_income(yearly_income: Fen, local_disposable_income: Fen) -> Flags:
    """The own income is below last year's local disposable income a head (低于: strictly)."""
    return yearly_income < local_disposable_income


old_and_poor = every(
    "old_and_poor",
    PERSON,
    of_70_or_over,
    below_local_income,
    "low_income_assets",
    cites=(MEASURES.article(8, item=3),),
    zh="70周岁以上且收入财产符合规定",
    meaning="Has completed 70 years, with a low income and few assets.",
    since=SINCE,
)
disabled_and_poor = every(
    "disabled_and_poor",
    PERSON,
    severity.disabled_obligor,
    below_local_income,
    "low_income_assets",
    cites=(MEASURES.article(8, item=4),),
    zh="重度残疾等且收入财产符合规定",
    meaning="Disabled as the article says, with a low income and few assets.",
    since=SINCE,
)


@rule(PERSON, MEASURES.article(8, item=5), zh="在监狱服刑或被宣告失踪", since=SINCE)
def imprisoned_or_missing(absence: Codes) -> Flags:
    """In prison or declared missing; compulsory detoxification is not named."""
    return (absence == Absence.PRISON.number) | (absence == Absence.DECLARED_MISSING.number)


out_of_reach = either(
    "out_of_reach",
    PERSON,
    "without_capacity",
    imprisoned_or_missing,
    cites=(MEASURES.article(8, item=5),),
    zh="无民事行为能力、被宣告失踪或在监狱服刑",
    meaning="Without legal capacity, declared missing or in prison.",
    since=SINCE,
)
out_of_reach_and_poor = every(
    "out_of_reach_and_poor",
    PERSON,
    out_of_reach,
    "low_income_assets",
    cites=(MEASURES.article(8, item=5),),
    zh="无民事行为能力等且财产符合规定",
    meaning="Out of reach, with few assets; the income is not asked.",
    since=SINCE,
)
obligor_incapable = either(
    "obligor_incapable",
    PERSON,
    "recorded_tekun",
    elderly_on_dibao,
    old_and_poor,
    disabled_and_poor,
    out_of_reach_and_poor,
    "incapable_by_local_rule",
    cites=(MEASURES.article(8),),
    zh="无履行义务能力",
    meaning="Cannot fulfil the duty, in one of the six ways that the article names.",
    since=SINCE,
)


@rule(PERSON, MEASURES.article(8), zh="有履行义务能力", since=SINCE)
def obligor_able(obligor_incapable: Flags) -> Flags:
    """Is able to fulfil the duty."""
    return ~obligor_incapable


has_able_obligor = any_of(
    "has_able_obligor",
    obligor_able,
    MEASURES.article(4, item=3),
    zh="有履行义务能力的义务人",
    meaning="Somebody bound to support the person is able to.",
    since=SINCE,
)


@rule(HOUSEHOLD, MEASURES.article(4, item=3), zh="义务人均无履行义务能力", since=SINCE)
def no_able_obligor(has_able_obligor: Flags) -> Flags:
    """Nobody bound to support the person is able to."""
    return ~has_able_obligor


OBLIGORS = Rulebook(
    rules=(
        elderly,
        elderly_on_dibao,
        of_70_or_over,
        below_local_income,
        old_and_poor,
        severity.disabled_obligor,
        disabled_and_poor,
        imprisoned_or_missing,
        out_of_reach,
        out_of_reach_and_poor,
        obligor_incapable,
        obligor_able,
        has_able_obligor,
        no_able_obligor,
    ),
    parameters={"local_disposable_income": income.PARAMETERS["local_disposable_income"]},
    columns=COLUMNS,
)
"""The rules of who cannot support; `Rulebook.with_parameter` assumes last year's local income by name."""
