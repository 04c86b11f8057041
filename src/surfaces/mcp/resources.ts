import type { Operation } from '../../operations/define.ts'
import { ask, type Desk } from './desk.ts'
import { knownOf, toolsOf } from './tools.ts'

/** What can be read by an address: a template of it, with inputs of the operation that answers as its variables. */
const RESOURCES: readonly { uri: string; operation: string; name: string }[] = [
  { uri: 'tintype://snapshots', operation: 'snapshots.list', name: 'Snapshots' },
  { uri: 'tintype://snapshots/{snapshotId}', operation: 'snapshots.get', name: 'A snapshot' },
  { uri: 'tintype://snapshots/{snapshotId}/versions', operation: 'snapshots.versions', name: 'Versions of a snapshot' },
  {
    uri: 'tintype://snapshots/{snapshotId}/diff/{from}/{to}',
    operation: 'snapshots.diff',
    name: 'What differs between two versions of a snapshot',
  },
  { uri: 'tintype://snapshots/{snapshotId}/drift', operation: 'snapshots.drift', name: 'Where sub-accounts drifted' },
  { uri: 'tintype://changes', operation: 'fleet.changes', name: 'What changed lately in all sub-accounts' },
  { uri: 'tintype://journal/earliest', operation: 'journal.earliest', name: 'The first file of the journal' },
  { uri: 'tintype://journal/latest', operation: 'journal.latest', name: 'The last file of the journal' },
  { uri: 'tintype://journal/{offset}/next', operation: 'journal.next', name: 'The file of the journal after another' },
]
const MIME = 'application/json'
const SNAPSHOT = 'tintype://snapshots/'

type Found = (typeof RESOURCES)[number] & { asked: Operation }

/** Those whose operation the caller may ask for. */
function resourcesOf({ registry, caller, choice }: Desk): Found[] {
  const offered = new Map(toolsOf(registry, caller, choice.access).map((operation) => [operation.name, operation]))
  return RESOURCES.flatMap((resource) => {
    const asked = offered.get(resource.operation)
    return asked === undefined ? [] : [{ ...resource, asked }]
  })
}

const toResource = ({ uri, name, asked }: Found) => ({ uri, name, description: asked.description, mimeType: MIME })

/** What has an address without variables, and each snapshot. */
export async function listResources(desk: Desk) {
  const found = resourcesOf(desk)
  const plain = found.filter(({ uri }) => !uri.includes('{')).map(toResource)
  const list = found.find(({ operation }) => operation === 'snapshots.list')
  if (list === undefined) return plain
  const { body } = await ask(desk, list.asked, {})
  const { snapshots } = body as { snapshots: { id: string; name: string }[] }
  return [...plain, ...snapshots.map(({ id, name }) => ({ uri: `${SNAPSHOT}${id}`, name, mimeType: MIME }))]
}

export const listTemplates = (desk: Desk) =>
  resourcesOf(desk)
    .filter(({ uri }) => uri.includes('{'))
    .map((found) => {
      const { uri: uriTemplate, ...resource } = toResource(found)
      return { uriTemplate, ...resource }
    })

/** Null: there is no such resource, or not for this caller. */
export async function readResource(desk: Desk, uri: string) {
  for (const { uri: template, asked } of resourcesOf(desk)) {
    const input = match(template, uri)
    if (input === null) continue
    // Addresses are texts: `ask` makes numbers of them, as it does for paths and queries.
    const { body } = await ask(desk, asked, { ...knownOf(asked, desk.caller), ...input })
    return { contents: [{ uri, mimeType: MIME, text: JSON.stringify(body ?? null) }] }
  }
  return null
}

function match(template: string, uri: string): Record<string, string> | null {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  const values = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([^/?#]+)')}$`).exec(uri)?.slice(1)
  if (values === undefined) return null
  try {
    return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index] as string)]))
  } catch {
    return null
  }
}
