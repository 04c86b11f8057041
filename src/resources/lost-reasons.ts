import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Name } from './shapes.ts'

/** wire/highlevel/opportunities.json: LostReasonResponseSchema. What opportunities are lost for. */
export const lostReasons = asset({
  kind: 'lost_reasons',
  label: 'Lost Reason',
  noun: 'lostReason',
  scopes: { read: 'opportunities.readonly', write: 'opportunities.write' },
  schema: Type.Object({ name: Name() }),
  unique: 'name',
  examples: [{ name: 'Went with another studio' }],
})
