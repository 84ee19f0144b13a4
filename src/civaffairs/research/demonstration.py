"""The demonstration: the main job on the shipped roster, on sources alone and beside it with assumed values."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from civaffairs.assessment import Assessment, assess
from civaffairs.assessment.tabular import text_table
from civaffairs.assessment.totals import Total
from civaffairs.errors import UsageError
from civaffairs.money import yuan_text
from civaffairs.outputs import write_outputs
from civaffairs.research.plots import scheme_chart
from civaffairs.research.synthetic import synthetic_population
from civaffairs.rules.explain import Language

ON = date(2026, 8, 1)
EXPLAINED = "H001"
MILLION = 1_000_000


def examples() -> Path:
    """Find the folder of examples, beside the package or in the source tree."""
    package = Path(__file__).parents[1]
    for folder in (package / "examples", package.parents[1] / "examples"):
        if (folder / "roster.csv").exists():
            return folder
    msg = "the examples were not installed; run the demonstration from the source tree"
    raise UsageError(msg)


def run(folder: Path, language: Language = Language.ENGLISH) -> int:
    """Run everything, print it, and write results, rejects and a chart.

    Parameters
    ----------
    folder
        Where to write.
    language
        Of what is printed.

    Returns
    -------
    int
        0 if all went through.
    """
    zh = language is Language.CHINESE
    roster, mistakes, assumed_file = (
        examples() / name for name in ("roster.csv", "roster_with_mistakes.csv", "assumed.toml")
    )
    sourced = assess(roster, on=ON)
    assumed = assess(roster, on=ON, assume=assumed_file)
    faulty = assess(mistakes, on=ON)

    _head("一、依已公布的法规和标准评估" if zh else "1. The roster, on sources alone")
    print(sourced.summary(language))
    _head("二、结果所依据者" if zh else "2. What the result stands on")
    print(sourced.standing.text(language))
    _head("三、未能评估者及原因" if zh else "3. What was not assessed, and why")
    print(sourced.not_assessed.text(language))
    _head(
        "四、仅依来源与加上假定值，并列（不可相加）"
        if zh
        else "4. Sources alone, and with the file of assumed values: side by side, never one sum"
    )
    print(_side_by_side(sourced, assumed, zh))
    _head("五、搁置的行" if zh else "5. A roster with mistakes: what was set aside, and why")
    print(
        f"{faulty.rows_in} = {faulty.population.persons} + {faulty.rows_set_aside}"
        if zh
        else f"rows in {faulty.rows_in} = assessed {faulty.population.persons} + set aside {faulty.rows_set_aside}"
    )
    print("\n".join(str(problem) for problem in faulty.rejected if problem.hint))
    _head("六、一户的全部理由" if zh else f"6. Why household {EXPLAINED} gets what it gets")
    print(sourced.explain(EXPLAINED, language=language))
    _head("七、写出的文件" if zh else "7. Files written")
    for name, result in (
        ("sources_alone", sourced),
        ("with_assumed_values", assumed),
        ("roster_with_mistakes", faulty),
    ):
        write_outputs(result, folder / name, overwrite=True)
    scheme_chart({"sources alone": sourced.totals, "with ASSUMED values": assumed.totals}, folder / "yuan_a_month.png")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            print(f"  {path}")
    _head("八、一百万个虚拟人" if zh else "8. One million made-up persons")
    _million(zh)
    return 0


def _head(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}")


def _side_by_side(sourced: Assessment, assumed: Assessment, zh: bool) -> str:
    rows = []
    for name, total in sourced.totals.items():
        other = assumed.totals[name]
        title = total.label_zh if zh else total.title
        rows.append([title, f"{total.persons:,}", _yuan(total, zh), f"{other.persons:,}", _yuan(other, zh)])
    header = ["scheme", "persons", "yuan a month", "persons (ASSUMED)", "yuan a month (ASSUMED)"]
    header_zh = ["项目", "人数（来源）", "元/月（来源）", "人数（含假定）", "元/月（含假定）"]
    return text_table(header_zh if zh else header, rows, numbers=[1, 2, 3, 4])


def _yuan(total: Total, zh: bool) -> str:
    if not total.pays:
        return "-"
    if total.fen is not None:
        return yuan_text(total.fen)
    return f"{yuan_text(total.assessed_so_far)} {'（部分未知）' if zh else 'so far'}"


def _million(zh: bool) -> None:
    started = time.perf_counter()
    people = synthetic_population(MILLION, seed=2026)
    made = time.perf_counter()
    result = assess(people, on=ON)
    finished = time.perf_counter()
    print(result.summary(Language.CHINESE if zh else Language.ENGLISH))
    told = "生成{:.2f}秒，评估{:.2f}秒" if zh else "made in {:.2f} s, assessed on all schemes in {:.2f} s"
    print(told.format(made - started, finished - made))
