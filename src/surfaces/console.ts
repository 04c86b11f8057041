import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { takesCoding } from './fixed-texts.ts'

/** The built console: see console/vite.config.ts. */
const FOLDER = join(import.meta.dirname, '../../console/dist')

/** The names under `/assets/`, and the one page. Read anew when the page has been built again. */
export interface ConsoleFiles {
  page(): string | null
  has(name: string): boolean
  /** The file whose name is like this; null: it has not been built. */
  find(pattern: RegExp): string | null
}

/**
 * Nothing from another host, and no script but our files. Styles may stand in the page: those of the components do, and
 * the frames that show what people wrote run no script.
 */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
/** Smallest first. */
const PACKED = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** Serves `/assets/`: their names hold their hash, so nobody asks for one twice. */
export function addConsole(http: FastifyInstance): ConsoleFiles {
  const files = readConsole()
  // A page is dozens of files: they say nothing, and are not counted as visits.
  http.get('/assets/:name', { config: { unlimited: true } }, async (request, reply) => {
    const { name } = request.params as { name: string }
    const type = TYPES[extname(name)]
    if (type === undefined || !files.has(name))
      throw new AppError('route_unknown', { method: request.method, path: `/assets/${name}` })
    reply.headers({ 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' })
    const [coding, ending] = PACKED.find(
      ([one, end]) => files.has(name + end) && takesCoding(request.headers['accept-encoding'], one),
    ) ?? [null, '']
    if (files.has(`${name}.br`)) reply.header('vary', 'accept-encoding')
    if (coding !== null) reply.header('content-encoding', coding)
    return reply.send(await readFile(join(FOLDER, 'assets', name + ending)))
  })
  return files
}

function readConsole(): ConsoleFiles {
  let page: string | null = null
  let names = new Set<string>()
  const read = () => {
    if (!existsSync(join(FOLDER, 'index.html'))) return
    names = new Set(readdirSync(join(FOLDER, 'assets')))
    page = readFileSync(join(FOLDER, 'index.html'), 'utf8')
  }
  read()
  return {
    page() {
      if (page === null) read()
      return page
    },
    has: (name) => names.has(name),
    find(pattern) {
      if (page === null) read()
      return [...names].find((name) => pattern.test(name)) ?? null
    },
  }
}

/** The page of the console; null where it has not been built. It says whether somebody may be signed in. */
export function sendConsole(files: ConsoleFiles, request: FastifyRequest, reply: FastifyReply): FastifyReply | null {
  const page = files.page()
  if (page === null) return null
  const isKnown = /(^|;\s*)(__Host-)?tintype_session=/.test(request.headers.cookie ?? '')
  reply.headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
    'cross-origin-opener-policy': 'same-origin',
  })
  return reply.send(isKnown ? page : page.replace('<html ', '<html data-cookie="none" '))
}
