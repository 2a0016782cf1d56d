/** Help texts, made from what the commands say of themselves. Pure. */
import type { Command } from "./command.ts";

export const generalOptions = {
  origin: {
    type: "string",
    value: "URL",
    help: "the mesh (or WAMESH_ORIGIN; default: the one that runs here)",
  },
  key: { type: "string", value: "KEY", help: "API key (or WAMESH_KEY; default there: the operator's)" },
  tenant: { type: "string", value: "ID", help: "act for this tenant (or WAMESH_TENANT)" },
  json: { type: "boolean", help: "JSON in place of tables" },
  help: { type: "boolean", help: "this text" },
} as const satisfies Command["options"];

export function overview(commands: readonly Pick<Command, "name" | "usage" | "summary">[]): string {
  const width = Math.max(...commands.map(({ name, usage }) => `${name} ${usage}`.length));
  return [
    "wamesh: the mesh from the command line.",
    "",
    ...commands.map(
      ({ name, usage, summary }) => `  wamesh ${`${name} ${usage}`.padEnd(width)}   ${summary}`,
    ),
    "",
    "wamesh COMMAND --help tells more. Ends with 0, with 1 when the answer is no, with 2 when it could not be asked.",
  ].join("\n");
}

export function helpOf(command: Command): string {
  return [
    `wamesh ${command.name} ${command.usage}`,
    "",
    command.summary,
    ...(command.help === undefined ? [] : ["", command.help]),
    "",
    ...optionRows({ ...command.options, ...generalOptions }),
  ].join("\n");
}

function optionRows(options: Command["options"]): string[] {
  const rows = Object.entries(options).map(([name, { value, help }]) => [
    `--${name}${value === undefined ? "" : ` ${value}`}`,
    help,
  ]);
  const width = Math.max(...rows.map(([flag]) => flag!.length));
  return rows.map(([flag, help]) => `  ${flag!.padEnd(width)}   ${help}`);
}
