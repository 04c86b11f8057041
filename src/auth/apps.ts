import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { bytes, type Db, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError, invalid } from '../errors.ts'
import { newId, newObjectId } from '../ids.ts'
import { callersChanged } from './caller.ts'
import { isSame } from './jwt.ts'

/** A program that asks people for access. */
export interface App {
  id: string
  clientId: string
  /** Its id on the HubSpot wire: from 1 to 2^53 - 1. */
  hubspotId: number
  agencyId: string
  name: string
  /** The most it can ask for. */
  scopes: string[]
  redirectUris: string[]
  /** Under development: codes may go to any address of the user's own machine. */
  loopback: boolean
  /** It runs where others can look: it has no secret, and PKCE takes its place. */
  isPublic: boolean
  createdAt: Date
  /** Its own agency has taken it out; null: it speaks for its owner. */
  withdrawnAt: Date | null
}

const COLUMNS = sql`id, client_id as "clientId", hubspot_id as "hubspotId", agency_id as "agencyId", name, scopes, redirect_uris as "redirectUris",
    loopback, secret_hash is null as "isPublic", created_at as "createdAt", withdrawn_at as "withdrawnAt"`

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex')
const newSecret = () => randomBytes(32).toString('base64url')

/** What an app made with these would outlive its removal, so no app gets them. */
export const isGrantable = (scope: string) => !/^(people|tokens|apps)\./.test(scope)

export interface NewApp {
  agencyId: string
  name: string
  scopes: readonly string[]
  redirectUris: readonly string[]
  loopback?: boolean
  isPublic?: boolean
}

/**
 * Makes an app. Only a hash of its secret is kept: the answer is the only time it can be read. Null: a public app has
 * none.
 */
export async function registerApp(tx: Tx, app: NewApp, atMs: number): Promise<{ app: App; secret: string | null }> {
  const secret = app.isPublic ? null : newSecret()
  const id = newId('hex24')
  // The official client takes what stands before the dash for the app's id (wire/highlevel.md, "The official SDK ...").
  const clientId = `${id}-${randomBytes(4).toString('hex')}`
  const row = await queryOne(
    tx,
    sql<App>`
      insert into app (id, client_id, hubspot_id, secret_hash, agency_id, name, scopes, redirect_uris, loopback, created_at)
      values (${id}, ${clientId}, ${newObjectId()}, ${bytes(secret === null ? null : hashOf(secret))}, ${app.agencyId}, ${app.name},
        ${texts(app.scopes)}, ${texts(app.redirectUris)}, ${app.loopback ?? false}, ${new Date(atMs)})
      returning ${COLUMNS}`,
  )
  return { app: row as App, secret }
}

/** A new secret in place of the old one, which ends at once. Throws for a public app. */
export async function renewSecret(tx: Tx, app: App): Promise<string> {
  if (app.isPublic) throw new AppError('app_public', { what: 'has no client_secret' })
  const secret = newSecret()
  await sql`update app set secret_hash = ${bytes(hashOf(secret))} where id = ${app.id}`.execute(tx)
  return secret
}

export function listApps(db: Db, agencyId: string): Promise<App[]> {
  return query(db, sql<App>`select ${COLUMNS} from app where agency_id = ${agencyId} order by created_at, id`)
}

/** An app of this agency. */
export async function getApp(db: Db, agencyId: string, id: string): Promise<App> {
  const row = await queryOne(db, sql<App>`select ${COLUMNS} from app where id = ${id} and agency_id = ${agencyId}`)
  if (row === null) throw new AppError('not_found', { what: 'app', id })
  return row
}

export function findApp(db: Db, id: string): Promise<App | null> {
  return queryOne(db, sql<App>`select ${COLUMNS} from app where id = ${id}`)
}

export function findAppByClientId(db: Db, clientId: string): Promise<App | null> {
  return queryOne(db, sql<App>`select ${COLUMNS} from app where client_id = ${clientId}`)
}

/**
 * The app that these credentials belong to. `hold` keeps it, within a transaction, from being deleted before what is
 * made for it can be seen: else its tokens would outlive it. Without a secret only a public app is known, and what it
 * sends must prove the rest.
 */
export async function authenticateApp(
  db: Db,
  { clientId, secret, hold = false }: { clientId: string; secret: string | undefined; hold?: boolean },
): Promise<App> {
  const row = await queryOne(
    db,
    sql<App & { secretHash: string | null }>`
      select ${COLUMNS}, secret_hash as "secretHash" from app
        where client_id = ${clientId} ${
          hold
            ? sql`for key
          share`
            : sql``
        }`,
  )
  if (secret === undefined && !row?.isPublic) throw invalid(['client_secret should not be empty'])
  const isProven = isSame(row?.secretHash ?? hashOf(''), hashOf(secret ?? '')) && row?.isPublic === false
  if (row === null || !(isProven || (row.isPublic && secret === undefined))) throw new AppError('client_invalid')
  const { secretHash: _, ...app } = row
  return app
}

/**
 * The app, where it is installed, and all that follows from it. Its own row first: whoever holds that is waited for,
 * and what they made is seen.
 */
export async function deleteApp(tx: Tx, app: App, atMs: number): Promise<void> {
  await callersChanged(tx)
  await sql`delete from app where id = ${app.id}`.execute(tx)
  await sql`update oauth_grant set revoked_at = ${new Date(atMs)} where app_id = ${app.id}
      and revoked_at is null`.execute(tx)
  await sql`delete from oauth_code where app_id = ${app.id}`.execute(tx)
  await sql`delete from app_install where app_id = ${app.id}`.execute(tx)
  await sql`delete from app_absence where app_id = ${app.id}`.execute(tx)
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** An address of the own machine. */
export const isLoopback = (url: URL) => url.protocol === 'http:' && LOOPBACK.includes(url.hostname)

export function parseRedirect(text: string): URL | null {
  const url = URL.parse(text)
  if (url === null || text.includes('#') || url.username !== '' || url.password !== '') return null
  return url
}
