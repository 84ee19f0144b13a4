"""The two disability subsidies (残疾人两项补贴): for living in difficulty, and for nursing the severely disabled."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from civaffairs.law.citation import Citation, document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import Unit, either, every, rule
from civaffairs.schemes.edge_family import edge_member
from civaffairs.schemes.severity import has_certificate, severe_for_nursing
from civaffairs.schemes.single_person import on_dibao

GUANGXI = Citation(document("guangxi-disability-subsidies-2022"))

SINCE = date(2022, 10, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
living_subsidy = PARAMETERS["living_subsidy"]
nursing_subsidy = PARAMETERS["nursing_subsidy"]
PERSON = Level.PERSON

living_by_dibao = every(
    "living_by_dibao",
    PERSON,
    has_certificate,
    on_dibao,
    cites=(GUANGXI,),
    zh="低保对象中的残疾人",
    meaning="Holds a certificate of any kind and grade, and draws dibao.",
    since=SINCE,
)
living_by_edge = every(
    "living_by_edge",
    PERSON,
    has_certificate,
    edge_member,
    "living_subsidy_edge_extension",
    cites=(GUANGXI,),
    zh="低保边缘家庭中的残疾人（扩面）",
    meaning="Holds a certificate and is of an edge family, where the city extends the subsidy to them.",
    since=SINCE,
)
living_subsidy_entitled = either(
    "living_subsidy_entitled",
    PERSON,
    living_by_dibao,
    living_by_edge,
    cites=(GUANGXI,),
    zh="困难残疾人生活补贴对象",
    meaning="A disabled person in difficulty.",
    since=SINCE,
)


@rule(PERSON, GUANGXI, zh="困难残疾人生活补贴", since=SINCE, only_where=living_subsidy_entitled, unit=Unit.FEN_MONTH)
def living_subsidy_due(living_subsidy: Fen) -> Fen:
    """The flat subsidy a month, before overlaps with other benefits."""
    return living_subsidy


nursing_subsidy_entitled = every(
    "nursing_subsidy_entitled",
    PERSON,
    severe_for_nursing,
    "needs_long_term_care",
    cites=(GUANGXI,),
    zh="重度残疾人护理补贴对象",
    meaning="Severely disabled and in need of long-term care; means are not asked.",
    since=SINCE,
)


@rule(PERSON, GUANGXI, zh="重度残疾人护理补贴", since=SINCE, only_where=nursing_subsidy_entitled, unit=Unit.FEN_MONTH)
def nursing_subsidy_due(nursing_subsidy: Fen) -> Fen:
    """The flat subsidy a month, before overlaps with other benefits."""
    return nursing_subsidy


RULES = (
    living_by_dibao,
    living_by_edge,
    living_subsidy_entitled,
    living_subsidy_due,
    nursing_subsidy_entitled,
    nursing_subsidy_due,
)
