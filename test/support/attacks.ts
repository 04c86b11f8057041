import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { canonicalJson, hashText } from '../../src/store/hash.ts'

/** What an attacking tenant has, and where. */
export interface Ground {
  url: string
  companyId: string
  agencyToken: string
  /** Limited like everybody's. */
  locations: { id: string; token: string }[]
  contactIds: string[]
  /** A push that waits, and goes on waiting. */
  pushId: string
  snapshotId: string
  fleet: string[]
}

/** How often it was answered with which status. */
export type Tally = Record<string, number>

export type Attack = (ground: Ground, signal: AbortSignal, tally: Tally) => Promise<void>

const VERSION = { version: '2021-07-28' }
const count = (tally: Tally, what: string | number) => {
  tally[what] = (tally[what] ?? 0) + 1
}

/** The same call again and again, so many at a time; each of them by the next location. */
function flood(
  lanes: number,
  call: (
    ground: Ground,
    turn: number,
  ) => { path: string; token: string; body: string | Uint8Array<ArrayBuffer>; type?: string },
): Attack {
  return async (ground, signal, tally) => {
    let turn = 0
    const lane = async () => {
      while (!signal.aborted) {
        const { path, token, body, type = 'application/json' } = call(ground, turn++)
        const headers = { ...VERSION, 'content-type': type, authorization: `Bearer ${token}` }
        try {
          const reply = await fetch(ground.url + path, { method: 'POST', headers, body, signal })
          count(tally, reply.status)
          await reply.arrayBuffer()
          // Whoever is refused comes again at once, not as told to.
          if (reply.status === 429 || reply.status === 503) await pause(20)
        } catch (error) {
          if (!signal.aborted) count(tally, (error as Error).name)
          await pause(20)
        }
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
  }
}

const at = <T>(list: readonly T[], turn: number) => list[turn % list.length] as T

/** Made once: what it costs whoever sends it is not what it costs others. */
const wrongBodies = new Map<string, Uint8Array<ArrayBuffer>>()
const wrongElements = flood(4, ({ locations }, turn) => {
  const { id, token } = at(locations, turn)
  const body =
    wrongBodies.get(id) ?? new Uint8Array(Buffer.from(`{"locationId":"${id}","tags":[${'1,'.repeat(999_999)}1]}`))
  wrongBodies.set(id, body)
  return { path: '/contacts/', token, body }
})

const conditions = (from: number) =>
  Array.from({ length: 40 }, (_, n) => ({ field: 'firstNameLowerCase', operator: 'contains', value: `x${from + n}` }))
const nestedFilters = flood(8, ({ locations }, turn) => {
  const { id, token } = at(locations, turn)
  let filters: object[] = conditions(0)
  for (let depth = 1; depth < 10; depth++)
    filters = [{ group: 'OR', filters: [...conditions(depth * 40), { group: 'AND', filters }] }]
  return { path: '/contacts/search', token, body: JSON.stringify({ locationId: id, pageLimit: 500, filters }) }
})

const bulkTags = flood(2, ({ locations, contactIds }, turn) => {
  const { id, token } = locations[0] as Ground['locations'][number]
  const tags = Array.from({ length: 500 }, (_, n) => `tag ${turn % 3} ${n} `.padEnd(150, 'x'))
  return {
    path: `/contacts/bulk/tags/update/${turn % 2 === 0 ? 'add' : 'remove'}`,
    token,
    body: JSON.stringify({ locationId: id, contacts: contactIds, tags }),
  }
})

const plans = flood(8, ({ companyId, agencyToken, snapshotId, fleet }) => ({
  path: `/snapshots/${snapshotId}/plan?companyId=${companyId}`,
  token: agencyToken,
  body: JSON.stringify({ locationIds: fleet }),
}))

/** A thousand readers of a push that waits; who is refused comes again. */
const streams: Attack = async ({ url, companyId, agencyToken, pushId }, signal, tally) => {
  const follow = async () => {
    while (!signal.aborted) {
      try {
        const reply = await fetch(`${url}/snapshots/pushes/${pushId}/events?companyId=${companyId}`, {
          headers: { ...VERSION, authorization: `Bearer ${agencyToken}` },
          signal,
        })
        count(tally, reply.status)
        for await (const _ of reply.body ?? []) if (signal.aborted) return
        await pause(1_000)
      } catch (error) {
        if (!signal.aborted) count(tally, (error as Error).name)
        await pause(200)
      }
    }
  }
  await Promise.all(Array.from({ length: 1_000 }, follow))
}

/** A body that comes at so many bytes a second, as a request of its own. */
async function send(
  ground: Ground,
  {
    path,
    token,
    head,
    pieces,
    pieceMs,
  }: { path: string; token: string; head: string; pieces: Iterable<Buffer>; pieceMs: number },
  signal: AbortSignal,
  tally: Tally,
) {
  const { hostname, port } = new URL(ground.url)
  const socket = connect(Number(port), hostname)
  const leave = () => socket.destroy()
  signal.addEventListener('abort', leave)
  const closed = once(socket, 'close').catch(() => {})
  socket.on('error', () => {})
  let answered = false
  socket.once('data', (data) => {
    answered = true
    count(tally, data.toString('latin1', 9, 12))
  })
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nversion: 2021-07-28\r\nauthorization: Bearer ${token}\r\n${head}\r\n\r\n`,
  )
  for (const piece of pieces) {
    if (signal.aborted || answered || socket.destroyed) break
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => {}), closed])
    if (pieceMs > 0) await pause(pieceMs)
  }
  while (!answered && !socket.destroyed && !signal.aborted) await pause(20)
  if (answered) await pause(20)
  signal.removeEventListener('abort', leave)
  socket.destroy()
}

function* repeat(piece: Buffer, times: number): Generator<Buffer> {
  for (let time = 0; time < times; time++) yield piece
}

const slowUploads: Attack = async (ground, signal, tally) => {
  const lane = async (_: unknown, index: number) => {
    while (!signal.aborted) {
      const { token } = at(ground.locations, index)
      const head = 'content-type: multipart/form-data; boundary=x\r\ncontent-length: 45000000'
      const first = Buffer.from(
        `--x\r\ncontent-disposition: form-data; name="f"; filename="f.txt"\r\ncontent-type: text/plain\r\n\r\n`,
      )
      const pieces = [first, ...repeat(Buffer.alloc(1_500, 'x'), 30_000)]
      await send(ground, { path: '/conversations/messages/upload', token, head, pieces, pieceMs: 250 }, signal, tally)
    }
  }
  await Promise.all(Array.from({ length: 20 }, lane))
}

/** 60 MB of assets as fast as they go, refused at their end: the root is none of theirs. */
const archives: Attack = async (ground, signal, tally) => {
  const line = (n: number) => {
    const document = { name: `Value ${n}`, fieldKey: `{{ custom_values.v${n} }}`, default: `${n} `.padEnd(500, 'v') }
    return `${JSON.stringify({ kind: 'custom_values', lineage: `L${String(n).padStart(19, '0')}`, hash: hashText(canonicalJson(document)), dependency: false, document })}\n`
  }
  const header = `${JSON.stringify({ tintype: 'snapshot', format: 1, name: 'Large', root: 'x' })}\n`
  const chunks = [Buffer.from(header)]
  let bytes = header.length
  for (let n = 0; bytes < 60_000_000; ) {
    let text = ''
    for (; text.length < 262_144; n++) text += line(n)
    chunks.push(Buffer.from(text))
    bytes += text.length
  }
  const lane = async () => {
    while (!signal.aborted) {
      const head = `content-type: application/octet-stream\r\ncontent-length: ${chunks.reduce((sum, chunk) => sum + chunk.length, 0)}`
      await send(
        ground,
        {
          path: `/snapshots/import-file?companyId=${ground.companyId}`,
          token: ground.agencyToken,
          head,
          pieces: chunks,
          pieceMs: 0,
        },
        signal,
        tally,
      )
    }
  }
  await Promise.all([lane(), lane(), lane()])
}

export const ATTACKS: Record<string, Attack> = {
  'wrong elements by the million': wrongElements,
  'nested filters': nestedFilters,
  'bulk tags at their limit': bulkTags,
  '1,000 streams': streams,
  '20 slow uploads': slowUploads,
  'plans of a fleet': plans,
  'archives of 60 MB': archives,
}
