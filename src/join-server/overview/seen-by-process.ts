import type { JoinServerEvent } from "../ports/events.ts";
import { PeerContacts } from "../senders/peer-contacts.ts";
import { DeviceActivity } from "./device-activity.ts";
import { ProcessActivity } from "./process-activity.ts";

/** What a process remembers of what it has seen since its start; another process has seen other things. */
export class SeenByProcess {
  readonly activity: ProcessActivity;
  readonly devices: DeviceActivity;
  /** The Join Server notes them itself. */
  readonly contacts = new PeerContacts();

  /** @param since epoch milliseconds of the start of the process */
  constructor(since: number) {
    this.activity = new ProcessActivity(since);
    this.devices = new DeviceActivity(since);
  }

  receive(event: JoinServerEvent): void {
    this.activity.receive(event);
    this.devices.receive(event);
  }
}
