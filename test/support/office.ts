import assert from 'node:assert/strict'
import { HighLevel } from '@gohighlevel/api-client'
import type { Client } from './client.ts'
import { hire } from './hire.ts'
import { officialAnswers } from './official-answers.ts'
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts'
import { createAgency, type TestLocation } from './tenants.ts'

/** A location that talks with people, through the official client and without it. */
export interface Office extends AsyncDisposable {
  server: TestServer
  companyId: string
  agencyToken: string
  location: TestLocation
  client: Client
  sdk: HighLevel
  here: { locationId: string }
  newContact(more?: object): Promise<string>
  newConversation(more?: object): Promise<{ contactId: string; conversationId: string }>
}

export const check = officialAnswers('conversations')

/** What the official client throws for a status that is no success. */
export const isStatus = (status: number) => (error: { statusCode?: number }) => error.statusCode === status

export async function startOffice(options: TestServerOptions = {}): Promise<Office> {
  const server = await startTestServer({ work: false, ...options })
  const agency = await createAgency(server.app)
  const location = agency.locations[0] as TestLocation
  await hire(server.app, agency.companyId, [location.id], ['user1', 'user7', 'user8'])
  const client = server.client(location.token)
  const sdk = new HighLevel({ privateIntegrationToken: location.token })
  sdk.getHttpClient().defaults.baseURL = server.url
  const here = { locationId: location.id }
  let people = 0
  /** Someone who can be reached; two never share a number. */
  const newContact = async (more: object = {}): Promise<string> => {
    people++
    const addresses = { email: `ada${people}@office.example`, phone: `+1202555${String(people).padStart(4, '0')}` }
    const reply = await client.post('/contacts/', { ...here, firstName: 'Ada', ...addresses, ...more })
    assert.equal(reply.status, 201, JSON.stringify(reply.body))
    return reply.body.contact.id
  }
  return {
    server,
    companyId: agency.companyId,
    agencyToken: agency.token,
    location,
    client,
    sdk,
    here,
    newContact,
    async newConversation(more) {
      const contactId = await newContact(more)
      const created = await sdk.conversations.createConversation({ ...here, contactId })
      check('CreateConversationSuccessResponse', created)
      return { contactId, conversationId: created.conversation.id }
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
