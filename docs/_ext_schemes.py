"""One page a scheme, written from the rulebook when the site is built: rules, values, papers and worked examples."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _markdown import bullets, page, table, toctree, write_folder
from _pairs import INTRO, pairs_text
from _telling import link, paper_cells, paper_text, papers_behind, rule_text, value_section

from civaffairs import schemes
from civaffairs.law.citation import documents
from civaffairs.money import yuan, yuan_text
from civaffairs.people.columns import Kind
from civaffairs.rules.rule import AnyRule, Unit
from civaffairs.rules.rulebook import Scheme
from civaffairs.rules.values import CONVENTION_TEXTS, Conventions
from civaffairs.schemes import RULEBOOK, SCHEMES

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


HOW_MUCH = {Unit.FEN_MONTH: "How much a month", Unit.FEN_ONCE: "How much at a time"}
GROUPS = {
    "month": "Money every month 按月发放",
    "once": "Money once 一次性给付",
    "recognition": "Recognition and duties 认定与职责",
    "service": "Services 服务",
}
"""What schemes give, in the order of the index."""

# What belongs on which page


def closure(names: Iterable[str]) -> set[str]:
    """Name every rule, value and column behind some rules, in any of their versions."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            needs = [need for rule in RULEBOOK.by_name.get(name, ()) for need in rule.needs]
            waiting += [part for need in needs for part in need.split("@")]
    return found


@cache
def behind(scheme: Scheme) -> frozenset[str]:
    """Name everything behind a scheme's verdict and amount, overlaps left aside."""
    return frozenset(closure(rule.name for rule in scheme.targets))


@cache
def behind_payable(scheme: Scheme) -> frozenset[str]:
    """Name everything behind what is left of a scheme beside the others."""
    return frozenset(closure([scheme.payable.name] if scheme.payable else []))


@cache
def schemes_of(module: str) -> tuple[Scheme, ...]:
    """List the schemes whose verdict or amount stands in a module."""
    own = {rule.name for rule in MODULES[module].RULES}
    return tuple(s for s in SCHEMES if own & {rule.name for rule in (s.verdict, s.amount) if rule})


def home_in(module: str, name: str) -> str:
    """Name the page for a rule or value of a module.

    That of the module's first scheme that needs it; where none of several does, of the first other one. A module
    without a scheme of its own is shared, unless only one scheme needs it.
    """
    own = schemes_of(module)
    if module == OVERLAPS:
        return OVERLAPS
    if not own:
        names = {rule.name for rule in MODULES[module].RULES}
        needing = [scheme.name for scheme in SCHEMES if names & behind(scheme)]
        return needing[0] if len(needing) == 1 else SHARED
    needing = [scheme.name for scheme in own if name in behind(scheme)]
    if not needing and len(own) > 1:
        needing = [scheme.name for scheme in SCHEMES if name in behind(scheme) | behind_payable(scheme)]
    return needing[0] if needing else own[0].name


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
    modules = [name for name in MODULES if scheme in {each.name for each in schemes_of(name)}]
    paths = [(module, CASES / f"{module}.toml") for module in modules]
    cases = [
        (case, module)
        for module, path in paths
        if path.exists()
        for case in tomllib.loads(path.read_text("utf-8"))["case"]
    ]
    return [case for case, module in cases if scheme in pages_of(case, module)]


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
    facts = [*answers(scheme), f"Values of the place in the column {link(scheme.place)}"]
    facts += [f"Assessed for days from {begins} on"]
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


def answers(scheme: Scheme) -> Iterator[str]:
    """Tell what a scheme answers: who is entitled, to how much a month or at a time, and what else is told with it."""
    yield f"Who is entitled: {told(scheme.verdict)}"
    money = [rule for rule in (scheme.amount, *scheme.keep) if rule and rule.unit in HOW_MUCH]
    yield from (f"{HOW_MUCH[rule.unit]}: {told(rule)}" for rule in money)
    if scheme.payable:
        yield f"What is left beside other benefits: {told(scheme.payable)}"
    if not money:
        yield "Pays no money of its own"
    beside = [told(rule) for rule in scheme.keep if rule not in money]
    if beside:
        yield f"Told with it: {'; '.join(beside)}"


def told(rule: AnyRule) -> str:
    """Link to a rule by its name and its Chinese term, and say of what it tells."""
    return f"{link(rule.name)} {rule.label_zh} ({rule.level.value} {rule.level.label_zh})"


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


def group_of(scheme: Scheme) -> str:
    """Say what a scheme gives: a service, money every month, money once, or recognition only."""
    if scheme in schemes_of("services"):
        return "service"
    units = {rule.unit for rule in scheme.targets}
    if scheme.amount:
        return "month"
    return "once" if Unit.FEN_ONCE in units else "recognition"


def index_page() -> str:
    """Write the page that lists the schemes, by what they give."""
    card = ":::{{grid-item-card}} {0.title} {0.label_zh}\n:link: {0.name}\n:link-type: doc\n\n{0.summary}\n:::"
    groups = {title: [each for each in SCHEMES if group_of(each) == kind] for kind, title in GROUPS.items()}
    grids = [
        page(
            f"## {title}",
            "::::{grid} 1 1 2 2\n:gutter: 3\n\n" + "\n\n".join(map(card.format, found)) + "\n\n::::",
            toctree([scheme.name for scheme in found], caption=title),
        ).rstrip()
        for title, found in groups.items()
        if found
    ]
    intro = """What the law gives, who is entitled, and by which article.
These pages are written from the very rules and values that the library computes with.
Which benefits may be held together is told under [overlaps](overlaps.md)."""
    beneath = toctree([SHARED, OVERLAPS, "conventions", "papers"], caption="Beneath them 共同基础")
    return page("# Schemes 救助与福利", intro, *grids, beneath)


def pages() -> dict[str, str]:
    """Write every page of the folder, by file name."""
    means = "Whom a family counts, what it earns, and what a severe disability is: rules that several schemes share."
    texts = {scheme.name: scheme_page(scheme) for scheme in SCHEMES}
    texts |= {SHARED: module_page(SHARED, means), OVERLAPS: module_page(OVERLAPS, INTRO, *pairs_text())}
    texts |= {"index": index_page(), "conventions": conventions_page(), "papers": papers_page()}
    return {f"{name}.md": text for name, text in texts.items()}


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before Sphinx looks for them."""
    app.connect("builder-inited", lambda app: write_folder(Path(app.srcdir) / "schemes", pages()))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
