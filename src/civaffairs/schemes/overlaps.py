"""What is left of each benefit beside the others (待遇叠加): the table of pairs, carried out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.matrix import Pair
from civaffairs.rules.rule import AnyRule, Rule, Unit, rule, settled, total
from civaffairs.rules.values import Codes, Flags
from civaffairs.schemes.children import de_facto_entitled, orphan_paid
from civaffairs.schemes.pairs import SETTLED as ROWS

UNATTENDED = document("de-facto-children-opinions").section("三(一)")
ORPHANS = document("orphan-opinions").section("二(一)")
TEKUN = document("tekun-recognition-measures")
INTERIM = document("social-assistance-measures").article(12)
MEASURES = document("dibao-review-measures")

SINCE = date(2022, 10, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
PERSON = Level.PERSON
BOTH, FIRST_ONLY, SECOND_ONLY, HIGHER = range(4)
"""What a value of a pair may say, in the order of the choices of `overlaps.toml`."""

START = {
    "living_subsidy": "living_subsidy_unless_full_recipient",
    "nursing_subsidy": "nursing_subsidy_due",
    "orphan": "orphan_allowance_taken",
    "old_age": "old_age_allowance_due",
    "dibao": "dibao_drawn",
}
"""What each benefit is before the pairs are settled."""

STEMS = {"orphan": "orphan_allowance", "old_age": "old_age_allowance"}
"""How a benefit is called in the names of its rules, where that is not its scheme's name."""

BESIDE = {
    "living_with_tekun": "on_tekun",
    "nursing_with_tekun": "on_tekun",
    "old_age_with_tekun": "tekun_amount",
}
"""What the other benefit of a pair is told by, where it is not itself settled here and has another name."""


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


@rule(PERSON, TEKUN.article(9), zh="已选择的孤儿养育金", since=SINCE, only_where=orphan_paid, unit=Unit.FEN_MONTH)
def orphan_allowance_taken(orphan_allowance_due: Fen) -> Fen:
    """An orphan's support, of one who has not chosen extreme-hardship support instead."""
    return orphan_allowance_due


@rule(PERSON, INTERIM, MEASURES.article(34), zh="本人低保金（家庭份额与单人保）", since=SINCE, unit=Unit.FEN_MONTH)
def dibao_drawn(dibao_share_after_refusal: Fen, single_person_amount: Fen) -> Fen:
    """The person's own part of the family's dibao, less what refusing work costs, and dibao drawn alone."""
    return dibao_share_after_refusal + single_person_amount


def _first_gives_way(choice: Codes, first: Fen, second: Fen) -> Flags:
    return (choice == SECOND_ONLY) | ((choice == HIGHER) & (first < second))


def _second_gives_way(choice: Codes, second: Fen, first: Fen) -> Flags:
    return (choice == FIRST_ONLY) | ((choice == HIGHER) & (first >= second))


def _gives_way_to_tekun(choice: Codes, amount: Fen, other: Fen) -> Flags:
    """Of these two it is always the other benefit that gives way, never extreme-hardship support."""
    return choice != BOTH


def _gives_way_outside(choice: Codes, amount: Fen, other: Fen) -> Flags:
    return (choice == SECOND_ONLY) | ((choice == HIGHER) & (amount <= other))


def _settle() -> tuple[AnyRule, ...]:
    """Walk the rows once; each benefit goes from what is due, by what each row leaves of it, to what is payable."""
    made: list[AnyRule] = []
    left = dict(START)
    last = {benefit: max(k for k, row in enumerate(ROWS) if benefit in row.schemes) for benefit in START}

    def settle(row: Pair, name: str, gives_way: Callable[..., Flags], amount: str, beside: str) -> None:
        made.append(
            settled(
                name,
                gives_way,
                row.value,
                amount,
                beside,
                cites=row.cites,
                zh=PARAMETERS[row.value].title_zh.removesuffix("能否同时享受"),
                meaning=f"What is left a month beside the other: {row.value.replace('_', ' ')}.",
                since=SINCE,
            )
        )

    for position, row in enumerate(ROWS):

        def onward(benefit: str, row: Pair = row, position: int = position) -> str:
            stem = STEMS.get(benefit, benefit)
            return f"{stem}_payable" if last[benefit] == position else f"{stem}_after_{row.value}"

        ours = row.second in START
        first, second = left[row.first], left.get(row.second) or BESIDE.get(row.value, row.second)
        if ours:
            settle(row, onward(row.second), _second_gives_way, second, first)
            left[row.second] = onward(row.second)
        if row.first == "dibao":
            settle(row, "dibao_left", _first_gives_way, first, second)
            continue
        outside = _gives_way_to_tekun if row.second == "tekun" else _gives_way_outside
        settle(row, onward(row.first), _first_gives_way if ours else outside, first, second)
        left[row.first] = onward(row.first)
    return tuple(made)


SETTLED = _settle()
_BY_NAME = {made.name: made for made in SETTLED}
living_subsidy_payable: Rule[Any, Fen] = _BY_NAME["living_subsidy_payable"]
nursing_subsidy_payable: Rule[Any, Fen] = _BY_NAME["nursing_subsidy_payable"]
orphan_allowance_payable: Rule[Any, Fen] = _BY_NAME["orphan_allowance_payable"]
old_age_allowance_payable: Rule[Any, Fen] = _BY_NAME["old_age_allowance_payable"]


@rule(PERSON, INTERIM, zh="有家庭低保金份额", since=SINCE)
def has_dibao_share(dibao_share_after_refusal: Fen) -> Flags:
    """Has a part in the family's dibao."""
    return dibao_share_after_refusal > 0


@rule(PERSON, INTERIM, zh="有单人保", since=SINCE)
def has_single_person_amount(single_person_amount: Fen) -> Flags:
    """Draws dibao alone."""
    return single_person_amount > 0


@rule(PERSON, ORPHANS, zh="本人应发家庭低保金份额", since=SINCE, only_where=has_dibao_share, unit=Unit.FEN_MONTH)
def dibao_share_payable(dibao_share_after_refusal: Fen, dibao_left: Fen) -> Fen:
    """The person's part of the family's dibao, unless it gives way to an orphan's support."""
    return dibao_share_after_refusal * (dibao_left > 0)


@rule(PERSON, ORPHANS, zh="应发单人保", since=SINCE, only_where=has_single_person_amount, unit=Unit.FEN_MONTH)
def single_person_payable(single_person_amount: Fen, dibao_left: Fen) -> Fen:
    """Dibao drawn alone, unless it gives way to an orphan's support."""
    return single_person_amount * (dibao_left > 0)


@rule(PERSON, UNATTENDED, zh="应发事实无人抚养儿童基本生活补贴", since=SINCE, unit=Unit.FEN_MONTH)
def de_facto_allowance_payable(de_facto_allowance_due: Fen) -> Fen:
    """The children's allowance as topped up; its overlaps are in its own formula."""
    return de_facto_allowance_due


@rule(PERSON, TEKUN.article(17), zh="应发特困供养金", since=SINCE, unit=Unit.FEN_MONTH)
def tekun_payable(tekun_amount: Fen) -> Fen:
    """Extreme-hardship support; where it meets another benefit, it is the other that gives way."""
    return tekun_amount


@rule(PERSON, INTERIM, zh="本人应发合计", since=SINCE, unit=Unit.FEN_MONTH)
def total_payable(
    dibao_share_payable: Fen,
    single_person_payable: Fen,
    living_subsidy_payable: Fen,
    nursing_subsidy_payable: Fen,
    orphan_allowance_payable: Fen,
    de_facto_allowance_payable: Fen,
    old_age_allowance_payable: Fen,
    tekun_payable: Fen,
) -> Fen:
    """Every monthly benefit of a person after overlaps; supplements, grace and what is paid once are told apart."""
    assistance = dibao_share_payable + single_person_payable + tekun_payable
    children = orphan_allowance_payable + de_facto_allowance_payable
    return assistance + living_subsidy_payable + nursing_subsidy_payable + children + old_age_allowance_payable


household_payable = total(
    "household_payable",
    total_payable,
    INTERIM,
    zh="家庭应发合计",
    meaning="What the members of a household are paid a month; supplements, grace and vouchers are told apart.",
    since=SINCE,
)

RULES = (
    draws_other_support,
    full_recipient,
    not_full_recipient,
    living_subsidy_unless_full_recipient,
    orphan_allowance_taken,
    dibao_drawn,
    *SETTLED,
    has_dibao_share,
    has_single_person_amount,
    dibao_share_payable,
    single_person_payable,
    de_facto_allowance_payable,
    tekun_payable,
    total_payable,
    household_payable,
)
