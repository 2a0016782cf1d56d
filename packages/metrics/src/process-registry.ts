/** The one registry that a process serves. */
import { createRegistry } from "./registry.ts";

const registry = createRegistry();

export const { counter, gauge, histogram, observe, text: metricsText } = registry;
