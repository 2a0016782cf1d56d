/** What the doctor makes of what it was told, without servers. */
import { topics } from "@wamesh/events";
import { describe, expect, test } from "vitest";
import { wantedAcls } from "../acl-plan.ts";
import { topicSpec } from "../topic-plan.ts";
import { judgeAcls } from "./acls.ts";
import { judgeClock } from "./clock.ts";
import { judgeDisk } from "./disk.ts";
import { bad, exitCode, ok, report } from "./finding.ts";
import { judgeRelease } from "./migrations.ts";
import { judgeRings, judgeSettings, type Parsed } from "./settings.ts";
import { judgeTopic } from "./topics.ts";

test.each([
  ["the same", "0.2.0", "0.1", "ok", null],
  ["one ahead", "0.3.0", "0.2", "ok", null],
  ["one behind", "0.1.0", null, "wrong", "run `npm run deploy`"],
  ["two ahead", "0.4.0", "0.3", "wrong", "only 0.3 or 0.4 may run"],
] as const)("a database whose release is %s", (_what, version, previous, state, remedy) => {
  const finding = judgeRelease({ version: "0.2.0", previous: "0.1" }, { version, previous });
  expect(finding).toMatchObject({ check: "release", subject: "deploy (0.2.0)", state });
  if (remedy === null) expect(finding.remedy).toBeNull();
  else expect(finding.remedy).toContain(remedy);
});

describe("a topic", () => {
  const { config } = topicSpec(topics.messageStatus, "production", 3);
  const good = { partitions: 64, replicas: 3, config };
  test.each([
    ["as it should be", good, "ok", "64 partitions"],
    ["that is missing", null, "wrong", "does not exist"],
    ["with another number of partitions", { ...good, partitions: 8 }, "wrong", "has 8 partitions"],
    [
      "with another retention",
      { ...good, config: { ...config, "retention.ms": "1" } },
      "wrong",
      "retention.ms is 1, not 1209600000",
    ],
    [
      "that is compacted by mistake",
      { ...good, config: { ...config, "cleanup.policy": "compact" } },
      "wrong",
      "cleanup.policy is compact, not delete",
    ],
    ["with a copy too few", { ...good, replicas: 2 }, "wrong", "has 2 copies, not 3"],
  ])("%s", (_, found, state, said) => {
    const finding = judgeTopic(topics.messageStatus, found, "production", 3);
    expect(finding).toMatchObject({ state, said: expect.stringContaining(said) });
    expect(finding.remedy === null).toBe(state === "ok");
  });
});

describe("a user's ACLs", () => {
  const principals = [{ role: "dispatcher", user: "wamesh-dispatcher" }] as const;
  const should = wantedAcls(principals);
  const stranger = { ...should[0]!, name: topics.audit.name, operation: "Read" };

  test("that are what the catalogue implies", () => {
    expect(judgeAcls(principals, should)).toMatchObject([{ state: "ok" }]);
  });
  test("with one too few name it, and the command that adds it", () => {
    const [finding] = judgeAcls(principals, should.slice(1));
    expect(finding).toMatchObject({ state: "wrong", said: expect.stringContaining(should[0]!.name) });
    expect(finding?.remedy).toContain(`--topic '${should[0]!.name}'`);
  });
  test("with one too many are looked at", () => {
    expect(judgeAcls(principals, [...should, stranger])).toMatchObject([
      { state: "look", said: expect.stringContaining(`Read topic ${topics.audit.name}`) },
    ]);
  });
});

describe("a clock", () => {
  const read = (theirMs: number, resolutionMs = 0, askedMs = 10_000, answeredMs = 10_200) =>
    judgeClock("Postgres", { askedMs, answeredMs, theirMs, resolutionMs });
  test.each([
    ["within the question", 10_100, "ok", null],
    ["a second behind its begin", 9_000, "ok", null],
    ["more than that behind", 8_999, "wrong", "1001 ms behind"],
    ["more than a second ahead of its end", 11_300, "wrong", "1100 ms ahead"],
  ])("%s", (_, theirMs, state, said) => {
    expect(read(theirMs)).toMatchObject({ state, ...(said && { said: expect.stringContaining(said) }) });
  });
  test("that tells whole seconds is not called slow for the rest of one", () => {
    expect(read(8_999, 1_000).state).toBe("ok");
  });
});

test.each([
  ["half of a small disk", 5, 10, "ok"],
  ["less than a tenth", 9, 100, "wrong"],
  ["a small share of a large disk", 60, 1_000, "ok"],
  ["hardly anything", 1, 4, "wrong"],
])("free disk: %s", (_, freeGib, allGib, state) => {
  expect(judgeDisk("/data", freeGib * 1024 ** 3, allGib * 1024 ** 3).state).toBe(state);
});

describe("settings", () => {
  test("with mistakes are a finding each, and no value is shown", () => {
    const { findings, settings } = judgeSettings("ingest", {}, { WAMESH_LOG_LEVEL: "shout-p4ssword" });
    expect(settings).toBeNull();
    expect(findings).toMatchObject([{ state: "wrong", said: expect.stringContaining("WAMESH_LOG_LEVEL") }]);
    expect(JSON.stringify(findings)).not.toContain("p4ssword");
  });

  const holds = (service: Parsed["service"], ...entries: [id: string, secret: string][]): Parsed => ({
    service,
    settings: { keyPeppers: entries.map(([id, secret]) => ({ id, secret })) },
  });
  const [older, newer] = [
    ["2026-10", "older secret"],
    ["2026-11", "newer secret"],
  ] as [string, string][] as [[string, string], [string, string]];

  test("of one ring agree while a rotation has reached every service", () => {
    const findings = judgeRings([holds("ingest", newer, older), holds("session-manager", older, newer)]);
    expect(findings).toMatchObject([{ state: "ok", subject: "WAMESH_KEY_PEPPERS" }]);
  });
  test("whose newest secret another service lacks are named by service and id only", () => {
    const [finding] = judgeRings([holds("ingest", older), holds("session-manager", newer, older)]);
    expect(finding).toMatchObject({
      state: "wrong",
      said: "ingest does not have 2026-11, the newest of session-manager",
    });
    expect(JSON.stringify(finding)).not.toContain('secret"');
  });
  test("with two secrets of one id are told from those that lack it", () => {
    const [finding] = judgeRings([holds("ingest", newer), holds("session-manager", ["2026-11", "other"])]);
    expect(finding?.said).toContain("session-manager has another secret as 2026-11, the newest of ingest");
  });
});

test("only what is wrong fails the command, and every remedy is shown", () => {
  const fine = [ok("disk", "/data", "half free"), bad("acls", "brokers", "no authorizer", "set one", "look")];
  expect(exitCode(fine)).toBe(0);
  const all = [...fine, bad("topics", "wa.x", "does not exist", "run `npm run deploy`")];
  expect(exitCode(all)).toBe(1);
  expect(report(all)).toContain("-> set one");
  expect(report(all)).toMatch(/1 ok, 1 wrong, 1 to look at, 0 not to be asked/);
});
