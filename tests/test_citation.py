"""Documents and citations: the bibliography as shipped, how citations print, and what the loader refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.errors import LoadError, UsageError
from civaffairs.law.citation import (
    Citation,
    Document,
    DocumentKind,
    ReadFrom,
    chinese_number,
    document,
    documents,
    read_documents,
)

ONE_DAY = timedelta(days=1)

GOOD = """\
[[document]]
key = "a-notice"
title_zh = "通知"
title_en = "A notice"
issuer = "某局"
kind = "notice"
read = "copy"
issued = 2022-02-02
"""

READINGS = [
    (1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "一百"), (101, "一百零一"),
    (110, "一百一十"), (111, "一百一十一"), (1000, "一千"), (1001, "一千零一"), (1010, "一千零一十"),
    (1259, "一千二百五十九"),
    (9009, "九千零九"), (9999, "九千九百九十九"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "text"), READINGS)
def test_chinese_numbers(number: int, text: str) -> None:
    assert chinese_number(number) == text


@given(st.integers(1, 9999))
def test_chinese_numbers_read_back(number: int) -> None:
    worth = {"千": 1000, "百": 100, "十": 10}
    total, digit = 0, 0
    for sign in chinese_number(number):
        if sign in worth:
            total, digit = total + (digit or 1) * worth[sign], 0
        else:
            digit = "零一二三四五六七八九".index(sign)
    assert total + digit == number


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_article_numbers_out_of_range_are_refused(number: int) -> None:
    with pytest.raises(UsageError, match="1 to 9999"):
        document("civil-code").article(number)


def test_a_citation_prints_in_english_and_chinese() -> None:
    law = document("social-assistance-law")
    assert str(law[18]) == "Social Assistance Law (社会救助法) art. 18"
    assert law[18].zh == "《社会救助法》第十八条"
    assert repr(law[18]) == "<Social Assistance Law (社会救助法) art. 18>"
    assert law.article(8, paragraph=1, item=2).zh == "《社会救助法》第八条第一款第二项"
    assert str(law.article(8, paragraph=1, item=2)) == "Social Assistance Law (社会救助法) art. 8 para. 1 item 2"
    assert Citation(law).zh == "《社会救助法》"


def test_a_document_with_headings_is_cited_by_heading() -> None:
    cited = document("backstop-notice").section("一(一)")
    assert str(cited).endswith("section 一(一)")
    assert cited.zh.endswith("》一(一)")


def test_a_paragraph_needs_its_article() -> None:
    with pytest.raises(UsageError, match="without its article"):
        Citation(document("civil-code"), paragraph=1)


def test_citations_are_values() -> None:
    law = document("social-assistance-law")
    assert law[18] == law.article(18)
    assert len({law[18], law.article(18), law[19]}) == 2


def test_published_by_the_day_of_issue() -> None:
    law = document("social-assistance-law")
    assert law.issued == date(2026, 4, 30)
    assert [law.published_by(date(2026, 4, 30) + step * ONE_DAY) for step in (-1, 0, 1)] == [False, True, True]


def test_published_between_cannot_be_told() -> None:
    report = document("nanning-report")
    assert report.public_between == (date(2024, 12, 31), date(2026, 11, 23))
    first, last = report.public_between
    assert [report.published_by(first + step * ONE_DAY) for step in (-1, 0, 1)] == [False, None, None]
    assert [report.published_by(last + step * ONE_DAY) for step in (-1, 0, 1)] == [None, True, True]


def test_the_bibliography_is_complete() -> None:
    needed = {
        "social-assistance-law", "social-assistance-measures", "urban-dibao-regulation", "dibao-review-measures",
        "tekun-recognition-measures", "rigid-expenditure-measures", "backstop-notice", "assistance-reform-opinions",
        "low-income-monitoring-opinions", "temporary-assistance-opinions", "de-facto-children-opinions",
        "de-facto-children-notice-2020", "children-in-distress-opinions", "left-behind-children-opinions",
        "orphan-opinions", "guangxi-disability-subsidies-2022", "guangxi-disability-subsidies-2025", "nanning-report",
        "civil-code", "elderly-rights-law", "disabled-persons-law", "minors-law", "legislation-law",
        "division-codes-copy", "chongqing-dibao-regulation", "zhejiang-social-assistance-regulation",
        "shanghai-social-assistance-regulation",
    }  # fmt: skip
    assert needed <= documents().keys()


@pytest.mark.parametrize("paper", documents().values(), ids=lambda paper: paper.key)
def test_every_document_is_consistent(paper: Document) -> None:
    assert (paper.issued is None) != (paper.public_between is None)
    assert paper.issuer
    if paper.in_force and paper.issued:
        assert paper.issued <= paper.in_force
    if paper.in_force and paper.public_between:
        assert paper.public_between[1] <= paper.in_force
    if paper.amended and paper.issued:
        assert paper.amended > paper.issued


def test_regional_papers_are_marked_as_read_at_second_hand() -> None:
    for year in (2022, 2025):
        assert document(f"guangxi-disability-subsidies-{year}").read is ReadFrom.SECONDARY


def test_a_number_that_was_not_read_is_not_given() -> None:
    assert document("backstop-notice").number == ""


def test_the_mapping_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        documents()["new"] = document("civil-code")  # type: ignore[index]


def test_an_unknown_key_is_met_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'social-assistance-law'"):
        document("social-asistance-law")


def test_every_kind_has_a_chinese_label() -> None:
    assert all(member.label_zh for member in (*DocumentKind, *ReadFrom))


def test_a_document_of_the_callers_own() -> None:
    found = read_documents(GOOD)["a-notice"]
    assert found.kind is DocumentKind.NOTICE
    assert found.published_by(date(2022, 2, 2)) is True


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("issued = 2022-02-02", "", "<text>:1: document 1: give exactly one of 'issued'"),
        ("read", "public_between = [2022-01-01, 2022-12-31]\nread", "give exactly one of 'issued'"),
        ("issued = 2022-02-02", "public_between = [2022-12-31, 2022-01-01]", "must be two days in order"),
        ("issued = 2022-02-02", 'issued = "2022-02-02"', "write a day written 2026-07-01 without quotes"),
        ('kind = "notice"', 'kind = "notise"', "did you mean 'notice'"),
        ('kind = "notice"', "", "'kind' is missing"),
        ('read = "copy"', 'read = "hearsay"', "choose one of issuer, copy, secondary"),
        ('issuer = "某局"', 'isuer = "某局"', "nothing is called 'isuer' here; did you mean 'issuer'?"),
        ('title_zh = "通知"', 'title_zh = " "', "'title_zh' is empty"),
        ("issued", "in_force = 2023-01-01\nrepealed = 2023-01-01\nissued", "not after it came into force"),
    ],
)
def test_a_faulty_document_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(LoadError) as refusal:
        read_documents(GOOD.replace(old, new, 1))
    assert message in str(refusal.value)


def test_all_faults_come_at_once_with_their_lines() -> None:
    text = GOOD + "\n" + GOOD + "\n" + GOOD.replace("a-notice", "b").replace("copy", "hearsay")
    with pytest.raises(LoadError) as refusal:
        read_documents(text)
    told = str(refusal.value)
    assert told.startswith("<text> has 2 faults; nothing was loaded")
    assert "<text>:10: document 2: the key 'a-notice' is used twice" in told
    assert "<text>:19: document 3: 'read' is 'hearsay'" in told


def test_text_that_is_not_toml_is_refused_with_its_line() -> None:
    with pytest.raises(LoadError, match="<text>:2: not TOML"):
        read_documents("[[document]]\nkey = nothing\n")
