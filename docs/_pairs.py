"""How the table of pairs is told: a grid to look a pair up in, and a row for each with its papers, rules and values."""

from __future__ import annotations

from collections.abc import Iterable

from _markdown import bullets, page, table
from _telling import citation_text, dated, link, placed

from civaffairs.law.parameters import Parameter, Row
from civaffairs.law.values import value_text
from civaffairs.rules.matrix import Pair, Together
from civaffairs.schemes import RULEBOOK, SCHEMES
from civaffairs.schemes.pairs import RULED, SETTLED, TOLD_APART

SYMBOLS = {
    Together.BOTH: "✓",
    Together.NOT_BOTH: "✗",
    Together.CHOOSE: "↔",
    Together.TOP_UP: "Δ",
    Together.NEVER: "–",
    Together.OPEN: "·",
}
DECIDED, UNDECIDED = "◇", "?"
LEGEND = (
    *((symbol, how.value, how.label_zh) for how, symbol in SYMBOLS.items()),
    (DECIDED, "as the place has decided", "由当地规定，已有规定"),
    (UNDECIDED, "the place decides, and no source says how", "由当地规定，尚无来源"),
)
CHOICES = {
    "both": "both are paid",
    "first_only": "only the first",
    "second_only": "only the second",
    "higher": "only the higher, the first if they are equal",
}
TOLD = {pair.schemes for pair in RULEBOOK.pairs}
PAYING = {scheme.name: scheme.label_zh for scheme in SCHEMES if any(scheme.name in told for told in TOLD)}
RECORDED = {
    name: RULEBOOK.columns[name].label_zh
    for pair in RULEBOOK.pairs
    for name in (pair.first, pair.second)
    if name not in PAYING
}
"""Benefits that are paid elsewhere, which the roster only states."""

INTRO = """Which benefits may be held together, pair by pair.
A pair that no source settles is not known; only a person who holds both is then not assessed for it.
Money that stays outside the total is told apart, below."""
IN_ORDER = """These are settled amount against amount, one after another, in the order of the rows.
A benefit lost to one is not held against the next, so the order is part of the answer."""
BY_RULES = """These need nothing settled: a rule of one of the two carries the row out,
or there is nothing to carry out. Their order says nothing."""
APART = """Grace, supplements and vouchers stay outside the total:
how they go with most other benefits has not been read anywhere."""


def grid() -> str:
    """Draw every two benefits as a symbol that leads to their row."""
    header = ("", *(f"[{label}]({name}.md)" for name, label in PAYING.items()))
    named = {name: f"[{label}]({name}.md)" for name, label in PAYING.items()}
    named |= {name: f"[{label}](#column-{name})" for name, label in RECORDED.items()}
    rows = [(label, *(cell(name, other) for other in PAYING)) for name, label in named.items()]
    return page(":::{div} pairs", table(header, rows), ":::").rstrip()


def cell(first: str, second: str) -> str:
    """Say in one symbol how two benefits go together; empty where there is no row."""
    found = next((pair for pair in RULEBOOK.pairs if pair.schemes == {first, second} and first != second), None)
    return f"[{symbol(found)}](#{target(found)})" if found else ""


def symbol(pair: Pair) -> str:
    """Give the symbol of a pair."""
    return SYMBOLS.get(pair.how) or (DECIDED if RULEBOOK.parameters[pair.value].rows else UNDECIDED)


def target(pair: Pair) -> str:
    """Name the place where a pair is told."""
    return f"pair-{pair.first}-{pair.second}"


def legend() -> str:
    """Tell the symbols in both languages."""
    return bullets(f"**{symbol}** {english} {chinese}" for symbol, english, chinese in LEGEND)


def rows(pairs: Iterable[Pair]) -> str:
    """Write pairs as rows."""
    header = ("pair", "how they go together", "by which paper", "carried out by")
    return page(":::{div} pair-rows", table(header, map(row_cells, pairs)), ":::").rstrip()


def row_cells(pair: Pair) -> tuple[str, ...]:
    """Write a pair as a row."""
    both = " + ".join((PAYING | RECORDED)[name] for name in (pair.first, pair.second))
    named = f"[{symbol(pair)}]{{#{target(pair)}}} {both}: `{pair.first}`, `{pair.second}`"
    how = f"{pair.how.value} {pair.how.label_zh}"
    value = f": {settled(RULEBOOK.parameters[pair.value])}" if pair.value else ""
    note = f"; {pair.note}" if pair.note else ""
    papers = "; ".join(map(citation_text, pair.cites))
    return named, how + value + note, papers, ", ".join(map(link, carrying(pair)))


def carrying(pair: Pair) -> tuple[str, ...]:
    """Name the rules that carry a pair out: those it names, or those that ask for its value."""
    asking = (rule.name for rule in RULEBOOK.rules if pair.value and pair.value in rule.needs)
    return pair.carried_by or tuple(dict.fromkeys(asking))


def settled(parameter: Parameter) -> str:
    """Say what a value is where it is known, and where it is not."""
    known = [f"{placed(row.place)}: {chosen(parameter, row)} ({dated(row)})" for row in parameter.rows]
    unknown = [f"{placed(span.place)}: **not known**" for span in parameter.unknowns]
    return f"{'; '.join(known + unknown)} [→](#value-{parameter.name})"


def chosen(parameter: Parameter, row: Row) -> str:
    """Say in words what a row decides."""
    return CHOICES.get(str(row.value)) or value_text(row.value, parameter.unit)


def pairs_text() -> tuple[str, ...]:
    """Write the table of pairs, first to look up, then row by row."""
    return (
        "## At a glance 一览",
        grid(),
        legend(),
        "A symbol leads to its row.",
        "## Settled in this order 依次结算",
        IN_ORDER,
        rows(SETTLED),
        "## Carried out by rules 由规则执行",
        BY_RULES,
        rows(RULED),
        "## Told apart 分别列示",
        APART,
        rows(TOLD_APART),
    )
