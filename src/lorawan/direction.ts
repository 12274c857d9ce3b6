/** "up" is from the end-device to the network. */
export type Direction = "up" | "down";

/** The octet Dir in the blocks of the MIC and of the payload cipher (LoRaWAN 1.1 §4.3.3, §4.4). */
export function encodeDirection(direction: Direction): 0 | 1 {
  return direction === "up" ? 0 : 1;
}
