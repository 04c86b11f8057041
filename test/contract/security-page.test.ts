import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { SETTINGS } from '../../src/config-settings.ts'
import { COMMANDS } from '../../src/surfaces/command-line/index.ts'
import { startTestServer } from '../support/server.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')

/** OWASP ASVS 5.0.0, the requirements of levels 1 and 2: sections with the numbers that they have. */
const ASVS: Record<string, string> = {
  '1.1': '1-2',
  '1.2': '1-9',
  '1.3': '1-11',
  '1.4': '1-3',
  '1.5': '1-2',
  '2.1': '1-3',
  '2.2': '1-3',
  '2.3': '1-4',
  '2.4': '1',
  '3.2': '1-2',
  '3.3': '1-4',
  '3.4': '1-6',
  '3.5': '1-5',
  '3.7': '1-2',
  '4.1': '1-3',
  '4.2': '1',
  '4.3': '1-2',
  '4.4': '1-4',
  '5.1': '1',
  '5.2': '1-3',
  '5.3': '1-2',
  '5.4': '1-3',
  '6.1': '1-3',
  '6.2': '1-12',
  '6.3': '1-4',
  '6.4': '1-4',
  '6.5': '1-5',
  '6.6': '1-3',
  '6.8': '1-4',
  '7.1': '1-3',
  '7.2': '1-4',
  '7.3': '1-2',
  '7.4': '1-5',
  '7.5': '1-2',
  '7.6': '1-2',
  '8.1': '1-2',
  '8.2': '1-3',
  '8.3': '1',
  '8.4': '1',
  '9.1': '1-3',
  '9.2': '1-4',
  '10.1': '1-2',
  '10.2': '1-2',
  '10.3': '1-4',
  '10.4': '1-11',
  '10.5': '1-5',
  '10.6': '1-2',
  '10.7': '1-3',
  '11.1': '1-2',
  '11.2': '1-3',
  '11.3': '1-3',
  '11.4': '1-4',
  '11.5': '1',
  '11.6': '1',
  '12.1': '1-3',
  '12.2': '1-2',
  '12.3': '1-4',
  '13.1': '1',
  '13.2': '1-5',
  '13.3': '1-2',
  '13.4': '1-5',
  '14.1': '1-2',
  '14.2': '1-4',
  '14.3': '1-3',
  '15.1': '1-3',
  '15.2': '1-3',
  '15.3': '1-7',
  '16.1': '1',
  '16.2': '1-5',
  '16.3': '1-4',
  '16.4': '1-3',
  '16.5': '1-3',
  '17.1': '1',
  '17.2': '1-4',
  '17.3': '1-2',
}

const wanted = Object.entries(ASVS).flatMap(([section, numbers]) => {
  const [first = 1, last = first] = numbers.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, index) => `${section}.${first + index}`)
})

const rows = [...page.matchAll(/^\| ((?:\d+\.\d+\.\d+(?:, )?)+) \| ([^|]+) \| (.+) \|$/gm)].map(
  ([, ids = '', state = '', why = '']) => ({
    ids: ids.split(', '),
    state,
    why,
  }),
)

test('every requirement of ASVS 5.0, levels 1 and 2, has one answer, and each that is not met has its reason', () => {
  assert.deepEqual(rows.flatMap(({ ids }) => ids).toSorted(), wanted.toSorted())
  for (const { ids, state, why } of rows) {
    assert.ok(['met', 'n/a', 'deployment', '**accepted**'].includes(state), `${ids}: ${state}`)
    if (state === '**accepted**') assert.ok(why.length > 60, `${ids} needs a reason`)
  }
})

test('what the page names is there: files, settings, commands and its own sections', () => {
  for (const [, path = ''] of page.matchAll(/`((?:src|test|docs|sql)\/[\w./-]+)`/g))
    assert.ok(existsSync(join(ROOT, path)), path)
  const settings = new Set(Object.values(SETTINGS).map(({ env }) => env as string))
  for (const [name] of page.matchAll(/\bTINTYPE_[A-Z_]+|\bDATABASE_URL/g)) assert.ok(settings.has(name), name)
  for (const [, name = ''] of page.matchAll(/(?:^|[`& ])tintype ([a-z]+)/gm))
    assert.ok(
      COMMANDS.some((command) => command.name === name),
      name,
    )
  const usage = COMMANDS.find(({ name }) => name === 'keys')?.usage ?? ''
  for (const [, verb = ''] of page.matchAll(/tintype keys ([a-z]+)/g)) assert.ok(usage.includes(verb), verb)
  for (const [, title = ''] of page.matchAll(/"([A-Z][\w ]+)" above/g))
    assert.match(page, new RegExp(`^(## ${title}|\\*\\*${title}\\.\\*\\*)`, 'm'), title)
})

test('TRACE is not answered', async () => {
  await using server = await startTestServer({ work: false })
  const status = await new Promise<number | undefined>((done, fail) =>
    request(`${server.url}/health`, { method: 'TRACE', headers: { cookie: 'secret=1' } }, (reply) =>
      done(reply.resume().statusCode),
    )
      .once('error', fail)
      .end(),
  )
  assert.equal(status, 404)
})
