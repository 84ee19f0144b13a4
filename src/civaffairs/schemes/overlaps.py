"""Which benefits may be held together: one table of pairs, and the rules that carry it out (待遇叠加)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import attrs

from civaffairs.law.citation import Citation, document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import AnyRule, Rule, Unit, rule, settled, total
from civaffairs.rules.values import Codes, Flags
from civaffairs.schemes.children import de_facto_entitled

GUANGXI = Citation(document("guangxi-disability-subsidies-2022"))
DISABLED = document("disabled-persons-law").article(48)
UNATTENDED = document("de-facto-children-opinions").section("三(一)")
ORPHANS = document("orphan-opinions").section("二(一)")
TEKUN = document("tekun-recognition-measures")
INTERIM = document("social-assistance-measures").article(12)
ELDERLY = document("elderly-rights-law").article(33, paragraph=2)

SINCE = date(2022, 10, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
PERSON = Level.PERSON
BOTH, FIRST_ONLY, SECOND_ONLY, HIGHER = range(4)
"""What a cell may say, in the order of the choices of `overlaps.toml`."""


class Against(Enum):
    """What the second benefit of a pair is to the library."""

    BENEFIT = "a benefit worked out here"
    STATUS = "a status on record, whose money is paid elsewhere"
    ALLOWANCE = "an amount on record, paid elsewhere"


@attrs.frozen
class Cell:
    """One pair of the overlap matrix: what is decided by the parameter of its name."""

    name: str
    first: str
    second: str
    against: Against
    citation: Citation
    label_zh: str
    amount: str = ""


CELLS = (
    Cell("living_with_tekun", "living_subsidy", "recorded_tekun", Against.STATUS, GUANGXI, "生活补贴与特困供养"),
    Cell("nursing_with_tekun", "nursing_subsidy", "recorded_tekun", Against.STATUS, GUANGXI, "护理补贴与特困供养"),
    Cell(
        "nursing_with_other_allowance",
        "nursing_subsidy",
        "other_nursing_allowance",
        Against.ALLOWANCE,
        GUANGXI,
        "护理补贴与其他护理补贴",
    ),
    Cell("living_with_orphan", "living_subsidy", "orphan_allowance", Against.BENEFIT, ORPHANS, "生活补贴与孤儿养育金"),
    Cell(
        "living_with_work_injury_care",
        "living_subsidy",
        "work_injury_care",
        Against.STATUS,
        DISABLED,
        "生活补贴与工伤生活护理费",
    ),
    Cell(
        "nursing_with_orphan", "nursing_subsidy", "orphan_allowance", Against.BENEFIT, ORPHANS, "护理补贴与孤儿养育金"
    ),
    Cell(
        "nursing_with_work_injury_care",
        "nursing_subsidy",
        "work_injury_care",
        Against.STATUS,
        DISABLED,
        "护理补贴与工伤生活护理费",
    ),
    Cell(
        "living_with_other_allowance",
        "living_subsidy",
        "other_living_allowance",
        Against.ALLOWANCE,
        DISABLED,
        "生活补贴与其他生活补贴",
    ),
    Cell(
        "old_age_with_tekun",
        "old_age_allowance",
        "recorded_tekun",
        Against.STATUS,
        TEKUN.article(6),
        "高龄津贴与特困供养",
        "recorded_tekun_amount",
    ),
    Cell("old_age_with_living", "old_age_allowance", "living_subsidy", Against.BENEFIT, ELDERLY, "高龄津贴与生活补贴"),
    Cell(
        "old_age_with_nursing", "old_age_allowance", "nursing_subsidy", Against.BENEFIT, ELDERLY, "高龄津贴与护理补贴"
    ),
    Cell("dibao_with_orphan", "dibao", "orphan_allowance", Against.BENEFIT, ORPHANS, "低保与孤儿养育金"),
)
"""The pairs in the order in which they are settled; a benefit lost to one is not held against the next."""

START = {
    "living_subsidy": "living_subsidy_unless_full_recipient",
    "nursing_subsidy": "nursing_subsidy_due",
    "orphan_allowance": "orphan_allowance_due",
    "old_age_allowance": "old_age_allowance_due",
    "dibao": "dibao_drawn",
}


@rule(PERSON, UNATTENDED, zh="非全额领取的事实无人抚养儿童", since=SINCE)
def draws_other_support(on_dibao: Flags, chose_tekun: Flags) -> Flags:
    """Draws dibao or extreme-hardship support, so that the children's allowance is only topped up."""
    return on_dibao | chose_tekun


@rule(PERSON, UNATTENDED, zh="全额领取补贴的事实无人抚养儿童", since=SINCE, only_where=de_facto_entitled)
def full_recipient(draws_other_support: Flags) -> Flags:
    """A de facto unattended child who draws the whole allowance, which bars the living subsidy."""
    return ~draws_other_support


@rule(PERSON, UNATTENDED, zh="非全额领取者", since=SINCE)
def not_full_recipient(full_recipient: Flags) -> Flags:
    """Not a child who draws the whole allowance."""
    return ~full_recipient


@rule(
    PERSON, UNATTENDED, zh="生活补贴（排除全额领取者）", since=SINCE, only_where=not_full_recipient, unit=Unit.FEN_MONTH
)
def living_subsidy_unless_full_recipient(living_subsidy_due: Fen) -> Fen:
    """The living subsidy, which a child who draws the whole children's allowance does not get."""
    return living_subsidy_due


@rule(PERSON, INTERIM, zh="本人低保金（家庭份额与单人保）", since=SINCE, unit=Unit.FEN_MONTH)
def dibao_drawn(dibao_share: Fen, single_person_amount: Fen) -> Fen:
    """The person's own part of the family's dibao, and dibao drawn alone."""
    return dibao_share + single_person_amount


def _first_gives_way(choice: Codes, first: Fen, second: Fen) -> Flags:
    return (choice == SECOND_ONLY) | ((choice == HIGHER) & (first < second))


def _second_gives_way(choice: Codes, second: Fen, first: Fen) -> Flags:
    return (choice == FIRST_ONLY) | ((choice == HIGHER) & (first >= second))


def _gives_way_outside(choice: Codes, amount: Fen, other: Fen) -> Flags:
    return (choice == SECOND_ONLY) | ((choice == HIGHER) & (amount <= other))


def _settle() -> tuple[AnyRule, ...]:
    """Walk the table once; each benefit goes from what is due, by what each pair leaves of it, to what is payable."""
    made: list[AnyRule] = []
    left = dict(START)
    last = {
        benefit: max(k for k, cell in enumerate(CELLS) if benefit in (cell.first, cell.second)) for benefit in START
    }

    def settle(cell: Cell, name: str, gives_way: Callable[..., Flags], amount: str, beside: str) -> None:
        meaning = f"What is left a month beside the other: {cell.name.replace('_', ' ')}."
        made.append(
            settled(
                name,
                gives_way,
                cell.name,
                amount,
                beside,
                cites=(cell.citation,),
                zh=cell.label_zh,
                meaning=meaning,
                since=SINCE,
            )
        )

    for position, cell in enumerate(CELLS):

        def onward(benefit: str, cell: Cell = cell, position: int = position) -> str:
            return f"{benefit}_payable" if last[benefit] == position else f"{benefit}_after_{cell.name}"

        first, second = left[cell.first], left.get(cell.second, cell.second)
        if cell.against is Against.BENEFIT:
            settle(cell, onward(cell.second), _second_gives_way, second, first)
            left[cell.second] = onward(cell.second)
        if cell.first == "dibao":
            settle(cell, "dibao_left", _first_gives_way, first, second)
            continue
        gives_way = _first_gives_way if cell.against is Against.BENEFIT else _gives_way_outside
        settle(cell, onward(cell.first), gives_way, first, cell.amount or second)
        left[cell.first] = onward(cell.first)
    return tuple(made)


SETTLED = _settle()
_BY_NAME = {made.name: made for made in SETTLED}
living_subsidy_payable: Rule[Any, Fen] = _BY_NAME["living_subsidy_payable"]
nursing_subsidy_payable: Rule[Any, Fen] = _BY_NAME["nursing_subsidy_payable"]
orphan_allowance_payable: Rule[Any, Fen] = _BY_NAME["orphan_allowance_payable"]
old_age_allowance_payable: Rule[Any, Fen] = _BY_NAME["old_age_allowance_payable"]


@rule(PERSON, INTERIM, zh="有家庭低保金份额", since=SINCE)
def has_dibao_share(dibao_share: Fen) -> Flags:
    """Has a part in the family's dibao."""
    return dibao_share > 0


@rule(PERSON, INTERIM, zh="有单人保", since=SINCE)
def has_single_person_amount(single_person_amount: Fen) -> Flags:
    """Draws dibao alone."""
    return single_person_amount > 0


@rule(PERSON, ORPHANS, zh="本人应发家庭低保金份额", since=SINCE, only_where=has_dibao_share, unit=Unit.FEN_MONTH)
def dibao_share_payable(dibao_share: Fen, dibao_left: Fen) -> Fen:
    """The person's part of the family's dibao, unless it gives way to an orphan's support."""
    return dibao_share * (dibao_left > 0)


@rule(PERSON, ORPHANS, zh="应发单人保", since=SINCE, only_where=has_single_person_amount, unit=Unit.FEN_MONTH)
def single_person_payable(single_person_amount: Fen, dibao_left: Fen) -> Fen:
    """Dibao drawn alone, unless it gives way to an orphan's support."""
    return single_person_amount * (dibao_left > 0)


@rule(PERSON, UNATTENDED, zh="应发事实无人抚养儿童基本生活补贴", since=SINCE, unit=Unit.FEN_MONTH)
def de_facto_allowance_payable(de_facto_allowance_due: Fen) -> Fen:
    """The children's allowance as topped up; its overlaps are in its own formula."""
    return de_facto_allowance_due


@rule(PERSON, INTERIM, zh="本人应发合计", since=SINCE, unit=Unit.FEN_MONTH)
def total_payable(
    dibao_share_payable: Fen,
    single_person_payable: Fen,
    living_subsidy_payable: Fen,
    nursing_subsidy_payable: Fen,
    orphan_allowance_payable: Fen,
    de_facto_allowance_payable: Fen,
    old_age_allowance_payable: Fen,
) -> Fen:
    """All benefits worked out here of a person a month, after overlaps; local supplements are not among them."""
    assistance = dibao_share_payable + single_person_payable
    children = orphan_allowance_payable + de_facto_allowance_payable
    return assistance + living_subsidy_payable + nursing_subsidy_payable + children + old_age_allowance_payable


household_payable = total(
    "household_payable",
    total_payable,
    INTERIM,
    zh="家庭应发合计",
    meaning="All benefits worked out here of a household a month.",
    since=SINCE,
)

RULES = (
    draws_other_support,
    full_recipient,
    not_full_recipient,
    living_subsidy_unless_full_recipient,
    dibao_drawn,
    *SETTLED,
    has_dibao_share,
    has_single_person_amount,
    dibao_share_payable,
    single_person_payable,
    de_facto_allowance_payable,
    total_payable,
    household_payable,
)
