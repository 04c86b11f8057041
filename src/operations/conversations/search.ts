import { Type } from 'typebox'
import { conversations } from '../../resources/records/conversations.ts'
import { allOf, pageByMoment } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { conditionsOf, orderOf, SearchInput, startOf } from './search-conditions.ts'
import { type ConversationDocument, contactsOf, FoundConversation, toFoundConversation } from './wire.ts'

export const searchConversations = operation({
  category: 'Conversations & Messages',
  token: 'location',
  name: 'conversations.search',
  title: 'Search Conversations',
  description:
    'Find conversations by filters. Nothing that is stored here answers some of the official ones: messages carry ' +
    'no mentions and contacts no scores, so `mentions` and `scoreProfile` find nothing and its bounds are ignored; ' +
    'sorting by scores or due dates is sorting by the last message; `recents` are all.',
  access: 'read',
  scope: [conversations.scopes.read, conversations.scopes.write],
  http: 'GET /conversations/search',
  input: SearchInput,
  output: Type.Object({ conversations: Type.Array(FoundConversation), total: Type.Integer() }),
  async run(ctx, search) {
    const { locationId } = ctx
    const { records, total } = await pageByMoment<ConversationDocument>(ctx.db, conversations, locationId, {
      where: allOf(conditionsOf(locationId, search)),
      order: orderOf(search),
      toKey: (ms) => new Date(ms).toISOString(),
      limit: search.limit ?? 20,
      after: startOf(search),
    })
    const people = await contactsOf(ctx, records)
    return {
      conversations: records.map((row) =>
        toFoundConversation(row, people.get(row.document.contactId), { locationId, sort: [row.place] }),
      ),
      total,
    }
  },
})
