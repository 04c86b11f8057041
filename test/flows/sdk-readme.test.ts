import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'

/*
 * The README of HighLevel's official client, as somebody who changes the base URL and the token finds it. Nothing of it is
 * retyped: only the words in it that stand for a token, an id or a name of one's own are filled in.
 */

const ROOT = resolve(import.meta.dirname, '../..')
const README = readFileSync(join(ROOT, 'node_modules/@gohighlevel/api-client/README.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'tintype-sdk-readme-'))

let world: CatalogueWorld
before(async () => {
  world = await startCatalogueWorld()
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const address = `import { HighLevel } from '@gohighlevel/api-client'\nHighLevel.BASE_URL = '${world.server.url}'\n`
  writeFileSync(join(folder, 'base-url.mjs'), address)
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await world?.[Symbol.asyncDispose]()
})

/** The first example below a heading. */
function example(heading: string): string {
  const [, below] = README.split(new RegExp(`^#+ ${heading.replace(/[()]/g, '\\$&')}$`, 'm'))
  const block = /^```(?:typescript|javascript)\n([\s\S]*?)^```/m.exec(below ?? '')?.[1]
  assert.ok(block, `the README has no example below "${heading}"`)
  return block
}

/** What the examples say instead of one's own values. */
function filled(code: string): string {
  const { location, ids } = world
  const own = {
    'your-location-access-token': location.token,
    'your-private-integration-token': location.token,
    'contact-uuid-here': ids.contactId,
    'your-location-id': location.id,
    'location-id': location.id,
  }
  return Object.entries(own).reduce((text, [word, value]) => text.replaceAll(`'${word}'`, `'${value}'`), code)
}

const isImport = /^import ([\s\S]*?) from ('.*');$/gm

/**
 * Runs examples one after the other, each in a scope of its own. The client is the one of the CommonJS example: with the
 * default import of the example for ES modules, plain Node finds no constructor, whichever server it would ask.
 */
async function run(headings: string[]): Promise<string> {
  const { location, ids } = world
  const setup = example('JavaScript (CommonJS)').replace(/^const HighLevel = .*\n\/\/ or\n/m, '')
  const names = `const locationId = '${location.id}', contactId = '${ids.contactId}';`
  const scopes = headings.map((heading) => `await (async () => {\n${example(heading).replace(isImport, 'const $1 = require($2);')}\n})()`)
  const file = join(folder, 'example.cjs')
  writeFileSync(file, filled([setup, names, `(async () => {\n${scopes.join('\n')}\n})()`].join('\n')))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', join(folder, 'base-url.mjs'), file], { cwd: folder })
  return stdout + stderr
}

test('the examples for contacts, locations and campaigns run as they stand', async () => {
  const output = await run(['Get a Single Contact', 'Get Multiple Contacts', 'Locations', 'Campaigns'])
  assert.ok(!/error/i.test(output), output)
  assert.match(output, /Contact name: Rosan/)
  assert.match(output, /Found \d+ contacts/)
})

test('the example for errors finds that there is no such contact', async () => {
  assert.match(await run(['Error Handling']), /^Contact not found$/m)
})

test('the examples for settings and interceptors run as they stand, and requests after them', async () => {
  const output = await run(['Configuration Methods', 'Custom Interceptors', 'Campaigns', 'Get a Single Contact'])
  assert.match(output, /Contact name: Rosan/)
  assert.ok(!/error/i.test(output), output)
})

test("a request of one's own reaches the server, which does not know its endpoint", async () => {
  await assert.rejects(run(['Raw HTTP Requests']), /Cannot GET \/custom-endpoint/)
})
