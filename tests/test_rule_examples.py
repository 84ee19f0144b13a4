"""The examples in the docstrings of rules, which are records and not functions to a collector of doctests."""

from __future__ import annotations

import doctest
import sys

import pytest

from civaffairs.comparators import RULEBOOKS
from civaffairs.rules.rule import AnyRule
from civaffairs.schemes import RULEBOOK
from civaffairs.schemes.obligors import OBLIGORS

RULES = {rule for book in (RULEBOOK, OBLIGORS, *RULEBOOKS.values()) for rule in book.rules}
FINDER = doctest.DocTestFinder(recurse=False)


def examples_of(rule: AnyRule) -> list[doctest.DocTest]:
    """The examples of one rule, with the names of its module at hand."""
    module = sys.modules[rule.function.__module__]
    found = FINDER.find(rule.function, rule.name, globs=dict(vars(module)))
    return [test for test in found if test.examples]


WITH_EXAMPLES = sorted((rule for rule in RULES if examples_of(rule)), key=lambda rule: (rule.name, rule.since))


def test_many_rules_have_an_example() -> None:
    assert len(WITH_EXAMPLES) > 20


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: f"{rule.name}-{rule.since}")
def test_the_example_of_a_rule_holds(rule: AnyRule) -> None:
    told: list[str] = []
    for test in examples_of(rule):
        failed, tried = doctest.DocTestRunner().run(test, out=told.append)
        assert tried
        assert not failed, "".join(told)
