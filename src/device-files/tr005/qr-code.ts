import { WarrenError } from "../../errors.ts";
import { type Eui64, parseEui64 } from "../../lorawan/identifiers.ts";

/** What the QR code on a device says. It identifies the device and never holds a key. */
export interface DeviceIdentification {
  readonly joinEui: Eui64;
  readonly devEui: Eui64;
  /** 4 hex digits each: assigned by the LoRa Alliance, and by the vendor. */
  readonly vendorId: string;
  readonly vendorProfileId: string;
  /** Lets whoever has it claim the device at the Join Server it is made for: a secret of its owner. */
  readonly ownerToken: string | undefined;
  readonly serialNumber: string | undefined;
  readonly proprietary: string | undefined;
}

/** How one edition of the form is written. */
interface Form {
  readonly pattern: RegExp;
  readonly separator: string;
  /** The letter before the owner token, called device validation code in the drafts. */
  readonly tokenLetter: string;
}

const EUI = "([0-9A-F]{16})";
const PROFILE = "([0-9A-F]{4})([0-9A-F]{4})";

/**
 * TR005 "LoRaWAN Device Identification QR Codes" of the LoRa Alliance and its second and third drafts, which
 * are on devices too:
 *
 *     LW:D0:<JoinEUI>:<DevEUI>:<VendorID><VendorProfileID>[:C<checksum>][:O<token>][:S<serial>][:P<…>]
 *     URN:LW:DP:<JoinEUI>:<DevEUI>:<VendorID><VendorProfileID>[:%V<token>%S<serial>%P<…>]
 *     URN:DEV:LW:<JoinEUI>_<DevEUI>_<VendorID><VendorProfileID>[_V<token>][_S<serial>][_P<…>]
 */
const FORMS: readonly Form[] = [
  {
    pattern: new RegExp(`^LW:D0:${EUI}:${EUI}:${PROFILE}((?::.*)?)$`, "i"),
    separator: ":",
    tokenLetter: "O",
  },
  {
    pattern: new RegExp(`^URN:LW:DP:${EUI}:${EUI}:${PROFILE}((?::.*)?)$`, "i"),
    separator: "%",
    tokenLetter: "V",
  },
  {
    pattern: new RegExp(`^URN:DEV:LW:${EUI}_${EUI}_${PROFILE}((?:_.*)?)$`, "i"),
    separator: "_",
    tokenLetter: "V",
  },
];

/**
 * What a QR code of TR005 says. Its checksum is not compared: TR005 leaves it to scanners.
 *
 * @throws WarrenError `text-malformed`; the message never repeats the text, which may hold an owner token
 */
export function parseQrCode(text: string): DeviceIdentification {
  for (const { pattern, separator, tokenLetter } of FORMS) {
    const match = pattern.exec(text.trim());
    if (match === null) continue;
    const [, joinEui = "", devEui = "", vendorId = "", vendorProfileId = "", rest = ""] = match;
    const extensions = extensionsOf(rest, separator);
    return {
      joinEui: parseEui64(joinEui),
      devEui: parseEui64(devEui),
      vendorId: vendorId.toUpperCase(),
      vendorProfileId: vendorProfileId.toUpperCase(),
      ownerToken: extensions.get(tokenLetter),
      serialNumber: extensions.get("S"),
      proprietary: extensions.get("P"),
    };
  }
  throw new WarrenError(
    "text-malformed",
    "a QR code of a LoRaWAN device looks like LW:D0:<JoinEUI>:<DevEUI>:<8 hex digits>, with :S<serial> and more after",
  );
}

/** The text of a QR code, in the form of TR005. */
export function formatQrCode(device: DeviceIdentification): string {
  const { joinEui, devEui, vendorId, vendorProfileId, ownerToken, serialNumber, proprietary } =
    device;
  const extensions = [
    ["O", ownerToken],
    ["S", serialNumber],
    ["P", proprietary],
  ].flatMap(([letter, value]) => (value ? [`:${letter}${value}`] : []));
  return `LW:D0:${joinEui}:${devEui}:${vendorId}${vendorProfileId}`
    .toUpperCase()
    .concat(...extensions);
}

/** What the code says besides the EUIs, as tags. The owner token is not among them: tags are read by all. */
export function tagsOfQrCode(device: DeviceIdentification): Record<string, string> {
  const { vendorId, vendorProfileId, serialNumber, proprietary } = device;
  return {
    vendor_id: vendorId,
    vendor_profile_id: vendorProfileId,
    ...(serialNumber !== undefined && { serial_number: serialNumber }),
    ...(proprietary !== undefined && { qr_proprietary: proprietary }),
  };
}

/**
 * What a QR code of a device is made of, when its tags are those of `tagsOfQrCode`.
 *
 * @throws WarrenError `text-malformed` when they do not say the vendor and the profile
 */
export function identificationOfTags(
  euis: Pick<DeviceIdentification, "devEui" | "joinEui">,
  tags: Readonly<Record<string, string>>,
): DeviceIdentification {
  const vendorId = tags["vendor_id"] ?? "";
  const vendorProfileId = tags["vendor_profile_id"] ?? "";
  if (![vendorId, vendorProfileId].every((id) => /^[0-9A-Fa-f]{4}$/.test(id))) {
    throw new WarrenError(
      "text-malformed",
      "a QR code needs the tags vendor_id and vendor_profile_id, 4 hex digits each; set them with warren device change --tag",
    );
  }
  return {
    ...euis,
    vendorId,
    vendorProfileId,
    ownerToken: undefined,
    serialNumber: tags["serial_number"],
    proprietary: tags["qr_proprietary"],
  };
}

/** By their letter; empty ones are left out. A URN may have `%25` for the separator `%`. */
function extensionsOf(text: string, separator: string): ReadonlyMap<string, string> {
  const extensions = text.replace(/^[:_]/, "");
  const parts = (separator === "%" ? extensions.replaceAll("%25", "%") : extensions).split(
    separator,
  );
  return new Map(
    parts
      .filter((part) => part.length > 1)
      .map((part) => [(part[0] as string).toUpperCase(), part.slice(1)] as const),
  );
}
