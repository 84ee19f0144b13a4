"""Parameters: what is loaded, what is refused, and what is found where and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.errors import CivaffairsError, LoadError, UsageError
from civaffairs.law.citation import Document, DocumentKind, ReadFrom, document
from civaffairs.law.parameters import (
    ALL_CONVENTIONS,
    BeforeFirstValue,
    Convention,
    DeclaredUnknown,
    Found,
    InAttestedGap,
    KnownUncertain,
    NotPublished,
    NotYetKnown,
    NoValueHere,
    Parameter,
    Row,
    RowKind,
    Standing,
    load_parameters,
    merge,
)
from civaffairs.law.values import (
    Basis,
    DisabilityKind,
    NotAValue,
    Scale,
    Step,
    Unit,
    ValueKind,
    accept_value,
    read_value,
    value_text,
)

ONE_DAY = timedelta(days=1)
GUANGXI = "guangxi-disability-subsidies-2025"
COUNTY, CITY, REGION, NATION = "450102", "450100", "450000", "000000"

SCHEME = """\
checked = 2026-11-23

[urban_standard]
title = { en = "Urban minimum living standard", zh = "城市最低生活保障标准" }
unit = "fen/person/month"
rows = [
  { place = "450100", value = 62_000, attested = 1, cite = "nanning-report" },
  { place = "450100", value = 81_000, attested = 2, cite = "nanning-report" },
]

[edge_multiplier]
title = { en = "Edge line as a multiple of the standard", zh = "低保边缘倍数" }
unit = "ratio"
rows = [
  { place = "000000", from = 2021-07-01, until = 2027-06-30, value = "3/2", cite = "MEASURES", article = "8" },
]
unknown = [ { place = "450000", from = 2026-07-01, until = 2027-12-31, where_to_look = "the region's own rule" } ]

[subsidy]
title = { en = "Living subsidy", zh = "困难残疾人生活补贴" }
unit = "fen/person/month"
by = "hukou_place"
rows = [
  { place = "450100", value = 12_200, attested = 2, cite = "nanning-report" },
  { place = "450000", from = 2025-01-01, value = 9_000, kind = "floor", cite = "guangxi-disability-subsidies-2025" },
]

[method]
title = { en = "Payment method", zh = "发放方式" }
unit = "choice"
choices = ["difference", "tiers"]
rows = [ { place = "000000", from = 2014-05-01, value = "difference", cite = "INTERIM", article = "12" } ]
checked = 2026-01-01

[tiers]
title = { en = "Tier table", zh = "分档表" }
unit = "fen/person/month"
kind = "scale"
unknown = [ { place = "450100", where_to_look = "the city's notice on tiers" } ]
""".replace("MEASURES", "dibao-review-measures").replace("INTERIM", "social-assistance-measures")


@pytest.fixture(scope="module")
def scheme() -> dict[str, Parameter]:
    return load_parameters(SCHEME)


def days(first: date) -> list[date]:
    """The day before, the day and the day after."""
    return [first - ONE_DAY, first, first + ONE_DAY]


def values(parameter: Parameter, place: str, on: Iterable[date], known: date | None = None) -> list[object]:
    """Values, or the names of the reasons why there is none."""
    found: list[object] = []
    for day in on:
        try:
            found.append(parameter.at(place, day, known).value)
        except NotPublished as reason:
            found.append(type(reason).__name__)
    return found


def one(rows: str, unit: str = "fen/person/month", more: str = "") -> Parameter:
    """A single parameter with the given rows."""
    text = (
        f'checked = 2026-11-23\n[p]\ntitle = {{ en = "P", zh = "数" }}\nunit = "{unit}"\n{more}\nrows = [\n{rows}\n]\n'
    )
    return load_parameters(text)["p"]


def refused(text: str) -> str:
    with pytest.raises(LoadError) as refusal:
        load_parameters(text)
    return str(refusal.value)


# What a parameter is


def test_a_parameter_knows_what_it_is(scheme: dict[str, Parameter]) -> None:
    standard = scheme["urban_standard"]
    assert (standard.title_en, standard.title_zh) == ("Urban minimum living standard", "城市最低生活保障标准")
    assert (standard.unit, standard.kind, standard.by) == (Unit.FEN_PERSON_MONTH, ValueKind.MONEY, "place")
    assert scheme["subsidy"].by == "hukou_place"
    assert scheme["method"].choices == ("difference", "tiers")
    assert "fen/person/month, 2 rows" in repr(standard)


def test_the_checked_day_is_the_parameters_or_the_files(scheme: dict[str, Parameter]) -> None:
    assert [scheme["urban_standard"].stale(day) for day in days(date(2026, 11, 23))] == [False, False, True]
    assert scheme["method"].stale(date(2026, 1, 2))


def test_the_scheme_is_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "dibao.toml"
    path.write_text(SCHEME, "utf-8")
    loaded = load_parameters(path)
    assert loaded["method"].scheme == "dibao"
    assert loaded["urban_standard"].rows[1].where == "dibao.toml:8"


# Attested values


def test_the_first_attested_value_holds_on_the_first_day_described(scheme: dict[str, Parameter]) -> None:
    told = values(scheme["urban_standard"], CITY, days(date(2019, 1, 1)))
    assert told == ["BeforeFirstValue", 62_000, "InAttestedGap"]


def test_the_last_attested_value_holds_from_the_last_day_described(scheme: dict[str, Parameter]) -> None:
    told = values(scheme["urban_standard"], CITY, days(date(2024, 12, 31)))
    assert told == ["InAttestedGap", 81_000, 81_000]


def test_an_attested_value_names_its_conventions(scheme: dict[str, Parameter]) -> None:
    standard = scheme["urban_standard"]
    assert standard.at(CITY, date(2019, 1, 1)).conventions == ()
    assert standard.at(CITY, date(2024, 12, 31)).notes == ("dated by its latest event",)
    assert standard.at(CITY, date(2025, 1, 1)).notes == ("dated by its latest event", "carried forward")


def test_without_its_convention_an_attested_value_is_not_used(scheme: dict[str, Parameter]) -> None:
    standard = scheme["urban_standard"]
    dated_only = frozenset({Convention.DATED_BY_LATEST_EVENT})
    assert standard.at(CITY, date(2024, 12, 31), conventions=dated_only).value == 81_000
    with pytest.raises(InAttestedGap, match="convention 'carried forward', which is switched off"):
        standard.at(CITY, date(2025, 1, 1), conventions=dated_only)
    with pytest.raises(InAttestedGap, match="dated by its latest event"):
        standard.at(CITY, date(2024, 12, 31), conventions=ALL_CONVENTIONS - dated_only)
    assert standard.at(CITY, date(2019, 1, 1), conventions=frozenset()).value == 62_000


def test_the_gap_explains_itself(scheme: dict[str, Parameter]) -> None:
    with pytest.raises(InAttestedGap) as gap:
        scheme["urban_standard"].at(COUNTY, date(2021, 5, 4))
    told = str(gap.value)
    for part in (
        "620.00 yuan/person/month → 810.00",
        "between 2019-01-01 and 2024-12-31",
        "2021-05-04",
        "urban_standard",
    ):
        assert part in told
    assert "2019-01-01至2024-12-31之间无法确定2021-05-04" in gap.value.reason_zh
    assert "《南宁市民政局工作报告》" in gap.value.reason_zh
    assert gap.value.where_to_look


def test_a_later_value_alone_says_nothing_of_the_first_day(scheme: dict[str, Parameter]) -> None:
    subsidy = scheme["subsidy"]
    assert values(subsidy, CITY, [date(2019, 1, 1), date(2024, 12, 30), date(2024, 12, 31)]) == [
        "InAttestedGap", "InAttestedGap", 12_200,
    ]  # fmt: skip
    with pytest.raises(InAttestedGap, match="the earlier value is not published"):
        subsidy.at(CITY, date(2019, 1, 1))


ATTESTED = """
  { place = "450100", value = 62_000, attested = 1, cite = "nanning-report" },
  { place = "450100", value = 81_000, attested = 2, cite = "nanning-report" },
"""


def dated(since: str, value: int, until: str = "") -> str:
    ends = f", until = {until}" if until else ""
    return f'  {{ place = "450100", value = {value}, from = {since}{ends}, cite = "{GUANGXI}" }},\n'


def test_a_dated_row_later_than_the_attested_supersedes_from_its_day() -> None:
    told = values(one(ATTESTED + dated("2026-07-01", 90_000)), CITY, days(date(2026, 7, 1)))
    assert told == [81_000, 90_000, 90_000]


def test_a_dated_row_inside_the_span_closes_the_gap_from_its_day() -> None:
    parameter = one(ATTESTED + dated("2022-04-01", 81_000))
    assert values(parameter, CITY, days(date(2022, 4, 1))) == ["InAttestedGap", 81_000, 81_000]
    later = parameter.at(CITY, date(2026, 1, 1))
    assert (later.value, later.conventions) == (81_000, ()), "it dates the very value attested: no convention is needed"


def test_an_intermediate_dated_value_gives_way_to_the_last_attested() -> None:
    told = values(one(ATTESTED + dated("2022-04-01", 70_000)), CITY, days(date(2024, 12, 31)))
    assert told == [70_000, 81_000, 81_000]


def test_a_dated_row_before_the_span_does_not_reach_into_it() -> None:
    parameter = one(ATTESTED + dated("2015-01-01", 50_000))
    told = values(parameter, CITY, days(date(2019, 1, 1)))
    assert told == [50_000, 62_000, "InAttestedGap"]
    assert values(parameter, CITY, [date(2014, 12, 31)]) == ["BeforeFirstValue"]


def test_a_dated_row_that_begins_on_the_last_day_described_wins() -> None:
    told = values(one(ATTESTED + dated("2024-12-31", 90_000)), CITY, days(date(2024, 12, 31)))
    assert told == ["InAttestedGap", 90_000, 90_000]


def test_an_attested_value_outlives_a_dated_row_of_the_same_value() -> None:
    parameter = one(ATTESTED + dated("2022-04-01", 81_000, "2025-12-31"))
    assert parameter.at(CITY, date(2025, 12, 31)).conventions == ()
    assert parameter.at(CITY, date(2026, 1, 1)).notes == ("dated by its latest event", "carried forward")


# Dated values


def test_the_latest_dated_row_holds_and_the_last_day_is_included() -> None:
    parameter = one(dated("2020-01-01", 100) + dated("2022-01-01", 200, "2022-12-31"))
    assert values(parameter, CITY, days(date(2020, 1, 1))) == ["BeforeFirstValue", 100, 100]
    assert values(parameter, CITY, days(date(2022, 1, 1))) == [100, 200, 200]
    assert values(parameter, CITY, days(date(2022, 12, 31))) == [200, 200, "NoValueHere"]
    with pytest.raises(NoValueHere, match="ended on 2022-12-31"):
        parameter.at(CITY, date(2023, 1, 1))


# Places


def test_the_climb_goes_from_county_to_nation(scheme: dict[str, Parameter]) -> None:
    assert scheme["urban_standard"].at(COUNTY, date(2026, 8, 1)).place == CITY
    assert scheme["method"].at(COUNTY, date(2026, 8, 1)).place == NATION


def test_a_retired_code_is_answered_through_its_successor(scheme: dict[str, Parameter]) -> None:
    assert scheme["urban_standard"].at("450127", date(2026, 8, 1)).value == 81_000


def test_the_nearest_place_wins_from_its_first_day() -> None:
    nation = '  { place = "000000", value = 1, from = 2020-01-01, cite = "backstop-notice" },\n'
    county = '  { place = "450102", value = 3, from = 2024-01-01, cite = "backstop-notice" },\n'
    parameter = one(nation + dated("2022-01-01", 2) + county)
    assert values(parameter, COUNTY, [date(2021, 12, 31), date(2022, 1, 1), date(2023, 12, 31), date(2024, 1, 1)]) == [
        1, 2, 2, 3,
    ]  # fmt: skip
    assert values(parameter, CITY, [date(2024, 1, 1)]) == [2]


def test_before_the_attested_span_the_climb_stops() -> None:
    nation = '  { place = "000000", value = 1, from = 2010-01-01, cite = "backstop-notice" },\n'
    with pytest.raises(BeforeFirstValue, match="the first value known is of 2019-01-01"):
        one(ATTESTED + nation).at(CITY, date(2018, 12, 31))


def test_a_place_without_a_value_says_so(scheme: dict[str, Parameter]) -> None:
    with pytest.raises(NoValueHere, match="urban_standard at 110101") as missing:
        scheme["urban_standard"].at("110101", date(2026, 8, 1))
    assert "110101的城市最低生活保障标准" in missing.value.reason_zh


# Declared unknowns


def test_a_declared_unknown_stops_the_climb_for_its_span(scheme: dict[str, Parameter]) -> None:
    edge = scheme["edge_multiplier"]
    half_more = Fraction(3, 2)
    assert values(edge, COUNTY, days(date(2026, 7, 1))) == [half_more, "DeclaredUnknown", "DeclaredUnknown"]
    assert values(edge, "110101", [date(2026, 7, 2)]) == [half_more]
    assert values(edge, COUNTY, days(date(2027, 12, 31))) == ["DeclaredUnknown", "DeclaredUnknown", "NoValueHere"]


def test_a_declared_unknown_says_where_to_look(scheme: dict[str, Parameter]) -> None:
    with pytest.raises(DeclaredUnknown) as unknown:
        scheme["tiers"].at(COUNTY, date(2026, 8, 1))
    assert unknown.value.where_to_look == "the city's notice on tiers"
    assert str(unknown.value).endswith("look in: the city's notice on tiers")
    assert "450100的分档表" in unknown.value.reason_zh


def test_an_unknown_before_the_attested_span_is_named_as_such() -> None:
    parameter = one(ATTESTED, more='unknown = [ { place = "450100", until = 2018-12-31, where_to_look = "there" } ]')
    assert values(parameter, CITY, days(date(2019, 1, 1))) == ["DeclaredUnknown", 62_000, "InAttestedGap"]


def test_every_refusal_is_of_one_family() -> None:
    family = (DeclaredUnknown, NoValueHere, BeforeFirstValue, InAttestedGap, NotYetKnown, KnownUncertain)
    assert all(issubclass(kind, NotPublished) for kind in family)
    assert issubclass(NotPublished, LookupError)
    assert issubclass(NotPublished, CivaffairsError)


# What was known


def test_known_before_within_and_after_the_publication(scheme: dict[str, Parameter]) -> None:
    on = date(2026, 8, 1)
    standard = scheme["urban_standard"]
    assert [values(standard, CITY, [on], known)[0] for known in days(date(2024, 12, 31))] == [
        "NotYetKnown", "KnownUncertain", "KnownUncertain",
    ]  # fmt: skip
    assert [values(standard, CITY, [on], known)[0] for known in days(date(2026, 11, 23))] == [
        "KnownUncertain", 81_000, 81_000,
    ]  # fmt: skip
    with pytest.raises(KnownUncertain, match="between 2024-12-31 and 2026-11-23"):
        standard.at(CITY, on, date(2025, 6, 1))


def test_a_value_not_yet_public_leaves_the_one_before_it() -> None:
    parameter = one(dated("2020-01-01", 100).replace(GUANGXI, "backstop-notice") + dated("2025-01-01", 200))
    on = date(2025, 3, 1)
    assert [values(parameter, CITY, [on], known)[0] for known in days(date(2022, 10, 20))] == ["NotYetKnown", 100, 100]
    assert [values(parameter, CITY, [on], known)[0] for known in days(date(2025, 8, 21))] == [100, 200, 200]
    assert parameter.at(CITY, on).value == 200


def test_an_uncertain_paper_matters_only_where_it_changes_the_answer() -> None:
    sure = '  { place = "450100", value = 100, from = 2020-01-01, cite = "social-assistance-measures" },\n'
    unsure = '  { place = "450100", value = 200, from = 2024-01-01, cite = "low-income-monitoring-opinions" },\n'
    parameter, known = one(sure + unsure), date(2023, 6, 1)
    assert parameter.at(CITY, date(2023, 12, 31), known).value == 100
    with pytest.raises(KnownUncertain):
        parameter.at(CITY, date(2024, 1, 1), known)


def test_a_day_without_a_value_has_the_same_reason_whatever_was_known(scheme: dict[str, Parameter]) -> None:
    for known in (date(2020, 1, 1), date(2025, 6, 1), date(2026, 11, 23)):
        assert values(scheme["urban_standard"], CITY, [date(2021, 5, 4)], known) == ["InAttestedGap"]


# Bounds


def test_a_floor_is_checked_against_and_never_paid(scheme: dict[str, Parameter]) -> None:
    subsidy = scheme["subsidy"]
    with pytest.raises(NoValueHere):
        subsidy.at(REGION, date(2026, 8, 1))
    floors = [subsidy.bounds(COUNTY, day).floor for day in days(date(2025, 1, 1))]
    assert [floor.value if floor else None for floor in floors] == [None, 9_000, 9_000]
    assert subsidy.bounds(COUNTY, date(2026, 8, 1)).ceiling is None
    assert subsidy.bounds(COUNTY, date(2026, 8, 1), date(2025, 8, 20)).floor is None


def test_an_unknown_value_leaves_its_bounds() -> None:
    row = '  { place = "000000", value = 5, from = 2020-01-01, kind = "ceiling", cite = "backstop-notice" },'
    parameter = one(row, more='unknown = [ { place = "450100", where_to_look = "there" } ]')
    ceiling = parameter.bounds(CITY, date(2026, 1, 1)).ceiling
    assert ceiling is not None
    assert ceiling.row.kind is RowKind.CEILING


# Standing


def test_standing_follows_from_the_paper(scheme: dict[str, Parameter]) -> None:
    statute = scheme["edge_multiplier"].at(CITY, date(2026, 1, 1))
    assert statute.standing is Standing.STATUTE
    assert statute.citation == document("dibao-review-measures")[8]
    assert scheme["urban_standard"].at(CITY, date(2026, 1, 1)).standing is Standing.PUBLISHED


def test_a_secondary_reading_says_check(scheme: dict[str, Parameter]) -> None:
    floor = scheme["subsidy"].bounds(CITY, date(2026, 1, 1)).floor
    assert floor is not None
    assert "secondary reading: check" in floor.notes


def test_a_heading_is_cited_as_it_stands() -> None:
    row = '{ place = "000000", value = 6, from = 2022-10-20, cite = "backstop-notice", article = "一(三)" }'
    found = one(row, unit="months").at(CITY, date(2026, 1, 1))
    assert found.citation is not None
    assert found.citation.heading == "一(三)"
    assert found.standing is Standing.PUBLISHED


# Reforms


def test_a_reform_is_a_changed_copy(scheme: dict[str, Parameter]) -> None:
    standard = scheme["urban_standard"]
    reform = standard.with_value(90_000, CITY, date(2026, 8, 1), "what if")
    assert values(reform, COUNTY, days(date(2026, 8, 1))) == [81_000, 90_000, 90_000]
    assert values(standard, COUNTY, [date(2026, 8, 1)]) == [81_000]
    found = reform.at(COUNTY, date(2026, 8, 1))
    assert (found.standing, found.citation) == (Standing.ASSUMED, None)
    assert "assumed: what if" in found.notes


def test_a_reform_replaces_gaps_and_later_reforms(scheme: dict[str, Parameter]) -> None:
    standard = scheme["urban_standard"].with_value(90_000, CITY, date(2026, 8, 1), "one")
    earlier = standard.with_value(70_000, CITY, date(2020, 1, 1), "two")
    assert values(earlier, CITY, [date(2021, 1, 1), date(2026, 9, 1)]) == [70_000, 70_000]
    both = standard.with_value(95_000, CITY, date(2026, 9, 1), "two")
    assert values(both, CITY, [date(2026, 8, 31), date(2026, 9, 1)]) == [90_000, 95_000]


def test_a_reform_answers_a_declared_unknown(scheme: dict[str, Parameter]) -> None:
    reform = scheme["edge_multiplier"].with_value(Fraction(8, 5), REGION, date(2026, 9, 1), "what if")
    assert values(reform, COUNTY, days(date(2026, 9, 1))) == ["DeclaredUnknown", Fraction(8, 5), Fraction(8, 5)]


def test_a_reform_counts_as_known(scheme: dict[str, Parameter]) -> None:
    reform = scheme["urban_standard"].with_value(90_000, CITY, date(2026, 8, 1), "what if")
    assert reform.at(CITY, date(2026, 8, 1), date(2020, 1, 1)).value == 90_000


def test_a_reform_needs_a_fitting_value_and_a_reason(scheme: dict[str, Parameter]) -> None:
    with pytest.raises(UsageError, match="is not money"):
        scheme["urban_standard"].with_value("900", CITY, date(2026, 8, 1), "what if")
    with pytest.raises(UsageError, match="without a reason"):
        scheme["urban_standard"].with_value(900, CITY, date(2026, 8, 1), " ")
    with pytest.raises(UsageError, match="did you mean 'tiers'"):
        scheme["method"].with_value("tier", CITY, date(2026, 8, 1), "what if")


# The caller's own files


SOURCES = """\
checked = 2026-12-01

[[document]]
key = "city-notice"
title_zh = "标准通知"
title_en = "Notice on the standard"
issuer = "某市民政局"
kind = "notice"
read = "issuer"
issued = 2026-06-15

[urban_standard]
rows = [ { place = "450100", from = 2026-07-01, value = 85_000, cite = "city-notice" } ]

[tiers]
rows = [
  { place = "450102", from = 2026-07-01, cite = "city-notice", value = ONE_STEP },
]
""".replace("ONE_STEP", '{ basis = "person", steps = [ { from = 0, value = 100 } ] }')


def test_a_callers_notice_is_published_and_said_to_be_theirs(scheme: dict[str, Parameter]) -> None:
    merged = merge(scheme, SOURCES)
    assert values(merged["urban_standard"], COUNTY, days(date(2026, 7, 1))) == [81_000, 85_000, 85_000]
    found = merged["urban_standard"].at(COUNTY, date(2026, 7, 1))
    assert (found.standing, found.notes) == (Standing.PUBLISHED, ("supplied by caller",))
    on = date(2026, 7, 1)
    assert [values(merged["urban_standard"], CITY, [on], known)[0] for known in days(date(2026, 6, 15))] == [
        "KnownUncertain", 85_000, 85_000,
    ]  # fmt: skip
    assert values(merged["tiers"], COUNTY, [on], date(2026, 6, 14)) == ["NotYetKnown"]
    assert merged["urban_standard"].checked == date(2026, 12, 1)
    assert merged["edge_multiplier"] == scheme["edge_multiplier"]
    assert values(scheme["urban_standard"], COUNTY, [date(2026, 7, 1)]) == [81_000], "the base is not changed"


def test_a_callers_row_beats_an_unknown_at_or_above_its_place(scheme: dict[str, Parameter]) -> None:
    tiers = merge(scheme, SOURCES)["tiers"]
    table = Scale(Basis.PERSON, (Step(0, 100),))
    assert values(tiers, COUNTY, days(date(2026, 7, 1))) == ["DeclaredUnknown", table, table]
    assert values(tiers, "450103", [date(2026, 7, 1)]) == ["DeclaredUnknown"]


ASSUMED = """\
[edge_multiplier]
rows = [ { place = "450000", from = 2026-07-01, until = 2026-12-31, value = "3/2", why = "as before" } ]
"""


def test_an_assumed_row_holds_for_its_span(scheme: dict[str, Parameter]) -> None:
    edge = merge(scheme, ASSUMED, assumed=True)["edge_multiplier"]
    assert values(edge, COUNTY, days(date(2026, 12, 31))) == [Fraction(3, 2), Fraction(3, 2), "DeclaredUnknown"]
    found = edge.at(COUNTY, date(2026, 7, 1))
    assert (found.standing, found.notes) == (Standing.ASSUMED, ("assumed: as before",))


@pytest.mark.parametrize(
    ("assumed", "text", "message"),
    [
        (True, ASSUMED.replace(', why = "as before"', ""), "<text>:2: [edge_multiplier] rows 1: 'why' is missing"),
        (True, ASSUMED.replace("why =", "cite ="), "an assumed value cites nothing"),
        (True, ASSUMED.replace("from = 2026-07-01, ", ""), "an assumed value needs its first day"),
        (True, ASSUMED.replace("edge_multiplier", "edge_multiplyer"), "did you mean 'edge_multiplier'?"),
        (True, ASSUMED + 'unit = "ratio"\n', "'unit' is the parameter's own"),
        (True, ASSUMED.replace('"3/2"', "1.5"), "is not an exact ratio"),
        (True, "[edge_multiplier]\n", "<text>:1: [edge_multiplier]: 'rows' is missing"),
        (True, SOURCES, "<text>:3: "),
        (False, ASSUMED, "a value without a source cannot be loaded"),
        (False, SOURCES.replace("city-notice", "nanning-report"), "the document key 'nanning-report' is the library's"),
        (
            False,
            SOURCES.replace("from = 2026-07-01, value", "attested = 1, value"),
            "does not say which span it describes",
        ),
    ],
)
def test_a_callers_faulty_file_is_refused(scheme: dict[str, Parameter], assumed: bool, text: str, message: str) -> None:
    with pytest.raises(LoadError) as refusal:
        merge(scheme, text, assumed=assumed)
    assert message in str(refusal.value)


def test_a_callers_row_may_not_contradict_a_dated_one(scheme: dict[str, Parameter]) -> None:
    once = merge(scheme, SOURCES)
    with pytest.raises(LoadError, match="the same place and day"):
        merge(once, SOURCES)


# Refusals of the loader


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (', cite = "nanning-report" }', " }", "<text>:7: [urban_standard] rows 1: 'cite' is missing; a value"),
        ("value = 81_000", 'value = "810"', "<text>:8: [urban_standard] rows 2: '810' is not money"),
        ("value = 81_000", "value = 810.0", "<text>:8: [urban_standard] rows 2: 810.0 is not money"),
        ("value = 81_000", "value = true", "True is not money"),
        ("value = 81_000", "value = -1", "-1 is not money"),
        ("value = 81_000, ", "", "'value' is missing"),
        ("attested = 2, cite", "atested = 2, cite", "did you mean 'attested'?"),
        ("attested = 2, cite", 'attested = "2", cite', "'attested' is '2'; write a whole number"),
        ("attested = 2, cite", "attested = 0, cite", "ranks are counted from 1"),
        ("attested = 2, cite", "attested = 1, cite", "the same place and day (or rank) is given at <text>:7"),
        ("attested = 2, cite", "attested = 2, from = 2020-01-01, cite", "exactly one of 'from'"),
        ("attested = 2, cite", "attested = 2, until = 2020-01-01, cite", "'until' belongs to a row with 'from'"),
        ('"nanning-report"', '"naning-report"', "did you mean 'nanning-report'?"),
        ('"nanning-report"', '"backstop-notice"', "does not say which span it describes"),
        ('place = "450100", value = 62', 'place = "4501", value = 62', "write a six-digit division code"),
        ('place = "450100", value = 62', 'place = "450127", value = 62', "a retired code; write '450181'"),
        ("until = 2027-06-30", "until = 2021-06-30", "<text>:15: [edge_multiplier] rows 1: it ends on 2021-06-30"),
        ('article = "8"', "article = 8", "'article' is 8; write text in quotes"),
        ('article = "8"', 'paragraph = 1', "without its article"),
        ('"3/2"', "1.5", "is not an exact ratio"),
        ('"3/2"', '"3/0"', "is not an exact ratio"),
        (', where_to_look = "the region\'s own rule"', "", "<text>:17: [edge_multiplier] unknown 1: 'where_to_look'"),
        ('unit = "ratio"\n', "", "<text>:11: [edge_multiplier]: 'unit' is missing"),
        ('unit = "ratio"', 'unit = "fen/person/moth"', "did you mean 'fen/person/month'?"),
        ('unit = "ratio"', 'unit = "ratio"\nkind = "money"', "a money cannot be counted in 'ratio'"),
        ('by = "hukou_place"', 'by = "hukou"', "did you mean 'hukou_place'?"),
        ('title = { en = "Living subsidy", zh = "困难残疾人生活补贴" }\n', "", "[subsidy]: 'title' is missing"),
        (', zh = "困难残疾人生活补贴"', "", "[subsidy] title: 'zh' is missing"),
        ('value = "difference"', 'value = "differences"', "did you mean 'difference'?"),
        ('choices = ["difference", "tiers"]\n', "", "'choices' lists what a choice may be"),
        ('kind = "scale"', 'kind = "skale"', "did you mean 'scale'?"),
        ('unknown = [ { place = "450100", where_to_look = "the city\'s notice on tiers" } ]', "", "neither rows nor"),
        ("checked = 2026-11-23", "", "'checked' is missing"),
        ("checked = 2026-11-23", "checkd = 2026-11-23", "<text>:1: nothing is called 'checkd' here; did you mean"),
        ("rows = [", "row = [", "did you mean 'rows'?"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused(old: str, new: str, message: str) -> None:
    assert old in SCHEME
    assert message in refused(SCHEME.replace(old, new, 1))


def test_all_faults_come_at_once_in_the_order_of_lines() -> None:
    text = SCHEME.replace("81_000", '"810"').replace('"3/2"', "1.5").replace(', cite = "nanning-report" }', " }", 1)
    told = refused(text)
    assert told.startswith("<text> has 3 faults; nothing was loaded")
    lines = [int(line.split(":")[1]) for line in told.splitlines()[1:]]
    assert lines == [7, 8, 15]


def test_lines_are_found_in_other_spellings_too() -> None:
    text = (
        SCHEME.split("[edge_multiplier]", maxsplit=1)[0]
        .replace("rows = [", "rows = [ # { not a row }")
        .replace("81_000", "true")
    )
    assert "<text>:8: " in refused(text)
    spelled_out = """\
checked = 2026-11-23
[p]
title = { en = "P", zh = "数" }
unit = "ratio"

[[p.rows]]
place = "000000"
value = 1
from = 2020-01-01
cite = "backstop-notice"
"""
    assert "<text>:6: [p] rows 1: 1 is not an exact ratio" in refused(spelled_out)


def test_two_documents_may_not_attest_one_place() -> None:
    other = Document(
        key="other", title_zh="另", title_en="Other", issuer="某局", kind=DocumentKind.REPORT, read=ReadFrom.COPY,
        issued=date(2025, 1, 1), describes=(date(2020, 1, 1), date(2024, 1, 1)),
    )  # fmt: skip
    rows = ATTESTED.replace('81_000, attested = 2, cite = "nanning-report"', '81_000, attested = 2, cite = "other"')
    text = f'checked = 2026-11-23\n[p]\ntitle = {{ en = "P", zh = "数" }}\nunit = "fen"\nrows = [{rows}]\n'
    with pytest.raises(LoadError, match="another document attests values for this place"):
        load_parameters(text, bibliography={"nanning-report": document("nanning-report"), "other": other})


# Values


def test_classes_are_kinds_and_grades() -> None:
    told = read_value(["any:1-2", "intellectual:3", "mental:3-4"], ValueKind.CLASSES)
    assert isinstance(told, frozenset)
    assert len(told) == 2 * len(DisabilityKind) + 3
    assert {("visual", 1), ("multiple", 2), ("intellectual", 3), ("mental", 4)} <= told
    assert ("intellectual", 4) not in told


@pytest.mark.parametrize("raw", ["any:1", ["any"], ["any:0"], ["mental:5"], ["mental:4-3"], ["mind:1"], [3]])
def test_what_is_no_class_is_refused(raw: object) -> None:
    with pytest.raises(NotAValue):
        read_value(raw, ValueKind.CLASSES)


@pytest.mark.parametrize(
    "raw",
    [
        5,
        {"basis": "person"},
        {"basis": "person", "steps": []},
        {"basis": "house", "steps": [{"from": 0, "value": 1}]},
        {"basis": "person", "steps": [{"from": 80, "value": 1}, {"from": 80, "value": 2}]},
        {"basis": "person", "steps": [{"from": 80, "value": 1.5}]},
        {"basis": "person", "steps": [{"from": "80", "value": 1}]},
        {"basis": ["person"], "steps": [{"from": 80, "value": 1}]},
    ],
)
def test_what_is_no_scale_is_refused(raw: object) -> None:
    with pytest.raises(NotAValue):
        read_value(raw, ValueKind.SCALE)


def test_a_scale_includes_its_thresholds() -> None:
    scale = Scale(Basis.PERSON, (Step(80, 5_000), Step(90, 10_000)))
    assert [scale.of(age) for age in (79, 80, 81, 89, 90)] == [None, 5_000, 5_000, 5_000, 10_000]


def test_values_given_in_python_are_held_to_their_kind() -> None:
    scale = Scale(Basis.HOUSEHOLD, (Step(0, 1),))
    assert accept_value(scale, ValueKind.SCALE) == scale
    assert accept_value(2, ValueKind.RATIO) == Fraction(2)
    with pytest.raises(NotAValue):
        accept_value(scale, ValueKind.MONEY)
    with pytest.raises(NotAValue):
        accept_value(True, ValueKind.COUNT)
    with pytest.raises(NotAValue):
        accept_value(Fraction(-1, 2), ValueKind.RATIO)


def test_values_are_written_for_readers() -> None:
    assert value_text(6, Unit.MONTHS) == "6 months"
    assert value_text(True, Unit.FLAG) == "yes"
    assert value_text(Scale(Basis.PERSON, (Step(80, 5_000),)), Unit.FEN_PERSON_MONTH) == (
        "per person: from 80: 50.00 yuan/person/month"
    )


def test_every_kind_of_value_fits_some_unit() -> None:
    assert all(any(kind.fits(unit) for unit in Unit) for kind in ValueKind)
    assert all(any(kind.fits(unit) for kind in ValueKind) for unit in Unit)
    assert all(member.label_zh for group in (Unit, ValueKind, Standing, Convention, RowKind) for member in group)


# Time


def test_the_boundary_days_of_a_history(scheme: dict[str, Parameter]) -> None:
    assert scheme["edge_multiplier"].boundary_days() == {
        date(2021, 7, 1), date(2027, 7, 1), date(2026, 7, 1), date(2028, 1, 1),
    }  # fmt: skip
    assert {date(2019, 1, 1), date(2019, 1, 2), date(2024, 12, 31)} <= scheme["urban_standard"].boundary_days()


ROWS = st.lists(
    st.builds(
        lambda place, first, length, value, assumed: Row(
            place=place,
            value=value,
            in_force=date(2018, 1, 1) + timedelta(days=first),
            until=None if length is None else date(2018, 1, 1) + timedelta(days=first + length),
            citation=None if assumed else document("backstop-notice")[1],
            standing=Standing.ASSUMED if assumed else Standing.PUBLISHED,
            supplied=assumed,
        ),
        st.sampled_from([COUNTY, CITY, REGION, NATION]),
        st.integers(0, 3000),
        st.none() | st.integers(0, 1500),
        st.integers(1, 9),
        st.booleans(),
    ),
    max_size=6,
)


def answer(parameter: Parameter, on: date) -> object:
    """What is found, or the kind of reason, without the day that the message names."""
    try:
        found: Found = parameter.at(COUNTY, on)
    except NotPublished as reason:
        return type(reason)
    return found


@given(
    ROWS,
    st.sampled_from(["urban_standard", "edge_multiplier", "subsidy"]),
    st.dates(date(2017, 1, 1), date(2030, 1, 1)),
)
def test_what_is_found_is_constant_between_boundary_days(rows: list[Row], name: str, on: date) -> None:
    base = load_parameters(SCHEME)[name]
    parameter = Parameter(
        name=name, title_en="P", title_zh="数", unit=base.unit, kind=base.kind, checked=base.checked,
        rows=(*base.rows, *rows), unknowns=base.unknowns,
    )  # fmt: skip
    if on not in parameter.boundary_days():
        assert answer(parameter, on) == answer(parameter, on - ONE_DAY)
