import { loadSettings, type SettingsError } from "@wamesh/service";
import { expect, test } from "vitest";
import { settings } from "./config.ts";

const env = {
  WAMESH_KAFKA_BROKERS: "kafka:9092",
  WAMESH_REGISTRY_URL: "http://registry:8081",
  WAMESH_POSTGRES_URL: "postgres://u:p@postgres/wamesh",
  WAMESH_PUBLIC_ORIGIN: "https://mesh.example.com/",
  WAMESH_KEY_PEPPERS: "p1:0123456789abcdef",
  WAMESH_CREDENTIAL_KEYS: `k1:${Buffer.alloc(32).toString("base64")}`,
  WAMESH_CALLBACK_PEPPERS: "c1:0123456789abcdef",
  WAMESH_META_APPS: "111:secret:verify,222:secret:verify",
  WAMESH_OPERATOR_KEY: `wam_operator0000_${"s".repeat(43)}`,
};

test("of the Meta apps ids and secrets are kept, and the operator's key is read into its parts", () => {
  const read = loadSettings(settings, env);
  expect(read.metaApps).toEqual([
    { id: "111", secret: "secret" },
    { id: "222", secret: "secret" },
  ]);
  expect(read.operatorKey).toEqual({ id: "operator0000", secret: "s".repeat(43) });
  expect(read.cloudApiUrl).toBe("https://graph.facebook.com");
});

test("a mesh without Meta needs no Meta app", () => {
  const { WAMESH_META_APPS: _, ...without } = env;
  expect(loadSettings(settings, without).metaApps).toEqual([]);
});

test("all mistakes are told together, without the values", () => {
  const wrong = {
    ...env,
    WAMESH_OPERATOR_KEY: "wam_oops",
    WAMESH_CREDENTIAL_KEYS: "k1:short",
    WAMESH_META_APPS: "111:secret:verify",
  };
  try {
    loadSettings(settings, wrong);
    expect.unreachable();
  } catch (error) {
    const names = (error as SettingsError).mistakes.map(({ name }) => name);
    expect(names.sort()).toEqual(["WAMESH_CREDENTIAL_KEYS", "WAMESH_OPERATOR_KEY"]);
    expect(String(error)).not.toContain("wam_oops");
  }
});
