import { NumberInput, Stack, TextInput } from '@mantine/core'
import type { Definition } from '../standing.tsx'
import { AuthorisationForm } from './authorisation.tsx'
import { PagingForm, SinceForm } from './paging.tsx'
import { texts } from './texts.ts'

const words = texts.poll
type Source = Definition['source']
export type Poll = NonNullable<Source['poll']>

/** What a connection that asks begins with. */
export const pollOf = (url: string): Poll => ({ url, paging: { style: 'none' }, authorisation: { kind: 'none' } })

export const isAddress = (url: string) => /^https?:\/\/./.test(url)

interface Props {
  source: Source
  onChange: (source: Source) => void
}

/** Where the other program is asked, how it lets us in, and how its pages follow each other. */
export function PollForm({ source, onChange }: Props) {
  const { poll = pollOf('') } = source
  const set = (next: Poll) => onChange({ ...source, poll: next })
  const { items: _, ...withoutItems } = poll
  return (
    <Stack gap="sm">
      <TextInput
        label={words.url}
        description={words.urlHint}
        dir="ltr"
        value={poll.url}
        error={isAddress(poll.url) ? null : words.urlFault}
        onChange={(event) => set({ ...poll, url: event.currentTarget.value.trim() })}
      />
      <TextInput
        label={words.items}
        description={words.itemsHint}
        dir="ltr"
        value={poll.items ?? ''}
        onChange={(event) => {
          const items = event.currentTarget.value.trim()
          set(items === '' ? withoutItems : { ...poll, items })
        }}
      />
      <NumberInput
        label={words.every}
        min={1}
        max={15}
        allowDecimal={false}
        value={source.everyMinutes ?? 5}
        onChange={(next) => typeof next === 'number' && onChange({ ...source, everyMinutes: next })}
      />
      <AuthorisationForm
        authorisation={poll.authorisation}
        onChange={(authorisation) => set({ ...poll, authorisation })}
      />
      <PagingForm paging={poll.paging} onChange={(paging) => set({ ...poll, paging })} />
      <SinceForm poll={poll} onChange={set} />
    </Stack>
  )
}
