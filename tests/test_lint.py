"""What works for one row and breaks for two is refused, with file, line and the word to use instead."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from civaffairs.rules.lint import complaints
from civaffairs.rules.rule import Operation
from civaffairs.schemes import RULEBOOK

EXPRESSIONS = [
    ("1 if x else 0", "np.where"),
    ("x and y", "&"),
    ("x or y", "|"),
    ("not x", "~"),
    ("x / 3", "portion"),
    ("x // 3", "portion"),
    ("x % 3", "portion"),
    ("x is None", "=="),
    ("x is not None", "!="),
    ("x in (1, 2)", "|"),
    ("x not in (1, 2)", "&"),
    ("0 <= x < y", "(a <= x) & (x < b)"),
    ("min(x, y)", "np.minimum"),
    ("max(x, y)", "np.maximum"),
    ("sum(x)", "a declared total"),
    ("any(x)", "a declared any_of"),
    ("all(x)", "a declared every"),
    ("round(x)", "portion"),
    ("float(x)", "whole fen"),
    ("int(x)", "whole fen"),
    ("bool(x)", "a flag"),
    ("len(x)", "a declared count"),
    ("x * 1.5", "Fraction"),
    ("x.mean()", "keep the column"),
    ("x.sum()", "declare a total"),
    ("np.mean(x)", "keep the column"),
    ("np.cumsum(x)", "keep the column"),
    ("np.sort(x)", "keep the column"),
    ("np.divide(x, 3)", "keep the column"),
    ("x.astype(float)", "keep the column"),
    ("x.any()", "declare a total"),
    ("x.tolist()", "keep the column"),
    ("[each for each in x]", "a declared total"),
    ("sorted(each for each in x)", "a declared total"),
]
STATEMENTS = [
    ("if x:\n        return y\n    return x", "np.where"),
    ("for each in x:\n        y = each\n    return y", "a declared total"),
    ("while x:\n        y = x\n    return y", "a declared total"),
    ("x += y\n    return x", "a new name"),
    ("assert x\n    return x", "a check at the border"),
    ("try:\n        return x\n    except ValueError:\n        return y", "a check at the border"),
]
SOUND = [
    "np.where(x > 0, x, y)",
    "~(x == 1) & ((y <= 3) | (x != 2))",
    "np.minimum(x, y) - 3 * x",
    "portion(x, Fraction(1, 12), Rounding.HALF_UP)",
    "(0 <= x) & (x < y)",
    "-x + y",
]


def function_in(folder: Path, body: str) -> tuple[Callable[..., Any], Path]:
    """A function whose second line is the body, read from a file."""
    path = folder / "reform.py"
    path.write_text(f"def one(x, y):\n    {body}\n", "utf-8")
    spec = importlib.util.spec_from_file_location("reform", path)
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function: Callable[..., Any] = module.one
    return function, path


@pytest.mark.parametrize(
    ("body", "instead"), [(f"return {text}", instead) for text, instead in EXPRESSIONS] + STATEMENTS
)
def test_it_is_refused_with_file_line_and_word(tmp_path: Path, body: str, instead: str) -> None:
    function, path = function_in(tmp_path, body)
    told = list(complaints(function))
    assert len(told) >= 1
    assert told[0].startswith(f"{path}:2: ")
    assert instead in told[0]


@pytest.mark.parametrize("text", SOUND)
def test_what_works_on_columns_is_not_refused(tmp_path: Path, text: str) -> None:
    assert list(complaints(function_in(tmp_path, f"return {text}")[0])) == []


def test_every_complaint_is_told_at_once(tmp_path: Path) -> None:
    function, path = function_in(tmp_path, "z = x and y\n    return max(z, 0.5)")
    lines = [told.split(": ")[0] for told in complaints(function)]
    assert sorted(lines) == [f"{path}:2", f"{path}:3", f"{path}:3"]


def test_no_rule_of_the_library_is_refused() -> None:
    rowwise = [rule for rule in RULEBOOK.rules if rule.operation is Operation.ROWWISE]
    assert len(rowwise) > 100
    assert [told for rule in rowwise for told in complaints(rule.function)] == []
