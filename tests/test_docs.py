"""The pages of the site: their examples run, and what is generated tells every scheme, rule, value and column."""

from __future__ import annotations

import doctest
import importlib
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from civaffairs.people.household import COLUMNS
from civaffairs.schemes import RULEBOOK, SCHEMES

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *DOCS.glob("registers/*.md")])
EXAMPLES = re.compile(r"^```python\n(>>>.*?)^```$", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^\(([a-z]+-[^)]+)\)=$|\{#([^}]+)\}", re.MULTILINE)
LINK = re.compile(r"\]\(#([^)]+)\)")


def extension(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """One of the modules that write pages; they need no Sphinx for it."""
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module(name)


def examples(page: Path) -> list[doctest.Example]:
    """The examples of a page, in order, without the fences around them."""
    text = page.read_text("utf-8")
    parser = doctest.DocTestParser()
    found = []
    for block in EXAMPLES.finditer(text):
        first = text.count("\n", 0, block.start(1))
        for example in parser.get_examples(block[1]):
            example.lineno += first
            found.append(example)
    return found


WITH_EXAMPLES = [page for page in PAGES if examples(page)]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_run(page: Path) -> None:
    test = doctest.DocTest(examples(page), {"__name__": page.stem}, page.name, str(page), 0, None)
    told: list[str] = []
    failed, tried = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=told.append)
    assert tried
    assert not failed, "".join(told)


def test_no_example_escapes() -> None:
    for page in PAGES:
        assert page.read_text("utf-8").count("\n>>> ") == sum(
            block[1].count("\n>>> ") + 1 for block in EXAMPLES.finditer(page.read_text("utf-8"))
        ), page.name


def test_that_an_example_is_wrong_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Sums\n\n```python\n>>> 1 + 1\n3\n```\n", "utf-8")
    assert [example.want for example in examples(page)] == ["3\n"]


def test_every_scheme_rule_value_and_pair_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = extension("_ext_schemes", monkeypatch).pages()
    told = Counter(found[1] or found[2] for text in pages.values() for found in TARGET.finditer(text))
    expected = {f"rule-{name}" for name in RULEBOOK.by_name} | {f"value-{name}" for name in RULEBOOK.parameters}
    expected |= {f"pair-{pair.first}-{pair.second}" for pair in RULEBOOK.pairs}
    assert expected <= told.keys()
    assert set(told.values()) == {1}
    assert {f"{scheme.name}.md" for scheme in SCHEMES} <= pages.keys()


def test_every_pair_can_be_looked_up_in_the_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    links = Counter(LINK.findall(extension("_pairs", monkeypatch).grid()))
    for pair in RULEBOOK.pairs:
        # A benefit that is only on record has a row and no column.
        assert links[f"pair-{pair.first}-{pair.second}"] == (2 if pair.schemes <= RULEBOOK.schemes.keys() else 1)


def test_every_scheme_has_one_card_on_the_index_and_says_what_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = extension("_ext_schemes", monkeypatch).pages()
    cards = Counter(re.findall(r"^:link: (\w+)$", pages["index.md"], re.MULTILINE))
    assert cards == Counter(scheme.name for scheme in SCHEMES)
    for scheme in SCHEMES:
        paid = [line for line in pages[f"{scheme.name}.md"].splitlines() if line.startswith("- How much a month")]
        assert len(paid) == (scheme.amount is not None) + (scheme.name == "dibao")


def test_no_generated_link_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = extension("_ext_tables", monkeypatch)
    texts = [*extension("_ext_schemes", monkeypatch).pages().values(), tables.columns_text(), tables.glossary_text()]
    targets = {found[1] or found[2] for text in texts for found in TARGET.finditer(text)}
    assert {link for text in texts for link in LINK.findall(text)} <= targets


def test_every_declared_unknown_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(extension("_ext_schemes", monkeypatch).pages().values())
    looked = {span.where_to_look for parameter in RULEBOOK.parameters.values() for span in parameter.unknowns}
    assert looked
    assert not [where for where in looked if where not in text]


def test_every_worked_example_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = extension("_ext_schemes", monkeypatch).pages()
    cases = importlib.import_module("cases").load_cases()
    schemes = "".join(text for name, text in pages.items() if name.removesuffix(".md") in RULEBOOK.schemes)
    assert cases
    assert not [case.id for case in cases if f"### {case.id}: {case.title}" not in schemes]


def test_every_column_is_in_the_table_format_once(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = extension("_ext_tables", monkeypatch).GROUPS
    assert sorted(column.name for group in groups.values() for column in group) == sorted(COLUMNS)


def test_every_page_is_in_a_table_of_contents() -> None:
    entries = {
        (page.parent / entry).relative_to(DOCS).as_posix()
        for page in PAGES
        for entry in re.findall(r"^([a-z/-]+)$", page.read_text("utf-8"), re.MULTILINE)
    }
    written = {page.relative_to(DOCS).with_suffix("").as_posix() for page in [*PAGES, *sorted(DOCS.glob("api/*.md"))]}
    assert not written - entries - {"index"}


def test_no_page_uses_sphinx_to_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sphinx", "sphinx.application"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in ("_ext_schemes", "_ext_tables"):
        monkeypatch.delitem(sys.modules, name, raising=False)
        extension(name, monkeypatch)
