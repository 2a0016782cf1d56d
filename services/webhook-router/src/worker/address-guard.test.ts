import { describe, expect, it } from "vitest";
import { guard, isPublic, judgeAddresses, parseAllowList, refuseUrl } from "./address-guard.ts";

const inside = [
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "10.255.255.255",
  "100.64.0.1",
  "100.127.255.255",
  "127.0.0.1",
  "127.1.2.3",
  "169.254.0.1",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.0.2.1",
  "192.168.0.1",
  "192.168.255.255",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::127.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "::ffff:7f00:1",
  "::ffff:169.254.169.254",
  "64:ff9b::7f00:1",
  "64:ff9b::10.0.0.1",
  "64:ff9b::a9fe:a9fe",
  "2002:7f00:1::",
  "2002:a00:1::",
  "2002:c0a8:1::1",
  "2001:db8::1",
  "2001::1",
  "fc00::1",
  "fd00::1",
  "fe80::1",
  "fec0::1",
  "ff02::1",
  "ff0e::1",
  "100::1",
  "fe80::5efe:10.0.0.1",
  "2001:db8::5efe:127.0.0.1",
  "not an address",
  "",
];
const outside = [
  "1.1.1.1",
  "8.8.8.8",
  "93.184.216.34",
  "172.15.255.255",
  "172.32.0.1",
  "100.63.255.255",
  "100.128.0.1",
  "192.167.1.1",
  "2606:4700::1111",
  "2a00:1450:4001::1",
  "::ffff:8.8.8.8",
  "64:ff9b::8.8.8.8",
  "2002:808:808::1",
];

describe("an address", () => {
  it.each(inside)("%s is refused", (address) => expect(isPublic(address)).toBe(false));
  it.each(outside)("%s is public", (address) => expect(isPublic(address)).toBe(true));
});

describe("a URL", () => {
  it.each([
    ["ftp://example.test/", /https/],
    ["https://user:pass@example.test/", /user name/],
    ["https://example.test/#x", /fragment/],
    ["nonsense", /not a URL/],
  ])("%s is refused", (url, why) => expect(refuseUrl(url)).toMatch(why));

  // What the URL parser makes of odd spellings of loopback must be judged, not the spelling.
  it.each([
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://①②⑦.⓪.⓪.①/",
  ])("%s does not reach loopback", async (url) => {
    expect(await guard(new URL(url), [], () => Promise.reject(new Error("no look-up needed")))).toMatchObject(
      { ok: false },
    );
  });

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
