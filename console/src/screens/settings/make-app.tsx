import { Button, Checkbox, Group, MultiSelect, Stack, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Output } from '../../api/call.ts'
import { SCOPES } from '../../api/scopes.ts'
import { useAct } from '../../parts/act.ts'
import { CopyField } from '../../parts/copy-field.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { showOnce } from '../../parts/once.tsx'
import { Failure } from '../../parts/states.tsx'
import { scopeOptions } from './scope-words.ts'
import { texts } from './texts.ts'

const words = texts.apps.form

/** What an app may ask for: nothing that lets others in. */
const GRANTABLE = [...new Set([...SCOPES.agency, ...SCOPES.location])]
  .filter((scope) => !/^(people|tokens|apps)\./.test(scope))
  .sort()

export function MakeApp({ onClose }: { onClose: () => void }) {
  const [fault, setFault] = useState<unknown>(null)
  const [made, setMade] = useState<Output<'apps.create'> | null>(null)
  const form = useForm({
    initialValues: { name: '', scopes: [] as string[], redirectUris: [] as string[], public: false },
    validate: {
      name: (value) => (value.trim() === '' ? words.nameFault : null),
      scopes: (value) => (value.length === 0 ? words.scopesFault : null),
      redirectUris: (value) => (value.length === 0 ? words.redirectsFault : null),
    },
  })
  const create = useAct('apps.create', {
    changes: ['apps.list'],
    onFault: setFault,
    onDone: setMade,
    onGone: ({ secret }) => secret !== undefined && showOnce(words.secret, secret),
  })
  const submit = form.onSubmit((values) => {
    setFault(null)
    create.mutate(values)
  })
  return (
    <Dialog
      title={made ? words.made : words.title}
      size="lg"
      isDirty={form.isDirty()}
      isMaking={create.isPending}
      isOnce={made !== null}
      onClose={onClose}
    >
      {made ? (
        <Stack>
          <CopyField label={texts.apps.clientId} value={made.app.clientId} />
          {made.secret !== undefined && (
            <CopyField label={words.secret} description={words.secretHint} value={made.secret} />
          )}
          <Group justify="flex-end">
            <Button onClick={onClose}>{words.done}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {fault !== null && <Failure error={fault} title={words.failed} />}
            <TextInput label={words.name} description={words.nameHint} data-autofocus {...form.getInputProps('name')} />
            <MultiSelect
              label={words.scopes}
              searchable
              data={scopeOptions(GRANTABLE)}
              limit={50}
              {...form.getInputProps('scopes')}
            />
            <TagsInput
              label={words.redirects}
              description={words.redirectsHint}
              acceptValueOnBlur
              {...form.getInputProps('redirectUris')}
            />
            <Checkbox label={words.isPublic} {...form.getInputProps('public', { type: 'checkbox' })} />
            <DialogButtons submit={words.submit} isPending={create.isPending} onClose={onClose} />
          </Stack>
        </form>
      )}
    </Dialog>
  )
}
