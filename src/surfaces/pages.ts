import type { FastifyInstance } from 'fastify'
import type { Platform } from '../operations/define.ts'
import type { Registry } from '../operations/registry.ts'
import { VERSION } from '../version.ts'
import { fixedText, sendFixed } from './fixed-texts.ts'
import { VERSIONS } from './http.ts'
import { addOAuthMetadata } from './oauth-metadata.ts'
import { addOAuthPages } from './oauth-pages.ts'
import { toOpenApi } from './openapi.ts'
import { REFERENCE_POLICY, toReferencePage } from './reference-page.ts'
import { PAGE_POLICY, toSharePage, toStartPage } from './share-page.ts'

/** Pages that are not operations. */
export function addPages(http: FastifyInstance, platform: Platform, registry: Registry): void {
  addOAuthPages(http, platform)
  addOAuthMetadata(http, platform, registry)
  if (platform.config.docs) addReference(http, platform, registry)
  http.get('/', async (request, reply) => {
    const { share } = request.query as { share?: unknown }
    const page = share === undefined ? toStartPage() : await toSharePage(platform, String(share).slice(0, 64).replaceAll('\u0000', ''))
    reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY)
    reply.status(page.status)
    return page.html
  })
}

function addReference(http: FastifyInstance, platform: Platform, registry: Registry): void {
  // Neither the registry nor our own address changes while the process lives.
  const openApi = fixedText(() => `${JSON.stringify(toOpenApi(registry, { url: platform.publicUrl(), version: VERSION, versions: VERSIONS }))}\n`)
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
