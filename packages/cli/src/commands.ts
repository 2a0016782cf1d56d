/** All commands, in the order of the help text. */
import type { Command } from "./command.ts";
import { listen } from "./commands/listen.ts";
import { send } from "./commands/send.ts";
import { sessions } from "./commands/sessions.ts";
import { trace } from "./commands/trace.ts";

export const commands: readonly Command[] = [send, trace, sessions, listen];
