/** Each fault, and the alerts that it must set off. */
import type { Fire } from "../fire.ts";
import { edges } from "./edges.ts";
import { sending } from "./sending.ts";
import { stack } from "./stack.ts";

export const fires: readonly Fire[] = [...sending, ...edges, ...stack];
