import type { Command } from "commander";
import type { UpdatePolicyBody } from "../../../server/join-server/admin/schemas/update-policy-schema.ts";
import type { PolicyCostView } from "../../../server/join-server/policies/policy-schemas.ts";
import type { ApiClient } from "../../api-client/api-client.ts";
import { print } from "../../api-client/print.ts";
import type { ClientOptions } from "../command-group.ts";
import { confirm } from "../confirm.ts";
import { type CostOptions, circumstancesOf } from "./cost-options.ts";
import type { PolicyOptions } from "./policy-options.ts";
import { formatCost } from "./policy-text.ts";

/** What every command has that sets a policy. */
export interface SetOptions extends ClientOptions, PolicyOptions, CostOptions {
  readonly yes: boolean;
}

/** `--yes`, which stands between what is set and the connection. */
export function addYesOption(command: Command): Command {
  return command.optionsGroup("Before:").option("--yes", "do not ask", false);
}

/**
 * Shows what a policy costs and asks whether it is to hold, unless the options say not to.
 *
 * @param level what weaker levels say is counted in for a profile
 */
export async function isCostAccepted(
  command: Command,
  api: ApiClient,
  options: SetOptions,
  given: { readonly policy: UpdatePolicyBody; readonly level: "all-devices" | "device-profile" },
): Promise<boolean> {
  const { yes, json } = options;
  if (yes && json) return true;
  const body = { ...given, ...circumstancesOf(options) };
  const cost = await api.call<PolicyCostView>("POST", "/update-policy/cost", { body });
  print(json, cost, () => `${formatCost(cost)}\n`);
  return yes || confirm(command, "Set this policy?");
}
