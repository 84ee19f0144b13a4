"""The command line: assess, explain, audit, and ask what the law says; whatever is heavy is imported when needed."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from civaffairs import __version__
from civaffairs.errors import CivaffairsError, UsageError, did_you_mean, listed

if TYPE_CHECKING:
    from civaffairs.assessment import Assessment
    from civaffairs.rules.explain import Language
    from civaffairs.rules.rule import AnyRule
    from civaffairs.rules.rulebook import Rulebook

COMPLETE, BAD_USAGE, NOT_ASSESSED, REJECTS, DIFFERENCES = 0, 2, 3, 4, 5
_CODES = """exit codes:
  0  complete
  2  bad usage, or a file that cannot be read
  3  something was not assessed, or not assessable
  4  rows were set aside, under --strict
  5  an audit found payments that are not as owed"""
CITY = "450100"
"""The division that is asked about unless another is named: Nanning."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit code.

    Parameters
    ----------
    argv
        The arguments; those of the process when left out.

    Examples
    --------
    >>> main(["parameters", "--scheme", "edge_famly"])
    2
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows a mark in its place.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else COMPLETE
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = _Warnings().show
        try:
            return _COMMANDS[arguments.command](arguments)
        except BrokenPipeError:
            # Whoever reads the output has read enough; what is left of it must not be written at exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return COMPLETE
        except OSError as fault:
            print(f"civaffairs: {fault.filename}: {fault.strerror}", file=sys.stderr)
            return BAD_USAGE
        except CivaffairsError as fault:
            print(f"civaffairs: {fault}", file=sys.stderr)
            return BAD_USAGE


class _Warnings:
    """Shows each warning once, on one line."""

    def __init__(self) -> None:
        self.shown: set[str] = set()

    def show(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        text = " ".join(str(message).split())
        if text not in self.shown:
            self.shown.add(text)
            print(f"civaffairs: warning: {text}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="civaffairs",
        description="Civil-affairs benefits of a Chinese city, exact to the fen, with the article behind every figure.",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"civaffairs {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, does: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=does,
            description=f"{does[0].upper()}{does[1:]}.",
            epilog=_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        made.add_argument("--lang", choices=["en", "zh"], default="en", help="language of what is printed")
        return made

    assess = command("assess", "work out who is owed what, and what could not be assessed")
    _roster(assess)
    assess.add_argument("-o", "--output", metavar="FOLDER", help="new or empty folder for all results")
    assess.add_argument("--format", choices=["csv", "parquet"], help="of the two large tables; as the roster otherwise")
    assess.add_argument("--overwrite", action="store_true", help="replace the results of an earlier run in the folder")
    assess.add_argument("--strict", action="store_true", help="fail if any row is set aside")
    assess.add_argument("--threads", type=int, choices=[1, 2], help="chosen by size otherwise")

    explain = command("explain", "tell why one household gets what it gets")
    _roster(explain)
    explain.add_argument("--household", required=True, metavar="KEY", help="key of the household")
    explain.add_argument("--person", metavar="KEY", help="only this person's numbers")
    explain.add_argument("--rule", metavar="NAME", help="what to explain; everything payable otherwise")
    explain.add_argument("--json", action="store_true", help="as data instead of text")

    audit = command("audit", "compare what was paid with what is owed")
    _roster(audit)
    audit.add_argument("--paid", required=True, metavar="FILE", help="household_id, person_id, scheme, paid")
    audit.add_argument("-o", "--output", metavar="FILE", help="CSV or Parquet file for all findings")
    audit.add_argument("--strict", action="store_true", help="fail if any row of either table is set aside")

    parameters = command("parameters", "list the values in force in a place, or where to look for them")
    parameters.add_argument("--on", metavar="DAY", help="today otherwise")
    _law(parameters)
    _place(parameters)
    parameters.add_argument("-o", "--output", metavar="FILE", help="CSV file for the list")

    changes = command("changes", "list the rules and values that differ between two days")
    changes.add_argument("--from", required=True, metavar="DAY", dest="first")
    changes.add_argument("--to", required=True, metavar="DAY", dest="last")
    _law(changes, schemes=False)
    _place(changes)
    changes.add_argument("-o", "--output", metavar="FILE", help="CSV file for the list")

    template = command("template", "write an empty roster with the columns that schemes need")
    template.add_argument("--on", metavar="DAY", help="today otherwise")
    _law(template)
    _place(template)
    template.add_argument("-o", "--output", metavar="FILE", help="CSV file to begin; its columns are told beside it")
    template.add_argument("--overwrite", action="store_true", help="replace the files if they are there")

    demo = command("demo", "run everything on the examples")
    demo.add_argument("-o", "--output", metavar="FOLDER", default="civaffairs-demo", help="where to write the results")
    return parser


def _roster(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("roster", metavar="ROSTER", help="CSV or Parquet file, one row a person")
    parser.add_argument("--on", required=True, metavar="DAY", help="the day, as 2026-08-01")
    _law(parser)


def _law(parser: argparse.ArgumentParser, *, schemes: bool = True) -> None:
    parser.add_argument("--known", metavar="DAY", help="use only what was public by this day")
    parser.add_argument("--sources", metavar="FILE", help="your own notices, cited (TOML)")
    parser.add_argument("--assume", metavar="FILE", help="assumed values (TOML); results say that they are assumed")
    if schemes:
        parser.add_argument("--scheme", action="append", metavar="NAME", help="only this scheme; may be repeated")


def _place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--place", default=CITY, metavar="CODE", help=f"division code; {CITY} otherwise")


def _day(text: str | None) -> date:
    from civaffairs.assessment import as_date

    return date.today() if text is None else as_date(text)


def _known(arguments: argparse.Namespace) -> date | None:
    return None if arguments.known is None else _day(arguments.known)


def _language(arguments: argparse.Namespace) -> Language:
    from civaffairs.rules.explain import language_of

    return language_of(arguments.lang)


def _rulebook(arguments: argparse.Namespace) -> Rulebook:
    from civaffairs.schemes import RULEBOOK

    book = RULEBOOK if arguments.sources is None else RULEBOOK.with_file(Path(arguments.sources))
    return book if arguments.assume is None else book.with_file(Path(arguments.assume), assumed=True)


def _inputs(arguments: argparse.Namespace) -> dict[str, str]:
    named = {"roster": arguments.roster, "sources": arguments.sources, "assumptions": arguments.assume}
    return {what: path for what, path in named.items() if path is not None}


def _parts(arguments: argparse.Namespace) -> Iterator[Assessment]:
    from civaffairs.assessment.assess import assess_parts

    return assess_parts(
        arguments.roster,
        on=_day(arguments.on),
        known=_known(arguments),
        schemes=arguments.scheme,
        rulebook=_rulebook(arguments),
        threads=arguments.threads,
    )


def _watched(parts: Iterable[Assessment]) -> Iterator[Assessment]:
    """Count the rows on the terminal, if there is one."""
    shown, rows = sys.stderr.isatty(), 0
    for part in parts:
        yield part
        rows += part.rows_in
        if shown:
            print(f"\r{rows:,} rows", end="", file=sys.stderr, flush=True)
    if shown:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _assess(arguments: argparse.Namespace) -> int:
    from civaffairs.outputs import report, write_parts

    parts = _watched(_parts(arguments))
    if arguments.output is None:
        whole = report(parts)
    else:
        ending = f".{arguments.format}" if arguments.format else Path(arguments.roster).suffix.lower()
        whole = write_parts(
            parts,
            arguments.output,
            ending=ending,
            inputs=_inputs(arguments),
            overwrite=arguments.overwrite,
            language=arguments.lang,
        )
    print(whole.text(arguments.lang))
    if arguments.strict and whole.rows_set_aside:
        return REJECTS
    return NOT_ASSESSED if len(whole.not_assessed) or not whole.households else COMPLETE


def _explain(arguments: argparse.Namespace) -> int:
    import json

    from civaffairs.assessment import assess
    from civaffairs.tables import stream

    on, known, book = _day(arguments.on), _known(arguments), _rulebook(arguments)
    rule = None if arguments.rule is None else _rule(book, arguments.rule, on, known)
    aside: list[str] = []
    for population, rejects in stream(arguments.roster, today=on):
        at = (population.household["household_id"] == arguments.household).nonzero()[0]
        if len(at):
            family = population.part(int(at[0]), int(at[0]) + 1)
            keep = () if rule is None else (rule,)
            result = assess(family, on=on, known=known, schemes=arguments.scheme, rulebook=book, keep=keep)
            told = result.explain(0, rule, person=arguments.person, language=arguments.lang)
            print(json.dumps(told.to_dict(), ensure_ascii=False, indent=2) if arguments.json else told)
            return COMPLETE if told.known_throughout else NOT_ASSESSED
        keys = dict(zip(rejects.rows.tolist(), rejects.columns.get("household_id", []), strict=True))
        aside += [str(p) for p in rejects.problems if p.row and str(keys[p.row]).strip() == arguments.household]
    if not aside:
        msg = "no household of the roster has that key; keys are compared as they are written"
        raise UsageError(msg)
    print("the household was set aside:", *aside, sep="\n", file=sys.stderr)
    return NOT_ASSESSED


def _rule(book: Rulebook, name: str, on: date, known: date | None) -> AnyRule:
    if name not in book.by_name:
        msg = f"no rule {name!r}{did_you_mean(name, book.by_name)}"
        raise UsageError(msg)
    rule = book.in_force(name, on, known)
    if rule is None:
        since = listed(str(version.since) for version in book.by_name[name])
        msg = f"the rule {name} is not in force, or not known, on {on}; its versions begin on {since}"
        raise UsageError(msg)
    return rule


def _audit(arguments: argparse.Namespace) -> int:
    from civaffairs.assessment import assess
    from civaffairs.audit import Verdict, audit
    from civaffairs.tables import write_table

    result = assess(
        arguments.roster,
        on=arguments.on,
        known=arguments.known,
        schemes=arguments.scheme,
        rulebook=_rulebook(arguments),
    )
    found = audit(result, arguments.paid)
    if arguments.output is not None:
        write_table(found.columns(), arguments.output, money=("owed", "paid", "difference"))
    print(found.text(_language(arguments)))
    if arguments.strict and (result.rows_set_aside or found.problems):
        return REJECTS
    if found.wrong:
        return DIFFERENCES
    return NOT_ASSESSED if found.of(Verdict.NOT_ASSESSABLE) or found.problems or found.unpaid_open else COMPLETE


def _parameters(arguments: argparse.Namespace) -> int:
    from civaffairs.inquiry import parameter_table
    from civaffairs.tables.writing import write_csv

    language = _language(arguments)
    rows = parameter_table(
        _rulebook(arguments), arguments.place, _day(arguments.on), _known(arguments), arguments.scheme
    )
    if arguments.output is not None:
        write_csv(rows.header(language), rows.lines(language), Path(arguments.output))
    print(rows.text(language))
    return COMPLETE


def _changes(arguments: argparse.Namespace) -> int:
    from civaffairs.inquiry import changes
    from civaffairs.tables.writing import write_csv

    language = _language(arguments)
    first, last = _day(arguments.first), _day(arguments.last)
    rows = changes(_rulebook(arguments), first, last, arguments.place, _known(arguments))
    if arguments.output is not None:
        write_csv(rows.header(language), rows.lines(language), Path(arguments.output))
    nothing = "两日之间没有变化" if arguments.lang == "zh" else "nothing differs between the two days"
    print("\n".join(change.text(language) for change in rows) or nothing)
    return COMPLETE


def _template(arguments: argparse.Namespace) -> int:
    from civaffairs.assessment import required
    from civaffairs.assessment.tabular import text_table
    from civaffairs.inquiry import TEMPLATE_HEAD, template_lines
    from civaffairs.tables.writing import write_csv

    needed = required(
        arguments.scheme,
        _day(arguments.on),
        arguments.place,
        rulebook=_rulebook(arguments),
        known=_known(arguments),
    )
    lines = template_lines(needed)
    if arguments.output is not None:
        roster = Path(arguments.output)
        told = roster.with_name(f"{roster.stem}.columns.csv")
        there = [str(path) for path in (roster, told) if path.exists()]
        if there and not arguments.overwrite:
            msg = f"{listed(there)} is there already; name another file, or say --overwrite"
            raise UsageError(msg)
        write_csv(needed.names, [], roster)
        write_csv(TEMPLATE_HEAD, lines, told)
    print(text_table(TEMPLATE_HEAD[:-1], [line[:-1] for line in lines]))
    if arguments.scheme:
        named = " ".join(f"--scheme {name}" for name in arguments.scheme)
        print(f"\nThese are the columns of what was named: assess them with {named}; all benefits together need more.")
    for name, reason, where_to_look in needed.unknown:
        head = "未公布" if arguments.lang == "zh" else "nobody has published"
        print(f"{head}: {name}: {reason}" + (f"; look in: {where_to_look}" if where_to_look else ""))
    return COMPLETE


def _demo(arguments: argparse.Namespace) -> int:
    from civaffairs.research.demonstration import run

    return run(Path(arguments.output), _language(arguments))


_COMMANDS = {
    "assess": _assess,
    "explain": _explain,
    "audit": _audit,
    "parameters": _parameters,
    "changes": _changes,
    "template": _template,
    "demo": _demo,
}
