"""What a child's file records of one parent (父母状况)."""

from __future__ import annotations

import attrs

from civaffairs.people.answers import Custody, DisabilityKind, ParentState
from civaffairs.people.columns import Kind, fact

UNATTENDED_OPINIONS = "民发〔2019〕62号"


@attrs.frozen(kw_only=True)
class Parent:
    """What the child's file records of one parent; the parent need not be in the roster."""

    state: ParentState | None = fact(
        Kind.CHOICE,
        "状况",
        "what is known of the parent's life",
        source=f"{UNATTENDED_OPINIONS} 一",
        choices=ParentState,
    )
    disability_kind: DisabilityKind | None = fact(
        Kind.CHOICE, "残疾类别", "the parent's certificate", source=f"{UNATTENDED_OPINIONS} 一", choices=DisabilityKind
    )
    disability_grade: int | None = fact(
        Kind.COUNT,
        "残疾等级",
        "the certificate's grade, 1 the gravest; 0 without one",
        source=f"{UNATTENDED_OPINIONS} 一",
        high=4,
    )
    serious_illness: bool | None = fact(
        Kind.FLAG, "重病", "recognised as seriously ill under the local list", source=f"{UNATTENDED_OPINIONS} 一"
    )
    custody: Custody | None = fact(
        Kind.CHOICE,
        "限制人身自由",
        "what deprives the parent of liberty",
        source=f"{UNATTENDED_OPINIONS} 一",
        choices=Custody,
    )
    custody_months: int | None = fact(
        Kind.COUNT,
        "限制人身自由期限",
        "term of it in months; 0 without it",
        source=f"{UNATTENDED_OPINIONS} 一",
        high=1_200,
    )
    lost_contact_months: int | None = fact(
        Kind.COUNT,
        "失联月数",
        "completed months out of contact and without caring for the child; 0 if in contact",
        source=f"{UNATTENDED_OPINIONS} 一",
        high=1_200,
    )
    guardianship_revoked: bool | None = fact(
        Kind.FLAG, "被撤销监护资格", "a court has revoked the guardianship", source="民发〔2020〕125号"
    )
    deported: bool | None = fact(
        Kind.FLAG, "被遣送（驱逐）出境", "removed from the country", source="民发〔2020〕125号"
    )
    away: bool | None = fact(Kind.FLAG, "外出务工", "away from home for work", source="国发〔2016〕13号 一")
    able_guardian: bool | None = fact(Kind.FLAG, "有监护能力", "able to act as guardian", source="国发〔2016〕13号 一")
