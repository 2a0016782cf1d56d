import { expect, test } from "vitest";
import { certificateExpiries } from "./certificates.ts";

/** Self-signed for this test, CN=test, until 2036-11-19. */
const pem = `-----BEGIN CERTIFICATE-----
MIIBcjCCARmgAwIBAgIUWYNGK2IMz6wHYe3rzCw9RN1wBxUwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjIwNjAyMDBaFw0zNjExMTkwNjAyMDBa
MA8xDTALBgNVBAMMBHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATKXfG9
m1sztUhywNBddXEev/zB8E+JbVbyYcZEPMM1GlaM2AzzkSXpeDUz2J5MtagiGK08
NNZq3i1u8SeDLdw+o1MwUTAdBgNVHQ4EFgQUKjWgb9AFO+FLuqZDX9vJJt6OH0kw
HwYDVR0jBBgwFoAUKjWgb9AFO+FLuqZDX9vJJt6OH0kwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNHADBEAiBy1fU4mlL8okdBxSPjWB9Gvb8zRXcc5s+xwGFl
cTDgQgIgdHZhL9HhMAtXypTof+iza8sYey2A/5zFVPmX06rsC+c=
-----END CERTIFICATE-----`;

test("certificates are found in settings and in the files that settings name, and nothing else is looked at", () => {
  const files: Record<string, string> = { "/ca.pem": `${pem}\n${pem}`, "/keys": "first:c2VjcmV0" };
  const read = (file: string) => {
    const text = files[file];
    if (text === undefined) throw new Error("no such file");
    return text;
  };
  const found = certificateExpiries(
    {
      WAMESH_KAFKA_CA_FILE: "/ca.pem",
      WAMESH_POSTGRES_CA: pem,
      NODE_EXTRA_CA_CERTS: "/ca.pem",
      WAMESH_CREDENTIAL_KEYS_FILE: "/keys",
      WAMESH_GONE_FILE: "/gone",
      WAMESH_KAFKA_BROKERS: "127.0.0.1:9092",
      OTHER: pem,
    },
    read,
  );
  const atMs = Date.parse("2036-11-19T06:02:00Z");
  expect(found).toEqual([
    { setting: "WAMESH_KAFKA_CA", atMs },
    { setting: "WAMESH_POSTGRES_CA", atMs },
    { setting: "NODE_EXTRA_CA_CERTS", atMs },
  ]);
});

test("what only looks like a certificate is none", () => {
  const broken = "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----";
  expect(certificateExpiries({ WAMESH_KAFKA_CA: broken })).toEqual([]);
});
