import type { AssetDocument } from '../store/assets/index.ts'

/** A room or a kind of equipment, and how much of it there is. */
export interface BookableResource {
  id: string
  type: 'rooms' | 'equipments'
  /** Seats of a room, pieces of equipment. None: out of service. */
  units: number
}

export interface ResourceAsset {
  id: string
  document: AssetDocument
}

/**
 * What the calendar names is taken by every booking; of the rooms that are offered to the calendar one, and all
 * equipment that is.
 */
export function needsOf(
  calendar: { id: string; document: AssetDocument },
  resources: readonly ResourceAsset[],
): BookableResource[][] {
  const named = new Set((calendar.document.resourceIds ?? []) as string[])
  const offered = resources.filter(
    ({ id, document }) => !named.has(id) && (document.calendarIds as string[] | undefined)?.includes(calendar.id),
  )
  const rooms = offered.filter(({ document }) => document.resourceType === 'rooms').map(toBookable)
  const equipment = offered.filter(({ document }) => document.resourceType !== 'rooms')
  const singles = [...resources.filter(({ id }) => named.has(id)), ...equipment].map((resource) => [
    toBookable(resource),
  ])
  return rooms.length === 0 ? singles : [...singles, rooms]
}

function toBookable({ id, document }: ResourceAsset): BookableResource {
  const number = (name: string) => (typeof document[name] === 'number' ? (document[name] as number) : null)
  const units =
    document.resourceType === 'rooms'
      ? number('capacity') || 1
      : (number('quantity') ?? 1) - (number('outOfService') ?? 0)
  return {
    id,
    type: document.resourceType === 'rooms' ? 'rooms' : 'equipments',
    units: document.isActive === false ? 0 : units,
  }
}
