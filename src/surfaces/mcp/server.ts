import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema,
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { countOther } from '../../operations/door.ts'
import { VERSION } from '../../version.ts'
import { toErrorAnswer } from '../errors.ts'
import { noteRefusal } from '../failures.ts'
import { listTools, runTool } from './catalogue.ts'
import type { Desk } from './desk.ts'
import { listResources, listTemplates, readResource } from './resources.ts'

/** Tools of one page of the list: a megabyte of schemas at most. */
const PAGE = 100

/** The protocol for one request of one caller: nothing is remembered, so any process can answer the next one. */
export function createServer(desk: Desk): Server {
  const server = new Server(
    { name: 'tintype', title: 'Tintype', version: VERSION, websiteUrl: desk.platform.publicUrl() },
    { capabilities: { tools: {}, resources: {} }, instructions: instructionsFor(desk) },
  )
  server.setRequestHandler(ListToolsRequestSchema, async ({ params }) => {
    count(desk)
    const tools = listTools(desk)
    const from = Number(params?.cursor ?? 0)
    if (!Number.isInteger(from) || from < 0) throw new McpError(ErrorCode.InvalidParams, 'This cursor is none of ours')
    const rest = tools.length > from + PAGE ? { nextCursor: String(from + PAGE) } : {}
    return { tools: tools.slice(from, from + PAGE), ...rest }
  })
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => runTool(desk, params.name, params.arguments ?? {}))
  server.setRequestHandler(ListResourcesRequestSchema, () =>
    heard(desk, 'resources', async () => ({ resources: await listResources(desk) })),
  )
  server.setRequestHandler(ListResourceTemplatesRequestSchema, async () => {
    count(desk)
    return { resourceTemplates: listTemplates(desk) }
  })
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) =>
    heard(desk, 'resource', async () => {
      const read = await readResource(desk, uri)
      if (read === null) throw new McpError(RESOURCE_UNKNOWN, `There is no resource ${uri.slice(0, 200)}`)
      return read
    }),
  )
  return server
}

/** As the protocol has it. */
const RESOURCE_UNKNOWN = -32002

const count = (desk: Desk) => {
  try {
    countOther(desk.limits, desk.caller, desk)
  } catch (error) {
    throw toMcpError(desk, 'tools', error)
  }
}

/** A resource has no answer that is a refusal: it is one of the protocol. */
async function heard<T>(desk: Desk, event: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof McpError ? error : toMcpError(desk, event, error)
  }
}

function toMcpError({ platform, caller, from, traceId }: Desk, event: string, error: unknown): McpError {
  const answer = toErrorAnswer(error, traceId)
  noteRefusal(platform, answer, { event, caller, from, traceId })
  if (answer.code === 'internal') platform.log.error({ err: error, traceId, event }, 'resource failed')
  const code =
    answer.status === 404 ? RESOURCE_UNKNOWN : answer.status >= 500 ? ErrorCode.InternalError : ErrorCode.InvalidParams
  return new McpError(code, [answer.body.message].flat().join('; '), { status: answer.status, traceId })
}

function instructionsFor({ caller }: Desk): string {
  const place =
    caller.locationId !== null
      ? `the sub-account ${caller.locationId} (locationId) of the agency ${caller.agencyId} (companyId)`
      : caller.isApp === true
        ? 'an app, in all places where it is installed'
        : `the agency ${caller.agencyId} (companyId) and its sub-accounts (locations)`
  return [
    `Tintype keeps configuration snapshots of CRM sub-accounts. This connection speaks for ${place}.`,
    'Not all operations are listed as tools: search finds the others by words, call runs them.',
    'Tools whose access is destructive delete or overwrite: say what will happen and ask before you use one. ' +
      'Where its description names a plan, ask for the plan first and show it.',
    'A refusal says what to do about it. Ids are looked up with the tools that list, never made up.',
  ].join('\n')
}
