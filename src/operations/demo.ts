import { sql } from 'kysely'
import { createToken } from '../auth/tokens.ts'
import { json, queryOne, type Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { newId } from '../ids.ts'
import { DEMO_BY_HAND } from '../resources/demo-by-hand.ts'
import { DEMO_TEMPLATE, type DemoAsset } from '../resources/demo-template.ts'
import { createAsset, updateAsset } from '../store/assets.ts'
import type { AssetDocument, AssetResource } from '../store/resource.ts'
import type { Platform } from './define.ts'
import { createDemoApp, type DemoApp } from './demo-app.ts'
import { createDemoRecords } from './demo-records.ts'

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

interface AgencyPlan {
  name: string
  relationshipNumber: string
  /** `people`: it also gets contacts and what happened with them. */
  locations: { name: string; portalId: number; timezone: string; doc: Record<string, unknown>; assets: readonly DemoAsset[]; people?: boolean }[]
}

const settings = { allowDuplicateContact: false, allowDuplicateOpportunity: false, allowFacebookNameMerge: false, disableContactTimezone: false }

const OWN: AgencyPlan = {
  name: 'Darkroom Agency',
  relationshipNumber: '1-234-567',
  locations: [
    {
      name: 'Template',
      portalId: 1001,
      timezone: 'America/New_York',
      doc: {
        address: '12 Mill Lane',
        city: 'Hudson',
        state: 'NY',
        country: 'US',
        postalCode: '12534',
        website: 'https://northlight.example',
        phone: '+15550142',
        settings,
      },
      assets: DEMO_TEMPLATE,
      people: true,
    },
    {
      name: 'Harbour Photo',
      portalId: 1002,
      timezone: 'Europe/London',
      doc: {
        address: '3 Quay Street',
        city: 'Bristol',
        country: 'GB',
        postalCode: 'BS1 4DJ',
        website: 'https://harbour.example',
        phone: '+442079460000',
        settings,
      },
      assets: DEMO_BY_HAND,
    },
    { name: 'New studio', portalId: 1003, timezone: 'Europe/Berlin', doc: { city: 'Berlin', country: 'DE', settings }, assets: [] },
  ],
}

const PARTNER: AgencyPlan = {
  name: 'Partner Agency',
  relationshipNumber: '7-654-321',
  locations: [
    { name: 'Partner studio', portalId: 2001, timezone: 'America/Los_Angeles', doc: { city: 'Portland', state: 'OR', country: 'US', settings }, assets: [] },
  ],
}

/**
 * Creates the demo: two agencies, four locations, tokens of every scope that are not rate limited. Null when it is there
 * already: its tokens were told once and cannot be read again. `records: false` leaves the locations without people.
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

async function createDemoAgency(platform: Platform, tx: Tx, plan: AgencyPlan, records: boolean): Promise<DemoAgency | null> {
  const at = platform.clock.nowMs()
  const companyId = newId()
  const row = await queryOne(
    tx,
    sql`insert into agency (id, name, relationship_number, created_at) values (${companyId}, ${plan.name}, ${plan.relationshipNumber}, ${new Date(at)})
      on conflict (relationship_number) do nothing returning id`,
  )
  if (row === null) return null
  const tokenOf = async (name: string, locationId: string | null) =>
    (await createToken(tx, { name, agencyId: companyId, locationId, scopes: ['*'], unlimited: true }, at)).token
  const locations: DemoLocation[] = []
  for (const { name, portalId, timezone, doc, assets, people } of plan.locations) {
    const id = newId()
    await sql`insert into location (id, agency_id, portal_id, name, timezone, doc, created_at, updated_at)
      values (${id}, ${companyId}, ${portalId}, ${name}, ${timezone}, ${json(doc)}, ${new Date(at)}, ${new Date(at)})`.execute(tx)
    const ids = await createDemoAssets(platform, tx, id, assets)
    if (people && records) await createDemoRecords(platform, tx, { companyId, locationId: id, assets: ids })
    locations.push({ id, name, portalId, token: await tokenOf(`Demo: ${name}`, id) })
  }
  return { companyId, relationshipNumber: plan.relationshipNumber, agencyToken: await tokenOf('Demo: agency', null), locations }
}

/** Writes the assets in their order, then what refers to later ones. */
async function createDemoAssets(platform: Platform, tx: Tx, locationId: string, assets: readonly DemoAsset[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>([['location', locationId]])
  const kinds = [...platform.resources.keys()]
  // One millisecond apart, so that lists show them in this order.
  let atMs = platform.clock.nowMs() - assets.length * 2
  const scope = () => ({ tx, locationId, author: { actor: 'system', cause: 'demo', atMs: atMs++ }, kinds })
  for (const { kind, ref, document } of assets) {
    const created = await createAsset(scope(), resourceOf(platform, kind), resolve(document, ids) as AssetDocument)
    ids.set(`${kind}/${ref}`, created.id)
    for (const stage of (created.document.stages ?? []) as { id: string; name: string }[]) ids.set(`${kind}/${ref}#${stage.name}`, stage.id)
  }
  for (const { kind, ref, later } of assets) {
    if (later === undefined) continue
    const changes = resolve(later, ids) as AssetDocument
    await updateAsset(scope(), resourceOf(platform, kind), ids.get(`${kind}/${ref}`) as string, ({ document }) => ({ ...document, ...changes }))
  }
  return ids
}

function resourceOf(platform: Platform, kind: string): AssetResource {
  const resource = platform.resources.get(kind)
  if (resource === undefined) throw new Error(`there is no kind ${kind}`)
  return resource
}

/** Puts ids in place of `@{kind/ref}`. */
function resolve(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replace(/@\{([^}]+)\}/g, (_, name) => {
      const id = ids.get(name)
      if (id === undefined) throw new Error(`the demo names ${name} before it exists`)
      return id
    })
  }
  if (Array.isArray(value)) return value.map((element) => resolve(element, ids))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, resolve(child, ids)]))
}
