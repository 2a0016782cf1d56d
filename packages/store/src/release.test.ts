import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareVersions,
  deployRefusal,
  lineOf,
  type Release,
  release,
  standing,
  startRefusal,
} from "./release.ts";

const of = (version: string, previous: string | null): Release => ({ version, previous });
const first = of("0.1.0", null);
const second = of("0.2.0", "0.1");
const third = of("0.3.1", "0.2");
const whole = of("1.0.0", "0.3");

describe("the rule of the skew", () => {
  test.each([
    ["nothing was deployed", first, null, "new", null, /npm run deploy.* of 0\.1\.0/],
    ["the same", second, second, "same", null, null],
    ["a patch later", of("0.2.4", "0.1"), second, "behind", null, /deploy.* of 0\.2\.4/],
    ["back by a patch", second, of("0.2.4", "0.1"), "ahead", null, null],
    ["the next release", second, first, "behind", null, /database is of 0\.1\.0: run `npm run deploy`/],
    ["back by one", first, second, "ahead", null, null],
    ["the next with another first number", whole, third, "behind", null, /deploy/],
    ["back over the first number", third, whole, "ahead", null, null],
    ["one left out", third, first, "apart", /Deploy 0\.2 .*first/, /Deploy 0\.2 .*first/],
    ["back by two", first, third, "apart", /only 0\.2 or 0\.3 may run.*this is 0\.1\.0/, /only 0\.2 or 0\.3/],
    ["a release that names none before it", of("0.5.0", null), first, "apart", /in between/, /in between/],
  ] as const)("%s", (_what, mine, stored, stands, deploys, starts) => {
    expect(standing(mine, stored)).toBe(stands);
    for (const [words, expected] of [
      [deployRefusal(mine, stored), deploys],
      [startRefusal(mine, stored), starts],
    ] as const)
      if (expected === null) expect(words).toBeNull();
      else expect(words).toMatch(expected);
  });

  test("a release starts on every database that it may be deployed to, once it was", () => {
    const version = fc.tuple(fc.nat(1), fc.nat(3), fc.nat(2)).map((numbers) => numbers.join("."));
    const any = fc.record({ version, previous: fc.option(version.map(lineOf)) });
    fc.assert(
      fc.property(any, any, (mine, stored) => {
        const after = compareVersions(stored.version, mine.version) > 0 ? stored : mine;
        if (deployRefusal(mine, stored) === null) expect(startRefusal(mine, after)).toBeNull();
      }),
    );
  });
});

test("versions are compared as numbers", () => {
  expect(compareVersions("0.10.0", "0.9.9")).toBeGreaterThan(0);
  expect(compareVersions("1.2.3-rc.1", "1.2.3")).toBe(0);
  expect(() => lineOf("next")).toThrow(/no version like 1\.2\.3/);
});

test("package.json, the chart and Compose name the release that the database will be told of", () => {
  const root = new URL("../../../", import.meta.url);
  const text = (path: string) => readFileSync(new URL(path, root), "utf8");
  expect(JSON.parse(text("package.json")).version).toBe(release.version);
  expect(text("deploy/helm/wamesh/Chart.yaml")).toContain(`appVersion: "${release.version}"`);
  expect(text("docker-compose.yml")).toContain(`image: wamesh:\${WAMESH_VERSION:-${release.version}}`);
});
