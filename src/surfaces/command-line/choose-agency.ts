import { sql } from 'kysely'
import { listAgencies } from '../../auth/agencies.ts'
import { type Db, query } from '../../db/pool.ts'
import { CommandError, type Invocation, UsageError } from './command.ts'

export function text({ values }: Invocation, name: string): string | undefined {
  return values[name] as string | undefined
}

export async function chooseAgency(call: Invocation, db: Db): Promise<string> {
  const wanted = text(call, 'company-id')
  const agencies = await listAgencies(db)
  if (wanted !== undefined) {
    if (agencies.some((agency) => agency.id === wanted)) return wanted
    throw new CommandError(`There is no agency ${wanted}.`)
  }
  const [only, ...others] = agencies
  if (only === undefined) throw new CommandError('There is no agency yet. Make one: tintype agency create NAME')
  if (others.length > 0)
    throw new UsageError(
      'There are several agencies. Choose with ' +
        `--company-id:\n${agencies.map((agency) => `  ${agency.id}  ${agency.name}`).join('\n')}`,
    )
  return only.id
}

export async function agencyOf(db: Db, locationId: string): Promise<string> {
  const [location] = await query(
    db,
    sql<{
      agencyId: string
    }>`select agency_id as "agencyId" from location where id = ${locationId} and deleted_at is null`,
  )
  if (location === undefined) throw new CommandError(`There is no location ${locationId}.`)
  return location.agencyId
}

export async function agencyOfToken(db: Db, id: string): Promise<string> {
  const [row] = await query(
    db,
    sql<{ agencyId: string }>`select agency_id as "agencyId" from token where id::text = ${id}`,
  )
  if (row === undefined) throw new CommandError(`There is no token ${id}. tintype token list shows the ids.`)
  return row.agencyId
}
