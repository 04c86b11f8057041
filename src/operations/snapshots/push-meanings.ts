import { Type } from 'typebox'
import { ACTIONS, type Action, OUTCOMES, type Outcome, STATES, type State } from '../../snapshots/options.ts'

const ACTION_MEANINGS: Record<Action, string> = {
  create: 'the target has no such asset, so it gets one',
  update: "the target has it as it was pushed, or the policy is `override`: it gets the snapshot's content",
  merge: 'both sides changed different things: the target gets the changes of both',
  unchanged: 'the target has this content already',
  keep: "only the target changed or deleted it: the target's side stands",
  conflict: "both sides changed the same thing: the target's value stands there, everything else is merged",
  ambiguous: 'more than one asset of the target could be it: nothing is touched until `matches` says which one it is',
  delete: 'it left the snapshot, and `deletions` removes it from the target',
  release:
    "it left the snapshot and was the client's before the first push: it stays and is the client's again (unless " +
    '`deletions` is `"all"`)',
  skip: 'it differs, and the policy is `skip`',
}

const OUTCOME_MEANINGS: Record<Outcome, string> = {
  created: 'the target got it',
  updated: "it has the snapshot's content now",
  merged: 'it has the changes of both sides now',
  unchanged: 'it had this content already',
  kept: "only the target had changed or deleted it: the target's side stands",
  conflict: "both sides had changed the same thing: the target's value stands there until somebody decides",
  ambiguous: 'more than one asset of the target could have been it: nothing was touched',
  deleted: 'it was removed from the target',
  released: "it stayed and is the client's own again",
  skipped: 'it differs, and the policy was `skip`',
  failed: 'it could not be written: see `reason`; `retry` tries again',
}

const STATE_MEANINGS: Record<State, string> = {
  pending: 'not begun',
  processing: 'under way',
  completed: 'every asset was decided; conflicts and ambiguities are told by `totals`',
  partial: 'something failed and something did not',
  failed: 'nothing could be done',
  cancelled: 'stopped before its end; what was done stands',
  rolled_back: 'undone by a roll-back',
}

const sentences = (meanings: Record<string, string>) =>
  Object.entries(meanings)
    .map(([word, meaning]) => `\`${word}\`: ${meaning}.`)
    .join(' ')

export const ActionName = (what = '') =>
  Type.Enum([...ACTIONS], { description: `${what}${sentences(ACTION_MEANINGS)}` })
export const OutcomeName = (what = '') =>
  Type.Enum([...OUTCOMES], { description: `${what}${sentences(OUTCOME_MEANINGS)}` })
export const StateName = (what = '') => Type.Enum([...STATES], { description: `${what}${sentences(STATE_MEANINGS)}` })

/** How many assets by action, each with what the action means. */
export const ActionTotals = () =>
  Type.Object(
    Object.fromEntries(
      ACTIONS.map((action) => [action, Type.Optional(Type.Integer({ description: `${ACTION_MEANINGS[action]}.` }))]),
    ),
  )

/** How many assets by outcome. */
export const OutcomeTotals = () =>
  Type.Object(
    Object.fromEntries(
      OUTCOMES.map((outcome) => [
        outcome,
        Type.Optional(Type.Integer({ description: `${OUTCOME_MEANINGS[outcome]}.` })),
      ]),
    ),
  )

/** How many targets by state. */
export const StateTotals = () =>
  Type.Object(
    Object.fromEntries(
      STATES.map((state) => [state, Type.Optional(Type.Integer({ description: `${STATE_MEANINGS[state]}.` }))]),
    ),
  )
