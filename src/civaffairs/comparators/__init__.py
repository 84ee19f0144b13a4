"""Comparators: how Chongqing, Zhejiang and Shanghai differ from the nation's rules, by their own regulations.

Each is a pack: values in a file, and dated versions of rules where the text decides otherwise. A pack's ``RULEBOOK`` is
for its own place; `assess` gives each household of a roster the rulebook that governs it.
"""

from __future__ import annotations

from civaffairs.comparators import chongqing, shanghai, zhejiang
from civaffairs.comparators.by_place import PACKS, RULEBOOKS, ByPlace, assess, compare, for_place, governing
from civaffairs.comparators.pack import Pack
from civaffairs.comparators.procedure import NATION, Procedure, Provision, Topic

__all__ = [
    "NATION",
    "PACKS",
    "RULEBOOKS",
    "ByPlace",
    "Pack",
    "Procedure",
    "Provision",
    "Topic",
    "assess",
    "chongqing",
    "compare",
    "for_place",
    "governing",
    "shanghai",
    "zhejiang",
]
