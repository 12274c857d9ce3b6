import { Command } from "commander";
import { formatQrCode, identificationOfTags } from "../../../device-files/tr005/qr-code.ts";
import { type Eui64, parseEui64 } from "../../../lorawan/identifiers.ts";
import type { DeviceView } from "../../../server/join-server/admin/schemas/device-answers.ts";
import { print } from "../../api-client/print.ts";
import { addClientOptions, type ClientOptions, withApi } from "../command-group.ts";
import { parseEuiOption } from "./device-settings.ts";

/** `warren device qr`: the other way round from `identify`. */
export function qrCommand(): Command {
  const command = new Command("qr")
    .description(
      "Prints the text for the QR code on a device (LoRa Alliance TR005): its EUIs, and vendor, profile and " +
        "serial number from its tags. Never a key.",
    )
    .argument("<DevEUI>", "the device", parseEuiOption);
  return addClientOptions(command).action(
    withApi(async (api, { json }: ClientOptions, devEui: Eui64) => {
      const device = await api.get<DeviceView>(`/devices/${devEui}`);
      const joinEui = parseEui64(device.joinEui);
      const qrCode = formatQrCode(identificationOfTags({ devEui, joinEui }, device.tags));
      print(json, { devEui, qrCode }, () => qrCode);
    }),
  );
}
