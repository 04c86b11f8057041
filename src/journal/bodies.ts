/** Where the bodies of sealed files are. */
export interface BodyStore {
  /** What is to stand in the database: the body, or null where it is elsewhere. Kept before this settles. */
  put(place: Place, packed: Buffer): Promise<Buffer | null>
  /** Null: it is not there. */
  get(place: Place): Promise<Buffer | null>
  remove(places: readonly Place[]): Promise<void>
}

export interface Place {
  appId: string
  offset: string
}

/** A store that does not answer, or refuses: whoever asked tries again. */
export class BodyStoreAway extends Error {}

/** In the row itself. */
export const IN_DATABASE: BodyStore = {
  put: async (_place, packed) => packed,
  get: async () => null,
  remove: async () => {},
}
