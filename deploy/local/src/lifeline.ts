// Children must not outlive their parent, not even one that was killed with -9 and could clean up nothing. One small
// shell holds the reading end of a pipe whose only writer is this process: when the pipe ends, for whatever reason,
// it ends the processes that are still on its list.
import { type ChildProcess, spawn } from "node:child_process";

const WATCHER = `
pids=" "
while read -r word pid; do
  case "$word" in
    add) pids="$pids$pid " ;;
    drop) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
set -- $pids
[ $# -eq 0 ] && exit 0
kill -INT "$@" 2>/dev/null
sleep 2
kill -KILL "$@" 2>/dev/null
`;

let watcher: ChildProcess | undefined;

/** Ties the life of process `pid` to this process's. */
export function tie(pid: number): void {
  watcher ??= startWatcher();
  watcher.stdin?.write(`add ${pid}\n`);
}

/** Forgets a process that has ended, so that a later owner of its number is left alone. */
export function untie(pid: number): void {
  watcher?.stdin?.write(`drop ${pid}\n`);
}

function startWatcher(): ChildProcess {
  // Detached, or the Ctrl-C that ends the parent would end the watcher first.
  const child = spawn("/bin/sh", ["-c", WATCHER], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
  });
  child.unref();
  const pipe = child.stdin;
  if (pipe && "unref" in pipe && typeof pipe.unref === "function") pipe.unref();
  pipe?.on("error", () => {});
  return child;
}
