import { sql } from 'kysely'
import { texts } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import {
  type AssetDocument,
  type AssetResource,
  createAsset,
  deleteAsset,
  updateAsset,
} from '../../src/store/assets/index.ts'
import { readAll, type Story, startStory } from './stories.ts'

const ASSETS = 200

/** What a push needs to know of the world in the database. */
export interface CrashWorld {
  companyId: string
  token: string
  snapshotId: string
}

/**
 * Fills a database: a source with 200 assets in three versions, and targets. A fifth of them hold the first version
 * with edits and deletions of their own, a fifteenth have assets of their own under the same keys, the others are
 * empty.
 */
export async function createCrashWorld(databaseUrl: string, targets: number): Promise<CrashWorld> {
  await using story = await startStory({ databaseUrl, logLevel: 'warn' })
  const { agency, template } = story
  const author = new Author(story)
  const filler = await author.fill(template.id)
  const locationIds = await addLocations(story, targets - 2)
  const { id: snapshotId } = await agency.capture(template.id)

  const edited = locationIds.slice(0, targets / 5)
  // Some have a tag of their own that is matched: when it leaves the snapshot, it is handed back to them.
  for (const locationId of edited.filter((_, index) => index % 5 === 1))
    await author.create(locationId, 'tags', { name: `tag ${filler.tags.length - 2}` })
  await agency.push(snapshotId, edited)
  await setUpByHand(author, locationIds.slice(targets / 5).slice(0, targets / 15 - 1))
  for (const [index, locationId] of edited.entries()) await author.editTarget(locationId, filler, index)

  await author.editSource(template.id, filler, 2)
  await agency.refresh(snapshotId)
  await author.editSource(template.id, filler, 3)
  await agency.refresh(snapshotId)
  return { companyId: agency.companyId, token: story.demo.agencyToken, snapshotId }
}

/** Lineages of what was added to the demo's template, by kind. */
type Filler = Record<'custom_fields' | 'tags' | 'trigger_links' | 'templates' | 'forms' | 'workflows', string[]>

async function addLocations({ server, agency }: Story, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `CrashLocation${String(index + 1).padStart(7, '0')}`)
  await sql`
    insert into location (id, agency_id, portal_id, name, timezone, doc)
    select id, ${agency.companyId}, 500000 + position, 'Location ' || position, 'UTC', '{}' from unnest(${texts(ids)})
      with ordinality l(id, position)`.execute(server.app.platform.db)
  return ids
}

/**
 * The hand-made location of the demo, many times: pushed, and then made their own. Two templates of one name are an
 * ambiguity.
 */
async function setUpByHand(author: Author, locationIds: string[]): Promise<void> {
  const { agency, byHand, server } = author.story
  const snapshot = await agency.capture(byHand.id, { name: 'By hand' })
  await agency.push(snapshot.id, locationIds)
  const { db } = server.app.platform
  await sql`update asset set base_hash = null, source_push = null
      where location_id = any(${texts(locationIds)})`.execute(db)
  await sql`delete from location_applied where location_id = any(${texts(locationIds)})`.execute(db)
  for (const locationId of [byHand.id, ...locationIds]) {
    for (const body of ['Ours', 'Ours, too']) await author.create(locationId, 'templates', smsTemplate(1, body))
    await author.create(locationId, 'templates', smsTemplate(2, 'Our reminder'))
    await author.create(locationId, 'custom_fields', { ...field(3), placeholder: 'Ours' })
  }
}

const field = (index: number) => ({
  name: `Field ${index}`,
  fieldKey: `contact.field_${index}`,
  dataType: 'TEXT',
  model: 'contact',
  position: 100 + index,
})
const smsTemplate = (index: number, body: string) => ({
  name: `Message ${index}`,
  type: 'sms',
  template: { body, attachments: [] },
  urlAttachments: [],
})

/** Writes assets as a user would. */
class Author {
  readonly story: Story

  constructor(story: Story) {
    this.story = story
  }

  #inLocation<T>(locationId: string, work: (scope: Parameters<typeof createAsset>[0]) => Promise<T>): Promise<T> {
    const { db, clock, resources } = this.story.server.app.platform
    return inTransaction(db, (tx) =>
      work({
        tx,
        locationId,
        author: { actor: 'test', cause: null, atMs: clock.nowMs() },
        kinds: [...resources.keys()],
      }),
    )
  }

  #resource(kind: string): AssetResource {
    return this.story.server.app.platform.resources.get(kind) as AssetResource
  }

  async create(locationId: string, kind: string, document: object): Promise<string> {
    return this.#inLocation(
      locationId,
      async (scope) => (await createAsset(scope, this.#resource(kind), document as AssetDocument)).id,
    )
  }

  /** The id under which a location knows an asset. */
  async #idOf(locationId: string, kind: string, lineage: string): Promise<string> {
    const { rows } = await sql<{
      id: string
    }>`select id from asset where location_id = ${locationId} and kind = ${kind} and lineage = ${lineage}`.execute(
      this.story.server.app.platform.db,
    )
    return (rows[0] as { id: string }).id
  }

  async edit(
    locationId: string,
    kind: string,
    lineage: string,
    changes: (document: AssetDocument) => object,
  ): Promise<void> {
    const id = await this.#idOf(locationId, kind, lineage)
    await this.#inLocation(locationId, (scope) =>
      updateAsset(scope, this.#resource(kind), id, ({ document }) => ({ ...document, ...changes(document) })),
    )
  }

  async remove(locationId: string, kind: string, lineage: string): Promise<void> {
    const id = await this.#idOf(locationId, kind, lineage)
    await this.#inLocation(locationId, (scope) => deleteAsset(scope, this.#resource(kind), id))
  }

  /** Adds assets that refer to each other until the location holds 200. */
  async fill(locationId: string): Promise<Filler> {
    const filler: Filler = { custom_fields: [], tags: [], trigger_links: [], templates: [], forms: [], workflows: [] }
    const missing = ASSETS - (await readAll(this.story, locationId)).length
    const kinds = Object.keys(filler) as (keyof Filler)[]
    for (let count = 0; count < missing; count++) {
      const kind = kinds[count % kinds.length] as keyof Filler
      const index = filler[kind].length
      filler[kind].push(await this.create(locationId, kind, toFiller(kind, index, filler)))
    }
    return filler
  }

  /** A new version: some assets change, one tag goes, two come. */
  async editSource(locationId: string, filler: Filler, version: number): Promise<void> {
    for (const lineage of every(filler.custom_fields, 3))
      await this.edit(locationId, 'custom_fields', lineage, () => ({ placeholder: `Version ${version}` }))
    for (const lineage of every(filler.templates, 4))
      await this.edit(locationId, 'templates', lineage, renameTo(version))
    for (const lineage of every(filler.forms, 5))
      await this.edit(locationId, 'forms', lineage, () => ({ description: `Version ${version}` }))
    for (const lineage of every(filler.workflows, 6))
      await this.edit(locationId, 'workflows', lineage, ({ name }) => ({ name: `${name} (${version})` }))
    await this.remove(locationId, 'tags', filler.tags.at(-version) as string)
    for (const part of ['a', 'b']) await this.create(locationId, 'tags', { name: `new in ${version} ${part}` })
  }

  /** Work of a client: some of it beside, some of it across what the next version changes. */
  async editTarget(locationId: string, filler: Filler, index: number): Promise<void> {
    const pick = (lineages: string[], step = 1) => every(lineages, step)[index % every(lineages, step).length] as string
    await this.edit(locationId, 'custom_fields', pick(filler.custom_fields, 3), () =>
      index % 2 === 0 ? { placeholder: 'Ours' } : { position: 7 },
    )
    await this.edit(locationId, 'templates', pick(filler.templates), () => ({
      template: { body: `Ours ${index}`, attachments: [] },
    }))
    await this.edit(locationId, 'forms', pick(filler.forms, 5), ({ fields }) => ({
      fields: [...(fields as object[]), { type: 'text', label: 'Ours' }],
    }))
    if (index % 3 === 0) await this.remove(locationId, 'workflows', pick(filler.workflows, 6))
    if (index % 4 === 0)
      await this.edit(locationId, 'custom_fields', pick(filler.custom_fields.slice(1), 3), () => ({
        placeholder: 'Version 2',
      }))
    if (index % 5 === 0)
      await this.edit(locationId, 'tags', filler.tags.at(-2) as string, () => ({ name: 'our name for it' }))
  }
}

const every = (lineages: string[], step: number) => lineages.filter((_, index) => index % step === 0)
const renameTo = (version: number) => (document: AssetDocument) => ({
  template: { ...(document.template as object), subject: `Version ${version}` },
})

/** The asset number `index` of a kind; it refers to those that were made before it. */
function toFiller(kind: keyof Filler, index: number, filler: Filler): object {
  const earlier = (other: keyof Filler) => filler[other][index % Math.max(1, filler[other].length)] as string
  if (kind === 'custom_fields') return field(index)
  if (kind === 'tags') return { name: `tag ${index}` }
  if (kind === 'trigger_links') return { name: `Link ${index}`, redirectTo: `https://example.com/${index}` }
  if (kind === 'templates') return smsTemplate(index, `Look: {{trigger_link.${earlier('trigger_links')}}}`)
  if (kind === 'forms') {
    const fields = [
      { id: 'name', type: 'full_name', label: 'Name' },
      { id: 'field', type: 'custom_field', label: 'Field', customFieldId: earlier('custom_fields') },
    ]
    return {
      name: `Form ${index}`,
      fields,
      onSubmit: { action: 'message', message: 'Thanks', tagIds: [earlier('tags')] },
    }
  }
  return {
    name: `Workflow ${index}`,
    status: 'draft',
    trigger: { type: 'form_submitted', formId: earlier('forms') },
    steps: [
      { id: 'text', type: 'send_sms', templateId: earlier('templates'), next: 'tag' },
      { id: 'tag', type: 'add_tag', tagIds: [earlier('tags')], next: null },
    ],
  }
}
