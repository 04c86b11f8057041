import assert from 'node:assert/strict'
import type { Client, Reply } from './client.ts'
import { type Act, nextAct } from './storm-acts.ts'

/** What was asked for, and what came of it. */
export interface Deed {
  act: Act
  reply: Reply
  traceId: string
}

/** Answers that a client may get while others work on the same things. */
const USUAL = [200, 201, 400, 404, 409, 422]

/** One location at work: whoever acts in it does so by one of its clients, and every writing call is written down. */
export class Hand {
  readonly locationId: string
  readonly deeds: Deed[] = []
  readonly contactIds: string[] = []
  readonly opportunityIds: string[] = []
  readonly #clients: readonly Client[]

  constructor(locationId: string, clients: readonly Client[]) {
    this.locationId = locationId
    this.#clients = clients
  }

  client(number = 0): Client {
    return this.#clients[number % this.#clients.length] as Client
  }

  async do(act: Act, number = 0): Promise<Deed> {
    const reply = await send(this.client(number), act)
    assert.ok(
      USUAL.includes(reply.status),
      `${act.method} ${act.path} ${JSON.stringify(act.body)}: ${reply.status} ${JSON.stringify(reply.body)}`,
    )
    const deed = { act, reply, traceId: reply.headers.get('x-trace-id') as string }
    this.deeds.push(deed)
    if (reply.status === 201) {
      if (act.path === '/contacts/') this.contactIds.push(reply.body.contact.id)
      if (act.path === '/opportunities/') this.opportunityIds.push(reply.body.opportunity.id)
    }
    return deed
  }

  /** One more thing, whatever comes to mind. */
  async actOnce(
    random: () => number,
    { number = 0, records = true }: { number?: number; records?: boolean } = {},
  ): Promise<Deed> {
    const look = async (path: string) => {
      const reply = await this.client(number).get(path)
      assert.equal(reply.status, 200, `GET ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
      return reply
    }
    const [contactIds, opportunityIds] = records ? [this.contactIds, this.opportunityIds] : [[], []]
    return this.do(await nextAct({ random, locationId: this.locationId, look, contactIds, opportunityIds }), number)
  }
}

export function send(client: Client, { method, path, body }: Act): Promise<Reply> {
  return method === 'get' ? client.get(path) : client[method](path, body)
}
