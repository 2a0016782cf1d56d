import { expect, test } from "vitest";
import { endedPage, pageHeaders, renderPage } from "./page.ts";
import { scanPage } from "./scan-page.ts";

const html = (...args: Parameters<typeof scanPage>) => renderPage(scanPage(...args));

test("the code is drawn into the page, which loads itself again and nothing from elsewhere", () => {
  const page = html("shop", { kind: "scan", qr: "2@AbCdEfGh,ij==" });
  expect(page).toContain("<svg");
  expect(page).toContain('http-equiv="refresh"');
  // The code is in the picture only; no script, no source, no link.
  expect(page).not.toContain("2@AbCdEfGh");
  expect(page).not.toMatch(/<script|<img|<link|src=|href=/);
});

test("two codes are two pictures", () =>
  expect(html("n", { kind: "scan", qr: "2@one" })).not.toBe(html("n", { kind: "scan", qr: "2@two" })));

test("a connected session says so and stops asking", () => {
  const page = html("shop", { kind: "status", status: "connected", detail: "" });
  expect(page).toContain("shop is connected");
  expect(page).not.toContain("http-equiv");
});

test("names and the provider's words are text, never markup", () => {
  const page = html("<b onload=x>", {
    kind: "status",
    status: "connecting",
    detail: "<script>alert(1)</script>",
  });
  expect(page).not.toMatch(/<b onload|<script/);
});

test("pages are kept nowhere, framed nowhere, and run nothing", () => {
  const headers = pageHeaders(endedPage);
  expect(headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
  expect(headers["content-security-policy"]).not.toMatch(/script-src|unsafe/);
});
