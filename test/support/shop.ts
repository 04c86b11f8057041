import { HighLevel } from '@gohighlevel/api-client'
import type { Client } from './client.ts'
import { hire } from './hire.ts'
import { conforms } from './official.ts'
import { startTestServer, type TestServer } from './server.ts'
import { createAgency, type TestLocation } from './tenants.ts'

export interface Pipeline {
  id: string
  stages: { id: string }[]
}

/** A location with two pipelines, and people who come to buy. */
export interface Shop extends AsyncDisposable {
  server: TestServer
  location: TestLocation
  client: Client
  sdk: HighLevel
  sales: Pipeline
  service: Pipeline
  newPipeline(name: string, stages: string[]): Promise<Pipeline>
  newContact(more?: object): Promise<string>
  /** In the sales pipeline, unless told otherwise. */
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's types know fewer properties than its specification
  newOpportunity(more?: object): Promise<any>
}

export async function startShop(): Promise<Shop> {
  const server = await startTestServer({ work: false })
  const agency = await createAgency(server.app)
  const location = agency.locations[0] as TestLocation
  await hire(server.app, agency.companyId, [location.id], ['user0', 'user1', 'user2', 'ada', 'grace'])
  const here = { locationId: location.id }
  const client = server.client(location.token)
  const sdk = new HighLevel({ privateIntegrationToken: location.token, logLevel: 'none' as never })
  sdk.getHttpClient().defaults.baseURL = server.url

  async function newPipeline(name: string, stages: string[]): Promise<Pipeline> {
    const body = { ...here, name, stages: stages.map((stage, position) => ({ name: stage, position })) }
    return (await client.post('/opportunities/pipelines', body)).body.pipeline
  }

  let people = 0
  async function newContact(more: object = {}): Promise<string> {
    people += 1
    const { body } = await client.post('/contacts/', {
      ...here,
      firstName: `Person${people}`,
      email: `person${people}@example.com`,
      ...more,
    })
    return body.contact.id
  }

  const [sales, service] = [
    await newPipeline('Sales', ['New', 'Talking', 'Signed']),
    await newPipeline('Service', ['Asked', 'Done']),
  ]

  // biome-ignore lint/suspicious/noExplicitAny: the SDK's types know fewer properties than its specification
  async function newOpportunity(more: object = {}): Promise<any> {
    const body = {
      ...here,
      pipelineId: sales.id,
      name: 'Wedding',
      status: 'open',
      contactId: await newContact(),
      ...more,
    }
    const { opportunity } = conforms('POST /opportunities/', await sdk.opportunities.createOpportunity(body as never))
    return opportunity
  }

  return {
    server,
    location,
    client,
    sdk,
    sales,
    service,
    newPipeline,
    newContact,
    newOpportunity,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
