import { Command } from "commander";
import { formatQrCode, parseQrCode } from "../../../device-files/tr005/qr-code.ts";
import { formatMembers, print } from "../../api-client/print.ts";

/** `warren device identify`: needs no server. */
export function identifyCommand(): Command {
  return new Command("identify")
    .description(
      "Says what the QR code on a device means (LoRa Alliance TR005). It names the device and has no key. " +
        "An owner token in it is a secret of the owner: it is shown here, and never kept or sent.",
    )
    .argument("<text>", "the text of the QR code, such as LW:D0:…")
    .option("--json", "print JSON", false)
    .action((text: string, { json }: { json: boolean }) => {
      const device = parseQrCode(text);
      const { ownerToken: _token, ...known } = device;
      print(json, { ...device, qrCode: formatQrCode({ ...known, ownerToken: undefined }) }, () =>
        formatMembers({
          DevEUI: device.devEui,
          JoinEUI: device.joinEui,
          "Vendor ID": device.vendorId,
          "Vendor profile ID": device.vendorProfileId,
          "Serial number": device.serialNumber,
          "Owner token": device.ownerToken,
          Proprietary: device.proprietary,
        }),
      );
    });
}
