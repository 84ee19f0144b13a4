#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox>=2025.5.1"]
# ///
"""Every chore of the project, one session each; ``python -m nox -l`` lists them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"

HERE = Path(__file__).parent
PROJECT = nox.project.load_toml(HERE / "pyproject.toml")
# A kernel draws inline only where no backend is forced on it, and orders sets alike only under one hash seed.
KERNEL = {"MPLBACKEND": None, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}


def group(*names: str) -> list[str]:
    """The requirements of dependency groups, expanded here so that any pip can install them."""
    return list(nox.project.dependency_groups(PROJECT, *names))


def found_notebooks(session: nox.Session) -> list[str]:
    """The notebooks, in order; a session with none to work on is skipped."""
    found = sorted(str(path.relative_to(HERE)) for path in (HERE / "notebooks").glob("*.ipynb"))
    if not found:
        session.skip("there are no notebooks")
    return found


@nox.session(default=False)
def demo(session: nox.Session) -> None:
    """Install the library as a user would and run its demonstration."""
    session.install(".[tables,plot]")
    session.run("civaffairs", "demo", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the doctests of the library and the tests."""
    session.install("-e", ".", *group("test"))
    session.run("pytest", "-q", *(session.posargs or ["src", "tests"]), env={"MPLBACKEND": "agg"})


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style and the format."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the library and the tests, strictly."""
    session.install("-e", ".", *group("types"))
    session.run("mypy", *session.posargs)


@nox.session
def notebooks(session: nox.Session) -> None:
    """Run every notebook and compare what each cell shows with what it is stored to show."""
    names = found_notebooks(session)
    session.install("-e", ".", *group("notebook"))
    # nbval passes a notebook that nobody ever ran, so that is looked at first.
    session.run("pytest", "-q", "--noconftest", "tests/test_house.py", "-k", "notebook")
    session.run(
        "pytest",
        "-q",
        # The settings of the unit tests are not for notebooks.
        f"-c{os.devnull}",
        f"--rootdir={HERE}",
        "--nbval",
        "--nbval-current-env",
        "--nbval-cell-timeout=120",
        "--nbval-sanitize-with=docs/nbval_sanitize.cfg",
        *(session.posargs or names),
        env=KERNEL,
    )


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into build/docs; a warning is an error."""
    session.install("-e", ".[tables,plot]", *group("docs"))
    session.run("sphinx-build", "-W", "-n", "-q", "-b", "html", *session.posargs, "docs", "build/docs")


@nox.session(default=False)
def execute(session: nox.Session) -> None:
    """Run notebooks and store what they show, after a change that is meant to change it."""
    names = session.posargs or found_notebooks(session)
    session.install("-e", ".", *group("notebook"))
    session.run("python", "tools/execute_notebooks.py", *names, env=KERNEL)


@nox.session(default=False)
def lab(session: nox.Session) -> None:
    """Open the notebooks in JupyterLab."""
    session.install("-e", ".", *group("notebook"))
    session.run("jupyter", "lab", "--notebook-dir=notebooks", *session.posargs, env={"MPLBACKEND": None})


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Time the library."""
    session.install(".")
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """Build the archives into dist and check them."""
    session.install(*group("package"))
    session.run("validate-pyproject", "pyproject.toml")
    shutil.rmtree(HERE / "dist", ignore_errors=True)
    session.run("python", "-m", "build")
    session.run("twine", "check", "--strict", *(str(path) for path in (HERE / "dist").iterdir()))
    session.run("check-wheel-contents", *(str(path) for path in (HERE / "dist").glob("*.whl")))


if __name__ == "__main__":
    nox.main()
