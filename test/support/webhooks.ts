import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { HighLevel } from '@gohighlevel/api-client'
import type { Client } from './client.ts'

export interface Received {
  id: string
  headers: IncomingHttpHeaders
  raw: string
  // biome-ignore lint/suspicious/noExplicitAny: bodies are what the tests are about
  body: any
}

/** Somebody who is called, on this machine. */
export interface Receiver extends AsyncDisposable {
  url: string
  /** What it said yes to, in order. */
  taken: Received[]
  /** Everything that came. */
  all: Received[]
  /** What it answers; a status, or all of the answer. */
  answer: number | ((response: ServerResponse, received: Received) => void)
  /** Until this is so. */
  until(isSo: (receiver: Receiver) => boolean, what: string): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const raw = await text(request)
    const one = { id: String(request.headers['webhook-id']), headers: request.headers, raw, body: JSON.parse(raw) }
    receiver.all.push(one)
    if (typeof receiver.answer === 'function') receiver.answer(response, one)
    else {
      if (receiver.answer < 300) receiver.taken.push(one)
      response.writeHead(receiver.answer).end(`answer ${receiver.answer}`)
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
    taken: [],
    all: [],
    answer: 200,
    async until(isSo, what) {
      for (let tries = 0; !isSo(receiver); tries++) {
        assert.ok(tries < 2_000, `${what}: ${JSON.stringify(receiver.all.map(({ body }) => body)).slice(0, 2_000)}`)
        await pause(10)
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  return receiver
}

/** Networks that test servers may call. */
export const LOOPBACK = { outgoingNetworks: '127.0.0.0/8' }

export interface MadeWebhook {
  id: string
  secret: string
}

export async function makeWebhook(client: Client, body: object, query = ''): Promise<MadeWebhook> {
  const reply = await client.post(`/webhooks/${query}`, { name: 'Mine', ...body })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  return { id: reply.body.webhook.id, secret: reply.body.secret }
}

/** Whether the official SDK takes it, of a webhook with this id, with this public key. */
export async function isTakenBySdk({ headers, raw }: Received, id: string, publicKey: string): Promise<boolean> {
  const sdk = new HighLevel({
    privateIntegrationToken: 'x',
    clientId: `${id}-sdk`,
    webhookPublicKey: publicKey,
    logLevel: 'none',
  } as never)
  const manager = sdk.webhooks as unknown as { options: object; subscribe(): (...all: unknown[]) => Promise<void> }
  manager.options = { clientId: `${id}-sdk`, publicKey }
  const request = { method: 'POST', url: '/in', headers, body: Buffer.from(raw) } as Record<string, unknown>
  await manager.subscribe()(request, {}, () => {})
  assert.equal(request.skippedSignatureVerification, false)
  return request.isSignatureValid === true
}
