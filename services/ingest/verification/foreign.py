"""A core application with librdkafka: writes what it is told, compressed as it is told.

One JSON object {"partition", "key", "value" in base64} per line of standard input; BROKERS, TOPIC and CODEC say where and how.
"""

import base64
import json
import os
import sys

from confluent_kafka import Producer

producer = Producer(
    {
        "bootstrap.servers": os.environ["BROKERS"],
        "compression.type": os.environ["CODEC"],
        "acks": "all",
        # All lines in one compressed batch.
        "linger.ms": 200,
    }
)
failures = []
for line in sys.stdin:
    record = json.loads(line)
    producer.produce(
        os.environ["TOPIC"],
        value=base64.b64decode(record["value"]),
        key=record["key"].encode(),
        partition=record["partition"],
        on_delivery=lambda error, _message: failures.append(str(error)) if error else None,
    )
if producer.flush(30) > 0:
    failures.append("not all was written within 30 s")
if failures:
    sys.exit("\n".join(failures))
