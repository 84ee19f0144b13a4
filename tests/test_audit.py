"""What was paid beside what is owed: every payment and every entitlement gets one verdict, to the fen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.assessment import Assessment, assess
from civaffairs.audit import Audit, Finding, Verdict, audit
from civaffairs.errors import TableError
from civaffairs.money import yuan_text
from civaffairs.rules.explain import Language

EXAMPLES = Path(__file__).parents[1] / "examples"
RESULT = assess(EXAMPLES / "roster.csv", on="2026-08-01")
HEADER = ["household_id", "person_id", "scheme", "paid"]


def payments(*rows: tuple[str, str, str, str]) -> dict[str, list[str]]:
    return {name: [row[k] for row in rows] for k, name in enumerate(HEADER)}


def finding(found: Audit, household: str, scheme: str) -> Finding:
    (one,) = [f for f in found.findings if f.household_id == household and f.scheme == scheme]
    return one


def owing(result: Assessment = RESULT) -> Mapping[tuple[str, str, str], int]:
    """What is known to be payable, worked out from the tables of results."""
    table, unknown, sums = result.persons_table(), set(), dict[tuple[str, str, str], int]()
    for scheme in result.schemes:
        if scheme.payable is None:
            continue
        column: Any = table[scheme.payable.name]
        for household, person, fen in zip(table["household_id"], table["person_id"], column.tolist(), strict=True):
            key = (str(household), "" if scheme.name == "dibao" else str(person), scheme.name)
            sums[key] = sums.get(key, 0) + (fen or 0)
            if fen is None:
                unknown.add(key)
    return {key: fen for key, fen in sums.items() if fen and key not in unknown}


OWING = owing()


def right() -> list[tuple[str, str, str, str]]:
    return [(*key, yuan_text(fen)) for key, fen in OWING.items()]


def test_what_is_payable_is_right_to_pay() -> None:
    found = audit(RESULT, payments(*right()))
    assert len(found.of(Verdict.RIGHT)) == len(OWING)
    others = [f for f in found.findings if f.verdict is not Verdict.RIGHT]
    assert {f.verdict for f in others} == {Verdict.OWED_BUT_UNPAID}
    assert all(f.owed is None for f in others)


@given(data=st.data())
def test_every_slip_is_found(data: st.DataObject) -> None:
    keys = data.draw(st.lists(st.sampled_from(sorted(OWING)), unique=True, max_size=10))
    slips = {key: data.draw(st.one_of(st.none(), st.integers(-OWING[key], 10**6))) for key in keys}
    rows = []
    for key, fen in OWING.items():
        off = slips.get(key, 0)
        if off is not None:
            rows.append((*key, yuan_text(fen + off)))
    found = {(f.household_id, f.person_id, f.scheme): f for f in audit(RESULT, payments(*rows)).findings}
    assert found.keys() >= OWING.keys()
    for key, fen in OWING.items():
        off = slips.get(key, 0)
        assert found[key].owed == fen
        assert found[key].difference == (-fen if off is None else off)
        expected = (
            Verdict.OWED_BUT_UNPAID
            if off is None or off == -fen
            else Verdict.RIGHT
            if off == 0
            else Verdict.UNDERPAID
            if off < 0
            else Verdict.OVERPAID
        )
        assert found[key].verdict is expected


@pytest.mark.parametrize(
    ("household", "scheme", "verdict", "difference"),
    [
        ("H001", "dibao", Verdict.UNDERPAID, -5_000),
        ("H002", "dibao", Verdict.OVERPAID, 31_000),
        ("H003", "de_facto_child", Verdict.OVERPAID, 40_500),
        ("H004", "nursing_subsidy", Verdict.UNDERPAID, -3_200),
        ("H006", "orphan", Verdict.UNDERPAID, -40_000),
        ("H007", "living_subsidy", Verdict.OWED_BUT_UNPAID, -12_200),
        ("H007", "dibao", Verdict.UNDERPAID, -1),
        ("H008", "dibao", Verdict.PAID_BUT_NOT_OWED, 10_000),
        ("H024", "nursing_subsidy", Verdict.PAID_BUT_NOT_OWED, 12_200),
        ("H004", "single_person", Verdict.NOT_ASSESSABLE, None),
        ("H005", "old_age", Verdict.NOT_ASSESSABLE, None),
        ("H009", "dibao", Verdict.NOT_ASSESSABLE, None),
    ],
)
def test_the_slips_of_the_example_are_found(
    household: str, scheme: str, verdict: Verdict, difference: int | None
) -> None:
    one = finding(audit(RESULT, EXAMPLES / "paid.csv"), household, scheme)
    assert (one.verdict, one.difference) == (verdict, difference)
    assert one.reason
    assert one.reason_zh


def test_a_reason_names_rule_and_article_or_what_is_missing() -> None:
    found = audit(RESULT, EXAMPLES / "paid.csv")
    assert "dibao_amount" in finding(found, "H001", "dibao").reason
    assert "art. 18" in finding(found, "H001", "dibao").reason
    assert "not entitled" in finding(found, "H008", "dibao").reason
    assert "urban_tiers" in finding(found, "H009", "dibao").reason
    assert "look in" in finding(found, "H009", "dibao").reason


def test_payments_to_one_key_are_added_up() -> None:
    found = audit(RESULT, payments(("H001", "", "dibao", "300"), ("H001", "", "最低生活保障", "300.00")))
    assert finding(found, "H001", "dibao").verdict is Verdict.RIGHT


def test_dibao_paid_person_by_person_is_added_up_to_the_household() -> None:
    persons = RESULT.persons_table()["person_id"][RESULT.persons_table()["household_id"] == "H001"]
    found = audit(RESULT, payments(*[("H001", str(person), "dibao", "150") for person in persons]))
    assert finding(found, "H001", "dibao").verdict is Verdict.RIGHT


def test_who_is_not_in_the_roster_is_said_to_be_so() -> None:
    rows = payments(("H999", "", "dibao", "1"), ("H001", "P9999", "old_age", "1"))
    found = audit(RESULT, rows).of(Verdict.NOT_IN_ROSTER)
    assert [one.reason for one in found] == ["no household has that key", "no member of the household has that key"]


def test_a_household_set_aside_is_not_assessable() -> None:
    result = assess(EXAMPLES / "roster_with_mistakes.csv", on="2026-08-01")
    one = finding(audit(result, payments(("M03", "", "dibao", "10"))), "M03", "dibao")
    assert one.verdict is Verdict.NOT_ASSESSABLE
    assert "set aside" in one.reason


def test_a_scheme_left_out_is_not_assessable() -> None:
    result = assess(EXAMPLES / "roster.csv", on="2026-08-01", schemes=["nursing_subsidy"])
    one = finding(audit(result, payments(("H001", "", "dibao", "600"))), "H001", "dibao")
    assert (one.verdict, one.owed) == (Verdict.NOT_ASSESSABLE, None)
    early = assess(EXAMPLES / "roster.csv", on="2021-06-01")
    one = finding(audit(early, payments(("H001", "", "dibao", "600"))), "H001", "dibao")
    assert one.verdict is Verdict.NOT_ASSESSABLE
    assert "before" in one.reason


def test_a_scheme_without_cash_is_paid_without_being_owed() -> None:
    one = finding(audit(RESULT, payments(("H001", "", "edge_family", "5"))), "H001", "edge_family")
    assert one.verdict is Verdict.PAID_BUT_NOT_OWED


def test_every_row_that_cannot_be_read_is_told_at_once() -> None:
    rows = payments(
        ("H001", "", "dibaoo", "600"),
        ("H002", "", "dibao", "12.345"),
        ("H003", "", "old_age", "1"),
        ("", "", "dibao", "1"),
        ("H004", "", "", "-1"),
    )
    found = audit(RESULT, rows)
    assert [(p.row, p.column) for p in found.problems] == [
        (1, "scheme"), (2, "paid"), (3, "person_id"), (4, "household_id"), (5, "paid"), (5, "scheme"),
    ]  # fmt: skip
    assert "did you mean 'dibao'" in found.problems[0].hint
    assert not found.all_right
    one = finding(found, "H001", "dibao")
    assert one.verdict is Verdict.NOT_ASSESSABLE
    assert "could not be read" in one.reason


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["household_id", "person_id", "scheme"], "missing column 'paid'"),
        ([*HEADER, "payed"], "unknown column 'payed'; did you mean 'paid'"),
        (["household_id", "person", "scheme", "paid"], "did you mean 'person_id'"),
    ],
)
def test_a_table_of_other_columns_is_an_error(names: list[str], message: str) -> None:
    with pytest.raises(TableError, match=message):
        audit(RESULT, {name: ["x"] for name in names})


def test_a_data_frame_is_read_as_a_file_is(tmp_path: Path) -> None:
    frame = pd.read_csv(EXAMPLES / "paid.csv", dtype=str)
    frame.to_parquet(tmp_path / "paid.parquet")
    by_file = audit(RESULT, EXAMPLES / "paid.csv").findings
    assert audit(RESULT, frame).findings == by_file
    assert audit(RESULT, tmp_path / "paid.parquet").findings == by_file


def test_nothing_paid_and_nothing_known_is_counted() -> None:
    found = audit(RESULT, payments(("H001", "", "dibao", "600")))
    total = RESULT.totals["old_age"]
    verdict: Any = RESULT.persons_table()["old_age_allowance_entitled"]
    assert found.unpaid_open["old_age"] == int(verdict.mask.sum()) <= total.persons_not_assessed
    assert "edge_family" not in found.unpaid_open


def test_the_text_sums_by_verdict_and_shows_at_most_five() -> None:
    found = audit(RESULT, EXAMPLES / "paid.csv")
    text = found.text()
    assert re.search(r"and \d+ more", text)
    unpaid = text.partition("\nowed but unpaid\n")[2].partition("\n\n")[0].splitlines()
    assert [line.startswith("  H") for line in unpaid] == [True] * 5 + [False]
    assert "owed 122.00" in unpaid[0]
    assert "少发" in found.text(Language.CHINESE)
    columns = found.columns()
    assert len(columns["owed"]) == len(found.findings)


def test_keys_that_look_like_identity_numbers_are_not_printed() -> None:
    number = "450103199001011234"
    found = audit(RESULT, payments((number, "", "dibao", "1")))
    assert number not in found.text()
    assert number not in repr(found.findings[-1])


def test_an_empty_table_of_payments_leaves_everything_unpaid() -> None:
    found = audit(RESULT, payments())
    assert {f.verdict for f in found.findings} == {Verdict.OWED_BUT_UNPAID}
    assert sum(f.owed or 0 for f in found.findings) == sum(OWING.values())
