"""What plots keep to (墓位核验规则): who holds one, how much ground it takes, and on which paper.

Limits are those of the plot's own day: the day on which it was taken, else that on which it was finished. A limit that
no source read gives is not passed in silence: `rules_of_its_day_are_known` hands such plots to a person.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civaffairs.law.citation import document
from civaffairs.registers.cemeteries.approval import LAST, LAW, CemeteryKind
from civaffairs.registers.cemeteries.limits import PARAMETERS, Holds, area_limits, limits_by_day
from civaffairs.registers.cemeteries.plot_states import LAID_TO_REST, TAKEN, PlotState, among
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.cemeteries.term_rules import TERM_RULES
from civaffairs.registers.fields import NOT_STATED, Codes, Days, Flags, Numbers, Texts
from civaffairs.registers.validity import Severity, validity
from civaffairs.registers.view import View

EXPLANATION = document("cemetery-explanation-1998").section("四")
_NEW_LAW_FROM = np.datetime64(LAST) + 1


def own_days(state: Codes, taken: Days, built: Days, on: np.datetime64) -> Days:
    """The day whose limits a plot keeps to: taken, else finished; before it is finished, the day asked about."""
    unbuilt = among(state, (PlotState.PLANNED, PlotState.BUILDING))
    return np.where(np.isnat(taken), np.where(unbuilt, on, built), taken)


def _rows(names: Texts, view: View[object]) -> tuple[NDArray[np.intp], Flags]:
    """The row of each named record in a view beside, and whether there is one."""
    keys = np.array(list(view), np.str_)
    if not len(keys):
        return np.zeros(len(names), np.intp), np.zeros(len(names), np.bool_)
    order = np.argsort(keys)
    at = order[np.minimum(np.searchsorted(keys, names, sorter=order), len(keys) - 1)]
    return at, np.asarray(keys[at] == names)


def _taken(state: Codes) -> Flags:
    return among(state, TAKEN)


def _laid_to_rest(state: Codes) -> Flags:
    return among(state, LAID_TO_REST)


def _on_ground(style: Codes) -> Flags:
    return np.asarray((style != BurialStyle.NICHE.number) & (style != BurialStyle.SEA_SCATTERING.number))


# Who and how many.


@validity(None, Severity.INVARIANT, judges_missing=["holder"])
def held_while_taken(state: Codes, holder: Texts) -> Flags:
    """A plot has a holder exactly while it is reserved, occupied or not yet taken back."""
    return np.asarray(_taken(state) == (holder != ""))


@validity(None, Severity.INVARIANT, judges_missing=["occupants"])
def somebody_lies_in_it(state: Codes, occupants: Numbers) -> Flags:
    """Somebody lies in a plot exactly while it is occupied or not yet taken back."""
    return np.asarray(_laid_to_rest(state) == (occupants >= 1))


@validity(None, Severity.INVARIANT, only=_laid_to_rest)
def occupants_have_room(occupants: Numbers, persons: Numbers) -> Flags:
    """No more lie in a plot than it is laid out for."""
    return np.asarray(occupants <= persons)


@validity(None, Severity.INVARIANT, judges_missing=["taken"])
def cemetery_has_room(state: Codes, cemetery: Texts, taken: Days, cemeteries: View[object]) -> Flags:
    """A cemetery has no more occupied plots than it is planned for; those taken last are told."""
    at, found = _rows(cemetery, cemeteries)
    held = np.flatnonzero(found & _laid_to_rest(state))
    capacity = cemeteries.columns("capacity")["capacity"]
    counts = np.bincount(at[held], minlength=len(capacity))
    right = np.ones(len(state), np.bool_)
    for full in np.flatnonzero((capacity != NOT_STATED) & (counts > capacity)).tolist():
        rows = held[at[held] == full]
        day = np.where(np.isnat(taken[rows]), np.iinfo(np.int64).min, taken[rows].astype(np.int64))
        right[rows[np.argsort(day, kind="stable")][int(capacity[full]) :]] = False
    return right


@validity(None, Severity.INVARIANT)
def section_is_of_the_cemetery(cemetery: Texts, section: Texts, sections: View[object]) -> Flags:
    """The section of a plot belongs to its cemetery."""
    at, found = _rows(section, sections)
    of = sections.columns("cemetery")["cemetery"]
    return np.asarray(~found | (of[at] == cemetery) if len(of) else ~found)


@validity(None, Severity.INVARIANT)
def style_is_of_the_section(style: Codes, section: Texts, sections: View[object]) -> Flags:
    """The style of a plot is one of those of its section."""
    at, found = _rows(section, sections)
    words = [set(row.split(";")) for row in sections.columns("styles")["styles"].tolist()]
    table = np.array([[str(member.value) in row for member in BurialStyle] for row in words], np.bool_)
    return np.asarray(~found | table[at, style] if len(table) else ~found)


# Ground.


def _niche(style: Codes) -> Flags:
    return np.asarray(style == BurialStyle.NICHE.number)


@validity(None, Severity.INVARIANT, only=_niche, judges_missing=["area_cm2"])
def niche_takes_no_ground(area_cm2: Numbers) -> Flags:
    """A niche stands in a building and takes no ground of its own."""
    return np.asarray(area_cm2 == NOT_STATED)


@validity(EXPLANATION, only=_on_ground, judges_missing=["taken", "built"])
def ground_is_within_the_limit(
    state: Codes, place: Texts, holds: Codes, persons: Numbers, area_cm2: Numbers, taken: Days, built: Days,
    on: np.datetime64,
) -> Flags:  # fmt: skip
    """A plot takes no more ground than the limit of its own day for what it holds and for how many."""
    limit = area_limits(holds, persons, own_days(state, taken, built, on), place).values
    return np.asarray((limit == NOT_STATED) | (area_cm2 <= limit))


def _ashes_on_ground(style: Codes, holds: Codes) -> Flags:
    return np.asarray(_on_ground(style) & (holds == Holds.ASHES.number))


def _bodies_on_ground(style: Codes, holds: Codes) -> Flags:
    return np.asarray(_on_ground(style) & (holds == Holds.BODIES.number))


@validity(LAW[19], only=_ashes_on_ground)
def ground_for_ashes_is_within_the_region_s_limit(area_cm2: Numbers, regional_ash_area: Numbers) -> Flags:
    """A plot of ashes takes no more ground than the region allows."""
    return np.asarray(area_cm2 <= regional_ash_area)


@validity(LAW[19], only=_bodies_on_ground)
def ground_for_bodies_is_within_the_region_s_limit(area_cm2: Numbers, regional_body_area: Numbers) -> Flags:
    """A plot of bodies takes no more ground than the region allows."""
    return np.asarray(area_cm2 <= regional_body_area)


# Holder and paper.


def _ashes_laid_to_rest(state: Codes, holds: Codes) -> Flags:
    return np.asarray(_laid_to_rest(state) & (holds == Holds.ASHES.number))


@validity(None, only=_ashes_laid_to_rest, judges_missing=["certificate"])
def ashes_come_with_a_certificate(certificate: Texts) -> Flags:
    """Ashes are laid to rest on a certificate of cremation."""
    return np.asarray(certificate != "")


def _sold_to_the_living(state: Codes, holds: Codes, certificate: Texts) -> Flags:
    reserved = among(state, (PlotState.RESERVED,)) & (holds == Holds.ASHES.number)
    return np.asarray(reserved & (certificate == ""))


@validity(None, only=_sold_to_the_living, judges_missing=["reserved_for"])
def sold_to_the_living_where_allowed(reserved_for: Codes, reserved_sale: Texts) -> Flags:
    """A plot is sold without a certificate of cremation only where the place allows it, and in a case that it names."""
    return np.asarray((reserved_sale == "on_named_grounds") & (reserved_for >= 0))


def _villagers_ground(state: Codes, cemetery: Texts, taken: Days, cemeteries: View[object]) -> Flags:
    """Taken in a ground for villagers of a village that is stated, while the regulation that says so was in force."""
    at, found = _rows(cemetery, cemeteries)
    told = cemeteries.columns("kind", "village")
    rural = (told["kind"] == CemeteryKind.RURAL_PUBLIC.number) & (told["village"] != "")
    when = np.isnat(taken) | (taken < _NEW_LAW_FROM)
    return np.asarray(found & rural[at] & _taken(state) & when) if len(rural) else found


@validity(LAW.article(9, paragraph=2), only=_villagers_ground)
def holder_is_of_the_village(cemetery: Texts, holder_village: Texts, cemeteries: View[object]) -> Flags:
    """A ground for villagers gives no plot to anybody else."""
    at, found = _rows(cemetery, cemeteries)
    villages = cemeteries.columns("village")["village"]
    return np.asarray(found & (villages[at] == holder_village)) if len(villages) else found


# Where no ashes stay.


def _nothing_stays(style: Codes, section: Texts, sections: View[object]) -> Flags:
    """The section says that no ashes stay; where it says nothing, what is known of the style counts."""
    of_style = np.array([style.retains_ashes is False for style in BurialStyle], np.bool_)[style]
    at, found = _rows(section, sections)
    said = sections.columns("retains_ashes")["retains_ashes"]
    if not len(said):
        return np.asarray(of_style)
    of_section = np.where(found, said[at], NOT_STATED)
    return np.where(of_section == NOT_STATED, of_style, of_section == 0)


@validity(None, Severity.INVARIANT, only=_nothing_stays, judges_missing=["term_start", "term_years", "term_end"])
def no_term_where_no_ashes_stay(term_start: Days, term_years: Numbers, term_end: Days) -> Flags:
    """Where no ashes stay, a plot has no term of use."""
    return np.asarray(np.isnat(term_start) & (term_years == NOT_STATED) & np.isnat(term_end))


@validity(None, only=_nothing_stays, judges_missing=["marker"])
def no_marker_where_no_ashes_stay(marker: Codes) -> Flags:
    """Where no ashes stay, no marker tells who lies there."""
    return np.asarray(marker != 1)


# What nobody published that was read.


_JUDGED = ("area_cm2", "taken", "built", "term_start", "fee_from", "persons", "holds")


@validity(None, Severity.REVIEW, judges_missing=_JUDGED)
def rules_of_its_day_are_known(
    state: Codes, place: Texts, style: Codes, holds: Codes, persons: Numbers, area_cm2: Numbers, taken: Days,
    built: Days, term_start: Days, fee_from: Days, on: np.datetime64,
) -> Flags:  # fmt: skip
    """What rules a plot, its term and its fee is in a text that was read, for the days that settled them."""
    grounded = _on_ground(style) & (area_cm2 != NOT_STATED)
    known = taken < _NEW_LAW_FROM
    known |= np.isnat(taken)
    limit = area_limits(holds, persons, own_days(state, taken, built, on), place)
    known &= ~grounded | limit.known
    for name, day in (("term_years", term_start), ("fee_years", fee_from)):
        known &= np.isnat(day) | limits_by_day(PARAMETERS[name], day, place).known
    return np.asarray(known)


PLOT_RULES = (
    held_while_taken, somebody_lies_in_it, occupants_have_room, cemetery_has_room, section_is_of_the_cemetery,
    style_is_of_the_section, niche_takes_no_ground, ground_is_within_the_limit,
    ground_for_ashes_is_within_the_region_s_limit, ground_for_bodies_is_within_the_region_s_limit,
    *TERM_RULES,
    ashes_come_with_a_certificate, sold_to_the_living_where_allowed, holder_is_of_the_village,
    no_term_where_no_ashes_stay, no_marker_where_no_ashes_stay, rules_of_its_day_are_known,
)  # fmt: skip
