import { PasswordInput, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { Failure } from '../../parts/states.tsx'
import { texts } from './texts.ts'

const words = texts.account.password

/** Nothing of the person stays in this window: the form for signing in comes as a new page. */
export const toSignIn = (): void => window.location.assign('/app/sign-in')

/** Another password in place of the present one. All sessions end with it. */
export function NewPassword({ onClose }: { onClose: () => void }) {
  const [fault, setFault] = useState<unknown>(null)
  const form = useForm({ initialValues: { present: '', password: '' } })
  const renew = useAct('account.password', { onFault: setFault, onDone: toSignIn })
  return (
    <Dialog title={words.open} isDirty={form.isDirty()} onClose={onClose}>
      <form
        onSubmit={form.onSubmit((values) => {
          setFault(null)
          renew.mutate(values)
        })}
      >
        <Stack>
          {fault !== null && <Failure error={fault} title={words.failed} />}
          <Text size="sm" c="dimmed">
            {words.lead}
          </Text>
          <PasswordInput
            label={words.present}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
            {...form.getInputProps('present')}
          />
          <PasswordInput
            label={words.next}
            description={words.nextHint}
            autoComplete="new-password"
            required
            withAsterisk={false}
            {...form.getInputProps('password')}
          />
          <DialogButtons submit={words.submit} isPending={renew.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Dialog>
  )
}
