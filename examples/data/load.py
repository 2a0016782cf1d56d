"""Loads topics into a warehouse file, once each, whatever kills it: load.py warehouse.duckdb

Rows and the next offset are one transaction, so a run that dies leaves neither; the next begins where the last whole one ended.
What comes twice falls on the primary key: of two records of one event the later recorded stays. Run it as often as you like.
BROKERS, REGISTRY; BATCH: records per transaction. Prints a line per transaction.
"""

import json
import os
import sys
from pathlib import Path

import duckdb
from topics import decode, read_to_end

BATCH = int(os.environ.get("BATCH", "5000"))


def status(record: dict) -> dict:
    reason, pricing = record["reason"] or {}, record["pricing"] or {}
    named = {"reason_code": reason.get("code"), "fault_class": reason.get("fault_class")}
    priced = {"billable": pricing.get("billable"), "priced_as": pricing.get("category")}
    return {**record, **named, "provider_code": reason.get("provider_code"), **priced}


# topic -> table, the row of a record, what identifies it, what says which of two is the later.
SOURCES = {
    "wa.message.status.v1": ("status_event", status, "event_id", "recorded_at, occurred_at"),
    "wa.message.inbound.v1": ("inbound", dict, "event_id", "recorded_at, occurred_at"),
    "wa.webhook.delivery.v1": ("webhook_attempt", dict, "event_id", "occurred_at"),
    "wa.session.event.v1": ("session_event", dict, "event_id", "recorded_at, occurred_at"),
    "wa.usage.v1": ("usage_told", dict, "usage_id", "counted_at"),
}


def open_warehouse(file: str) -> duckdb.DuckDBPyConnection:
    warehouse = duckdb.connect(file)
    for script in ("tables.sql", "views.sql"):
        warehouse.execute(Path(__file__).with_name(script).read_text())
    return warehouse


def put(warehouse, table: str, rows: list[dict], identity: str, later: str) -> None:
    """Insert, or take the place of an earlier record of the same identity."""
    columns = warehouse.execute(
        "select column_name, data_type from information_schema.columns where table_name = ? order by ordinal_position",
        [table],
    ).fetchall()
    names = [name for name, _ in columns]
    others = [name for name in names if name not in ("tenant", identity)]
    new, old = (f"({', '.join(f'{of}.{one}' for one in later.split(', '))})" for of in ("excluded", table))
    warehouse.execute(
        f"""
        insert into {table} select {", ".join(names)}
        from (select unnest(from_json($rows, $shape), recursive := true))
        qualify row_number() over (partition by tenant, {identity} order by {", ".join(f"{one} desc" for one in later.split(", "))}) = 1
        on conflict (tenant, {identity}) do update set {", ".join(f"{one} = excluded.{one}" for one in others)}
        where {new} >= {old}
        """,
        {
            "rows": json.dumps([{name: row.get(name) for name in names} for row in rows]),
            "shape": json.dumps([dict(columns)]),
        },
    )


def load(warehouse, topic: str) -> None:
    table, row_of, identity, later = SOURCES[topic]
    known = warehouse.execute("select part, next_offset from next_offset where topic = ?", [topic]).fetchall()
    for partition, records, following in read_to_end(topic, dict(known), BATCH):
        rows = []
        warehouse.begin()
        for record in records:
            try:
                rows.append(row_of(decode(record.value)))
            except Exception as error:  # A record nobody can read must not stop those behind it.
                note = [topic, partition, record.offset, type(error).__name__]
                warehouse.execute("insert or ignore into unreadable values (?, ?, ?, ?)", note)
        if rows:
            put(warehouse, table, rows, identity, later)
        warehouse.execute("insert or replace into next_offset values (?, ?, ?)", [topic, partition, following])
        warehouse.commit()
        print(topic, partition, following, flush=True)


if __name__ == "__main__":
    with open_warehouse(sys.argv[1]) as opened:
        for each in SOURCES:
            load(opened, each)
