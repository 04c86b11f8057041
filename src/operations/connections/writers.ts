import { getLocation } from '../../auth/locations.ts'
import { type Writing as OfRun, revertRecords, type Writer, type Writers } from '../../connect/index.ts'
import { customFields } from '../../resources/custom-fields.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { invoices } from '../../resources/records/invoices.ts'
import { type AssetResource, listAssets } from '../../store/assets/index.ts'
import { ownOfContact, writeContacts } from '../contacts/index.ts'
import type { Writing } from '../define.ts'
import { fieldOfKey, fieldsByKey } from '../field-values.ts'
import { ownOfLocation, revertLocations, writeLocations } from '../locations/index.ts'
import type { Platform } from '../platform.ts'
import { ownOfInvoice, writeInvoices } from '../synchronisation/index.ts'

/**
 * What becomes of the items of connections, by the same rules as what callers ask for. The jobs stand below the operations,
 * so they are handed it (app.ts).
 */
export function createWriters(platform: Pick<Platform, 'clock' | 'resources' | 'records'>): Writers {
  const contact: Writer = {
    kind: contacts.kind,
    ownOf: ownOfContact,
    revert: (place, reverts) => revertRecords(place, contacts.kind, reverts),
    habits,
    async typesOf({ tx, locationId }, names) {
      const byKey = fieldsByKey(await fieldsOf(tx, locationId))
      return new Map(
        names.flatMap((name) => {
          const field = fieldOfKey(byKey, name, 'contact')
          return field === undefined ? [] : [[name, String(field.document.dataType)] as const]
        }),
      )
    },
    async write(run, items) {
      return writeContacts(await writingOf(platform, run, { withFields: true }), items, run)
    },
  }
  const invoice: Writer = {
    kind: invoices.kind,
    ownOf: ownOfInvoice,
    revert: (place, reverts) => revertRecords(place, invoices.kind, reverts),
    habits,
    async write(run, items) {
      return writeInvoices(await writingOf(platform, run, { withFields: false }), items, run)
    },
  }
  const location: Writer = {
    kind: 'locations',
    ownOf: ownOfLocation,
    habits: async () => OF_AGENCIES,
    write: writeLocations,
    revert: revertLocations,
  }
  return { contact, invoice, location }
}

async function writingOf(
  { clock, resources, records }: Pick<Platform, 'clock' | 'resources' | 'records'>,
  { tx, agencyId, locationId, author }: OfRun,
  { withFields }: { withFields: boolean },
): Promise<Writing> {
  const location = await getLocation(tx, agencyId, locationId)
  const fields = withFields ? await fieldsOf(tx, locationId) : []
  const scope = { tx, locationId, author, kinds: [...resources.keys()], records, precondition: undefined }
  return { db: tx, tx, clock, agencyId, locationId, author, scope, known: { location, fields } }
}

async function fieldsOf(tx: OfRun['tx'], locationId: string) {
  const all = await listAssets(tx, customFields as unknown as AssetResource, locationId)
  return all.filter(({ document }) => document.documentType !== 'folder')
}

/** An agency has none: items say their country themselves, or are of where most are. */
const OF_AGENCIES = { zone: 'UTC', country: 'US', currency: 'USD' }

/** Those of the location. */
const habits: Writer['habits'] = async ({ db, agencyId, locationId }) => {
  const { timezone, doc } = await getLocation(db, agencyId, locationId)
  const currency = (doc as { currency?: unknown }).currency
  return {
    zone: timezone,
    country: typeof doc.country === 'string' && /^[A-Z]{2}$/.test(doc.country) ? doc.country : 'US',
    currency: typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : 'USD',
  }
}
