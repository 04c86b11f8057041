import { Type } from 'typebox'
import { workflows } from '../../resources/workflows.ts'
import { type AssetResource, listAssetRows } from '../../store/assets/index.ts'
import { crudOperations } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Instant, Noun } from '../schemas.ts'

const resource = workflows as unknown as AssetResource
const category = 'Workflows & Campaigns'

/** wire/highlevel/workflows.json: `GET /workflows/`. */
const listWorkflows = operation({
  name: 'workflows.list',
  title: 'List Workflows',
  description: 'The workflows of a location, by creation.',
  category,
  access: 'read',
  token: 'either',
  scope: [resource.scopes.read, resource.scopes.write],
  http: 'GET /workflows/',
  input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
  output: Type.Object({
    workflows: Type.Array(
      Noun('ListedWorkflow', {
        id: Type.String(),
        name: Type.String(),
        status: Type.String(),
        createdAt: Instant(),
        updatedAt: Instant(),
        locationId: Type.String(),
      }),
    ),
  }),
  async run(ctx, { locationId }) {
    const rows = await listAssetRows(ctx.db, locationId, resource.kind)
    return {
      workflows: rows.map((row) => ({
        id: row.id,
        name: row.name,
        status: String(row.local.status ?? 'draft'),
        createdAt: row.createdAt.toISOString(),
        updatedAt: row.updatedAt.toISOString(),
        locationId,
      })),
    }
  },
})

export const workflowOperations = [
  listWorkflows,
  ...crudOperations({ resource, path: '/workflows', name: 'workflows', category, param: 'workflowId' }),
]
