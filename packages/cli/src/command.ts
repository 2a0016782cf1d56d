/** What a command is, and what it is given. */
import type { Client } from "@wamesh/client";

export type Values = Record<string, string | boolean | undefined>;

export type Context = {
  client: Client;
  origin: string;
  key: string;
  tenant: string | undefined;
  /** `--json`: what a program reads, one document or one per line. */
  json: boolean;
  print: (text: string) => void;
  warn: (text: string) => void;
  /** Fires at the first SIGINT or SIGTERM. */
  signal: AbortSignal;
};

export type Command = {
  name: string;
  /** What stands after the name: `MESSAGE`, `--to NUMBER …`. */
  usage: string;
  summary: string;
  /** More for `wamesh NAME --help`. */
  help?: string;
  options: Record<string, { type: "string" | "boolean"; value?: string; help: string }>;
  /** Names of the arguments that must be there. */
  positionals?: readonly string[];
  /** 0: done. 1: done, and the answer is no. Thrown errors are 2. */
  run(context: Context, positionals: readonly string[], values: Values): Promise<number>;
};

/** The caller asked for something that makes no sense; said in one sentence, with the exit code 2. */
export class UsageError extends Error {}
