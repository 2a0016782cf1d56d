/**
 * The outbox of one shard as its owner sees it: numbers are given out before a statement and resolved after it. Two statements
 * may end in any order; only the leading run of resolved ones is published, so the watermark never passes a row that may still
 * appear. Rows that do not fit into memory are read from the store again.
 */
import type { OutboxRow } from "../store.ts";

/** Rows up to `to` (from the previous range's end): not known yet, in memory, or in the store. */
export type Range = { to: number; rows: OutboxRow[] | "open" | "stored" };

export type OutboxLine = { shard: number; lastSeq: number; publishedSeq: number; ranges: Range[] };

export function newOutboxLine(shard: number, publishedSeq: number, lastSeq: number): OutboxLine {
  return {
    shard,
    lastSeq,
    publishedSeq,
    ranges: lastSeq > publishedSeq ? [{ to: lastSeq, rows: "stored" }] : [],
  };
}

/** Numbers for a statement of `count` rows: `range.to` is the last of them. */
export function openRange(line: OutboxLine, count: number): { first: number; range: Range } {
  const first = line.lastSeq + 1;
  line.lastSeq += count;
  const range: Range = { to: line.lastSeq, rows: "open" };
  if (count > 0) line.ranges.push(range);
  return { first, range };
}

/** The statement is committed; `rows` are those of its numbers that exist, in order. `keep` false leaves them in the store. */
export function resolveRange(range: Range, rows: OutboxRow[], keep: boolean): void {
  range.rows = keep || rows.length === 0 ? rows : "stored";
}

export type NextRows =
  | { kind: "none" }
  | { kind: "rows"; rows: OutboxRow[]; upTo: number }
  | { kind: "read"; upTo: number };

/** What comes next: rows in memory, up to `limit`, or a wish to read from the store (after `publishedSeq`). */
export function nextRows(line: OutboxLine, limit: number): NextRows {
  const rows: OutboxRow[] = [];
  let upTo = line.publishedSeq;
  for (const range of line.ranges) {
    if (range.rows === "open") break;
    if (range.rows === "stored") {
      if (rows.length === 0 && upTo === line.publishedSeq) return { kind: "read", upTo: range.to };
      break;
    }
    if (rows.length > 0 && rows.length + range.rows.length > limit) break;
    rows.push(...range.rows);
    upTo = range.to;
  }
  return upTo === line.publishedSeq ? { kind: "none" } : { kind: "rows", rows, upTo };
}

/** Everything up to `seq` is published. */
export function published(line: OutboxLine, seq: number): void {
  line.publishedSeq = Math.max(line.publishedSeq, seq);
  while (line.ranges.length > 0 && line.ranges[0]!.to <= line.publishedSeq) line.ranges.shift();
}

export function isDrained(line: OutboxLine): boolean {
  return line.ranges.length === 0;
}

/** No statement is under way that may still add rows. */
export function isSettled(line: OutboxLine): boolean {
  return line.ranges.every((range) => range.rows !== "open");
}

export function rowsInMemory(line: OutboxLine): number {
  return line.ranges.reduce((sum, { rows }) => sum + (typeof rows === "string" ? 0 : rows.length), 0);
}
