import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listAgencies } from '../auth/agencies.ts'
import type { Platform } from '../operations/platform.ts'
import type { Registry } from '../operations/registry.ts'
import { addConsole, type ConsoleFiles, sendConsole } from './console.ts'
import { addEnterPage } from './enter-page.ts'
import { addOAuthMetadata } from './oauth-metadata.ts'
import { addOAuthPages } from './oauth-pages.ts'
import { addReference } from './reference.ts'
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
  const built = platform.config.docs || platform.config.console ? addConsole(http) : null
  if (platform.config.docs && built !== null) addReference(http, platform, registry, built)
  const files = platform.config.console ? built : null
  const isNew = createNewness(platform)
  http.get('/', async (request, reply) => {
    const { share } = request.query as { share?: unknown }
    if (share !== undefined)
      return sendPage(reply, await toSharePage(platform, String(share).slice(0, 64).replaceAll('\u0000', '')))
    if (files === null) return sendPage(reply, toStartPage(SWITCHED_OFF))
    return (await isNew()) ? reply.redirect(SET_UP) : sendConsoleOr(files, request, reply)
  })
  if (files === null) return
  // Every address of the console is the same page: what stands there is the browser's to find out.
  for (const path of ['/app', '/app/*'])
    http.get(path, async (request, reply) => {
      const leads = new URL(request.url, 'http://here').pathname !== SET_UP && (await isNew())
      return leads ? reply.redirect(SET_UP) : sendConsoleOr(files, request, reply)
    })
}

const SET_UP = '/app/setup'

/** Whether there is nobody yet who could sign in. Once there is an agency there is one for good. */
function createNewness({ db }: Platform): () => Promise<boolean> {
  let isNew = true
  return async () => {
    // The page comes also where the database is away: it says so itself.
    if (isNew) isNew = (await listAgencies(db).catch(() => [null])).length === 0
    return isNew
  }
}

const SWITCHED_OFF = 'The console is switched off (TINTYPE_CONSOLE).'
const NOT_BUILT = 'The console has not been built yet. Run `npm run build` where this server is installed, then reload.'

const sendConsoleOr = (files: ConsoleFiles, request: FastifyRequest, reply: FastifyReply) =>
  sendConsole(files, request, reply) ?? sendPage(reply, toStartPage(NOT_BUILT))

function sendPage(reply: FastifyReply, { status, html }: Page): FastifyReply {
  reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY)
  return reply.status(status).send(html)
}
