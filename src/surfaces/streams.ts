import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { StreamAnswer } from '../operations/answer.ts'
import { takesCoding } from './fixed-texts.ts'

export interface Exchange {
  request: FastifyRequest
  reply: FastifyReply
  /** A reader that takes nothing for so long is cut off. */
  graceMs: number
}

/**
 * One piece at a time, and no reader that keeps the next one waiting: what it has been sent would stay in memory for as
 * long as it likes.
 */
function paced(pieces: AsyncIterable<string | Uint8Array>, { reply, graceMs }: Exchange): Readable {
  async function* pace() {
    for await (const piece of pieces) {
      const late = setTimeout(() => reply.raw.destroy(), graceMs)
      try {
        yield piece
      } finally {
        clearTimeout(late)
      }
    }
  }
  return Readable.from(pace(), { highWaterMark: 1 })
}

/**
 * Sends what is not JSON. Some of it was uploaded by strangers: as with every answer, no browser guesses another type
 * than the one told, and whatever is opened all the same runs no script and loads nothing.
 */
export function sendStream(exchange: Exchange, stream: StreamAnswer): FastifyReply {
  const { request, reply } = exchange
  const { contentType, fileName, inline = false, sizeBytes, parts, packed } = stream
  reply.headers({
    'content-type': contentType,
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  if (fileName !== undefined)
    reply.header('content-disposition', dispositionOf(inline ? 'inline' : 'attachment', fileName))
  if (packed !== undefined) {
    reply.header('vary', 'accept-encoding')
    if (!takesCoding(request.headers['accept-encoding'], 'gzip'))
      return reply.send(Readable.from([packed]).pipe(createGunzip()))
    return reply.header('content-encoding', 'gzip').send(packed)
  }
  if (sizeBytes === undefined) return reply.send(paced(stream.body, exchange))
  const etag = parts === undefined ? undefined : `"${parts.sha256}"`
  if (etag !== undefined) reply.headers({ 'accept-ranges': 'bytes', etag })
  // If-Range: parts of what the client has no longer are sent whole.
  const ifRange = request.headers['if-range']
  const range =
    parts === undefined || (ifRange !== undefined && ifRange !== etag)
      ? null
      : parseRange(request.headers.range, sizeBytes)
  if (parts === undefined || range === null)
    return reply.header('content-length', sizeBytes).send(paced(stream.body, exchange))
  if (range === 'beyond') {
    reply.header('content-range', `bytes */${sizeBytes}`)
    throw new AppError('range_beyond', { size: sizeBytes })
  }
  const { from, to } = range
  reply.status(206).headers({ 'content-range': `bytes ${from}-${to}/${sizeBytes}`, 'content-length': to - from + 1 })
  return reply.send(paced(parts.read(from, to), exchange))
}

/**
 * RFC 9110, 14.1.2: the first and last byte of the one range asked for. Null: none, or something that may be ignored,
 * such as several ranges.
 */
function parseRange(header: string | undefined, size: number): { from: number; to: number } | 'beyond' | null {
  const [, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  if (first === '') return Number(last) === 0 ? 'beyond' : { from: Math.max(0, size - Number(last)), to: size - 1 }
  const [from, to] = [Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1)]
  if (last !== '' && Number(last) < from) return null
  return from >= size ? 'beyond' : { from, to }
}

/** RFC 6266: plain ASCII for old clients, and the name itself where it is more than that. */
function dispositionOf(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${encoded}`}`
}
