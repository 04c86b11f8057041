import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ledger } from '../support/ledger.ts'
import { make, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

interface Kind {
  kind: 'surveys' | 'funnels'
  list: string
  inner: string
  /** A part that bears this name. */
  part: (name: string) => object
}

type Doc = Record<string, unknown>

const KINDS: Kind[] = [
  { kind: 'surveys', list: 'slides', inner: 'fields', part: (label) => ({ type: 'text', label }) },
  { kind: 'funnels', list: 'pages', inner: 'sections', part: (name) => ({ type: 'headline', name, text: name }) },
]

/** One(X Y) and Two(), pushed; both sides can be edited, and read as they are written here. */
async function start({ kind, list, inner, part }: Kind) {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  await make(source, `/${kind}/`, {
    name: 'S',
    [list]: [
      { name: 'One', [inner]: [part('X'), part('Y')] },
      { name: 'Two', [inner]: [] },
    ],
  })
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  await ledger.push(snapshot.id, target)
  const listsOf = async (location: Actor) => (await named(story, location, kind, 'S')).document[list] as Doc[]
  const nameOf = (each: Doc) => String(each.label ?? each.name)
  const read = async (location: Actor) =>
    (await listsOf(location))
      .map((each) => `${each.name}(${((each[inner] ?? []) as Doc[]).map(nameOf).join(' ')})`)
      .join(' ')
  /** Puts the parts of the location where the text says: `One(Y) Two(X)`. */
  const arrange = async (location: Actor, wanted: string) => {
    const lists = await listsOf(location)
    const parts = new Map(lists.flatMap((each) => (each[inner] ?? []) as Doc[]).map((each) => [nameOf(each), each]))
    const written = [...wanted.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name, names]) => ({
      ...lists.find((each) => each.name === name),
      [inner]: (names as string).split(' ').flatMap((each) => parts.get(each) ?? []),
    }))
    const { id } = await named(story, location, kind, 'S')
    const reply = await location.client.put(`/${kind}/${id}`, { [list]: written })
    assert.equal(reply.status, 200, JSON.stringify(reply.body))
    assert.equal(await read(location), wanted)
  }
  const open = async () =>
    (await agency.get(`/${snapshot.id}/conflicts`)).conflicts as {
      fields: { path: string }[]
      kind: string
      lineage: string
    }[]
  return { agency, source, target, snapshot, ledger, read, arrange, open }
}

interface Case {
  title: string
  source: string
  target: string
  /** After a push, with the conflicts that it tells of. */
  merged: string
  paths: string[]
  /** After these were decided for the snapshot. */
  taken: string
}

const CASES = (list: string, inner: string): Case[] => [
  {
    title: 'what the agency moves into a list that the client deleted stays where the client has it',
    source: 'One(Y) Two(X)',
    target: 'One(X Y)',
    merged: 'One(X Y)',
    paths: [`${list}[Two]`],
    taken: 'One(Y) Two(X)',
  },
  {
    title: 'what the client deleted does not come back because the agency moves it',
    source: 'One(Y) Two(X)',
    target: 'One(Y) Two()',
    merged: 'One(Y) Two()',
    paths: [`${list}[Two].${inner}[X]`],
    taken: 'One(Y) Two(X)',
  },
  {
    title: 'what the client moved stays though the agency deletes it, as a conflict',
    source: 'One(Y) Two()',
    target: 'One(Y) Two(X)',
    merged: 'One(Y) Two(X)',
    paths: [`${list}[Two].${inner}[X]`],
    taken: 'One(Y) Two()',
  },
]

for (const kind of KINDS) {
  for (const { title, source: theirs, target: mine, merged, paths, taken } of CASES(kind.list, kind.inner)) {
    test(`${kind.kind}: ${title}`, async () => {
      const { agency, source, target, snapshot, ledger, read, arrange, open } = await start(kind)
      await arrange(source, theirs)
      await arrange(target, mine)
      await agency.refresh(snapshot.id)
      const skipped = await ledger.push(snapshot.id, target, { policy: 'skip' })
      assert.deepEqual([skipped.totals, await read(target)], [{ skipped: 1 }, mine])
      const push = await ledger.push(snapshot.id, target)
      assert.deepEqual([push.totals, await read(target)], [{ conflict: 1 }, merged])
      const [conflict, ...more] = await open()
      assert.deepEqual([conflict?.fields.map(({ path }) => path), more], [paths, []])
      const again = await ledger.push(snapshot.id, target)
      assert.deepEqual([again.totals.conflict, await read(target)], [undefined, merged])

      const decisions = paths.map((path) => ({
        locationId: target.id,
        kind: conflict?.kind,
        lineage: conflict?.lineage,
        path,
        take: 'source',
      }))
      const decided = await agency.post(`/${snapshot.id}/conflicts`, { decisions }, 202)
      const settled = await ledger.ended(decided.push.id, target)
      assert.deepEqual([await read(target), await open()], [taken, []])
      await ledger.rollback(settled.id, target)
      assert.equal(await read(target), merged)
      await ledger.rollback(push.id, target)
      assert.equal(await read(target), mine)
      await ledger.push(snapshot.id, target, { policy: 'override' })
      assert.equal(await read(target), theirs)
    })
  }
}
