import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newPartLineage } from '../../src/store/assets/parts.ts'
import { canonicalJson, hashText } from '../../src/store/hash.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

interface Line {
  kind: string
  lineage: string
  document: object
}

const HEADERS = { version: '2021-07-28', 'content-type': 'application/x-ndjson' }
const send = (body: string, headers: Record<string, string> = HEADERS) =>
  story.agency.client.raw('POST', story.agency.path('/import-file'), { headers, body })
const exported = async (snapshotId: string) =>
  (await story.agency.client.raw('GET', story.agency.path(`/${snapshotId}/export`), { headers: HEADERS }))
    .body as string

/** An archive as a capture writes it: hashes and root fit. */
function archive(lines: readonly Line[]): string {
  const sorted = [...lines].sort((a, b) => (a.kind + a.lineage < b.kind + b.lineage ? -1 : 1))
  const hashed = sorted.map((line) => ({ ...line, dependency: false, hash: hashText(canonicalJson(line.document)) }))
  const root = hashText(hashed.map(({ kind, lineage, hash }) => `${kind} ${lineage} ${hash}\n`).join(''))
  return [{ tintype: 'snapshot', format: 1, name: 'By hand', version: 1, root, assets: {} }, ...hashed]
    .map((line) => `${canonicalJson(line)}\n`)
    .join('')
}

const ID = 'abcdefghij0123456789'
const UUID = '0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f'
const form = (document: object): Line[] => [{ kind: 'forms', lineage: ID, document: { name: 'Form', ...document } }]
const pipeline = (id: unknown): Line[] => [
  {
    kind: 'pipelines',
    lineage: ID,
    document: { name: 'Sales', stages: [{ name: 'New', ...(id === null ? {} : { id }) }] },
  },
]
const template = (body: string): Line[] => [
  { kind: 'templates', lineage: ID, document: { name: 'Note', type: 'sms', template: { body } } },
]

test('an archive that no capture could have made is refused with 422 and a reason', async () => {
  const part = newPartLineage('uuid')
  const wrong: [string, Line[], RegExp][] = [
    ['a part id that is impossible', pipeline(`⟦.${'a'.repeat(90)}⟧`), /stages\[0\]\.id is not the identifier/],
    ['a part id without its check digits', pipeline(`⟦.${UUID}⟧`), /stages\[0\]\.id/],
    ['a part id of another format', pipeline(`⟦.${newPartLineage('id20')}⟧`), /stages\[0\]\.id/],
    ['a part id that is a word', pipeline('new'), /stages\[0\]\.id/],
    ['a part id that is an id', pipeline(UUID), /stages\[0\]\.id/],
    ['a part id that is an asset', pipeline(`⟦tags:${ID}⟧`), /stages\[0\]\.id/],
    ['no part id', pipeline(null), /stages\[0\]\.id/],
    [
      'a part twice',
      [
        {
          kind: 'pipelines',
          lineage: ID,
          document: {
            name: 'S',
            stages: [
              { name: 'A', id: `⟦.${part}⟧` },
              { name: 'B', id: `⟦.${part}⟧` },
            ],
          },
        },
      ],
      /twice/,
    ],
    ['a name that grows', form({ name: '⟦@⟧'.repeat(66) }), /name must be shorter/],
    ['a text that grows', template('⟦@⟧'.repeat(6_600)), /template\.body must be shorter/],
    ['a text that grows by names of assets', template(`⟦a:${UUID}⟧`.repeat(600)), /template\.body must be shorter/],
    ['a marker that is none', template('⟦@ Hello'), /holds a ⟦/],
    ['half a marker', template('⟦⟦⟦'), /holds a ⟦/],
    ['a marker of nothing', template(`⟦tags:${'a'.repeat(500)}⟧`), /holds a ⟦/],
    ['a marker of no kind that could be', template(`⟦${'k'.repeat(2_000)}:${ID}⟧`), /holds a ⟦/],
    [
      'a name of a property that is none',
      [
        {
          kind: 'workflows',
          lineage: UUID,
          document: {
            name: 'Flow',
            steps: [{ id: `⟦.${newPartLineage('uuid')}⟧`, type: 'end', settings: { '⟦@': 1 } }],
          },
        },
      ],
      /the name holds a ⟦/,
    ],
    [
      'a plain id for a reference',
      form({ onSubmit: { tagIds: [ID] } }),
      /onSubmit\.tagIds\[0\] is no reference to tags/,
    ],
    [
      'a reference to another kind',
      form({ onSubmit: { tagIds: [`⟦forms:${ID}⟧`] } }),
      /tagIds\[0\] is no reference to tags/,
    ],
    [
      'a text with a reference for a reference',
      form({ onSubmit: { tagIds: [`x⟦tags:${ID}⟧`] } }),
      /tagIds\[0\] is no reference/,
    ],
    [
      'a plain id for a part',
      form({ onSubmit: { pipelineId: `⟦pipelines:${ID}⟧`, stageId: UUID } }),
      /stageId is no reference to a part/,
    ],
    ['local values', form({ onSubmit: { notifyEmails: ['me@example.com'] } }), /belongs to a location/],
    ['an id of its own', form({ id: ID }), /property id should not exist/],
    [
      'another kind’s lineage',
      [{ kind: 'workflows', lineage: ID, document: { name: 'Flow' } }],
      /lineage is not an identifier/,
    ],
    [
      'a lineage that is a word',
      [{ kind: 'forms', lineage: 'form', document: { name: 'Form' } }],
      /lineage is not an identifier/,
    ],
    [
      'one tag twice',
      [
        { kind: 'tags', lineage: ID, document: { name: 'VIP' } },
        { kind: 'tags', lineage: [...ID].reverse().join(''), document: { name: 'vip ' } },
      ],
      /its name is that of line 2/,
    ],
    [
      'more than a request may carry',
      [
        {
          kind: 'email_templates',
          lineage: '0123456789abcdef01234567',
          document: { name: 'Big', type: 'builder', dnd: { elements: Array(7).fill('x'.repeat(400_000)), attrs: {} } },
        },
      ],
      /dnd is larger than 2097152 bytes/,
    ],
  ]
  for (const [what, lines, reason] of wrong) {
    const { status, body } = await send(archive(lines))
    assert.equal(status, 422, `${what}: ${JSON.stringify(body)}`)
    assert.match(body.message.join('\n'), reason, what)
  }
})

test('a hand-made archive that a capture could have made is taken, and what it brings can be read and saved', async () => {
  const target = await newLocation(story, 'Target')
  const [stage, field] = [newPartLineage('uuid'), newPartLineage('id20')]
  const lines: Line[] = [
    { kind: 'pipelines', lineage: ID, document: { name: 'Sales', stages: [{ name: 'New', id: `⟦.${stage}⟧` }] } },
    {
      kind: 'forms',
      lineage: ID,
      document: {
        name: '⟦⟦'.repeat(200),
        fields: [{ id: `⟦.${field}⟧`, type: 'text' }],
        onSubmit: { stageId: `⟦.${stage}⟧`, pipelineId: `⟦pipelines:${ID}⟧`, tagIds: [`⟦tags:${ID}⟧`] },
      },
    },
    ...template(`${'⟦@⟧'.repeat(500)}${'⟦⟦'.repeat(10_000)}`),
  ]
  const { status, body } = await send(archive(lines))
  assert.equal(status, 201, JSON.stringify(body))
  const push = await story.agency.push(body.snapshot.id, [target.id])
  assert.deepEqual(push.totals, { created: 3 })
  const read = await readAll(story, target.id)
  for (const path of [
    `/opportunities/pipelines?locationId=${target.id}`,
    `/forms/?locationId=${target.id}`,
    `/locations/${target.id}/templates?originId=x`,
  ])
    assert.equal((await target.client.get(path)).status, 200, path)
  const mine = read.find(({ kind }) => kind === 'forms')!
  assert.equal(mine.document.name, '⟦'.repeat(200))
  const saved = await target.client.put(`/forms/${mine.id}`, mine.document)
  assert.equal(saved.status, 200, JSON.stringify(saved.body))
  assert.deepEqual(saved.body.form.fields, mine.document.fields)
  assert.deepEqual((await story.agency.get(`/${body.snapshot.id}/drift`)).drift, [])
})

test('what this product exported it imports again, with the same root', async () => {
  const { agency, template: demo, byHand } = story
  const odd = await newLocation(story, 'Odd')
  await writeOddly(odd)
  for (const location of [demo, byHand, odd]) {
    const snapshot = await agency.capture(location.id)
    const file = await exported(snapshot.id)
    const { status, body } = await send(file)
    assert.equal(status, 201, JSON.stringify(body))
    assert.equal(body.snapshot.root, snapshot.root)
    assert.equal(
      await exported(body.snapshot.id).then((text) => text.slice(text.indexOf('\n'))),
      file.slice(file.indexOf('\n')),
    )
  }
})

test('what was pushed from an archive, merged and captured again can be exported and imported once more', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  await writeOddly(source)
  await writeOddly(target)
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const again = await agency.capture(target.id)
  const { status, body } = await send(await exported(again.id))
  assert.equal(status, 201, JSON.stringify(body))
  assert.equal(body.snapshot.root, again.root)
})

/** Texts at their limits, with everything in them that looks like ours. */
async function writeOddly(location: Actor): Promise<void> {
  const { client, id: locationId } = location
  const make = async (path: string, body: object) => {
    const reply = await client.post(path, body)
    assert.ok(reply.status < 300, JSON.stringify(reply.body))
    return reply.body
  }
  const { link } = await make('/links/', { locationId, name: 'Prices', redirectTo: 'https://example.com/' })
  const { tag } = await make(`/locations/${locationId}/tags`, { name: '⟦⟦sale⟧' })
  const { workflow } = await make('/workflows/', {
    locationId,
    name: '⟦@⟧',
    steps: [{ id: 'a', type: 'end', settings: { '⟦': '⟦⟦⟦', [link.id]: { id: link.id } } }],
  })
  const full = `${'y'.repeat(20_000 - 100)}${link.id}${locationId}⟦⟦⟦⟦${workflow.id.toUpperCase()}`.padEnd(20_000, '⟦')
  const { form } = await make('/forms/', {
    locationId,
    name: `${link.id} ${'⟦'.repeat(179)}`,
    trackingCode: full,
    fields: [{ id: 'a', type: 'text', label: 'missing:nothing:abcdefghij0123456789' }],
    onSubmit: { tagIds: [tag.id] },
  })
  await make('/forms/', { locationId, name: 'A copy', fields: form.fields })
  await client.delete(`/links/${link.id}`)
  await make('/forms/', { locationId, name: `missing:trigger_links:${link.id}`, conditions: [] })
  assert.equal((await client.delete(`/locations/${locationId}/tags/${tag.id}`)).status, 200)
  const read = (await client.get(`/forms/${form.id}`)).body.form
  assert.equal(
    (await client.put(`/forms/${form.id}`, { onSubmit: read.onSubmit, trackingCode: read.trackingCode })).status,
    200,
  )
}
