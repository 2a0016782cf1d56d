import type { Provider } from "../provider.ts";
import { readAnswer } from "./answer.ts";
import { parse } from "./parse.ts";
import { askState, readState } from "./probe.ts";
import { buildRequest } from "./request.ts";
import { split } from "./split.ts";

export const wasender: Provider = { buildRequest, readAnswer, split, parse, askState, readState };
