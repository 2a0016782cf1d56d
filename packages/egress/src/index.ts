export {
  type Allowed,
  guard,
  isAllowed,
  isPublic,
  judgeAddresses,
  parseAllowList,
  type Resolve,
  refuseUrl,
  resolveAll,
  type Verdict,
} from "./address-guard.ts";
export { AddressRefused, guardedAgent } from "./guarded-agent.ts";
