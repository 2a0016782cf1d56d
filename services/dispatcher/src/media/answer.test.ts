import type { MediaKind } from "@wamesh/providers";
import { expect, test } from "vitest";
import { type Head, type Headers, readHead } from "./answer.ts";

const most = 16_000_000;
const jpeg = { "content-type": "image/jpeg" };

test.each<[string, MediaKind, number, Headers, Partial<Head>]>([
  ["a file", "image", 200, jpeg, { kind: "file", mimeType: "image/jpeg", maxBytes: 5_000_000 }],
  [
    "a file of another type",
    "image",
    200,
    { "content-type": "text/html; charset=utf-8" },
    { kind: "unusable" },
  ],
  ["a file without a type", "document", 200, {}, { kind: "unusable" }],
  ["any document", "document", 200, { "content-type": "text/csv" }, { kind: "file", maxBytes: most }],
  ["as large as may be", "image", 200, { ...jpeg, "content-length": "5000000" }, { kind: "file" }],
  [
    "too large for the provider",
    "image",
    200,
    { ...jpeg, "content-length": "5000001" },
    { kind: "unusable" },
  ],
  [
    "too large for this process",
    "document",
    200,
    { "content-type": "application/pdf", "content-length": "16000001" },
    { kind: "unusable" },
  ],
  ["nothing there", "image", 404, jpeg, { kind: "unusable", why: "The file's server answered 404." }],
  ["forbidden", "image", 403, jpeg, { kind: "unusable" }],
  ["a redirect", "image", 302, { location: "http://10.0.0.1/" }, { kind: "unusable" }],
  ["a part of it", "image", 206, jpeg, { kind: "unusable" }],
  ["too many requests", "image", 429, jpeg, { kind: "later" }],
  ["a server in trouble", "image", 503, jpeg, { kind: "later" }],
])("%s", (_what, kind, status, headers, head) => {
  expect(readHead(kind, { status, headers }, most)).toMatchObject(head);
});
