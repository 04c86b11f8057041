import { type Static, Type } from 'typebox'
import {
  type AssociationType,
  inverseOf,
  type ObjectType,
  objectKeyOf,
  type Portal,
  plainType,
  TYPES,
} from '../../objects/index.ts'
import type { Asset } from '../../store/assets/index.ts'
import { Noun } from '../schemas.ts'
import { newProperty, PropertyAnswer, showProperty } from './property-shapes.ts'
import type { Defined } from './property-writes.ts'
import { TypeName } from './types.ts'

// wire/hubspot.md, "Custom types"; models ObjectSchema, ObjectSchemaEgg and AssociationDefinition of the client.

const Text = (maxLength: number) => Type.String({ maxLength })
const Names = () => Type.Optional(Type.Array(Text(200), { maxItems: 200 }))

export const SchemaType = () => TypeName('p1001_venue')
export const LabelsInput = () => Type.Object({ singular: Type.Optional(Text(100)), plural: Type.Optional(Text(100)) })

export const PropertyInput = Type.Object(
  { ...newProperty, groupName: Type.Optional(newProperty.groupName) },
  { examples: [{ name: 'title', label: 'Title', type: 'string', fieldType: 'text' }] },
)

export const schemaBody = {
  description: Type.Optional(Text(20_000)),
  primaryDisplayProperty: Type.Optional(Text(200)),
  secondaryDisplayProperties: Names(),
  requiredProperties: Names(),
  searchableProperties: Names(),
}

export const AssociationDefinition = Noun('ObjectTypeAssociation', {
  id: Type.String(),
  fromObjectTypeId: Type.String(),
  toObjectTypeId: Type.String(),
  name: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
})

export const Schema = Noun('ObjectSchema', {
  id: Type.String(),
  objectTypeId: Type.String(),
  name: Type.String(),
  fullyQualifiedName: Type.String(),
  labels: Type.Object({ singular: Type.String(), plural: Type.String() }),
  description: Type.Optional(Type.String()),
  primaryDisplayProperty: Type.String(),
  secondaryDisplayProperties: Type.Array(Type.String()),
  requiredProperties: Type.Array(Type.String()),
  searchableProperties: Type.Array(Type.String()),
  properties: Type.Array(PropertyAnswer),
  associations: Type.Array(AssociationDefinition),
  archived: Type.Boolean(),
  portalId: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
})

/** What the asset of a custom object says for this wire alone. */
export interface WireSchema {
  required?: string[]
  secondary?: string[]
  /** Keys of other objects. */
  associated?: string[]
}

/** A definition for each direction, under the number of the plain type of association. */
export function definitionsOf(type: ObjectType, other: ObjectType, asset: Pick<Asset, 'createdAt' | 'updatedAt'>) {
  const plain = plainType(type.typeId, other.typeId)
  const define = (from: ObjectType, to: ObjectType, { typeId }: AssociationType) => ({
    id: String(typeId),
    fromObjectTypeId: from.typeId,
    toObjectTypeId: to.typeId,
    name: `${from.name}_to_${to.name}`,
    createdAt: asset.createdAt.toISOString(),
    updatedAt: asset.updatedAt.toISOString(),
  })
  return [define(type, other, plain), ...(type.typeId === other.typeId ? [] : [define(other, type, inverseOf(plain))])]
}

/** The types that a custom one was said to be associated with. */
export function associatedTypes(portal: Portal, { document }: Pick<Asset, 'document'>): ObjectType[] {
  const { associated = [] } = (document.wire ?? {}) as WireSchema
  const types = [...TYPES, ...portal.types]
  return associated.flatMap((key) => types.find((type) => objectKeyOf(type) === key) ?? [])
}

export function showSchema(
  portal: Portal,
  type: ObjectType,
  { asset, properties }: { asset: Asset; properties: readonly Defined[] },
): Static<typeof Schema> {
  const { document, createdAt, updatedAt } = asset
  const { required = [], secondary = [] } = (document.wire ?? {}) as WireSchema
  const bare = (key: unknown) => String(key).replace(`${type.custom?.key}.`, '')
  const labels = document.labels as { singular: string; plural: string }
  return {
    id: type.typeId.slice(2),
    objectTypeId: type.typeId,
    name: type.name,
    fullyQualifiedName: `p${portal.portalId}_${type.name}`,
    labels: { singular: labels.singular, plural: labels.plural },
    ...(document.description === undefined ? {} : { description: String(document.description) }),
    primaryDisplayProperty: bare(document.primaryDisplayProperty),
    secondaryDisplayProperties: secondary,
    requiredProperties: required,
    searchableProperties: ((document.searchableProperties ?? []) as string[]).map(bare),
    properties: properties.map((one) => showProperty(one.property, one)),
    associations: associatedTypes(portal, asset).flatMap((other) => definitionsOf(type, other, asset)),
    archived: false,
    portalId: portal.portalId,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}
