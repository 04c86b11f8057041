import fc, { type Arbitrary } from 'fast-check'
import { RESOURCES } from '../../src/resources/index.ts'
import { rootOf } from '../../src/snapshots/capture.ts'
import { type AssetDocument, keyOf, titleOf } from '../../src/store/assets/index.ts'
import { canonicalJson, hashText } from '../../src/store/hash.ts'
import type { Body } from './bodies.ts'
import { allowed, type Schema, wrong } from './from-schema.ts'
import { anyJson, texts } from './values.ts'

interface Line {
  kind: string
  lineage: string
  document: AssetDocument
}

const noIds = () => texts({ most: 20 })
const LINEAGE = 'fuzzlineage000000000'

/** An asset of any kind, with up to two properties at their limits, wrong, or free. */
const lines: Arbitrary<Line> = fc.constantFrom(...RESOURCES.values()).chain((resource) => {
  const properties = (resource.schema as unknown as Schema).properties ?? {}
  const change = fc.constantFrom(...Object.keys(properties)).chain((name) => {
    const schema = properties[name] as Schema
    return fc.tuple(
      fc.constant(name),
      fc.oneof(
        { weight: 4, arbitrary: allowed(schema, name, noIds) },
        { weight: 1, arbitrary: fc.oneof(wrong(schema, name, noIds), anyJson) },
      ),
    )
  })
  return fc
    .record({
      example: fc.constantFrom(...resource.examples),
      changes: fc.array(change, { maxLength: 2 }),
      lineage: fc.constantFrom(0, 1, 2),
    })
    .map(({ example, changes, lineage }) => ({
      kind: resource.kind,
      lineage:
        resource.idFormat === 'uuid'
          ? `00000000-0000-4000-8000-00000000000${lineage}`
          : resource.idFormat === 'hex24'
            ? `00000000000000000000000${lineage}`
            : LINEAGE.slice(0, 19) + lineage,
      document: { ...example, ...Object.fromEntries(changes) } as AssetDocument,
    }))
})

/** With hashes that fit, so that what is in it is looked at. */
function toArchive(lines: readonly Line[]): string {
  const entries = lines.flatMap((line) => {
    const resource = RESOURCES.get(line.kind)
    if (resource === undefined) return []
    const text = safely(() => canonicalJson(line.document)) ?? '{}'
    const entry = { kind: line.kind, lineage: line.lineage, hash: hashText(text), dependency: false }
    return [
      {
        ...entry,
        text,
        name: safely(() => titleOf(resource, line.document)) ?? '',
        key: safely(() => keyOf(resource, line.document)) ?? null,
      },
    ]
  })
  const root = rootOf(entries)
  const header = JSON.stringify({ tintype: 'snapshot', format: 1, name: 'Fuzz', version: 1, root, assets: {} })
  const rest = entries.map(
    ({ kind, lineage, hash, dependency, text }) =>
      `${JSON.stringify({ kind, lineage, hash, dependency }).slice(0, -1)},"document":${text}}`,
  )
  return `${[header, ...rest].join('\n')}\n`
}

function safely<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

const BROKEN: readonly ((text: string) => string)[] = [
  (text) => text.slice(0, text.length / 2),
  (text) => text.replace('"format":1', '"format":1e999'),
  (text) => text.replace('"name":"Fuzz"', '"name":"\\u0000"'),
  (text) => text.replace('"name":"Fuzz"', '"name":"\\ud800"'),
  (text) => text.replace('"name":"Fuzz"', `"name":"${'x'.repeat(100_000)}"`),
  (text) => text.replace(/"root":"\w*"/, '"root":{}'),
  (text) => text.replaceAll('\n', '\r\n\n'),
  (text) => `${text}${text}`,
  (text) => text.replace('{', '{"__proto__":{"a":1},'),
  (text) => text.replace(/"document":\{/, '"document":{"__proto__":{"a":1},'),
  () => 'null\n',
  () => '[]\n',
  () => '\n\n\n',
  () => '['.repeat(100_000),
  () => '\xff\xfe\x00',
]

const TYPES = ['application/octet-stream', 'application/x-ndjson', 'application/json', 'text/plain; charset=utf-16']

export const archives: Arbitrary<Body> = fc
  .record({
    text: fc.array(lines, { minLength: 0, maxLength: 3 }).map(toArchive),
    broken: fc.option(fc.constantFrom(...BROKEN), { freq: 4 }),
    type: fc.oneof({ weight: 6, arbitrary: fc.constant(TYPES[0]) }, fc.constantFrom(...TYPES)),
  })
  .map(({ text, broken, type }): Body => ({ type, text: broken === null ? text : broken(text), encoding: 'utf8' }))
