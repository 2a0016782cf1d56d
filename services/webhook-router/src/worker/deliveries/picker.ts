/**
 * Which delivery is next: tenants take turns by their weight, and within a tenant its endpoints. In memory, without clock or
 * I/O; the rows in it are those that this process has taken from the database and not yet settled.
 */
import { createFair } from "@wamesh/pacer";

export type Row = { seq: number; tenant: string; endpoint: string };

export type Picker<R extends Row> = {
  /** Takes rows in, in their order. One that is already here is left out. */
  add(rows: readonly R[]): void;
  /** The next row that may go, or null. It counts as in flight until `done`. */
  take(limitOf: (endpoint: string) => number): R | null;
  /** The attempt is over: its slot is free. The row is held until `settled`. */
  done(row: R): void;
  /** The row's outcome is in the database, or it is given back. */
  settled(row: R): void;
  /** Forgets what is not in flight, of one endpoint or of all. */
  drop(endpoint?: string): void;
  /** Endpoints of which at least so many rows wait here. */
  withWaiting(atLeast: number): string[];
  /** Rows here in all, those in flight or unsettled included. */
  held(): number[];
  inFlight(): number;
};

type Queue<R> = { tenant: string; rows: R[]; inFlight: number };

/** While others wait a tenant has a quarter of the slots; alone it leaves a quarter for whoever comes. */
const shareBesideOthers = 0.25;
const shareAlone = 0.75;

export function createPicker<R extends Row>(options: {
  slots: number;
  weightOf: (tenant: string) => number;
}): Picker<R> {
  const { slots } = options;
  const queues = new Map<string, Queue<R>>();
  const inFlightOf = new Map<string, number>();
  const known = new Set<number>();
  /** Endpoints with rows. One that has reached its limit leaves, and comes back when an attempt of it is over. */
  const turns = createFair<string>();
  let inFlight = 0;

  function count(tenant: string, change: 1 | -1): void {
    inFlight += change;
    const now = (inFlightOf.get(tenant) ?? 0) + change;
    if (now === 0) inFlightOf.delete(tenant);
    else inFlightOf.set(tenant, now);
  }

  function enrol(endpoint: string, { tenant, rows }: Queue<R>): void {
    if (rows.length > 0) turns.enrol(tenant, options.weightOf(tenant), endpoint);
  }

  function takeUpTo(share: number, limitOf: (endpoint: string) => number): R | null {
    const cap = Math.max(1, Math.floor(slots * share));
    for (;;) {
      const endpoint = turns.next((tenant) => (inFlightOf.get(tenant) ?? 0) < cap);
      if (endpoint === null) return null;
      const queue = queues.get(endpoint)!;
      const row = queue.inFlight < limitOf(endpoint) ? queue.rows.shift() : undefined;
      if (row === undefined || queue.rows.length === 0) turns.withdraw(queue.tenant, endpoint);
      if (row === undefined) continue;
      queue.inFlight++;
      count(queue.tenant, 1);
      return row;
    }
  }

  return {
    add(rows) {
      for (const row of rows) {
        if (known.has(row.seq)) continue;
        known.add(row.seq);
        const queue = queues.get(row.endpoint) ?? { tenant: row.tenant, rows: [], inFlight: 0 };
        queues.set(row.endpoint, queue);
        queue.rows.push(row);
        enrol(row.endpoint, queue);
      }
    },
    take(limitOf) {
      if (inFlight >= slots) return null;
      return takeUpTo(shareBesideOthers, limitOf) ?? takeUpTo(shareAlone, limitOf);
    },
    done(row) {
      const queue = queues.get(row.endpoint)!;
      queue.inFlight--;
      count(row.tenant, -1);
      if (queue.rows.length === 0 && queue.inFlight === 0) queues.delete(row.endpoint);
      else enrol(row.endpoint, queue);
    },
    settled: (row) => void known.delete(row.seq),
    drop(wanted) {
      for (const [endpoint, queue] of queues) {
        if (wanted !== undefined && endpoint !== wanted) continue;
        for (const row of queue.rows.splice(0)) known.delete(row.seq);
        turns.withdraw(queue.tenant, endpoint);
        if (queue.inFlight === 0) queues.delete(endpoint);
      }
    },
    withWaiting: (atLeast) =>
      [...queues].filter(([, { rows }]) => rows.length >= atLeast).map(([endpoint]) => endpoint),
    held: () => [...known],
    inFlight: () => inFlight,
  };
}
