import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../operations/platform.ts'
import type { Registry } from '../operations/registry.ts'
import { VERSION } from '../version.ts'
import { addConsole, type ConsoleFiles, sendConsole } from './console.ts'
import { addEnterPage } from './enter-page.ts'
import { fixedText, sendFixed } from './fixed-texts.ts'
import { addOAuthMetadata } from './oauth-metadata.ts'
import { addOAuthPages } from './oauth-pages.ts'
import { toOpenApi } from './openapi.ts'
import { REFERENCE_POLICY, toReferencePage } from './reference-page.ts'
import { VERSIONS } from './request-heads.ts'
import { addSession } from './session.ts'
import { addSetUp } from './set-up.ts'
import { PAGE_POLICY, type Page, toSharePage, toStartPage } from './share-page.ts'

/** Pages that are not operations. */
export function addPages(http: FastifyInstance, platform: Platform, registry: Registry): void {
  addSession(http, platform)
  addEnterPage(http, platform)
  addSetUp(http, platform)
  addOAuthPages(http, platform)
  addOAuthMetadata(http, platform, registry)
  if (platform.config.docs) addReference(http, platform, registry)
  const files = platform.config.console ? addConsole(http) : null
  http.get('/', async (request, reply) => {
    const { share } = request.query as { share?: unknown }
    if (share !== undefined)
      return sendPage(reply, await toSharePage(platform, String(share).slice(0, 64).replaceAll('\u0000', '')))
    return files === null ? sendPage(reply, toStartPage(SWITCHED_OFF)) : sendConsoleOr(files, request, reply)
  })
  if (files === null) return
  // Every address of the console is the same page: what stands there is the browser's to find out.
  for (const path of ['/app', '/app/*']) http.get(path, async (request, reply) => sendConsoleOr(files, request, reply))
}

const SWITCHED_OFF = 'The console is switched off (TINTYPE_CONSOLE).'
const NOT_BUILT = 'The console has not been built yet. Run `npm run build` where this server is installed, then reload.'

const sendConsoleOr = (files: ConsoleFiles, request: FastifyRequest, reply: FastifyReply) =>
  sendConsole(files, request, reply) ?? sendPage(reply, toStartPage(NOT_BUILT))

function sendPage(reply: FastifyReply, { status, html }: Page): FastifyReply {
  reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY)
  return reply.status(status).send(html)
}

function addReference(http: FastifyInstance, platform: Platform, registry: Registry): void {
  // Neither the registry nor our own address changes while the process lives.
  const openApi = fixedText(
    () =>
      `${JSON.stringify(toOpenApi(registry, { url: platform.publicUrl(), version: VERSION, versions: VERSIONS }))}\n`,
  )
  const reference = fixedText(() => toReferencePage(registry, { url: platform.publicUrl(), version: VERSION }))
  http.get('/openapi.json', async (request, reply) => {
    reply.header('content-type', 'application/json; charset=utf-8').header('access-control-allow-origin', '*')
    return sendFixed(request, reply, openApi())
  })
  http.get('/docs', async (request, reply) => {
    reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', REFERENCE_POLICY)
    return sendFixed(request, reply, reference())
  })
}
