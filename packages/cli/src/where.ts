/** Which mesh is meant, and as whom: flags before the environment before the mesh that runs in this folder. */
import { readFileSync } from "node:fs";
import { UsageError, type Values } from "./command.ts";

export type Where = { origin: string; key: string; tenant: string | undefined };

/** `runFile`: `.wamesh/run.json` of the mesh that runs here; read only where it is needed. */
export function findWhere(values: Values, env: NodeJS.ProcessEnv, runFile: string): Where {
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const origin = text("origin") ?? env.WAMESH_ORIGIN;
  const key = text("key") ?? env.WAMESH_KEY;
  const run = origin === undefined || key === undefined ? readRun(runFile) : null;
  const found = {
    origin: origin ?? run?.origin,
    key: key ?? (origin === undefined ? run?.operator_key : undefined),
  };
  if (found.origin === undefined)
    throw new UsageError("Which mesh? Give --origin or WAMESH_ORIGIN, or start one here with npm start.");
  if (found.key === undefined) throw new UsageError("As whom? Give --key or WAMESH_KEY (wam_…).");
  return { origin: found.origin, key: found.key, tenant: text("tenant") ?? env.WAMESH_TENANT };
}

function readRun(file: string): { origin?: string; operator_key?: string } | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { origin?: string; operator_key?: string };
  } catch {
    return null;
  }
}
