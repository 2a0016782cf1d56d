/**
 * The release after the one in a tree, small and the same each time: a field of the statuses that two services fill and a third keeps,
 * columns and indexes in four schemas, and the code that writes them. Pure: a tree in, files out.
 */

export type Tree = { read(file: string): string; list(folder: string): string[] };

export type NextRelease = { version: string; files: ReadonlyMap<string, string> };

const migrations: Record<string, string> = {
  "services/dispatcher": `alter table own_message add column release text not null default '';
create index own_message_release on own_message (release);
`,
  "services/ingest": "alter table campaign add column release text not null default '';\n",
  // Nobody writes it: a table that old processes read with \`select *\` gets wider under them.
  "services/session-manager": "alter table session add column release text not null default '';\n",
  "services/status-projector": `alter table message_event add column release text;
create index message_event_release on message_event (release) where release is not null;
`,
};

/** Throws, with the file's name, when the tree is not as this was written for. */
export function nextRelease(tree: Tree): NextRelease {
  const files = new Map<string, string>();
  const read = (file: string) => files.get(file) ?? tree.read(file);
  /** Once and no more: a second place would be somebody else's. */
  const edit = (file: string, find: string, put: string) => {
    const parts = read(file).split(find);
    if (parts.length !== 2)
      throw new Error(`${file} has ${parts.length - 1} places like ${JSON.stringify(find)}, not one`);
    files.set(file, parts.join(put));
  };
  const json = (file: string, change: (of: Json) => Json) =>
    files.set(file, `${JSON.stringify(change(JSON.parse(read(file)) as Json), null, 2)}\n`);

  const before = (JSON.parse(read("package.json")) as { version: string }).version;
  const [major, minor] = before.split(".");
  const version = `${major}.${Number(minor) + 1}.0`;
  const words = JSON.stringify(version);

  json("package.json", (of) => ({ ...of, version }));
  json("packages/store/src/release.json", () => ({ version, previous: `${major}.${minor}` }));
  edit("deploy/helm/wamesh/Chart.yaml", `appVersion: "${before}"`, `appVersion: ${words}`);
  edit("docker-compose.yml", `WAMESH_VERSION:-${before}`, `WAMESH_VERSION:-${version}`);

  const versions = tree
    .list("schemas/message-status")
    .flatMap((file) => /^v(\d+)\.avsc$/.exec(file)?.[1] ?? []);
  const last = Math.max(...versions.map(Number));
  const schema = JSON.parse(read(`schemas/message-status/v${last}.avsc`)) as { fields: Json[] };
  schema.fields.push({
    name: "release",
    doc: "Release of the software that told it; null before there was this field.",
    type: ["null", "string"],
    default: null,
  });
  files.set(`schemas/message-status/v${last + 1}.avsc`, `${JSON.stringify(schema, null, 2)}\n`);
  json("schemas/classification.json", (of) =>
    withIn(of, ["types", "MessageStatus", "release"], "operational"),
  );
  json("schemas/message-status/contract.json", (of) => ({
    ...withIn(of, ["example", "release"], version),
    changes: [
      ...(of.changes as Json[]),
      { version: last + 1, release: version, why: "Says which release told it." },
    ],
  }));

  for (const [room, sql] of Object.entries(migrations)) {
    const number = Math.max(...tree.list(`${room}/migrations`).map((file) => Number(file.slice(0, 4)))) + 1;
    files.set(`${room}/migrations/${String(number).padStart(4, "0")}_release.sql`, sql);
  }

  edit(
    "services/dispatcher/src/status.ts",
    "    recorded_at: change.at,\n",
    `    recorded_at: change.at,\n    release: ${words},\n`,
  );
  edit(
    "services/webhook-router/src/worker/callbacks/receipt.ts",
    "    recorded_at: receivedAt,\n",
    `    recorded_at: receivedAt,\n    release: ${words},\n`,
  );
  edit(
    "packages/testing/src/events.ts",
    "    sent_at: atMs,\n",
    `    sent_at: atMs,\n    release: ${words},\n`,
  );

  const lookUps = "services/dispatcher/src/look-ups/store.ts";
  edit(
    lookUps,
    "content_token, claimed_at, status, next_at, changed_at)",
    "content_token, claimed_at, status, next_at, changed_at, release)",
  );
  edit(lookUps, "now_ms() + r.next_in, now_ms()\n", `now_ms() + r.next_in, now_ms(), '${version}'\n`);
  edit(
    "services/ingest/src/campaigns/campaign-store.ts",
    `published_at = \${row.published_at}\n`,
    `published_at = \${row.published_at}, release = '${version}'\n`,
  );
  const history = "services/status-projector/src/views/message-event.ts";
  edit(
    history,
    '    recorded_at: ["time", "with event"],\n',
    '    recorded_at: ["time", "with event"],\n    release: ["text", "with event"],\n',
  );
  edit(
    history,
    "    recorded_at: record.recorded_at,\n",
    "    recorded_at: record.recorded_at,\n    release: record.release,\n",
  );
  return { version, files };
}

type Json = Record<string, unknown>;

function withIn(of: Json, [name = "", ...rest]: string[], value: unknown): Json {
  return { ...of, [name]: rest.length === 0 ? value : withIn((of[name] ?? {}) as Json, rest, value) };
}
