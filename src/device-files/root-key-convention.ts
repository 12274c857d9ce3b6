import { type Aes128Key, equalKeys } from "../crypto/aes128.ts";
import { WarrenError } from "../errors.ts";
import { isLorawan11, type MacVersion } from "../lorawan/mac-version.ts";
import type { RecordRootKeys } from "./device-record.ts";

/** Under which name a format has the one root key of a 1.0.x device. */
export const ROOT_KEY_CONVENTIONS = {
  "app-key":
    "1.0.x: app_key is the AppKey. 1.1: nwk_key and app_key. (The Things Stack; LoRaWAN 1.0.x)",
  "nwk-key":
    "1.0.x: nwk_key is the AppKey, gen_app_key the GenAppKey. 1.1: nwk_key and app_key. (ChirpStack)",
  warren: "1.0.x: nwkKey is the AppKey, appKey the GenAppKey. 1.1: nwkKey and appKey. (Warren)",
} as const;
export type RootKeyConvention = keyof typeof ROOT_KEY_CONVENTIONS;

/** The keys of a record by the names that the file has for them; none of them is all zeros. */
export interface GivenKeys {
  readonly nwkKey: Aes128Key | undefined;
  readonly appKey: Aes128Key | undefined;
  readonly genAppKey: Aes128Key | undefined;
}

export interface ChosenKeys {
  readonly rootKeys: RecordRootKeys;
  readonly warnings: readonly string[];
}

/**
 * Which of the keys of a record are the root keys.
 *
 * @throws WarrenError `root-key-missing`
 */
export function chooseRootKeys(
  convention: RootKeyConvention,
  version: MacVersion,
  keys: GivenKeys,
): ChosenKeys {
  if (isLorawan11(version)) return both(keys);
  if (convention === "warren") return appKeyInNwkKey(keys.nwkKey, keys.appKey);
  return convention === "app-key" ? appKeyInAppKey(keys) : chirpStack(keys);
}

function both({ nwkKey, appKey }: GivenKeys): ChosenKeys {
  if (nwkKey === undefined || appKey === undefined) {
    throw new WarrenError(
      "root-key-missing",
      `a LoRaWAN 1.1 device needs NwkKey and AppKey; its ${nwkKey ? "AppKey" : "NwkKey"} is missing or zero`,
    );
  }
  return { rootKeys: { nwkKey, appKey }, warnings: [] };
}

function appKeyInNwkKey(nwkKey: Aes128Key | undefined, appKey: Aes128Key | undefined): ChosenKeys {
  if (nwkKey === undefined) throw missing("nwkKey");
  return { rootKeys: { nwkKey, appKey }, warnings: [] };
}

/**
 * The Things Stack joins a 1.0.x device that has both keys with its NwkKey (`joinserver.go`), and so do
 * devices of 1.1 that have fallen back.
 */
function appKeyInAppKey({ nwkKey, appKey, genAppKey }: GivenKeys): ChosenKeys {
  const key = nwkKey ?? appKey;
  if (key === undefined) throw missing("app_key");
  const hasBoth = nwkKey !== undefined && appKey !== undefined && !equalKeys(nwkKey, appKey);
  return {
    rootKeys: { nwkKey: key, appKey: genAppKey },
    warnings: hasBoth
      ? [
          "it has an NwkKey beside the AppKey of 1.0.x: the NwkKey is taken, as The Things Stack does",
        ]
      : [],
  };
}

function chirpStack({ nwkKey, appKey, genAppKey }: GivenKeys): ChosenKeys {
  if (nwkKey === undefined) {
    if (appKey === undefined) throw missing("nwk_key");
    throw new WarrenError(
      "root-key-missing",
      "ChirpStack has the AppKey of a 1.0.x device in nwk_key, which is missing or zero here while app_key " +
        "is not; move it to nwk_key, or give the LoRaWAN version if the device is a 1.1 one",
    );
  }
  return { rootKeys: { nwkKey, appKey: genAppKey }, warnings: [] };
}

function missing(name: string): WarrenError {
  return new WarrenError("root-key-missing", `there is no root key: ${name} is missing or zero`);
}
