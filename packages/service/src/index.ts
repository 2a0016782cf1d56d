export * from "./connections.ts";
export * from "./fields.ts";
export type { Log } from "./log.ts";
export type { Check } from "./probes.ts";
export { type RunningService, runService, type ServiceContext } from "./run.ts";
export {
  loadSettings,
  type Mistake,
  type SettingRow,
  type Settings,
  SettingsError,
  type SettingsShape,
  settingName,
  settingsTable,
} from "./settings.ts";
export * from "./shared-settings.ts";
