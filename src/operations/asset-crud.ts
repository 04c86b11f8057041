import { isDeepStrictEqual } from 'node:util'
import { type TObject, Type } from 'typebox'
import {
  type Asset,
  type AssetDocument,
  type AssetResource,
  createAsset,
  deleteAsset,
  getAsset,
  updateAsset,
} from '../store/assets/index.ts'
import { type Context, type Operation, operation } from './define.ts'
import { AsStored, DONE, Done, Id, Noun } from './schemas.ts'

export interface CrudOptions {
  resource: AssetResource
  /** Collection path without the last slash: `/forms`. */
  path: string
  /** Prefix of the operations' names and heading in catalogues. */
  name: string
  category: string
  /** Parameter with the asset's id. */
  param: string
  /** How it is shown, where that is more than what is stored. */
  shown?: {
    schema: TObject
    toWire: typeof toWire
    /** What of it callers may send back, and documents need not have. */
    unset?: AssetDocument
  }
  /** What callers may send, and what of it is stored, where that is not the same. */
  taken?: { schema: TObject; toDocument: (sent: AssetDocument) => AssetDocument }
  /** What a change or a removal has alone until it is done. */
  lock?: (ctx: Context) => Promise<void>
}

/** An asset as it goes over the wire: its document between its id and its location. */
export function toWire(asset: Asset, locationId: string): AssetDocument {
  return { id: asset.id, locationId, ...asset.document }
}

/**
 * Create, read, update and delete for a kind that HighLevel only lists. POST takes the whole document; PUT replaces the
 * properties it names and keeps the others; DELETE answers `DONE`.
 */
export function crudOperations({ resource, path, name, category, param, lock, ...how }: CrudOptions): Operation[] {
  const { schema, toWire: show } = how.shown ?? { schema: wireSchema(resource), toWire }
  const taken = how.taken ?? { schema: resource.schema as TObject, toDocument: (sent: AssetDocument) => sent }
  const { noun, label } = resource
  const answer = Type.Object({ [noun]: schema })
  const locate = { kind: resource.kind, param }
  const idInput = { [param]: Id() }
  const common = { category, token: 'either', output: answer } as const
  const idOf = (input: object) => (input as Record<string, string>)[param] as string
  return [
    operation({
      ...common,
      name: `${name}.create`,
      title: `Create ${label}`,
      description:
        `Stores a new ${noun}. References inside it are ids of the same location; one that does not exist is ` +
        'refused with 422 and its path.',
      access: 'write',
      scope: resource.scopes.write,
      http: `POST ${path}/`,
      status: 201,
      input: Type.Object({ locationId: Id(), ...taken.schema.properties }, { additionalProperties: false }),
      async run(ctx, input) {
        const { locationId, ...document } = input as AssetDocument & { locationId: string }
        return { [noun]: show(await createAsset(ctx.scope, resource, taken.toDocument(document)), locationId) }
      },
    }),
    operation({
      ...common,
      name: `${name}.get`,
      title: `Get ${label}`,
      description: `One ${noun} with everything in it.`,
      access: 'read',
      scope: [resource.scopes.read, resource.scopes.write],
      http: `GET ${path}/:${param}`,
      input: Type.Object(idInput, { additionalProperties: false }),
      locate,
      async run(ctx, input) {
        return { [noun]: show(await getAsset(ctx.db, resource, ctx.locationId, idOf(input)), ctx.locationId) }
      },
    }),
    operation({
      ...common,
      name: `${name}.update`,
      title: `Update ${label}`,
      description: `Replaces the properties that the body names and keeps the others.`,
      access: 'write',
      scope: resource.scopes.write,
      http: `PUT ${path}/:${param}`,
      input: Type.Object({ ...idInput, ...Type.Partial(taken.schema).properties }, { additionalProperties: false }),
      locate,
      async run(ctx, input) {
        const { [param]: id, locationId: _, ...changes } = input as AssetDocument
        await lock?.(ctx)
        return {
          [noun]: show(
            await updateAsset(ctx.scope, resource, String(id), (current) => ({
              ...current.document,
              ...exceptShown(taken.toDocument(changes), current.document, how.shown?.unset ?? {}),
            })),
            ctx.locationId,
          ),
        }
      },
    }),
    operation({
      ...common,
      name: `${name}.delete`,
      title: `Delete ${label}`,
      description: `Removes the ${noun}. What refers to it is listed under broken references.`,
      access: 'destructive',
      scope: resource.scopes.write,
      http: `DELETE ${path}/:${param}`,
      input: Type.Object(idInput, { additionalProperties: false }),
      output: Done(),
      locate,
      async run(ctx, input) {
        await lock?.(ctx)
        await deleteAsset(ctx.scope, resource, idOf(input))
        return DONE
      },
    }),
  ]
}

/**
 * What of a change says something: values that a document does not have, and that answers show all the same, may come
 * back as they were shown. Storing them would make another document of it, which differs from what was pushed.
 */
export function exceptShown(changes: AssetDocument, document: AssetDocument, shown: AssetDocument): AssetDocument {
  const isShown = (name: string) => !(name in document) && isDeepStrictEqual(changes[name], shown[name])
  return Object.fromEntries(Object.entries(changes).filter(([name]) => !(name in shown && isShown(name))))
}

/** Schema of an asset in answers. */
export function wireSchema(resource: AssetResource): TObject {
  return AsStored(
    Noun(typeName(resource.noun), { id: Type.String(), locationId: Type.String(), ...resource.schema.properties }),
  )
}

/** `custom field` -> `CustomField`. */
const typeName = (noun: string) =>
  noun.replaceAll('-', '').replace(/(?:^|\s+)(\w)/g, (_, letter: string) => letter.toUpperCase())
