import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { calendarServices } from '../../resources/calendar-services.ts'
import { tooLongBuffers } from '../../scheduling/index.ts'
import {
  type Asset,
  type AssetDocument,
  type AssetResource,
  createAsset,
  deleteAsset,
  getAsset,
  listAssets,
  updateAsset,
} from '../../store/assets/index.ts'
import { exceptShown, toWire, wireSchema } from '../asset-crud.ts'
import { type Context, operation } from '../define.ts'
import { faultsOfPeople } from '../people/index.ts'
import { Id } from '../schemas.ts'

const resource = calendarServices as unknown as AssetResource
const { properties } = calendarServices.schema
const { read, write } = resource.scopes
const locate = { kind: resource.kind, param: 'serviceId' }
const common = { category: 'Calendars & Appointments', token: 'either', locate } as const
const Service = wireSchema(resource)
const answer = Type.Object({ service: Service })

const { id: variationId, ...ofVariation } = properties.variations.items.properties
const Variations = (one: Record<string, object>) =>
  Type.Optional(Type.Array(Type.Object(one as never, { additionalProperties: false }), { maxItems: 50 }))
const staff = properties.staff

/** What the wire answers for settings that nobody has made. */
const UNSET = { isPrivate: false, variations: [], staff: [] }
const toService = (service: Asset, locationId: string) =>
  ({ service: { ...UNSET, ...toWire(service, locationId) } }) as never

type Part = Record<string, unknown> & { id?: string }

/** 422 with all that no schema can say: who the staff are, and how much may be kept free. */
async function check(ctx: Context, changes: AssetDocument, before: AssetDocument = {}): Promise<void> {
  const ids = (list: unknown) => ((list ?? []) as { id: string }[]).map(({ id }) => id)
  const faults = await faultsOfPeople(ctx, 'staff', ids(changes.staff), ids(before.staff))
  const variations = ((changes.variations ?? []) as Part[]).map((one, n) => [`variations[${n}].`, one] as const)
  for (const [at, one] of [['', changes] as const, ...variations])
    for (const name of tooLongBuffers(one)) faults.push(`${at}${name} must be at most a day`)
  if (faults.length > 0) throw invalid(faults)
}

/** What was sent of each variation that is there, with what was not; the others are new, and have names. */
function variationsOf(sent: readonly Part[], before: readonly Part[]): Part[] {
  const variations = sent.map((one) => ({ ...before.find(({ id }) => id !== undefined && id === one.id), ...one }))
  const nameless = variations.flatMap(({ name }, n) => (name === undefined ? [`variations[${n}].name`] : []))
  if (nameless.length > 0) throw invalid(nameless.map((at) => `${at} should not be empty`))
  return variations
}

/** HighLevel's documents of v3 (apps/v3/calendars-v3.json): get-services-catalog and its neighbours. */
export const serviceOperations = [
  operation({
    ...common,
    locate: null,
    name: 'calendarServices.list',
    title: 'Get Services',
    description: 'The services that can be booked in a location, by creation.',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/services/catalog',
    input: Type.Object(
      {
        locationId: Id(),
        serviceCategoryId: Type.Optional(Id('A calendar group.')),
        isPrivate: Type.Optional(
          Type.Boolean({ description: 'True: those that are not shown in public; false: those that are.' }),
        ),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ services: Type.Array(Service) }),
    async run(ctx, { locationId, serviceCategoryId: category, isPrivate }) {
      const wanted = (await listAssets(ctx.db, resource, locationId)).filter(
        ({ document }) =>
          (category === undefined || document.serviceCategoryId === category) &&
          (isPrivate === undefined || (document.isPrivate ?? false) === isPrivate),
      )
      return { services: wanted.map((one) => ({ ...UNSET, ...toWire(one, locationId) })) as never }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'calendarServices.create',
    title: 'Create Service',
    description:
      'Stores a new service that can be booked. Its slug is unique in the location; its category is a calendar group, ' +
      'its staff are users of the location.',
    access: 'write',
    scope: write,
    http: 'POST /calendars/services/catalog',
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        ...properties,
        staff: Type.Array(staff.items, { minItems: 1, maxItems: 200 }),
        variations: Variations(ofVariation),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, ...document }) {
      await check(ctx, document)
      const payment = { amount: 0, ...document.payment }
      return toService(await createAsset(ctx.scope, resource, { ...document, payment }), locationId)
    },
  }),
  operation({
    ...common,
    name: 'calendarServices.get',
    title: 'Get Service by ID',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/services/catalog/:serviceId',
    input: Type.Object({ serviceId: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { serviceId }) {
      return toService(await getAsset(ctx.db, resource, ctx.locationId, serviceId), ctx.locationId)
    },
  }),
  operation({
    ...common,
    name: 'calendarServices.update',
    title: 'Update Service',
    description:
      'Replaces the properties that the body names and keeps the others. Of variations those with the id of one are ' +
      'changed, others are new, and those that are not named go.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/services/catalog/:serviceId',
    input: Type.Object(
      {
        serviceId: Id(),
        ...Type.Partial(calendarServices.schema).properties,
        variations: Variations({ ...ofVariation, id: variationId, name: Type.Optional(ofVariation.name) }),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { serviceId, variations, ...changes }) {
      const { document: before } = await getAsset(ctx.db, resource, ctx.locationId, serviceId)
      await check(ctx, { ...changes, variations }, before)
      const edit = ({ document }: Asset) => {
        const kept = (document.variations ?? []) as Part[]
        const parts = variations === undefined ? {} : { variations: variationsOf(variations as Part[], kept) }
        return { ...document, ...exceptShown({ ...changes, ...parts }, document, UNSET) }
      }
      return toService(await updateAsset(ctx.scope, resource, serviceId, edit), ctx.locationId)
    },
  }),
  operation({
    ...common,
    name: 'calendarServices.delete',
    title: 'Delete Service',
    description: 'Removes the service. Its bookings belong to contacts and stay.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/services/catalog/:serviceId',
    input: Type.Object({ serviceId: Id() }, { additionalProperties: false }),
    output: Type.Object({ success: Type.Boolean(), message: Type.String() }),
    async run(ctx, { serviceId }) {
      await deleteAsset(ctx.scope, resource, serviceId)
      return { success: true, message: 'Service deleted successfully' }
    },
  }),
]
