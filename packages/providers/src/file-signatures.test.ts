import { expect, it } from "vitest";
import data from "./cloud-api/file-signatures.json" with { type: "json" };
import limits from "./cloud-api/media-limits.json" with { type: "json" };
import { signatureBytes, sniff } from "./file-signatures.ts";
import type { MediaKind } from "./send.ts";

const jpeg = "ffd8ffe000104a464946";
const png = "89504e470d0a1a0a0000";
const webp = "524946462a00000057454250";
const mp4 = "0000001866747970697336";
const html = Buffer.from("<!doctype html>").toString("hex");
const pdf = Buffer.from("%PDF-1.7").toString("hex");

it.each<[MediaKind, string, string, string | null]>([
  ["image", "image/jpeg", jpeg, "image/jpeg"],
  ["image", "image/jpeg", png, "image/png"],
  ["image", "image/jpeg", html, null],
  ["image", "image/png", webp, null],
  ["image", "image/png", "8950", null],
  ["sticker", "image/webp", webp, "image/webp"],
  ["video", "video/3gpp", mp4, "video/3gpp"],
  ["video", "video/mp4", jpeg, null],
  ["audio", "audio/mp4", mp4, "audio/mp4"],
  ["audio", "audio/mpeg", "494433040000", "audio/mpeg"],
  ["audio", "audio/mpeg", "fffb9064", "audio/mpeg"],
  ["audio", "audio/aac", "fff15080", "audio/aac"],
  ["audio", "audio/ogg", "4f67675300020000", "audio/ogg"],
  ["audio", "audio/amr", Buffer.from("#!AMR\n").toString("hex"), "audio/amr"],
  ["document", "application/pdf", pdf, "application/pdf"],
  ["document", "application/pdf", html, null],
  ["document", "application/pdf", png, null],
  ["document", "text/csv", html, "text/csv"],
])("a file sent as %s, called %s, that begins with %s", (kind, mimeType, hex, type) => {
  const sniffed = sniff(kind, mimeType, Buffer.from(hex, "hex"));
  expect(sniffed).toMatchObject(type === null ? { kind: "unfit" } : { kind: "fits", mimeType: type });
});

it("a refusal says what was called so, and what it is", () => {
  expect(sniff("image", "image/jpeg", Buffer.from(pdf, "hex"))).toEqual({
    kind: "unfit",
    why: "its first bytes are not those of image/jpeg, but those of application/pdf",
  });
});

it("every type that a kind is bound to has a signature, and the longest is read whole", () => {
  const bound = Object.values(limits.kinds).flatMap(({ types }) => types ?? []);
  expect(bound.filter((type) => !(type in data.types))).toEqual([]);
  expect(signatureBytes).toBe(12);
});
