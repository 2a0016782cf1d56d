/** All commands, in the order of the help text. */
import type { Command } from "./command.ts";
import { campaignRun } from "./commands/campaign-run.ts";
import { dead } from "./commands/dead.ts";
import { listen } from "./commands/listen.ts";
import { reconcile } from "./commands/reconcile.ts";
import { send } from "./commands/send.ts";
import { sessions } from "./commands/sessions.ts";
import { tail } from "./commands/tail.ts";
import { trace } from "./commands/trace.ts";

export const commands: readonly Command[] = [
  send,
  campaignRun,
  trace,
  tail,
  sessions,
  listen,
  dead,
  reconcile,
];
