import type { Entry, Schema } from './entries.ts'
import { SDK_METHODS } from './sdk-methods.ts'

type Values = Record<string, unknown>

interface Call {
  method: string
  /** With what was given in place of its parameters. */
  path: string
  query: Values
  body: Values | null
}

const VERSION = '2021-07-28'
const HUBSPOT = /^\/(crm|webhooks|webhooks-journal)\//

/** What of the values travels where. */
export function toCall({ operation }: Entry, values: Values): Call {
  const { parameters, method } = operation
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]))
  const path = operation.path.replace(/:(\w+)/g, (_, name: string) =>
    values[name] === undefined ? `{${name}}` : encodeURIComponent(String(values[name])),
  )
  const body = pick(parameters.body)
  return {
    method,
    path,
    query: pick(parameters.query),
    body: parameters.body.length > 0 && method !== 'GET' ? body : null,
  }
}

export function toAddress({ path, query }: Call): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) search.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one))
  return search.size === 0 ? path : `${path}?${search}`
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
const indented = (value: unknown, by: number) => JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(by)}`)

export function toCurl(entry: Entry, values: Values, url: string): string {
  const call = toCall(entry, values)
  const needsToken = entry.operation.token !== 'none'
  return [
    `curl${call.method === 'GET' ? '' : ` -X ${call.method}`} ${quoted(url + toAddress(call))}`,
    ...(needsToken ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(HUBSPOT.test(call.path) ? [] : [`-H 'Version: ${VERSION}'`]),
    ...(call.body === null ? [] : ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(call.body))}`]),
  ].join(' \\\n  ')
}

export function toTypeScript(entry: Entry, values: Values, url: string): string {
  const call = toCall(entry, values)
  const isHighLevel = !HUBSPOT.test(call.path)
  const headers = [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code that is shown
    ...(entry.operation.token === 'none' ? [] : ['Authorization: `Bearer ${process.env.TOKEN}`']),
    ...(isHighLevel ? [`Version: '${VERSION}'`] : []),
    ...(call.body === null ? [] : ["'Content-Type': 'application/json'"]),
  ]
  return `const response = await fetch('${url}${toAddress(call).replaceAll("'", '%27')}', {
  method: '${call.method}',
  headers: {
${headers.map((header) => `    ${header},`).join('\n')}
  },${call.body === null ? '' : `\n  body: JSON.stringify(${indented(call.body, 2)}),`}
})
if (!response.ok) throw new Error(\`\${response.status}: \${await response.text()}\`)
console.log(await response.json())
`
}

/** With HighLevel's own client; null where it has no method for the operation. */
export function toSdk(entry: Entry, values: Values, url: string): string | null {
  const known = SDK_METHODS[entry.operation.name]
  if (known === undefined) return null
  const [service, name, hasParameters, hasBody] = known
  const { parameters } = entry.operation
  const call = toCall(entry, values)
  const inAddress = Object.fromEntries(
    [...parameters.path, ...parameters.query]
      .filter((one) => one in values)
      .map((one) => [one.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), values[one]]),
  )
  const given = [...(hasParameters ? [inAddress] : []), ...(hasBody ? [call.body ?? {}] : [])]
  return `import { HighLevel } from '@gohighlevel/api-client'

const highLevel = new HighLevel({ privateIntegrationToken: process.env.TOKEN })
highLevel.getHttpClient().defaults.baseURL = '${url}'

console.log(await highLevel.${service}.${name}(${given.map((one) => indented(one, 0)).join(', ')}))
`
}

/** The input of an operation as a form asks for it: without what is chosen elsewhere, or follows from who is signed in. */
export function toFormSchema({ operation }: Entry, hidden: readonly string[]): Schema {
  const input = operation.input as Schema
  const properties = Object.fromEntries(
    Object.entries(input.properties ?? {}).filter(([name]) => !hidden.includes(name)),
  )
  const required = (input.required ?? []).filter((name) => !hidden.includes(name))
  return { ...plain({ type: 'object', properties, required }) }
}

/** Forms ask for one type at a time: what may also be null is left empty instead. */
function plain(schema: Schema): Schema {
  const { type, properties, items, anyOf, ...rest } = schema
  const choices = anyOf?.filter((one) => one.type !== 'null').map(plain)
  const types = Array.isArray(type) ? type.filter((one) => one !== 'null') : type
  return {
    ...rest,
    ...(types === undefined ? {} : { type: Array.isArray(types) && types.length === 1 ? (types[0] as string) : types }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, plain(one)])) }),
    ...(items === undefined ? {} : { items: plain(items) }),
    ...(choices === undefined ? {} : choices.length === 1 ? choices[0] : { anyOf: choices }),
  }
}
