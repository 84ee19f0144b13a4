"""How a place handles dibao, where that is not money: who decides, by when, what is shown to the neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

import attrs

from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document


class Topic(Labelled):
    """What a provision on procedure is about."""

    INCOME_PERIOD = ("period of income", "收入核算期间")
    WORK_INCOME = ("income from work left out", "就业收入不计入")
    PUBLICITY = ("shown before the decision", "公示")
    DECIDER = ("who decides", "审批机关")
    TIME_LIMIT = ("time to decide", "办理时限")
    FIRST_MONTH = ("first month paid", "起发月份")
    REVIEW = ("checked again", "定期核查")


@attrs.frozen
class Provision:
    """What one article says of a topic, in short.

    Attributes
    ----------
    says
        A paraphrase.
    citation
        The article.
    """

    says: str
    citation: Citation


Procedure: TypeAlias = Mapping[Topic, Provision]
"""What a place's own text says; a topic on which it is silent is left out."""

_MEASURES = document("dibao-review-measures")

NATION: Procedure = MappingProxyType(
    {
        Topic.INCOME_PERIOD: Provision("a set period, whose length is not said", _MEASURES.article(13, paragraph=1)),
        Topic.WORK_INCOME: Provision("a time of grace may be given", _MEASURES.article(33)),
        Topic.PUBLICITY: Provision("7 days", _MEASURES.article(19, paragraph=1)),
        Topic.DECIDER: Provision("the county, or the township where delegated", _MEASURES.article(2)),
        Topic.TIME_LIMIT: Provision("30 working days from acceptance, at most 45", _MEASURES.article(22)),
        Topic.FIRST_MONTH: Provision("the month after the decision", _MEASURES.article(21)),
        Topic.REVIEW: Provision(
            "yearly; half-yearly where income is irregular and somebody can work", _MEASURES.article(31, paragraph=2)
        ),
    }
)
"""What the nation's measures say."""
