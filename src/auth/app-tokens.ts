import { randomUUID } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { Db, Tx } from '../db/pool.ts'
import { type App, findApp } from './apps.ts'
import { type Caller, callersChanged } from './caller.ts'
import { endId, isEnded } from './ended-tokens.ts'
import { signToken, verifyToken } from './jwt.ts'

/** wire/hubspot.md, "Semantics". */
export const APP_TOKEN_SECONDS = 1800

/** A token of an app that speaks for itself. No refresh token goes with it: the app asks for another. */
export function signAppToken(db: Db, app: App, scopes: readonly string[], atMs: number): Promise<string> {
  const payload = { sub: app.id, jti: randomUUID(), app: app.id, scopes: [...scopes] }
  return signToken(db, 'api', payload, { issuedAtMs: atMs, lifeSeconds: APP_TOKEN_SECONDS })
}

/** What a token of that kind says, as it was signed; null for one of another kind, of another app, or ended. */
export async function readAppToken(db: Db, appId: string, token: string, atMs: number): Promise<JWTPayload | null> {
  const payload = await verifyToken(db, 'api', token, atMs)
  return payload?.app === appId && !(await isEnded(db, payload.jti)) ? payload : null
}

/** Ends one at once. Several times: once. */
export async function endAppToken(tx: Tx, { jti, exp }: JWTPayload): Promise<void> {
  await callersChanged(tx)
  await endId(tx, String(jti), (exp ?? 0) * 1000)
}

/** What a valid token of that kind says; null for one of another kind, and when it or its app is gone. */
export async function findAppCaller(db: Db, { app: id, jti, scopes, exp }: JWTPayload): Promise<Caller | null> {
  if (typeof id !== 'string' || (await isEnded(db, jti))) return null
  const app = await findApp(db, id)
  if (app === null) return null
  return {
    tokenId: String(jti),
    agencyId: app.agencyId,
    locationId: null,
    scopes: (scopes as string[]).filter((scope) => app.scopes.includes(scope)),
    unlimited: false,
    expiresAtMs: (exp ?? 0) * 1000,
    oauth: { appId: app.id, userId: '' },
    isApp: true,
  }
}
