"""Fills a warehouse from the read model with what the topics no longer hold: backfill.py warehouse.duckdb [since [until]]

WAMESH is the mesh's address, KEY a key of the tenant with the scope status:read; times as 2026-11-20T00:00:00Z. May be run again, and
before or after load.py: messages merge with what statuses say of them, events fall on their ids.
"""

import json
import os
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import datetime

from load import open_warehouse, put

RANKS = {"accepted": 0, "queued": 10, "claimed": 20, "in_doubt": 30, "unconfirmed": 40, "sent": 50, "failed": 60}
RANKS |= {"delivered": 70, "read": 80, "played": 90, "expired": 101, "cancelled": 102}


def pages(path: str, period: dict) -> Iterator[list[dict]]:
    cursor = {}
    while True:
        query = urllib.parse.urlencode({"limit": 200, **period, **cursor})
        headers = {"authorization": f"Bearer {os.environ['KEY']}"}
        asked = urllib.request.Request(f"{os.environ['WAMESH']}/v1/status/{path}?{query}", headers=headers)
        with urllib.request.urlopen(asked) as answer:
            page = json.load(answer)
        yield page["items"]
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}


def with_times(item: dict) -> dict:
    """Times as the topics have them: epoch ms."""
    return {
        name: round(datetime.fromisoformat(held).timestamp() * 1000) if name.endswith("_at") and held else held
        for name, held in item.items()
    }


def message(item: dict) -> dict:
    reason = item["reason"] or {}
    # A failure told by the provider may be overtaken by a receipt; one of the mesh's own is final.
    final = item["status"] == "failed" and item["origin"] == "mesh"
    rank, claim = 100 if final else RANKS[item["status"]], item["claim"]
    order = 10**15 + rank * 10**10 + claim if rank >= 50 else claim * 1000 + rank
    named = {"reason_code": reason.get("code"), "provider_code": reason.get("provider_code")}
    known = {"message_id": item["id"], "session": item["session_id"], "state_order": order}
    return {**with_times(item), **known, **named, "fault_class": reason.get("fault_class")}


def event(item: dict) -> dict:
    return {**with_times(item), "event_id": item["id"], "session": item.get("session_id"), "endpoint": item.get("endpoint_id")}


# path -> table, row, identity, which of two is the later.
SOURCES = {
    "messages": ("message_known", message, "message_id", "state_order"),
    "inbound": ("inbound", event, "event_id", "recorded_at, occurred_at"),
    "deliveries": ("webhook_attempt", event, "event_id", "occurred_at"),
}

if __name__ == "__main__":
    span = dict(zip(("since", "until"), sys.argv[2:4]))
    with open_warehouse(sys.argv[1]) as warehouse:
        for path, (table, row_of, identity, later) in SOURCES.items():
            for items in pages(path, span):
                if items:
                    put(warehouse, table, [row_of(item) for item in items], identity, later)
                    print(path, len(items), flush=True)
