import { BlockList, isIPv6 } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether an address, or the name `localhost`, is of this machine alone. */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  try {
    // An IPv4 address on an IPv6 socket (::ffff:127.0.0.1) is found by its IPv4 rule.
    return loopback.check(host, isIPv6(host) ? "ipv6" : "ipv4");
  } catch {
    return false;
  }
}
