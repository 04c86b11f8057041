import type { Caller } from '../auth/caller.ts'
import { checkTenancy } from '../auth/tenants.ts'
import { AppError } from '../errors.ts'
import type { Operation } from './define.ts'
import type { Platform } from './platform.ts'

type Input = Record<string, unknown>

/**
 * Checks the tenants that a request names, and answers who speaks: a person speaks for one location, as its token would,
 * where the operation is a location's or the request says so (`at`), and a client wherever a location is named.
 */
export async function speakerOf(
  platform: Platform,
  operation: Operation,
  caller: Caller,
  input: Input,
  at?: string,
): Promise<Caller> {
  const wanted = isUnplaced(operation, caller)
    ? (at ?? (isBound(operation, caller) ? namedLocation(operation, input) : undefined))
    : undefined
  if (wanted === undefined) {
    if (isForWhole(operation, caller, input)) throw new AppError('role_missing', { role: 'client' })
    await checkNamed(platform, operation, caller, input)
    return caller
  }
  await checkTenancy(platform.db, caller, { companyIds: [], locationIds: [wanted] })
  const speaker = speakingFor(caller, wanted)
  await checkNamed(platform, operation, speaker, input)
  return speaker
}

/**
 * The same once it is known which location the call is about: null where none was found. A client speaks for no more
 * than one.
 */
export function speakerAt(operation: Operation, caller: Caller, locationId: string | null): Caller {
  if (!isUnplaced(operation, caller) || !isBound(operation, caller)) return caller
  if (locationId !== null) return speakingFor(caller, locationId)
  // What was not found is refused in the words of the operation.
  if (operation.keepsToReach || operation.locate !== null) return caller
  throw new AppError('location_needed')
}

/** A person who does not speak for a location yet, and could. */
const isUnplaced = ({ token }: Operation, { person, locationId }: Caller) =>
  person !== undefined && locationId === null && (token === 'location' || token === 'either')

/** Whoever asks for it speaks for one location in any case. */
const isBound = ({ token }: Operation, { person }: Caller) => token === 'location' || person?.role === 'client'

/**
 * A client speaks for locations: where an agency is named, and a location could not be, no location helps. Lists that keep
 * to what a client was let into are for clients too.
 */
const isForWhole = (operation: Operation, caller: Caller, { companyId }: Input) =>
  caller.person?.role === 'client' &&
  !operation.keepsToReach &&
  isUnplaced(operation, caller) &&
  companyId !== undefined &&
  // Beside what another program calls the location it means, the id of one says nothing.
  (!('locationId' in (operation.input.properties ?? {})) || operation.foreign.includes('location_id'))

const speakers = new WeakMap<Caller, Map<string, Caller>>()

/** The same caller as the token of a location would be; the same value each time, while the caller is remembered. */
export function speakingFor(caller: Caller, locationId: string): Caller {
  const known = speakers.get(caller) ?? new Map<string, Caller>()
  speakers.set(caller, known)
  const speaker = known.get(locationId) ?? { ...caller, locationId }
  known.set(locationId, speaker)
  return speaker
}

/** The one location that an input names. */
export function namedLocation({ foreign }: Operation, input: Input): string | undefined {
  const named = input.locationId ?? (foreign.includes('location_id') ? undefined : input.location_id)
  return typeof named === 'string' ? named : undefined
}

/** Lists whose entries each name a location: decisions about conflicts, answers to ambiguities. */
const LISTS = ['decisions', 'matches']

export async function checkNamed(
  platform: Platform,
  operation: Operation,
  caller: Caller,
  input: Record<string, unknown>,
): Promise<void> {
  if (operation.token === 'none') return
  const named = (names: string[]) =>
    names
      .filter((name) => !operation.foreign.includes(name))
      .flatMap((name) => (name === 'locationIds' && input[name] === 'all' ? [] : input[name]))
  const listed = LISTS.flatMap((name) => input[name]).map((entry) => (entry as Input | null | undefined)?.locationId)
  await checkTenancy(platform.db, caller, {
    companyIds: idsOf(named(['companyId'])),
    locationIds: idsOf([...named(['locationId', 'location_id', 'locationIds']), ...listed]),
  })
}

const idsOf = (values: readonly unknown[]) =>
  values.filter((value): value is string => typeof value === 'string' && value !== '')
