import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assetToEdit } from './actions.ts'
import { Chance } from './chance.ts'
import { copy, divide, keyOf, resourceOf, same, textOf, tokenOf, unite } from './document.ts'
import { drawOptions } from './draw-options.ts'
import { Drawing } from './drawing.ts'
import { FEATURES } from './features.ts'
import {
  capture,
  createAsset,
  deleteAsset,
  editAsset,
  isTaken,
  livingIn,
  newPlace,
  type Place,
  type Snapshot,
  settled,
} from './model.ts'
import { possible } from './possible.ts'
import { push } from './push.ts'
import type { Outcome } from './request.ts'
import { rollBack, type Trace } from './roll-back.ts'

/** The model beside nothing but its own rules: what it says must hold together before a product is measured by it. */

const SEEDS = 30
const STEPS = 160
const features = new Set(FEATURES)
/** How often each outcome came up. */
const seen = new Map<Outcome, number>()
const OUTCOMES: Outcome[] = [
  'created',
  'updated',
  'merged',
  'unchanged',
  'kept',
  'conflict',
  'ambiguous',
  'deleted',
  'released',
  'skipped',
]

class Sketch {
  readonly places = ['l0', 'l1', 'l2'].map(newPlace)
  readonly snapshots: Snapshot[] = []
  readonly chance: Chance
  number = 0

  constructor(seed: number) {
    this.chance = new Chance(seed)
  }

  step(): void {
    const place = this.chance.of(this.places)
    const verb = this.chance.weighted({ create: 5, edit: 5, delete: 2, capture: 1, refresh: 2, push: 4 })
    this.number++
    if (verb === 'create' || verb === 'edit') this.#write(place, verb === 'edit')
    if (verb === 'delete') {
      const asset = this.chance.find(livingIn(place))
      if (asset !== undefined) deleteAsset(place, asset)
    }
    if (verb === 'capture') {
      const name = `s${this.number}`
      this.snapshots.push({
        name,
        place: place.name,
        kinds: undefined,
        assets: undefined,
        versions: [capture(place, {} as never)],
        isDropped: false,
      })
    }
    const snapshot = this.chance.find(this.snapshots)
    if (verb === 'refresh')
      snapshot?.versions.push(capture(this.places.find(({ name }) => name === snapshot.place) as Place, {} as never))
    if (verb === 'push' && snapshot !== undefined && snapshot.place !== place.name) checkPush(this, place, snapshot)
  }

  #write(place: Place, isEdit: boolean): void {
    const drawing = new Drawing({ chance: this.chance, features, place, number: this.number })
    const asset = isEdit ? assetToEdit(this.chance, place) : undefined
    const kind = asset?.kind ?? drawing.kind()
    const fresh = possible(place, drawing.document(kind), new Set())
    // People change some things and leave others.
    const drawn =
      asset === undefined
        ? fresh
        : { ...unite(kind, asset), ...Object.fromEntries(this.chance.some(Object.entries(fresh), 0.3)) }
    const document = kind.startsWith('custom_')
      ? { ...drawn, fieldKey: asset?.content.fieldKey ?? String(drawn.name) }
      : drawn
    if (isTaken(place, kind, divide(kind, document).content, asset?.token)) return
    if (asset === undefined) createAsset(place, kind, tokenOf(`a${this.number}`), document)
    else editAsset(asset, document)
  }
}

const stateOf = (place: Place) =>
  livingIn(place).map(({ token, kind, content }) => ({ token, kind, content: settled(place, content) }))
const undoing = (trace: Trace) => ({ trace, override: false, among: null, isPartial: false })
const pairsOf = (place: Place) =>
  [...place.pairs.values()]
    .filter(({ base }) => base !== null)
    .map((pair) => textOf({ ...pair, parts: [...pair.parts] }))
    .sort()

function checkPush({ chance, snapshots }: Sketch, place: Place, snapshot: Snapshot): void {
  const version = 1 + chance.below(snapshot.versions.length)
  const options = drawOptions({ chance, features }, snapshot.versions[version - 1]?.entries ?? [], place)
  const request = { snapshot, version, options, snapshots }
  const before = copy(place)
  const planned = push(copy(place), request)
  const lines = push(place, request)
  for (const { outcomes } of lines) seen.set(outcomes[0] as Outcome, (seen.get(outcomes[0] as Outcome) ?? 0) + 1)
  assert.deepEqual(lines, planned, 'a plan is what the push does')
  assert.equal(new Set(lines.map(({ incoming }) => incoming)).size, lines.length)
  const reached = lines
    .filter(
      ({ outcomes }) =>
        !['ambiguous', 'deleted', 'released', 'kept', 'conflict', 'skipped'].includes(outcomes[0] as string),
    )
    .map(({ own }) => own)
  assert.equal(new Set(reached).size, reached.length, 'two entries never reach one asset')
  for (const { kind, token, content } of livingIn(place)) {
    if (resourceOf(kind).unique === null) continue
    const holders = livingIn(place, kind).filter((other) => keyOf(kind, other.content) === keyOf(kind, content))
    assert.equal(holders.length, 1, `${kind} ${token} shares its key ${keyOf(kind, content)}`)
  }
  const after = copy(place)
  const again = push(copy(place), request)
  const writes = again.filter(({ outcomes }) => ['created', 'deleted', 'released'].includes(outcomes[0] as string))
  assert.deepEqual(writes, [], `pushed again, it would still do something:\n${JSON.stringify(lines)}`)
  const undone = copy(place)
  rollBack(undone, undoing({ before, after }), () => undefined)
  assert.ok(same(stateOf(undone), stateOf(before)), 'a roll-back leads back')
  assert.ok(
    same(pairsOf(undone), pairsOf(before)) && same([...undone.aliases].sort(), [...before.aliases].sort()),
    'with pairs and aliases',
  )
  const redone = copy(undone)
  rollBack(redone, undoing({ before: after, after: undone }), () => undefined)
  assert.ok(
    same(
      stateOf(redone)
        .map(({ token }) => token)
        .sort(),
      stateOf(after)
        .map(({ token }) => token)
        .sort(),
    ),
    'and its own roll-back forward again',
  )
}

test(`the model's rules hold together in ${SEEDS} sketches`, (t) => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const sketch = new Sketch(seed)
    for (let count = 0; count < STEPS; count++) {
      try {
        sketch.step()
      } catch (error) {
        throw new Error(`seed ${seed}, step ${count}: ${(error as Error).message}`, { cause: error })
      }
    }
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(seen)))
  for (const outcome of OUTCOMES) assert.ok(seen.has(outcome), `nothing was ${outcome}`)
})
