/** How many entries there may be, so that whoever has one token cannot push out what others have. */
export interface Room {
  readonly ofOneToken: number;
  readonly ofAll: number;
}

/**
 * Takes away what is over, and then, if there is no room for one more of the token, the first: of its own, or
 * of all.
 *
 * @param entries those that go first come first
 */
export function makeRoom<Entry>(
  entries: Map<string, Entry>,
  tokenHash: string,
  rules: {
    readonly room: Room;
    readonly isOver: (entry: Entry) => boolean;
    readonly tokenHashOf: (entry: Entry) => string;
  },
): void {
  for (const [key, entry] of entries) if (rules.isOver(entry)) entries.delete(key);
  const own = [...entries].filter(([, entry]) => rules.tokenHashOf(entry) === tokenHash);
  const isOwnFull = own.length >= rules.room.ofOneToken;
  const first = isOwnFull ? own[0]?.[0] : entries.keys().next().value;
  if (first !== undefined && (isOwnFull || entries.size >= rules.room.ofAll)) entries.delete(first);
}
