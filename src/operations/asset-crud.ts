import { type TObject, Type } from 'typebox'
import { type Asset, createAsset, deleteAsset, getAsset, updateAsset } from '../store/assets.ts'
import type { AssetDocument, AssetResource } from '../store/resource.ts'
import { type Context, type Operation, operation } from './define.ts'
import { AsStored, Id, Noun } from './schemas.ts'

export interface CrudOptions {
  resource: AssetResource
  /** Collection path without the last slash: `/forms`. */
  path: string
  /** Prefix of the operations' names and heading in catalogues. */
  name: string
  category: string
  /** Parameter with the asset's id. */
  param: string
  /** What a change or a removal has alone until it is done. */
  lock?: (ctx: Context) => Promise<void>
}

/** An asset as it goes over the wire: its document between its id and its location. */
export function toWire(asset: Asset, locationId: string): AssetDocument {
  return { id: asset.id, locationId, ...asset.document }
}

/**
 * Create, read, update and delete for a kind that HighLevel only lists. POST takes the whole document; PUT replaces the
 * properties it names and keeps the others; DELETE answers `{succeeded: true}`.
 */
export function crudOperations({ resource, path, name, category, param, lock }: CrudOptions): Operation[] {
  const { noun, label } = resource
  const answer = Type.Object({ [noun]: wireSchema(resource) })
  const locate = { kind: resource.kind, param }
  const idInput = { [param]: Id() }
  const common = { category, token: 'either', output: answer } as const
  const idOf = (input: object) => (input as Record<string, string>)[param] as string
  return [
    operation({
      ...common,
      name: `${name}.create`,
      title: `Create ${label}`,
      description: `Stores a new ${noun}. References inside it are ids of the same location; one that does not exist is refused with 422 and its path.`,
      access: 'write',
      scope: resource.scopes.write,
      http: `POST ${path}/`,
      status: 201,
      input: Type.Object({ locationId: Id(), ...resource.schema.properties }, { additionalProperties: false }),
      async run(ctx, input) {
        const { locationId, ...document } = input as AssetDocument & { locationId: string }
        return { [noun]: toWire(await createAsset(ctx.scope, resource, document), locationId) }
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
        return { [noun]: toWire(await getAsset(ctx.db, resource, ctx.locationId, idOf(input)), ctx.locationId) }
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
      input: Type.Object({ ...idInput, ...Type.Partial(resource.schema as TObject).properties }, { additionalProperties: false }),
      locate,
      async run(ctx, input) {
        const { [param]: id, locationId: _, ...changes } = input as AssetDocument
        await lock?.(ctx)
        return { [noun]: toWire(await updateAsset(ctx.scope, resource, String(id), (current) => ({ ...current.document, ...changes })), ctx.locationId) }
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
      output: Type.Object({ succeeded: Type.Boolean() }),
      locate,
      async run(ctx, input) {
        await lock?.(ctx)
        await deleteAsset(ctx.scope, resource, idOf(input))
        return { succeeded: true }
      },
    }),
  ]
}

/** Schema of an asset in answers. */
export function wireSchema(resource: AssetResource): TObject {
  return AsStored(Noun(typeName(resource.noun), { id: Type.String(), locationId: Type.String(), ...resource.schema.properties }))
}

/** `custom field` -> `CustomField`. */
const typeName = (noun: string) => noun.replaceAll('-', '').replace(/(?:^|\s+)(\w)/g, (_, letter: string) => letter.toUpperCase())
