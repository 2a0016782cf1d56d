import { expect, test, vi } from "vitest";
import { endFormerLife } from "./former-life.ts";

test("members of the same name are put out, all others are left alone", async () => {
  const members = [
    { memberId: "dispatcher-1-a", clientId: "dispatcher-1" },
    { memberId: "dispatcher-10-b", clientId: "dispatcher-10" },
    { memberId: "dispatcher-1-c", clientId: "dispatcher-1" },
  ];
  const leaveGroup = vi.fn(async () => {});
  const keeper = { describeGroups: async () => ({ groups: [{ members }] }), leaveGroup };
  expect(await endFormerLife(keeper, { groupId: "g", clientId: "dispatcher-1" })).toBe(2);
  expect(leaveGroup.mock.calls).toEqual([
    [{ groupId: "g", memberId: "dispatcher-1-a" }],
    [{ groupId: "g", memberId: "dispatcher-1-c" }],
  ]);
});
