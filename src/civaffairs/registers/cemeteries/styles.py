"""The styles in which ashes are laid to rest (安葬方式), and what is known of each."""

from __future__ import annotations

from civaffairs.labels import Labelled


class BurialStyle(Labelled):
    """How ashes are laid to rest.

    What nobody has published of a style is ``None`` here: a section (墓区) of a cemetery says it for itself.

    Examples
    --------
    >>> BurialStyle("sea_scattering").label_zh, BurialStyle.SEA_SCATTERING.retains_ashes
    ('海葬', False)
    >>> print(BurialStyle.TREE_BURIAL.retains_ashes)
    None
    """

    UPRIGHT_GRAVE = ("upright_grave", "立碑墓")
    FLAT_STONE_GRAVE = ("flat_stone_grave", "卧碑墓")
    WALL_BURIAL = ("wall_burial", "壁葬")
    FLOWER_BED_BURIAL = ("flower_bed_burial", "花坛葬")
    TREE_BURIAL = ("tree_burial", "树葬")
    LAWN_BURIAL = ("lawn_burial", "草坪葬")
    DEEP_BURIAL = ("deep_burial", "骨灰深埋")
    SLOPE_BURIAL = ("slope_burial", "崖坡葬")
    INDOOR_BURIAL = ("indoor_burial", "室内葬")
    WELL_BURIAL = ("well_burial", "水井葬")
    NICHE = ("niche", "骨灰堂格位")
    SEA_SCATTERING = ("sea_scattering", "海葬")

    @property
    def is_ecological(self) -> bool | None:
        """Whether it is known as an ecological burial (生态葬); ``None`` where the section must say."""
        return True if self in ECOLOGICAL else None

    @property
    def retains_ashes(self) -> bool | None:
        """Whether the ashes can still be told apart and taken up; ``None`` where the section must say."""
        return _known(self, RETAINS_ASHES, RETAINS_NO_ASHES)

    @property
    def takes_a_plot(self) -> bool | None:
        """Whether it takes a plot of ground of its own; ``None`` where the section must say."""
        return _known(self, TAKES_A_PLOT, TAKES_NO_PLOT)


def _known(style: BurialStyle, yes: frozenset[BurialStyle], no: frozenset[BurialStyle]) -> bool | None:
    return True if style in yes else False if style in no else None


ECOLOGICAL = frozenset({BurialStyle.FLOWER_BED_BURIAL, BurialStyle.SEA_SCATTERING})
"""What Nanning holds as collective ecological burials. Shanghai's regulation (art. 26) counts trees and deep burial
among them too; whether Nanning does is not known, and a section says it for itself."""

RETAINS_ASHES = frozenset({BurialStyle.UPRIGHT_GRAVE, BurialStyle.FLAT_STONE_GRAVE, BurialStyle.NICHE})
"""A stone marks one person's grave, and a niche is where ashes are deposited."""

RETAINS_NO_ASHES = frozenset({BurialStyle.FLOWER_BED_BURIAL, BurialStyle.SEA_SCATTERING})
"""In Nanning's collective flower-bed burials the urn dissolves within three months and the bed is used again."""

TAKES_A_PLOT = frozenset({BurialStyle.UPRIGHT_GRAVE, BurialStyle.FLAT_STONE_GRAVE})
"""Graves."""

TAKES_NO_PLOT = frozenset({BurialStyle.NICHE, BurialStyle.SEA_SCATTERING})
"""A niche stands in a building; the sea is no plot. Of a flower bed it depends on whether the ashes stay."""
