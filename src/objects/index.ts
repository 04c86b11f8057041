/*
 * CRM objects as the HubSpot wire has them, over the same records: types (types.ts), the properties that each has in
 * every portal (standard/) and those that a location made (made-properties.ts), values out (values-out.ts) and in
 * (values-in.ts, writing.ts), and what a change of the log means in properties (`PropertyMap.changed`).
 *
 * `loadPortals` reads what locations add, in a few statements for any number of them; everything else is pure.
 */

export { findType, loadPortals, loadPropertyMaps, type Portal } from './load.ts'
export { formerLabelsOf, groupOf, toProperty } from './made-properties.ts'
export { changedOptions, dataTypeOf, fieldOf, type NewProperty } from './new-fields.ts'
export {
  findPipelineStore,
  listPipelines,
  type Pipeline,
  type PipelineStore,
  type Stage,
  type StageDocument,
  toPipeline,
} from './pipelines.ts'
export type { Option, Place, Property, PropertyType } from './property.ts'
export type { PropertyMap } from './property-map.ts'
export { customTypeId, findStandardType, isOfType, type ObjectType, readScopesOf, scopesOf, TYPES } from './types.ts'
export { readText, toMoment, type ValueFault } from './values-in.ts'
export { becameOf, type ReadRow } from './values-out.ts'
export { type Habits, type Texts, writeTexts } from './writing.ts'

/*
 * Associations: types (association-types.ts, association-labels.ts), which fields say them (association-fields.ts),
 * reading and writing in sets, and what a change of the log tells of them (association-events.ts).
 */

export { type Associated, associate } from './associate.ts'
export {
  ASSOCIATING_KINDS,
  type AssociationChange,
  type AssociationEvent,
  associationEventsOf,
  recordsNamedBy,
} from './association-events.ts'
export { labelKind, objectKeyOf, toTypes, typeOfKey } from './association-labels.ts'
export type { AssociationSpec, PairInput, TieDocument } from './association-pairs.ts'
export {
  type AssociatedObject,
  type Associations,
  isAssociatedWith,
  listAssociationTypes,
  nameOfType,
  readAssociations,
  showAssociations,
  typeOfSpec,
} from './association-reads.ts'
export { type AssociationType, inverseOf, plainType } from './association-types.ts'
export { carryTies } from './carried-ties.ts'
export { dissociate } from './dissociate.ts'
export { tellTiesGone } from './forgotten-ties.ts'
export { relate, relatedOf, takeLabelOff, takeOff } from './relations.ts'
export { nameAnother } from './way-for-fields.ts'
