export { wipeDataDir } from "./data-dir.ts";
export { type GatewayOptions, startGateway } from "./gateway.ts";
export { machine } from "./machine.ts";
export {
  deployedHeapFlags,
  heapFlags,
  type Mesh,
  type MeshOptions,
  startMesh,
} from "./mesh.ts";
export { type MeshService, repository, type ServiceName, serviceNames } from "./mesh-service.ts";
export { freePort, isListening } from "./ports.ts";
export { checkPrerequisites } from "./prerequisites.ts";
export { writeRunFile } from "./run-file.ts";
export type { ServerName, Stack, StackAddresses, StackOptions, StackSecurity } from "./servers.ts";
export { endOnSignal } from "./signals.ts";
export { startStack } from "./stack.ts";
export { httpReady, type ProcessOptions, type SupervisedProcess, superviseProcess } from "./supervise.ts";
export { StackUnavailable } from "./unavailable.ts";
export { makeYield } from "./yielding.ts";
