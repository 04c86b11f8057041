import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { startTestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

/*
 * The README of HighLevel's official client, as somebody who changes the base URL and the token finds it. Nothing of it
 * is retyped: only the words in it that stand for a token, an id or a name of one's own are filled in.
 */

const ROOT = resolve(import.meta.dirname, '../..')
const README = readFileSync(join(ROOT, 'node_modules/@gohighlevel/api-client/README.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'tintype-sdk-readme-'))

let world: CatalogueWorld
before(async () => {
  world = await startCatalogueWorld()
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const address = `import { HighLevel } from '@gohighlevel/api-client'\nHighLevel.BASE_URL = process.env.BASE_URL\n`
  writeFileSync(join(folder, 'base-url.mjs'), address)
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await world?.[Symbol.asyncDispose]()
})

/** An example below a heading, the first where nothing else is said. */
function example(heading: string, index = 0): string {
  const [, below = ''] = README.split(new RegExp(`^#+ ${heading.replace(/[()]/g, '\\$&')}$`, 'm'))
  const block = [...below.matchAll(/^```(?:typescript|javascript)\n([\s\S]*?)^```/gm)][index]?.[1]
  assert.ok(block, `the README has no example below "${heading}"`)
  return block
}

interface Own {
  url: string
  token: string
  locationId: string
  contactId: string
}

const own = (): Own => ({
  url: world.server.url,
  token: world.location.token,
  locationId: world.location.id,
  contactId: String(world.ids.contactId),
})

/** The example with one's own values in place of the words that stand for them. */
function filled(code: string, { token, locationId, contactId }: Own): string {
  const values = {
    'your-private-integration-token': token,
    'contact-uuid-here': contactId,
    'your-location-id': locationId,
    'location-id': locationId,
  }
  return Object.entries(values).reduce((text, [word, value]) => text.replaceAll(`'${word}'`, `'${value}'`), code)
}

const isImport = /^import ([\s\S]*?) from ('.*');$/gm

/**
 * Runs examples one after the other, each in a scope of its own. The client is the one of the CommonJS example: with
 * the default import of the example for ES modules, plain Node finds no constructor, whichever server it would ask.
 */
async function run(examples: string[], mine: Own = own()): Promise<string> {
  const setup = example('JavaScript (CommonJS)').replace(/^const HighLevel = .*\n\/\/ or\n/m, '')
  const names = `const locationId = '${mine.locationId}', contactId = '${mine.contactId}';`
  const scopes = examples.map(
    (block) => `await (async () => {\n${block.replace(isImport, 'const $1 = require($2);')}\n})()`,
  )
  const file = join(folder, 'example.cjs')
  writeFileSync(file, filled([setup, names, `(async () => {\n${scopes.join('\n')}\n})()`].join('\n'), mine))
  const env = { ...process.env, BASE_URL: mine.url }
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', join(folder, 'base-url.mjs'), file],
    { cwd: folder, env },
  )
  return stdout + stderr
}

test('the examples for contacts, locations and campaigns run as they stand', async () => {
  const output = await run([
    example('Get a Single Contact'),
    example('Get Multiple Contacts'),
    example('Locations'),
    example('Campaigns'),
  ])
  assert.ok(!/error/i.test(output), output)
  assert.match(output, /Contact name: Rosan/)
  assert.match(output, /Found \d+ contacts/)
})

test('the example for errors finds that there is no such contact', async () => {
  assert.match(await run([example('Error Handling')]), /^Contact not found$/m)
})

test('the examples for settings and interceptors run as they stand, and requests after them', async () => {
  const output = await run([
    example('Configuration Methods'),
    example('Custom Interceptors'),
    example('Campaigns'),
    example('Get a Single Contact'),
  ])
  assert.match(output, /Contact name: Rosan/)
  assert.ok(!/error/i.test(output), output)
})

test("a request of one's own reaches the server, which does not know its endpoint", async () => {
  await assert.rejects(run([example('Raw HTTP Requests')]), /Cannot GET \/custom-endpoint/)
})

test('the example for rate limits is told what is left', async () => {
  await using server = await startTestServer({ work: false, rateLimit: 1 })
  const { companyId, token, locations } = await createAgency(server.app)
  const { id: locationId, token: unlimited } = locations[0] as TestLocation
  const { contact } = (await server.client(unlimited).post('/contacts/', { locationId, firstName: 'Rosan' })).body
  const limited = await server
    .client(token)
    .post(`/tokens/?companyId=${companyId}`, { name: 'limited', locationId, scopes: ['*'] })
  const ask = example('Rate Limit Retry', 1)
  const output = await run([ask, ask], {
    url: server.url,
    token: limited.body.secret,
    locationId,
    contactId: contact.id,
  })
  assert.match(output, /scope: 'burst',\s+intervalMs: 10000,\s+max: 1,\s+remaining: 0/)
})
