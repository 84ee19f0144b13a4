"""Whether a child is left without a parent: the states of mother and father (父母状况)."""

from __future__ import annotations

from datetime import date
from typing import Any

from civaffairs.law.citation import Citation, document
from civaffairs.people.columns import Level
from civaffairs.people.person import Custody, DisabilityKind, ParentState
from civaffairs.rules.rule import AnyRule, either, every, rule
from civaffairs.rules.values import Codes, Count, Flags
from civaffairs.schemes.severity import plainly_severe_parent

WHO = document("de-facto-children-opinions").section("一")
NOTICE_2020 = document("de-facto-children-notice-2020")

SINCE = date(2021, 7, 1)
PERSON = Level.PERSON


def _of_multiple_kind(kind: Codes, grade: Count) -> Flags:
    """The parent's certificate is of multiple disability at grade 3 or 4."""
    return (kind == DisabilityKind.MULTIPLE.number) & (grade >= 3)


def _as_the_place_takes_it(multiple_disability_qualifies: Flags) -> Flags:
    """The place takes a multiple disability at grade 3 or 4 as an intellectual or mental one."""
    return multiple_disability_qualifies


def _in_custody(custody: Codes, months: Count) -> Flags:
    """Deprived of liberty by law for a term of six months or more, six included."""
    return (custody != Custody.NONE.number) & (months >= 6)


def _out_of_contact(months: Count) -> Flags:
    """Out of contact and not caring for the child for six months or more, six included."""
    return months >= 6


def _not_dead(state: Codes) -> Flags:
    """Not known to be dead: one who cannot be found may still be out of contact (失联)."""
    return (state != ParentState.DEAD.number) & (state != ParentState.DECLARED_DEAD.number)


def _dead_or_missing(state: Codes) -> Flags:
    """Dead, or declared dead or missing by a court."""
    dead = (state == ParentState.DEAD.number) | (state == ParentState.DECLARED_DEAD.number)
    return dead | (state == ParentState.DECLARED_MISSING.number)


_PARENTS = {"mother": "母亲", "father": "父亲"}


def _parent_rules(parent: str, zh: str) -> tuple[AnyRule, ...]:
    """Make the rules that say of one parent whether the child is left without them."""

    def of_parent(function: Any, label: str, what: str, *columns: str, cite: Citation = WHO, **more: Any) -> AnyRule:  # noqa: ANN401
        return rule(PERSON, cite, zh=f"{zh}{label}", since=SINCE, name=f"{parent}_{what}", arguments=columns, **more)(
            function
        )

    kind, grade, state = f"{parent}_disability_kind", f"{parent}_disability_grade", f"{parent}_state"
    multiple = of_parent(_of_multiple_kind, "多重残疾三、四级", "of_multiple_kind", kind, grade)
    causes = (
        of_parent(plainly_severe_parent, "重残", "severe", kind, grade),
        of_parent(
            _as_the_place_takes_it,
            "多重残疾认定",
            "multiple_counts",
            "multiple_disability_qualifies",
            only_where=multiple,
        ),
        of_parent(_in_custody, "限制人身自由六个月以上", "in_custody", f"{parent}_custody", f"{parent}_custody_months"),
        of_parent(_out_of_contact, "失联六个月以上", "out_of_contact", f"{parent}_lost_contact_months"),
    )
    not_dead = of_parent(_not_dead, "未死亡", "not_dead", state)
    unable_by = either(
        f"{parent}_has_cause",
        PERSON,
        *causes,
        f"{parent}_serious_illness",
        f"{parent}_guardianship_revoked",
        f"{parent}_deported",
        cites=(WHO, Citation(NOTICE_2020)),
        zh=f"{zh}符合情形之一",
        meaning=f"The {parent} is in one of the states in which a parent cannot bring the child up.",
        since=SINCE,
    )
    unable = every(
        f"{parent}_unable",
        PERSON,
        not_dead,
        unable_by,
        cites=(WHO,),
        zh=f"{zh}无法抚养",
        meaning=f"The {parent} lives but cannot bring the child up.",
        since=SINCE,
    )
    gone = of_parent(_dead_or_missing, "死亡或失踪", "gone", state)
    return (multiple, *causes, not_dead, unable_by, unable, gone)


RULES = tuple(made for parent, zh in _PARENTS.items() for made in _parent_rules(parent, zh))
