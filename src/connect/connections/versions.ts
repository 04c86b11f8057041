import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { type Db, json, query, queryOne, type Tx } from '../../db/pool.ts'
import { AppError } from '../../errors.ts'
import { Mapping } from '../mapping/document.ts'
import { CsvReading } from '../reading/csv.ts'
import { EmailReading } from '../reading/email.ts'
import { PollReading } from '../reading/poll-rules.ts'
import { SignatureRule } from '../reading/verify.ts'
import type { Connection } from './connection.ts'

const Path = (description: string) => Type.String({ minLength: 1, maxLength: 500, description })

/** How what comes is read, without anything secret: what is named here by `secret` stands among the secrets. */
export const Source = Type.Object(
  {
    items: Type.Optional(
      Path('Where the list of items stands in what comes. Without it what comes is an item, or a list.'),
    ),
    verify: Type.Optional(SignatureRule),
    poll: Type.Optional(PollReading),
    csv: Type.Optional(CsvReading),
    everyMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 15 })),
    mail: Type.Optional(EmailReading),
  },
  { additionalProperties: false },
)

/** All of a connection that has versions. */
export const Definition = Type.Object({ source: Source, mapping: Mapping }, { additionalProperties: false })
export type Definition = Static<typeof Definition>

export interface Version {
  version: number
  doc: Definition
  author: string
  createdAt: Date
}

const COLUMNS = sql`version, doc, author, created_at as "createdAt"`
const isOf = ({ locationId, id }: Pick<Connection, 'locationId' | 'id'>) =>
  sql`location_id = ${locationId} and connection_id = ${id}`

/** The connection is held: its versions are counted without a gap. */
export async function addVersion(
  tx: Tx,
  connection: Pick<Connection, 'locationId' | 'id'>,
  { version, doc, author, atMs }: { version: number; doc: Definition; author: string; atMs: number },
): Promise<void> {
  await sql`insert into connection_version (location_id, connection_id, version, doc, author, created_at)
      values (${connection.locationId}, ${connection.id}, ${version}, ${json(doc)}, ${author}, ${new Date(atMs)})`.execute(
    tx,
  )
}

export function listVersions(db: Db, connection: Pick<Connection, 'locationId' | 'id'>): Promise<Version[]> {
  return query(
    db,
    sql<Version>`select ${COLUMNS} from connection_version where ${isOf(connection)} order by version desc limit 200`,
  )
}

export async function getVersion(
  db: Db,
  connection: Pick<Connection, 'locationId' | 'id'>,
  version: number,
): Promise<Version> {
  const row = await queryOne(
    db,
    sql<Version>`select ${COLUMNS} from connection_version where ${isOf(connection)} and version = ${version}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'version', id: version })
  return row
}
