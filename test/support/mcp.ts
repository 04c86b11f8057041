import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import type {
  JsonSchemaType,
  JsonSchemaValidator,
  JsonSchemaValidatorResult,
} from '@modelcontextprotocol/sdk/validation'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv'

const ajv = new AjvJsonSchemaValidator()
const compiled = new Map<string, JsonSchemaValidator<unknown>>()

/** The client's own, made when there is something to check: it would make hundreds of them for each list. */
function getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
  const text = JSON.stringify(schema)
  return (value) => {
    const known = compiled.get(text) ?? ajv.getValidator(schema)
    compiled.set(text, known)
    return known(value) as JsonSchemaValidatorResult<T>
  }
}

export interface Session extends AsyncDisposable {
  client: Client
  /** All pages of the list. */
  tools(): Promise<Tool[]>
  call(name: string, args?: Record<string, unknown>): Promise<Told>
}

export interface Told {
  isError?: boolean
  structuredContent?: Record<string, unknown>
  content: { type: string; text?: string; resource?: { mimeType: string; blob: string } }[]
  _meta?: Record<string, unknown>
}

/** The official client, connected to a server with a token. It checks each answer against the tool's schema. */
export async function connectClient(url: string, token: string, query = ''): Promise<Session> {
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp${query}`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  })
  return sessionOf(transport)
}

export async function sessionOf(transport: Parameters<Client['connect']>[0]): Promise<Session> {
  const client = new Client({ name: 'test', version: '1' }, { jsonSchemaValidator: { getValidator } })
  await client.connect(transport)
  return {
    client,
    async tools() {
      const tools: Tool[] = []
      let cursor: string | undefined
      do {
        const page = await client.listTools(cursor === undefined ? {} : { cursor })
        tools.push(...page.tools)
        cursor = page.nextCursor
      } while (cursor !== undefined)
      return tools
    },
    call: async (name, args = {}) => (await client.callTool({ name, arguments: args })) as unknown as Told,
    [Symbol.asyncDispose]: () => client.close(),
  }
}

export const textOf = ({ content }: Told) => content.map(({ text = '' }) => text).join('\n')

// biome-ignore lint/suspicious/noExplicitAny: answers are what the test is about; each test asserts on what it reads
export function answerOf(told: Told): any {
  if (told.structuredContent === undefined) throw new Error(textOf(told))
  return told.structuredContent
}

/** The status that the same request has over HTTP, where it was refused. */
export const statusOf = ({ isError, _meta }: Told) => (isError ? Number(_meta?.['tintype/status']) : 200)
