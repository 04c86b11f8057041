import { type PortalRow, portalsOf } from '../auth/portals.ts'
import type { Db } from '../db/pool.ts'
import { listPortable, type PortableAsset } from '../store/assets/index.ts'
import { toCountry } from '../store/phone.ts'
import { listObjectIds } from '../store/records/index.ts'
import { toProperty } from './made-properties.ts'
import { type Owners, toOwners } from './owners.ts'
import { createPropertyMap, type PropertyMap } from './property-map.ts'
import { findCustomType, findStandardType, type ObjectType, TYPES, toCustomType } from './types.ts'
import type { Habits } from './writing.ts'

/** What a location adds to the types that each portal has. */
export interface Portal {
  locationId: string
  portalId: number
  agencyId: string
  habits: Habits
  /** Custom objects. */
  types: readonly ObjectType[]
  find(spelled: string): ObjectType | null
  /** A type by its id; null: there is none. */
  get(typeId: string): ObjectType | null
  mapOf(type: ObjectType): PropertyMap
}

const KINDS = ['objects', 'custom_fields', 'object_fields']

/** What there is in these locations: four statements, whatever their number. A location that is gone is left out. */
export async function loadPortals(db: Db, locationIds: readonly string[]): Promise<Map<string, Portal>> {
  const portals = await portalsOf(db, [...new Set(locationIds)])
  const agencies = [...new Set(portals.map(({ agencyId }) => agencyId))]
  const [assets, users] = await Promise.all([
    listPortable(
      db,
      KINDS,
      portals.map(({ locationId }) => locationId),
    ),
    listObjectIds(db, { kind: 'users', noun: 'user' }, agencies),
  ])
  const byLocation = Map.groupBy(assets, ({ locationId }) => locationId)
  const byAgency = Map.groupBy(users, ({ locationId }) => locationId)
  const owners = new Map(agencies.map((id) => [id, toOwners(byAgency.get(id) ?? [])]))
  return new Map(
    portals.map((portal) => {
      const own = byLocation.get(portal.locationId) ?? []
      const known = owners.get(portal.agencyId) as Owners
      return [portal.locationId, toPortal(portal, own, known)]
    }),
  )
}

function toPortal(
  { locationId, portalId, agencyId, country }: PortalRow,
  assets: readonly PortableAsset[],
  owners: Owners,
): Portal {
  const types = assets.flatMap((asset) => (asset.kind === 'objects' ? (toCustomType(asset) ?? []) : []))
  const maps = new Map<string, PropertyMap>()
  return {
    locationId,
    portalId,
    agencyId,
    habits: { owners, country: toCountry(country) },
    types,
    find: (spelled) => findStandardType(spelled) ?? findCustomType(types, portalId, spelled),
    get: (typeId) => [...TYPES, ...types].find((type) => type.typeId === typeId) ?? null,
    mapOf(type) {
      const known = maps.get(type.typeId)
      if (known !== undefined) return known
      const made = assets
        .filter(({ kind }) => kind === type.fields.kind)
        .flatMap(({ id, document }) => toProperty(type, id, document) ?? [])
      const map = createPropertyMap(type, made, owners)
      maps.set(type.typeId, map)
      return map
    },
  }
}

/** The properties of types in locations, by `location type`. What is not there, location or type, is left out. */
export async function loadPropertyMaps(
  db: Db,
  wanted: readonly { locationId: string; typeId: string }[],
): Promise<Map<string, PropertyMap>> {
  const portals = await loadPortals(
    db,
    wanted.map(({ locationId }) => locationId),
  )
  return new Map(
    wanted.flatMap(({ locationId, typeId }) => {
      const portal = portals.get(locationId)
      const type = portal?.get(typeId) ?? portal?.find(typeId)
      return portal === undefined || !type ? [] : [[`${locationId} ${typeId}`, portal.mapOf(type)] as const]
    }),
  )
}

/** A type by its id or name, as a caller in the location spells it. */
export async function findType(db: Db, locationId: string, spelled: string): Promise<ObjectType | null> {
  return findStandardType(spelled) ?? (await loadPortals(db, [locationId])).get(locationId)?.find(spelled) ?? null
}
