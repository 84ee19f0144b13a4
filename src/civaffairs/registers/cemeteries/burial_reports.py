"""What press reports print of collective ecological burials (集体生态安葬), held to what the figures come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import attrs

from civaffairs.errors import UsageError
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, documents
from civaffairs.law.tables import Table, parse
from civaffairs.registers.cemeteries.burials import COLLECTIVE_BURIALS, BurialAction, CollectiveBurial
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.history import Register
from civaffairs.registers.kinds import Event

_PRINTED = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<more>多)?(?P<scale>[万亿]?)元")
_SCALES = {"": 100, "万": 10**6, "亿": 10**10}


class Agreement(Labelled):
    """How a sum agrees with the one that is printed."""

    EXACT = ("exact", "一致")
    ROUNDED = ("rounded", "四舍五入后一致")
    CUT_OFF = ("cut_off", "截尾后一致")
    MORE_THAN = ("more_than", "与“多”相符")
    DIFFERS = ("differs", "不符")
    NOT_TOLD = ("not_told", "无法核对")


def agreement(fen: int, printed: str) -> Agreement:
    """Tell how a sum agrees with one that a report prints.

    Parameters
    ----------
    fen
        The sum.
    printed
        Such as ``18.9万元``; ``190多万元`` is more than 1.9 million and less than the next step of its last figure.

    Raises
    ------
    UsageError
        If it is not written so.

    Examples
    --------
    >>> agreement(64_000_00, "6.4万元").value, agreement(189_600_00, "18.9万元").value
    ('exact', 'cut_off')
    >>> agreement(189_600_00, "19.0万元").value, agreement(1_912_800_00, "190多万元").value
    ('rounded', 'more_than')
    """
    found = _PRINTED.fullmatch(printed)
    if found is None:
        msg = f"{printed!r} is no sum as a report prints it; write 18.9万元 or 190多万元"
        raise UsageError(msg)
    number, scale = Decimal(found["number"]), _SCALES[found["scale"]]
    told, beyond = number * scale, fen - number * scale
    decimals = len(found["number"].partition(".")[2])
    if found["more"]:  # the last figure that is not nought is the one that "more" follows
        zeros = len(found["number"]) - len(found["number"].rstrip("0")) if not decimals else -decimals
        return Agreement.MORE_THAN if 0 < beyond < Decimal(scale).scaleb(zeros) else Agreement.DIFFERS
    step = Decimal(scale).scaleb(-decimals)
    if fen == told:
        return Agreement.EXACT
    if -step / 2 <= beyond < step / 2:
        return Agreement.ROUNDED
    return Agreement.CUT_OFF if 0 < beyond < step else Agreement.DIFFERS


@attrs.frozen(kw_only=True)
class PublishedBurials:
    """What a report prints of one burial, or of all up to a day.

    Attributes
    ----------
    key
        Its name here.
    day
        The day of the burial, or the last one counted.
    remains
        Sets of remains laid to rest.
    award_per_remains
        Fen for each; ``None`` where no single award is told.
    printed
        The sum as it is printed.
    source
        The report.
    one_burial
        Whether it is of one burial, or of all up to the day.
    place, style, edition
        Of one burial: where, how, and its number in its series.
    """

    key: str
    day: date
    remains: int
    award_per_remains: int | None = None
    printed: str
    source: Citation
    one_burial: bool = True
    place: str = ""
    style: BurialStyle | None = None
    edition: int | None = None

    @property
    def award_total(self) -> int | None:
        """What the award for each comes to, in fen."""
        return None if self.award_per_remains is None else self.remains * self.award_per_remains

    @property
    def agreement(self) -> Agreement:
        """How that agrees with the sum that is printed."""
        return Agreement.NOT_TOLD if self.award_total is None else agreement(self.award_total, self.printed)


_BURIAL_KEYS = ("key", "held", "place", "style", "edition", "remains", "award_per_remains", "printed", "cite")
_TOTAL_KEYS = ("key", "until", "remains", "award_per_remains", "printed", "cite")


def read_published(source: Path | str) -> tuple[PublishedBurials, ...]:
    """Read printed figures from TOML, strictly; see ``burial_reports.toml`` for the form.

    Raises
    ------
    LoadError
        Listing every fault with its line.
    """
    content, lines, faults = parse(source)
    top = Table("", 1, content, faults)
    top.only(["burial", "total"])
    read = [_published(table, True) for table in top.tables("burial", lines, 0)]
    read += [_published(table, False) for table in top.tables("total", lines, 0)]
    faults.raise_any()
    return tuple(each for each in read if each is not None)


def _published(table: Table, one_burial: bool) -> PublishedBurials | None:
    before = len(table.faults.found)
    table.only(_BURIAL_KEYS if one_burial else _TOTAL_KEYS)
    key, printed, cite = (table.text(name, required=True) for name in ("key", "printed", "cite"))
    day = table.take("held" if one_burial else "until", date, required=True)
    remains = table.take("remains", int, required=True)
    each = table.take("award_per_remains", int, required=one_burial)
    place = table.text("place", required=one_burial)
    style = table.member("style", BurialStyle) if one_burial else None
    if cite and cite not in documents():
        table.fault(f"no document has the key {cite!r}")
    if printed and not _PRINTED.fullmatch(printed):
        table.fault(f"'printed' is {printed!r}; write the sum as the report does, such as 18.9万元")
    if (remains is not None and remains < 1) or (each is not None and each < 0):
        table.fault("remains are 1 or more, and an award is not below 0")
    edition = table.take("edition", int)
    if len(table.faults.found) > before or day is None or remains is None:
        return None
    return PublishedBurials(
        key=key, day=day, remains=remains, award_per_remains=each, printed=printed, source=Citation(documents()[cite]),
        one_burial=one_burial, place=place, style=style, edition=edition,
    )  # fmt: skip


@cache
def published() -> tuple[PublishedBurials, ...]:
    """Give the figures that come with the library.

    Examples
    --------
    >>> for each in published():
    ...     print(each.key, each.remains, each.award_total, each.printed, each.agreement.value)
    2023 237 18960000 18.9万元 cut_off
    2024 80 6400000 6.4万元 exact
    maling-flower-beds 629 None 43.36万元 not_told
    nanning-collective 2391 191280000 190多万元 more_than
    """
    return read_published(Path(__file__).with_suffix(".toml"))


def balance(figures: Iterable[PublishedBurials]) -> Mapping[str, list[object]]:
    """Put printed figures beside what they come to, as a table of columns; money in fen."""
    rows = list(figures)
    return {
        "key": [each.key for each in rows],
        "day": [each.day for each in rows],
        "remains": [each.remains for each in rows],
        "award_per_remains": [each.award_per_remains for each in rows],
        "award_total": [each.award_total for each in rows],
        "printed": [each.printed for each in rows],
        "agreement": [each.agreement.value for each in rows],
        "source": [str(each.source) for each in rows],
    }


def published_burials() -> Register[CollectiveBurial]:
    """Give the burials of which a report is known as a register, with their awards to the fen."""
    held = [each for each in published() if each.one_burial]
    return Register(COLLECTIVE_BURIALS).add(*(_held(each) for each in held))


def _held(each: PublishedBurials) -> Event:
    return Event(
        key=each.key, action=BurialAction.HOLD, on=each.day, document=each.source.zh,
        facts={
            "place": each.place, "style": each.style, "edition": each.edition, "held": each.day,
            "remains": each.remains, "awarded": each.remains, "award_per_remains": each.award_per_remains,
            "award_total": each.award_total,
        },
    )  # fmt: skip
