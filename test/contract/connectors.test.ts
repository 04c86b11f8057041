import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, matchesGlob } from 'node:path'
import { test } from 'node:test'
import { connectorFiles } from '../../scripts/connectors.ts'
import { EVENT_TYPES } from '../../src/connect/index.ts'
import { dedupeKeys } from '../../src/operations/catalogue/dedupe.ts'
import { CATALOG } from '../../src/operations/catalogue/index.ts'
import { registry } from '../../src/operations/index.ts'
import { createRegistry, lineShape, placementOf } from '../../src/operations/registry.ts'
import { CONNECTORS, connectorFile } from '../support/connectors.ts'

// biome-ignore lint/suspicious/noExplicitAny: plain JavaScript, as Zapier and n8n load it
type Any = any
const needOf = (name: string) => createRequire(join(CONNECTORS, name, 'package.json'))
const zapier: Any = needOf('zapier')('./index.js')
const node: Any = new (needOf('n8n')('./nodes/Tintype.node.js').Tintype)().description
const trigger: Any = new (needOf('n8n')('./nodes/TintypeTrigger.node.js').TintypeTrigger)().description
const { fieldsOf, keyOf, toRequest } = needOf('zapier')('./requests.js')
const file = connectorFile('zapier')
const listed = Object.values(CATALOG).flat()

test('each entry of the catalogue is in both, and each operation that a token may ask for', () => {
  const keys = file.entries.map(({ key }) => key)
  assert.equal(new Set(keys).size, keys.length)
  assert.deepEqual(
    keys.slice(0, listed.length),
    listed.map(({ key }) => key),
  )
  assert.deepEqual(
    connectorFile('n8n').entries.map(({ key }) => key),
    keys,
  )
  const lines = new Set(file.entries.map(({ line }) => lineShape(line)))
  const without = registry.all.filter(({ http }) => !lines.has(lineShape(http)))
  for (const { name, token, scope, output, upload, rawBody, oauthOnly, follows } of without)
    assert.ok(
      ['none', 'person', 'app', 'operator'].includes(token) ||
        [scope].flat().every((one) => /^(people|tokens|apps)\./.test(one)) ||
        output === 'stream' ||
        upload !== null ||
        rawBody !== null ||
        oauthOnly ||
        follows,
      `${name} is in no connector`,
    )
})

test('a new operation appears in both without anybody thinking of it', () => {
  const again = {
    ...registry.get('tags.create'),
    name: 'echoes.create',
    http: 'POST /echoes/:echoId',
    title: 'Create Echo',
  }
  const files = connectorFiles(createRegistry([...registry.all, again]))
  for (const name of ['zapier', 'n8n']) {
    const made = JSON.parse(files[`connectors/${name}/catalogue.json`] as string).entries.at(-1)
    assert.deepEqual([made.key, made.kind, made.title], ['echoes.create', 'other', 'Create Echo'])
  }
})

test('Zapier has triggers, searches and actions of all, instant triggers of all events, with samples that have ids', () => {
  const kindOf = (kind: string) => file.entries.filter((entry) => entry.kind === kind).map(({ key }) => key)
  for (const key of kindOf('trigger')) assert.equal(zapier.triggers[key]?.operation.type, 'polling', key)
  for (const key of kindOf('search')) assert.ok(zapier.searches[key], key)
  for (const key of kindOf('create')) assert.ok(zapier.creates[key.replace('.', '_')], key)
  const others = Object.keys(zapier.creates.any_other_operation.operation.inputFields[0].choices)
  assert.deepEqual(others, kindOf('other'))
  const instant = Object.values(zapier.triggers).filter(({ operation }: Any) => operation.type === 'hook') as Any[]
  assert.equal(instant.length, EVENT_TYPES.filter((type) => !/^(UN)?INSTALL$/.test(type)).length)
  for (const { key, operation } of instant) assert.ok(operation.sample.id, key)
  for (const { key, operation } of kindOf('trigger').map((key) => zapier.triggers[key]))
    assert.ok(operation.sample.dedupeKey, key)
  const shown = [zapier.triggers, zapier.searches, zapier.creates].flatMap((all) => Object.values(all)) as Any[]
  for (const { key, display, operation } of shown) {
    if (display.hidden) continue
    assert.ok(Object.keys(operation.sample).length > 0, key)
    const names = (operation.inputFields ?? []).flatMap((field: Any) => field.key ?? [])
    assert.equal(new Set(names).size, names.length, key)
    for (const { dynamic, search } of operation.inputFields ?? []) {
      if (dynamic !== undefined) assert.ok(zapier.triggers[dynamic.split('.')[0]]?.display.hidden, dynamic)
      if (search !== undefined) assert.ok(zapier.searches[search.split('.')[0]]?.operation.sample.id, search)
    }
  }
})

test('an item has the same key in a connector as in the catalogue', () => {
  for (const entry of file.entries.filter(({ kind }) => kind === 'trigger')) {
    const { dedupe, sample, sampleInput } = listed.find(({ key }) => key === entry.key) as (typeof listed)[0]
    const { itemsOf } = needOf('zapier')('./requests.js')
    const items: unknown[] = itemsOf(sample, entry.items)
    const keys = items.map((item) => keyOf(entry.dedupe, sampleInput ?? {}, item))
    assert.deepEqual(keys, dedupeKeys(dedupe!, sampleInput ?? {}, sample), entry.key)
  }
})

const EXAMPLES: Record<string, unknown> = {
  integer: '1',
  number: '1',
  boolean: 'true',
  datetime: '2026-01-01',
  json: '{}',
}

test('what is filled in goes where its operation expects it', () => {
  for (const entry of file.entries) {
    const operation = registry.all.find(({ http }) => lineShape(http) === lineShape(entry.line))!
    const { method, path, queryNames, bodyNames } = placementOf(operation)
    const fields = fieldsOf(file, entry) as { name: string; type?: string; list?: true }[]
    const input = Object.fromEntries(
      fields.map(({ name, type, list }) => [name, list ? 'a, b' : (EXAMPLES[type ?? ''] ?? 'text')]),
    )
    const request = toRequest(file, entry, { input, place: {} })
    const url = new URL(request.address, 'http://tintype.example')
    assert.equal(request.method, method, entry.key)
    assert.match(url.pathname, new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`))
    assert.deepEqual([...new Set(url.searchParams.keys())].sort(), [...queryNames].sort(), entry.key)
    assert.deepEqual(Object.keys(request.body ?? {}).sort(), [...bodyNames].sort(), entry.key)
  }
})

test('all files of the n8n package are published', () => {
  const folder = join(CONNECTORS, 'n8n')
  const { files } = needOf('n8n')('./package.json')
  const open = readdirSync(folder).filter((name) => !files.some((one: string) => matchesGlob(name, one)))
  assert.deepEqual(open.sort(), ['README.md', 'package.json'])
})

test('n8n shows each operation once, each of its fields where it is chosen, and each event', () => {
  const operations = node.properties.filter(({ name }: Any) => name === 'operation')
  const shown = operations.flatMap(({ options, displayOptions }: Any) =>
    options.map(({ value }: Any) => `${displayOptions.show.resource[0]}/${value}`),
  )
  assert.deepEqual(shown.sort(), file.entries.map(({ category, key }) => `${category}/${key}`).sort())
  const own = ['authentication', 'resource', 'operation', 'options']
  for (const entry of file.entries) {
    const properties = node.properties.filter(
      ({ displayOptions }: Any) => displayOptions?.show.operation?.[0] === entry.key,
    )
    const needed = properties.filter(({ name }: Any) => name !== 'options').map(({ name }: Any) => name)
    assert.deepEqual(
      needed.filter((name: string) => own.includes(name)),
      [],
      entry.key,
    )
    const more = properties.find(({ name }: Any) => name === 'options')?.options ?? []
    const names = [...needed, ...more.map(({ name }: Any) => name)]
    assert.deepEqual(
      names.sort(),
      fieldsOf(file, entry)
        .map(({ name }: Any) => name)
        .sort(),
      entry.key,
    )
  }
  const events = trigger.properties.find(({ name }: Any) => name === 'events').options.map(({ value }: Any) => value)
  assert.deepEqual(
    events,
    EVENT_TYPES.filter((type) => !/^(UN)?INSTALL$/.test(type)),
  )
})
