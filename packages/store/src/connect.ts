/** The pool of a service: connected as its app role, in its own schema. */
import postgres from "postgres";
import { survivingPool } from "./surviving-pool.ts";
import { tenantSetting } from "./tenant-setting.ts";
import { tlsOf } from "./tls.ts";

export type Sql = postgres.Sql;
/** A transaction, as `sql.begin` hands it over. */
export type Tx = postgres.TransactionSql;
/** Either of the two: for queries that don't care. */
export type Queryable = postgres.ISql;

export type ConnectOptions = {
  /** Connection URL; TLS by `?sslmode=verify-full`. */
  url: string;
  /** Authorities of the server's certificate, PEM; default the system's. */
  ca?: string;
  /** Unqualified names in queries mean this schema, and no other. */
  schema: string;
  /** Connections at most; they are opened when needed. */
  max: number;
  /** As shown in pg_stat_activity. */
  applicationName: string;
  /** Default 15,000 ms. */
  statementTimeoutMs?: number;
  /**
   * For tables that fill and empty within seconds: their statistics are of another moment, and a plan made while they were
   * empty reads them whole when they are full. Every query here has its index.
   */
  avoidTableScans?: boolean;
  /**
   * Every statement sees the rows of all tenants, without a transaction that says so. For the pool of a service's own
   * workers, which no request may use.
   */
  tenants?: "all";
  onNotice?: (message: string) => void;
};

/**
 * Opens nothing yet: the first query does. `bigint` is read as number, and a value beyond 2^53 fails the query rather than
 * losing digits; `numeric` (and so `sum(bigint)`) stays a string. An `undefined` parameter is an error, never null. A lost connection fails what was
 * under way on it and, within two seconds, on the pool's others; the next query connects anew. `end` takes two seconds at most.
 */
export function connect(options: ConnectOptions): Sql {
  const ssl = tlsOf(options.url, options.ca);
  return survivingPool(
    ({ max, onclose, onnotify }) =>
      postgres(options.url, {
        max: max ?? options.max,
        ...(ssl && { ssl }),
        onclose,
        ...(onnotify && { onnotify }),
        connect_timeout: 5,
        // A connection that ends by itself would look like one that was lost.
        max_lifetime: null,
        // BEGIN as the last statement that a full pipeline takes does not reserve its connection (postgres 3.4.9, issue 1189).
        ...{ max_pipeline: Number.MAX_SAFE_INTEGER }, // Missing in the client's types.
        onnotice: (notice) => options.onNotice?.(String(notice.message)),
        connection: {
          application_name: options.applicationName,
          search_path: options.schema,
          ...(options.tenants === "all" && { "app.tenants": tenantSetting("all") }),
          ...(options.avoidTableScans === true && { enable_seqscan: "off" }),
          statement_timeout: options.statementTimeoutMs ?? 15_000,
          // A transaction whose process hangs would keep its row locks for good.
          idle_in_transaction_session_timeout: 30_000,
        },
        types: { int8: { to: 20, from: [20], serialize: String, parse: safeNumber } },
      }) as unknown as Sql,
  );
}

function safeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a number`);
  return value;
}

/** Whether the error says that Postgres can't be reached or refuses work for now, so that the same call may succeed later. */
export function isStoreUnavailable(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("code" in error)) return false;
  const code = String(error.code);
  // Class 08 connection, 53 resources, 57P0x shutdown and start-up; the rest are the client's and the socket's own words.
  return (
    /^(08...|53...|57P0[1-4])$/.test(code) ||
    /^(CONNECT|CONNECTION)_/.test(code) ||
    /^(ECONN|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT)/.test(code)
  );
}
