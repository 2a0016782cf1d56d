import { expect, test } from "vitest";
import { createRotation } from "./rotation.ts";

const one = (name: string, runs = true) => ({ name, pid: () => (runs ? 1 : undefined) });

test("each that runs gets its turn, and none that does not", () => {
  const rotation = createRotation<ReturnType<typeof one>>();
  rotation.set("ingest", [one("a"), one("b", false), one("c")]);
  const asked = Array.from({ length: 6 }, () => rotation.next("ingest").name).sort();
  expect(asked).toEqual(["a", "a", "a", "c", "c", "c"]);
});

test("what was taken out is asked no more", () => {
  const rotation = createRotation<ReturnType<typeof one>>();
  rotation.set("ingest", [one("a"), one("b")]);
  rotation.set("ingest", [one("a")]);
  expect([1, 2, 3].map(() => rotation.next("ingest").name)).toEqual(["a", "a", "a"]);
});

test("a service whose only process is down is still the one that is asked", () => {
  const rotation = createRotation<ReturnType<typeof one>>();
  rotation.set("ingest", [one("a", false)]);
  expect(rotation.next("ingest").name).toBe("a");
  expect(() => rotation.next("projector")).toThrow("no process of projector");
});
