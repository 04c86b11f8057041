import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import {
  type AssociationType,
  labelKind,
  listAssociationTypes,
  loadPortals,
  objectKeyOf,
  takeLabelOff,
  toTypes,
} from '../../objects/index.ts'
import { createAsset, deleteAsset, updateAsset } from '../../store/assets/index.ts'
import { settleRefs } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { type Ends, endsOf, pairPath, reads, showType, TypeAnswer, writes } from './association-shapes.ts'
import { associationLines } from './lines.ts'

const at = (method: string, rest = '') => associationLines(method, `/:fromObjectType/:toObjectType/labels${rest}`)
const Label = () => Type.String({ minLength: 1, maxLength: 200 })
const TypeNumber = () => Type.Integer({ minimum: 1, maximum: 2_147_483_647, examples: [1001] })
const answer = Type.Object({ results: Type.Array(TypeAnswer) })

/** The label with this number, of those that somebody made. */
async function getLabel(
  ctx: Context,
  { from, to }: Ends,
  typeId: number,
): Promise<AssociationType & { labelId: string }> {
  const types = await listAssociationTypes(ctx.tx, ctx.locationId, from, to)
  const found = types.find((one) => one.labelId !== undefined && one.typeId === typeId)
  if (found?.labelId === undefined) throw new AppError('not_found', { what: 'association label', id: typeId })
  return { ...found, labelId: found.labelId }
}

/** wire/hubspot.md, "Associations v4": types of association that somebody defined; on the other wire, associations. */
export const associationLabelOperations = [
  operation({
    ...reads,
    ...at('GET'),
    name: 'associationLabels.list',
    title: 'List Types of Association',
    description: 'Those of HubSpot, the plain one first, then those that somebody defined.',
    input: Type.Object(pairPath),
    output: answer,
    async run(ctx, named) {
      const { from, to } = await endsOf(ctx, named, 'read')
      return { results: (await listAssociationTypes(ctx.db, ctx.locationId, from, to)).map(showType) }
    },
  }),
  operation({
    ...writes,
    ...at('POST'),
    name: 'associationLabels.create',
    title: 'Create Association Label',
    description: 'Answers both directions. Without `inverseLabel` both are called alike.',
    input: Type.Object({
      ...pairPath,
      name: Label(),
      label: Label(),
      inverseLabel: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    output: answer,
    async run(ctx, { name, label, inverseLabel, ...named }) {
      const { from, to } = await endsOf(ctx, named, 'write')
      const asset = await createAsset(ctx.scope, labelKind, {
        key: name,
        firstObjectKey: objectKeyOf(from),
        firstObjectLabel: inverseLabel || label,
        secondObjectKey: objectKeyOf(to),
        secondObjectLabel: label,
        associationType: 'USER_DEFINED',
      })
      const types = [...toTypes(asset, from, to), ...(from.typeId === to.typeId ? [] : toTypes(asset, to, from))]
      return { results: types.map(showType) }
    },
  }),
  operation({
    ...writes,
    ...at('PUT'),
    name: 'associationLabels.update',
    title: 'Update Association Label',
    status: 204,
    input: Type.Object({
      ...pairPath,
      associationTypeId: TypeNumber(),
      label: Label(),
      inverseLabel: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    output: Type.Null(),
    async run(ctx, { associationTypeId, label, inverseLabel, ...named }) {
      const ends = await endsOf(ctx, named, 'write')
      const known = await getLabel(ctx, ends, associationTypeId)
      await updateAsset(ctx.scope, labelKind, known.labelId, (asset) => {
        const { document } = asset
        // The number tells from which end the label is read.
        const [first] = toTypes(asset, ends.from, ends.to)
        const isStraight = document.firstObjectKey === objectKeyOf(ends.from) && first?.typeId === known.typeId
        const [mine, other] = isStraight
          ? ['secondObjectLabel', 'firstObjectLabel']
          : ['firstObjectLabel', 'secondObjectLabel']
        const single = document.firstObjectLabel === document.secondObjectLabel
        return {
          ...document,
          [other as string]: inverseLabel || (single ? label : document[other as string]),
          [mine as string]: label,
        }
      })
      return null
    },
  }),
  operation({
    ...writes,
    ...at('DELETE', '/:associationTypeId'),
    name: 'associationLabels.delete',
    title: 'Delete Association Label',
    description: 'Objects that it labels stay associated, without it.',
    access: 'destructive',
    status: 204,
    input: Type.Object({ ...pairPath, associationTypeId: TypeNumber() }),
    output: Type.Null(),
    async run(ctx, { associationTypeId, ...named }) {
      const { labelId } = await getLabel(ctx, await endsOf(ctx, named, 'write'), associationTypeId)
      await deleteAsset(ctx.scope, labelKind, labelId)
      const portal = (await loadPortals(ctx.tx, [ctx.locationId])).get(ctx.locationId)
      if (portal !== undefined) await takeLabelOff(ctx.scope, portal, labelId, 'stays')
      await settleRefs(ctx.scope, labelKind.kind, [labelId])
      return null
    },
  }),
]
