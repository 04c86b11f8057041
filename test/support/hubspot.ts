import assert from 'node:assert/strict'
import { Client } from '@hubspot/api-client'

/** HubSpot's own client, with nothing changed but the address. It waits for nothing and asks once. */
export const hubspotClient = (url: string, token: string) =>
  new Client({ accessToken: token, basePath: url, numberOfApiCallRetries: 0 })

export interface HubSpotRefusal {
  code: number
  // biome-ignore lint/suspicious/noExplicitAny: answers are what the test is about; each test asserts on what it reads
  body: any
}

/** What the client was refused with. Fails when it was not. */
export async function refusalOf(call: Promise<unknown>): Promise<HubSpotRefusal> {
  try {
    await call
  } catch (error) {
    const { code, body } = error as { code?: number; body?: unknown }
    if (code === undefined) throw error
    return { code, body: typeof body === 'string' && body !== '' ? JSON.parse(body) : body }
  }
  assert.fail('the call was not refused')
}
