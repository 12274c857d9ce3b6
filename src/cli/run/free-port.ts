import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { WarrenError } from "../../errors.ts";
import { listenError } from "../../server/http-app.ts";

/**
 * Where free ports are looked for: below the range that the system takes for outgoing connections
 * (Linux: from 32768), so that a role which is stopped for a moment finds its port free again.
 */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
const ATTEMPTS = 50;

/**
 * A TCP port that is free now: `port` itself, or any for 0. Roles name one another's ports, so all must be
 * known before the first one starts.
 *
 * @throws WarrenError `port-in-use`
 */
export function freeTcpPort(host: string, port: number): Promise<number> {
  return freePort(port, (candidate) => bindTcp(host, candidate));
}

/** The same for UDP. @throws WarrenError `port-in-use` */
export function freeUdpPort(host: string, port: number): Promise<number> {
  return freePort(port, (candidate) => bindUdp(host, candidate));
}

async function freePort(
  wanted: number,
  bind: (port: number) => Promise<void>,
  attemptsLeft = ATTEMPTS,
): Promise<number> {
  const span = HIGHEST_PORT - LOWEST_PORT;
  const port = wanted === 0 ? LOWEST_PORT + Math.floor(Math.random() * span) : wanted;
  try {
    await bind(port);
    return port;
  } catch (error) {
    const isTaken = error instanceof WarrenError && error.code === "port-in-use";
    if (wanted !== 0 || !isTaken || attemptsLeft === 0) throw error;
    return freePort(wanted, bind, attemptsLeft - 1);
  }
}

async function bindTcp(host: string, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, `${host}:${port}`)));
    server.listen({ host, port }, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}

async function bindUdp(host: string, port: number): Promise<void> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (error) => reject(listenError(error, `${host}:${port} (UDP)`)));
    socket.bind({ address: host, port }, resolve);
  });
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}
