import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { FastifyRequest } from 'fastify'
import { MCP_PATH } from '../../auth/access-requests.ts'
import { AppError } from '../../errors.ts'
import type { Desk } from './desk.ts'
import { createServer } from './server.ts'

/** Requests that may come as one: older clients send them so. */
const MOST_TOGETHER = 20

/** Answers one request of a client as JSON. Loaded with the first one: the protocol's library takes its time. */
export async function answerMcp(request: FastifyRequest, desk: Desk): Promise<Response> {
  const { body } = request
  if (Array.isArray(body) && body.length > MOST_TOGETHER)
    throw new AppError('bad_request', { reason: `At most ${MOST_TOGETHER} messages come together` })
  const server = createServer(desk)
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  await server.connect(transport)
  try {
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      HEADERS.includes(name) ? [[name, String(value)]] : [],
    )
    const asked = new Request(`${desk.platform.publicUrl()}${MCP_PATH}`, { method: 'POST', headers })
    return await transport.handleRequest(asked, { parsedBody: body ?? null })
  } finally {
    await server.close()
  }
}

/** What the protocol reads; who asks is known. */
const HEADERS = ['accept', 'content-type', 'mcp-protocol-version']
