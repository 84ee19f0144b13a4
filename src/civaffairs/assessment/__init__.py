"""The main job: a roster goes in, and out comes who is owed what, by which article, and what is not known."""

from __future__ import annotations

from civaffairs.assessment.assess import as_date, assess
from civaffairs.assessment.gaps import Gap, Gaps
from civaffairs.assessment.requirement import Requirement, Requirements, required
from civaffairs.assessment.result import Assessment, Column
from civaffairs.assessment.standing import Item, Standings
from civaffairs.assessment.totals import Total, Totals

__all__ = [
    "Assessment",
    "Column",
    "Gap",
    "Gaps",
    "Item",
    "Requirement",
    "Requirements",
    "Standings",
    "Total",
    "Totals",
    "as_date",
    "assess",
    "required",
]
