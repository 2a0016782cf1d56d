import { describe, expect, it } from "vitest";
import { guard, judgeAddresses, parseAllowList } from "./address-guard.ts";

// Single addresses and spellings are in address-forms.test.ts.

describe("a URL", () => {
  it("with one private address among public ones is refused", async () => {
    const verdict = await guard(new URL("https://mixed.test/"), [], async () => [
      "93.184.216.34",
      "10.0.0.1",
    ]);
    expect(verdict).toMatchObject({ ok: false, why: expect.stringContaining("not public") });
  });

  it("is connected at the address that was checked, whatever the name says later", async () => {
    let calls = 0;
    const verdict = await guard(new URL("https://rebinding.test/"), [], async () =>
      calls++ === 0 ? ["93.184.216.34"] : ["127.0.0.1"],
    );
    expect(verdict).toEqual({ ok: true, address: "93.184.216.34", family: 4 });
    expect(calls).toBe(1);
  });

  it("on an unusual port is refused, unless allowed", () => {
    const url = new URL("https://example.test:8443/");
    expect(judgeAddresses(url, ["93.184.216.34"], [])).toMatchObject({
      ok: false,
      why: expect.stringContaining("8443"),
    });
    expect(judgeAddresses(url, ["93.184.216.34"], parseAllowList("93.184.216.0/24:8443"))).toMatchObject({
      ok: true,
    });
  });

  it("inside an allowed range is taken, beside it refused", () => {
    const allow = parseAllowList("127.0.0.1/32:*, fd00::/8:443");
    expect(judgeAddresses(new URL("http://127.0.0.1:9000/"), ["127.0.0.1"], allow)).toMatchObject({
      ok: true,
    });
    expect(judgeAddresses(new URL("http://127.0.0.2:9000/"), ["127.0.0.2"], allow)).toMatchObject({
      ok: false,
    });
    expect(judgeAddresses(new URL("https://[fd00::1]/"), ["fd00::1"], allow)).toMatchObject({ ok: true });
  });
});

it("an unreadable allow-list is refused with an example", () => {
  expect(() => parseAllowList("localhost")).toThrow(/10\.0\.0\.0\/8:8080/);
});
