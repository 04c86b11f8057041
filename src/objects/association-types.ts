import { createHash } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { ObjectType } from './types.ts'

export type Category = 'HUBSPOT_DEFINED' | 'USER_DEFINED'

/** One type of association between two types of objects, as seen from one of them. */
export interface AssociationType {
  category: Category
  typeId: number
  inverseTypeId: number
  /** Null: it says that there is an association, and nothing more. */
  label: string | null
  isPrimary: boolean
  /** Of one that somebody defined: the asset. */
  labelId?: string
}

type Row = readonly [from: string, to: string, typeId: number, inverseTypeId: number]

/** HubSpot's own plain types: `AssociationTypes` of the official client. */
const PLAIN: readonly Row[] = [
  ['0-1', '0-1', 449, 449],
  ['0-1', '0-2', 279, 280],
  ['0-1', '0-3', 4, 3],
  ['0-1', '0-5', 15, 16],
  ['0-1', '0-14', 70, 69],
  ['0-1', '0-27', 203, 204],
  ['0-1', '0-46', 201, 202],
  ['0-1', '0-47', 199, 200],
  ['0-1', '0-48', 193, 194],
  ['0-1', '0-49', 197, 198],
  ['0-2', '0-2', 450, 450],
  ['0-2', '0-3', 342, 341],
  ['0-2', '0-5', 340, 339],
  ['0-2', '0-14', 72, 71],
  ['0-2', '0-27', 191, 192],
  ['0-2', '0-46', 189, 190],
  ['0-2', '0-47', 187, 188],
  ['0-2', '0-48', 181, 182],
  ['0-2', '0-49', 185, 186],
  ['0-3', '0-3', 451, 451],
  ['0-3', '0-5', 27, 28],
  ['0-3', '0-8', 19, 20],
  ['0-3', '0-14', 63, 64],
  ['0-3', '0-27', 215, 216],
  ['0-3', '0-46', 213, 214],
  ['0-3', '0-47', 211, 212],
  ['0-3', '0-48', 205, 206],
  ['0-3', '0-49', 209, 210],
  ['0-5', '0-5', 452, 452],
  ['0-5', '0-27', 229, 230],
  ['0-5', '0-46', 227, 228],
  ['0-5', '0-47', 225, 226],
  ['0-5', '0-48', 219, 220],
  ['0-5', '0-49', 223, 224],
  ['0-8', '0-14', 68, 67],
  ['0-14', '0-27', 217, 218],
  ['0-47', '0-48', 400, 399],
]

/** Which of several companies is the one that counts. */
const PRIMARY: readonly Row[] = [
  ['0-1', '0-2', 1, 2],
  ['0-2', '0-3', 6, 5],
  ['0-2', '0-5', 25, 26],
]

const [PARENT_TO_CHILD, CHILD_TO_PARENT] = [13, 14]

const find = (rows: readonly Row[], from: string, to: string): [number, number] | null => {
  const straight = rows.find((row) => row[0] === from && row[1] === to)
  if (straight !== undefined) return [straight[2], straight[3]]
  const inverse = rows.find((row) => row[0] === to && row[1] === from)
  return inverse === undefined ? null : [inverse[3], inverse[2]]
}

/** A number for what HubSpot numbers otherwise in each portal, or is not known to: the same each time it is asked for. */
function derivedId(text: string, from: number): number {
  return from + (createHash('sha256').update(text).digest().readUInt32BE(0) % 1_000_000_000)
}

export const typeIdOfLabel = (labelId: string, direction: 'straight' | 'inverse') =>
  derivedId(`${labelId}/${direction}`, 1_000)

/** What says that there is an association at all. */
export function plainType(from: string, to: string): AssociationType {
  const [typeId, inverseTypeId] = find(PLAIN, from, to) ?? [
    derivedId(`${from}>${to}`, 1_100_000_000),
    derivedId(`${to}>${from}`, 1_100_000_000),
  ]
  return { category: 'HUBSPOT_DEFINED', typeId, inverseTypeId, label: null, isPrimary: false }
}

/** Null: objects of these types may have several that count alike. */
export function primaryType(from: string, to: string): AssociationType | null {
  const ids = find(PRIMARY, from, to)
  if (ids === null) return null
  return { category: 'HUBSPOT_DEFINED', typeId: ids[0], inverseTypeId: ids[1], label: 'Primary', isPrimary: true }
}

/** The types that HubSpot defines between two types of objects, the plain one first. */
export function standardTypes(from: string, to: string): AssociationType[] {
  const primary = primaryType(from, to)
  const family = from === '0-2' && to === '0-2'
  const member = (typeId: number, inverseTypeId: number, label: string): AssociationType => ({
    ...{ category: 'HUBSPOT_DEFINED', typeId, inverseTypeId, label, isPrimary: false },
  })
  return [
    plainType(from, to),
    ...(primary === null ? [] : [primary]),
    ...(family
      ? [
          member(PARENT_TO_CHILD, CHILD_TO_PARENT, 'Child Company'),
          member(CHILD_TO_PARENT, PARENT_TO_CHILD, 'Parent Company'),
        ]
      : []),
  ]
}

/** As seen from the other end. The label of the other direction is not known by it. */
export const inverseOf = (type: AssociationType): AssociationType => ({
  ...type,
  typeId: type.inverseTypeId,
  inverseTypeId: type.typeId,
})

const PRIMARIES = new Set(PRIMARY.flatMap((row) => [row[2], row[3]]))
export const isPrimary = (category: string, typeId: number) => category === 'HUBSPOT_DEFINED' && PRIMARIES.has(typeId)

/** The end that is stored as `from`. */
export const comesFirst = (one: string, other: string): boolean => {
  const [a, b] = [one, other].map((typeId) => typeId.split('-').map(Number)) as [number[], number[]]
  return a[0] !== b[0] ? (a[0] as number) < (b[0] as number) : (a[1] as number) <= (b[1] as number)
}

/** People stand under the agency, not under a location. */
export function refuseUsers(...types: ObjectType[]): void {
  const user = types.find(({ kind }) => kind === 'users')
  if (user !== undefined)
    throw new AppError('bad_request', { reason: `Objects of type ${user.plural} have no associations` })
}
