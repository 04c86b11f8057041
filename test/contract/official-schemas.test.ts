import assert from 'node:assert/strict'
import { test } from 'node:test'
import { registry } from '../../src/operations/index.ts'
import { lineShape } from '../../src/operations/registry.ts'
import { ANSWER_DEFINITIONS, OFFICIAL } from '../support/official.ts'
import { unknownPaths } from '../support/official-paths.ts'
import { OFFICIAL_REQUESTS, REQUEST_DEFINITIONS } from '../support/official-requests.ts'

const operationOf = (line: string) => {
  const operation = registry.all.find(({ http }) => lineShape(http) === lineShape(line.replace(/\{(\w+)\}/g, ':$1')))
  assert.ok(operation, `no operation serves ${line}`)
  return operation
}

/** A line and a path, and why we leave it out. */
type Exception = readonly [line: RegExp, path: RegExp, why: string]

const REFUSED: readonly Exception[] = [
  [/^(POST|PUT) \/opportunities\//, /^status = all$/, 'a choice of the search: no opportunity can have it'],
]

const UNANSWERED: readonly Exception[] = [
  [/^GET \/associations\//, /^\w+$/, 'the list has the schema of one of its elements there'],
  [/\/(calendars|contacts)\//, /^events?(\[\])?\.notes$/, 'notes of an appointment are things of their own'],
  [/\/companies\//, /^company\./, 'plan, billing, policies and looks of a hosted agency'],
  [/\/locations\//, /^(location\.)?(domain|logoUrl|reseller)$/, 'a hosted sub-account has them'],
  [
    /\/contacts\//,
    /^contact\.(bounceEmail|unsubscribeEmail|birthMonth|birthDay|lastSessionActivityAt|offers|products|deleted)$/,
    'nothing tells us',
  ],
  [/\/contacts\//, /^contact\.(attachments|ssn|keyword|lastActivity)$|attributions$/, 'nothing tells us'],
  [/\/opportunities\//, /\.(indexVersion|externalObjectId)$/, 'of its search engine'],
  [/\/users\//, /lcPhone$/, 'of its telephone system'],
  [/\/messages\//, /^(provider|forwardData|messageIds)$/, 'of its e-mail service'],
  [/\/workflows\//, /\.version$/, 'workflows have versions in snapshots only'],
]

/** What is missing and is not among the exceptions. */
function unexplained(
  missing: readonly (readonly [line: string, paths: readonly string[]])[],
  exceptions: readonly Exception[],
): string[] {
  const isKnown = (line: string, path: string) =>
    exceptions.some(([lines, paths]) => lines.test(line) && paths.test(path))
  return missing.flatMap(([line, paths]) =>
    paths.filter((path) => !isKnown(line, path)).map((path) => `${line}: ${path}`),
  )
}

test('every property and choice of the official requests is taken, but these', () => {
  const refused = OFFICIAL_REQUESTS.map(({ line, parameters, body }) => {
    const { input, listBody } = operationOf(line)
    const properties = Object.fromEntries(
      parameters.filter(({ in: place }) => place === 'query').map(({ name, schema }) => [name, schema]),
    )
    // Company and location may be named anywhere.
    const taken = { ...input, properties: { locationId: {}, companyId: {}, ...input.properties } }
    const ofBody = listBody === null ? input : (input.properties[listBody] as object)
    const inBody = body === null ? [] : unknownPaths(body, ofBody, REQUEST_DEFINITIONS)
    return [line, [...unknownPaths({ properties }, taken, REQUEST_DEFINITIONS), ...inBody]] as const
  })
  assert.deepEqual(unexplained(refused, REFUSED), [])
})

test('every property of the official answers is known, but these', () => {
  const unanswered = OFFICIAL.filter(({ answer }) => answer !== null).map(({ method, path, answer }) => {
    const line = `${method} ${path}`
    const paths = unknownPaths(answer as object, operationOf(line).output as object, ANSWER_DEFINITIONS as never)
    return [line, paths.filter((one) => !one.includes(' = '))] as const
  })
  assert.deepEqual(unexplained(unanswered, UNANSWERED), [])
})
