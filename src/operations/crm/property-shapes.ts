import { type Static, Type } from 'typebox'
import type { ObjectType, Property } from '../../objects/index.ts'
import type { Asset } from '../../store/assets/index.ts'
import { Noun } from '../schemas.ts'

// wire/hubspot.md, "CRM objects ...": Properties; models Property, PropertyCreate, PropertyGroup of the client.

const Text = (maxLength: number) => Type.String({ maxLength })
const Name = (maxLength: number) => Type.String({ minLength: 1, maxLength })
export const Order = () => Type.Integer({ minimum: -1, maximum: 1_000_000 })

const OptionInput = Type.Object({
  label: Name(200),
  value: Name(100),
  description: Type.Optional(Text(2000)),
  displayOrder: Type.Optional(Order()),
  hidden: Type.Optional(Type.Boolean()),
})

/** What may be said of a property at any time. */
export const changeable = {
  description: Type.Optional(Text(20_000)),
  displayOrder: Type.Optional(Order()),
  options: Type.Optional(Type.Array(OptionInput, { maxItems: 500 })),
  hidden: Type.Optional(Type.Boolean()),
  formField: Type.Optional(Type.Boolean()),
}

export const newProperty = {
  name: Type.String({ minLength: 1, maxLength: 100, examples: ['favourite_colour'] }),
  label: Name(200),
  type: Type.String({ maxLength: 40, examples: ['string'] }),
  fieldType: Type.String({ maxLength: 40, examples: ['text'] }),
  groupName: Type.String({ minLength: 1, maxLength: 200, examples: ['contactinformation'] }),
  hasUniqueValue: Type.Optional(Type.Boolean()),
  ...changeable,
}

export const propertyChanges = {
  label: Type.Optional(Name(200)),
  type: Type.Optional(Text(40)),
  fieldType: Type.Optional(Text(40)),
  groupName: Type.Optional(Name(200)),
  ...changeable,
}

export const PropertyAnswer = Noun('ObjectProperty', {
  name: Type.String(),
  label: Type.String(),
  type: Type.String(),
  fieldType: Type.String(),
  description: Type.String(),
  groupName: Type.String(),
  options: Type.Array(
    Type.Object({
      label: Type.String(),
      value: Type.String(),
      description: Type.String(),
      displayOrder: Type.Integer(),
      hidden: Type.Boolean(),
    }),
  ),
  displayOrder: Type.Integer(),
  hasUniqueValue: Type.Boolean(),
  hidden: Type.Boolean(),
  formField: Type.Boolean(),
  calculated: Type.Boolean(),
  externalOptions: Type.Boolean(),
  hubspotDefined: Type.Boolean(),
  archived: Type.Boolean(),
  archivedAt: Type.Optional(Type.String()),
  createdAt: Type.Optional(Type.String()),
  updatedAt: Type.Optional(Type.String()),
  modificationMetadata: Type.Object({
    archivable: Type.Boolean(),
    readOnlyDefinition: Type.Boolean(),
    readOnlyValue: Type.Boolean(),
  }),
})
export type PropertyAnswer = Static<typeof PropertyAnswer>

/** What is known of a property beside what its values are. */
export interface Known {
  group: string
  asset: Pick<Asset, 'document' | 'createdAt' | 'updatedAt'> | null
  archivedAt?: Date
}

export function showProperty(property: Property, { group, asset, archivedAt }: Known): PropertyAnswer {
  const { displayOrder = -1 } = (asset?.document.wire ?? {}) as { displayOrder?: number }
  const isOurs = asset !== null
  return {
    name: property.name,
    label: property.label,
    type: property.type,
    fieldType: property.fieldType,
    description: property.description,
    groupName: group,
    options: property.options.map(({ label, value }, index) => ({
      ...{ label, value, description: '', displayOrder: index, hidden: false },
    })),
    displayOrder,
    hasUniqueValue: property.unique,
    hidden: false,
    formField: asset?.document.showInForms === true,
    calculated: false,
    externalOptions: property.name === 'hubspot_owner_id',
    hubspotDefined: !isOurs,
    archived: archivedAt !== undefined,
    ...(archivedAt === undefined ? {} : { archivedAt: archivedAt.toISOString() }),
    ...(asset === null ? {} : { createdAt: asset.createdAt.toISOString(), updatedAt: asset.updatedAt.toISOString() }),
    modificationMetadata: {
      archivable: isOurs,
      readOnlyDefinition: !isOurs,
      readOnlyValue: property.readOnly,
    },
  }
}

export const GroupAnswer = Noun('PropertyGroup', {
  name: Type.String(),
  label: Type.String(),
  displayOrder: Type.Integer(),
  archived: Type.Boolean(),
})
export type GroupAnswer = Static<typeof GroupAnswer>

/** What the key of a folder of a type begins with: as the other wire makes it. */
export const folderPrefix = ({ fields }: ObjectType) =>
  `${fields.kind === 'custom_fields' ? fields.model : fields.objectKey}.folder.`
