"""The rules of the house: what may import what, how a module is written, and what no text may name."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "civaffairs"
MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

FACE = "__init__"
HOUSE = (
    ("errors", "labels"),
    ("money", "calendar", "workdays", "identity"),
    ("law",),
    ("people",),
    ("rules",),
    ("schemes",),
    ("assessment", "comparators", "tables", "audit", "outputs", "inquiry"),
    ("ledger", "casework", "registers"),
    ("research", "distributed"),
    (FACE,),
    ("cli", "__main__"),
)
FLOORS = {name: floor for floor, names in enumerate(HOUSE) for name in names}

LONGEST_MODULE = 450
# What pendulum makes of an interval is a day off for some birthdays.
MISCOUNTED = {"in_years", "in_months", "age"}
OPTIONAL = {
    "dask",
    "distributed",
    "matplotlib",
    "narwhals",
    "pandas",
    "polars",
    "pyarrow",
    "pypinyin",
    "pyspark",
    "shapely",
}
MACHINE_PATH = re.compile(r"/(?:work|tmp|root|home)/|\bshared[/]")
WEB_ADDRESS = re.compile(r"https?://\S+")


def name_of(path: Path) -> str:
    """A file as a failing test names it."""
    return path.relative_to(ROOT).as_posix()


def home(path: Path) -> str:
    """The top-level name of the library under which a module lives."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


TOP_LEVEL = FLOORS.keys() | {home(path) for path in MODULES}


def imports(tree: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    """The top-level names of the library that a module of a package imports, anywhere in it and however written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else ()
            within = tuple(node.module.split(".")) if node.module else ()
            found = [(*base, *within, alias.name) for alias in node.names]
        else:
            continue
        for root, *rest in found:
            # The face sets the version before it imports anything, so every floor may read it.
            if root == "civaffairs" and rest != ["__version__"]:
                yield rest[0] if rest and rest[0] in TOP_LEVEL else FACE


def miscounted(tree: ast.AST) -> set[str]:
    """The miscounting attributes that a module uses; an ``age`` that is called is not pendulum's, a number."""
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in MISCOUNTED]
    return {node.attr for node in attributes if node.attr != "age" or node not in called}


def machine_paths(text: str) -> list[str]:
    """The places on one machine that a text names; what a web address goes through is not one."""
    return MACHINE_PATH.findall(WEB_ADDRESS.sub("", text))


def was_run(notebook: dict[str, list[dict[str, object]]]) -> bool:
    """Whether the code cells of a notebook were run in order, from the first to the last."""
    counts = [cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return counts == list(range(1, len(counts) + 1))


def test_every_module_has_a_home() -> None:
    assert MODULES
    homeless = sorted({home(path) for path in MODULES} - FLOORS.keys())
    assert not homeless, f"{', '.join(homeless)}: has no home; give it a floor in HOUSE"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_floor_imports_from_above(path: Path) -> None:
    package = ("civaffairs", *path.relative_to(PACKAGE).parts[:-1])
    used = set(imports(ast.parse(path.read_text("utf-8")), package))
    above = sorted(name for name in used if FLOORS.get(name, -1) > FLOORS.get(home(path), len(HOUSE)))
    assert not above, f"{name_of(path)} imports from above: {', '.join(above)}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import civaffairs.law.places", {"law"}),
        ("from civaffairs.law.places import Place", {"law"}),
        ("from civaffairs import money, law", {"money", "law"}),
        ("from civaffairs import assess", {FACE}),
        ("import civaffairs as ca", {FACE}),
        ("from civaffairs import __version__", set()),
        ("from .place import Place", {"people"}),
        ("from . import person", {"people"}),
        ("from ..law import places", {"law"}),
        ("from .. import money", {"money"}),
        ("def late():\n    from civaffairs.cli import main", {"cli"}),
        ("import numpy.typing\nfrom attrs import frozen", set()),
    ],
)
def test_an_import_is_seen_however_it_is_written(source: str, expected: set[str]) -> None:
    assert set(imports(ast.parse(source), ("civaffairs", "people"))) == expected


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    assert docstring.partition("\n")[0].strip(), f"{name_of(path)} does not begin by saying what it is for"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST_MODULE, f"{name_of(path)} has {lines} lines; part it in two"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_ages_are_not_counted_by_pendulum(path: Path) -> None:
    used = sorted(miscounted(ast.parse(path.read_text("utf-8"))))
    assert not used, f"{name_of(path)} uses {', '.join(used)}; use civaffairs.calendar"


def test_a_miscounting_attribute_is_seen() -> None:
    assert miscounted(ast.parse("(day - born).in_years() + born.age")) == {"in_years", "age"}
    assert miscounted(ast.parse("age = ages_on(born, day) + day.age(born)")) == set()


def test_no_text_names_a_place_on_one_machine() -> None:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("only a git checkout says which texts belong to the project")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout
    files = [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]
    assert Path(__file__) in files
    found = {name_of(path): machine_paths(path.read_text("utf-8", errors="ignore")) for path in files}
    naming = {name: places for name, places in found.items() if places}
    assert not naming


def test_a_place_on_a_machine_is_seen() -> None:
    folder = "/".join(["", "tmp", "facts.md"])
    assert machine_paths(f"see {folder}") == ["/tmp" + "/"]
    assert machine_paths(f"see https://mzt.example.cn{folder}") == []


def test_importing_the_library_imports_nothing_optional() -> None:
    code = "import sys, civaffairs; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8").stdout
    assert "civaffairs" in loaded.split()
    assert not OPTIONAL & set(loaded.split())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_a_notebook_was_run_from_top_to_bottom(path: Path) -> None:
    assert was_run(json.loads(path.read_text("utf-8"))), f"run it: python -m nox -s execute -- {name_of(path)}"


@pytest.mark.parametrize(
    ("counts", "expected"), [([1, 2], True), ([], True), ([None, None], False), ([2, 1], False), ([1, 3], False)]
)
def test_that_a_notebook_was_not_run_is_seen(counts: list[int | None], expected: bool) -> None:
    cells: list[dict[str, object]] = [{"cell_type": "code", "execution_count": count} for count in counts]
    assert was_run({"cells": [{"cell_type": "markdown"}, *cells]}) is expected
