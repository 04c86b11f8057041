import type { FastifyInstance } from 'fastify'
import type { Platform } from '../operations/platform.ts'
import type { Registry } from '../operations/registry.ts'
import { VERSION } from '../version.ts'
import type { ConsoleFiles } from './console.ts'
import { fixedText, sendFixed } from './fixed-texts.ts'
import { hashOf } from './html.ts'
import { toOpenApi } from './openapi.ts'
import { VERSIONS } from './request-heads.ts'

/** Scalar's reference, read from `/openapi.json`: no other host is asked for anything, nor told what is looked at. */
const SCRIPT = `Scalar.createApiReference('#reference', ${JSON.stringify({
  url: '/openapi.json',
  _integration: 'fastify',
  telemetry: false,
  proxyUrl: '',
  oauth2RedirectUri: null,
  withDefaultFonts: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
  documentDownloadType: 'direct',
  defaultOpenAllTags: false,
  operationTitleSource: 'summary',
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
})})`

/** Nothing from another host, no script but the page's own two, and requests to this server alone. */
const POLICY =
  `default-src 'none'; script-src 'self' ${hashOf(SCRIPT)}; style-src 'self' 'unsafe-inline'; img-src 'self' data: ` +
  "blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const toPage = (script: string | null) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tintype reference</title>
</head>
<body>
${
  script === null
    ? '<p>The reference has not been built yet. Run <code>npm run build</code> where this server is installed, then ' +
      'reload. Until then: <a href="/openapi.json">OpenAPI 3.1</a>.</p>'
    : `<main id="reference"></main>
<script src="/assets/${script}"></script>
<script>${SCRIPT}</script>`
}
</body>
</html>
`

/** `/openapi.json`, and `/docs`, which shows it. Its script is built together with the console. */
export function addReference(http: FastifyInstance, platform: Platform, registry: Registry, files: ConsoleFiles): void {
  // Neither the registry nor our own address changes while the process lives.
  const openApi = fixedText(
    () =>
      `${JSON.stringify(toOpenApi(registry, { url: platform.publicUrl(), version: VERSION, versions: VERSIONS }))}\n`,
  )
  http.get('/openapi.json', async (request, reply) => {
    reply.header('content-type', 'application/json; charset=utf-8').header('access-control-allow-origin', '*')
    return sendFixed(request, reply, openApi())
  })
  http.get('/docs', async (_request, reply) => {
    reply.headers({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': POLICY,
    })
    return reply.send(toPage(files.find(/^reference-[\w-]+\.js$/)))
  })
}
