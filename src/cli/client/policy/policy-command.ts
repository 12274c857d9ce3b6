import { Command } from "commander";
import type { Static } from "typebox";
import type { UpdatePolicyBody } from "../../../server/join-server/admin/schemas/update-policy-schema.ts";
import type {
  DevicePolicyView,
  PolicyCostView,
  PolicyView,
} from "../../../server/join-server/policies/policy-schemas.ts";
import type { ApiClient } from "../../api-client/api-client.ts";
import { print } from "../../api-client/print.ts";
import { addClientOptions, type ClientOptions, commandGroup, withApi } from "../command-group.ts";
import { parseEuiOption } from "../device/device-settings.ts";
import { addCostOptions, type CostOptions, circumstancesOf } from "./cost-options.ts";
import { addPolicyOptions, changePolicy, type PolicyOptions } from "./policy-options.ts";
import { formatCost, formatPolicy } from "./policy-text.ts";
import { addYesOption, isCostAccepted, type SetOptions } from "./set-policy.ts";

/** `warren policy`: when devices get new root keys by themselves. */
export function policyCommand(): Command {
  return commandGroup("policy", "When devices get new root keys by themselves.", [
    showCommand(),
    setCommand(),
    costCommand(),
  ]);
}

function showCommand(): Command {
  const command = new Command("show")
    .description("Shows the update policy of all devices, or what holds for one device.")
    .argument("[DevEUI]", "the device", parseEuiOption);
  return addClientOptions(command).action(
    withApi((api, { json }: ClientOptions, devEui: string | undefined) =>
      devEui === undefined ? showAll(api, json) : showOne(api, json, devEui),
    ),
  );
}

async function showAll(api: ApiClient, json: boolean): Promise<void> {
  const shown = await api.get<PolicyView>("/update-policy");
  print(json, shown, () => `${formatPolicy(shown.effective)}\n\n${formatCost(shown.cost)}`);
}

async function showOne(api: ApiClient, json: boolean, devEui: string): Promise<void> {
  const shown = await api.get<Static<typeof DevicePolicyView>>(`/devices/${devEui}/update-policy`);
  const { effective, origins, due, notBefore, deviceProfile, isProfileKnown, cost } = shown;
  print(json, shown, () =>
    [
      ...(deviceProfile === ""
        ? []
        : [`Device profile ${deviceProfile}${isProfileKnown ? "" : " (not on record)"}`]),
      formatPolicy(effective, origins),
      due === null ? "No update is due." : `An update is due: ${due}.`,
      ...(notBefore === null ? [] : [`No policy starts one before ${notBefore}.`]),
      "",
      formatCost(cost),
    ].join("\n"),
  );
}

function setCommand(): Command {
  const command = new Command("set").description(
    "Changes what is given of the update policy of all devices. Shows first what it costs, and asks.",
  );
  addYesOption(addCostOptions(addPolicyOptions(command)));
  return addClientOptions(command).action(
    withApi(async (api, options: SetOptions) => {
      const { policy: before } = await api.get<PolicyView>("/update-policy");
      const policy: UpdatePolicyBody = changePolicy(before, options);
      const given = { policy, level: "all-devices" } as const;
      if (!(await isCostAccepted(command, api, options, given))) return;
      const set = await api.call<PolicyView>("PUT", "/update-policy", { body: policy });
      print(options.json, set, () => formatPolicy(set.effective));
    }),
  );
}

function costCommand(): Command {
  const command = new Command("cost").description(
    "Shows what a policy would cost a device: messages, time on the air, energy. Nothing is stored.",
  );
  addCostOptions(addPolicyOptions(command));
  return addClientOptions(command).action(
    withApi(async (api, options: ClientOptions & PolicyOptions & CostOptions) => {
      const body = { policy: changePolicy({}, options), ...circumstancesOf(options) };
      const cost = await api.call<PolicyCostView>("POST", "/update-policy/cost", { body });
      print(options.json, cost, () => formatCost(cost));
    }),
  );
}
