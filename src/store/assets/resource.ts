import type { Static, TObject } from 'typebox'
import type { IdFormat } from '../../ids.ts'
import { naturalKey } from '../natural-key.ts'

/** A document as a location's callers see it: every reference is an id of that location. */
export type AssetDocument = Record<string, unknown>

/** How a location's own value stands beside the portable document. */
export interface LocalField {
  /** What a new asset has until the location says otherwise. Top-level fields only. */
  initial?: unknown
  /** Field of the document that seeds the value when a push creates the asset. */
  seed?: string
}

/** Parts that lead to one another: steps of a workflow, slides of a survey. */
export interface StepRules {
  /** Path of the list they stand in. */
  list: string
  /** Paths of the pointers that say where it goes on. When a merge removes a step, they go on to the step after it. */
  pointers: readonly string[]
  /** Fields of a step that name the step after it; the first that is set counts. None: the list itself is the order. */
  next: readonly string[]
}

/**
 * One kind of configuration, as data. Paths are written `fields[].customFieldId`: dots between names, `[]` for each
 * element of an array.
 */
export interface AssetResource<Schema extends TObject = TObject> {
  /** Plural and snake_case, as in `completed` and `pending` on the HighLevel wire. */
  kind: string
  label: string
  /** Key of one asset in an answer (`{form: ...}`), and the word in error messages. */
  noun: string
  idFormat: IdFormat
  /** Scopes of the HighLevel wire that reading and writing need. */
  scopes: { read: string; write: string }
  /** The document without `id` and `locationId`. */
  schema: Schema
  /** Natural key: what identifies the asset when no lineage does. Compared as in natural-key.ts. Null: none. */
  key: ((document: Static<Schema>) => string | null) | null
  /** Two assets of one location may not share a key; the field is named in the error. Null: they may. */
  unique: string | null
  /** Texts name the asset by its key: `{{ custom_values.phone }}`, `{{ contact.shirt }}`. */
  isMergeTag: boolean
  /** What people call the asset. Default: its `name`. */
  title?: (document: Static<Schema>) => string
  /** Path of an asset's id -> its kind. */
  refs: Record<string, string>
  /** Path of an array whose elements have an `id` of their own (stages, steps) -> the format of that id. */
  parts: Record<string, IdFormat>
  /** Path of a part's id -> the kind whose assets hold such parts (its own kind: a part of this document). */
  partRefs: Record<string, string>
  /** Path of an array of parts -> the field of each part that repeats its place in the array. */
  positions: Record<string, string>
  /** How the parts of this document lead to one another; null: they do not. */
  steps: StepRules | null
  /**
   * Paths of fields that mean something only together. A merge takes a group from one side when its first field
   * differs.
   */
  together: readonly (readonly string[])[]
  /** Fields that belong to the location: kept out of the hash and never pushed over. */
  local: Record<string, LocalField>
  /**
   * Documents that the demo, the reference and the tests use; references in them name `kind:name` of other examples.
   */
  examples: Static<Schema>[]
}

type Optional =
  | 'key'
  | 'unique'
  | 'isMergeTag'
  | 'refs'
  | 'parts'
  | 'partRefs'
  | 'positions'
  | 'steps'
  | 'together'
  | 'local'
  | 'idFormat'

/** Declares a kind of asset. The natural key is the name unless `key` says otherwise. */
export function asset<Schema extends TObject>(
  resource: Omit<AssetResource<Schema>, Optional> & Partial<Pick<AssetResource<Schema>, Optional>>,
): AssetResource<Schema> {
  return {
    idFormat: 'id20',
    key: (document) => (document as { name?: string }).name ?? null,
    unique: null,
    isMergeTag: false,
    refs: {},
    parts: {},
    partRefs: {},
    positions: {},
    steps: null,
    together: [],
    local: {},
    ...resource,
  }
}

/**
 * The name of a portable document, for lists and plans. Its references are markers: `shownName` and `showNames` say how
 * it reads.
 */
export function titleOf(resource: AssetResource, document: AssetDocument): string {
  const title = resource.title?.(document as never) ?? document.name
  return typeof title === 'string' && title !== '' ? title.slice(0, MOST_TITLE) : resource.label
}

/** More than the longest name with every ⟦ written twice, or with as many references as it has room for. */
const MOST_TITLE = 1000

/**
 * The natural key of a portable document, folded for comparison. It is only compared, so a ⟦ stands in it as it reads.
 */
export function keyOf(resource: AssetResource, document: AssetDocument): string | null {
  const key = resource.key?.(document as never)
  return typeof key === 'string' ? naturalKey(key.replaceAll('⟦⟦', '⟦')) || null : null
}

const propertyNames = new WeakMap<object, ReadonlySet<string>>()

/** All names that a kind of asset gives to properties, at any depth. */
export function propertyNamesOf({ schema }: AssetResource): ReadonlySet<string> {
  let names = propertyNames.get(schema)
  if (names === undefined) {
    names = new Set(namesIn(schema))
    propertyNames.set(schema, names)
  }
  return names
}

function namesIn(schema: unknown): string[] {
  if (schema === null || typeof schema !== 'object') return []
  const { properties } = schema as { properties?: object }
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(namesIn)]
}
