import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { startToolServer, type ToolServer } from '../support/tool-server.ts'
import * as agency from './ghl/agency.ts'
import * as calendars from './ghl/calendars.ts'
import * as contacts from './ghl/contacts.ts'
import * as locations from './ghl/locations.ts'
import * as messages from './ghl/messages.ts'
import * as objects from './ghl/objects.ts'
import * as sales from './ghl/sales.ts'
import type { Story } from './ghl/story.ts'

const PROGRAM = join(import.meta.dirname, 'node_modules/ghl-mcp-server/dist/server.js')

/** Of areas that nothing here serves. */
const OUT_OF_SCOPE =
  /social|platform_accounts|csv|media_file|shipping|store_setting|product|_prices?$|inventory|whitelabel|order|transaction|subscription|coupon|custom_provider|invoice|estimate|verify_email/

let world: CatalogueWorld
/** As their README says: address, key and location in the environment. One with a key of the agency, too. */
let tools: ToolServer
let agencyTools: ToolServer

const start = (token: string) =>
  startToolServer([PROGRAM], {
    GHL_BASE_URL: world.server.url,
    GHL_API_KEY: token,
    GHL_LOCATION_ID: world.location.id,
  })

before(async () => {
  world = await startCatalogueWorld()
  tools = await start(world.location.token)
  agencyTools = await start(world.agency.token)
})
after(async () => {
  await tools?.[Symbol.asyncDispose]()
  await agencyTools?.[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
})

/** The ids of the campaigns and workflows that the contact is in. */
async function enrolled(): Promise<string[]> {
  const lists = ['campaigns', 'workflows'].map((kind) => world.client.get(`/contacts/${world.ids.contactId}/${kind}`))
  const rows: { id: string; state: string }[] = (await Promise.all(lists)).flatMap(({ body }) => body.enrolments)
  return rows.filter(({ state }) => state === 'active').map(({ id }) => id)
}

function tell(area: string, stories: Record<string, Story>, server: () => ToolServer = () => tools): void {
  for (const [name, story] of Object.entries(stories)) {
    test(`ghl-mcp-server, ${area}: ${name}`, () =>
      story({ call: server().call, ids: world.ids, client: world.client, enrolled }))
  }
}

tell('contacts', contacts)
tell('messages', messages)
tell('sales', sales)
tell('calendars', calendars)
tell('locations', locations)
tell('objects', objects)
tell('agency', agency, () => agencyTools)

test('ghl-mcp-server: every tool was called but those of areas that are not served', () => {
  const called = tools.called.union(agencyTools.called)
  const [outside, inside] = [true, false].map((is) => tools.tools.filter((name) => OUT_OF_SCOPE.test(name) === is))
  assert.deepEqual(
    inside!.filter((name) => !called.has(name)),
    [],
  )
  assert.deepEqual([inside!.length, outside!.length], [166, 87])
})
