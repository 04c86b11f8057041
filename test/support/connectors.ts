import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Input } from './catalogue-inputs.ts'
import type { CatalogueWorld } from './catalogue-world.ts'
import { OFFICIAL, type OfficialEntry } from './official.ts'

export interface ConnectorEntry {
  key: string
  kind: 'trigger' | 'search' | 'create' | 'other'
  title: string
  category: string
  line: string
  fields: string
  items?: string
  file?: true
  dedupe?: { id: string[] }
}

export interface ConnectorFile {
  entries: ConnectorEntry[]
  lists: Record<string, string>
}

export const CONNECTORS = join(import.meta.dirname, '../../connectors')

/** What a connector knows, as it is committed. */
export const connectorFile = (name: 'zapier' | 'n8n'): ConnectorFile =>
  JSON.parse(readFileSync(join(CONNECTORS, name, 'catalogue.json'), 'utf8'))

/** Entries of the catalogue beside what HighLevel says of each. */
export function paired({ entries }: ConnectorFile): { entry: ConnectorEntry; official: OfficialEntry }[] {
  return OFFICIAL.map((official) => {
    const entry = entries.find(
      ({ title, kind }) => title === official.title && (kind === 'trigger') === (official.kind === 'trigger'),
    )
    if (entry === undefined) throw new Error(`${official.title} is missing`)
    return { entry, official }
  })
}

/** Whether only a token of the agency may ask it. */
export const needsAgency = ({ tokenTypes }: OfficialEntry): boolean =>
  tokenTypes.length > 0 && tokenTypes.every((type) => type === 'Agency-Access')

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** What somebody fills in for an entry, by the names of its fields; where that is goes without saying. */
export function inputOf({ ids, inputs }: CatalogueWorld, entry: ConnectorEntry, { method, path }: OfficialEntry) {
  const { '': list, ...given }: Input = { ...inputs[`${method} ${path}`]?.() }
  const inPath = new Set([...entry.line.matchAll(/:(\w+)/g)].map(([, name]) => name as string))
  const names = entry.fields.split(' ').map((name) => name.replace(/[!~].*/, ''))
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = given[name] ?? given[camel(name)] ?? (inPath.has(name) ? ids[camel(name)] : undefined)
      if (value === undefined && list !== undefined && name === 'notifications') return [[name, list]]
      return value === undefined || name === 'locationId' ? [] : [[name, value]]
    }),
  ) as Input
}
