/** Faults of the five services' processes. */
import { setTimeout as delay } from "node:timers/promises";
import {
  between,
  busiestDispatcher,
  type Fault,
  killAndStart,
  others,
  pause,
  pick,
  signal,
  startAgain,
  terminate,
} from "./field.ts";

const kindOf = (service: string) => service.replaceAll("-", "_");

const kills: Fault[] = [
  {
    kind: "kill_dispatcher",
    about: "kill -9 of the dispatcher with the most work",
    strike: async (field) => killAndStart(field, await busiestDispatcher(field)),
  },
  ...others.map((name) => ({
    kind: `kill_${kindOf(name)}`,
    about: `kill -9 of the ${name}`,
    strike: (field: Parameters<Fault["strike"]>[0]) => killAndStart(field, field.mesh.services[name]),
  })),
];

const pauses: Fault[] = [
  {
    kind: "pause_dispatcher",
    about: "SIGSTOP of a dispatcher for longer than its leases (12 to 15 s), then SIGCONT",
    strike: async (field) => pause(field, await busiestDispatcher(field), between(field, 12_000, 15_000)),
  },
  {
    kind: "pause_dispatcher_briefly",
    about: "SIGSTOP of a dispatcher for 6 to 9 s: longer than it may act, shorter than its leases",
    strike: async (field) => pause(field, await busiestDispatcher(field), between(field, 6_000, 9_000)),
  },
  ...others.map((name) => ({
    kind: `pause_${kindOf(name)}`,
    about: `SIGSTOP of the ${name} for 4 to 7 s`,
    strike: (field: Parameters<Fault["strike"]>[0]) =>
      pause(field, field.mesh.services[name], between(field, 4_000, 7_000)),
  })),
];

const handOvers: Fault[] = [
  {
    kind: "kill_during_take_over",
    about: "kill -9 of a dispatcher, and of the one with the most work 6 to 11 s later",
    async strike(field) {
      const first = await busiestDispatcher(field);
      field.say(`kill -9 ${first.name}`);
      field.stopped();
      await first.kill();
      await delay(between(field, 6_000, 11_000));
      const second = await busiestDispatcher(field);
      field.say(`kill -9 ${second.name} during the take-over`);
      field.stopped();
      await second.kill();
      await delay(between(field, 0, 1000));
      await Promise.all([startAgain(field, first), startAgain(field, second)]);
    },
  },
  {
    kind: "kill_during_shutdown",
    about: "SIGTERM to a dispatcher, SIGKILL 100 to 500 ms later",
    async strike(field) {
      const victim = await busiestDispatcher(field);
      field.say(`SIGTERM, then SIGKILL to ${victim.name}`);
      field.stopped();
      signal(victim.pid(), "SIGTERM");
      await delay(between(field, 100, 500));
      await victim.kill();
      await startAgain(field, victim);
    },
  },
  {
    kind: "rolling_restart",
    about: "every process in turn: SIGTERM, wait for its end, start",
    async strike(field) {
      for (const one of Object.values(field.mesh.instances).flat()) {
        field.say(`restart ${one.name}`);
        field.stopped();
        await terminate(field, one);
        await startAgain(field, one);
      }
    },
  },
  {
    kind: "dispatcher_storm",
    about: "dispatchers leave and join for 10 s, some by SIGTERM, some by SIGKILL",
    async strike(field) {
      const end = performance.now() + 10_000;
      field.say("dispatchers leave and join");
      while (performance.now() < end) {
        const one = pick(field, field.mesh.instances.dispatcher);
        field.stopped();
        if (one.pid() === undefined) await startAgain(field, one);
        else if (field.random() < 0.5) await terminate(field, one);
        else await one.kill();
        await delay(between(field, 300, 1200));
      }
      await Promise.all(field.mesh.instances.dispatcher.map((one) => startAgain(field, one)));
    },
  },
];

export const processFaults: readonly Fault[] = [...kills, ...pauses, ...handOvers];
