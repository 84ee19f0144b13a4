"""The main job: a roster goes in, and out comes who is owed what, under which article, and what could not be assessed."""

from __future__ import annotations

from civaffairs.assessment.gaps import Gap, Gaps
from civaffairs.assessment.requirement import Requirement, Requirements, required
from civaffairs.assessment.result import Assessment, Column, assess
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
    "assess",
    "required",
]
