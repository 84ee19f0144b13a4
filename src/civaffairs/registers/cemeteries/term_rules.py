"""What the terms and prepaid fees of plots keep to (使用年限、管理费): two things, each with a limit of its own."""

from __future__ import annotations

from datetime import date

import numpy as np

from civaffairs.calendar import add_months_to
from civaffairs.law.citation import document
from civaffairs.registers.cemeteries.limits import PARAMETERS, limits_by_day
from civaffairs.registers.cemeteries.plot_states import LAID_TO_REST, TAKEN, PlotState, among
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.fields import NOT_STATED, Codes, Days, Flags, Numbers, Texts
from civaffairs.registers.validity import Severity, validity

EXPLANATION = document("cemetery-explanation-1998").section("四")
MEASURES = document("cemetery-measures-1992")
CIVIL_CODE = document("civil-code")
_CODE_FROM = np.datetime64(date(2021, 1, 1))


def ends(start: Days, years: Numbers) -> Days:
    """Last days of terms, as `civaffairs.registers.cemeteries.plots.term_end` finds one; ``NaT`` where not stated."""
    silent = np.isnat(start) | (years < 0)
    numbers = np.where(silent, 0, start.astype(np.int64)).astype(np.int32)
    last = add_months_to(numbers, np.where(silent, 0, years) * 12).astype("datetime64[D]")
    return np.where(silent, np.datetime64("NaT", "D"), last)


def _with_term(state: Codes, style: Codes) -> Flags:
    """Somebody lies there in a style that is not known to leave no ashes: such a plot has a term."""
    nothing_stays = np.array([member.retains_ashes is False for member in BurialStyle], np.bool_)
    return np.asarray(among(state, LAID_TO_REST) & ~nothing_stays[style])


def _held(state: Codes) -> Flags:
    return among(state, TAKEN)


def _renewed(renewals: Numbers) -> Flags:
    return np.asarray(renewals >= 1)


@validity(None, Severity.INVARIANT, only=_with_term)
def term_ends_after_its_years(term_start: Days, term_years: Numbers, term_end: Days) -> Flags:
    """The last day of a term is the corresponding day so many years after its start."""
    return np.asarray(ends(term_start, term_years) == term_end)


@validity(None, Severity.INVARIANT, only=_renewed)
def terms_do_not_overlap(former_end: Days, term_start: Days) -> Flags:
    """A term starts no earlier than the last day of the one before: the day on which it starts is not counted."""
    return np.asarray(former_end <= term_start)


@validity(EXPLANATION, only=_with_term)
def term_is_within_the_limit(place: Texts, term_start: Days, term_years: Numbers) -> Flags:
    """A term is no longer than the limit of the day on which it starts."""
    limit = limits_by_day(PARAMETERS["term_years"], term_start, place).values
    return np.asarray((limit == NOT_STATED) | (term_years <= limit))


def _since_the_code(term_start: Days) -> Flags:
    return np.asarray(term_start >= _CODE_FROM)


@validity(CIVIL_CODE[705], Severity.REVIEW, only=_since_the_code)
def lease_is_within_the_code(place: Texts, term_start: Days, term_years: Numbers) -> Flags:
    """If the contract is a lease, what its term has beyond twenty years is void."""
    limit = limits_by_day(PARAMETERS["lease_years"], term_start, place).values
    return np.asarray((limit == NOT_STATED) | (term_years <= limit))


@validity(MEASURES[16], only=_held)
def fee_is_within_the_limit(place: Texts, fee_from: Days, fee_until: Days) -> Flags:
    """The management fee is paid for no more years at once than the limit of the day from which it counts."""
    limit = limits_by_day(PARAMETERS["fee_years"], fee_from, place).values
    last = ends(fee_from, limit)
    return np.asarray((limit == NOT_STATED) | (fee_until <= last))


@validity(None, Severity.INVARIANT, only=_held)
def fee_runs_forward(fee_from: Days, fee_until: Days) -> Flags:
    """The fee is not paid to a day before the one from which it counts."""
    return np.asarray(fee_from <= fee_until)


def _occupied(state: Codes, style: Codes) -> Flags:
    return np.asarray(_with_term(state, style) & (state == PlotState.OCCUPIED.number))


@validity(EXPLANATION, Severity.WARNING, only=_occupied)
def ended_term_is_dealt_with(term_end: Days, on: np.datetime64) -> Flags:
    """A plot whose term has ended is renewed, or marked as expiring; the last day is part of the term."""
    return np.asarray(term_end >= on)


@validity(None, Severity.WARNING, only=_with_term)
def fee_is_paid(fee_until: Days, on: np.datetime64) -> Flags:
    """The management fee is paid to the day asked about or beyond."""
    return np.asarray(fee_until >= on)


def _taken_back(state: Codes, notice: Days) -> Flags:
    return among(state, (PlotState.RELEASED,)) & ~np.isnat(notice)


@validity(None, only=_taken_back)
def notice_ran_out(notice: Days, released: Days, overdue_notice_days: Numbers) -> Flags:
    """A plot is taken back after the public notice has run in full; the day of the notice is not counted."""
    return np.asarray((notice + overdue_notice_days.astype("timedelta64[D]")) < released)


TERM_RULES = (
    term_ends_after_its_years, terms_do_not_overlap, term_is_within_the_limit, lease_is_within_the_code,
    fee_is_within_the_limit, fee_runs_forward, ended_term_is_dealt_with, fee_is_paid, notice_ran_out,
)  # fmt: skip
