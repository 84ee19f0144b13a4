"""Search for Chinese words: runs of Han characters are indexed, and asked for, in overlapping pairs."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"(?P<han>[{HAN}]+)|[^\W{HAN}]+")

# The same cut as `HanPairs.split`, made in the browser of what the reader types.
SPLIT_IN_BROWSER = r"""
const han = "\\u3400-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const wordPattern = new RegExp(`(?<han>[${han}]+)|(?:(?![${han}])[\\p{L}\\p{N}_])+`, "gu");

function splitQuery(query) {
  return [...query.matchAll(wordPattern)].flatMap((match) => {
    const characters = Array.from(match[0]);
    if (!match.groups.han || characters.length === 1) return [match[0]];
    return characters.slice(1).map((character, index) => characters[index] + character);
  });
}
"""


class HanPairs(SearchEnglish):
    """English, as Sphinx searches it, and Chinese in pairs: 领取证 is 领取 and 取证."""

    lang = "en-han"
    js_splitter_code = SPLIT_IN_BROWSER

    def split(self, text: str) -> list[str]:
        """Cut a text into the terms to index; a Han character that stands alone is a term of its own."""
        terms: list[str] = []
        for word in WORD.finditer(text):
            if word["han"] and len(word["han"]) > 1:
                terms += [first + second for first, second in pairwise(word["han"])]
            else:
                terms.append(word[0])
        return terms


def setup(app: Sphinx) -> dict[str, bool]:
    """Make ``html_search_language = "en-han"`` known."""
    app.add_search_language(HanPairs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
