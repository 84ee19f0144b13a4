"""Assess a roster on Spark: ``python examples/spark_assess.py ROSTER TARGET [DAY]``, Parquet to Parquet.

Spark brings the rows of each household together, and hands them over in batches of Arrow; the library's kernel does
the rest, as it does for one family. Each row comes out once: with results, or with why it was set aside.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

import pyarrow
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import from_arrow_schema

from civaffairs.distributed import Terms, assess_partition, key_hashes, result_schema, whole_households

SET_ASIDE = "set_aside"
"""The column that says why a row was not assessed; it is null where one was."""


def output_schema(terms: Terms) -> pyarrow.Schema:
    """Results of a person, and why there are none."""
    return result_schema(terms).append(pyarrow.field(SET_ASIDE, pyarrow.string()))


def kernel(
    terms: Terms, twice: Iterable[str]
) -> Callable[[Iterator[pyarrow.RecordBatch]], Iterator[pyarrow.RecordBatch]]:
    """Make the function that Spark calls on each of its partitions."""
    hashes = key_hashes(twice)

    def work(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        schema = output_schema(terms)
        for table in whole_households(batches):
            part = assess_partition(table, terms, twice=hashes)
            aside = part.rejects.select(["household_id", "person_id", "problems"])
            aside = aside.rename_columns(["household_id", "person_id", SET_ASIDE])
            rows = pyarrow.concat_tables([part.persons, aside], promote_options="default")
            yield from rows.select(schema.names).cast(schema).to_batches()

    return work


def assess_on_spark(roster: DataFrame, terms: Terms) -> DataFrame:
    """Assess a roster of Spark; what comes back has a row for each of its rows."""
    trimmed = roster.withColumn("household_id", sql.trim("household_id"))
    listed = trimmed.groupBy(sql.trim("person_id").alias("key")).count().where("count > 1 and key != ''")
    twice = [row["key"] for row in listed.collect()]
    homes = trimmed.repartition("household_id").sortWithinPartitions("household_id", "person_id")
    return homes.mapInArrow(kernel(terms, twice), from_arrow_schema(output_schema(terms)))


def main(source: str, target: str, day: str = "2026-08-01") -> None:
    """Assess a Parquet file or folder, write the results and print the sums."""
    spark = (
        SparkSession.builder.appName("civaffairs")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50000")
        .getOrCreate()
    )
    assess_on_spark(spark.read.parquet(source), Terms(on=day)).write.parquet(target)
    results = spark.read.parquet(target)
    print(f"rows {results.count()}, set aside {results.where(sql.col(SET_ASIDE).isNotNull()).count()}")
    for name in (field.name for field in results.schema if field.name.endswith("_payable")):
        told = results.where(sql.col(SET_ASIDE).isNull()).agg(
            sql.sum(name).alias("yuan"), sql.count_if(sql.col(name).isNull()).alias("unknown")
        )
        for row in told.collect():
            print(f"{name}: {row['yuan']} yuan a month, not known for {row['unknown']} persons")
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
