"""One page a scheme, written from the rulebook when the site is built: rules, values, papers and worked examples."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _markdown import bullets, page, table, toctree, write_folder
from _telling import dated, link, paper_cells, paper_text, papers_behind, placed, rule_text, value_section

from civaffairs import schemes
from civaffairs.law.citation import documents
from civaffairs.law.parameters import Parameter
from civaffairs.money import yuan, yuan_text
from civaffairs.people.columns import Kind
from civaffairs.rules.rulebook import Scheme
from civaffairs.rules.values import CONVENTION_TEXTS, Conventions
from civaffairs.schemes import RULEBOOK, SCHEMES
from civaffairs.schemes.overlaps import CELLS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CASES = Path(__file__).parents[1] / "tests" / "cases"
MODULES = {name: module for name in schemes.__all__ if hasattr(module := getattr(schemes, name), "RULES")}
SHARED, OVERLAPS = "means", "overlaps"
NAMES = {scheme.name: (scheme.title, scheme.label_zh) for scheme in SCHEMES} | {
    SHARED: ("Members and means", "家庭成员与家庭经济状况"),
    OVERLAPS: ("Overlaps", "待遇叠加"),
}
TAGS = {
    "V": "the law and published amounts alone",
    "GX25": "the rules of Guangxi as a secondary source gives them",
    "P": "a choice that nobody has published, named here",
}
"""What a worked example rests on, by its tag."""
PERSONAS = "Facts that an example does not name are those of an ordinary member: at home, well, without income."


# What belongs on which page


def closure(names: Iterable[str]) -> set[str]:
    """Name every rule, value and column behind some rules, in any of their versions."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [need for rule in RULEBOOK.by_name.get(name, ()) for need in rule.needs]
    return found


def behind(scheme: Scheme) -> set[str]:
    """Name everything behind a scheme's verdict and amount, overlaps left aside."""
    return closure(rule.name for rule in scheme.targets)


def schemes_of(module: str) -> list[Scheme]:
    """List the schemes whose rules stand in a module."""
    own = {rule.name for rule in MODULES[module].RULES}
    return [scheme for scheme in SCHEMES if scheme.verdict.name in own]


def home_in(module: str, name: str) -> str:
    """Name the page for a rule or value of a module: that of the first scheme that needs it."""
    own = schemes_of(module)
    if not own:
        return OVERLAPS if module == OVERLAPS else SHARED
    return next((scheme.name for scheme in own if name in behind(scheme)), own[0].name)


def homes() -> dict[str, str]:
    """Say on which page each rule and each value is told; everything has one page."""
    rules = {rule.name: home_in(module, rule.name) for module, each in MODULES.items() for rule in each.RULES}
    values = {
        name: home_in(module, name) for module, each in MODULES.items() for name in getattr(each, "PARAMETERS", {})
    }
    return rules | values


HOMES = homes()


# Worked examples


def cases_of(scheme: str) -> list[dict[str, Any]]:
    """Read the worked examples that are told on a scheme's page; none where the tests are not at hand."""
    module = next(name for name in MODULES if scheme in {each.name for each in schemes_of(name)})
    path = CASES / f"{module}.toml"
    cases = tomllib.loads(path.read_text("utf-8"))["case"] if path.exists() else []
    return [case for case in cases if scheme in pages_of(case, module)]


def pages_of(case: Mapping[str, Any], module: str) -> set[str]:
    """Say on which of a module's pages an example is told: where what it expects is told, or on the first."""
    payable = {scheme.payable.name: scheme.name for scheme in SCHEMES if scheme.payable}
    every = [case.get("expect", {}), *(person.get("expect", {}) for person in case["person"])]
    told = {payable.get(name, HOMES.get(name, "")) for expected in every for name in expected}
    own = [scheme.name for scheme in schemes_of(module)]
    return told & set(own) or {own[0]}


def case_text(case: Mapping[str, Any]) -> str:
    """Tell one worked example."""
    on = f"On {case['on']}" if "on" in case else "On 2025-06-01"
    rests = f"{on}. Rests on {TAGS[case['tag']]}: {case['source']}."
    assumed = [f"`{name}` = {written(name, value)}" for name, value in case.get("assume", {}).items()]
    rows = [("household", written_all(case.get("household", {})), written_all(case.get("expect", {})))]
    for number, person in enumerate(case["person"], 1):
        facts = {name: value for name, value in person.items() if name not in {"is", "expect"}}
        rows.append((f"{number}. {person['is']}", written_all(facts), written_all(person.get("expect", {}))))
    shown = [row for row in rows if row[0] != "household" or any(row[1:])]
    return page(
        f"### {case['id']}: {case['title']}",
        rests,
        f"Assumed: {'; '.join(assumed)}." if assumed else "",
        table(("who", "facts", "expected"), shown),
    ).rstrip()


def written_all(facts: Mapping[str, Any]) -> str:
    """Write facts or answers in one cell."""
    return "; ".join(f"`{name}` {written(name, value)}" for name, value in facts.items())


def written(name: str, value: Any) -> str:  # noqa: ANN401 -- as TOML gives it
    """Write one fact or answer: yes or no, yuan, a scale, or as it is."""
    column = RULEBOOK.columns.get(name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and "steps" in value:
        return ", ".join(f"{amount} from {start}" for start, amount in value["steps"])
    money = column.kind is Kind.FEN if column else name in RULEBOOK.by_name
    return f"{yuan_text(yuan(value))} yuan" if isinstance(value, str) and money else str(value)


# Pages


def scheme_page(scheme: Scheme) -> str:
    """Write the page of a scheme."""
    needed = behind(scheme)
    begins = next(day for day in RULEBOOK.boundary_days() if not RULEBOOK.plan(day, schemes=[scheme.name])[1])
    rules = [name for name in RULEBOOK.by_name if HOMES[name] == scheme.name]
    values = [p for name, p in RULEBOOK.parameters.items() if HOMES[name] == scheme.name]
    answers = (
        ("Who is entitled", scheme.verdict),
        ("How much a month", scheme.amount),
        ("What is left beside other benefits", scheme.payable),
    )
    facts = [f"{what}: {link(rule.name)} {rule.label_zh}" for what, rule in answers if rule]
    facts += [f"Values of the place in the column {link(scheme.place)}", f"Assessed for days from {begins} on"]
    cases = [case_text(case) for case in cases_of(scheme.name)]
    papers = table(("paper", "number", "issued", "in force", "read from"), map(paper_cells, papers_behind(needed)))
    return page(
        f"# {scheme.title} {scheme.label_zh}",
        scheme.summary,
        bullets(facts),
        *section("## Papers 依据", [papers]),
        *section("## Values 标准", map(value_section, values)),
        *section("## Rules 规则", [*map(rule_text, rules), elsewhere(needed, scheme.name)]),
        *section("## Worked examples 算例", [PERSONAS, *cases] if cases else []),
    )


def section(title: str, blocks: Iterable[str]) -> list[str]:
    """Put blocks under a title, or leave both out."""
    found = [block for block in blocks if block]
    return [title, *found] if found else []


def elsewhere(names: Iterable[str], here: str) -> str:
    """List what a scheme needs that is told on other pages."""
    away = [name for name in (*RULEBOOK.by_name, *RULEBOOK.parameters) if name in names and HOMES[name] != here]
    pages = [(there, [name for name in away if HOMES[name] == there]) for there in NAMES]
    lists = [f"**{title_of(there)}**: {', '.join(map(link, found))}" for there, found in pages if found]
    return page("### Told elsewhere", bullets(lists)).rstrip() if lists else ""


def title_of(name: str) -> str:
    """Link to a page by its title."""
    return f"[{' '.join(NAMES[name])}]({name}.md)"


def module_page(name: str, intro: str, *before: str) -> str:
    """Write a page of rules and values that no single scheme owns."""
    values = [p for each, p in RULEBOOK.parameters.items() if HOMES[each] == name]
    return page(
        f"# {' '.join(NAMES[name])}",
        intro,
        *before,
        *section("## Values 标准", map(value_section, values)),
        *section("## Rules 规则", (rule_text(each) for each in RULEBOOK.by_name if HOMES[each] == name)),
    )


def matrix() -> str:
    """Write the table of pairs, in the order in which they are settled."""
    rows = [
        (cell.label_zh, *(f"`{part}`" for part in (cell.first, cell.second)), settled(RULEBOOK.parameters[cell.name]))
        for cell in CELLS
    ]
    return table(("pair", "first", "second", "how they go together"), rows)


def settled(parameter: Parameter) -> str:
    """Say how a pair is settled where it is, and where it is not."""
    known = [f"{placed(row.place)}: {CHOICES[str(row.value)]} ({dated(row)})" for row in parameter.rows]
    unknown = [f"{placed(span.place)}: **not known**" for span in parameter.unknowns]
    return f"{'; '.join(known + unknown)} [→](#value-{parameter.name})"


CHOICES = {
    "both": "both are paid",
    "first_only": "only the first",
    "second_only": "only the second",
    "higher": "only the higher, the first if they are equal",
}


def papers_page() -> str:
    """Write the bibliography."""
    intro = """Every paper that a rule or a value stands on, and how its text was read:
from the issuer (发布机关原文), from a third party's copy (第三方副本), or from somebody's account of it (间接转述).
A result that stands on the last kind says so."""
    return page("# Papers 文件", intro, *map(paper_text, documents().values()))


def conventions_page() -> str:
    """Write the open readings."""
    defaults = {name: getattr(Conventions(), name) for name in Conventions.__annotations__}
    told = []
    for name, (english, chinese) in CONVENTION_TEXTS.items():
        default = defaults.get(name)
        chosen = default if isinstance(default, Enum) else None
        users = dict.fromkeys(rule.name for rule in RULEBOOK.rules if name in rule.conventions)
        facts = [
            f"Default: `{chosen.value}` {chosen.label_zh}" if chosen else "",
            "May be: " + ", ".join(f"`{m.value}` {m.label_zh}" for m in type(chosen)) if chosen else "",
            f"May be declined: `Conventions({name}=False)`" if default is True else "",
            f"Relied on by {', '.join(map(link, users))}" if users else "",
        ]
        head = f"## {chinese}: {name.replace('_', ' ')}"
        told.append(page(head, f"{english[0].upper()}{english[1:]}.", bullets(fact for fact in facts if fact)).rstrip())
    intro = """The law leaves some readings open. Each has a default, may be changed, and is printed with every result
that rests on it. Nothing else that the law leaves open has a default: it is a declared unknown."""
    return page("# Conventions 通行理解", intro, *told)


def index_page() -> str:
    """Write the page that lists the schemes."""
    card = ":::{{grid-item-card}} {0.title} {0.label_zh}\n:link: {0.name}\n:link-type: doc\n\n{0.summary}\n:::"
    cards = [card.format(scheme) for scheme in SCHEMES]
    grid = "::::{grid} 1 1 2 2\n:gutter: 3\n\n" + "\n\n".join(cards) + "\n\n::::"
    intro = """What the law gives, who is entitled, and by which article.
These pages are written from the very rules and values that the library computes with."""
    return page(
        "# Schemes 救助与福利",
        intro,
        grid,
        toctree([scheme.name for scheme in SCHEMES], caption="Schemes 救助与福利"),
        toctree([SHARED, OVERLAPS, "conventions", "papers"], caption="Beneath them 共同基础"),
    )


def pages() -> dict[str, str]:
    """Write every page of the folder, by file name."""
    means = "Whom a family counts, what it earns, and what a severe disability is: rules that several schemes share."
    overlaps = """Which benefits may be held together, pair by pair, in the order in which the pairs are settled.
A benefit lost to one is not held against the next.
A pair that no source settles is not known; only a person who holds both is then not assessed for it."""
    texts = {scheme.name: scheme_page(scheme) for scheme in SCHEMES}
    texts |= {SHARED: module_page(SHARED, means), OVERLAPS: module_page(OVERLAPS, overlaps, matrix())}
    texts |= {"index": index_page(), "conventions": conventions_page(), "papers": papers_page()}
    return {f"{name}.md": text for name, text in texts.items()}


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before Sphinx looks for them."""
    app.connect("builder-inited", lambda app: write_folder(Path(app.srcdir) / "schemes", pages()))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
