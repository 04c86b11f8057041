import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { idsIn, Ledger } from '../support/ledger.ts'
import { formOf, make, makeFlow, makeForm, makeTag } from '../support/made-assets.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

/**
 * A target that a new version is about to come to: Ask changes, Kept was edited here, Gone deleted here, Twin could be
 * one of two, Quiet is as it was pushed, Left is no longer in the snapshot and stays.
 */
async function start() {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const forms: Record<string, string> = {}
  for (const name of ['Ask', 'Kept', 'Gone', 'Twin', 'Quiet', 'Left'])
    forms[name] = (await makeForm(source, name, { description: name })).id
  await makeTag(source, 'vip')
  const twins = [await makeForm(target, 'Twin'), await makeForm(target, 'twin')]
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  await ledger.push(snapshot.id, target)
  const ids = await idsIn(story, target)
  const idOf = (name: string) => ids[`forms ${name}`] as string
  const describe = async (id: string, description: string) =>
    assert.equal((await target.client.put(`/forms/${id}`, { description })).status, 200)
  await describe(idOf('Kept'), 'Mine')
  await describe(idOf('Left'), 'Mine')
  await target.client.delete(`/forms/${idOf('Gone')}`)
  await source.client.put(`/forms/${forms.Ask}`, { description: 'Newer' })
  await source.client.delete(`/forms/${forms.Left}`)
  await agency.refresh(snapshot.id)
  return { agency, source, target, snapshot, idOf, twins, describe }
}
type Start = Awaited<ReturnType<typeof start>>

/** What a client may do while somebody reads the plan. */
const UNTOUCHED: Record<string, (begun: Start) => Promise<unknown>> = {
  'an edit of what the client has edited before': ({ describe, idOf }) => describe(idOf('Kept'), 'Mine again'),
  'an edit that takes an edit back': ({ describe, idOf }) => describe(idOf('Kept'), 'Kept'),
  'a deletion of what the client has edited before': ({ target, idOf }) =>
    target.client.delete(`/forms/${idOf('Kept')}`),
  'an edit of what is unchanged': ({ describe, idOf }) => describe(idOf('Quiet'), 'Mine'),
  'a deletion of what is unchanged': ({ target, idOf }) => target.client.delete(`/forms/${idOf('Quiet')}`),
  'a renamed tag': async ({ target }) =>
    target.client.put(`/locations/${target.id}/tags/${(await idsIn(story, target))['tags vip']}`, { name: 'ours' }),
  'an edit of one of the candidates': ({ describe, twins }) => describe(twins[0]?.id as string, 'Mine'),
  'one more candidate': ({ target }) => makeForm(target, 'TWIN'),
  'an edit of what left the snapshot': ({ describe, idOf }) => describe(idOf('Left'), 'Mine again'),
  'something of another kind': ({ target }) =>
    makeFlow(target, 'Flow', { trigger: { type: 'manual' }, steps: [{ id: 'one', type: 'send_sms', body: 'Hello' }] }),
  'something of the same kind': ({ target }) => makeForm(target, 'Unrelated'),
}

test('a plan holds while clients change what the push does not touch', async (t) => {
  for (const deletions of [false, true]) {
    for (const [what, act] of Object.entries(UNTOUCHED)) {
      await t.test(`${what}${deletions ? ', with deletions' : ''}`, async () => {
        const begun = await start()
        const { agency, target, snapshot, idOf } = begun
        const plan = await agency.plan(snapshot.id, [target.id], { deletions })
        await act(begun)
        assert.equal((await agency.plan(snapshot.id, [target.id], { deletions })).hash, plan.hash)
        const push = await agency.push(snapshot.id, [target.id], { deletions, planHash: plan.hash })
        assert.equal(push.status, 'completed')
        assert.equal((await formOf(target, idOf('Ask'))).description, 'Newer')
      })
    }
  }
})

test('a plan does not hold once a client has changed what the push touches, or what it would do is another thing', async (t) => {
  const touched: Record<string, { act: (begun: Start) => Promise<unknown>; more?: object }> = {
    'an edit of what is to be updated': { act: ({ describe, idOf }) => describe(idOf('Ask'), 'Mine') },
    'a deletion of what is to be updated': { act: ({ target, idOf }) => target.client.delete(`/forms/${idOf('Ask')}`) },
    'an edit of what is overridden': {
      act: ({ describe, idOf }) => describe(idOf('Kept'), 'Mine again'),
      more: { policy: 'override' },
    },
    'an edit of what would be overridden then': {
      act: ({ describe, idOf }) => describe(idOf('Quiet'), 'Mine'),
      more: { policy: 'override' },
    },
    'an ambiguity that is none any more': {
      act: ({ target, twins }) => target.client.delete(`/forms/${twins[0]?.id}`),
    },
    'an edit of what is to be deleted': {
      act: ({ describe, idOf }) => describe(idOf('Left'), 'Left'),
      more: { deletions: true },
    },
  }
  for (const [what, { act, more = {} }] of Object.entries(touched)) {
    await t.test(what, async () => {
      const begun = await start()
      const { agency, target, snapshot } = begun
      const plan = await agency.plan(snapshot.id, [target.id], more)
      await act(begun)
      await agency.post(`/${snapshot.id}/push`, { locationIds: [target.id], ...more, planHash: plan.hash }, 409)
    })
  }
})

test('a plan with `only` holds whatever happens to the rest', async () => {
  const begun = await start()
  const { agency, source, target, snapshot, describe, idOf } = begun
  const only = [{ kind: 'forms', lineage: (await idsIn(story, source))['forms Ask'] as string }]
  const plan = await agency.plan(snapshot.id, [target.id], { only })
  await describe(idOf('Kept'), 'Mine again')
  await describe(idOf('Quiet'), 'Mine')
  await make(target, '/opportunities/pipelines', { name: 'Sales', stages: [{ name: 'New', position: 0 }] })
  const push = await agency.push(snapshot.id, [target.id], { only, planHash: plan.hash })
  assert.deepEqual([push.status, push.totals], ['completed', { updated: 1 }])
})
