"""Collective burials: figures that balance, awards exact to the fen, and a register that keeps them so."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from numpy.typing import ArrayLike

from civaffairs.errors import LoadError, NotAssessed, UsageError
from civaffairs.law.parameters import merge
from civaffairs.registers.cemeteries.burial_reports import (
    Agreement,
    agreement,
    balance,
    published,
    published_burials,
    read_published,
)
from civaffairs.registers.cemeteries.burials import (
    COLLECTIVE_BURIALS,
    PARAMETERS,
    BurialAction,
    BurialState,
    CollectiveBurial,
    awards,
)
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.kinds import Event
from civaffairs.registers.validity import Severity

CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "burials.toml").read_text("utf-8"))
DAY, ONE = date(2023, 3, 27), timedelta(1)
PLACE = "450100"
EMPTY: Register[CollectiveBurial] = Register(COLLECTIVE_BURIALS)


def happens(action: BurialAction, on: date = DAY, key: str = "b", **facts: Fact) -> Event:
    return Event(key=key, action=action, on=on, document="a made-up paper", facts=facts)


def plan(on: date = DAY, key: str = "b", **facts: Fact) -> Event:
    told: dict[str, Fact] = {"place": PLACE, "style": BurialStyle.FLOWER_BED_BURIAL, "planned": on}
    return happens(BurialAction.PLAN, on, key, **(told | facts))


def hold(on: date = DAY, key: str = "b", **facts: Fact) -> Event:
    told: dict[str, Fact] = {
        "place": PLACE, "style": BurialStyle.FLOWER_BED_BURIAL, "held": on, "remains": 237,
    }  # fmt: skip
    return happens(BurialAction.HOLD, on, key, **(told | facts))


def paid(awarded: int, each: int, total: int) -> dict[str, Any]:
    return {"awarded": awarded, "award_per_remains": each, "award_total": total}


# What is published.


@pytest.mark.parametrize("case", CASES["published"], ids=lambda case: case["key"])
def test_published_figures_come_to_what_is_printed(case: Mapping[str, Any]) -> None:
    found = {each.key: each for each in published()}[case["key"]]
    assert (found.remains, found.award_per_remains) == (case["remains"], case.get("award_per_remains"))
    assert found.award_total == case.get("award_total")
    assert found.agreement.value == case["agreement"]


def test_maling_s_sum_was_not_paid_at_one_rate() -> None:
    maling = {each.key: each for each in published()}["maling-flower-beds"]
    told = CASES["maling"]
    assert maling.printed == told["printed"]
    assert maling.remains * 80_000 == told["if_all_at_800"]
    assert agreement(told["if_all_at_800"], maling.printed) is Agreement.DIFFERS
    for way in told["ways"]:
        assert sum(way["remains"]) == maling.remains
        fen = sum(count * each for count, each in zip(way["remains"], way["fen"], strict=True))
        assert agreement(fen, maling.printed) is Agreement.EXACT


def test_burials_are_among_those_counted_in_all() -> None:
    total = {each.key: each for each in published()}["nanning-collective"]
    assert sum(each.remains for each in published() if each.one_burial and each.day <= total.day) <= total.remains


def test_the_shipped_register_holds_and_is_paid_as_the_awards_say() -> None:
    register = published_burials()
    view = register.as_of(date(2026, 8, 1))
    columns = view.columns()
    assert columns["award_total"].tolist() == [18_960_000, 6_400_000]
    told = awards(columns["awarded"], columns["held"], place=PLACE)
    assert told.fen.tolist() == columns["award_total"].tolist()
    findings = register.validate(date(2026, 8, 1))
    assert not findings.violations
    assert not findings.unchecked
    assert [len(column) for column in balance(published()).values()] == [4] * 8


@pytest.mark.parametrize("case", CASES["award"], ids=lambda case: str(case["day"]))
def test_the_award_of_a_day(case: Mapping[str, Any]) -> None:
    told = awards([3], np.array([case["day"]], "datetime64[D]"), place="450102")
    assert told.per_remains.tolist() == [case.get("fen")]
    assert told.fen.tolist() == [3 * case["fen"] if "fen" in case else None]
    assert len(told.reasons) == ("fen" not in case)


# How a sum is printed.


@given(fen=st.integers(0, 10**12), decimals=st.integers(0, 3))
def test_a_sum_that_is_rounded_or_cut_off_agrees_and_another_does_not(fen: int, decimals: int) -> None:
    step = 10 ** (6 - decimals)
    cut, rounded = fen // step, (fen + step // 2) // step

    def printed(steps: int) -> str:
        whole, rest = divmod(steps, 10**decimals)
        return f"{whole}.{rest:0{decimals}d}万元" if decimals else f"{whole}万元"

    near = {Agreement.EXACT} if fen == cut * step else {Agreement.ROUNDED, Agreement.CUT_OFF}
    assert agreement(fen, printed(cut)) in near
    assert agreement(fen, printed(rounded)) in {Agreement.EXACT, Agreement.ROUNDED}
    assert (agreement(fen, printed(cut)) is Agreement.CUT_OFF) == (rounded != cut)
    for other in (cut + 2, cut - 1):
        if other >= 0:
            assert agreement(fen, printed(other)) is Agreement.DIFFERS


@pytest.mark.parametrize(
    ("yuan", "printed", "found"),
    [
        (1_900_000, "190多万元", "differs"),
        (1_900_001, "190多万元", "more_than"),
        (1_999_999, "190多万元", "more_than"),
        (2_000_000, "190多万元", "differs"),
        (4_500_000, "400多万元", "more_than"),
        (64_500, "6.4多万元", "more_than"),
        (300, "300元", "exact"),
        (189_500, "19.0万元", "rounded"),
        (189_500, "18.9万元", "cut_off"),
        (189_449, "18.9万元", "rounded"),
    ],
)
def test_printed_sums(yuan: int, printed: str, found: str) -> None:
    assert agreement(yuan * 100, printed).value == found


@pytest.mark.parametrize("printed", ["", "18.9", "18.9万", "约18.9万元", "十八万元", "18.9.1万元", "-1元", "1 元"])
def test_what_is_no_printed_sum_is_refused(printed: str) -> None:
    with pytest.raises(UsageError, match="is no sum"):
        agreement(1, printed)


GOOD = """
[[burial]]
key = "x"
held = 2023-03-27
place = "450100"
style = "flower_bed_burial"
remains = 2
award_per_remains = 100
printed = "2元"
cite = "eco-burial-news-2023"
"""


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('key = "x"', "", "'key' is missing"),
        ("remains = 2", "remains = 0", "1 or more"),
        ("remains = 2", "remains = 2.0", "write a whole number"),
        ("remains = 2", "", "'remains' is missing"),
        ("award_per_remains = 100", "", "'award_per_remains' is missing"),
        ("award_per_remains = 100", "award_per_remains = -1", "not below 0"),
        ("2023-03-27", '"2023-03-27"', "write a day"),
        ("flower_bed_burial", "flower_burial", "did you mean 'flower_bed_burial'"),
        ('"2元"', '"2"', "write the sum as the report does"),
        ("eco-burial-news-2023", "news", "no document has the key 'news'"),
        ("remains = 2", "remains = 2\nurns = 2", "nothing is called 'urns'"),
        ("[[burial]]", "[[burials]]", "nothing is called 'burials' here; did you mean 'burial'"),
        ("[[burial]]", "[[total]]", "nothing is called 'held'"),
    ],
)
def test_a_bad_file_of_figures_is_refused_with_its_line(old: str, new: str, why: str) -> None:
    assert read_published(GOOD)[0].agreement is Agreement.EXACT
    with pytest.raises(LoadError, match=rf"(?s):\d+: .*{why}"):
        read_published(GOOD.replace(old, new, 1))


# Awards of many burials.

DAYS = st.dates(date(2013, 1, 1), date(2026, 12, 31))


@given(burials=st.lists(st.tuples(st.integers(0, 10**6), DAYS), max_size=20))
def test_many_awards_are_what_each_is_alone(burials: list[tuple[int, date]]) -> None:
    counts, days = [count for count, _ in burials], np.array([day for _, day in burials], "datetime64[D]")
    told = awards(np.array(counts, np.int64), days, place=PLACE)
    known = [date(2023, 3, 27) <= day <= date(2024, 3, 28) for _, day in burials]
    assert told.fen.tolist() == [count * 80_000 if sure else None for count, sure in zip(counts, known, strict=True)]
    assert sum(told.reasons.values()) == known.count(False)
    if all(known):
        assert told.total() == sum(counts) * 80_000
    else:
        with pytest.raises(NotAssessed, match="no source read gives it"):
            told.total()


def test_a_caller_s_award_and_a_day_that_is_not_stated() -> None:
    own = merge(
        PARAMETERS,
        '[award_per_remains]\nrows = [ { place = "450100", from = 2025-01-01, value = 100_001, why = "a try" } ]',
        assumed=True,
    )["award_per_remains"]
    days = np.array(["2024-12-31", "2025-01-01", "NaT"], "datetime64[D]")
    told = awards([3, 3, 3], days, place="450102", award=own)
    assert told.fen.tolist() == [None, 300_003, None]
    assert "the day of the burial is not stated" in told.reasons
    assert awards([3], days[1:2], place="310101", award=own).fen.tolist() == [None]
    assert "not published" in repr(told)


@pytest.mark.parametrize(
    ("awarded", "held", "why"),
    [
        ([1.0], ["2023-03-27"], "whole numbers"),
        ([True], ["2023-03-27"], "whole numbers"),
        ([1, 2], ["2023-03-27"], "one list of burials"),
        ([-1], ["2023-03-27"], "no burial awards -1"),
        ([10**6 + 1], ["2023-03-27"], "no burial awards 1000001"),
        ([[1]], [["2023-03-27"]], "one list of burials"),
    ],
)
def test_numbers_that_cannot_be_awarded_are_refused(awarded: ArrayLike, held: list[str], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        awards(awarded, np.array(held, "datetime64[D]"), place=PLACE)


# The register.


@pytest.mark.parametrize("case", CASES["burial"], ids=lambda case: case["title"])
def test_burials_balance_or_are_refused(case: Mapping[str, Any]) -> None:
    facts = {name: fact for name, fact in case.items() if name not in ("title", "refused")}
    if "refused" in case:
        with pytest.raises(EventRefused, match=case["refused"]):
            EMPTY.add(hold(**facts))
        with pytest.raises(EventRefused):  # an impossible sum is not even held as found
            EMPTY.add(hold(**facts), record_breaches=True)
        return
    findings = EMPTY.add(hold(**facts)).validate(DAY)
    assert not findings.violations
    unchecked = {each.rule.name for each in findings.unchecked}
    assert ("total_is_the_product" in unchecked) == ("award_total" not in facts)


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (hold(remains=0), "remains.*'0'"),
        (hold(remains=-3), "remains"),
        (hold(remains=2.5), "wrong type"),
        (hold(remains=10**6 + 1), "remains"),
        (hold(remains=None), "remains.*is missing"),
        (hold(held=DAY - ONE), "held from the day of the burial"),
        (hold(style=None), "style.*is missing"),
        (hold(style=BurialState.HELD), "style"),
        (hold(edition=0), "edition"),
        (hold(place="nanning"), "place"),
        (hold(urns=3), "no fact of the register"),
        (hold(award_per_remains=10**7 + 1), "award_per_remains"),
        (plan(planned=DAY - ONE), "has passed"),
        (plan(planned=None), "planned.*is missing"),
        (plan(remains=3), "is not for plan to state"),
        (happens(BurialAction.AWARD), "not open to a record that has not begun"),
        (happens(BurialAction.CANCEL), "not open to a record that has not begun"),
        (happens(BurialAction.RESCHEDULE, planned=DAY), "not open"),
    ],
)
def test_a_bad_event_is_refused_with_the_reason(event: Event, why: str) -> None:
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        EMPTY.add(event)


def test_a_burial_is_planned_put_off_held_and_awarded() -> None:
    later = DAY + 7 * ONE
    register = EMPTY.add(plan(edition=11), happens(BurialAction.RESCHEDULE, planned=later))
    assert not register.validate(later).violations
    assert [each.rule.severity for each in register.validate(later + ONE).violations] == [Severity.WARNING]
    held = register.add(happens(BurialAction.HOLD, later, held=later, remains=3))
    assert not held.validate(later + ONE).violations
    done = held.add(happens(BurialAction.AWARD, later + ONE, **paid(2, 80_000, 160_000)))
    with pytest.raises(EventRefused, match="No more awards"):
        done.add(happens(BurialAction.CORRECT, later + ONE, remains=1))
    with pytest.raises(EventRefused, match="times how many"):
        done.add(happens(BurialAction.CORRECT, later + ONE, awarded=3))
    record = done.add(happens(BurialAction.CORRECT, later + ONE, awarded=3, award_total=240_000)).as_of(later + ONE)[
        "b"
    ]
    assert (record.state, record.edition, record.awarded, record.award_total) == (BurialState.HELD, 11, 3, 240_000)


def test_a_number_of_a_series_is_given_once_unless_the_burial_was_cancelled() -> None:
    first = EMPTY.add(plan(edition=11))
    with pytest.raises(EventRefused, match="no two burials have the same number"):
        first.add(plan(key="c", edition=11))
    assert len(first.add(plan(key="c", edition=11, style=BurialStyle.SEA_SCATTERING)).as_of(DAY)) == 2
    assert len(first.add(plan(key="c", edition=12), plan(key="d"), plan(key="e")).as_of(DAY)) == 4
    cancelled = first.add(happens(BurialAction.CANCEL))
    assert len(cancelled.add(plan(key="c", edition=11)).as_of(DAY)) == 2


def test_a_style_that_is_not_known_to_be_ecological_is_looked_at() -> None:
    for style, severities in ((BurialStyle.SEA_SCATTERING, []), (BurialStyle.UPRIGHT_GRAVE, [Severity.REVIEW])):
        found = EMPTY.add(hold(style=style)).validate(DAY).violations
        assert [each.rule.severity for each in found] == severities


class Burials(RuleBasedStateMachine):
    """Any sequence of events leaves every held burial balanced, or is refused and changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.register, self.day = EMPTY, DAY

    @rule(
        action=st.sampled_from(list(BurialAction)), key=st.sampled_from("ab"), remains=st.integers(0, 3),
        awarded=st.integers(0, 3), each=st.integers(0, 3), more=st.sampled_from([0, 0, 0, 1]), wait=st.integers(0, 2),
        edition=st.sampled_from([None, 1, 2]),
    )  # fmt: skip
    def something_happens(
        self, action: BurialAction, key: str, remains: int, awarded: int, each: int, more: int, wait: int,
        edition: int | None,
    ) -> None:  # fmt: skip
        self.day += wait * ONE
        award, before = paid(awarded, each, awarded * each + more), self.register
        was = before.as_of(self.day).get(key)
        numbered: dict[str, Fact] = {} if edition is None else {"edition": edition}
        event = {
            BurialAction.PLAN: plan(self.day, key, **numbered),
            BurialAction.RESCHEDULE: happens(action, self.day, key, planned=self.day + (awarded - 1) * ONE),
            BurialAction.CANCEL: happens(action, self.day, key),
            BurialAction.HOLD: happens(action, self.day, key, held=self.day, remains=remains, **award)
            if was is not None
            else hold(self.day, key, remains=remains, **award),
            BurialAction.AWARD: happens(action, self.day, key, **award),
            BurialAction.CORRECT: happens(action, self.day, key, remains=remains, **award),
        }[action]
        state = None if was is None else was.state
        laid = was.remains if was is not None and action is BurialAction.AWARD else remains
        other = before.as_of(self.day).get("b" if key == "a" else "a")
        clash = (
            action is BurialAction.PLAN and edition is not None and other is not None and other.edition == edition
            and other.state is not BurialState.CANCELLED
        )  # fmt: skip
        balanced = more == 0 and awarded <= (laid or 0) and (laid or 0) >= 1
        fits = {
            BurialAction.PLAN: state is None and not clash,
            BurialAction.RESCHEDULE: state is BurialState.PLANNED and awarded >= 1,
            BurialAction.CANCEL: state is BurialState.PLANNED,
            BurialAction.HOLD: state in (None, BurialState.PLANNED) and balanced,
            BurialAction.AWARD: state is BurialState.HELD and balanced,
            BurialAction.CORRECT: state is BurialState.HELD and balanced,
        }[action]
        try:
            self.register = before.add(event)
        except EventRefused:
            assert self.register is before
            assert not fits
        else:
            assert fits

    @invariant()
    def sums_are_products(self) -> None:
        for record in self.register.as_of(self.day).values():
            if record.state is BurialState.HELD and record.award_total is not None:
                assert record.award_total == (record.awarded or 0) * (record.award_per_remains or 0)
                assert (record.awarded or 0) <= (record.remains or 0)
        assert not self.register.validate(self.day).of(Severity.INVARIANT, Severity.BREACH)


TestBurials = Burials.TestCase
TestBurials.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)


@given(remains=st.integers(1, 10**6), each=st.integers(0, 10**7), off=st.integers(-2, 2))
@settings(max_examples=60, deadline=None)
def test_only_the_product_is_a_total(remains: int, each: int, off: int) -> None:
    total = remains * each + off
    if total > 10**10 or total < 0:
        return
    event = hold(remains=remains, **paid(remains, each, total))
    if off:
        with pytest.raises(EventRefused, match="times how many"):
            EMPTY.add(event)
    else:
        assert Fraction(EMPTY.add(event).as_of(DAY)["b"].award_total or 0, remains) == each
