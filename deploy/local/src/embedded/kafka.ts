import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type SupervisedProcess, supervise } from "../supervise.ts";
import { hasLiveBroker } from "./kafka-ready.ts";
import { brokerUser, secureSettings } from "./kafka-security.ts";
import type { Security } from "./security.ts";

type KafkaOptions = {
  java: string;
  jars: string;
  dir: string;
  logFile: string;
  /** From 1 on; 1 is called `kafka`, the next `kafka-2`. */
  nodeId: number;
  port: number;
  /** Of all nodes, in the order of their ids. */
  controllerPorts: readonly number[];
  clusterId: string;
  env: NodeJS.ProcessEnv;
  formatted: boolean;
  security?: Security | undefined;
};

/** One node of Kafka as one process, broker and controller; formats `dir` unless that has happened. Not started yet. */
export async function kafkaServer(options: KafkaOptions): Promise<SupervisedProcess> {
  const properties = join(options.dir, "server.properties");
  const classPath = join(options.jars, "*");
  await mkdir(options.dir, { recursive: true });
  await writeFile(properties, settings(options), { mode: 0o600 });
  if (!options.formatted) {
    const users = Object.entries(options.security?.kafkaPasswords ?? {}).flatMap(([name, password]) => [
      "--add-scram",
      `SCRAM-SHA-512=[name=${name},password=${password}]`,
    ]);
    const format = ["format", "--cluster-id", options.clusterId, "--config", properties, ...users];
    const args = [
      "-Xmx128m",
      "-XX:TieredStopAtLevel=1",
      "-cp",
      classPath,
      "kafka.tools.StorageTool",
      ...format,
    ];
    await promisify(execFile)(options.java, args, { env: options.env });
  }
  const jvm = [
    ...heapOf(options.controllerPorts.length),
    ...["-XX:+ExitOnOutOfMemoryError", "-Dlog4j2.level=WARN"],
    // The optimising compiler and the concurrent collector would take their time from the services, on two cores.
    ...["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"],
  ];
  return supervise({
    name: options.nodeId === 1 ? "kafka" : `kafka-${options.nodeId}`,
    command: [options.java, ...jvm, "-cp", classPath, "kafka.Kafka", properties],
    env: options.env,
    cwd: options.dir,
    logFile: options.logFile,
    ready: () =>
      hasLiveBroker(
        options.port,
        options.security && {
          ca: options.security.ca,
          user: brokerUser,
          password: options.security.passwords.broker,
        },
      ),
    // A killed broker recovers its log at the next start, so little is gained by a slow stop.
    stopBudgetMs: 2000,
    retryStartMs: 5000,
  });
}

/** Several nodes share the machine that one has to itself otherwise. */
const heapOf = (nodes: number) => (nodes === 1 ? ["-Xms256m", "-Xmx512m"] : ["-Xms128m", "-Xmx256m"]);

export function settings({
  nodeId,
  port,
  controllerPorts,
  dir,
  security,
}: Pick<KafkaOptions, "nodeId" | "port" | "controllerPorts" | "dir" | "security">): string {
  const voters = controllerPorts.map((controllerPort, i) => `${i + 1}@127.0.0.1:${controllerPort}`);
  // One broker can't hold three copies of Kafka's own topics.
  const copies = Math.min(3, voters.length);
  const least = Math.max(1, copies - 1);
  const entries: Record<string, string | number | boolean> = {
    "process.roles": "broker,controller",
    "node.id": nodeId,
    "controller.quorum.voters": voters.join(","),
    listeners: `CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPorts[nodeId - 1]}`,
    "advertised.listeners": `CLIENTS://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "CLIENTS",
    ...(security === undefined
      ? { "listener.security.protocol.map": "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT" }
      : secureSettings(security)),
    "log.dirs": join(dir, "log"),
    "auto.create.topics.enable": false,
    // Kafka's own topics ask for it; those of the mesh say their own.
    "min.insync.replicas": least,
    "offsets.topic.replication.factor": copies,
    "offsets.topic.num.partitions": 8,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": least,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.replication.factor": copies,
    "share.coordinator.state.topic.min.isr": least,
    // A killed broker may register anew, and its partitions get other leaders, only when its old session is over; the default is 9 s.
    // With the election of another controller it must be over within a consumer's own session (6 s): until then no coordinator can
    // write down that its members are alive.
    "broker.session.timeout.ms": voters.length === 1 ? 5000 : 3000,
    "broker.heartbeat.interval.ms": voters.length === 1 ? 1000 : 500,
    // Tests join groups all the time and need not wait for company.
    "group.initial.rebalance.delay.ms": 0,
    // wamesh's consumers use 6 s; failure drills may go lower.
    "group.min.session.timeout.ms": 1000,
    // The default of 128 MiB would be a quarter of the heap.
    "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
  };
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}\n`)
    .join("");
}

/** Java reads properties as Latin-1 with backslash escapes; paths may hold anything. */
export function escapeProperty(value: string): string {
  return value
    .replaceAll("\\", "\\\\")
    .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
