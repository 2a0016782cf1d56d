/** `npx wamesh …`: finds the command, says what is wrong in one sentence, and ends with 0, 1 or 2. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createClient, WameshError } from "@wamesh/client";
import { type Command, UsageError, type Values } from "./command.ts";
import { commands } from "./commands.ts";
import { generalOptions, helpOf, overview } from "./help.ts";
import { programs, runProgram } from "./programs.ts";
import { findWhere } from "./where.ts";

const runFile = fileURLToPath(new URL("../../../.wamesh/run.json", import.meta.url));

export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  const warn = (text: string) => void process.stderr.write(`${text}\n`);
  try {
    const program = programs.find(({ name }) => name === args[0]);
    if (program !== undefined) return await runProgram(program, args.slice(1));
    const found = findCommand(args);
    if (found === null) {
      print(overview([...commands, ...programs]));
      return 0;
    }
    const { command, rest } = found;
    const { values, positionals } = read(command, rest);
    if (values.help === true) {
      print(helpOf(command));
      return 0;
    }
    const missing = command.positionals?.[positionals.length];
    if (missing !== undefined) throw new UsageError(`${missing} is missing.\n\n${helpOf(command)}`);
    const where = findWhere(values, env, runFile);
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
    const client = createClient(where);
    return await command.run(
      { ...where, client, json: values.json === true, print, warn, signal: stop.signal },
      positionals,
      values,
    );
  } catch (error) {
    warn(inWords(error));
    return 2;
  }
}

/** Commands of two words (`campaign run`) are looked for first; null: nothing was asked. */
function findCommand(args: readonly string[]): { command: Command; rest: string[] } | null {
  if (args.length === 0 || ["help", "--help", "-h"].includes(args[0]!)) return null;
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(" ");
    const command = commands.find((one) => one.name === name);
    if (command !== undefined) return { command, rest: args.slice(words) };
  }
  throw new UsageError(`There is no command "${args[0]}".\n\n${overview([...commands, ...programs])}`);
}

function read(command: Command, args: string[]): { values: Values; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries({ ...command.options, ...generalOptions }).map(([name, { type }]) => [name, { type }]),
      ),
    });
    return { values, positionals };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${helpOf(command)}`);
  }
}

function inWords(error: unknown): string {
  if (error instanceof UsageError || error instanceof WameshError) return error.message;
  if (error instanceof TypeError && error.message === "fetch failed")
    return `The mesh does not answer (${(error.cause as { code?: string } | undefined)?.code ?? "no connection"}).`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
