"""Sections (墓区) of cemeteries as a register: in which styles the dead are laid to rest there, and what stays."""

from __future__ import annotations

import attrs
import numpy as np

from civaffairs.labels import Labelled
from civaffairs.people.columns import Kind
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.fields import Codes, Flags, Texts, entry
from civaffairs.registers.kinds import RegisterKind, Step
from civaffairs.registers.validity import Severity, validity


class SectionState(Labelled):
    """The life of a section."""

    PLANNED = ("planned", "规划")
    OPEN = ("open", "启用")
    FULL = ("full", "已满")
    CLOSED = ("closed", "停用")


class SectionAction(Labelled):
    """What happens to it."""

    PLAN = ("plan", "规划")
    OPEN = ("open", "启用")
    RECORD = ("record", "补录")
    CHANGE = ("change", "变更")
    FILL = ("fill", "停止安葬")
    REOPEN = ("reopen", "恢复安葬")
    CLOSE = ("close", "停用")


@attrs.frozen(kw_only=True)
class Section:
    """One section of a cemetery.

    What is not known of a style (`BurialStyle.retains_ashes`, `is_ecological`) the section says for itself.
    """

    key: str = entry(Kind.KEY, "编号", "number of the section")
    state: SectionState = entry(Kind.CHOICE, "状态", "state", choices=SectionState)
    cemetery: str = entry(Kind.TEXT, "所属公墓", "number of the cemetery")
    name: str = entry(Kind.TEXT, "名称", "name of the section")
    styles: tuple[str, ...] = entry(Kind.TEXTS, "安葬方式", "styles of burial, by their English words")
    ecological: bool | None = entry(Kind.FLAG, "生态葬区", "whether its burials count as ecological")
    retains_ashes: bool | None = entry(Kind.FLAG, "保留骨灰", "whether the ashes can be told apart and taken up again")
    land_cm2: int | None = entry(Kind.AREA, "面积", "land that it takes")


def _styles(row: str) -> list[BurialStyle] | None:
    """The styles that a cell names, or nothing where one of them is none."""
    words = row.split(";")
    known = {str(style.value): style for style in BurialStyle}
    return [known[word] for word in words] if set(words) <= set(known) and len(set(words)) == len(words) else None


@validity(None, Severity.INVARIANT)
def styles_are_known(styles: Texts) -> Flags:
    """The styles of a section are among the styles of burial, each once."""
    return np.array([_styles(row) is not None for row in styles.tolist()], np.bool_)


@validity(None, Severity.INVARIANT)
def retention_fits_the_styles(styles: Texts, retains_ashes: Codes) -> Flags:
    """A section keeps ashes or not as its styles are known to do."""
    return np.array(
        [
            all(style.retains_ashes in (None, bool(said)) for style in _styles(row) or [])
            for row, said in zip(styles.tolist(), retains_ashes.tolist(), strict=True)
        ],
        np.bool_,
    )


def _in_use(state: Codes) -> Flags:
    return np.asarray(state == SectionState.OPEN.number)


@validity(None, Severity.WARNING, only=_in_use, judges_missing=["retains_ashes"])
def retention_is_stated(retains_ashes: Codes) -> Flags:
    """A section in use says whether the ashes stay; without it nobody can tell whether its plots have a term."""
    return np.asarray(retains_ashes >= 0)


State, Action = SectionState, SectionAction
_NEEDS, _MAY = ("cemetery", "styles"), ("name", "ecological", "retains_ashes", "land_cm2")
STEPS = (
    Step(action=Action.PLAN, after=State.PLANNED, needs=_NEEDS, may=_MAY),
    Step(action=Action.OPEN, before=(State.PLANNED,), after=State.OPEN, may=("styles", *_MAY)),
    # One that was there before the register.
    Step(action=Action.RECORD, after=State.OPEN, needs=_NEEDS, may=_MAY),
    Step(action=Action.CHANGE, before=(State.PLANNED, State.OPEN, State.FULL), may=("styles", *_MAY)),
    Step(action=Action.FILL, before=(State.OPEN,), after=State.FULL),
    Step(action=Action.REOPEN, before=(State.FULL,), after=State.OPEN),
    Step(action=Action.CLOSE, before=(State.OPEN, State.FULL), after=State.CLOSED),
)  # fmt: skip

SECTIONS: RegisterKind[Section] = RegisterKind(
    name="sections", label_zh="墓区", record=Section, steps=STEPS, links={"cemetery": "cemeteries"},
    rules=(styles_are_known, retention_fits_the_styles, retention_is_stated),
)  # fmt: skip
