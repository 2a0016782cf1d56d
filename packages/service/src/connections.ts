/**
 * How a process reaches the four servers behind the mesh, and with what it proves who it is. The functions turn settings into
 * what the clients take; they throw SettingsError for what only looks safe: a password in the clear, an authority nobody asks.
 */
import { address, certificates, flag, integer, list, oneOf, optionalText, privateKey } from "./fields.ts";
import { type Mistake, SettingsError } from "./settings.ts";

export const kafkaSettings = {
  kafkaBrokers: list({ about: "bootstrap brokers", example: "kafka-1:9092,kafka-2:9092" }),
  kafkaSsl: flag(false, { about: "speak TLS to Kafka" }),
  kafkaCa: certificates({ about: "authorities of the brokers' certificates, PEM; default the system's" }),
  kafkaCertificate: certificates({
    about: "client certificate at Kafka, PEM; only where brokers ask for one",
  }),
  kafkaPrivateKey: privateKey({ about: "key of the client certificate, PEM" }),
  kafkaSaslMechanism: oneOf(["none", "plain", "scram-sha-256", "scram-sha-512"], "none", {
    about: "how to sign in to Kafka",
  }),
  kafkaSaslUsername: optionalText({ about: "user at Kafka" }),
  kafkaSaslPassword: optionalText({ about: "password at Kafka", secret: true }),
};

type SaslMechanism = "plain" | "scram-sha-256" | "scram-sha-512";

export type KafkaConnection = {
  brokers: string[];
  /** true: the system's authorities. */
  ssl: boolean | { ca?: string; cert?: string; key?: string };
  sasl?: { mechanism: SaslMechanism; username: string; password: string };
};

/** What packages/kafka connects with. */
export function kafkaConnection(settings: {
  kafkaBrokers: string[];
  kafkaSsl: boolean;
  kafkaCa?: string | undefined;
  kafkaCertificate?: string | undefined;
  kafkaPrivateKey?: string | undefined;
  kafkaSaslMechanism: "none" | SaslMechanism;
  kafkaSaslUsername?: string | undefined;
  kafkaSaslPassword?: string | undefined;
}): KafkaConnection {
  const {
    kafkaSsl,
    kafkaCa: ca,
    kafkaCertificate: cert,
    kafkaPrivateKey: key,
    kafkaSaslMechanism: mechanism,
    kafkaSaslUsername: username,
    kafkaSaslPassword: password,
  } = settings;
  const mistakes: Mistake[] = [];
  const refuse = (name: string, problem: string, remedy: string) => mistakes.push({ name, problem, remedy });
  if (!kafkaSsl && mechanism !== "none")
    refuse(
      "WAMESH_KAFKA_SASL_MECHANISM",
      "would show the password to whoever listens",
      "set WAMESH_KAFKA_SSL=true",
    );
  if (!kafkaSsl && (ca ?? cert) !== undefined)
    refuse(
      `WAMESH_KAFKA_${ca === undefined ? "CERTIFICATE" : "CA"}`,
      "is set, but nothing is encrypted",
      "set WAMESH_KAFKA_SSL=true",
    );
  if ((cert === undefined) !== (key === undefined))
    refuse(
      "WAMESH_KAFKA_CERTIFICATE",
      "and its key belong together",
      "set WAMESH_KAFKA_CERTIFICATE and WAMESH_KAFKA_PRIVATE_KEY, or none",
    );
  if (mechanism !== "none" && (username === undefined || password === undefined))
    refuse(
      "WAMESH_KAFKA_SASL_MECHANISM",
      "needs a user and a password",
      "set WAMESH_KAFKA_SASL_USERNAME and WAMESH_KAFKA_SASL_PASSWORD",
    );
  if (mistakes.length > 0) throw new SettingsError(mistakes);

  const tls = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
  };
  const connection = {
    brokers: settings.kafkaBrokers,
    ssl: kafkaSsl && Object.keys(tls).length > 0 ? tls : kafkaSsl,
  };
  return mechanism === "none"
    ? connection
    : { ...connection, sasl: { mechanism, username: username!, password: password! } };
}

export const registrySettings = {
  registryUrl: address(["http", "https"], {
    about: "schema registry, Confluent API",
    example: "https://registry:8081/apis/ccompat/v7",
  }),
  registryCa: certificates({ about: "authorities of the registry's certificate, PEM; default the system's" }),
  registryUsername: optionalText({ about: "user at the registry" }),
  registryPassword: optionalText({ about: "password at the registry", secret: true }),
};

export type RegistryConnection = {
  registryUrl: string;
  registryCa?: string;
  registryLogin?: { username: string; password: string };
};

/** What `createCodec` of packages/events and the deploy step take. */
export function registryConnection(settings: {
  registryUrl: string;
  registryCa?: string | undefined;
  registryUsername?: string | undefined;
  registryPassword?: string | undefined;
}): RegistryConnection {
  const { registryUrl, registryCa, registryUsername: username, registryPassword: password } = settings;
  const url = new URL(registryUrl);
  const mistakes: Mistake[] = [];
  if (url.username !== "" || url.password !== "")
    mistakes.push({
      name: "WAMESH_REGISTRY_URL",
      problem: "holds a password, and addresses are logged",
      remedy: "set WAMESH_REGISTRY_USERNAME and WAMESH_REGISTRY_PASSWORD",
    });
  if ((username === undefined) !== (password === undefined))
    mistakes.push({
      name: "WAMESH_REGISTRY_USERNAME",
      problem: "and its password belong together",
      remedy: "set WAMESH_REGISTRY_USERNAME and WAMESH_REGISTRY_PASSWORD, or none",
    });
  if (url.protocol === "http:" && (username ?? registryCa) !== undefined)
    mistakes.push({
      name: "WAMESH_REGISTRY_URL",
      problem: "is not encrypted, though there is a password or an authority",
      remedy: "begin it with https://",
    });
  if (mistakes.length > 0) throw new SettingsError(mistakes);
  return {
    registryUrl,
    ...(registryCa !== undefined && { registryCa }),
    ...(username !== undefined && password !== undefined && { registryLogin: { username, password } }),
  };
}

const postgresCa = certificates({
  about: "authorities of the database's certificate, PEM; default the system's",
});

export const postgresSettings = {
  postgresUrl: address(["postgres", "postgresql"], {
    about: "database, as the service's own role; TLS by ?sslmode=verify-full",
    example: "postgres://wamesh_ingest_app:…@postgres/wamesh?sslmode=verify-full",
    secret: true,
  }),
  postgresCa,
  postgresConnections: integer({
    min: 1,
    max: 200,
    fallback: 10,
    about: "connections of this process at most",
  }),
};

/** Of whoever deploys. */
export const postgresAdminSettings = {
  postgresUrl: address(["postgres", "postgresql"], {
    about: "database, as a role that may create roles and schemas",
    secret: true,
  }),
  postgresCa,
};

const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/** What `connect` of packages/store takes. */
export function postgresConnection(settings: { postgresUrl: string; postgresCa?: string | undefined }): {
  url: string;
  ca?: string;
} {
  const { postgresUrl: url, postgresCa: ca } = settings;
  const mode = new URL(url).searchParams.get("sslmode") ?? "disable";
  if (!sslModes.includes(mode))
    throw new SettingsError([
      {
        name: "WAMESH_POSTGRES_URL",
        problem: "has an sslmode that is none",
        remedy: `use one of ${sslModes.join(", ")}`,
      },
    ]);
  if (ca === undefined) return { url };
  if (!mode.startsWith("verify-"))
    throw new SettingsError([
      {
        name: "WAMESH_POSTGRES_CA",
        problem: "is set, but the server is not asked who it is",
        remedy: "end WAMESH_POSTGRES_URL with ?sslmode=verify-full",
      },
    ]);
  return { url, ca };
}

export const redisSettings = {
  redisUrl: address(["redis", "rediss"], {
    about: "Redis; rediss:// for TLS, with user and password of its ACL",
    example: "rediss://wamesh:…@redis:6379",
    secret: true,
  }),
  redisCa: certificates({ about: "authorities of Redis' certificate, PEM; default the system's" }),
};

export type RedisConnection = { url: string; ca?: string };

export function redisConnection(settings: {
  redisUrl: string;
  redisCa?: string | undefined;
}): RedisConnection {
  const { redisUrl: url, redisCa: ca } = settings;
  if (ca === undefined) return { url };
  if (new URL(url).protocol !== "rediss:")
    throw new SettingsError([
      {
        name: "WAMESH_REDIS_CA",
        problem: "is set, but nothing is encrypted",
        remedy: "begin WAMESH_REDIS_URL with rediss://",
      },
    ]);
  return { url, ca };
}
