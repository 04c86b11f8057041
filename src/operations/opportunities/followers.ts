import { Type } from 'typebox'
import { opportunities } from '../../resources/records/opportunities.ts'
import { updateRecord } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { refuseStrangers } from '../people/index.ts'
import { Id } from '../schemas.ts'

const common = {
  category: 'Opportunities',
  token: 'location',
  access: 'write',
  scope: opportunities.scopes.write,
} as const
const Ids = () => Type.Array(Type.String())
const Followers = () => Type.Array(Id('Id of a user.'), { maxItems: 200 })
const followersOf = (document: Record<string, unknown>) => (document.followers ?? []) as string[]

/** wire/highlevel/opportunities.json: add-followers-opportunity, remove-followers-opportunity. */
export const opportunityFollowerOperations = [
  operation({
    ...common,
    name: 'opportunities.addFollowers',
    title: 'Add Followers',
    description: 'Assign team members to follow',
    http: 'POST /opportunities/:id/followers',
    status: 201,
    input: Type.Object({ id: Id(), followers: Followers() }, { additionalProperties: false }),
    output: Type.Object({ followers: Ids(), followersAdded: Ids() }),
    async run(ctx, { id, followers }) {
      let before: string[] = []
      const { document } = await updateRecord(ctx.scope, opportunities, id, (current) => {
        before = followersOf(current.document)
        return { ...current.document, followers: [...new Set([...before, ...followers])] }
      })
      await refuseStrangers(ctx, 'followers', followersOf(document), before)
      return {
        followers: followersOf(document),
        followersAdded: followersOf(document).filter((one) => !before.includes(one)),
      }
    },
  }),
  operation({
    ...common,
    name: 'opportunities.removeFollowers',
    title: 'Remove Followers',
    description: 'Unassign followers: those that the body names, or all of them.',
    http: 'DELETE /opportunities/:id/followers',
    hasBody: true,
    query: ['isRemoveAllFollowers'],
    input: Type.Object(
      { id: Id(), followers: Type.Optional(Followers()), isRemoveAllFollowers: Type.Optional(Type.Boolean()) },
      { additionalProperties: false },
    ),
    output: Type.Object({ followers: Ids(), followersRemoved: Ids() }),
    async run(ctx, { id, followers = [], isRemoveAllFollowers = false }) {
      let before: string[] = []
      const { document } = await updateRecord(ctx.scope, opportunities, id, (current) => {
        before = followersOf(current.document)
        return {
          ...current.document,
          followers: isRemoveAllFollowers ? [] : before.filter((one) => !followers.includes(one)),
        }
      })
      const left = followersOf(document)
      return { followers: left, followersRemoved: before.filter((one) => !left.includes(one)) }
    },
  }),
]
