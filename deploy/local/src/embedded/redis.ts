import { connect } from "node:net";
import { type SupervisedProcess, supervise } from "../supervise.ts";

type RedisOptions = { server: string; dir: string; logFile: string; port: number; env: NodeJS.ProcessEnv };

/** Redis with an append-only file, so that what tests put in survives a restart. Not started yet. */
export function redisServer(options: RedisOptions): SupervisedProcess {
  const settings = [
    "--bind",
    "127.0.0.1",
    "--port",
    String(options.port),
    "--appendonly",
    "yes",
    "--save",
    "",
  ];
  return supervise({
    name: "redis",
    command: [options.server, ...settings],
    env: options.env,
    cwd: options.dir,
    logFile: options.logFile,
    ready: () => answersPing(options.port),
    stopBudgetMs: 2000,
    retryStartMs: 5000,
  });
}

/** False also while Redis still loads its data, when it answers -LOADING. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => socket.write("PING\r\n"));
    socket.setTimeout(1000, () => socket.destroy());
    socket.once("data", (answer) => {
      resolve(answer.toString().startsWith("+PONG"));
      socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(false));
  });
}
