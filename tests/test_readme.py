"""The README's examples give what the README says."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

README = Path(__file__).parents[1] / "README.md"


def test_the_examples_of_the_readme_run() -> None:
    code = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert len(code) == 2
    names: dict[str, object] = {}
    for example in code:
        exec(compile(example, str(README), "exec"), names)
    result, dibao = names["result"], names["dibao"]
    assert np.array_equal(result[dibao.dibao_amount], [30_000])  # type: ignore[index, attr-defined]


def test_what_the_readme_says_of_a_register_is_so() -> None:
    text = README.read_text("utf-8")
    lines = re.findall(r"^(register\..*?)  # (.*?)(?:, .*)?$", text, re.MULTILINE)
    assert len(lines) == 2
    names: dict[str, object] = {}
    exec("from datetime import date", names)
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[1], names)
    for written, told in lines:
        assert eval(written, names) == eval(told, names)
