"""Prints a topic's records as JSON lines, from the beginning to the end as it is now: consume.py wa.message.status.v1"""

import json
import sys

from topics import decode, read_to_end

seen = set()
for _, records, _ in read_to_end(sys.argv[1], {}, 500):
    for record in records:
        event = decode(record.value)
        # At least once: the same event may lie there twice. (A long-running reader keeps ids in a store, not in memory.)
        key = (event.get("tenant"), event.get("event_id") or event.get("message_id"))
        if event.get("event_id") and key in seen:
            continue
        seen.add(key)
        print(json.dumps(event, default=lambda held: held.decode("latin-1")), flush=True)
