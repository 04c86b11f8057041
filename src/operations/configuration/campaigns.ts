import { Type } from 'typebox'
import { campaigns } from '../../resources/campaigns.ts'
import { type AssetResource, listAssetRows } from '../../store/assets/index.ts'
import { crudOperations } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'

const resource = campaigns as unknown as AssetResource
const category = 'Workflows & Campaigns'

/** wire/highlevel/campaigns.json: `GET /campaigns/`. */
const listCampaigns = operation({
  name: 'campaigns.list',
  title: 'List Campaigns',
  description: 'The campaigns of a location, by creation; with `status`, those that have it.',
  category,
  access: 'read',
  token: 'either',
  scope: [resource.scopes.read, resource.scopes.write],
  http: 'GET /campaigns/',
  input: Type.Object(
    { locationId: Id(), status: Type.Optional(Type.String({ maxLength: 50 })) },
    { additionalProperties: false },
  ),
  output: Type.Object({
    campaigns: Type.Array(
      Noun('ListedCampaign', {
        id: Type.String(),
        name: Type.String(),
        status: Type.String(),
        locationId: Type.String(),
      }),
    ),
  }),
  async run(ctx, { locationId, status }) {
    const rows = await listAssetRows(ctx.db, locationId, resource.kind)
    const all = rows.map((row) => ({
      id: row.id,
      name: row.name,
      status: String(row.local.status ?? 'draft'),
      locationId,
    }))
    return { campaigns: all.filter((campaign) => status === undefined || campaign.status === status) }
  },
})

export const campaignOperations = [
  listCampaigns,
  ...crudOperations({ resource, path: '/campaigns', name: 'campaigns', category, param: 'campaignId' }),
]
