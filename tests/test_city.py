"""The synthetic city: so many of 80 and over, one seed one city, parts in any order, one visible file."""

from __future__ import annotations

from importlib.resources import files
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import civaffairs as ca
from civaffairs.calendar import AgeAttained, LeapDay, ages_on, cutoff, days
from civaffairs.law.places import county_divisions
from civaffairs.people.columns import Kind
from civaffairs.people.household import COLUMNS, Area
from civaffairs.people.person import Relation
from civaffairs.people.population import Population
from civaffairs.people.records import households_of
from civaffairs.research.city import City, city
from civaffairs.research.city_marginals import PARTS, Generation, Standing, load_marginals, shipped_marginals
from civaffairs.research.synthetic import synthetic_population

TEXT = files("civaffairs.research").joinpath("city.toml").read_text("utf-8")
DAY = shipped_marginals().reference_day


def ages(people: Population) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return ages_on(people.person["birth_date"], DAY, AgeAttained.BIRTHDAY, LeapDay.FEB_28)


def of_80(people: Population) -> int:
    last = days(cutoff(DAY, 80, AgeAttained.BIRTHDAY, LeapDay.FEB_28))
    return int(np.count_nonzero(people.person["birth_date"] <= last))


def same(one: Population, other: Population) -> bool:
    tables = ((one.person, other.person), (one.household, other.household))
    return all(a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a) for a, b in tables)


def rate(marked: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    return round(int(np.count_nonzero(marked)) * PARTS / len(marked))


# --- how many ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persons", "wanted"), [(9_000_000, 188_000), (1_000_000, 20_889), (9_000, 188), (24, 1), (23, 0), (1, 0)]
)
def test_the_published_number_in_proportion_is_rounded_half_up(persons: int, wanted: int) -> None:
    assert city(persons, seed=1).oldest == wanted


@settings(max_examples=60, deadline=None)
@given(persons=st.integers(1, 4_000), seed=st.integers(0, 2**40), a_part=st.integers(200, 1_500))
def test_every_part_has_exactly_its_persons_of_80_and_over(persons: int, seed: int, a_part: int) -> None:
    town = city(persons, seed, persons_a_part=a_part)
    parts = list(town.parts())
    assert [part.persons for part in parts[:-1]] == [a_part] * (len(town) - 1)
    assert sum(part.persons for part in parts) == persons
    assert [of_80(part) for part in parts] == [town.oldest_in(number) for number in range(len(town))]
    assert sum(of_80(part) for part in parts) == town.oldest


def test_the_parts_of_a_full_city_come_to_the_published_number() -> None:
    town = city(9_000_000, seed=3)
    dues = [town.oldest_in(number) for number in range(len(town))]
    assert sum(dues) == 188_000
    assert max(dues) - min(dues) <= 1


# --- the same persons ----------------------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_city_and_another_does_not() -> None:
    assert same(city(3_000, seed=5).population(), city(3_000, seed=5).population())
    assert not same(city(3_000, seed=5).population(), city(3_000, seed=6).population())


def test_a_part_is_the_same_in_whatever_order_parts_are_made() -> None:
    town = city(4_000, seed=5, persons_a_part=1_000)
    backwards = [town.part(number) for number in (3, 1, 2, 0)]
    assert all(same(part, backwards[(3, 1, 2, 0).index(number)]) for number, part in enumerate(town.parts()))


def test_parts_joined_are_the_city() -> None:
    town = city(2_500, seed=5, persons_a_part=1_000)
    whole, parts = town.population(), list(town.parts())
    for name in whole.person:
        assert np.array_equal(whole.person[name], np.concatenate([part.person[name] for part in parts])), name
    for name in whole.household:
        assert np.array_equal(whole.household[name], np.concatenate([part.household[name] for part in parts])), name
    results = [ca.assess(part, on=DAY) for part in parts]
    assert dict(results[0].totals + results[1].totals + results[2].totals) == dict(ca.assess(whole, on=DAY).totals)


def test_no_two_persons_or_homes_have_one_key() -> None:
    whole = city(5_000, seed=5, persons_a_part=700).population()
    assert len(set(whole.person["person_id"].tolist())) == whole.persons
    assert len(set(whole.household["household_id"].tolist())) == whole.households


def test_parts_are_made_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    draw = City.part

    def noted(town: City, number: int) -> Population:
        made.append(number)
        return draw(town, number)

    monkeypatch.setattr(City, "part", noted)
    town = city(9_000_000, seed=1, persons_a_part=500)
    parts = town.parts()
    assert made == []
    assert [part.persons for part in islice(parts, 3)] == [500] * 3
    assert made == [0, 1, 2]


@pytest.mark.parametrize(("persons", "seed"), [(0, 1), (10**8, 1), (10, -1), ("many", 1), (1.5, 1)])
def test_what_no_city_has_is_refused(persons: int, seed: int) -> None:
    with pytest.raises(ca.UsageError):
        city(persons, seed)


def test_there_is_no_part_beyond_the_last() -> None:
    with pytest.raises(ca.UsageError, match="counted from 0"):
        city(10, seed=1).part(1)


# --- what they are like --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def people() -> Population:
    return city(200_000, seed=11).population()


def test_every_division_and_both_areas_are_there_in_their_shares(people: Population) -> None:
    given, place = shipped_marginals(), people.household["place"]
    assert {f"{code}" for code in np.unique(place)} == {division.code for division in county_divisions()}
    for division in given.divisions:
        inside = place == int(division.place)
        assert abs(rate(inside) - division.share) < 60
        assert abs(rate(people.household["area"][inside] == Area.URBAN.number) - division.urban) < 300


def test_shares_of_ages_and_rates_come_near_what_is_given(people: Population) -> None:
    given, years = shipped_marginals(), ages(people)
    for bands in (given.ages_of_the_young, given.ages_of_adults, given.ages_of_elders):
        within = (years >= bands[0].low) & (years <= bands[-1].high)
        for band in bands:
            assert abs(rate(years[within] <= band.high) - sum(b.share for b in bands if b.high <= band.high)) < 120
    elders = years >= 60
    assert abs(rate(people.person["disability_kind"][elders] > 0) - given.disabled_elders) < 80
    assert abs(rate(people.household["assets_within_limits"]) - given.assets_within_dibao_limits) < 100


def test_generations_of_one_home_fit_each_other(people: Population) -> None:
    years = ages(people).astype(int)
    gap = years - years[people.starts][people.index]
    relation = people.person["relation"]
    assert (gap[relation == Relation.CHILD.number] <= -15).all()
    assert (gap[relation == Relation.PARENT.number] >= 15).all()
    assert (np.abs(gap[relation == Relation.SPOUSE.number]) < 25).all()
    assert (years[relation == Relation.SPOUSE.number] >= 18).all()
    lone_child = (years < 18) & (people.sizes == 1)[people.index]
    assert (people.person["placement"][lone_child] == ca.Placement.INSTITUTION.number).all()


def test_every_column_is_answered_or_left_out_never_answered_by_the_first_word(people: Population) -> None:
    for column in COLUMNS.values():
        values = people.column(column.name)
        if values is None:
            unanswerable = column.kind in (Kind.NUMBER, Kind.PLACE, Kind.DATE)
            words = column.choices is not None and next(iter(column.choices)).value != "none"
            assert unanswerable or words, column.name
        elif column.kind is Kind.COUNT:
            assert column.low <= int(values.min()) <= int(values.max()) <= column.high, column.name
    assert people.column("benefit_choice") is None


def test_a_city_written_to_a_file_is_read_back_to_the_fen(tmp_path: Path) -> None:
    town = city(3_000, seed=8, persons_a_part=1_000)
    whole = ca.assess(town.population(), on=DAY)
    for ending in ("csv", "parquet"):
        town.write(tmp_path / f"city.{ending}")
        back = ca.assess(tmp_path / f"city.{ending}", on=DAY)
        assert (back.rows_in, back.rows_set_aside) == (3_000, 0)
        assert dict(back.totals) == dict(whole.totals)
        assert households_of(back.population)[:20] == households_of(whole.population)[:20]


def test_a_synthetic_population_is_a_city() -> None:
    assert same(synthetic_population(900, seed=4), city(900, seed=4).population())


# --- the one visible file ------------------------------------------------------------------------------------------


def test_one_number_is_published_and_every_other_says_why_it_is_assumed() -> None:
    given = shipped_marginals()
    published = [name for name, origin in given.origins.items() if origin.standing is Standing.PUBLISHED]
    assert published == ["persons_of_80_and_over"]
    assert all(given.origins[name].why for name in given.assumed)
    assert str(given).count("assumed") >= len(given.assumed)
    assert "<table>" in given._repr_html_()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[tekun]\nvalue = 30", "[tekun]\nvalue = 30_000", "'value' is 30,000; it lies between 0 and 10,000"),
        ("[tekun]\nvalue = 30", "[tekun]\nvalue = 0.3", "'value' is 0.3; write a whole number"),
        ("[tekun]", "[tekum]", "nothing is called 'tekum' here; did you mean 'tekun'?"),
        ("[tekun]", "[tekum]", "[tekun] is missing"),
        ('place = "450102"', 'place = "450112"', "is no division of today at county level; did you mean"),
        ('place = "450102"', 'place = "450103"', "'450103' is there twice"),
        ("share = 1_300, urban = 9_500", "share = 1_301, urban = 9_500", "adds up to 10,001; it must be 10,000"),
        ('"adult spouse"', '"adult spouze"', "no role is called 'spouze'; did you mean 'spouse'?"),
        ('"adult spouse"', '"spouse adult"', "the first member, and no other, is the applicant"),
        ("from = 65, to = 69", "from = 64, to = 69", "begins at 64, but the band before it goes to 64"),
        ("from = 75, to = 79", "from = 75, to = 80", "is no band between 60 and 79"),
        ('kind = "visual"', 'kind = "visuel"', "did you mean 'visual'?"),
        ('cite = "nanning-report"', 'cite = "naning-report"', "did you mean 'nanning-report'?"),
        ('standing = "published"\ncite', 'standing = "assumed"\ncite', "an assumed value has no 'cite'"),
        ("[tekun]\nvalue = 30\nstanding", "[tekun]\nvalue = 30\ncolour = 1\nstanding", "nothing is called 'colour'"),
        ("[population]\nvalue = 9_000_000", "[population]\nvalue = 90_000", "above [population], which is 90,000"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(old: str, new: str, told: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    with pytest.raises(ca.LoadError) as refused:
        load_marginals(text)
    faults = [line for line in str(refused.value).splitlines()[1:] if told in line]
    assert faults, str(refused.value)
    line = int(faults[0].split(":")[1])
    nearest = text[: text.index(new)].count("\n") + 1
    assert line == 1 or abs(line - nearest) <= 12 or "is missing" in told or "above" in told


def test_the_line_of_a_row_is_that_row_s() -> None:
    text = TEXT.replace("from = 75, to = 79", "from = 79, to = 75")
    wanted = text[: text.index("from = 79, to = 75")].count("\n") + 1
    with pytest.raises(ca.LoadError, match=f"<text>:{wanted}: "):
        load_marginals(text)


@pytest.mark.parametrize("name", shipped_marginals().assumed)
def test_an_assumed_number_without_a_reason_is_refused(name: str) -> None:
    start = TEXT.index(f"[{name}]")
    why = TEXT.index("why = ", start)
    with pytest.raises(ca.LoadError, match="'why' is missing"):
        load_marginals(TEXT[:why] + TEXT[TEXT.index("\n", why) :])


def test_other_marginals_make_another_city() -> None:
    all_ill = load_marginals(TEXT.replace("[serious_illness]\nvalue = 80", "[serious_illness]\nvalue = 10_000"))
    assert city(500, seed=1, marginals=all_ill).population().person["serious_illness_recognised"].all()


def test_homes_without_adults_cannot_hold_the_old() -> None:
    start, end = TEXT.index("[homes]\nvalue = ["), TEXT.index("]\nstanding", TEXT.index("[homes]\nvalue = ["))
    only_children = '[homes]\nvalue = [ { members = "resident_child", urban = 10_000, rural = 10_000 } '
    orphans = load_marginals(TEXT[:start] + only_children + TEXT[end:])
    with pytest.raises(ca.UsageError, match="80 and over"):
        city(500, seed=1, marginals=orphans).population()
    assert {Generation.YOUNG} == {role.generation for home in orphans.homes for role in home.members}
