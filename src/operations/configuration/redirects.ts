import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { redirects } from '../../resources/records/redirects.ts'
import {
  allOf,
  byCreation,
  createRecord,
  deleteRecord,
  equals,
  hasTerm,
  listRecords,
  lockIdentity,
  matchesWords,
  pageRecords,
  type RecordRow,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'

const { read, write } = redirects.scopes
const common = { category: 'Funnels', token: 'either' } as const
const Redirect = Noun('Redirect', {
  id: Type.String(),
  locationId: Type.String(),
  ...redirects.schema.properties,
})
const answer = Type.Object({ data: Redirect })
const Target = () => Type.String({ minLength: 1, maxLength: 2000 })
/** The example of the specification is written in capitals. */
const Action = () => Type.Enum(['funnel', 'website', 'url', 'all', 'URL'])

const toRedirect = ({ id, document }: RecordRow, locationId: string) => ({ id, locationId, ...document }) as never

/** Without scheme, port and path, in lower case. */
function toDomain(text: string): string {
  const domain = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/?#:].*$/, '')
  if (!/^([\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]+$/u.test(domain))
    throw invalid(['domain must be a domain such as example.com'])
  return domain
}

const toPath = (text: string) => `/${text.trim().replace(/^\/+/, '')}`

/** One path of a domain leads to one place. */
async function refuseTwice(ctx: Context, domain: string, pathLowercase: string): Promise<void> {
  await lockIdentity(ctx.tx, ctx.locationId, { email: `redirect/${domain}${pathLowercase}` })
  const term = hasTerm(ctx.locationId, 'domain', domain)
  const where = allOf([
    ...(term === null ? [] : [term]),
    equals('domain', domain),
    equals('pathLowercase', pathLowercase),
  ])
  const [known] = await listRecords(ctx.db, redirects, ctx.locationId, { where, limit: 1 })
  if (known !== undefined)
    throw new AppError('exists', { what: redirects.noun, field: 'domain and path', value: known.id })
}

/** wire/highlevel/funnels.json: create-redirect and its three neighbours. */
export const redirectOperations = [
  operation({
    ...common,
    name: 'redirects.create',
    title: 'Create Redirect',
    description: 'Leads a path of a domain elsewhere. A path can be led to one place only, however it is written.',
    access: 'write',
    scope: write,
    http: 'POST /funnels/lookup/redirect',
    input: Type.Object(
      {
        locationId: Id(),
        domain: Type.String({ minLength: 1, maxLength: 253, examples: ['example.com'] }),
        path: Type.String({ minLength: 1, maxLength: 1999 }),
        target: Target(),
        action: Action(),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, domain: named, path: written, target, action }) {
      const [domain, path] = [toDomain(named), toPath(written)]
      const pathLowercase = path.toLowerCase()
      await refuseTwice(ctx, domain, pathLowercase)
      const document = { domain, path, pathLowercase, type: 'Permanent', target, action: action.toLowerCase() }
      return { data: toRedirect(await createRecord(ctx.scope, redirects, document), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'redirects.update',
    title: 'Update Redirect By Id',
    description: 'Leads it to another place.',
    access: 'write',
    scope: write,
    http: 'PATCH /funnels/lookup/redirect/:id',
    input: Type.Object(
      { id: Id(), locationId: Id(), target: Target(), action: Action() },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { id, locationId, target, action }) {
      const row = await updateRecord(ctx.scope, redirects, id, ({ document }) => ({
        ...document,
        target,
        action: action.toLowerCase(),
      }))
      return { data: toRedirect(row, locationId) }
    },
  }),
  operation({
    ...common,
    name: 'redirects.delete',
    title: 'Delete Redirect By Id',
    access: 'destructive',
    scope: write,
    http: 'DELETE /funnels/lookup/redirect/:id',
    input: Type.Object({ id: Id(), locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ data: Type.Object({ status: Type.String() }) }),
    async run(ctx, { id }) {
      await deleteRecord(ctx.scope, redirects, id)
      return { data: { status: 'ok' } }
    },
  }),
  operation({
    ...common,
    name: 'redirects.list',
    title: 'Fetch List of Redirects',
    description:
      'The redirects of a location, by creation; with `search`, those with such words in domain, path or target.',
    access: 'read',
    scope: [read, write],
    http: 'GET /funnels/lookup/redirect/list',
    input: Type.Object(
      {
        locationId: Id(),
        limit: Type.Integer({ minimum: 1, maximum: 500 }),
        offset: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
        search: Type.Optional(Type.String({ maxLength: 2000 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ data: Type.Object({ count: Type.Integer(), data: Type.Array(Redirect) }) }),
    async run(ctx, { locationId, limit, offset, search = '' }) {
      const words = matchesWords(locationId, search)
      const { records, total } = await pageRecords(ctx.db, redirects, locationId, {
        ...(words === null ? {} : { where: words }),
        order: [byCreation()],
        skip: offset,
        limit,
      })
      return { data: { count: total, data: records.map((row) => toRedirect(row, locationId)) } }
    },
  }),
]
