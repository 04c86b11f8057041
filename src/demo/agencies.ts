import { sql } from 'kysely'
import { createToken } from '../auth/tokens.ts'
import { json, queryOne, type Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { newId } from '../ids.ts'
import type { Platform } from '../operations/platform.ts'
import { createDemoApp, type DemoApp } from './app.ts'
import { createDemoAssets } from './create-assets.ts'
import { type AgencyPlan, OWN, PARTNER } from './plans.ts'
import { createDemoRecords } from './records.ts'

export interface DemoLocation {
  id: string
  name: string
  portalId: number
  token: string
}

export interface DemoAgency {
  companyId: string
  relationshipNumber: string
  agencyToken: string
  locations: DemoLocation[]
}

/** What `<data>/demo.json` holds: the only place where the demo's tokens can be read. */
export interface DemoFile extends DemoAgency {
  baseUrl: string
  partner: DemoAgency
  app: DemoApp['app']
  admin: DemoApp['admin']
}

/**
 * Creates the demo: two agencies, four locations, tokens of every scope that are not rate limited. Null when it is
 * there already: its tokens were told once and cannot be read again. `records: false` leaves the locations without
 * people.
 */
export function createDemo(platform: Platform, baseUrl: string, { records = true } = {}): Promise<DemoFile | null> {
  return inTransaction(platform.db, async (tx) => {
    const own = await createDemoAgency(platform, tx, OWN, records)
    if (own === null) return null
    const partner = await createDemoAgency(platform, tx, PARTNER, records)
    if (partner === null) throw new Error(`the relationship number ${PARTNER.relationshipNumber} is taken`)
    return { baseUrl, ...own, partner, ...(await createDemoApp(platform, tx, own.companyId)) }
  })
}

async function createDemoAgency(
  platform: Platform,
  tx: Tx,
  plan: AgencyPlan,
  records: boolean,
): Promise<DemoAgency | null> {
  const at = platform.clock.nowMs()
  const companyId = newId()
  const row = await queryOne(
    tx,
    sql`insert into agency (id, name, relationship_number, created_at)
        values (${companyId}, ${plan.name}, ${plan.relationshipNumber}, ${new Date(at)})
      on conflict (relationship_number) do nothing returning id`,
  )
  if (row === null) return null
  const tokenOf = async (name: string, locationId: string | null) =>
    (await createToken(tx, { name, agencyId: companyId, locationId, scopes: ['*'], unlimited: true }, at)).token
  const locations: DemoLocation[] = []
  for (const { name, portalId, timezone, doc, assets, people } of plan.locations) {
    const id = newId()
    await sql`insert into location (id, agency_id, portal_id, name, timezone, doc, created_at, updated_at)
      values (${id}, ${companyId}, ${portalId}, ${name}, ${timezone}, ${json(doc)}, ${new Date(at)},
        ${new Date(at)})`.execute(tx)
    const ids = await createDemoAssets(platform, tx, id, assets)
    if (people && records) await createDemoRecords(platform, tx, { companyId, locationId: id, assets: ids })
    locations.push({ id, name, portalId, token: await tokenOf(`Demo: ${name}`, id) })
  }
  return {
    companyId,
    relationshipNumber: plan.relationshipNumber,
    agencyToken: await tokenOf('Demo: agency', null),
    locations,
  }
}
