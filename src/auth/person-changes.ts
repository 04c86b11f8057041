import { sql } from 'kysely'
import { type Db, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { callersChanged } from './caller.ts'
import { PERSON, type Person, removePerson, setDisabled } from './people.ts'
import type { Role } from './roles.ts'

/** Somebody as those see them who look after people. */
export interface PersonRow extends Person {
  /** They have set a password. */
  isIn: boolean
  hasSecondFactor: boolean
  isDisabled: boolean
  createdAt: Date
  /** Within minutes; null: in no session that goes on. */
  seenAt: Date | null
}

type PersonState = 'invited' | 'active' | 'disabled'

/** Whether they may sign in, or have yet to follow their invitation. */
export const stateOf = ({ isDisabled, isIn }: Pick<PersonRow, 'isDisabled' | 'isIn'>): PersonState =>
  isDisabled ? 'disabled' : isIn ? 'active' : 'invited'

const ROW = sql`${PERSON}, p.password is not null as "isIn", p.totp_confirmed_at is not null as "hasSecondFactor",
    p.disabled_at is not null as "isDisabled", p.created_at as "createdAt",
    (select max(s.seen_at) from session s where s.person_id = p.id) as "seenAt"`

export function listPersonRows(db: Db, agencyId: string): Promise<PersonRow[]> {
  return query(
    db,
    sql<PersonRow>`select ${ROW} from person p where p.agency_id = ${agencyId} order by p.created_at, p.id`,
  )
}

/** 404 when the agency has nobody with this id. */
export async function getPersonRow(db: Db, agencyId: string, id: string): Promise<PersonRow> {
  const row = await queryOne(
    db,
    sql<PersonRow>`select ${ROW} from person p where p.agency_id = ${agencyId} and p.id = ${id}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'person', id })
  return row
}

/**
 * The same to be changed: until the end of the transaction nobody else changes whoever is of the agency, so that what
 * was read stays true, and two owners cannot lower each other.
 */
export async function holdPersonRow(tx: Tx, agencyId: string, id: string): Promise<PersonRow> {
  await sql`select id from agency where id = ${agencyId} for no key update`.execute(tx)
  return getPersonRow(tx, agencyId, id)
}

/** Who changes people: null where it is no owner. */
type ByOwner = { byOwner: boolean }

export interface PersonChange {
  name: string
  role: Role
  locationIds: readonly string[] | null
}

/**
 * What a person that is held may is looked at anew at once, wherever they are. 403 and 409 where the agency's owners are
 * concerned.
 */
export async function changePerson(
  tx: Tx,
  person: Person,
  { name, role, locationIds }: PersonChange,
  { byOwner }: ByOwner,
): Promise<void> {
  if (person.role === 'owner' || role === 'owner') await checkOwners(tx, person, { byOwner, stays: role === 'owner' })
  await sql`update person set name = ${name}, role = ${role},
      location_ids = ${locationIds === null ? null : texts(locationIds)} where id = ${person.id}`.execute(tx)
  await callersChanged(tx)
}

/** A person that is held is removed. 403 and 409 where the agency's owners are concerned. */
export async function dismissPerson(tx: Tx, person: Person, { byOwner }: ByOwner): Promise<void> {
  if (person.role === 'owner') await checkOwners(tx, person, { byOwner, stays: false })
  await removePerson(tx, person.id)
}

/**
 * A person that is held may not sign in any more, and is signed out everywhere; or may again. 403 and 409 where the
 * agency's owners are concerned.
 */
export async function suspendPerson(tx: Tx, person: Person, at: Date | null, { byOwner }: ByOwner): Promise<void> {
  if (person.role === 'owner') await checkOwners(tx, person, { byOwner, stays: at === null })
  await setDisabled(tx, person.id, at)
}

async function checkOwners(
  tx: Tx,
  { id, agencyId }: Person,
  { byOwner, stays }: ByOwner & { stays: boolean },
): Promise<void> {
  if (!byOwner) throw new AppError('owner_only')
  if (stays) return
  const other = await queryOne(
    tx,
    sql`select 1 from person where agency_id = ${agencyId} and role = 'owner' and id <> ${id}
      and disabled_at is null limit 1`,
  )
  if (other === null) throw new AppError('last_owner')
}
