"""Writes domain events into Kafka: one JSON object {"tenant", "id", "type", "data"} per line of standard input.

pip install kafka-python avro; BROKERS and REGISTRY say where; TOPIC and SOURCE have defaults.
"""

import io
import json
import os
import struct
import sys
import urllib.request
from datetime import datetime, timezone

import avro.io
import avro.schema
from kafka import KafkaProducer

TOPIC = os.environ.get("TOPIC", "wa.domain.event.v1")
SOURCE = os.environ.get("SOURCE", "/crm")

# The schema is registered when wamesh is deployed. It is looked up and never registered from here.
subject = "wa.domain.event.v1-value"
with urllib.request.urlopen(f"{os.environ['REGISTRY']}/subjects/{subject}/versions/latest") as answer:
    registered = json.load(answer)
schema = avro.schema.parse(registered["schema"])


def encode(event: dict) -> bytes:
    """Confluent wire format: a zero byte, the schema's id, the record in Avro."""
    record = {
        "event_id": event["id"],  # unique per tenant and source: the same id is the same event
        "tenant": event["tenant"],
        "source": SOURCE,
        "type": event["type"],
        "subject": None,
        "occurred_at": datetime.now(timezone.utc),
        "data": json.dumps(event["data"]),  # a JSON object, as text
        "received_at": None,
    }
    out = io.BytesIO(struct.pack(">bI", 0, registered["id"]))
    out.seek(0, io.SEEK_END)
    avro.io.DatumWriter(schema).write(record, avro.io.BinaryEncoder(out))
    return out.getvalue()


# kafka-python's own partitioner is murmur2, as Java's. With confluent-kafka say {"partitioner": "murmur2_random"}.
producer = KafkaProducer(bootstrap_servers=os.environ["BROKERS"].split(","), acks="all", retries=10)
for line in sys.stdin:
    event = json.loads(line)
    # The key is the tenant and nothing else: all of a tenant's events lie in one partition, in order.
    written = producer.send(TOPIC, key=event["tenant"].encode(), value=encode(event)).get(timeout=30)
    print(event["tenant"], written.partition, written.offset, flush=True)
producer.close()
