import { readConfig } from '../../config.ts'
import type { Operation } from '../../operations/define.ts'
import { findOperations } from '../../operations/find.ts'
import { registry } from '../../operations/index.ts'
import { placementOf } from '../../operations/registry.ts'
import { CONFIG_OPTIONS, configFlags, parseArguments } from './arguments.ts'
import { CALL_OPTIONS, type InputOption, inputOptions, parserOptions, readInput } from './call-options.ts'
import { CommandError, type Terminal, UsageError } from './command.ts'
import { type DemoFile, readDemoFile } from './demo-file.ts'
import { toColumns } from './layout.ts'

const VERSION = '2021-07-28'

/** `tintype call ...`: its options depend on the operation, so it parses them itself. */
export async function runCall(args: string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name.startsWith('-')) {
    for (const line of listOperations()) terminal.print(line)
    return 0
  }
  const operation = registry.find(name)
  if (operation === null) {
    const found = name.includes('.') ? [] : findOperations(registry.all, name)
    if (found.length === 0) throw new UsageError(unknownOperation(name))
    for (const line of listOperations(found)) terminal.print(line)
    return 0
  }
  const options = inputOptions(operation)
  const { words, values } = parseArguments(rest, { ...CONFIG_OPTIONS, ...CALL_OPTIONS, ...parserOptions(options) })
  if (words.length > 0)
    throw new UsageError(`What does "${words[0]}" mean? Every input is an option: tintype call ${name} --help`)
  if (values.help === true) {
    terminal.print(describe(operation, options))
    return 0
  }
  const input = readInput(operation, options, values)
  const demo = readDemoFile(readConfig(terminal.env, configFlags(values)))
  const given =
    (values.token as string | undefined) ??
    terminal.env[operation.token === 'operator' ? 'TINTYPE_OPERATOR_TOKEN' : 'TINTYPE_TOKEN']
  const token =
    given ?? (demo === null || operation.token === 'operator' ? undefined : fromDemo(operation, input, demo))
  if (token === undefined && operation.token !== 'none')
    throw new UsageError(
      operation.token === 'operator'
        ? 'No token: say --token TOKEN or set TINTYPE_OPERATOR_TOKEN, as the server has it.'
        : 'No token: say --token TOKEN or set TINTYPE_TOKEN (there is no demo.json to take one from).',
    )
  const url = (values.url as string | undefined) ?? terminal.env.TINTYPE_URL ?? demo?.baseUrl
  if (url === undefined)
    throw new UsageError(
      'No address: say --url http://HOST:PORT or set TINTYPE_URL (there is no demo.json to take it from).',
    )
  return send({ operation, input, url, token, key: values['idempotency-key'] as string | undefined }, terminal)
}

/** The demo's token that fits, after filling in whose things are meant where the input leaves it open. */
function fromDemo(operation: Operation, input: Record<string, unknown>, demo: DemoFile): string | undefined {
  const { properties, required = [] } = operation.input
  if ('companyId' in properties && input.companyId === undefined) input.companyId = demo.companyId
  const place = ['locationId', 'location_id'].find((property) => property in properties)
  const named = place === undefined ? undefined : demo.locations.find((location) => location.id === input[place])
  if (operation.token === 'agency' || (operation.token === 'either' && 'companyId' in properties))
    return demo.agencyToken
  const location = named ?? demo.locations[0]
  if (place !== undefined && (required as string[]).includes(place) && input[place] === undefined)
    input[place] = location?.id
  return location?.token
}

interface Request {
  operation: Operation
  input: Record<string, unknown>
  url: string
  token: string | undefined
  key: string | undefined
}

async function send({ operation, input, url, token, key }: Request, { print }: Terminal): Promise<number> {
  const { method, path, pathNames, queryNames } = placementOf(operation)
  const missing = pathNames.filter((name) => input[name] === undefined)
  if (missing.length > 0)
    throw new UsageError(`${operation.name} needs ${missing.join(', ')}: tintype call ${operation.name} --help`)
  const query = new URLSearchParams()
  const body: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(input)) {
    if (pathNames.includes(name)) continue
    if (!queryNames.includes(name)) body[name] = value
    else
      for (const element of [value].flat())
        query.append(name, typeof element === 'object' ? JSON.stringify(element) : String(element))
  }
  const address = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input[name])))
  const hasBody = method !== 'GET' && (method !== 'DELETE' || operation.hasBody)
  const headers = {
    version: VERSION,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(hasBody
      ? { 'content-type': operation.rawBody === null ? 'application/json' : 'application/octet-stream' }
      : {}),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  }
  const text = operation.rawBody === null ? JSON.stringify(body) : String(input[operation.rawBody.property] ?? '')
  const target = `${url.replace(/\/$/, '')}${address}${query.size === 0 ? '' : `?${query}`}`
  const response = await fetch(target, { method, headers, ...(hasBody ? { body: text } : {}) }).catch(
    (cause: Error) => {
      throw new CommandError(
        `Nothing answers at ${url} (${(cause.cause as Error | undefined)?.message ?? cause.message}). Start it ` +
          'with: tintype up',
        { cause },
      )
    },
  )
  if (operation.output === 'stream' && response.ok)
    for await (const chunk of response.body ?? []) process.stdout.write(chunk)
  else print(pretty(await response.text()))
  return response.ok ? 0 : 1
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function listOperations(listed: readonly Operation[] = registry.all): string[] {
  const lines: string[] = []
  const categories = Map.groupBy(listed, (operation) => operation.category)
  const width = Math.max(...listed.map((operation) => operation.name.length))
  for (const [category, operations] of categories) {
    lines.push(
      '',
      category,
      ...toColumns(operations.map((operation) => [`  ${operation.name.padEnd(width)}`, operation.title])),
    )
  }
  return [...lines.slice(1), '', 'One of them in full: tintype call OPERATION --help']
}

function unknownOperation(name: string): string {
  const noun = name.split('.')[0] as string
  const near = registry.all
    .filter((operation) => operation.name.startsWith(`${noun}.`))
    .map((operation) => operation.name)
  return (
    `There is no operation ${name}. ` +
    `${near.length === 0 ? 'tintype call lists all of them.' : `Did you mean one of ${near.join(', ')}?`}`
  )
}

function describe(operation: Operation, options: readonly InputOption[]): string {
  const rows = options.map(({ option, schema, required }) => [
    `  --${option}`,
    schema.enum === undefined ? (schema.type ?? 'JSON') : schema.enum.join('|'),
    [required ? 'required' : '', schema.description ?? ''].filter((part) => part !== '').join('. '),
  ])
  const scope = [operation.scope].flat().join(' or ')
  return [
    `${operation.name}: ${operation.title}`,
    '',
    operation.description,
    '',
    `${operation.http}   access: ${operation.access}, token: ${operation.token}, scope: ${scope}`,
    '',
    ...toColumns(rows),
    ...toColumns([
      ['  --body JSON|@FILE|@-', 'the same as one JSON object; options win'],
      ['  --url URL', 'server (TINTYPE_URL, or the one of demo.json)'],
      ['  --token TOKEN', "token (TINTYPE_TOKEN, or the demo's)"],
      ['  --idempotency-key KEY', 'the same key twice does the thing once'],
    ]),
  ].join('\n')
}
