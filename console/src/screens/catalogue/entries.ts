import { queryOptions } from '@tanstack/react-query'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'

export type Entry = Output<'catalog.list'>['entries'][number]

/** It changes with the server's version alone. */
export const catalogueQuery = queryOptions({ ...reads('catalog.list', {}), staleTime: Number.POSITIVE_INFINITY })

/** JSON Schema as operations use it. */
export interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  anyOf?: Schema[]
  description?: string
  title?: string
  default?: unknown
  [name: string]: unknown
}

/** Entries whose words all stand in what is said of them. */
export function search(entries: readonly Entry[], words: string): Entry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return entries.filter((entry) => {
    const { title, description, category, operation } = entry
    const said = `${title} ${description} ${category} ${operation.name} ${operation.path}`.toLowerCase()
    return wanted.every((word) => said.includes(word))
  })
}
