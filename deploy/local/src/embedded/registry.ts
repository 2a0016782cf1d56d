import { join } from "node:path";
import { httpReady, type SupervisedProcess, supervise } from "../supervise.ts";

type RegistryOptions = {
  java: string;
  home: string;
  dir: string;
  logFile: string;
  port: number;
  database: {
    host: string;
    port: number;
    name: string;
    user: string;
    password: string;
    /** File of the authority that the database is verified by; without one in the clear. */
    ca?: string | undefined;
  };
  env: NodeJS.ProcessEnv;
};

/** Apicurio Registry with its ids in Postgres: its in-memory store forgets them at a restart. Not started yet. */
export function registryServer(options: RegistryOptions): SupervisedProcess {
  const { database, port } = options;
  const jar = join(options.home, "apicurio-registry-app-3.0.9-runner.jar");
  // Few requests ever come: a small heap and the quick compiler start soonest.
  const jvm = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  return supervise({
    name: "registry",
    command: [options.java, ...jvm, "-jar", jar],
    env: {
      ...options.env,
      QUARKUS_HTTP_HOST: "127.0.0.1",
      QUARKUS_HTTP_PORT: String(port),
      APICURIO_STORAGE_KIND: "sql",
      APICURIO_STORAGE_SQL_KIND: "postgresql",
      // Of 20 connections that it would open at once it needs two.
      APICURIO_DATASOURCE_JDBC_INITIAL_SIZE: "2",
      APICURIO_DATASOURCE_JDBC_MIN_SIZE: "2",
      APICURIO_DATASOURCE_URL: `jdbc:postgresql://${database.host}:${database.port}/${database.name}${
        database.ca === undefined ? "" : `?sslmode=verify-full&sslrootcert=${encodeURIComponent(database.ca)}`
      }`,
      APICURIO_DATASOURCE_USERNAME: database.user,
      APICURIO_DATASOURCE_PASSWORD: database.password,
    },
    cwd: options.dir,
    logFile: options.logFile,
    ready: httpReady(`${registryUrl(port)}/subjects`),
    stopBudgetMs: 2000,
    retryStartMs: 5000,
  });
}

/** Where the Confluent-compatible API of a registry on this port answers. */
export function registryUrl(port: number, scheme: "http" | "https" = "http"): string {
  return `${scheme}://127.0.0.1:${port}/apis/ccompat/v7`;
}
