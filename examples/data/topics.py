"""Reads topics of wamesh: Avro in Confluent wire format, schemas from the registry, from offsets that the caller keeps.

BROKERS and REGISTRY say where. TOPICS, a JSON object, gives topics other names, for a mesh that has them.
"""

import io
import json
import os
import struct
import urllib.request
from collections.abc import Iterator
from datetime import datetime

import avro.io
import avro.schema
from kafka import KafkaConsumer, TopicPartition

_names = json.loads(os.environ.get("TOPICS", "{}"))
_readers: dict[int, avro.io.DatumReader] = {}


def name_of(topic: str) -> str:
    return _names.get(topic, topic)


def decode(value: bytes) -> dict:
    """A zero byte, the schema's id, the record in Avro. Raises for anything else. Times are epoch ms."""
    magic, schema_id = struct.unpack(">bI", value[:5])
    if magic != 0:
        raise ValueError("not in Confluent wire format")
    if schema_id not in _readers:
        with urllib.request.urlopen(f"{os.environ['REGISTRY']}/schemas/ids/{schema_id}") as answer:
            schema = avro.schema.parse(json.load(answer)["schema"])
        _readers[schema_id] = avro.io.DatumReader(schema)
    record = _readers[schema_id].read(avro.io.BinaryDecoder(io.BytesIO(value[5:])))
    return {field: _ms(held) for field, held in record.items()}


def _ms(held):
    return round(held.timestamp() * 1000) if isinstance(held, datetime) else held


def read_to_end(topic: str, next_offsets: dict[int, int], batch: int) -> Iterator[tuple[int, list, int]]:
    """(partition, records, next offset) until the ends of the log as they are now. Not in a group: offsets are the caller's."""
    consumer = KafkaConsumer(bootstrap_servers=os.environ["BROKERS"].split(","), max_poll_records=batch)
    try:
        places = [TopicPartition(name_of(topic), p) for p in sorted(consumer.partitions_for_topic(name_of(topic)) or [])]
        consumer.assign(places)
        beginnings, ends = consumer.beginning_offsets(places), consumer.end_offsets(places)
        for place in places:
            known = next_offsets.get(place.partition, 0)
            if known > ends[place]:
                raise SystemExit(f"{topic} was made anew: {known} is beyond its end in partition {place.partition}")
            # What lies before the beginning is gone: backfill.py has it from the read model.
            consumer.seek(place, max(known, beginnings[place]))
        waiting = {place for place in places if consumer.position(place) < ends[place]}
        while waiting:
            for place, records in consumer.poll(timeout_ms=1_000).items():
                yield place.partition, records, records[-1].offset + 1
            waiting = {place for place in waiting if consumer.position(place) < ends[place]}
    finally:
        consumer.close()
