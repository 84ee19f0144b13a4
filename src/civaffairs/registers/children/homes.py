"""Children's homes and protection agencies (儿童福利院、未成年人救助保护机构): functions 养治教康置, beds, floors."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.labels import Labelled
from civaffairs.law.citation import document
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Flags, Texts, entry
from civaffairs.registers.institutions.base import INSTITUTION_RULES, Institution, institution_steps
from civaffairs.registers.institutions.closed_sets import has, within
from civaffairs.registers.kinds import RegisterKind
from civaffairs.registers.validity import Severity, validity

MINORS_LAW = document("minors-law")


class ChildrenInstitutionKind(Labelled):
    """What kind of institution for children it is."""

    CHILDREN_HOME = ("children_home", "儿童福利院")
    SECTION_OF_HOME = ("section_of_home", "社会福利院儿童部")
    PROTECTION_AGENCY = ("protection_agency", "未成年人救助保护机构")


class CareFunction(Labelled):
    """What an institution does for a child, as the bureau's work report lists it."""

    RAISE = ("raise", "养")
    TREAT = ("treat", "治")
    TEACH = ("teach", "教")
    REHABILITATE = ("rehabilitate", "康")
    SETTLE = ("settle", "置")


@attrs.frozen(kw_only=True)
class ChildrenInstitution(Institution):
    """An institution for children."""

    kind: ChildrenInstitutionKind | None = entry(
        Kind.CHOICE, "机构类别", "what kind of institution", choices=ChildrenInstitutionKind
    )
    functions: tuple[str, ...] = entry(
        Kind.TEXTS, "功能", "what it does: raise 养, treat 治, teach 教, rehabilitate 康, settle 置, in this order"
    )
    land_cm2: int | None = entry(Kind.AREA, "占地面积", "land that it stands on")
    floor_cm2: int | None = entry(Kind.AREA, "总建筑面积", "floor of all buildings")
    home_floor_cm2: int | None = entry(Kind.AREA, "福利院建筑面积", "floor of the home")
    school_floor_cm2: int | None = entry(Kind.AREA, "特教学校建筑面积", "floor of its special school")
    underground_floor_cm2: int | None = entry(Kind.AREA, "地下建筑面积", "floor below the ground")


Areas = NDArray[np.int64]


@validity(None, Severity.INVARIANT)
def functions_are_those_of_the_list(functions: Texts) -> Flags:
    """The functions are among 养、治、教、康、置, each once and in this order."""
    return within(functions, CareFunction)


@validity(None, Severity.INVARIANT)
def floor_is_the_sum_of_its_parts(
    floor_cm2: Areas, home_floor_cm2: Areas, school_floor_cm2: Areas, underground_floor_cm2: Areas
) -> Flags:
    """The floors of the home, of the school and below the ground add up to the floor of all buildings."""
    return np.asarray(home_floor_cm2 + school_floor_cm2 + underground_floor_cm2 == floor_cm2)


@validity(MINORS_LAW.article(96, paragraph=2), Severity.REVIEW, judges_missing=["functions"])
def children_are_raised(functions: Texts) -> Flags:
    """An institution that civil affairs sets up for children takes them in and raises them."""
    return has(functions, CareFunction.RAISE)


CHILDREN_INSTITUTIONS: RegisterKind[ChildrenInstitution] = RegisterKind(
    name="children's institutions", label_zh="儿童福利和救助保护机构", record=ChildrenInstitution, place="place",
    steps=institution_steps(
        needs=("kind",),
        may=("functions", "land_cm2", "floor_cm2", "home_floor_cm2", "school_floor_cm2", "underground_floor_cm2"),
    ),
    rules=(
        *INSTITUTION_RULES, functions_are_those_of_the_list, floor_is_the_sum_of_its_parts, children_are_raised,
    ),
)  # fmt: skip
