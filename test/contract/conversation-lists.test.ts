import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { HighLevel } from '@gohighlevel/api-client'
import type { Client } from '../support/client.ts'
import { check, type Office, startOffice } from '../support/office.ts'

let office: Office
let client: Client
let sdk: HighLevel
before(async () => {
  office = await startOffice()
  client = office.client
  sdk = office.sdk
})
after(() => office?.[Symbol.asyncDispose]())

const here = () => office.here
const newConversation = (more: object = {}) => office.newConversation(more)

test('conversations are found by every filter', async () => {
  const marie = await newConversation({
    firstName: 'Marie',
    lastName: 'Zielinska',
    email: 'marie@filter.example',
    assignedTo: 'user7',
  })
  const nobody = await newConversation({ firstName: 'Marietta' })
  await newConversation()
  await sdk.conversations.addAnInboundMessage({
    type: 'WhatsApp',
    conversationId: marie.conversationId,
    contactId: marie.contactId,
    message: 'about the xylophone',
  } as never)
  await sdk.conversations.sendANewMessage({
    type: 'Email',
    contactId: nobody.contactId,
    html: '<style>p{}</style><p>Dear <b>Marietta</b></p>',
  } as never)
  await sdk.conversations.updateConversation({ conversationId: nobody.conversationId }, { ...here(), starred: true })
  const search = async (more: object) => {
    const found = await sdk.conversations.searchConversation({ ...here(), limit: 100, ...more } as never)
    check('SendConversationResponseDto', found)
    assert.equal(found.total, found.conversations.length)
    return found.conversations as unknown as Record<string, unknown>[]
  }
  const ids = async (more: object) => (await search(more)).map(({ id }) => id)
  const isMarie = [marie.conversationId]
  const isMarietta = [nobody.conversationId]
  assert.deepEqual(await ids({ query: 'zielin' }), isMarie)
  assert.deepEqual(await ids({ query: 'xylophone' }), isMarie)
  assert.deepEqual(await ids({ query: 'marie@filter.example' }), isMarie)
  assert.deepEqual(await ids({ id: marie.conversationId }), isMarie)
  assert.deepEqual(await ids({ contactId: nobody.contactId }), isMarietta)
  assert.deepEqual(await ids({ assignedTo: 'user7,user8' }), isMarie)
  assert.ok((await ids({ assignedTo: 'unassigned,user7' })).length > 2)
  assert.ok(!(await ids({ assignedTo: 'unassigned' })).includes(marie.conversationId))
  for (const unknown of [{ followers: 'nobody' }, { mentions: 'user7' }, { scoreProfile: 'warmth' }])
    assert.deepEqual(await ids(unknown), [])
  assert.deepEqual(await ids({ query: 'zielin', status: 'recents', sortBy: 'due_at', scoreProfileMin: 3 }), isMarie)
  assert.deepEqual(await ids({ status: 'starred' }), isMarietta)
  assert.deepEqual(await ids({ query: 'marie', status: 'unread' }), isMarie)
  assert.deepEqual(await ids({ query: 'marie', status: 'read' }), isMarietta)
  assert.deepEqual(await ids({ query: 'marie', lastMessageType: 'TYPE_WHATSAPP' }), isMarie)
  assert.deepEqual(await ids({ query: 'marie', lastMessageDirection: 'outbound' }), isMarietta)
  assert.deepEqual(await ids({ query: 'marie', lastMessageAction: 'automated' }), isMarietta)
  assert.deepEqual(await ids({ query: 'marie', sort: 'asc' }), [...isMarie, ...isMarietta])
  assert.deepEqual(
    await ids({ query: 'marie', sortBy: 'last_manual_message_date' }),
    [...isMarie, ...isMarietta],
    'what nobody wrote comes last',
  )
  assert.deepEqual(await ids({ endDate: 1000 }), [])
  const [found] = await search({ query: 'zielin' })
  assert.deepEqual(
    [found?.fullName, found?.email, found?.unreadCount, found?.lastMessageType],
    ['Marie Zielinska', 'marie@filter.example', 1, 'TYPE_WHATSAPP'],
  )
  assert.equal((await search({ query: 'marietta' }))[0]?.lastMessageBody, 'Dear Marietta')
})

test('walking through the conversations meets each once, while others come', async () => {
  const { total } = await sdk.conversations.searchConversation(here() as never)
  const date = '2026-01-05T10:00:00.000Z'
  for (let n = 0; n < 5; n++) {
    const { conversationId } = await newConversation()
    await sdk.conversations.addAnInboundMessage({ type: 'SMS', conversationId, message: 'same moment', date } as never)
  }
  const seen: string[] = []
  for (let place = {}; ; ) {
    const { body } = await client.get(
      `/conversations/search?${new URLSearchParams({ ...here(), limit: '3', ...place })}`,
    )
    seen.push(...body.conversations.map(({ id }: { id: string }) => id))
    if (body.conversations.length < 3) break
    await newConversation()
    const { sort, id } = body.conversations.at(-1)
    place = { startAfterDate: String(sort[0]), id }
  }
  assert.equal(seen.length, total + 5)
  assert.equal(new Set(seen).size, seen.length)
})

test('messages are exported page by page', async () => {
  const { conversationId } = await newConversation()
  for (let n = 0; n < 12; n++)
    await client.post('/conversations/messages/inbound', { type: 'FB', conversationId, message: `${n}` })
  const first = await sdk.conversations.exportMessagesByLocation({
    ...here(),
    limit: 10,
    conversationId,
    channel: 'Facebook',
  } as never)
  check('ExportMessagesResponseDto', first)
  const second = await sdk.conversations.exportMessagesByLocation({
    ...here(),
    limit: 10,
    conversationId,
    cursor: first.nextCursor,
  } as never)
  assert.deepEqual(
    [first.total, first.messages.length, second.messages.length, second.nextCursor],
    [12, 10, 2, undefined],
  )
  assert.equal(new Set([...first.messages, ...second.messages].map(({ id }) => id)).size, 12)
})
