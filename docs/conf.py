"""How Sphinx builds the site."""

import shutil
import sys
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path[:0] = [str(DOCS), str(ROOT / "src")]

from civaffairs import __version__  # noqa: E402  (found on the path set above)

NOTEBOOKS = DOCS / "notebooks"
INDEX = """# Notebooks 笔记本

Each is kept with what it shows, and every check of the project runs it again and compares.

```{{toctree}}
{names}
```
"""


def copy_notebooks() -> None:
    """Copy the notebooks beside the pages, with a page that lists them in order.

    A link would be shorter, but hatchling leaves linked notebooks out of the source archive.
    """
    shutil.rmtree(NOTEBOOKS, ignore_errors=True)
    if (ROOT / "notebooks").is_dir():
        shutil.copytree(ROOT / "notebooks", NOTEBOOKS, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    NOTEBOOKS.mkdir(exist_ok=True)
    names = "\n".join(sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")))
    (NOTEBOOKS / "index.md").write_text(INDEX.format(names=names), encoding="utf-8")


copy_notebooks()

project = "civaffairs"
author = "civaffairs contributors"
project_copyright = author
version = release = __version__
language = "en"  # English pages with the Chinese terms

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "numpydoc",
    "sphinx_design",
    "sphinx_copybutton",
    "_ext_cjksearch",
    "_ext_machines",
    "_ext_mathml",
    "_ext_schemes",
    "_ext_tables",
]
exclude_patterns = ["_generated", "jupyter_execute", "**.ipynb_checkpoints"]

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # notebooks are kept with what they show, and checked by their own session
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
# Named in annotations, but imported only for a type checker, or written as text.
autodoc_type_aliases = {"Client": "distributed.Client", "Hashes": "civaffairs.distributed.keys.Hashes"}
autosummary_generate = False
numpydoc_show_class_members = False
# The inventories of other projects are on the network, and the site is built without it.
nitpick_ignore_regex = [
    ("py:.*", r"(attrs?|collections|datetime|decimal|enum|fractions|matplotlib|narwhals|np|npt|numpy|os|pandas)\..*"),
    ("py:class", r"Path|Figure|.*\bClient|.*\bHashes"),  # written unqualified where they are only imported for types
    ("py:.*", r"(pathlib|pendulum|polars|pyarrow|typing)\..*"),
    # Aliases of types, told of in a table of the API pages or written as text where they are of themselves.
    ("py:class", r"NDArray|date|Fact|Way|Exact|Floats|\w+Given|civaffairs\.registers\.kinds\.Record"),
    ("py:class", r"civaffairs\.people\.cells\.Fault"),
    ("py:.*", r"P|civaffairs\..*\.([A-Z]|[A-Z]_co|_\w+)"),  # type variables
]

html_theme = "pydata_sphinx_theme"
html_title = "civaffairs 民政"
html_static_path = ["_static"]
html_css_files = ["cjk.css"]
html_search_language = "en-han"
html_math_renderer = "mathml"
html_show_sourcelink = False
html_theme_options = {
    "header_links_before_dropdown": 6,
    "navigation_depth": 2,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "show_toc_level": 1,
}
