/** The release that the drill makes of this tree, and what its gates say of one that the release before could not live with. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "@wamesh/local";
import { expect, test } from "vitest";
import { buildNext } from "./build.ts";
import { tryGates } from "./gates.ts";
import { nextRelease } from "./next-release.ts";
import { versionOf } from "./tree.ts";

test("the next release can be made of this tree: where its code has moved, the file is named", () => {
  const tree = {
    read: (file: string) => readFileSync(join(repository, file), "utf8"),
    list: (folder: string) => readdirSync(join(repository, folder)),
  };
  const { version, files } = nextRelease(tree);
  const before = versionOf(repository);
  expect(JSON.parse(files.get("packages/store/src/release.json")!)).toEqual({
    version,
    previous: before.split(".").slice(0, 2).join("."),
  });
  expect([...files.keys()].filter((file) => file.endsWith(".sql"))).toHaveLength(4);
  const moved = { ...tree, read: (file: string) => tree.read(file).replace("recorded_at: change.at", "") };
  expect(() => nextRelease(moved)).toThrow("services/dispatcher/src/status.ts has 0 places like");
});

test("a field without a default and a migration that drops a column are refused before anything starts", async () => {
  const root = mkdtempSync(join(tmpdir(), "wamesh next "));
  const change = (file: string, by: (text: string) => string) =>
    writeFileSync(join(root, file), by(readFileSync(join(root, file), "utf8")));
  try {
    await buildNext(root);
    const [schema] = readdirSync(join(root, "schemas/message-status"))
      .filter((name) => name.startsWith("v"))
      .toReversed();
    change(`schemas/message-status/${schema}`, (text) => {
      const made = JSON.parse(text) as { fields: { name: string; doc: string; type: unknown }[] };
      const { name, doc } = made.fields.pop()!;
      return JSON.stringify({ ...made, fields: [...made.fields, { name, doc, type: "string" }] });
    });
    const [migration] = readdirSync(join(root, "services/status-projector/migrations")).toReversed();
    change(
      `services/status-projector/migrations/${migration}`,
      (text) => `${text}alter table message drop column origin;\n`,
    );
    const refusal = await tryGates(root);
    expect(refusal?.words).toContain("message-status > a field added after the first version has a default");
    expect(refusal?.words).toContain("migrations after the last release take nothing away from it");
    expect(refusal?.words).toContain("drops a column or constraint, and release");
  } finally {
    rmSync(root, { recursive: true });
  }
}, 180_000);
