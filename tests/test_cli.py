"""The command line: what it prints, what it writes, and the exit codes that a script can use."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from civaffairs import __version__
from civaffairs.cli import main
from civaffairs.tables import read

EXAMPLES = Path(__file__).parents[1] / "examples"
ROSTER, MISTAKES, ASSUMED, NOTICE, PAID = (
    str(EXAMPLES / name)
    for name in ("roster.csv", "roster_with_mistakes.csv", "assumed.toml", "notice.toml", "paid.csv")
)
ON = ["--on", "2026-08-01"]
Printed = pytest.CaptureFixture[str]


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def orphans(folder: Path, *, bad: bool = False) -> str:
    """A roster of one orphan for whom the orphans' scheme is assessed in full."""
    path = folder / "orphan.csv"
    facts = {
        "household_id": "H1", "person_id": "P1", "birth_date": "2012-05-01", "place": "450103", "area": "urban",
        "hukou_place": "450103", "placement": "institution", "mother_state": "dead", "father_state": "dead",
        "schooling": "none", "recorded_tekun": "no", "benefit_choice": "children",
    }  # fmt: skip
    rows = [facts, facts | {"household_id": "H2", "person_id": "P2", "birth_date": "no"}] if bad else [facts]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, facts)
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def test_complete(tmp_path: Path, capsys: Printed) -> None:
    assert main(["assess", orphans(tmp_path), *ON, "--scheme", "orphan"]) == 0
    out = capsys.readouterr().out
    assert "1,422.00" in out
    assert "everything was assessed" in out


def test_rejects_fail_only_under_strict(tmp_path: Path) -> None:
    roster = orphans(tmp_path, bad=True)
    assert main(["assess", roster, *ON, "--scheme", "orphan"]) == 0
    assert main(["assess", roster, *ON, "--scheme", "orphan", "--strict"]) == 4


def test_not_assessed(capsys: Printed) -> None:
    assert main(["assess", ROSTER, *ON, "--threads", "2"]) == 3
    out = capsys.readouterr().out
    assert "240 households, 527 persons assessed; 0 rows set aside" in out
    assert "urban_tiers" in out
    assert "Assumptions (not published by anybody): none" in out


def test_assumed_values_are_marked(capsys: Printed) -> None:
    main(["assess", ROSTER, *ON, "--assume", ASSUMED])
    assert "ASSUMED" in capsys.readouterr().out


def test_sources_are_used(capsys: Printed) -> None:
    assert main(["parameters", *ON, "--sources", NOTICE]) == 0
    assert "supplied by caller" in capsys.readouterr().out


def test_results_are_written(tmp_path: Path, capsys: Printed) -> None:
    out = tmp_path / "out"
    assert main(["assess", MISTAKES, *ON, "-o", str(out), "--strict", "--lang", "zh"]) == 4
    assert "未评估人数" in capsys.readouterr().out
    told = json.loads((out / "manifest.json").read_text("utf-8"))
    assert told["version"] == __version__
    assert told["inputs"][0]["name"] == "roster_with_mistakes.csv"
    assert len(lines(out / "persons.csv")) == told["rows"]["assessed"]
    assert main(["assess", MISTAKES, *ON, "-o", str(out)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert main(["assess", MISTAKES, *ON, "-o", str(out), "--overwrite", "--format", "parquet"]) == 3
    assert (out / "persons.parquet").exists()
    assert not (out / "persons.csv").exists()


def test_set_aside_shows_at_most_five_and_how_many_more(capsys: Printed) -> None:
    main(["assess", MISTAKES, *ON])
    told = capsys.readouterr().out.partition("Set aside\n")[2].splitlines()
    assert len([line for line in told if line.startswith("row ")]) == 5
    assert "more problems" in told[5]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["assess", "no.csv", *ON], "no.csv: No such file"),
        (["assess", ROSTER], "--on"),
        (["assess", ROSTER, "--on", "01/02/2026"], "is not a day"),
        (["assess", ROSTER, *ON, "--scheme", "dibaoo"], "did you mean 'dibao'"),
        (["assess", ROSTER, *ON, "--assume", PAID], ""),
        (["assess", PAID, *ON], "unknown column 'scheme'"),
        (["audit", ROSTER, *ON, "--paid", ROSTER], "missing column 'scheme'"),
        (["explain", ROSTER, *ON, "--household", "H999"], "no household"),
        (["explain", ROSTER, *ON, "--household", "H001", "--person", "P9"], "no member"),
        (["explain", ROSTER, *ON, "--household", "H001", "--rule", "dibao_amout"], "did you mean 'dibao_amount'"),
        (["parameters", "--place", "4501"], "not a division code"),
        (["changes", "--from", "2026-07-01", "--to", "2026-06-01"], "is not after"),
        (["nonsense"], "invalid choice"),
        ([], "COMMAND"),
    ],
)
def test_bad_usage(arguments: list[str], message: str, capsys: Printed) -> None:
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err


def test_one_household_is_explained(capsys: Printed) -> None:
    assert main(["explain", ROSTER, *ON, "--household", "H001"]) == 0
    assert capsys.readouterr().out.startswith("household_payable = 600.00 yuan/month")
    assert main(["explain", ROSTER, *ON, "--household", "H001", "--rule", "dibao_amount", "--lang", "zh"]) == 0
    assert "600.00 元/月" in capsys.readouterr().out
    assert main(["explain", ROSTER, *ON, "--household", "H001", "--json", "--person", "P0001"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"].startswith("civaffairs.explain/")
    assert told["tree"]["name"] == "household_payable"


def test_a_household_set_aside_is_explained_by_its_problems(capsys: Printed) -> None:
    assert main(["explain", MISTAKES, *ON, "--household", "M03"]) == 3
    err = capsys.readouterr().err
    assert "birth_date" in err
    assert "not clear" in err


def test_values_are_listed_with_their_standing(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "values.csv"
    assert main(["parameters", "--place", "450103", *ON, "-o", str(file)]) == 0
    out = capsys.readouterr().out
    assert "810.00 yuan/person/month" in out
    rows = {row["name"]: row for row in lines(file)}
    assert rows["urban_standard"]["standing"] == "published"
    assert rows["urban_standard"]["place"] == "450100"
    assert rows["urban_tiers"]["standing"] == "unknown"
    assert "look in" in rows["urban_tiers"]["remark, or where to look"]
    assert main(["parameters", *ON, "--known", "2018-01-01", "--lang", "zh"]) == 0
    assert "未知" in capsys.readouterr().out


def test_changes_between_two_days(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "changes.csv"
    assert main(["changes", "--from", "2026-06-30", "--to", "2026-07-01", "-o", str(file)]) == 0
    rows = {row["name"]: row for row in lines(file)}
    assert "art. 18" in rows["dibao_amount"]["after"]
    assert "Interim Measures" in rows["dibao_amount"]["before"] or "art. 12" in rows["dibao_amount"]["before"]
    assert rows["urban_edge_standard"]["kind"] == "value"
    capsys.readouterr()
    assert main(["changes", "--from", "2026-07-02", "--to", "2026-07-03"]) == 0
    assert "nothing differs" in capsys.readouterr().out


def test_a_template_is_a_roster_that_can_be_filled_in(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "roster.csv"
    assert main(["template", "--scheme", "old_age", *ON, "-o", str(file)]) == 0
    assert "nobody has published: old_age_allowance_tiers" in capsys.readouterr().out
    told = {row["column"]: row for row in lines(tmp_path / "roster.columns.csv")}
    assert told["area"]["codes"] == "urban=城市; rural=农村"
    assert told["birth_date"]["articles"]
    header = file.read_text("utf-8-sig").strip()
    assert header.split(",") == list(told)
    cells = {"household_id": "H1", "person_id": "P1", "birth_date": "1940-01-01", "place": "450103", "area": "urban"}
    row = ",".join(cells.get(name, "") for name in told)
    file.write_text(f"{header}\n{row}\n", "utf-8")
    assert read(file)[0].persons == 1
    assert main(["template", "--scheme", "old_age", *ON, "-o", str(file)]) == 2
    assert main(["template", "--scheme", "old_age", *ON, "-o", str(file), "--overwrite"]) == 0


def test_an_audit_tells_what_is_not_as_owed(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "audit.csv"
    assert main(["audit", ROSTER, *ON, "--paid", PAID, "-o", str(file)]) == 5
    assert "owed but unpaid" in capsys.readouterr().out
    rows = {(row["household_id"], row["scheme"]): row for row in lines(file)}
    one = rows["H001", "dibao"]
    assert (one["verdict"], one["owed"], one["paid"], one["difference"]) == ("underpaid", "600.00", "550.00", "-50.00")
    assert rows["H009", "dibao"]["owed"] == ""


@pytest.mark.parametrize(("paid", "code"), [("1422", 0), ("1421.99", 5), ("money", 3)])
def test_the_exit_code_of_an_audit(tmp_path: Path, paid: str, code: int) -> None:
    table = tmp_path / "paid.csv"
    table.write_text(f"household_id,person_id,scheme,paid\nH1,P1,orphan,{paid}\n", "utf-8")
    arguments = ["audit", orphans(tmp_path), *ON, "--scheme", "orphan", "--paid", str(table)]
    assert main(arguments) == code
    assert main([*arguments, "--strict"]) == (4 if code == 3 else code)


def test_a_stale_value_is_one_line_of_warning(tmp_path: Path, capsys: Printed) -> None:
    assert main(["assess", orphans(tmp_path), "--on", "2027-08-01", "--scheme", "orphan"]) == 0
    warned = capsys.readouterr().err.splitlines()
    assert len(warned) == 1
    assert warned[0].startswith("civaffairs: warning: 2027-08-01")


def test_it_runs_as_a_program() -> None:
    command = [sys.executable, "-m", "civaffairs", "assess", ROSTER, *ON, "--scheme", "nursing_subsidy"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=None)
    assert done.returncode == 3
    assert "Nursing subsidy" in done.stdout
    assert not done.stderr
    shown = subprocess.run([sys.executable, "-m", "civaffairs", "--version"], capture_output=True, encoding="utf-8")
    assert (shown.returncode, shown.stdout.strip()) == (0, f"civaffairs {__version__}")
