import { readFileSync } from "node:fs";
import { deployedHeapFlags } from "@wamesh/local";
import { expect, test } from "vitest";

test("the image's process has the heap that the bench measures with", () => {
  const dockerfile = readFileSync(new URL("Dockerfile", import.meta.url), "utf8");
  expect(dockerfile).toContain(
    `ENTRYPOINT ${JSON.stringify(["node", ...deployedHeapFlags]).replaceAll(",", ", ")}`,
  );
});
