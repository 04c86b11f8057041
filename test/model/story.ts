import type { Action } from './actions.ts'
import type { Change } from './changes.ts'
import type { Value } from './document.ts'

/** What somebody did, as a sentence. */
export function sentence(action: Action): string {
  switch (action.do) {
    case 'create':
      return `In ${action.at} somebody makes ${action.kind} ${action.token}: ${JSON.stringify(action.document)}`
    case 'edit':
      return `In ${action.at} somebody changes ${action.token}: ${action.changes.map(changeText).join('; ')}`
    case 'swap':
      return `In ${action.at} ${action.tokens.join(' and ')} exchange their names`
    case 'delete':
      return `In ${action.at} somebody deletes ${action.token}`
    case 'capture':
      return `${action.at} is captured as ${action.as}${action.kinds ? `, only ${action.kinds.join(', ')}` : ''}${action.assets ? `, only ${action.assets.join(', ')}` : ''}`
    case 'refresh':
      return `${action.snapshot} is captured again`
    case 'push': {
      const { policy, policies, deletions, matches, only } = action.options
      const more = [
        ...(policy === 'merge' ? [] : [`policy ${policy}`]),
        ...policies.map((one) => `${one.token ?? one.kind}: ${one.policy}`),
        ...(deletions === false ? [] : [`deletions ${deletions}`]),
        ...matches.map(({ incoming, own }) => `${incoming} is ${own ?? 'new'} in ${action.matchesAt}`),
        ...(only === null ? [] : [`only ${only.join(', ')}`]),
        ...(action.hash === 'none' ? [] : [`${action.hash} plan`]),
      ]
      return (
        `${action.snapshot}${action.version === null ? '' : ` version ${action.version}`} is pushed to ` +
        `${action.to.join(', ')} as ${action.as}${more.length === 0 ? '' : ` (${more.join('; ')})`}`
      )
    }
    case 'rollback':
      return (
        `${action.push} is rolled back as ${action.as}${action.override ? ', overriding' : ''}` +
        `${action.only === null ? '' : `, only ${action.only.join(', ')}`}`
      )
    case 'settle':
      return (
        `The conflict of ${action.snapshot} about ${action.token} in ${action.at} is settled for the ` +
        `${action.take} as ${action.as}`
      )
    case 'decide':
      return (
        `Of the conflict of ${action.snapshot} about ${action.token} in ${action.to.join(', ')}, ` +
        `${action.paths.join(', ')} is settled for the ${action.take} as ${action.as}`
      )
    case 'retry':
      return `${action.push} is tried again`
    case 'drop':
      return `${action.snapshot} is deleted`
    case 'contact':
      return `In ${action.at} a contact ${action.as} gets the tags ${action.tags.join(', ')}`
    case 'deal':
      return `In ${action.at} a deal ${action.as} is put into stage ${action.stage} of ${action.pipeline}`
    case 'look':
      return `${action.snapshot} is compared with ${action.at}`
  }
}

function changeText(change: Change): string {
  if ('set' in change) return `${change.set.join(' ')} = ${text(change.value)}`
  if ('add' in change) return `${change.add.join(' ')} gets ${text(change.value)} at ${change.at}`
  return 'drop' in change
    ? `${change.drop.join(' ')} loses ${change.part}`
    : `the first of ${change.swap.join(' ')} goes last`
}

const text = (value: Value) => JSON.stringify(value)
