import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { plainType } from '../../src/objects/index.ts'
import { type AssociationStory, type Plural, startAssociationStory, well } from '../support/association-story.ts'

let story: AssociationStory
let planner: number
let payer: number

before(async () => {
  story = await startAssociationStory()
  planner = await story.label('Planner')
  payer = await story.label('Payer')
})
after(() => story?.[Symbol.asyncDispose]())

/** Makes these objects, by name, and what is associated with what: `from > to`, and the number of a type. */
async function scene(
  names: Partial<Record<Plural, string[]>>,
  ties: readonly (readonly [string, string, number?])[],
): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  const types: Record<string, Plural> = {}
  for (const [type, some] of Object.entries(names) as [Plural, string[]][])
    for (const name of some) {
      ids[name] = await story.made(type, name)
      types[name] = type
    }
  story.look(Object.entries(ids).map(([name, id]) => [types[name] as Plural, id]))
  for (const [from, to, typeId] of ties)
    await story.tied(`${types[from]}/${ids[from]}`, `${types[to]}/${ids[to]}`, typeId)
  return ids
}

/** Merges, and answers what came to be: each once, and nothing else is told to come. */
async function merged(type: Plural, primaryObjectId?: string, objectIdToMerge?: string): Promise<string[]> {
  await story.told()
  await well(story.portal.post(`/crm/v3/objects/${type}/merge`, { primaryObjectId, objectIdToMerge }))
  return (await story.told())
    .flatMap((one) => (one.startsWith('+ ') && one.includes(`/${primaryObjectId}>`) ? one.slice(2) : []))
    .map((tie) => tie.split('>')[1] as string)
    .toSorted()
}

test('what was associated with a contact is associated with whom it was merged into, and told once', async () => {
  const ids = await scene(
    {
      contacts: ['primary', 'other', 'friend'],
      companies: ['a', 'b', 'c'],
      deals: ['hers', 'both', 'theirs'],
      notes: ['note'],
    },
    [
      ['primary', 'b'],
      ['primary', 'a', planner],
      ['other', 'a'],
      ['other', 'a', payer],
      ['other', 'b', planner],
      ['other', 'c'],
      ['other', 'friend'],
      ['other', 'primary'],
      ['hers', 'other'],
      ['both', 'primary'],
      ['both', 'other'],
      ['theirs', 'other'],
      ['theirs', 'primary'],
      ['note', 'other'],
    ],
  )
  assert.deepEqual(
    await merged('contacts', ids.primary, ids.other),
    [
      `0-1/${ids.friend} 449`,
      `0-2/${ids.a} ${payer}`,
      `0-2/${ids.b} ${planner}`,
      `0-2/${ids.c} 279`,
      `0-3/${ids.hers} 4`,
      `0-46/${ids.note} 201`,
    ].toSorted(),
  )
})

test('a contact without a primary company takes over that of the other, which it may know already', async () => {
  const ids = await scene({ contacts: ['primary', 'other'], companies: ['a', 'b'] }, [
    ['primary', 'a'],
    ['other', 'a'],
    ['other', 'b'],
  ])
  await story.notPrimary(ids.primary as string, ids.a as string)
  const wanted = [`0-2/${ids.a} 1`, `0-2/${ids.b} 279`]
  assert.deepEqual(await merged('contacts', ids.primary, ids.other), wanted.toSorted())
})

test('what was not primary is not primary after a merge', async () => {
  const ids = await scene({ contacts: ['primary', 'other'], companies: ['a'] }, [['other', 'a']])
  await story.notPrimary(ids.other as string, ids.a as string)
  assert.deepEqual(await merged('contacts', ids.primary, ids.other), [`0-2/${ids.a} 279`])
})

test('a merge of companies leaves each contact and deal the primary company that it has', async () => {
  const ids = await scene(
    {
      companies: ['primary', 'other', 'third'],
      contacts: ['one', 'two', 'three', 'four'],
      deals: ['first', 'second', 'last'],
      tickets: ['ticket'],
    },
    [
      ['one', 'other'],
      ['two', 'other'],
      ['two', 'primary'],
      ['three', 'primary'],
      ['three', 'other'],
      ['four', 'third'],
      ['four', 'other'],
      ['first', 'other'],
      ['first', 'primary'],
      ['second', 'third'],
      ['second', 'other'],
      ['last', 'other'],
      ['ticket', 'primary'],
      ['ticket', 'other'],
    ],
  )
  assert.deepEqual(
    await merged('companies', ids.primary, ids.other),
    [
      `0-1/${ids.one} 2`,
      `0-1/${ids.one} 280`,
      `0-1/${ids.two} 2`,
      `0-1/${ids.four} 280`,
      `0-3/${ids.first} 6`,
      `0-3/${ids.second} 342`,
      `0-3/${ids.last} 342`,
      `0-3/${ids.last} 6`,
    ].toSorted(),
  )
})

test('a deal keeps its primary company, and has that of the other where it had none', async () => {
  const ids = await scene({ deals: ['primary', 'other', 'bare'], companies: ['a', 'b'], contacts: ['ann', 'bob'] }, [
    ['primary', 'a'],
    ['other', 'b'],
    ['other', 'a'],
    ['primary', 'ann'],
    ['other', 'bob'],
    ['other', 'ann'],
  ])
  const wanted = [`0-1/${ids.bob} 3`, `0-2/${ids.b} 341`]
  assert.deepEqual(await merged('deals', ids.primary, ids.other), wanted.toSorted())
  assert.deepEqual(
    await merged('deals', ids.bare, ids.primary),
    [`0-1/${ids.ann} 3`, `0-1/${ids.bob} 3`, `0-2/${ids.a} 341`, `0-2/${ids.a} 5`, `0-2/${ids.b} 341`].toSorted(),
  )
})

test('a meeting that is an appointment too is merged with what is associated with it by either name', async () => {
  const ids = await scene({ meetings: ['primary', 'other'], companies: ['a'], contacts: ['ann', 'bob'] }, [
    ['primary', 'ann'],
    ['other', 'bob'],
    ['other', 'a'],
  ])
  assert.deepEqual(
    await merged('appointments', ids.primary, ids.other),
    [`0-1/${ids.bob} 200`, `0-1/${ids.bob} ${plainType('0-421', '0-1').typeId}`, `0-2/${ids.a} 188`].toSorted(),
  )
})
