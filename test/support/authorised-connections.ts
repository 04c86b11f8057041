import assert from 'node:assert/strict'
import type { Client } from './client.ts'
import { type Answer, CONTACT_DEFINITION, makeConnection } from './connections.ts'
import { newPerson, type SignedIn } from './person.ts'
import { startTestServer, type TestServer } from './server.ts'
import { createAgency, type TestAgency } from './tenants.ts'
import { startTheirProgram, type TheirProgram } from './their-authorisation.ts'

const PAGING = { style: 'page', parameter: 'page', size: { parameter: 'limit', value: 1 } }

/** Where they are asked for permission: by the name of who gives it, or by both addresses. */
export const byIssuer = ({ url }: TheirProgram) => ({ issuer: url, scope: 'openid people' })
export const byAddresses = ({ url }: TheirProgram) => ({
  authorizeUrl: `${url}/authorize?lang=en`,
  tokenUrl: `${url}/token`,
})

/** What their list becomes, when a person of theirs has allowed it. */
export const authorisedDefinition = (theirs: TheirProgram, server: object = byIssuer(theirs)) => ({
  source: {
    everyMinutes: 1,
    poll: {
      url: `${theirs.url}/people`,
      items: 'data',
      paging: PAGING,
      authorisation: { kind: 'oauth', grant: 'authorization_code', ...server },
    },
  },
  mapping: CONTACT_DEFINITION.mapping,
})

/** A connection that nobody has allowed yet. */
export async function makeAuthorised(
  client: Client,
  theirs: TheirProgram,
  { server, locationId }: { server?: object; locationId?: string } = {},
): Promise<string> {
  const wish = { way: 'poll', definition: authorisedDefinition(theirs, server) }
  const query = locationId === undefined ? '' : `?locationId=${locationId}`
  const { id } = await makeConnection(client, wish, { deploy: false, query })
  const { clientId, clientSecret } = theirs
  const secrets = { clientId, ...(clientSecret === '' ? {} : { clientSecret }) }
  const set = await client.put(`/connections/${id}/secrets${query}`, { secrets })
  assert.equal(set.status, 200, JSON.stringify(set.body))
  return id
}

/** Somebody leaves for the other program. */
export async function leaveFor(client: Client, id: string): Promise<string> {
  const { status, body } = await client.post(`/connections/${id}/authorise`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.address
}

/** Somebody is back, by this address. */
export async function comeBack(client: Client, url: URL, id?: string) {
  const { state = '', code, error, iss } = Object.fromEntries(url.searchParams)
  const back = { server: url.pathname.split('/').at(-1), state, code, error, iss }
  return client.post(`/connections/${id ?? state.split('.')[1]}/authorised`, back)
}

/** A person allows it. */
export async function allowConnection(client: Client, theirs: TheirProgram, id: string): Promise<Answer> {
  const { status, body } = await comeBack(client, theirs.decide(await leaveFor(client, id)))
  assert.equal(status, 200, JSON.stringify(body))
  assert.equal(body.outcome, 'authorised', JSON.stringify(body))
  return body
}

/** A server whose time can be moved, another program, and somebody who works in one sub-account and nowhere else. */
export interface PermittedWorld extends AsyncDisposable {
  server: TestServer
  agency: TestAgency
  theirs: TheirProgram
  /** Names the sub-account, as the console does. */
  person: SignedIn
  place: string
  /** Added to the time of the server. */
  laterMs: number
  stateOf(id: string): Promise<Answer>
  /** What somebody is told, in which nothing stands that opens anything. */
  outcomeOf(reply: ReturnType<typeof comeBack>): Promise<Answer>
}

export async function startPermitted(): Promise<PermittedWorld> {
  const clock = { nowMs: () => Date.now() + world.laterMs }
  const world = { laterMs: 0 } as PermittedWorld
  const server = await startTestServer({ outgoingNetworks: '127.0.0.0/8', rateLimit: 0, clock })
  const agency = await createAgency(server.app, { locations: 2 })
  const theirs = await startTheirProgram()
  const id = String(agency.locations[0]?.id)
  const place = `locationId=${id}`
  const one = await newPerson(server, { agencyId: agency.companyId, role: 'client', locationIds: [id] })
  const at = (path: string) => `${path}${path.includes('?') ? '&' : '?'}${place}`
  const person: SignedIn = {
    ...one,
    get: (path) => one.get(at(path)),
    post: (path, body, headers) => one.post(at(path), body, headers),
    put: (path, body) => one.put(at(path), body),
    delete: (path, body) => one.delete(at(path), body),
  }
  return Object.assign(world, {
    server,
    agency,
    theirs,
    person,
    place,
    stateOf: async (connection: string) => (await person.get(`/connections/${connection}`)).body.connection,
    async outcomeOf(reply: ReturnType<typeof comeBack>) {
      const { status, body } = await reply
      assert.equal(status, 200, JSON.stringify(body))
      for (const secret of theirs.secrets) assert.ok(!JSON.stringify(body).includes(secret), `${secret} is told`)
      return body
    },
    async [Symbol.asyncDispose]() {
      await theirs[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  })
}
