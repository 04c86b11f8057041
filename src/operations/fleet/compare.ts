import { Type } from 'typebox'
import { inTransaction } from '../../db/transaction.ts'
import { diffLocations } from '../../snapshots/compare-locations.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { Compared, ComparedAsset, toCompared } from '../snapshots/index.ts'

/** How two sub-accounts differ. */
export const fleetCompare = operation({
  category: 'Snapshots',
  name: 'fleet.compare',
  title: 'Compare Two Sub-Accounts',
  description:
    'Their configuration field by field: `added` is in the second alone, `removed` in the first alone. Assets are the ' +
    'same where a push has made them so, or else by their name where a kind has one of each name.',
  access: 'read',
  token: 'agency',
  scope: ['snapshots.readonly', 'snapshots.write'],
  http: 'GET /fleet/compare',
  heavy: true,
  input: Type.Object(
    {
      companyId: Id(),
      locationIds: Type.Array(Id(), { minItems: 2, maxItems: 2, description: 'The first, and the second.' }),
      asset: ComparedAsset(),
    },
    { additionalProperties: false },
  ),
  output: Compared,
  async run(ctx, { locationIds: [first = '', second = ''], asset }) {
    return toCompared(await inTransaction(ctx.db, (tx) => diffLocations(tx, [first, second], asset)))
  },
})
