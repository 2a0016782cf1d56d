import { expect, test } from "vitest";
import { tlsOf } from "./tls.ts";

const of = (url: string) => tlsOf(url, "authority")!;

test("a server is verified where the URL asks for it, and else the URL is the client's to read", () => {
  expect(of("postgres://p/d?sslmode=verify-full")).toMatchObject({
    ca: "authority",
    rejectUnauthorized: true,
  });
  expect(tlsOf("postgres://p/d?sslmode=verify-full", undefined)).not.toHaveProperty("ca");
  expect(tlsOf("postgres://p/d?sslmode=require", undefined)).toBeNull();
  expect(tlsOf("postgres://p/d", undefined)).toBeNull();
});

test("an address is verified as that address, not as localhost, which is what Node is told", () => {
  const check = of("postgres://10.0.0.5/d?sslmode=verify-full").checkServerIdentity!;
  const certificate = (names: string) => ({ subjectaltname: names, subject: {} }) as never;
  expect(check("localhost", certificate("IP Address:10.0.0.5"))).toBeUndefined();
  expect(check("localhost", certificate("DNS:localhost"))).toBeInstanceOf(Error);
});
