import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { seeded } from './crash.ts'
import { startTestServer, type TestServer } from './server.ts'
import { readAll, type Story, startStory } from './stories.ts'
import { pick } from './storm-acts.ts'
import {
  falseClaims,
  missingAssets,
  orphans,
  sharedKeys,
  unendedPushes,
  unfinishedWork,
  unseenWork,
} from './storm-checks.ts'
import { Hand } from './storm-hand.ts'
import { readMisplaced, readTrouble, type Trouble, watchOrder } from './storm-order.ts'
import { type PushDeed, replay } from './storm-replay.ts'

/** Two servers of one agency, and templates that change from round to round. */
export interface Storm extends AsyncDisposable {
  story: Story
  second: TestServer
  sources: Source[]
  random: () => number
  tally: Tally
}

interface Source {
  hand: Hand
  snapshotId: string
  version: number
}

export interface Tally {
  rounds: number
  pushes: number
  acts: number
  refused: number
  /** Locations whose end was the end of one thing after the other. */
  replayed: number
}

const SETTINGS = { rateLimit: 0, rateLimitDaily: 0, workerConcurrency: 2, poolSize: 8 }
const CLIENTS = 3
const MOST_ACTS = 12

export async function startStorm(seed: number): Promise<Storm> {
  const story = await startStory(SETTINGS)
  const second = await startTestServer({ ...SETTINGS, databaseUrl: story.server.databaseUrl })
  await watchOrder(story.server.owner())
  const storm: Storm = {
    story,
    second,
    sources: [],
    random: seeded(seed),
    tally: { rounds: 0, pushes: 0, acts: 0, refused: 0, replayed: 0 },
    async [Symbol.asyncDispose]() {
      await second[Symbol.asyncDispose]()
      await story[Symbol.asyncDispose]()
    },
  }
  for (const name of ['North', 'South', 'Franchise']) storm.sources.push(await newSource(storm, name))
  return storm
}

/** The last template is itself a target of the first: they share lineages. */
async function newSource(storm: Storm, name: string): Promise<Source> {
  const { story, random, sources } = storm
  const hand = await newHand(storm, name)
  const first = sources[0]
  if (name === 'Franchise' && first !== undefined) await story.agency.push(first.snapshotId, [hand.locationId])
  for (let act = 0; act < 20; act++) await hand.actOnce(random, { records: false })
  const { id: snapshotId } = await story.agency.capture(hand.locationId, { name })
  return { hand, snapshotId, version: 1 }
}

/** A new location, reached through both servers. */
async function newHand({ story, second }: Storm, name: string): Promise<Hand> {
  const { agency, server } = story
  const { body } = await agency.client.post('/locations/', { companyId: agency.companyId, name })
  const token = await agency.client.post(`/tokens/?companyId=${agency.companyId}`, {
    name,
    locationId: body.id,
    scopes: ['*'],
  })
  assert.equal(token.status, 201, JSON.stringify(token.body))
  return new Hand(
    body.id,
    [server, second].map((one) => one.client(token.body.secret)),
  )
}

/** What one round is about. */
interface Plot {
  hands: Hand[]
  /** Started at once. */
  pushes: { source: Source; locationIds: string[]; body: object }[]
}

/** One round. Answers what went wrong. */
export async function stormOnce(storm: Storm): Promise<string[]> {
  const { story, tally } = storm
  const { hands, pushes, earlier } = await setUp(storm)
  const locationIds = hands.map((hand) => hand.locationId)
  const started = await Promise.all([
    ...pushes.map((push) => start(story, push)),
    ...earlier.filter(() => storm.random() < 0.4).map((push) => startRollback(story, push)),
  ])
  const seed = Math.floor(storm.random() * 2 ** 31)
  let over = false
  const working = Array.from({ length: CLIENTS }, (_, number) =>
    work(hands, { number, random: seeded(seed + number), isOver: () => over }),
  )
  for (const { id } of started) await story.agency.ended(id)
  over = true
  await Promise.all(working)

  const deeds = [...earlier, ...started]
  const faults = await unendedPushes(story, deeds)
  for (const hand of hands) {
    const assets = await readAll(story, hand.locationId)
    faults.push(...sharedKeys(story, assets), ...(await orphans(story, hand.locationId, assets, pipelinesByHand(hand))))
    for (const [index, push] of started.entries()) {
      if (!pushes[index]?.locationIds.includes(hand.locationId)) continue
      faults.push(
        ...(await missingAssets(story, push, hand.locationId, assets)),
        ...(await unfinishedWork(story, push, hand)),
      )
    }
  }
  faults.push(...(await falseClaims(story, locationIds)))
  for (const { op, kind, id } of await readMisplaced(story.server.app.platform.db, locationIds))
    faults.push(`${op} of ${kind} ${id} is told out of order`)
  for (const push of started.slice(0, pushes.length)) faults.push(...(await unseenWork(story, push, locationIds)))
  const snapshotIds = [...new Set(deeds.map(({ snapshotId }) => snapshotId))]
  const compared = await Promise.all(
    hands.map(async (hand) => replay({ story, hand, pushes: deeds, snapshotIds }, await newHand(storm, 'Again'))),
  )
  faults.push(...compared.flat())
  tally.rounds++
  tally.pushes += started.length
  tally.replayed += hands.length
  for (const { deeds } of hands) {
    tally.acts += deeds.length
    tally.refused += deeds.filter(({ reply }) => reply.status >= 400).length
  }
  return faults
}

/** Templates move on; targets come, with things of their own, and some of them stand at an earlier version already. */
async function setUp(storm: Storm): Promise<Plot & { earlier: PushDeed[] }> {
  const { story, random, sources } = storm
  const changing = pick(random, sources)
  for (let act = 0; act < 4; act++) await changing.hand.actOnce(random, { records: false })
  const refreshed = await story.agency.client.post(story.agency.path(`/${changing.snapshotId}/refresh`), {})
  if (refreshed.status === 201) changing.version = refreshed.body.snapshot.version
  const hands = await Promise.all(Array.from({ length: 2 + Math.floor(random() * 2) }, () => newHand(storm, 'Target')))
  for (const hand of hands) {
    for (const firstName of ['Ann', 'Bob'])
      await hand.do({ method: 'post', path: '/contacts/', body: { locationId: hand.locationId, firstName } })
    for (let act = 0; act < 6; act++) await hand.actOnce(random)
  }
  const locationIds = hands.map((hand) => hand.locationId)
  const first = pick(random, sources)
  const second =
    random() < 0.2
      ? first
      : pick(
          random,
          sources.filter((source) => source !== first),
        )
  const earlier: PushDeed[] = []
  if (random() < 0.5) {
    const some = locationIds.filter(() => random() < 0.6)
    if (some.length > 0)
      earlier.push(
        await start(story, { source: first, locationIds: some, body: { version: anyVersion(random, first) } }),
      )
    for (const { id } of earlier) await story.agency.ended(id)
  }
  const pushes = [first, second].flatMap((source) => {
    const body = { version: random() < 0.7 ? source.version : anyVersion(random, source), ...pick(random, MANNERS) }
    if (random() < 0.7) return [{ source, locationIds, body }]
    return [locationIds.slice(0, 1), locationIds.slice(1)].map((part) => ({ source, locationIds: part, body }))
  })
  return { hands, pushes, earlier }
}

const MANNERS = [
  {},
  {},
  { deletions: true },
  { deletions: true },
  { deletions: 'all' },
  { policy: 'override' },
  { policy: 'skip' },
] as const
const anyVersion = (random: () => number, { version }: Source) => Math.max(1, version - Math.floor(random() * 4))

async function start({ agency }: Story, { source, locationIds, body }: Plot['pushes'][number]): Promise<PushDeed> {
  const { push } = await agency.post(`/${source.snapshotId}/push`, { ...body, locationIds }, 202)
  return { id: push.id, snapshotId: source.snapshotId, body }
}

async function startRollback({ agency }: Story, { id, snapshotId }: PushDeed): Promise<PushDeed> {
  const { push } = await agency.post(`/pushes/${id}/rollback`, {}, 202)
  return { id: push.id, snapshotId, reverts: id, body: {} }
}

/** A client who goes on while pushes run, and does a few things even if they are quick. */
async function work(
  hands: readonly Hand[],
  { number, random, isOver }: { number: number; random: () => number; isOver: () => boolean },
): Promise<void> {
  for (let act = 0; act < MOST_ACTS && !(isOver() && act >= 3); act++) {
    await pick(random, hands).actOnce(random, { number })
    if (random() < 0.3) await pause(random() * 30)
  }
}

/** Pipelines that a client has deleted, or whose stages a client has written. */
function pipelinesByHand({ deeds }: Hand): Set<string> {
  const paths = deeds.filter(({ act, reply }) => reply.status < 300 && act.method !== 'post').map(({ act }) => act.path)
  return new Set(paths.flatMap((path) => /^\/opportunities\/pipelines\/(.+)$/.exec(path)?.[1] ?? []))
}

export const troubleOf = ({ story }: Storm): Promise<Trouble> => readTrouble(story.server.app.platform.db)
