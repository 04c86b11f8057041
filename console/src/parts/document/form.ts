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
}

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
