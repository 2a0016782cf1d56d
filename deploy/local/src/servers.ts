// The four servers behind the mesh as their users see them, wherever they come from.
import type { SupervisedProcess } from "./supervise.ts";

export type Source = "environment" | "containers" | "embedded";

export type StackAddresses = {
  /** host:port, comma-separated. */
  kafkaBrokers: string;
  /** Base of the Confluent-compatible API. */
  registryUrl: string;
  /** Of a user who may create databases and roles. */
  postgresUrl: string;
  redisUrl: string;
};

export type ServerName = "kafka" | "registry" | "postgres" | "redis";

/** How to come in to a stack that was started `secured`. */
export type StackSecurity = {
  /** Authority of all servers, PEM. */
  ca: string;
  /** Who may do everything at the brokers; signs in by PLAIN. */
  kafkaAdmin: { username: string; password: string };
  /** Of those that were asked for, by user; by SCRAM-SHA-512. They may do nothing until ACLs say so. */
  kafkaPasswords: Record<string, string>;
  registryLogin: { username: string; password: string };
};

export type Stack = StackAddresses & {
  source: Source;
  /** Of a stack that was started so. Its addresses hold the passwords of Postgres and Redis. */
  security?: StackSecurity;
  /** Of the servers that are our processes. */
  pids: Partial<Record<ServerName, number>>;
  /** Ends what `startStack` started, within five seconds; the data stays. */
  stop(): Promise<void>;
  /** One server, to be taken away and brought back on the same port and data. Throws unless embedded. */
  server(name: ServerName): { stop(): Promise<void>; kill(): Promise<void>; start(): Promise<void> };
  /** All nodes of Kafka, `server("kafka")` first; their node ids are 1 and up. Empty unless embedded. */
  brokers: readonly SupervisedProcess[];
};

export type StackOptions = {
  /** Where embedded servers keep data and logs; whole data of an earlier start is used again. */
  dataDir: string;
  log: (line: string) => void;
  /** Nodes of an embedded Kafka, 1 (default) or 3; stays as it is as long as the data lives. */
  brokers?: 1 | 3;
  /** Default: free ones. */
  ports?: Partial<Record<ServerName, number>>;
  /**
   * TLS, users and passwords on every server, and an authorizer at the brokers; of embedded servers only. Redis and the
   * registry stand behind a door of ours that does it for them.
   */
  secured?: { kafkaUsers: readonly string[] };
  /** Default `process.env`. Read: WAMESH_STACK, the four addresses, DOCKER_HOST, JAVA_HOME, PATH. */
  env?: NodeJS.ProcessEnv;
};

/** `Stack.server` of a stack whose servers are somebody else's processes. */
export function notOurs(source: Source): Stack["server"] {
  return (name) => {
    throw new Error(
      `${name} comes from ${source}; only embedded servers can be stopped and started one by one`,
    );
  };
}
