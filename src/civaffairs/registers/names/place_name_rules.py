"""What a register of place names is held to: dates in order, names that are one in their scope, filing, announcing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import date_of
from civaffairs.errors import CalendarError
from civaffairs.law.citation import document
from civaffairs.registers.fields import Codes, Days, Flags, Texts
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.characters import standard_characters, unusual_characters
from civaffairs.registers.names.place_name_states import DEPARTMENTS, IN_FORCE, ApproverKind, PlaceNameState
from civaffairs.registers.names.scopes import scope_kinds, scope_names
from civaffairs.registers.validity import Severity, validity
from civaffairs.workdays import Roll, period_end

REGULATION = document("place-names-regulation")
FIRST_DAY = date(2022, 5, 1)
"""The first day of force of the regulation (art. 44); names approved before it were not held to it."""

Counts = NDArray[np.int64]


def in_force(state: Codes) -> Flags:
    """Mark names that are the names of their places."""
    return np.isin(state, [each.number for each in IN_FORCE])


def approved_by_the_regulation(state: Codes, approved_on: Days) -> Flags:
    """Mark names in force that were approved since the regulation applies."""
    return np.asarray(in_force(state) & (approved_on >= np.datetime64(FIRST_DAY)))


def filed_by_the_regulation(state: Codes, category: Codes, approver_kind: Codes, approved_on: Days) -> Flags:
    """Mark names that art. 13 has filed: not those of divisions, and not those that the State Council approved."""
    others = (category != PlaceNameCategory.DIVISION.number) & (approver_kind != ApproverKind.STATE_COUNCIL.number)
    return np.asarray(approved_by_the_regulation(state, approved_on) & others)


def announced_by_the_regulation(state: Codes, category: Codes, approved_on: Days) -> Flags:
    """Mark names that art. 14 has announced: divisions have their own regulation."""
    return np.asarray(approved_by_the_regulation(state, approved_on) & (category != PlaceNameCategory.DIVISION.number))


def _filed(filed_on: Days) -> Flags:
    return ~np.isnat(filed_on)


def _announced(announced_on: Days) -> Flags:
    return ~np.isnat(announced_on)


def _renamed(state: Codes) -> Flags:
    return np.asarray(state == PlaceNameState.RENAMED.number)


def filed_so(state: Codes, category: Codes, approver_kind: Codes, approved_on: Days, filed_on: Days) -> Flags:
    """Mark names that art. 13 has filed, and that were."""
    return np.asarray(filed_by_the_regulation(state, category, approver_kind, approved_on) & _filed(filed_on))


def announced_so(state: Codes, category: Codes, approved_on: Days, announced_on: Days) -> Flags:
    """Mark names that art. 14 has announced, and that were."""
    return np.asarray(announced_by_the_regulation(state, category, approved_on) & _announced(announced_on))


@validity(None, Severity.INVARIANT, judges_missing=["generic"])
def name_has_no_blanks(specific: Texts, generic: Texts) -> Flags:
    """A standard name is written without blanks."""
    whole = np.char.add(specific, generic)
    return np.array(["".join(name.split()) == name for name in whole.tolist()], np.bool_)


@validity(None, Severity.INVARIANT, only=_filed)
def filed_after_approval(approved_on: Days, filed_on: Days) -> Flags:
    """A name is not filed before it is approved."""
    return np.asarray(filed_on >= approved_on)


@validity(None, Severity.INVARIANT, only=_announced)
def announced_after_approval(approved_on: Days, announced_on: Days) -> Flags:
    """A name is not announced before it is approved."""
    return np.asarray(announced_on >= approved_on)


@validity(None, Severity.INVARIANT, only=_renamed, judges_missing=["successor"])
def successor_is_another_name(key: Texts, successor: Texts) -> Flags:
    """A name that was changed tells another name of the register as its successor."""
    return np.asarray(np.isin(successor, key) & (successor != key))


def _protected_and_renamed(state: Codes, protected: Codes) -> Flags:
    return np.asarray((state == PlaceNameState.RENAMED.number) & (protected == 1))


@validity(
    REGULATION[25], only=_protected_and_renamed, judges_missing=["protection_measures", "protected"], since=FIRST_DAY
)
def measures_come_before_renaming(protected: Codes, protection_measures: Texts) -> Flags:
    """Measures of protection are fixed before a name in a list of protected names is changed."""
    return np.asarray((protected != 1) | (protection_measures != ""))


def _only(*categories: PlaceNameCategory) -> Callable[..., Flags]:
    """Mark names of some categories that were approved since the regulation applies."""

    def approved(state: Codes, category: Codes, approved_on: Days) -> Flags:
        of = np.isin(category, [each.number for each in categories])
        return np.asarray(approved_by_the_regulation(state, approved_on) & of)

    return approved


def _one_in_scope(names: Texts, scopes: Texts, state: Codes) -> Flags:
    """Whether no other name in force of the same scope is written the same."""
    judged = in_force(state) & (scopes != "")
    whole = np.char.add(np.char.add(scopes, "|"), names)
    _, index, counts = np.unique(np.where(judged, whole, ""), return_inverse=True, return_counts=True)
    return np.asarray(~judged | (counts[index] == 1))


_C = PlaceNameCategory


@validity(
    REGULATION.article(9, paragraph=1, item=8),
    only=_only(_C.STREET, _C.ESTATE_OR_BUILDING),
    judges_missing=["generic", "place"],
)
def one_street_or_estate_in_a_built_up_area(
    specific: Texts, generic: Texts, category: Codes, place: Texts, built_up_area: Texts, state: Codes,
    on: np.datetime64,
) -> Flags:  # fmt: skip
    """No two streets, and no two estates or buildings, of one built-up area have one name."""
    kinds = scope_kinds(category, np.full(len(state), -1), np.full(len(state), -1))
    scopes = scope_names(kinds, category, place, built_up_area, _day(on))
    return _one_in_scope(np.char.add(specific, generic), scopes, state)


@validity(REGULATION.article(9, paragraph=1, item=8), only=_only(_C.COMMITTEE_SEAT), judges_missing=["generic"])
def one_committee_seat_in_a_county(
    specific: Texts, generic: Texts, category: Codes, place: Texts, state: Codes, on: np.datetime64
) -> Flags:
    """No two villages or communities of one county have one name."""
    kinds = scope_kinds(category, np.full(len(state), -1), np.full(len(state), -1))
    scopes = scope_names(kinds, category, place, np.full(len(place), ""), _day(on))
    return _one_in_scope(np.char.add(specific, generic), scopes, state)


@validity(REGULATION.article(9, paragraph=1), only=_only(_C.DIVISION), judges_missing=["generic"])
def one_division_in_province_or_nation(
    specific: Texts, generic: Texts, category: Codes, division_level: Codes, place: Texts, state: Codes,
    on: np.datetime64,
) -> Flags:  # fmt: skip
    """No two towns of one province, and no two divisions of county level or above, have one name (items 7 and 8)."""
    kinds = scope_kinds(category, division_level, np.full(len(state), -1))
    scopes = scope_names(kinds, category, place, np.full(len(place), ""), _day(on))
    return _one_in_scope(np.char.add(specific, generic), scopes, state)


@validity(
    REGULATION.article(9, paragraph=1, item=7), only=_only(_C.NATURAL_FEATURE), judges_missing=["generic", "place"]
)
def one_famous_feature(
    specific: Texts, generic: Texts, category: Codes, famous: Codes, place: Texts, state: Codes, on: np.datetime64
) -> Flags:
    """No two natural features that are famous in the country have one name."""
    kinds = scope_kinds(category, np.full(len(state), -1), famous)
    scopes = scope_names(kinds, category, place, np.full(len(place), ""), _day(on))
    return _one_in_scope(np.char.add(specific, generic), scopes, state)


def _day(on: np.datetime64) -> date:
    day: date = on.astype("datetime64[D]").item()
    return day


@validity(
    REGULATION.article(9, paragraph=1, item=3),
    Severity.WARNING,
    only=approved_by_the_regulation,
    judges_missing=["generic"],
)
def characters_are_standard(specific: Texts, generic: Texts) -> Flags:
    """Every character of a name is in the table of general standard characters."""
    standard = standard_characters()
    whole = np.char.add(specific, generic)
    return np.array([not unusual_characters(name, standard) for name in whole.tolist()], np.bool_)


def announcing_begins(approver_kind: Codes, approved_on: Days, filed_on: Days) -> Days:
    """From which day the period for announcing runs: from the filing where a department approved (art. 14)."""
    departments = np.isin(approver_kind, [kind.number for kind in DEPARTMENTS])
    return np.where(departments, filed_on, approved_on)


def last_days(begun: Days, days: Counts) -> Days:
    """The last days of periods, at the latest that a holiday or weekend can move them to.

    Where the holidays of a year are not published, the period is taken to be open: nobody can say that it is over.
    """
    pairs, index = np.unique(np.stack([begun.astype(np.int64), days]), axis=1, return_inverse=True)
    found = [_last_day(int(start), int(length)) for start, length in pairs.T]
    return np.asarray(np.array(found, "datetime64[D]")[index.reshape(-1)])


def _last_day(start: int, length: int) -> date | None:
    if start == np.iinfo(np.int64).min or length < 1:
        return None
    try:
        return period_end(date_of(start), days=length, roll=Roll.HOLIDAYS_AND_WEEKENDS)
    except CalendarError:
        return date.max


def _plainly(begun: Days, done: Days, days: Counts) -> Flags:
    return np.asarray(done <= begun + days.astype("timedelta64[D]"))


@validity(REGULATION[13], only=filed_so)
def filed_in_time(approved_on: Days, filed_on: Days, filing_days: Counts) -> Flags:
    """A name is filed within the period from its approval, even where a holiday or weekend at its end is left out."""
    return np.asarray(filed_on <= last_days(approved_on, filing_days))


@validity(REGULATION[13], Severity.REVIEW, only=filed_so)
def filed_by_the_calendar(approved_on: Days, filed_on: Days, filing_days: Counts) -> Flags:
    """A name is filed within the period from its approval, counted plainly; a holiday at its end may move it."""
    late = filed_on > last_days(approved_on, filing_days)  # told by filed_in_time
    return np.asarray(_plainly(approved_on, filed_on, filing_days) | late)


@validity(REGULATION[13], Severity.WARNING, only=filed_by_the_regulation, judges_missing=["filed_on"])
def filed_by_now(approved_on: Days, filed_on: Days, filing_days: Counts, on: np.datetime64) -> Flags:
    """A name that is approved is filed when the period for it is over."""
    return np.asarray(~np.isnat(filed_on) | (on <= last_days(approved_on, filing_days)))


@validity(REGULATION[14], only=announced_so, judges_missing=["filed_on"])
def announced_in_time(
    approver_kind: Codes, approved_on: Days, filed_on: Days, announced_on: Days, announcement_days: Counts
) -> Flags:
    """A name is announced within the period, even where a holiday or weekend at its end is left out."""
    begun = announcing_begins(approver_kind, approved_on, filed_on)
    return np.asarray(np.isnat(begun) | (announced_on <= last_days(begun, announcement_days)))


@validity(REGULATION[14], Severity.REVIEW, only=announced_so, judges_missing=["filed_on"])
def announced_by_the_calendar(
    approver_kind: Codes, approved_on: Days, filed_on: Days, announced_on: Days, announcement_days: Counts
) -> Flags:
    """A name is announced within the period, counted plainly; a holiday at its end may move it."""
    begun = announcing_begins(approver_kind, approved_on, filed_on)
    late = announced_on > last_days(begun, announcement_days)  # told by announced_in_time
    return np.asarray(np.isnat(begun) | _plainly(begun, announced_on, announcement_days) | late)


@validity(
    REGULATION[14], Severity.WARNING, only=announced_by_the_regulation, judges_missing=["filed_on", "announced_on"]
)
def announced_by_now(
    approver_kind: Codes, approved_on: Days, filed_on: Days, announced_on: Days, announcement_days: Counts,
    on: np.datetime64,
) -> Flags:  # fmt: skip
    """A name is announced when the period for it is over."""
    begun = announcing_begins(approver_kind, approved_on, filed_on)
    return np.asarray(~np.isnat(announced_on) | np.isnat(begun) | (on <= last_days(begun, announcement_days)))


PLACE_NAME_RULES = (
    name_has_no_blanks, filed_after_approval, announced_after_approval, successor_is_another_name,
    measures_come_before_renaming, one_street_or_estate_in_a_built_up_area, one_committee_seat_in_a_county,
    one_division_in_province_or_nation, one_famous_feature, characters_are_standard,
    filed_in_time, filed_by_the_calendar, filed_by_now,
    announced_in_time, announced_by_the_calendar, announced_by_now,
)  # fmt: skip
"""The rules of the register of place names."""
