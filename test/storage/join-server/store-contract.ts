import { describe } from "node:test";
import { describeAuditLog } from "./contract/audit-log.ts";
import { describeAuditSearch } from "./contract/audit-search.ts";
import { describeDataKeys } from "./contract/data-keys.ts";
import { describeDeviceSearch } from "./contract/device-search.ts";
import { describeDeviceTally } from "./contract/device-tally.ts";
import { describeDevices } from "./contract/devices.ts";
import { describePeers } from "./contract/peers.ts";
import { describeRetiredDevices } from "./contract/retired-devices.ts";
import { describeRotation } from "./contract/rotation.ts";
import type { MakeDatabase } from "./contract/store-under-test.ts";
import { describeTokensAndSecrets } from "./contract/tokens-and-secrets.ts";
import { describeCampaigns } from "./contract/updates/campaigns.ts";
import { describeDueDevices } from "./contract/updates/due-devices.ts";
import { describePolicies } from "./contract/updates/policies.ts";
import { describeUpdateAttempts } from "./contract/updates/update-attempts.ts";

/**
 * What every store of the Join Server must do, whatever it is made of.
 *
 * @param makeDatabase called once for each suite
 */
export function describeStoreContract(name: string, makeDatabase: MakeDatabase): void {
  describe(`store contract: ${name}`, () => {
    describeDevices(makeDatabase);
    describeRetiredDevices(makeDatabase);
    describeDeviceSearch(makeDatabase);
    describeDeviceTally(makeDatabase);
    describeDueDevices(makeDatabase);
    describeUpdateAttempts(makeDatabase);
    describePolicies(makeDatabase);
    describeCampaigns(makeDatabase);
    describePeers(makeDatabase);
    describeTokensAndSecrets(makeDatabase);
    describeAuditLog(makeDatabase);
    describeAuditSearch(makeDatabase);
    describeDataKeys(makeDatabase);
    describeRotation(makeDatabase);
  });
}
