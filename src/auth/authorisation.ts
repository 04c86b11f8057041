import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { byFoldedText, holdsText } from '../db/folded-text.ts'
import { bytes, type Db, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import type { AccessRequest } from './access-requests.ts'
import { installApp } from './installs.ts'
import type { Person } from './people.ts'

const CODE_LIFE_MS = 10 * 60_000

/** A location that can be chosen. */
export interface Choice {
  id: string
  name: string
  address: string
}

/** Locations of an agency whose name holds a text, by name. */
export function listChoices(db: Db, search: { agencyId: string; name: string; limit: number }): Promise<Choice[]> {
  return query(
    db,
    sql<Choice>`
      select id, name, concat_ws(', ', doc->>'address', doc->>'city', doc->>'country') as address from location
      where agency_id = ${search.agencyId} and deleted_at is null and ${holdsText(sql`name`, search.name)}
      order by ${byFoldedText(sql`name`)}, id limit ${search.limit}`,
  )
}

export async function getAgencyName(db: Db, agencyId: string): Promise<string> {
  const row = await queryOne(db, sql<{ name: string }>`select name from agency where id = ${agencyId}`)
  if (row === null) throw new AppError('not_found', { what: 'agency', id: agencyId })
  return row.name
}

export interface Consent {
  person: Person
  request: AccessRequest
  /** Null: the agency with its locations. */
  locationId: string | null
  futureLocations: boolean
}

/** Installs the app where the person said and makes the code that the app exchanges for tokens. */
export async function allowAccess(
  tx: Tx,
  { person, request, locationId, futureLocations }: Consent,
  atMs: number,
): Promise<string> {
  const { app, scopes } = request
  const { id: userId, agencyId } = person
  if (locationId !== null) {
    const row = await queryOne(
      tx,
      sql`select 1 from location where id = ${locationId} and agency_id = ${agencyId} and deleted_at is null`,
    )
    if (row === null) throw new AppError('location_forbidden')
  }
  // Held, so that a deletion of the app or of the person sees what is made here.
  if ((await queryOne(tx, sql`select 1 from app where id = ${app.id} for key share`)) === null)
    throw new AppError('not_found', { what: 'app', id: app.id })
  if ((await queryOne(tx, sql`select 1 from person where id = ${userId} and disabled_at is null for share`)) === null)
    throw new AppError('not_found', { what: 'person', id: userId })
  await installApp(
    tx,
    { appId: app.id, agencyId, locationId, userId, scopes, futureLocations: locationId === null && futureLocations },
    atMs,
  )
  const code = randomBytes(32).toString('base64url')
  await sql`
    insert into oauth_code (hash, app_id, agency_id, location_id, user_id, scopes, redirect_uri, challenge, expires_at)
    values (${bytes(hashOf(code))}, ${app.id}, ${agencyId}, ${locationId}, ${userId}, ${texts(scopes)},
      ${request.redirectUri}, ${request.challenge}, ${new Date(atMs + CODE_LIFE_MS)})`.execute(tx)
  return code
}

export const hashOf = (code: string) => createHash('sha256').update(code).digest('hex')
