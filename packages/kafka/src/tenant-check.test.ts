import { topics } from "@wamesh/events";
import { expect, test } from "vitest";
import { tenantsAgree } from "./tenant-check.ts";

const { messageStatus, sessionState, domainEvent, providerUnrouted, dead } = topics;

test.each([
  ["all three agree", messageStatus, "acme", "acme", "acme", true],
  ["another key", messageStatus, "globex", "acme", "acme", false],
  ["a key that only begins like it", messageStatus, "acme2", "acme", "acme", false],
  ["no key", messageStatus, null, "acme", "acme", false],
  ["another header", messageStatus, "acme", "globex", "acme", false],
  ["no header", messageStatus, "acme", undefined, "acme", false],
  ["another record", messageStatus, "acme", "acme", "globex", false],
  ["a compacted key of the tenant", sessionState, "acme|session|s1", "acme", "acme", true],
  ["a compacted key of another", sessionState, "globex|session|acme", "acme", "acme", false],
  ["a core application without our header", domainEvent, "acme", undefined, "acme", true],
  ["a core application with a wrong header", domainEvent, "acme", "globex", "acme", false],
  ["a core application with a wrong key", domainEvent, "globex", undefined, "acme", false],
  ["a topic that is not keyed by tenant", providerUnrouted, "1000000001", "acme", "acme", true],
  ["a record without a tenant", dead, null, undefined, null, true],
])("%s", (_, topic, key, header, tenant, agree) => {
  const headers: Record<string, string> = header === undefined ? {} : { tenant: header };
  expect(tenantsAgree(topic, { key, headers, record: { tenant } })).toBe(agree);
});
