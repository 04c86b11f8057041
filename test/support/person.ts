import assert from 'node:assert/strict'
import { newPassword } from '../../src/auth/passwords.ts'
import { createPerson } from '../../src/auth/people.ts'
import { makeLink } from '../../src/auth/person-links.ts'
import type { Role } from '../../src/auth/roles.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Client, Reply } from './client.ts'
import type { TestServer } from './server.ts'

/** Somebody at the console: requests with the cookie of a session and our header, as the console sends them. */
export interface SignedIn extends Client {
  id: string
  email: string
  password: string
  /** What the browser sends back. */
  cookie: string
}

/** A browser in which somebody signs in. Answers the reply and, where it was let in, the cookie. */
export async function signInTo(
  server: TestServer,
  account: { email: string; password: string; code?: string },
): Promise<{ reply: Reply; cookie: string }> {
  const reply = await server.client().raw('POST', '/session', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  })
  return { reply, cookie: /tintype_session=[^;]*/.exec(reply.headers.get('set-cookie') ?? '')?.[0] ?? '' }
}

/** A code of the set-up page, as a start without an agency writes one into its log. */
export async function makeSetUpCode({ app }: TestServer): Promise<string> {
  const { db, clock } = app.platform
  return inTransaction(
    db,
    async (tx) => (await makeLink(tx, { personId: null, purpose: 'set-up' }, clock.nowMs())).token,
  )
}

/** A client whose requests carry a cookie, and none of ours besides. */
export function withCookie(server: TestServer, cookie: string): Client {
  const { raw } = server.client()
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    raw(method, path, {
      headers: {
        cookie,
        'x-tintype-console': '1',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    raw: (method, path, { headers = {}, body } = {}) =>
      raw(method, path, {
        headers: { cookie, 'x-tintype-console': '1', ...headers },
        ...(body === undefined ? {} : { body }),
      }),
    get: (path) => send('GET', path),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    delete: (path, body) => send('DELETE', path, body),
  }
}

/** A new person of an agency, signed in. */
export async function newPerson(
  server: TestServer,
  { agencyId, role, locationIds }: { agencyId: string; role: Role; locationIds?: string[] },
): Promise<SignedIn> {
  const { db, clock } = server.app.platform
  const password = newPassword()
  const person = await inTransaction(db, (tx) =>
    createPerson(
      tx,
      {
        agencyId,
        role,
        name: `${role} of ${agencyId}`,
        email: `${role}-${newPassword().toLowerCase()}@people.example`,
        password,
        ...(locationIds === undefined ? {} : { locationIds }),
      },
      clock.nowMs(),
    ),
  )
  const { reply, cookie } = await signInTo(server, { email: person.email, password })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  return { ...withCookie(server, cookie), id: person.id, email: person.email, password, cookie }
}
