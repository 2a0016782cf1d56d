/** Settings that several services have in common; each service spreads those it needs into its own object. */
import {
  address,
  flag,
  integer,
  keyRing,
  list,
  oneOf,
  optionalText,
  secretRing,
  share,
  textOr,
} from "./fields.ts";
import { SettingsError } from "./settings.ts";

export const httpSettings = {
  httpHost: textOr("127.0.0.1", { about: "address that API and probes listen on; 0.0.0.0 in a container" }),
  httpPort: integer({ min: 0, max: 65_535, fallback: 0, about: "port of the API; 0 takes a free one" }),
};

/** Of every process; `runService` adds them by itself. */
export const processSettings = {
  instanceId: optionalText({ about: "name of this process among its equals; default host name and pid" }),
  logLevel: oneOf(["trace", "debug", "info", "warn", "error", "fatal"], "info", {
    about: "least level logged",
  }),
  httpHost: httpSettings.httpHost,
  probesPort: integer({
    min: 0,
    max: 65_535,
    fallback: 0,
    about: "port of /livez, /readyz and /metrics; 0 takes a free one",
  }),
  announceFile: optionalText({
    about: "file into which the addresses and the pid are written once they are known",
  }),
  exitWithParent: flag(false, { about: "stop when standard input ends, because the parent did" }),
  traceRatio: share(1, { about: "share of traces kept, 0 to 1, when OTEL_EXPORTER_OTLP_ENDPOINT is set" }),
};

export const kafkaSettings = {
  kafkaBrokers: list({ about: "bootstrap brokers", example: "kafka-1:9092,kafka-2:9092" }),
  kafkaSsl: flag(false, { about: "speak TLS to Kafka" }),
  kafkaSaslMechanism: oneOf(["none", "plain", "scram-sha-256", "scram-sha-512"], "none", {
    about: "how to sign in to Kafka",
  }),
  kafkaSaslUsername: optionalText({ about: "user at Kafka" }),
  kafkaSaslPassword: optionalText({ about: "password at Kafka", secret: true }),
};

type KafkaConnection = {
  brokers: string[];
  ssl: boolean;
  sasl?: { mechanism: "plain" | "scram-sha-256" | "scram-sha-512"; username: string; password: string };
};

/** What packages/kafka connects with. Throws SettingsError when user or password are missing for the mechanism. */
export function kafkaConnection(settings: {
  kafkaBrokers: string[];
  kafkaSsl: boolean;
  kafkaSaslMechanism: "none" | "plain" | "scram-sha-256" | "scram-sha-512";
  kafkaSaslUsername?: string | undefined;
  kafkaSaslPassword?: string | undefined;
}): KafkaConnection {
  const {
    kafkaSaslMechanism: mechanism,
    kafkaSaslUsername: username,
    kafkaSaslPassword: password,
  } = settings;
  const connection = { brokers: settings.kafkaBrokers, ssl: settings.kafkaSsl };
  if (mechanism === "none") return connection;
  if (username === undefined || password === undefined)
    throw new SettingsError([
      {
        name: "WAMESH_KAFKA_SASL_MECHANISM",
        problem: "needs a user and a password",
        remedy: "set WAMESH_KAFKA_SASL_USERNAME and WAMESH_KAFKA_SASL_PASSWORD",
      },
    ]);
  return { ...connection, sasl: { mechanism, username, password } };
}

export const registrySettings = {
  registryUrl: address(["http", "https"], {
    about: "schema registry, Confluent API",
    example: "http://registry:8081/apis/ccompat/v7",
  }),
};

export const postgresSettings = {
  postgresUrl: address(["postgres", "postgresql"], {
    about: "database, as the service's own role",
    example: "postgres://wamesh_ingest_app:…@postgres/wamesh",
    secret: true,
  }),
  postgresConnections: integer({
    min: 1,
    max: 200,
    fallback: 10,
    about: "connections of this process at most",
  }),
};

export const redisSettings = {
  redisUrl: address(["redis", "rediss"], {
    about: "Redis; rediss:// for TLS",
    example: "redis://redis:6379",
    secret: true,
  }),
};

export const keyPepperSettings = {
  keyPeppers: secretRing({ about: "ring id:secret of API keys' hashes", example: "2026-11:…" }),
};

export const recipientTokenSettings = {
  recipientTokenKeys: secretRing({
    about: "ring id:secret of recipient tokens, for joins and logs",
    example: "2026-11:…",
  }),
};

export const credentialKeySettings = {
  credentialKeys: keyRing({
    about: "ring id:key that wraps credentials; 32 bytes in base64",
    example: "2026-11:…",
  }),
};

export const publicOriginSettings = {
  publicOrigin: address(["http", "https"], {
    about: "origin under which callers and providers reach the mesh",
    example: "https://wamesh.example.com",
  }),
};

export const callbackPepperSettings = {
  callbackPeppers: secretRing({
    about: "ring id:secret of callback secrets' hashes",
    example: "2026-11:…",
  }),
};
