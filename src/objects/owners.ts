/** Users by the two ids that they have: ours, and the number of the wire. */
export interface Owners {
  /** The number of a user of ours; null: nobody of the agency has the id. */
  numberOf(userId: string): string | null
  /** The other way round. */
  idOf(number: string): string | null
}

export function toOwners(users: readonly { id: string; objectId: number }[]): Owners {
  const numbers = new Map(users.map(({ id, objectId }) => [id, String(objectId)]))
  const ids = new Map(users.map(({ id, objectId }) => [String(objectId), id]))
  return { numberOf: (userId) => numbers.get(userId) ?? null, idOf: (number) => ids.get(number) ?? null }
}
