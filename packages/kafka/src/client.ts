/** Makes kafkajs clients. Each producer, consumer, table and admin has its own, so that one can be cut off without the others. */
import type { ConnectionOptions } from "node:tls";
import kafkajs, { type Kafka, type RetryOptions, type SASLOptions } from "kafkajs";
import { patchCoordinatorNotFound } from "./coordinator-patch.ts";
import type { Log } from "./log.ts";
import { patchRecords } from "./record-patch.ts";
import { type Connect, severableSockets } from "./sockets.ts";
import { patchIdleTimer } from "./timer-patch.ts";

export type KafkaOptions = {
  /** `host:port`, as a list or separated by commas. */
  brokers: readonly string[] | string;
  clientId: string;
  /** No other process that lives has this clientId: members of that name in its groups are its own former life, and put out. */
  clientIdIsUnique?: boolean;
  /** false: plain text; true: TLS with the system's authorities. */
  ssl?: boolean | ConnectionOptions;
  sasl?: { mechanism: "plain" | "scram-sha-256" | "scram-sha-512"; username: string; password: string };
  log: Log;
  /** Replaces the TCP connection; for tests that cut the wire. */
  connect?: Connect;
};

export type Client = { kafka: Kafka; sever(): void };

/** A request without an answer for so long counts as lost. kafkajs adds a fetch's own waiting time. */
const requestTimeoutMs = 10_000;

/** Comes back within a second of the broker: kafkajs' default waits up to 30 s. */
export const retry: RetryOptions = {
  initialRetryTime: 100,
  maxRetryTime: 1000,
  multiplier: 2,
  factor: 0.2,
  retries: 5,
};

export function newClient(options: KafkaOptions, overrides: { requestTimeoutMs?: number } = {}): Client {
  patchIdleTimer();
  patchCoordinatorNotFound();
  patchRecords();
  const sockets = severableSockets(options.connect);
  const kafka = new kafkajs.Kafka({
    brokers: typeof options.brokers === "string" ? options.brokers.split(",") : [...options.brokers],
    clientId: options.clientId,
    ssl: options.ssl ?? false,
    ...(options.sasl && { sasl: options.sasl as SASLOptions }),
    connectionTimeout: 3000,
    requestTimeout: overrides.requestTimeoutMs ?? requestTimeoutMs,
    retry,
    socketFactory: sockets.factory,
    logLevel: kafkajs.logLevel.ERROR,
    // What kafkajs calls an error is often part of its daily work (a rebalance, a moved leader), and it retries.
    logCreator:
      () =>
      ({ namespace, log }) => {
        // It goes on trying for a moment, and nobody waits for it.
        if (sockets.severed()) return;
        const { message, error, groupId, broker } = log;
        options.log("warn", `kafkajs ${namespace}: ${message}`, {
          ...(error !== undefined && { error: String(error) }),
          ...(groupId !== undefined && { groupId }),
          ...(broker !== undefined && { broker }),
        });
      },
  });
  return { kafka, sever: sockets.sever };
}
