import { describe, expect, test } from "vitest";
import { rejectionOf } from "../error-table.ts";
import type { Rejection } from "../send.ts";
import { cloudApiErrors, receiptError, rowOf } from "./errors.ts";

/** Meta's codes by what they demand, transcribed from its tables and not from our data. */
const demands: Record<string, string> = {
  AUTH: "0 3 10 104 190 200 230 299 131005",
  RETRY: "1 2 131000 131016 131053 133000 133004 134102",
  "RETRY later": "132069",
  SLOW_APP: "4 17 32 613",
  SLOW_WABA: "80007",
  SLOW_NUMBER: "130429",
  SLOW_PAIR: "131056",
  HOLD_24H: "131049",
  STOP_NUMBER: "33 100/33 803 131037 131045 133005 133006 133009 133010",
  "STOP_NUMBER for 1 min": "131057",
  "STOP_NUMBER for 5 min": "133015 2494100",
  "STOP_NUMBER for 60 min": "133008",
  "STOP_NUMBER for 240 min": "131048",
  "STOP_NUMBER for 360 min": "131064",
  "STOP_NUMBER for 4320 min": "133016",
  STOP_WABA: "368 131031 131042",
  FAIL:
    "100 130403 130472 130497 131008 131009 131020 131021 131026 131030 131041 131047 131050 131051 131052 131055 131059 " +
    "131062 132000 132005 132008 132012 132018 132068 134011 134100 134101 135000 137000 138000 138500 139999",
  FAIL_TEMPLATE: "131063 132001 132007",
  "FAIL_TEMPLATE for 180 min": "132015",
  "FAIL_TEMPLATE for 1440 min": "132016",
};

function outcomeOf(demand: string): Pick<Rejection, "retry" | "scope" | "effect" | "pauseMs"> {
  const [, name, minutes] = /^(\S+)(?: for (\d+) min| later)?$/.exec(demand) ?? [];
  const pauseMs = (usual: number) => Number(minutes ?? usual) * 60_000;
  const again = (ms: number | null, countsAsAttempt: boolean) => ({
    kind: "after" as const,
    ms,
    countsAsAttempt,
  });
  const stopped = (scope: Rejection["scope"], usual: number) => ({
    retry: again(pauseMs(usual), false),
    scope,
    effect: "pause" as const,
    pauseMs: pauseMs(usual),
  });
  const slowed = (scope: Rejection["scope"]) => ({
    retry: again(null, false),
    scope,
    effect: "slow" as const,
    pauseMs: null,
  });
  const alone = { scope: "message", effect: "none", pauseMs: null } as const;
  switch (name) {
    case "AUTH":
      return stopped("session", 5);
    case "STOP_NUMBER":
      return stopped("session", 10);
    case "STOP_WABA":
      return stopped("account", 60);
    case "SLOW_APP":
      return slowed("app");
    case "SLOW_WABA":
      return slowed("account");
    case "SLOW_NUMBER":
      return slowed("session");
    case "SLOW_PAIR":
      return { retry: again(1_000, false), scope: "pair", effect: "pause", pauseMs: 1_000 };
    case "HOLD_24H":
      return { ...alone, retry: again(86_400_000, true) };
    case "RETRY":
      return { ...alone, retry: again(demand.endsWith("later") ? 3_600_000 : null, true) };
    case "FAIL":
      return { ...alone, retry: { kind: "never" } };
    case "FAIL_TEMPLATE":
      return { retry: { kind: "never" }, scope: "template", effect: "pause", pauseMs: pauseMs(60) };
    default:
      throw new Error(demand);
  }
}

const cases = Object.entries(demands).flatMap(([demand, codes]) =>
  codes.split(" ").map((code) => [code, demand] as const),
);

test.each(cases)("code %s is handled as %s", (code, demand) => {
  const row = cloudApiErrors.find(code);
  expect(row).not.toBeNull();
  expect(rejectionOf(row!, { providerCode: code, text: null, waitMs: null, claim: 1 })).toMatchObject({
    kind: "rejected",
    providerCode: code,
    detail: row!.meaning,
    ...outcomeOf(demand),
  });
});

test("every row of the table is in the list above", () => {
  const rows = new Set(cases.map(([code]) => cloudApiErrors.find(code)?.code));
  const missing = cloudApiErrors.rows.map((row) => row.code).filter((code) => !rows.has(code));
  expect(missing).toEqual(["transient", "http_429", "unknown"]);
});

test("whose fault it is: what support would say first", () => {
  const fault = (code: number) => receiptError({ code }).faultClass;
  expect(fault(131026)).toBe("recipient");
  expect(fault(131049)).toBe("recipient");
  expect(fault(132000)).toBe("content");
  expect(fault(131047)).toBe("policy");
  expect(fault(190)).toBe("credentials");
  expect(fault(131056)).toBe("pace");
  expect(fault(131000)).toBe("provider");
  expect(fault(424242)).toBe("unknown");
});

describe("a code nobody knows", () => {
  test.each([
    [{ code: 424242 }, 400, "unknown"],
    [{ code: 424242 }, 503, "transient"],
    [{ code: 424242, is_transient: true }, 400, "transient"],
    [{ code: 424242 }, 429, "http_429"],
    [{}, 400, "unknown"],
    [{ code: 424242 }, null, "unknown"],
  ])("%j with HTTP %s", (error, status, row) => {
    expect(rowOf(error, status).row.code).toBe(row);
  });
});

test("the pair's wait grows fourfold with every claim, up to 256 s", () => {
  const waits = [1, 2, 3, 4, 5, 6, 20].map((claim) => {
    const { retry } = rejectionOf(cloudApiErrors.find("131056")!, {
      providerCode: null,
      text: null,
      waitMs: null,
      claim,
    });
    return retry.kind === "after" ? retry.ms : null;
  });
  expect(waits).toEqual([1, 4, 16, 64, 256, 256, 256].map((seconds) => seconds * 1_000));
});

test("a person's marketing cap is tried once more at most", () => {
  const retry = (claim: number) =>
    rejectionOf(cloudApiErrors.find("131049")!, { providerCode: null, text: null, waitMs: null, claim })
      .retry;
  expect(retry(1)).toMatchObject({ kind: "after" });
  expect(retry(2)).toEqual({ kind: "never" });
});
