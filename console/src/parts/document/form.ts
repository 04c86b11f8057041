import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { reads } from '../../api/query.ts'
import type { Doc, Editor } from './editors.ts'

export interface DocumentForm {
  locationId: string
  kind: string
  editor: Editor
  /** The whole document: parts are named from anywhere in it. */
  document: Doc
  readOnly: boolean
  /** What the document names and is not there: how it reads in the document -> what it was called; undefined: unknown. */
  broken?: Broken
  /** Of what it names, what somebody was led to: the first field that holds it takes the focus, once. */
  aim?: Aim | undefined
}

export type Broken = ReadonlyMap<string, string | undefined>

export interface Aim {
  readonly value: string
  isTaken: boolean
}

/** What of it leads nowhere, as it reads there, in a field or in all that an element holds. */
export function brokenIn(value: unknown, broken: Broken = new Map()): string[] {
  const text = broken.size === 0 ? '' : (JSON.stringify(value) ?? '')
  return [...broken.keys()].filter((one) => text.includes(one))
}

/** An asset that is known not to be there is asked for by nobody. */
export const isMissing = (id: string): boolean => id.startsWith('missing:')

export const FormContext = createContext<DocumentForm | null>(null)

export function useForm(): DocumentForm {
  const form = useContext(FormContext)
  if (form === null) throw new Error('a field stands outside of a form')
  return form
}

const MOST = 1000

/** Assets of a kind, by id. Undefined while they are on their way. */
export function useNames(locationId: string, kind: string): ReadonlyMap<string, string> | undefined {
  const { data } = useQuery({ ...reads('locations.assets', { locationId, kind, limit: MOST }), staleTime: 30_000 })
  return data && new Map(data.assets.map(({ id, name }) => [id, name]))
}
