/** The mesh from outside: its clients, its tenants' receivers, and the simulator that judges it. Imports nothing of ours. */
export { type Api, openApi } from "./api.ts";
export { cpuUs, rssMb, treeCpuUs } from "./cpu.ts";
export { seededRandom } from "./random.ts";
export { type Receiver, startReceiver, type Verify } from "./receiver.ts";
export {
  addCloudSessions,
  addWasenderSessions,
  type CloudAccount,
  type NewSession,
  type Session,
  type SessionsApi,
  sessionsBy,
  untilConnected,
  type WasenderAccount,
} from "./sessions.ts";
export {
  askSimulator,
  type LedgerMessage,
  type LedgerTotals,
  ledgerTotals,
  listViolations,
  openLedger,
  type Violation,
  violationInWords,
} from "./simulator.ts";
