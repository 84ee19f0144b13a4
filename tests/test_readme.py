"""The README's example gives what the README says."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

README = Path(__file__).parents[1] / "README.md"


def test_the_example_of_the_readme_runs() -> None:
    code = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert len(code) == 1
    names: dict[str, object] = {}
    exec(compile(code[0], str(README), "exec"), names)
    result, dibao = names["result"], names["dibao"]
    assert np.array_equal(result[dibao.dibao_amount], [30_000])  # type: ignore[index, attr-defined]
