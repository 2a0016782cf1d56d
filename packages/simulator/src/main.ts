import { HELP, parseFlags } from "./flags.ts";
import { startSimulator } from "./index.ts";

const parsed = parseFlags(process.argv.slice(2));
switch (parsed.kind) {
  case "help":
    process.stdout.write(HELP);
    break;
  case "wrong":
    process.stderr.write(`${parsed.message}\n\n${HELP}`);
    process.exitCode = 2;
    break;
  case "run": {
    try {
      const simulator = await startSimulator(parsed.options);
      process.stdout.write(
        `${JSON.stringify({ url: simulator.url, seed: parsed.options.seed, profile: parsed.options.profile })}\n`,
      );
      const stop = () => void simulator.close().then(() => process.exit(0));
      process.once("SIGINT", stop);
      process.once("SIGTERM", stop);
    } catch (error) {
      process.stderr.write(`The simulator cannot start: ${error instanceof Error ? error.message : error}\n`);
      process.exitCode = 1;
    }
  }
}
