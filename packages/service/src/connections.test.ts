import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  kafkaConnection,
  kafkaSettings,
  postgresAdminSettings,
  postgresConnection,
  redisConnection,
  redisSettings,
  registryConnection,
  registrySettings,
} from "./connections.ts";
import { loadSettings, SettingsError } from "./settings.ts";

// Any certificate: nobody asks whose it is.
const pem = `-----BEGIN CERTIFICATE-----
MIIBgzCCASmgAwIBAgIUBrSBNqdEMQR4AFPKtK20MvzeVlYwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLd2FtZXNoIHRlc3QwIBcNMjYxMTIyMDUxNjQyWhgPMjEyNjEw
MjkwNTE2NDJaMBYxFDASBgNVBAMMC3dhbWVzaCB0ZXN0MFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEb5BtY+nEkoNtIuhvpNaUV06KWNg+hqI+kYtu1py9vrEGI2Ln
5XPEp8NWI7kuhdg8jU8A0JZRPjm3rBQQLuUQgKNTMFEwHQYDVR0OBBYEFNiMNNSh
VlOyt62FdmmrXwd6Xh2rMB8GA1UdIwQYMBaAFNiMNNShVlOyt62FdmmrXwd6Xh2r
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgbEDHCAstWZk7EG8O
1zdkz8Y5JoMHEzmmLngYMQkT0aICIQC8R5KkZefZA+BmCAHN0+n68ZYwzqF/PATz
CqciIdQQbg==
-----END CERTIFICATE-----`;
const key = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

type Env = Record<string, string>;
const kafka = (env: Env) =>
  kafkaConnection(loadSettings(kafkaSettings, { WAMESH_KAFKA_BROKERS: "a:1", ...env }));
const registry = (env: Env) => registryConnection(loadSettings(registrySettings, env));
const postgres = (env: Env) => postgresConnection(loadSettings(postgresAdminSettings, env));
const redis = (env: Env) => redisConnection(loadSettings(redisSettings, env));

/** Names of the settings that were refused. */
function refused(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes.map(({ name }) => name);
    throw error;
  }
  return [];
}

const scram = {
  WAMESH_KAFKA_SASL_MECHANISM: "scram-sha-512",
  WAMESH_KAFKA_SASL_USERNAME: "u",
  WAMESH_KAFKA_SASL_PASSWORD: "p",
};
const sasl = { mechanism: "scram-sha-512", username: "u", password: "p" };

describe("connections", () => {
  test.each<[string, unknown, unknown]>([
    ["Kafka in the clear", kafka({}), { brokers: ["a:1"], ssl: false }],
    ["Kafka over TLS", kafka({ WAMESH_KAFKA_SSL: "true" }), { brokers: ["a:1"], ssl: true }],
    [
      "Kafka with an authority, a client certificate and a user",
      kafka({
        ...scram,
        WAMESH_KAFKA_SSL: "true",
        WAMESH_KAFKA_CA: `${pem}\n${pem}`,
        WAMESH_KAFKA_CERTIFICATE: pem,
        WAMESH_KAFKA_PRIVATE_KEY: key,
      }),
      { brokers: ["a:1"], ssl: { ca: `${pem}\n${pem}`, cert: pem, key }, sasl },
    ],
    [
      "a registry with authority and user",
      registry({
        WAMESH_REGISTRY_URL: "https://r",
        WAMESH_REGISTRY_CA: pem,
        WAMESH_REGISTRY_USERNAME: "u",
        WAMESH_REGISTRY_PASSWORD: "p",
      }),
      { registryUrl: "https://r", registryCa: pem, registryLogin: { username: "u", password: "p" } },
    ],
    [
      "Postgres that is verified",
      postgres({ WAMESH_POSTGRES_URL: "postgres://u@p/d?sslmode=verify-full", WAMESH_POSTGRES_CA: pem }),
      { url: "postgres://u@p/d?sslmode=verify-full", ca: pem },
    ],
    [
      "Redis over TLS",
      redis({ WAMESH_REDIS_URL: "rediss://u:p@r", WAMESH_REDIS_CA: pem }),
      { url: "rediss://u:p@r", ca: pem },
    ],
  ])("%s", (_what, connection, expected) => {
    expect(connection).toEqual(expected);
  });

  test.each<[string, () => unknown, string[]]>([
    ["a password of Kafka in the clear", () => kafka(scram), ["WAMESH_KAFKA_SASL_MECHANISM"]],
    [
      "a mechanism without a password",
      () => kafka({ ...scram, WAMESH_KAFKA_SSL: "true", WAMESH_KAFKA_SASL_PASSWORD: "" }),
      ["WAMESH_KAFKA_SASL_MECHANISM"],
    ],
    ["an authority without TLS", () => kafka({ WAMESH_KAFKA_CA: pem }), ["WAMESH_KAFKA_CA"]],
    [
      "a client certificate without its key",
      () => kafka({ WAMESH_KAFKA_SSL: "true", WAMESH_KAFKA_CERTIFICATE: pem }),
      ["WAMESH_KAFKA_CERTIFICATE"],
    ],
    [
      "what is no certificate",
      () => kafka({ WAMESH_KAFKA_SSL: "true", WAMESH_KAFKA_CA: "-----BEGIN CERTIFICATE-----" }),
      ["WAMESH_KAFKA_CA"],
    ],
    [
      "what is no key",
      () => kafka({ WAMESH_KAFKA_SSL: "true", WAMESH_KAFKA_CERTIFICATE: pem, WAMESH_KAFKA_PRIVATE_KEY: pem }),
      ["WAMESH_KAFKA_PRIVATE_KEY"],
    ],
    [
      "a file of an authority that can't be read",
      () => kafka({ WAMESH_KAFKA_SSL: "true", WAMESH_KAFKA_CA_FILE: "/nowhere/ca.pem" }),
      ["WAMESH_KAFKA_CA_FILE"],
    ],
    [
      "a password in the registry's address",
      () => registry({ WAMESH_REGISTRY_URL: "https://u:p@r" }),
      ["WAMESH_REGISTRY_URL"],
    ],
    [
      "a password of the registry in the clear",
      () =>
        registry({
          WAMESH_REGISTRY_URL: "http://r",
          WAMESH_REGISTRY_USERNAME: "u",
          WAMESH_REGISTRY_PASSWORD: "p",
        }),
      ["WAMESH_REGISTRY_URL"],
    ],
    [
      "a user of the registry without a password",
      () => registry({ WAMESH_REGISTRY_URL: "https://r", WAMESH_REGISTRY_USERNAME: "u" }),
      ["WAMESH_REGISTRY_USERNAME"],
    ],
    [
      "an authority of a Postgres that is not verified",
      () => postgres({ WAMESH_POSTGRES_URL: "postgres://p/d?sslmode=require", WAMESH_POSTGRES_CA: pem }),
      ["WAMESH_POSTGRES_CA"],
    ],
    [
      "an sslmode nobody knows",
      () => postgres({ WAMESH_POSTGRES_URL: "postgres://p/d?sslmode=verify" }),
      ["WAMESH_POSTGRES_URL"],
    ],
    [
      "an authority of a Redis in the clear",
      () => redis({ WAMESH_REDIS_URL: "redis://r", WAMESH_REDIS_CA: pem }),
      ["WAMESH_REDIS_CA"],
    ],
  ])("refuse %s", (_what, load, names) => {
    expect(refused(load)).toEqual(names);
  });
});
