import { AppError } from '../errors.ts'
import type { Platform } from '../operations/platform.ts'
import type { Entry } from '../snapshots/capture.ts'
import { showEntryNames, showRefs } from '../snapshots/ref-names.ts'
import { agencyNameOf, findShare, refusalOf, type ShareRow } from '../snapshots/share.ts'
import { getSnapshot, getVersion, sampleEntries } from '../snapshots/snapshots.ts'
import { getBlobs } from '../store/assets/index.ts'
import { escapeHtml, hashOf } from './html.ts'
import { PICTURED, toPicture } from './share-pictures.ts'

export interface Page {
  status: number
  html: string
}

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { margin: 8vh auto; max-width: 42rem; padding: 0 1.25rem; overflow-wrap: anywhere }
  h1 { font-size: 1.6rem; margin: 0 0 .5rem }
  table { border-collapse: collapse; margin: 1rem 0; width: 100%; table-layout: fixed }
  th, td { padding: .4rem 0; border-bottom: 1px solid #8884; vertical-align: top; overflow-wrap: anywhere }
  th { text-align: start; font-weight: 600 } td { text-align: end; width: 4rem }
  small { display: block; font-weight: 400; opacity: .8 }
  a.main { display: inline-block; padding: .6rem 1rem; border-radius: .5rem; background: #2f4a8a; color: #fff }
  pre { background: #8882; padding: 1rem; overflow-x: auto; border-radius: .5rem; white-space: pre-wrap }
  p.note { opacity: .75 }
  h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
  figure { margin: 1rem 0; padding: .75rem; border: 1px solid #8884; border-radius: .5rem }
  figcaption { font-weight: 600; margin-bottom: .5rem }
  ol { list-style: none; margin: 0; padding: 0 } section { margin-top: .5rem }
  .board { display: flex; flex-wrap: wrap; gap: .5rem } .board li { flex: 1 0 7rem }
  .board li, .fields li { padding: .4rem .6rem; border: 1px solid #8886; border-radius: .4rem }
  .fields li { margin-top: .4rem }
  .week li { display: grid; grid-template-columns: 6rem 1fr 8rem; gap: .75rem; align-items: center }
  .week svg { width: 100%; height: .6rem; background: #8883; fill: #5b7fd1 } .week small { text-align: end }
  .graph { overflow-x: auto } .graph svg { font-size: 12px; fill: none; stroke: #8888 }
  .graph text { fill: currentColor; stroke: none; opacity: .8 } .graph .title { font-size: 13px; opacity: 1 }`

/** The pages allow their own style and nothing else. */
export const PAGE_POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

const frame = (title: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`

/** What somebody sees who opens the address of a server without a console, and why there is none. */
export function toStartPage(why: string): Page {
  const html = frame(
    'Tintype',
    `<h1>Tintype</h1><p>Snapshots for CRMs. This server is up.</p><p>${escapeHtml(why)}</p><p><a href="/docs">Reference of the API</a> · <a href="/openapi.json">OpenAPI</a> · <a href="/ready">State</a></p>`,
  )
  return { status: 200, html }
}

const WHO: Record<ShareRow['shareType'], string> = {
  link: 'It can be imported once.',
  permanent_link: 'It can be imported by everybody who has the link.',
  agency_link: 'It can be imported by the agencies it was made for.',
  location_link: 'It can be imported by agencies with one of the sub-accounts it was made for.',
}

/** Assets that are named, of each kind. */
const MOST_NAMES = 12

/** Of these as many, of each kind, stand as pictures. */
const MOST_PICTURES = 2

/**
 * Some assets of each kind by name: for whoever may import them. A link that is for listed ones alone may go astray.
 */
async function samplesOf({ db }: Platform, share: ShareRow, version: number): Promise<Map<string, Entry[]>> {
  if (share.shareType === 'agency_link' || share.shareType === 'location_link') return new Map()
  const entries = await sampleEntries(db, share.snapshotId, version, MOST_NAMES)
  return Map.groupBy(await showEntryNames(db, share.snapshotId, version, entries), ({ kind }) => kind)
}

/** The first of each kind that can be drawn. */
async function picturesOf({ db }: Platform, samples: ReadonlyMap<string, Entry[]>): Promise<string> {
  const drawn = PICTURED.flatMap((kind) => (samples.get(kind) ?? []).slice(0, MOST_PICTURES))
  const blobs = await getBlobs(
    db,
    drawn.map(({ hash }) => hash),
  )
  const names = new Map([...samples.values()].flat().map((one) => [`${one.kind}:${one.lineage}`, one.name]))
  const pictures = drawn.map(({ kind, name, hash }) =>
    toPicture(kind, name, showRefs(JSON.parse(blobs.get(hash)?.text ?? '{}'), names)),
  )
  const all = pictures.join('')
  return all && `<h2>Some of it in pictures</h2>${all}`
}

function namesOf(samples: readonly Entry[], count: number): string {
  if (samples.length === 0) return ''
  const more = count > samples.length ? ` and ${count - samples.length} more` : ''
  return `<small>${samples.map(({ name }) => `<bdi>${escapeHtml(name)}</bdi>`).join(', ')}${more}</small>`
}

/** What somebody sees who opens a share link: what the snapshot holds and how to import it, or why that is over. */
export async function toSharePage(platform: Platform, shareId: string): Promise<Page> {
  try {
    const share = await findShare(platform.db, shareId)
    if (share === null) throw new AppError('not_found', { what: 'share', id: shareId })
    const refusal = refusalOf(share)
    if (refusal !== null) throw refusal
    const snapshot = await getSnapshot(platform.db, share.agencyId, share.snapshotId)
    const { version, counts, createdAt } = await getVersion(platform.db, snapshot, undefined)
    const samples = await samplesOf(platform, share, version)
    const pictures = await picturesOf(platform, samples)
    const kinds = [...platform.resources.values()].filter(({ kind }) => counts[kind] !== undefined)
    const rows = kinds.map(
      ({ kind, label }) =>
        `<tr><th scope="row">${escapeHtml(`${label}s`)}${namesOf(samples.get(kind) ?? [], counts[kind] ?? 0)}</th><td>${counts[kind]}</td></tr>`,
    )
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const command =
      `curl -X POST '${platform.publicUrl()}/snapshots/import?companyId=YOUR_COMPANY_ID' \\\n  -H 'Authorization: ` +
      `Bearer YOUR_AGENCY_TOKEN' -H 'Version: 2021-07-28' \\\n  -H 'Content-Type: application/json' -d ` +
      `'{"share":"${share.id}"}'`
    const byHand = `<details><summary>Import it with your agency's token instead</summary><pre>${escapeHtml(command)}</pre></details>`
    const inConsole = `<p><a class="main" href="/app/shares?import=true&amp;link=${share.id}">Import it in the console</a></p>`
    const html = frame(
      snapshot.name,
      `<h1 dir="auto">${escapeHtml(snapshot.name)}</h1><p><bdi>${escapeHtml(await agencyNameOf(platform.db, share.agencyId))}</bdi> shared this snapshot with you. ${WHO[share.shareType]}</p>${platform.config.console ? inConsole : ''}<p class="note">Version ${version} of ${createdAt.toISOString().slice(0, 10)}, ${total} ${total === 1 ? 'asset' : 'assets'}:</p><table>${rows.join('')}</table>${byHand}${pictures}<p class="note">An imported snapshot remembers where it came from: refresh it to get the publisher's newest version.</p>`,
    )
    return { status: 200, html }
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    const text =
      error.status === 404
        ? 'There is no such share. Ask whoever sent you the link for a new one.'
        : `${error.message}. Ask whoever sent you the link for a new one.`
    return {
      status: error.status,
      html: frame('Share', `<h1>This share cannot be opened</h1><p>${escapeHtml(text)}</p>`),
    }
  }
}
