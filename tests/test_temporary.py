"""Temporary assistance: who gets it, up to how much, and from which day the help has to come first."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from cases import FOLDER, persona, stated
from with_library import answers, record, rulebook, work_out

from civaffairs.law.timeline import DeclaredUnknown
from civaffairs.people.household import Household
from civaffairs.people.records import sound_population_of
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK, SCHEMES
from civaffairs.schemes.temporary import PARAMETERS, RULES

PERSONAS = tomllib.loads((FOLDER / "personas.toml").read_text("utf-8"))
SUPPORTED = {"no_able_obligor": False}
"""Of everybody here: somebody is bound by law to support them, so that extreme hardship is out of the question."""
ON, OLD = date(2026, 8, 1), date(2026, 6, 30)
CITY_INCOME = 4_000_000
OCCASION = {"temporary_cap_basis": "occasion", "temporary_cap_times": 6, "temporary_grave_cap_times": 12}
MONTH = {"temporary_cap_basis": "month", "temporary_cap_times": 1, "temporary_most_months": 3}
BOOK = rulebook({**OCCASION, "small_help_ceiling": 200_000, "local_disposable_income": CITY_INCOME})
SUDDEN: dict[str, Any] = {
    "hardship_kind": "sudden",
    "emergency_place": "450102",
    "hardship_persons": 3,
    "grave_hardship": False,
}
SPENDING: dict[str, Any] = SUDDEN | {
    "hardship_kind": "spending",
    "disposable_income": "10000",
    "temporary_assets_within_limits": True,
}


def family(*wages: str, key: str = "H1", tekun: bool = False, **household: Any) -> Household:  # noqa: ANN401
    """A family of as many persons as wages; the first applies. Money in yuan."""
    people = [
        stated(
            {"person_id": f"{key}-{k}"}
            | persona("spouse" if k else "adult", PERSONAS)
            | SUPPORTED
            | {"wage_income": wage}
        )
        for k, wage in enumerate(wages)
    ]
    if tekun:
        people[-1] |= {"recorded_tekun": True, "recorded_tekun_amount": 100_000}
    facts = {"household_id": key} | PERSONAS["household"] | household
    return record(stated({name: fact for name, fact in facts.items() if fact is not None}), people)


def told(homes: Sequence[Household], on: date, *names: str, book: Rulebook = BOOK) -> list[list[Any]]:
    """Answers of some rules, one list a rule, one answer a household; a word where one is not known."""
    run = work_out(book, sound_population_of(homes), on, names)
    return [answers(run, name) for name in names]


def each(values: Sequence[Any], name: str, facts: dict[str, Any], *wages: str) -> list[Household]:
    """Families that differ in one fact."""
    return [family(*(wages or ("3000",)), key=f"H{k}", **(facts | {name: value})) for k, value in enumerate(values)]


# --- who --------------------------------------------------------------------------------------------------------------


def test_the_kind_of_hardship_opens_one_route_each() -> None:
    homes = each(["none", "sudden", "spending"], "hardship_kind", SPENDING)
    names = ("temporary_sudden", "temporary_spending_route", "temporary_eligible")
    expected = [[False, True, False], [False, False, True], [False, True, True]]
    assert told(homes, ON, *names) == told(homes, OLD, *names) == expected


def test_sudden_hardship_asks_for_no_means_and_no_hukou() -> None:
    home = family("99999", **SUDDEN | {"temporary_assets_within_limits": None})
    stranger = attrs.evolve(home, members=[attrs.evolve(home.members[0], hukou_place="440106")])
    assert told([stranger], ON, "temporary_eligible", book=RULEBOOK) == [[True]]


def test_disposable_income_is_strictly_below() -> None:
    line = CITY_INCOME * 2
    homes = each([f"{(line + by) / 100:.2f}" for by in (-1, 0, 1)], "disposable_income", SPENDING, "3000", "0")
    assert told(homes, ON, "disposable_income_met", "temporary_eligible") == [[True, False, False]] * 2


def test_assets_are_asked_of_who_was_not_tested_before() -> None:
    homes = each([True, False, None], "temporary_assets_within_limits", SPENDING)
    assert told(homes, ON, "temporary_eligible") == [[True, False, "unknown"]]


def test_of_a_family_on_dibao_only_the_spending_is_looked_at() -> None:
    bare = SPENDING | {"disposable_income": None, "temporary_assets_within_limits": None}
    homes = [family(wage, key=wage, **bare) for wage in ("809.99", "810.00")]
    assert told(homes, ON, "dibao_eligible", "temporary_eligible") == [[True, False], [True, "unknown"]]
    refused = family("100", **bare | {"temporary_assets_within_limits": False, "assets_within_limits": False})
    assert told([refused], ON, "temporary_eligible") == [[False]]


def test_of_a_family_with_a_member_in_extreme_hardship_as_well() -> None:
    rich = SPENDING | {"disposable_income": "99999999", "temporary_assets_within_limits": False}
    homes = [family("9000", "0", key=f"H{tekun}", tekun=tekun, **rich) for tekun in (False, True)]
    assert told(homes, ON, "temporary_eligible") == [[False, True]]


def test_the_place_s_income_is_needed_only_where_means_are_tested() -> None:
    homes = each(["none", "sudden", "spending"], "hardship_kind", SPENDING)
    assert told(homes, ON, "temporary_eligible", book=RULEBOOK) == [[False, True, "unknown"]]


# --- how much ---------------------------------------------------------------------------------------------------------


def test_the_limit_by_the_occasion() -> None:
    """Zhejiang's six and twelve standards a person, at Nanning's 810: assumed, not Nanning's."""
    homes = each([False, True, None], "grave_hardship", SUDDEN)
    assert told(homes, ON, "temporary_cap") == [[1_458_000, 2_916_000, "unknown"]]


def test_the_limit_by_the_month() -> None:
    """Shanghai's one standard a person a month for three months at most, at Nanning's 810: assumed."""
    homes = each([1, 2, 3, 4, 12, None], "help_months", SUDDEN)
    expected = [243_000, 486_000, 729_000, 729_000, 729_000, "unknown"]
    assert told(homes, ON, "temporary_cap", book=rulebook(MONTH)) == [expected]
    # By the occasion the months are not asked.
    assert told(homes, ON, "temporary_cap") == [[1_458_000] * 6]


def test_each_person_helped_counts_once() -> None:
    homes = each([1, 2, 300], "hardship_persons", SUDDEN)
    assert told(homes, ON, "temporary_cap") == [[486_000, 972_000, 145_800_000]]


def test_a_yearly_standard_is_divided_once_at_the_end() -> None:
    homes = each([1, 2, 3], "hardship_persons", SUDDEN | {"area": "rural", "help_months": 1})
    assert told(homes, ON, "temporary_cap", book=rulebook(MONTH)) == [[56_667, 113_333, 170_000]]


def test_what_is_proposed_is_given_up_to_the_limit_and_to_nobody_else() -> None:
    proposed = ["14579.99", "14580.00", "14580.01", "0"]
    homes = each(proposed, "proposed_help", SUDDEN)
    assert told(homes, ON, "temporary_help") == [[1_457_999, 1_458_000, 1_458_000, 0]]
    homes = each(proposed, "proposed_help", SUDDEN | {"hardship_kind": "none"})
    assert told(homes, ON, "temporary_help", book=RULEBOOK) == [[0, 0, 0, 0]]


def test_the_standard_is_that_of_the_place_of_the_emergency() -> None:
    there = BOOK.with_parameter(
        RULEBOOK.parameters["urban_standard"], 100_000, place="450123", since=date(2021, 7, 1), why="another county"
    )
    homes = each(["450102", "450123", "440106", None], "emergency_place", SUDDEN)
    expected = [1_458_000, 1_800_000, "unknown", "unknown"]
    assert told(homes, ON, "temporary_cap", book=there) == [expected]
    # What is paid by the household's own place stays as it was.
    assert told(homes, ON, "standard", book=there) == [[81_000 * 27_720] * 4]


def test_no_amount_is_taken_for_nanning_that_nobody_published() -> None:
    homes = each([False, True], "grave_hardship", SUDDEN | {"proposed_help": "500"})
    assert told(homes, ON, "temporary_cap", "temporary_help", book=RULEBOOK) == [["unknown"] * 2] * 2
    for parameter in PARAMETERS.values():
        assert parameter.by == "emergency_place"
        assert not parameter.rows
        with pytest.raises(DeclaredUnknown) as unknown:
            parameter.at("450103", ON)
        assert unknown.value.where_to_look


# --- what comes first -------------------------------------------------------------------------------------------------


def test_a_small_sum_includes_the_ceiling() -> None:
    sums = ["1999.99", "2000.00", "2000.01"]
    homes = each(sums, "proposed_help", SUDDEN | {"urgent": True})
    assert told(homes, ON, "help_is_small", "must_help_first") == [[True, True, False]] * 2
    assert told(homes, ON, "may_help_first") == [[True] * 3]
    calm = each(sums, "proposed_help", SUDDEN | {"urgent": False})
    assert told(calm, ON, "must_help_first", "may_help_first") == [[False] * 3] * 2


def test_hardship_by_spending_keeps_to_the_steps_until_the_act() -> None:
    urgent = SPENDING | {"urgent": True, "proposed_help": "1500"}
    assert told([family("3000", **urgent)], OLD, "temporary_eligible", "may_help_first") == [[True], [False]]
    assert told([family("3000", **urgent)], ON, "may_help_first", "must_help_first") == [[True], [True]]
    large = urgent | {"proposed_help": "2000.01"}
    assert told([family("3000", **large)], ON, "may_help_first", "must_help_first") == [[False], [False]]
    # The means are looked at afterwards.
    rich = urgent | {"disposable_income": "999999"}
    assert told([family("3000", **rich)], ON, "temporary_eligible", "must_help_first") == [[False], [True]]
    nothing = urgent | {"hardship_kind": "none"}
    assert told([family("3000", **nothing)], ON, "may_help_first", "must_help_first") == [[False], [False]]


def test_the_duty_begins_with_the_act() -> None:
    first = date(2026, 7, 1)
    home = [family("3000", **SUDDEN, urgent=True, proposed_help="1500")]
    for by in (-30, -1, 0, 1, 40):
        on = first + timedelta(days=by)
        found = told(home, on, "must_help_first", "apply_where_it_happened", "may_help_first")
        assert found == [[by >= 0], [by >= 0], [True]], on


def test_under_the_measures_it_is_known_that_nobody_has_to() -> None:
    assert told([family("3000")], OLD, "must_help_first", book=RULEBOOK) == [[False]]
    urgent = family("3000", **SUDDEN, urgent=True, proposed_help="1")
    assert told([urgent], ON, "must_help_first", book=RULEBOOK) == [["unknown"]]
    too_much = each(["2000.01"], "proposed_help", SUDDEN)
    assert told(too_much, ON, "must_help_first") == [[False]], "too much is a no, urgent or not"


def test_the_scheme_pays_nothing_by_the_month() -> None:
    (scheme,) = (scheme for scheme in SCHEMES if scheme.name == "temporary")
    assert (scheme.amount, scheme.payable, scheme.place) == (None, None, "emergency_place")
    assert {rule.name for rule in scheme.keep} >= {"temporary_cap", "temporary_help", "must_help_first"}
    assert len({(rule.name, rule.since) for rule in RULES}) == len(RULES)


def test_dibao_is_the_same_beside_it() -> None:
    homes = [family("0", key=kind, **SPENDING | {"hardship_kind": kind}) for kind in ("none", "sudden", "spending")]
    assert told(homes, ON, "dibao_amount") == [[81_000] * 3]
