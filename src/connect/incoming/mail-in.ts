import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { SMTPServerDataStream } from 'smtp-server'
import type { Clock } from '../../clock.ts'
import type { Db } from '../../db/pool.ts'
import type { Log } from '../../log.ts'
import { type Connection, findByMailName } from '../connections/connection.ts'
import { gatherArrival } from './gathered-arrivals.ts'

export interface MailIn extends AsyncDisposable {
  port: number
}

const MOST_RECIPIENTS = 20
const MOST_CLIENTS = 100
const SILENT_MS = 30_000

/**
 * Takes e-mail for connections (SMTP), and for nobody else: it passes nothing on. Behind a mail server of the operator's,
 * which looks after TLS and floods. What was taken is in the database; where it cannot be, the sender keeps it and comes again.
 */
export async function startMailIn({
  db,
  clock,
  log,
  port,
  host,
  mostBytes,
}: {
  db: Db
  clock: Clock
  log: Log
  port: number
  host: string
  mostBytes: number
}): Promise<MailIn> {
  const { SMTPServer } = await import('smtp-server')
  const smtp = new SMTPServer({
    banner: 'Tintype',
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: mostBytes,
    maxClients: MOST_CLIENTS,
    socketTimeout: SILENT_MS,
    disableReverseLookup: true,
    onRcptTo({ address }, session, done) {
      if (session.envelope.rcptTo.length >= MOST_RECIPIENTS) return done(refusal(452, 'Too many recipients'))
      find(db, address).then(
        (connection) => done(connection === null ? refusal(550, 'There is no such mailbox here') : null),
        () => done(refusal(451, 'Come again later')),
      )
    },
    onData(stream, session, done) {
      const recipients = session.envelope.rcptTo.map(({ address }) => address)
      take(stream, recipients).then(
        (fault) => done(fault),
        (error) => {
          log.warn({ reason: (error as Error).message }, 'an e-mail could not be kept')
          done(refusal(451, 'Come again later'))
        },
      )
    },
  })
  // Whoever hangs up in the middle is no fault of ours.
  smtp.on('error', (error) => log.debug({ reason: error.message }, 'a connection of e-mail broke off'))

  async function take(stream: SMTPServerDataStream, recipients: readonly string[]): Promise<Error | null> {
    const body = await bytesOf(stream, mostBytes)
    if (body === null || stream.sizeExceeded) return refusal(552, `The message is larger than ${mostBytes} bytes`)
    for (const address of recipients) {
      const connection = await find(db, address)
      if (connection !== null) await gatherArrival(db, clock, arrivedFor(connection, body))
    }
    return null
  }

  smtp.listen(port, host)
  await once(smtp.server, 'listening')
  const bound = smtp.server.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    [Symbol.asyncDispose]: () => new Promise((closed) => smtp.close(closed)),
  }
}

const refusal = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })

/** The whole message; null: it is too large. Of that the rest is heard out, and dropped. */
async function bytesOf(stream: SMTPServerDataStream, most: number): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= most) chunks.push(chunk)
  }
  return size > most ? null : Buffer.concat(chunks)
}

async function find(db: Db, address: string): Promise<Connection | null> {
  const [name = ''] = address.split('@')
  return findByMailName(db, createHash('sha256').update(name.toLowerCase()).digest('hex'))
}

function arrivedFor({ locationId, id: connectionId, agencyId, state }: Connection, body: Buffer) {
  const [, said] = /^message-id:\s*(<[^>\r\n]{1,900}>)/im.exec(headOf(body)) ?? []
  return {
    locationId,
    connectionId,
    agencyId,
    message: said === undefined ? null : createHash('sha256').update(`mail ${said}`).digest('base64'),
    headers: { 'content-type': 'message/rfc822' },
    body,
    state: state === 'draft' || state === 'test' ? ('sample' as const) : ('waiting' as const),
  }
}

const headOf = (body: Buffer) =>
  body
    .subarray(0, 65_536)
    .toString('latin1')
    .split(/\r?\n\r?\n/)[0] ?? ''
