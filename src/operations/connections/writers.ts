import { getLocation } from '../../auth/locations.ts'
import type { Writing as OfRun, Writer, Writers } from '../../connect/index.ts'
import { customFields } from '../../resources/custom-fields.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { invoices } from '../../resources/records/invoices.ts'
import { type AssetResource, listAssets } from '../../store/assets/index.ts'
import { ownOfContact, writeContacts } from '../contacts/index.ts'
import type { Writing } from '../define.ts'
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
    habits,
    async write(run, items) {
      return writeContacts(await writingOf(platform, run, { withFields: true }), items, run)
    },
  }
  const invoice: Writer = {
    kind: invoices.kind,
    ownOf: ownOfInvoice,
    habits,
    async write(run, items) {
      return writeInvoices(await writingOf(platform, run, { withFields: false }), items, run)
    },
  }
  return { contact, invoice, location: null }
}

async function writingOf(
  { clock, resources, records }: Pick<Platform, 'clock' | 'resources' | 'records'>,
  { tx, agencyId, locationId, author }: OfRun,
  { withFields }: { withFields: boolean },
): Promise<Writing> {
  const location = await getLocation(tx, agencyId, locationId)
  const all = withFields ? await listAssets(tx, customFields as unknown as AssetResource, locationId) : []
  const fields = all.filter(({ document }) => document.documentType !== 'folder')
  const scope = { tx, locationId, author, kinds: [...resources.keys()], records, precondition: undefined }
  return { db: tx, tx, clock, agencyId, locationId, author, scope, known: { location, fields } }
}

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
