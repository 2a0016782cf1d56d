import type { Evidence, SessionStatus } from "@wamesh/events";
import { expect, test } from "vitest";
import { type Remedy, remedyFor } from "./reconnect.ts";

const table: [SessionStatus, Evidence, Remedy][] = [
  ["connecting", "operator", "connect"],
  ["disconnected", "probe", "connect"],
  ["disconnected", "callback", "connect"],
  ["disconnected", "send", "restart"],
  ["need_scan", "probe", "ask_tenant"],
  ["logged_out", "callback", "ask_tenant"],
  ["connected", "probe", "wait"],
  ["expired", "probe", "wait"],
  ["auth_failed", "send", "wait"],
  ["suspended", "operator", "wait"],
  ["deleted", "operator", "wait"],
];

test.each(table)("%s, known by %s: %s", (status, evidence, remedy) =>
  expect(remedyFor(status, evidence)).toBe(remedy),
);
