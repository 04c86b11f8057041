import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isGrantable } from '../src/auth/apps.ts'
import { eventSamples } from '../src/connect/index.ts'
import { CATALOG } from '../src/operations/catalogue/index.ts'
import type { Operation } from '../src/operations/define.ts'
import { lineShape, placementOf, type Registry } from '../src/operations/registry.ts'
import type { Schema } from '../src/surfaces/schema-text.ts'
import { type Field, fieldsOf } from './connector-fields.ts'
import { createSamples, type Samples } from './connector-samples.ts'

const ZAPIER = 'connectors/zapier'
const N8N = 'connectors/n8n'

type CatalogEntry = (typeof CATALOG)[string][number]

/** What both connectors know of one thing that can be asked for. */
interface Entry {
  key: string
  /** Where Zapier has it: what is polled, what finds one thing, what does something. `other`: not in the catalogue. */
  kind: 'trigger' | 'search' | 'create' | 'other'
  title: string
  /** Of the catalogue's. */
  description?: string
  category: string
  /** Method and path. */
  line: string
  /** Names of `fields`, needed ones with `!`; one that is another elsewhere carries a number. */
  fields: string
  /** Where the items of the answer are, as in the catalogue; none: it is shown as it is. */
  items?: string
  /** The token that it takes, where it takes one kind alone. */
  token?: 'agency' | 'location'
  /** What travels in the query although there is a body. */
  query?: readonly string[]
  /** A DELETE with a body. */
  body?: true
  /** The answer is a file. */
  file?: true
  dedupe?: { id: readonly string[]; version: readonly string[]; request: readonly string[] }
  newest?: Readonly<Record<string, unknown>>
  /** Name of one of `samples`. */
  sample?: string
}

/** What Zapier and n8n know of us, as one file for each, and what code they share. */
export function connectorFiles(registry: Registry): Record<string, string> {
  const samples = createSamples(registry)
  const fields = new Map<string, Field>()
  const lists = listsOf(registry)
  const entries = entriesOf(registry, { samples, fields, lists: new Set([...Object.keys(lists), 'stages']) })
  const fieldsByName = Object.fromEntries([...fields].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const common = { fields: fieldsByName, lists }
  const plain = entries.map(({ dedupe: _, newest: __, sample: ___, ...entry }) => entry)
  const events = Object.fromEntries(
    Object.entries(eventSamples()).map(([type, body]) => [type, samples.of(type, body, '')]),
  )
  const shared = readFileSync(join(import.meta.dirname, '..', ZAPIER, 'requests.js'), 'utf8')
  return {
    [`${ZAPIER}/catalogue.json`]: linesOf({ entries, ...common, events, samples: samples.used }),
    [`${N8N}/catalogue.json`]: linesOf({ entries: plain, ...common, events: Object.keys(events) }),
    [`${N8N}/requests.js`]: `// A copy of ${ZAPIER}/requests.js (\`npm run generate\`).\n${shared}`,
  }
}

interface Making {
  samples: Samples
  fields: Map<string, Field>
  lists: ReadonlySet<string>
}

function entriesOf(registry: Registry, making: Making): Entry[] {
  const byLine = new Map(registry.all.map((operation) => [lineShape(operation.http), operation]))
  const listed = Object.entries(CATALOG).flatMap(([category, entries]) =>
    entries.map((entry) => ({ category, entry, operation: byLine.get(lineShape(entry.line)) as Operation })),
  )
  const known = new Set(listed.map(({ operation }) => operation.name))
  return [
    ...listed.map(({ category, entry, operation }) => ({
      key: entry.key,
      kind: kindOf(entry, operation),
      title: entry.title,
      description: entry.description,
      category,
      ...asked(operation, making),
      ...told(entry, operation, making.samples),
    })),
    ...registry.all
      .filter((operation) => !known.has(operation.name) && isForConnectors(operation))
      .map((operation) => ({
        key: operation.name,
        kind: 'other' as const,
        title: operation.title,
        category: operation.category,
        ...asked(operation, making),
        ...(isSynchronising(operation) ? asAction(operation, making.samples) : {}),
      })),
  ]
}

const kindOf = ({ kind }: CatalogEntry, { access }: Operation): Entry['kind'] =>
  kind === 'trigger' ? 'trigger' : access === 'read' ? 'search' : 'create'

/** What keeps other programs in step is an action of its own, though the catalogue does not name it. */
const isSynchronising = ({ category, access }: Operation) => category === 'Synchronisation' && access === 'write'

function asAction({ name, description, output }: Operation, samples: Samples) {
  const items = onlyNoun(output as Schema)
  const [sentence] = description.split(/\.(?= |$)/)
  return { kind: 'create' as const, description: sentence, items, sample: samples.ofAnswer(name, output, items) }
}

/** Neither a person's own business nor a stream, a file or what only a program that follows the journal wants. */
const isForConnectors = ({ token, scope, output, upload, rawBody, oauthOnly, follows }: Operation) =>
  ['agency', 'location', 'either'].includes(token) &&
  [scope].flat().some(isGrantable) &&
  output !== 'stream' &&
  upload === null &&
  rawBody === null &&
  !oauthOnly &&
  !follows

function asked(operation: Operation, { fields, lists }: Making) {
  const { method, path, queryNames, bodyNames } = placementOf(operation)
  const needed = new Set(operation.input.required ?? [])
  const names = [...fieldsOf(operation, lists)].map(
    ([name, field]) => `${nameIn(fields, name, field)}${needed.has(name) ? '!' : ''}`,
  )
  const bodyless = method === 'GET' || (method === 'DELETE' && bodyNames.length === 0)
  return {
    line: `${method} ${path}`,
    fields: names.join(' '),
    ...(operation.token === 'either' ? {} : { token: operation.token as 'agency' | 'location' }),
    ...(!bodyless && queryNames.length > 0 ? { query: queryNames } : {}),
    ...(method === 'DELETE' && bodyNames.length > 0 ? { body: true as const } : {}),
    ...(operation.output === 'stream' ? { file: true as const } : {}),
  }
}

/** Fields that are alike wherever they stand are written once. */
function nameIn(fields: Map<string, Field>, name: string, field: Field): string {
  for (let number = 1; ; number++) {
    const key = number === 1 ? name : `${name}~${number}`
    const known = fields.get(key)
    if (known === undefined) fields.set(key, field)
    if (known === undefined || JSON.stringify(known) === JSON.stringify(field)) return key
  }
}

/** Where the items of a trigger are: of an action that asks the same line, too. */
const itemsOfLine = new Map(
  Object.values(CATALOG)
    .flat()
    .flatMap(({ line, dedupe }) => (dedupe === null ? [] : [[lineShape(line), dedupe.items]])),
)

function told({ key, line, dedupe, sample }: CatalogEntry, { output }: Operation, samples: Samples) {
  if (dedupe === null) {
    const items = itemsOfLine.get(lineShape(line)) ?? (output === 'stream' ? '' : onlyNoun(output as Schema))
    return { items, sample: samples.ofAnswer(key, output, items) }
  }
  const { items, id, version, request, newest } = dedupe
  return {
    items,
    dedupe: { id, version, request },
    ...(newest === undefined ? {} : { newest }),
    sample: samples.of(key, sample, items),
  }
}

/** The one thing that an answer is about. */
function onlyNoun({ type, properties = {} }: Schema): string {
  if (type === 'array') return '[]'
  const objects = Object.entries(properties).filter(([, { type, properties }]) => type === 'object' && properties)
  return objects.length === 1 ? (objects[0] as [string, Schema])[0] : ''
}

const GIVEN = /^(locationId|companyId|limit|pageLimit|skip|offset)$/

/** Lists that things are chosen from: triggers that answer all of a kind and need nothing but where. */
function listsOf(registry: Registry): Record<string, string> {
  const byLine = new Map(registry.all.map((operation) => [lineShape(operation.http), operation]))
  const lists = new Map<string, string>()
  for (const { key, line, dedupe } of Object.values(CATALOG).flat()) {
    const { input } = byLine.get(lineShape(line)) as Operation
    const isOpen = (input.required ?? []).every((name) => GIVEN.test(name)) && !/:(?!locationId)/.test(line)
    const [, name] = /^(\w+)\[\]$/.exec(dedupe?.items ?? '') ?? []
    const kind = name === 'data' ? 'blogs' : name
    if (isOpen && kind !== undefined && !lists.has(kind)) lists.set(kind, key)
  }
  return Object.fromEntries(lists)
}

/** One line for each member, so that a change of one thing is a change of one line. */
function linesOf(parts: Readonly<Record<string, object>>): string {
  const texts = Object.entries(parts).map(([name, part]) => {
    const rows = Array.isArray(part)
      ? part.map((one) => JSON.stringify(one))
      : Object.entries(part).map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`)
    const [open, close] = Array.isArray(part) ? '[]' : '{}'
    return `${JSON.stringify(name)}:${open}\n${rows.join(',\n')}\n${close}`
  })
  return `{${texts.join(',\n')}}\n`
}
