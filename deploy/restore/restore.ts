/** The steps after a restore of Postgres, in an order that leaves a crash in the middle to be repeated. */
import { type Codec, topics } from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";
import type { Loss } from "@wamesh/pacer";
import { type Sql, withTenants } from "@wamesh/store";
import { groups as dispatcherGroups } from "../../services/dispatcher/src/groups.ts";
import {
  recoverSchedule,
  type ScheduleReport,
} from "../../services/dispatcher/src/restore/recover-schedule.ts";
import { type Taken as TakenIntake, takeOverIntake } from "../../services/ingest/src/restore/take-over.ts";
import {
  type Taken as TakenConfiguration,
  takeOverConfiguration,
} from "../../services/session-manager/src/restore/take-over.ts";
import { catchUp, forgotten, type Group, missing, readGroups, refuseMembers, rewind } from "./groups.ts";
import { dropOutdated, readLatest } from "./latest.ts";

export type Restored =
  | { kind: "as_new" }
  | {
      kind: "restored";
      groups: { consumer: string; forgotten: number; missing: number }[];
      schedule: ScheduleReport;
      configuration: TakenConfiguration | null;
      intake: TakenIntake | null;
      outdated: number;
    };

export type RestoreOptions = {
  kafka: Kafka;
  codec: Codec;
  /** Of each schema, of a role that may write it and sees all of it. */
  schemas: ReadonlyMap<string, Sql>;
  loss: Loss;
  /** False: looks, and changes nothing. */
  write: boolean;
  /** Also where the topics show nothing that the database lacks. */
  force: boolean;
};

/** What the schedule's recovery reads itself; the lanes are read again by the dispatcher. */
const takenAccountOf: readonly string[] = [
  dispatcherGroups.echoes,
  dispatcherGroups.commands,
  dispatcherGroups.failures,
];

/** Throws GroupHasMembers or ShardHeld, before anything is changed, while a service runs. */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { kafka, schemas, write } = options;
  const admin = await kafka.admin();
  try {
    const groups = await readGroups(admin, schemas);
    if (!options.force && groups.every((group) => forgotten(group).length === 0)) return { kind: "as_new" };
    if (write) await refuseMembers(admin, groups);
    const schedule = await recoverSchedule({ ...options, sql: schemas.get("dispatch")! });
    const taken = write ? await takeOver(options) : null;
    // Last: until then the services refuse to start, and this can be run again.
    if (write)
      for (const group of groups)
        if (takenAccountOf.includes(group.consumer)) await catchUp(kafka, schemas, group);
        else await rewind(admin, group);
    return { kind: "restored", groups: groups.map(inShort), schedule, ...(taken ?? nothingTaken) };
  } finally {
    await admin.close();
  }
}

const nothingTaken = { configuration: null, intake: null, outdated: 0 };

async function takeOver({ kafka, codec, schemas }: RestoreOptions) {
  const [control, ingest] = [schemas.get("control")!, schemas.get("ingest")!];
  const configs = await readLatest({ kafka, codec }, topics.tenantConfig);
  const sessions = await readLatest({ kafka, codec }, topics.sessionState);
  const campaigns = await readLatest({ kafka, codec }, topics.campaignState);
  const consents = await readLatest({ kafka, codec }, topics.contactConsent);
  const latest = new Map<string, ReadonlyMap<string, { version: number }>>([
    [topics.tenantConfig.name, configs],
    [topics.sessionState.name, sessions],
    [topics.campaignState.name, campaigns],
    [topics.contactConsent.name, consents],
  ]);
  return {
    configuration: await withTenants(control, "all", (tx) =>
      takeOverConfiguration(tx, { configs: [...configs.values()], sessions: [...sessions.values()] }),
    ),
    intake: await withTenants(ingest, "all", (tx) =>
      takeOverIntake(tx, { campaigns: [...campaigns.values()], consents: [...consents.values()] }),
    ),
    outdated:
      (await dropOutdated({ codec, sql: control }, latest)) +
      (await dropOutdated({ codec, sql: ingest }, latest)),
  };
}

function inShort(group: Group) {
  const lacks = forgotten(group).reduce((sum, { known, committed }) => sum + (committed ?? 0) - known, 0);
  return { consumer: group.consumer, forgotten: lacks, missing: missing(group) };
}
