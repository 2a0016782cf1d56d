import { allTopics } from "@wamesh/events";
import { describe, expect, test } from "vitest";
import { accessOf, doors, missingAccess, neighbours, type Operation, services } from "./access.ts";

describe("access", () => {
  test("every producer and consumer of the catalogue is somebody we know", () => {
    const named = new Set(allTopics.flatMap(({ producers, consumers }) => [...producers, ...consumers]));
    expect([...named].filter((name) => ![...services, ...neighbours].includes(name as "ingest"))).toEqual([]);
  });

  test.each(services)("%s has what the catalogue says, and nothing else", (service) => {
    const { reads, writes } = accessOf(service);
    for (const { name, producers, consumers } of allTopics)
      expect([name, writes.includes(name), reads.includes(name)]).toEqual([
        name,
        producers.includes(service),
        consumers.includes(service),
      ]);
  });

  test.each(doors)("%s may do less than its service, and join no group", (door) => {
    const service = services.find((name) => door.startsWith(name))!;
    const [less, all] = [accessOf(door), accessOf(service)];
    expect(all.reads).toEqual(expect.arrayContaining([...less.reads]));
    expect(all.writes).toEqual(expect.arrayContaining([...less.writes]));
    expect(less.reads.length + less.writes.length).toBeLessThan(all.reads.length + all.writes.length);
    expect(less.groups).toEqual([]);
  });

  test("nobody's groups can be joined by another service", () => {
    const prefixes = services.flatMap((service) => accessOf(service).groups);
    for (const one of prefixes)
      expect(prefixes.filter((other) => other !== one && one.startsWith(other))).toEqual([]);
  });

  test("what is missing is named by operation, and a topic that does not exist is not", () => {
    const access = { reads: ["a", "b", "none"], writes: ["a", "c"], groups: ["g-"] };
    const granted = new Map<string, Operation[]>([
      ["a", ["Read"]],
      ["b", []],
      ["c", ["Write"]],
    ]);
    expect(missingAccess(access, granted, ["g-"])).toEqual([
      { operation: "Read", resource: "topic", name: "b" },
      { operation: "Write", resource: "topic", name: "a" },
      { operation: "Read", resource: "group", name: "g-*" },
    ]);
    expect(missingAccess(access, new Map(), [])).toEqual([]);
  });
});
