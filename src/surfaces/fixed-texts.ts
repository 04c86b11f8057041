import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A large text that stays as it is while the process lives, and holds what is nobody's. */
export interface FixedText {
  text: string
  gzip: Buffer
  /** Weak: the same text, however it travels. */
  etag: string
}

/** Made when it is first asked for. */
export function fixedText(make: () => string): () => FixedText {
  let made: FixedText | undefined
  return () => {
    if (made !== undefined) return made
    const text = make()
    made = { text, gzip: gzipSync(text), etag: `W/"${hash('sha256', text, 'base64url')}"` }
    return made
  }
}

/** Whoever has it is told so (304); else it goes compressed to those who take that. */
export function sendFixed(request: FastifyRequest, reply: FastifyReply, { text, gzip, etag }: FixedText): FastifyReply {
  // Kept on the way, but never used without asking: the next version has another.
  const vary = [reply.getHeader('vary'), 'accept-encoding'].filter((name) => name !== undefined).join(', ')
  reply.headers({ etag, vary, 'cache-control': 'no-cache' })
  if (isKnown(request.headers['if-none-match'], etag)) return reply.status(304).send()
  if (!takesCoding(request.headers['accept-encoding'], 'gzip')) return reply.send(text)
  return reply.header('content-encoding', 'gzip').send(gzip)
}

const partsOf = (header: string, separator: string) => header.split(separator).map((part) => part.trim())

const bare = (etag: string) => etag.replace(/^W\//, '')

/** RFC 9110, 13.1.2: compared weakly. */
const isKnown = (header: string | undefined, etag: string) =>
  partsOf(header ?? '', ',').some((known) => known === '*' || bare(known) === bare(etag))

/** RFC 9110, 12.5.3: named, and not with the weight 0. */
export function takesCoding(header: string | string[] | undefined, wanted: 'gzip' | 'br'): boolean {
  return partsOf(String(header ?? ''), ',').some((coding) => {
    const [name, ...parameters] = partsOf(coding, ';')
    return name?.toLowerCase() === wanted && !parameters.some((parameter) => /^q=0(\.0*)?$/i.test(parameter))
  })
}
