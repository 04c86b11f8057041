import { createInterface } from 'node:readline'
import { MCP_PATH } from '../../auth/access-requests.ts'
import { type Command, CommandError, type Invocation, UsageError } from './command.ts'
import { readDemoFile } from './demo-file.ts'
import { findHolder } from './holder.ts'

/** Of JSON-RPC: what came is no JSON; what came could not be done. */
const [PARSE_ERROR, SERVER_ERROR] = [-32700, -32000]

export const mcp: Command = {
  name: 'mcp',
  usage: 'mcp',
  summary: 'Serve AI clients that start programs of their own (MCP over stdio), through a running server.',
  options: {
    url: { type: 'string', description: 'Server (TINTYPE_URL, or the one that serves the data folder).' },
    token: { type: 'string', description: "What the client may do is what this may (TINTYPE_TOKEN, or the demo's)." },
    'location-id': { type: 'string', description: "Of the demo: this sub-account's token instead of the agency's." },
    groups: { type: 'string', description: 'Tools to list: names of groups, comma separated, all or none.' },
    'read-only': { type: 'boolean', description: 'Offer nothing that writes, whatever the token may.' },
  },
  async run(call) {
    const ask = connect(call)
    const asked = new Set<Promise<void>>()
    for await (const line of createInterface({ input: process.stdin })) {
      if (line.trim() === '') continue
      const work: Promise<void> = ask(line)
        .then((answer) => {
          if (answer !== null) call.print(answer)
        })
        .finally(() => asked.delete(work))
      asked.add(work)
    }
    await Promise.all(asked)
    return 0
  },
}

type Message = { id?: string | number; result?: { protocolVersion?: string } }

/**
 * Passes each message on as it is: who may do what is decided by the server, and nowhere else. Standard output belongs to
 * the protocol, so whatever goes wrong is an answer.
 */
function connect(call: Invocation): (line: string) => Promise<string | null> {
  const { url, token } = placeOf(call)
  const query = new URLSearchParams()
  if (call.values.groups !== undefined) query.set('groups', String(call.values.groups))
  if (call.values['read-only'] === true) query.set('access', 'read')
  const target = `${url.replace(/\/$/, '')}${MCP_PATH}${query.size === 0 ? '' : `?${query}`}`
  let version: string | undefined
  return async (line) => {
    const message = parse(line)
    if (message === null) return refusal(null, PARSE_ERROR, 'This is no JSON')
    // What is no request gets no answer.
    const refuse = (reason: string) => (message.id === undefined ? null : refusal(message.id, SERVER_ERROR, reason))
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
        },
        body: line,
      })
      const text = (await response.text()).trim()
      if (!response.ok) return refuse(reasonOf(text) ?? `The server answered ${response.status}`)
      version ??= parse(text)?.result?.protocolVersion
      return text === '' ? null : text
    } catch (error) {
      const { cause, message: reason } = error as Error
      return refuse(
        `Nothing answers at ${url} (${(cause as Error | undefined)?.message ?? reason}). Start it with: tintype up`,
      )
    }
  }
}

/** The server and the token: given, or those of the data folder. */
function placeOf({ config, env, values }: Invocation): { url: string; token: string } {
  const demo = readDemoFile(config)
  const given = (values.token as string | undefined) ?? env.TINTYPE_TOKEN
  const wanted = values['location-id']
  const location = demo?.locations.find(({ id }) => id === wanted)
  if (given === undefined && wanted !== undefined && location === undefined)
    throw new CommandError(
      `demo.json has no token of ${wanted}. Make one: tintype token create --location-id ${wanted}`,
    )
  const url = (values.url as string | undefined) ?? env.TINTYPE_URL ?? findHolder(config.data)?.url ?? demo?.baseUrl
  const token = given ?? location?.token ?? demo?.agencyToken
  if (token === undefined)
    throw new UsageError('No token: say --token TOKEN or set TINTYPE_TOKEN (there is no demo.json to take one from).')
  if (url === undefined)
    throw new UsageError('No address: say --url http://HOST:PORT or set TINTYPE_URL (nobody serves the data folder).')
  return { url, token }
}

function parse(text: string): Message | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function reasonOf(text: string): string | null {
  const { message, error } = (parse(text) ?? {}) as { message?: string | string[]; error?: { message?: string } }
  const told = message ?? error?.message
  return told === undefined ? null : [told].flat().join('; ')
}

const refusal = (id: string | number | null, code: number, message: string) =>
  JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })
