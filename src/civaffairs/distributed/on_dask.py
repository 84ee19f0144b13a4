"""Assess on the workers of a Dask cluster; the scheduling, and doing a lost task again, are Dask's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from civaffairs.distributed.folder import Each, assess_folder
from civaffairs.distributed.parts import Terms
from civaffairs.outputs import Report

if TYPE_CHECKING:
    from distributed import Client

Task = TypeVar("Task")
Done = TypeVar("Done")


def on_workers(client: Client) -> Each:
    """Spread the tasks of `civaffairs.distributed.assess_folder` over the workers of a client."""

    def each(work: Callable[[Task], Done], tasks: Sequence[Task], /) -> Iterable[Done]:
        gathered: Callable[..., list[Done]] = client.gather
        # A file may have changed since the same task was last done, so nothing is remembered.
        return gathered(client.map(work, tasks, pure=False))

    return each


def assess_on_dask(
    source: str | Path, target: str | Path, terms: Terms, *, client: Client, overwrite: bool = False
) -> Report:
    """Assess Parquet files of whole households on the workers of a client; see `assess_folder`.

    Both folders are on storage that every worker reaches by the same path, and every worker has this library in the
    same version. A worker needs the memory of one block, not of one file.

    Parameters
    ----------
    source, target, terms, overwrite
        As in `assess_folder`.
    client
        A client of Dask. Give its workers one thread each: Python's own work on a block is done by one at a time.

    Returns
    -------
    Report
        Sums, standing, what was not assessed and what was set aside, of all parts together.

    Examples
    --------
    A script that starts processes keeps what it does under ``if __name__ == "__main__":``.

    >>> from distributed import Client  # doctest: +SKIP
    >>> with Client(n_workers=2, threads_per_worker=1) as client:  # doctest: +SKIP
    ...     report = assess_on_dask("roster", "results", Terms(on="2026-08-01"), client=client)
    """
    return assess_folder(source, target, terms, each=on_workers(client), overwrite=overwrite)
