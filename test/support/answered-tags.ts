import assert from 'node:assert/strict'
import { idsIn, Ledger } from './ledger.ts'
import { flowOf, makeFlow, makeTag } from './made-assets.ts'
import { newLocation, type Story } from './stories.ts'

/**
 * A tag that a push made, and a workflow that adds it; then an answer led to a tag of the client's own instead, and the
 * workflow followed.
 */
export async function answerWithTag(story: Story) {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const tag = await makeTag(source, 'client')
  await makeFlow(source, 'Greet', { steps: [{ id: 'add', type: 'add_tag', tagIds: [tag] }] })
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  await ledger.push(snapshot.id, target)
  const idOf = async (name: string) => (await idsIn(story, target))[name] as string
  const made = await idOf('tags client')
  const wrong = await makeTag(target, 'Customer')
  const matches = (id: string | null) => [{ kind: 'tags', lineage: tag, id }]
  const tagsOf = async () => (await flowOf(target, await idOf('workflows Greet'))).steps[0].tagIds as string[]
  await ledger.push(snapshot.id, target, { matches: matches(wrong) })
  assert.deepEqual(await tagsOf(), [wrong])
  return { agency, source, target, tag, made, wrong, snapshot, ledger, matches, tagsOf }
}
