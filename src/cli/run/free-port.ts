import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { listenError } from "../../server/http-app.ts";

/**
 * A TCP port that is free now: `port` itself, or any for 0. Roles name one another's ports, so all must be
 * known before the first one starts.
 *
 * @throws WarrenError `port-in-use`
 */
export async function freeTcpPort(host: string, port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, `${host}:${port}`)));
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : port;
}

/** The same for UDP. @throws WarrenError `port-in-use` */
export async function freeUdpPort(host: string, port: number): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (error) => reject(listenError(error, `${host}:${port} (UDP)`)));
    socket.bind({ address: host, port }, resolve);
  });
  const bound = socket.address().port;
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return bound;
}
