import { type TSchema, Type } from 'typebox'
import { TRIMMED } from '../store/validate.ts'

/** Building blocks of resource schemas: every text and every list has a limit. */

/**
 * Id of another asset of the same location. Long enough for a reference that could not be resolved
 * (`missing:kind:lineage`).
 */
export const Ref = (description?: string) =>
  Type.String({ minLength: 1, maxLength: 100, ...(description === undefined ? {} : { description }) })

/** Id of a part (a stage, a step). In a new document any word serves: references inside the document follow it. */
export const PartId = () => Type.String({ minLength: 1, maxLength: 100 })

/** Reference to a part, or null for "nowhere" (the end of a workflow). */
export const PartRef = (description?: string) =>
  Type.Union([PartId(), Type.Null()], description === undefined ? {} : { description })

/**
 * A name people give: spaces around it are left out before it is taken, and it is not empty then (store/validate.ts).
 */
export const Name = (description?: string) =>
  Type.String({ minLength: 1, maxLength: 200, [TRIMMED]: true, ...(description === undefined ? {} : { description }) })
export const Line = (max = 500) => Type.String({ maxLength: max })
/** A body people write: an SMS, a description. */
export const Text = (maxLength = 20_000) => Type.String({ maxLength })
/** Markup of a page or an e-mail. */
export const Markup = () => Type.String({ maxLength: 500_000 })
export const Url = () => Type.String({ maxLength: 2_000 })
export const Count = (max = 1_000_000) => Type.Number({ minimum: 0, maximum: max })

export const Choice = <const T extends string[]>(...values: T) => Type.Enum(values)
export const List = <T extends TSchema>(items: T, maxItems = 200) => Type.Array(items, { maxItems })
export const Refs = () => List(Ref(), 500)
export const Optional = Type.Optional

/** An object whose shape is ours: nothing else in it. */
export const Shape = <T extends Record<string, TSchema>>(properties: T, options: Record<string, unknown> = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options })

/** An object that the wire leaves free. */
export const Free = () => Type.Record(Type.String(), Type.Unknown())

/** `required` names must be there when `property` has this value. */
export const when = (property: string, value: string, required: string[]) => ({
  if: { properties: { [property]: { const: value } }, required: [property] },
  // biome-ignore lint/suspicious/noThenProperty: a JSON Schema keyword, not a promise
  then: { required },
})

/** Values of the HubSpot wire that no field of ours has, by its names. The other wire does not show them. */
export const WireValues = () =>
  Optional(Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 65_536 }), { maxProperties: 1000 }))

/** What the HubSpot wire says of a property that a field of ours has no place for. */
export const WireProperty = () =>
  Optional(
    Shape({
      type: Optional(Line(40)),
      fieldType: Optional(Line(40)),
      group: Optional(Line(200)),
      unique: Optional(Type.Boolean()),
      displayOrder: Optional(Type.Integer({ minimum: -1, maximum: 1_000_000 })),
      options: Optional(List(Shape({ value: Line(500), label: Line(500) }), 1000)),
    }),
  )
