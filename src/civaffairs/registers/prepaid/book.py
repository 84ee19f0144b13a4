"""A book of prepaid contracts of eldercare homes (养老机构预收费): columns in fen, and the rows that were set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import Problem, Problems, TableError, UsageError, did_you_mean, listed, masked
from civaffairs.identity.credit_code import check_unified_codes
from civaffairs.people.cells import Fault
from civaffairs.people.columns import Column, Kind, Level, columns_of, fact
from civaffairs.people.parsing import Cells, Facts, read_column
from civaffairs.registers.eldercare.kinds import HomeKind
from civaffairs.registers.fields import NOT_STATED, Array

LARGEST_CONTRACT_FEN = 10**9
"""The largest sum of one contract: ten million yuan. Beyond it lies a typing mistake, and within it every product of
the rules fits in 64 bits."""

_CODE_LENGTH = 18


def _money(label_zh: str, meaning: str) -> int | None:
    found: int | None = fact(Kind.FEN, label_zh, meaning, high=LARGEST_CONTRACT_FEN)
    return found


@attrs.frozen(kw_only=True)
class PrepaidContract:
    """What one resident (or family) paid a home in advance; money in fen, ``None`` for what is not stated."""

    contract: str = fact(Kind.KEY, "合同编号", "key of the contract", required=True)
    home: str = fact(Kind.KEY, "养老机构", "key of the home, or its unified social credit code", required=True)
    home_kind: HomeKind | None = fact(Kind.CHOICE, "机构类型", "who built and who runs the home", choices=HomeKind)
    signed_on: date = fact(Kind.DATE, "签订日期", "day on which the contract was signed", required=True)
    paid_on: date | None = fact(Kind.DATE, "付款日期", "day on which the service fee was prepaid")
    from_day: date | None = fact(Kind.DATE, "起始日期", "first day that the prepaid service fee covers")
    months: int | None = fact(Kind.COUNT, "预收月数", "months that the prepaid service fee covers", low=1, high=1200)
    prepaid: int | None = _money("预收养老服务费", "service fee (bed, care, meals) paid in advance")
    bed_fee: int | None = _money("本人月床位费", "the resident's own bed fee a month")
    deposit: int | None = _money("押金", "deposit; 0 where none is taken")
    membership_fee: int | None = _money("会员费", "membership fee; 0 where none is taken")
    gift: int | None = _money("赠送金额", "value given on top of what was paid; 0 where none")
    unit_price: int | None = _money("折扣单价", "what one unit, such as a month, costs as paid")
    list_unit_price: int | None = _money("折扣前单价", "what one unit costs without discount")
    unlimited: bool | None = fact(Kind.FLAG, "不限次数", "whether the fee buys a period of use without limit")
    had_service_before: bool | None = fact(
        Kind.FLAG, "曾接受相同服务", "whether the consumer had had the same service before signing"
    )
    in_custody: bool | None = fact(Kind.FLAG, "银行存管", "whether deposit and membership fee are in bank custody")
    custody_days: int | None = fact(
        Kind.COUNT, "转入存管日数", "days from receipt until the money was in the custody account", high=36_500
    )
    reserve_kept: bool | None = fact(Kind.FLAG, "风险保证金", "whether a risk reserve is kept")
    returns_promised: bool | None = fact(Kind.FLAG, "承诺回报", "whether returns are promised")
    risky_investment: bool | None = fact(Kind.FLAG, "高风险投资", "whether prepaid money is in high-risk investment")


CONTRACT_COLUMNS: Mapping[str, Column] = {c.name: c for c in columns_of(PrepaidContract, Level.RECORD)}
"""The columns of a book, by name."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PrepaidBook:
    """Contracts as columns; make it with `from_contracts` or `from_columns`.

    Attributes
    ----------
    columns
        By name: fen, months and days as `int64`; yes and no as 1 and 0 and kinds of home by their ``number`` (`int8`);
        days as ``datetime64[D]``. Not stated is -1, in days ``NaT``.
    rows
        Row of the input, from 1, of each contract kept.
    rows_in
        How many rows came in: those kept and those set aside.
    problems
        What is wrong with the rows that were set aside.
    """

    columns: Mapping[str, Array]
    rows: NDArray[np.int64]
    rows_in: int
    problems: Problems = attrs.field(factory=Problems)

    @classmethod
    def from_contracts(cls, contracts: Iterable[PrepaidContract]) -> PrepaidBook:
        """Hold records as a book; money in fen.

        Examples
        --------
        >>> book = PrepaidBook.from_contracts(
        ...     [PrepaidContract(contract="A", home="H", signed_on=date(2025, 6, 1), deposit=2_400_000)]
        ... )
        >>> book["deposit"].tolist(), book["in_custody"].tolist()
        ([2400000], [-1])
        """
        every = list(contracts)
        cells = {name: [getattr(each, name) for each in every] for name in CONTRACT_COLUMNS}
        return cls.from_columns(cells, in_fen=True)

    @classmethod
    def from_columns(cls, table: Mapping[str, Cells], *, in_fen: bool = False) -> PrepaidBook:
        """Read a table; a row with a fault is set aside and told, the others go on.

        Parameters
        ----------
        table
            Cells by column; a column that is left out is not stated.
        in_fen
            Whether whole numbers in columns of money are fen; they are yuan otherwise.

        Raises
        ------
        TableError
            If a needed column is missing, one is unknown, or they differ in length.

        Examples
        --------
        >>> book = PrepaidBook.from_columns(
        ...     {
        ...         "contract": ["A", "B"],
        ...         "home": ["H", "H"],
        ...         "signed_on": ["2025-06-01"] * 2,
        ...         "deposit": ["24,000", "x"],
        ...     }
        ... )
        >>> book
        <book of 1 prepaid contract; 1 row set aside>
        >>> print(book.problems)
        row 2, deposit: 'x' is not an amount of yuan; write digits with at most two decimals, as in 1380.00
        """
        rows_in = _check_table(table)
        unsaid: list[object] = [None] * rows_in
        facts = {
            name: read_column(column, table.get(name, unsaid), in_fen=in_fen)
            for name, column in CONTRACT_COLUMNS.items()
        }
        held = {name: _held(column, facts[name]) for name, column in CONTRACT_COLUMNS.items()}
        problems = [*_cell_faults(table, facts), *_row_faults(held)]
        problems.sort(key=lambda problem: problem.row or 0)
        kept = np.ones(rows_in, np.bool_)
        kept[[problem.row - 1 for problem in problems if problem.row]] = False
        rows = np.flatnonzero(kept)
        return cls(
            columns={name: values[rows] for name, values in held.items()},
            rows=rows + 1,
            rows_in=rows_in,
            problems=Problems(problems),
        )

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> Array:
        if name not in self.columns:
            msg = f"a book has no column {masked(name)!r}{did_you_mean(name, self.columns)}"
            raise UsageError(msg)
        return self.columns[name]

    def take(self, rows: Array) -> PrepaidBook:
        """Take some of the contracts, by position or by a mask, in the order given."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        return PrepaidBook(columns=columns, rows=self.rows[rows], rows_in=len(self.rows[rows]))

    def __repr__(self) -> str:
        aside = self.rows_in - len(self)
        ends = ["" if number == 1 else "s" for number in (len(self), aside)]
        return f"<book of {len(self)} prepaid contract{ends[0]}; {aside} row{ends[1]} set aside>"


def _check_table(table: Mapping[str, Cells]) -> int:
    """Refuse what is no table of contracts; give the number of its rows."""
    faults = [
        f"unknown column {masked(n)!r}{did_you_mean(n, CONTRACT_COLUMNS)}" for n in table if n not in CONTRACT_COLUMNS
    ]
    faults += [f"missing column {c.name!r} ({c.meaning})" for c in _required() if c.name not in table]
    lengths = {name: len(cells) for name, cells in table.items()}
    if len(set(lengths.values())) > 1:
        faults.append(f"columns differ in length: {listed(f'{masked(n)} has {size}' for n, size in lengths.items())}")
    if faults:
        raise TableError("\n".join(["this is not a table of prepaid contracts", *faults]))
    return next(iter(lengths.values()))


def _required() -> list[Column]:
    return [column for column in CONTRACT_COLUMNS.values() if column.required]


def _held(column: Column, facts: Facts) -> Array:
    """Hold a column as it was read, with the mark of what is not stated."""
    if column.kind is Kind.DATE:
        days = facts.values.astype("datetime64[D]")
        days[~facts.stated] = np.datetime64("NaT")
        return days
    if column.kind is Kind.KEY:
        return facts.values
    width = np.int8 if column.kind in (Kind.FLAG, Kind.CHOICE) else np.int64
    return np.where(facts.stated, facts.values, NOT_STATED).astype(width)


def _cell_faults(table: Mapping[str, Cells], facts: Mapping[str, Facts]) -> list[Problem]:
    """Tell every cell that cannot be read, and every needed one that is empty."""
    found = [(row, name, table[name][row], fault) for name, read in facts.items() for row, fault in read.faults]
    for column in _required():
        faulty = {row for row, _ in facts[column.name].faults}
        missing = Fault("is missing", column.meaning)
        empty = np.flatnonzero(~facts[column.name].stated).tolist()
        found += [(row, column.name, "", missing) for row in empty if row not in faulty]
    return [
        Problem(row=row + 1, column=name, value="" if cell is None else str(cell), reason=fault.reason, hint=fault.hint)
        for row, name, cell, fault in found
    ]


def _row_faults(held: Mapping[str, Array]) -> list[Problem]:
    """Tell contracts that are there twice, codes that cannot be, and discounts that raise the price."""
    contracts, home = held["contract"], held["home"]
    _, index, counts = np.unique(contracts, return_inverse=True, return_counts=True)
    twice = (counts[index] > 1) & (contracts != "")
    coded = np.flatnonzero(np.strings.str_len(home) == _CODE_LENGTH)
    wrong_code = np.zeros(len(home), np.bool_)
    wrong_code[coded] = ~check_unified_codes(home[coded]).valid if len(coded) else False
    raised = (held["unit_price"] > held["list_unit_price"]) & (held["list_unit_price"] != NOT_STATED)
    checks = (
        (twice, "contract", "is there more than once", "give each contract one row"),
        (wrong_code, "home", "is not a unified social credit code", "look for a mistyped character"),
        (raised, "list_unit_price", "is below the discounted price", "exchange the two prices, or correct them"),
    )
    return [
        Problem(row=row + 1, column=column, value=str(held[column][row]), reason=reason, hint=hint)
        for wrong, column, reason, hint in checks
        for row in np.flatnonzero(wrong).tolist()
    ]
