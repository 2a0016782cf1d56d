import { describe, expect, test } from "vitest";
import { parseCallback, splitCallback } from "../read-callback.ts";
import { AT, accountCases, type CloudCase, METADATA, numberCases } from "./reference-cases.ts";

const meaning = (entry: object) => {
  const items = splitCallback("cloud_api", Buffer.from(JSON.stringify({ entry: [entry] })));
  return items.flatMap((item) => ({
    ...item,
    parsed: parseCallback("cloud_api", item.body),
  }));
};
const said = (entry: object) => meaning(entry).flatMap(({ parsed }) => parsed);
const ofAccount = ({ field, value }: CloudCase) => ({ id: "201", time: AT, changes: [{ field, value }] });
const ofNumber = ({ field, value }: CloudCase) => ({
  id: "201",
  changes: [{ field, value: { messaging_product: "whatsapp", metadata: METADATA, ...value } }],
});

describe("what Meta says about an account", () => {
  test.each(accountCases.map((one) => [one.name, one] as const))("%s", (_name, one) => {
    const parsed = said(ofAccount(one));
    expect(parsed).toMatchObject(one.means);
    expect(parsed).toHaveLength(one.means.length);
    for (const fact of parsed) if (fact.kind === "fact") expect(fact.occurredAt).toBe(AT * 1000);
  });

  test.each(accountCases.map((one) => [one.name, one] as const))(
    "in objects instead of lists: %s",
    (_name, { field, value, means }) => {
      const items = splitCallback(
        "cloud_api",
        Buffer.from(JSON.stringify({ entry: { id: "201", time: String(AT), changes: { field, value } } })),
      );
      expect(items.flatMap(({ body }) => parseCallback("cloud_api", body))).toMatchObject(means);
    },
  );

  test("an alert about a number is that number's", () => {
    const value = {
      entity_type: "PHONE_NUMBER",
      entity_id: "301",
      alert_info: { alert_type: "PROFILE_PICTURE_LOST" },
    };
    const [item] = meaning(ofAccount({ name: "", field: "account_alerts", value, means: [] }));
    expect(item).toMatchObject({ account: "201", phoneNumberId: "301" });
  });

  test("the same news at another time is news again, its repetition is not", () => {
    const keyAt = (time: number | undefined, receivedAtMs: number) =>
      splitCallback(
        "cloud_api",
        Buffer.from(
          JSON.stringify({
            entry: [
              { id: "201", time, changes: [{ field: "account_review_update", value: { decision: "X" } }] },
            ],
          }),
        ),
        { receivedAtMs },
      )[0]?.dedupeKey;
    expect(keyAt(AT, 1)).toBe(keyAt(AT, 2));
    expect(keyAt(AT + 1, 1)).not.toBe(keyAt(AT, 1));
    expect(keyAt(undefined, 1)).not.toBe(keyAt(undefined, 2));
  });

  test("a token that somebody put into a callback stays at the door", () => {
    const [item] = meaning({ id: "201", changes: [{ field: "x", value: { a: { access_token: "EAAG" } } }] });
    expect(item?.body).toContain('"a":{}');
  });
});

describe("what Meta says about a number and the people who write to it", () => {
  test.each(numberCases.map((one) => [one.name, one] as const))("%s", (_name, one) => {
    const parsed = said(ofNumber(one));
    expect(parsed).toMatchObject(one.means);
    expect(parsed).toHaveLength(one.means.length);
    expect(new Set(meaning(ofNumber(one)).map((item) => item.phoneNumberId))).toEqual(new Set(["301"]));
  });

  test("two preferences of one person are two, a repetition is the same", () => {
    const row = { wa_id: "15550001111", category: "marketing_messages", value: "stop", timestamp: AT };
    const idsOf = (...rows: object[]) =>
      said(
        ofNumber({ name: "", field: "user_preferences", value: { user_preferences: rows }, means: [] }),
      ).map((one) => (one.kind === "inbound" ? one.providerId : null));
    const [first, second] = idsOf(row, { ...row, value: "resume" });
    expect(first).not.toBe(second);
    expect(idsOf(row)).toEqual([first]);
    expect(idsOf({ ...row, timestamp: AT + 1 })).not.toEqual([first]);
  });
});
