import { faults } from "../../faults/index.ts";
import type { Fire } from "../fire.ts";
import { burst, provider, whatsapp } from "../moves.ts";

export const sending: readonly Fire[] = [
  {
    name: "session",
    cause: "one WasenderApi session of four is logged out",
    alerts: ["WameshSessionDown ticket"],
    light: whatsapp(1),
  },
  {
    name: "sessions",
    cause: "three WasenderApi sessions of four are logged out",
    alerts: ["WameshManySessionsDown page", "WameshSessionDown ticket"],
    light: whatsapp(3),
  },
  {
    name: "throttled",
    cause: "every send is answered with 429 and Retry-After",
    alerts: ["WameshSendingStopped page"],
    light: provider({ kind: "http_429", retry_after: 5 }),
  },
  {
    name: "otp-burst",
    cause: "100 one-time passwords at once through a session that takes 4 a second",
    alerts: ["WameshOtpLate page", "WameshOtpLate ticket"],
    light: burst((scene) => scene.west, "otp", 100),
  },
  {
    name: "backlog",
    cause: "80 standard messages at once through a session that takes 4 a second",
    alerts: ["WameshLaneOld ticket"],
    softened: [{ alert: "WameshLaneOld", from: "> 900", to: "> 5" }],
    light: burst((scene) => scene.west, "standard", 80),
  },
  {
    name: "refusals",
    cause: "every sixth message of two numbers is refused with 131016, service unavailable",
    alerts: ["WameshSendFailures page", "WameshSendFailures ticket"],
    light: (ground) => {
      // More, and the sessions would be taken for disconnected and their messages held: three in a row are enough for that.
      const refused = { kind: "refused", code: 131_016, rate: 0.16 };
      const numbers = ground.scene.north.sessions.map(({ sender }) => sender);
      return provider(...numbers.map((phone_number_id) => ({ ...refused, match: { phone_number_id } })))(
        ground,
      );
    },
  },
  {
    name: "failures",
    cause:
      "20 of 100 connections to the provider are reset before the answer, and it tells later that it failed",
    alerts: ["WameshDeadLetters ticket"],
    async light(ground) {
      const { scene } = ground;
      const people = Array.from({ length: 20 }, (_, i) => `+15559${String(i).padStart(6, "0")}`);
      const heal = await provider(
        ...people.flatMap((recipient) => [
          { kind: "reset_but_sent", match: { recipient } },
          { kind: "failed_later", code: 131_000, match: { recipient } },
        ]),
      )(ground);
      for (const to of people) {
        await scene.send(scene.east, "standard", 1, { to });
        await scene.send(scene.east, "standard", 4);
      }
      return heal;
    },
  },
  {
    name: "resets",
    cause: "every second connection to the provider is reset before the answer, and no receipt comes",
    alerts: ["WameshDoubts page", "WameshDoubts ticket"],
    softened: [{ alert: "WameshDoubts", from: "> 20", to: "> 5" }],
    light: provider({ kind: "reset_but_sent", rate: 0.5 }, { kind: "callback_outage" }),
  },
  {
    name: "poison",
    cause: "unreadable records in the lanes",
    alerts: ["WameshDeadLetters page"],
    async light({ mesh, sql, say }) {
      await faults.get("poison_lanes")?.strike({
        mesh,
        sql,
        random: Math.random,
        shards: [0, 1, 2],
        say,
        stopped: () => {},
        poisoned: () => {},
      });
      return async () => {};
    },
  },
];
