"""What the law gives: one module a benefit, with its values beside it; and the rulebook made of them all."""

from __future__ import annotations

from civaffairs.people.household import COLUMNS
from civaffairs.rules.rulebook import Rulebook, Scheme
from civaffairs.schemes import (
    children,
    dibao,
    disability,
    edge_family,
    income,
    members,
    old_age,
    overlaps,
    parents,
    severity,
    single_person,
)

SCHEMES = (
    Scheme(
        name="dibao",
        title="Minimum living guarantee",
        label_zh="最低生活保障",
        summary="A family whose income per head is below the local standard, and whose assets pass, is paid up to it.",
        verdict=dibao.dibao_eligible,
        amount=dibao.dibao_amount,
        payable=overlaps.dibao_share_payable,
        keep=(dibao.dibao_share, members.counted_member, members.household_size),
    ),
    Scheme(
        name="edge_family",
        title="Edge family of the minimum living guarantee",
        label_zh="最低生活保障边缘家庭",
        summary="A family just above the standard is recognised, which opens other help but no cash of its own.",
        verdict=edge_family.edge_eligible,
    ),
    Scheme(
        name="single_person",
        title="Dibao for a single person",
        label_zh="单人保",
        summary="A severely disabled, seriously ill or specially stricken person may draw dibao apart from the family.",
        verdict=single_person.single_person_eligible,
        amount=single_person.single_person_amount,
        payable=overlaps.single_person_payable,
        keep=(single_person.on_dibao,),
    ),
    Scheme(
        name="living_subsidy",
        title="Living subsidy for disabled persons in difficulty",
        label_zh="困难残疾人生活补贴",
        summary="A disabled person who draws dibao is paid a flat sum a month.",
        verdict=disability.living_subsidy_entitled,
        amount=disability.living_subsidy_due,
        payable=overlaps.living_subsidy_payable,
        place="hukou_place",
    ),
    Scheme(
        name="nursing_subsidy",
        title="Nursing subsidy for severely disabled persons",
        label_zh="重度残疾人护理补贴",
        summary="A severely disabled person who needs long-term care is paid a flat sum a month, whatever the means.",
        verdict=disability.nursing_subsidy_entitled,
        amount=disability.nursing_subsidy_due,
        payable=overlaps.nursing_subsidy_payable,
        place="hukou_place",
    ),
    Scheme(
        name="orphan",
        title="Support of orphans",
        label_zh="孤儿基本生活保障",
        summary="A minor who has lost both parents is paid the standard of the place of upbringing.",
        verdict=children.orphan_paid,
        amount=children.orphan_allowance_due,
        payable=overlaps.orphan_allowance_payable,
        place="hukou_place",
    ),
    Scheme(
        name="de_facto_child",
        title="Living subsidy of de facto unattended children",
        label_zh="事实无人抚养儿童基本生活补贴",
        summary="A minor whom neither parent can bring up is paid the standard, less other support drawn.",
        verdict=children.de_facto_entitled,
        amount=children.de_facto_allowance_due,
        payable=overlaps.de_facto_allowance_payable,
        place="hukou_place",
    ),
    Scheme(
        name="old_age",
        title="Old-age allowance",
        label_zh="高龄津贴",
        summary="A person of 80 or over is paid a sum by tiers of age.",
        verdict=old_age.old_age_allowance_entitled,
        amount=old_age.old_age_allowance_due,
        payable=overlaps.old_age_allowance_payable,
        place="hukou_place",
    ),
)

_MODULES = (
    severity,
    members,
    income,
    dibao,
    edge_family,
    single_person,
    disability,
    parents,
    children,
    old_age,
    overlaps,
)

RULEBOOK = Rulebook(
    rules=tuple(rule for module in _MODULES for rule in module.RULES),
    parameters={name: value for module in _MODULES for name, value in getattr(module, "PARAMETERS", {}).items()},
    columns=COLUMNS,
    schemes={scheme.name: scheme for scheme in SCHEMES},
    overall=(overlaps.total_payable, overlaps.household_payable),
)
"""Every rule and value of the library."""

__all__ = [
    "RULEBOOK",
    "SCHEMES",
    "children",
    "dibao",
    "disability",
    "edge_family",
    "income",
    "members",
    "old_age",
    "overlaps",
    "parents",
    "severity",
    "single_person",
]
