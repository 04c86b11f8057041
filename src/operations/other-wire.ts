import type { TSchema } from 'typebox'
import type { RecordDocument } from '../store/records/index.ts'

/** A document, or the properties of its schema, without the bag of values that the HubSpot wire alone shows. */
export function ofThisWire<Document extends RecordDocument | Record<string, TSchema>>({
  properties: _,
  ...rest
}: Document): Omit<Document, 'properties'> {
  return rest
}
