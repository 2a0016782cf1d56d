import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { type SupervisedProcess, supervise } from "../supervise.ts";

type RedisOptions = {
  server: string;
  dir: string;
  logFile: string;
  port: number;
  env: NodeJS.ProcessEnv;
  /** The only one who may do more than ask whether it is alive. */
  user?: { name: string; password: string } | undefined;
};

/** Redis with an append-only file, so that what tests put in survives a restart. Not started yet. */
export async function redisServer(options: RedisOptions): Promise<SupervisedProcess> {
  const { user } = options;
  const acl = join(options.dir, "users.acl");
  if (user !== undefined) {
    const users = [
      `user ${user.name} on >${user.password} ~wamesh:* +@all -@admin -@dangerous`,
      "user default on nopass resetkeys -@all +ping",
    ];
    await writeFile(acl, `${users.join("\n")}\n`, { mode: 0o600 });
  }
  const settings = [
    "--bind",
    "127.0.0.1",
    "--port",
    String(options.port),
    "--appendonly",
    "yes",
    "--save",
    "",
    ...(user === undefined ? [] : ["--aclfile", acl]),
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
