"""Answers a question: query.py warehouse.duckdb "select * from funnel" — rows as JSON lines."""

import json
import sys

import duckdb

with duckdb.connect(sys.argv[1], read_only=True) as warehouse:
    answer = warehouse.execute(sys.argv[2])
    names = [column[0] for column in answer.description]
    for row in answer.fetchall():
        print(json.dumps(dict(zip(names, row)), default=str))
