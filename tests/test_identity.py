"""Resident numbers and unified social credit codes: worked examples, an independent reading, what is never shown."""

from __future__ import annotations

import calendar
import pickle
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from civaffairs.errors import UsageError
from civaffairs.identity import (
    NO_BIRTH,
    NO_CODE,
    Fault,
    IdentityError,
    OrganisationKind,
    ResidentNumber,
    Sex,
    UnifiedCode,
    check_resident_numbers,
    check_unified_codes,
    mask,
    mask_numbers,
)

GOOD = "450127198001010012"
EPOCH = date(1970, 1, 1)


def with_check(body: str) -> str:
    """Append the check digit by the other formula: the body read to the base 13."""
    rest = (1 - 2 * int(body, 13)) % 11
    return body + ("X" if rest == 10 else str(rest))


def slow_fault(text: str, today: date | None) -> Fault:
    """An independent reading of one number, character by character."""
    digits = set("0123456789")
    if len(text) == 15 and set(text) <= digits:
        text = with_check(text[:6] + "19" + text[6:])
    if len(text) != 18 or not set(text[:17]) <= digits or text[17] not in digits | {"x", "X"}:
        return Fault.SHAPE
    if text.upper() != with_check(text[:17]):
        return Fault.CHECK
    year, month, day = int(text[6:10]), int(text[10:12]), int(text[12:14])
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return Fault.BIRTH_DATE
    return Fault.NOT_YET_BORN if today is not None and date(year, month, day) > today else Fault.NONE


BODIES = st.builds(
    lambda county, born, sequence: f"{county:06d}{born:%Y%m%d}{sequence:03d}".zfill(17),
    st.integers(0, 999_999),
    st.dates(date(1850, 1, 1), date(2100, 12, 31)),
    st.integers(0, 999),
)
LONG = BODIES.map(with_check)
IMPOSSIBLE = st.from_regex("[0-9]{6}(19|20)[0-9]{2}[0-3][0-9][0-4][0-9][0-9]{3}", fullmatch=True).map(with_check)
NEAR = st.from_regex("[0-9]{14,19}[0-9Xx]?", fullmatch=True)
ANY = st.text(st.characters(exclude_characters="\0"), max_size=22)
TEXTS = LONG | LONG.map(str.lower) | BODIES.map(lambda body: body[:6] + body[8:]) | IMPOSSIBLE | NEAR | ANY


@pytest.mark.parametrize(
    ("text", "county", "born", "sequence", "sex"),
    [
        (GOOD, "450127", date(1980, 1, 1), 1, Sex.MALE),
        ("450181202203010026", "450181", date(2022, 3, 1), 2, Sex.FEMALE),
        ("450127800101001", "450127", date(1980, 1, 1), 1, Sex.MALE),
    ],
)
def test_worked_examples(text: str, county: str, born: date, sequence: int, sex: Sex) -> None:
    number = ResidentNumber.parse(text)
    assert (number.county_code, number.birth_date, number.sequence, number.sex) == (county, born, sequence, sex)


def test_fifteen_digits_have_one_long_form() -> None:
    short = ResidentNumber.parse("450127800101001")
    assert short.long_form == GOOD
    assert short == ResidentNumber.parse(GOOD)
    assert len({short, ResidentNumber.parse(GOOD)}) == 1


def test_a_lower_case_x_is_read() -> None:
    body = next(f"45012719800101{i:03d}" for i in range(99) if with_check(f"45012719800101{i:03d}").endswith("X"))
    assert ResidentNumber.parse(body + "x").long_form == body + "X"
    with pytest.raises(IdentityError, match="capital X"):
        ResidentNumber(body + "x")


@pytest.mark.parametrize(
    ("text", "fault", "message"),
    [
        ("450103195002290015", Fault.BIRTH_DATE, "the birth date does not exist"),
        ("450127198001010011", Fault.CHECK, "check character does not match"),
        ("450127198001010000", Fault.CHECK, "zeros; keep the column as text"),
        ("", Fault.SHAPE, "found 0 characters"),
        ("4501271980010100", Fault.SHAPE, "expected 18 characters, or 15 digits, found 16 characters"),
        (GOOD + "2", Fault.SHAPE, "found 19 characters"),
        ("45012719800101001a", Fault.SHAPE, "not the right characters"),
        ("45012780010100X", Fault.SHAPE, "not the right characters"),
        ("４５０１２７１９８００１０１００１２", Fault.SHAPE, "full-width digits; write 0-9"),
        (" " + GOOD, Fault.SHAPE, "blanks"),
        ("4.50127198001010E+17", Fault.SHAPE, "spreadsheet"),
        ("450127000001010016", Fault.BIRTH_DATE, "does not exist"),
        (GOOD + "\0", Fault.SHAPE, "18 characters"),
    ],
)
def test_refusals(text: str, fault: Fault, message: str) -> None:
    with pytest.raises(IdentityError, match=message) as caught:
        ResidentNumber.parse(text)
    assert caught.value.fault is fault
    assert isinstance(caught.value, UsageError)
    assert len(text) <= 6 or text[6:] not in str(caught.value)


@pytest.mark.parametrize(("month_day", "exists"), [("0229", False), ("0228", True), ("0431", False), ("1301", False)])
def test_impossible_days(month_day: str, exists: bool) -> None:
    assert check_resident_numbers([with_check(f"4501031900{month_day}001")]).valid[0] == exists


def test_leap_days_of_leap_years_exist() -> None:
    years = ["1896", "1900", "1904", "2000", "2100"]
    found = check_resident_numbers([with_check(f"450103{year}0229001") for year in years])
    assert found.valid.tolist() == [year not in ("1900", "2100") for year in years]


def test_a_birth_after_today_is_refused_only_when_today_is_given() -> None:
    text = "450181202203010026"
    born = date(2022, 3, 1)
    assert ResidentNumber.parse(text, today=born).birth_date == born
    assert ResidentNumber.parse(text).birth_date == born
    with pytest.raises(IdentityError, match="still to come") as caught:
        ResidentNumber.parse(text, today=born - timedelta(days=1))
    assert caught.value.fault is Fault.NOT_YET_BORN


@given(st.lists(TEXTS, max_size=20), st.none() | st.dates(date(1900, 1, 1), date(2050, 1, 1)))
def test_columns_agree_with_an_independent_reading_and_with_parse(texts: list[str], today: date | None) -> None:
    found = check_resident_numbers(texts, today)
    assert len(found) == len(texts)
    for row, text in enumerate(texts):
        expected = slow_fault(text, today)
        assert found.fault[row] == expected.value
        assert found.valid[row] == (expected is Fault.NONE)
        seen = (int(found.birth[row]), int(found.sex[row]), int(found.county_code[row]))
        if expected is Fault.NONE:
            number = ResidentNumber.parse(text, today)
            assert seen == ((number.birth_date - EPOCH).days, number.sex.value, int(number.county_code))
        else:
            assert seen == (NO_BIRTH, 0, NO_CODE)
            with pytest.raises(IdentityError) as caught:
                ResidentNumber.parse(text, today)
            assert caught.value.fault is expected


@given(BODIES)
def test_the_check_digit_is_stdnums(body: str) -> None:
    long = ResidentNumber.parse(body + ric.calc_check_digit(body + "0")).long_form
    assert check_resident_numbers([body + digit for digit in "0123456789X"]).valid.sum() == 1
    assert long[:17] == body


@given(LONG, st.data())
def test_one_wrong_digit_never_passes(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 16))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    assert not check_resident_numbers([number[:place] + other + number[place + 1 :]]).valid[0]


def test_a_county_code_that_began_after_the_birth_is_no_reason_to_refuse() -> None:
    born_before_the_district = with_check("45010719460615001")
    assert not ric.is_valid(born_before_the_district)
    assert ResidentNumber.parse(born_before_the_district).birth_date == date(1946, 6, 15)
    assert ResidentNumber.parse(with_check("99999919460615001")).county_code == "999999"


@pytest.mark.parametrize("write", [repr, str, "{}".format, lambda number: repr([number])])
def test_a_number_is_never_written_out(write: Callable[[object], str]) -> None:
    written = write(ResidentNumber.parse(GOOD))
    assert "450127…" in written
    assert GOOD[6:] not in written
    assert GOOD[6:14] not in written


def test_columns_show_no_number_either() -> None:
    assert repr(check_resident_numbers([GOOD, "x"])) == "<2 resident numbers, 1 faulty>"
    assert repr(check_unified_codes(["x"])) == "<1 unified social credit codes, 1 faulty>"


def test_masks() -> None:
    texts = [GOOD, "", "450127", "4501271", "450127800101001", "7" * 40]
    assert [mask(text) for text in texts] == ["450127…", "", "450127", "450127…", "450127…", "777777…"]
    assert mask_numbers(texts).tolist() == [mask(text) for text in texts]


def test_an_array_and_a_list_read_alike() -> None:
    texts = [GOOD, "450127800101001", "9" * 30, ""]
    wide = np.array(texts)
    for column in (wide, np.array(texts, dtype="U60"), wide[::1], np.array(texts, dtype=object)):
        assert check_resident_numbers(column).fault.tolist() == [0, 0, 1, 1]
    assert check_resident_numbers(wide[::2]).fault.tolist() == [0, 1]
    assert len(check_resident_numbers([])) == 0


def test_a_column_longer_than_one_block_keeps_its_order() -> None:
    found = check_resident_numbers(np.array([GOOD, "bad", "450181202203010026"] * 30_000))
    assert found.county_code.tolist() == [450127, NO_CODE, 450181] * 30_000


def test_what_is_not_a_column_of_text_is_refused() -> None:
    with pytest.raises(IdentityError, match="read identity numbers as text"):
        check_resident_numbers(np.array([450127198001010012]))
    with pytest.raises(IdentityError, match="found one text"):
        check_resident_numbers(GOOD)
    with pytest.raises(IdentityError, match="2 dimensions"):
        check_unified_codes(np.array([["a"]]))


def test_a_number_can_be_sent_to_another_process() -> None:
    number = ResidentNumber.parse(GOOD)
    assert pickle.loads(pickle.dumps(number)) == number


@pytest.mark.parametrize(
    ("text", "kind", "division"),
    [
        ("51450100MJX000018D", OrganisationKind.SOCIAL_ASSOCIATION, "450100"),
        ("52450103MJX000026G", OrganisationKind.SOCIAL_SERVICE_ORGANISATION, "450103"),
        ("53450000MJX000034P", OrganisationKind.FOUNDATION, "450000"),
        ("12450100MB0000019F", OrganisationKind.PUBLIC_INSTITUTION, "450100"),
        ("91110000600037341L", OrganisationKind.ENTERPRISE, "110000"),
        ("52450103mjx000026g", OrganisationKind.SOCIAL_SERVICE_ORGANISATION, "450103"),
    ],
)
def test_unified_codes(text: str, kind: OrganisationKind, division: str) -> None:
    code = UnifiedCode.parse(text)
    assert (code.kind, code.division_code, code.code) == (kind, division, text.upper())
    found = check_unified_codes([text])
    assert (found.valid[0], found.kind[0], found.division_code[0]) == (True, kind.value, int(division))


def unified(body: str) -> str:
    """Append stdnum's check character."""
    return body + uscc.calc_check_digit(body)


@pytest.mark.parametrize(
    ("text", "fault", "message"),
    [
        ("52450103MJX000026H", Fault.CHECK, "check character"),
        (unified("54450100MJX000018"), Fault.CLASS, "no class that civil affairs registers"),
        (unified("5A450100MJX000018"), Fault.CLASS, "no class"),
        ("51450100MJX00001", Fault.SHAPE, "found 16 characters"),
        ("51450100MIX000018D", Fault.SHAPE, "not the right characters"),
        ("5145A100MJX000018D", Fault.SHAPE, "not the right characters"),
        ("51450100MJX000018D\0", Fault.SHAPE, "18 characters"),
        ("51450100MJX000018D0", Fault.SHAPE, "found 19 characters"),
        ("５１450100MJX000018D", Fault.SHAPE, "full-width digits"),
    ],
)
def test_refused_unified_codes(text: str, fault: Fault, message: str) -> None:
    with pytest.raises(IdentityError, match=message) as caught:
        UnifiedCode.parse(text)
    assert caught.value.fault is fault


def test_an_unlisted_registrar_is_other_and_not_refused() -> None:
    for body in ("A1110000600037341", "92110000600037341"):
        assert UnifiedCode.parse(unified(body)).kind is OrganisationKind.OTHER
        assert check_unified_codes([unified(body)]).kind[0] == OrganisationKind.OTHER.value


def test_a_refused_unified_code_leaves_nothing_in_the_columns() -> None:
    found = check_unified_codes(["52450103MJX000026H"])
    assert (found.kind[0], found.division_code[0], found.fault[0]) == (NO_CODE, NO_CODE, Fault.CHECK.value)


@given(st.from_regex("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True), st.data())
def test_the_check_character_is_stdnums(body: str, data: st.DataObject) -> None:
    text = unified(body)
    fault = check_unified_codes([text]).fault[0]
    assert fault == (Fault.CLASS.value if body[0] == "5" and body[1] not in "1239" else Fault.NONE.value)
    place = data.draw(st.integers(2, 17))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != text[place]]))
    assert check_unified_codes([text[:place] + other + text[place + 1 :]]).fault[0] == Fault.CHECK.value


@given(st.lists(ANY | NEAR, max_size=10))
def test_refusals_of_unified_codes_agree_with_stdnum(texts: list[str]) -> None:
    for text, valid in zip(texts, check_unified_codes(texts).valid, strict=True):
        plain = text.isascii() and len(text) == 18 and text == uscc.compact(text)
        assert not valid or not plain or uscc.is_valid(text)


def test_every_label_is_there() -> None:
    for enum in (Fault, Sex, OrganisationKind):
        assert all(member.label_zh for member in enum)
