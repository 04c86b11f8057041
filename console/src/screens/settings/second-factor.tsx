import { Anchor, Button, Code, Group, PasswordInput, SimpleGrid, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useClipboard } from '@mantine/hooks'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Output } from '../../api/call.ts'
import { useAct } from '../../parts/act.ts'
import { CopyField } from '../../parts/copy-field.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { showDone } from '../../parts/notices.tsx'
import { showOnce } from '../../parts/once.tsx'
import { Failure } from '../../parts/states.tsx'
import { texts as shared } from '../../texts.ts'
import { texts } from './texts.ts'

// Whoever sets a second factor up needs it, and nobody else.
const QrCode = lazy(() => import('./qr-code.tsx'))

const words = texts.account.factor
const CHANGED = ['account.get', 'people.list'] as const
const TITLES = { factor: words.setUp, codes: words.newCodes, off: words.switchOff }

const tellCodes = ({ recoveryCodes }: { recoveryCodes: readonly string[] }) =>
  showOnce(words.codes, recoveryCodes.join(' '))

interface Props {
  act: keyof typeof TITLES
  onClose: () => void
}

/** Everything about the second factor begins with the password. */
export function FactorDialog({ act, onClose }: Props) {
  const [fault, setFault] = useState<unknown>(null)
  const [enrolled, setEnrolled] = useState<Output<'account.enrolSecondFactor'> | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const [isMaking, setMaking] = useState(false)
  const form = useForm({ initialValues: { password: '' } })
  const enrol = useAct('account.enrolSecondFactor', { onFault: setFault, onDone: setEnrolled })
  const renew = useAct('account.renewRecoveryCodes', {
    onFault: setFault,
    onDone: ({ recoveryCodes }) => setCodes(recoveryCodes),
    onGone: tellCodes,
  })
  const switchOff = useAct('account.switchOffSecondFactor', {
    changes: CHANGED,
    onFault: setFault,
    onDone: () => {
      showDone(words.isOff)
      onClose()
    },
  })
  const acting = { factor: enrol, codes: renew, off: switchOff }[act]
  const submit = form.onSubmit((input) => {
    setFault(null)
    acting.mutate(input)
  })
  return (
    <Dialog
      title={TITLES[act]}
      isMaking={isMaking || renew.isPending}
      // The codes are shown only once.
      isOnce={codes !== null}
      onClose={onClose}
    >
      {codes ? (
        <Codes codes={codes} onClose={onClose} />
      ) : enrolled ? (
        <Confirm enrolled={enrolled} onMaking={setMaking} onCodes={setCodes} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {fault !== null && <Failure error={fault} title={words.failed} />}
            <Text size="sm">{{ factor: words.prove, codes: words.codesTitle, off: words.offLead }[act]}</Text>
            <PasswordInput
              label={texts.account.password.present}
              autoComplete="current-password"
              required
              withAsterisk={false}
              data-autofocus
              {...form.getInputProps('password')}
            />
            <DialogButtons
              submit={act === 'off' ? words.switchOff : words.proceed}
              isPending={acting.isPending}
              onClose={onClose}
            />
          </Stack>
        </form>
      )}
    </Dialog>
  )
}

interface ConfirmProps {
  enrolled: Output<'account.enrolSecondFactor'>
  onMaking: (isMaking: boolean) => void
  onCodes: (codes: readonly string[]) => void
}

/** The secret, until a code of it was shown. */
function Confirm({ enrolled: { secret, uri }, onMaking, onCodes }: ConfirmProps) {
  const [fault, setFault] = useState<unknown>(null)
  const form = useForm({ initialValues: { code: '' } })
  const confirm = useAct('account.confirmSecondFactor', {
    changes: CHANGED,
    onFault: setFault,
    onDone: ({ recoveryCodes }) => onCodes(recoveryCodes),
    onGone: tellCodes,
  })
  useEffect(() => onMaking(confirm.isPending), [onMaking, confirm.isPending])
  return (
    <form
      onSubmit={form.onSubmit((input) => {
        setFault(null)
        confirm.mutate(input)
      })}
    >
      <Stack>
        {fault !== null && <Failure error={fault} title={words.failed} />}
        <Text size="sm">{words.scan}</Text>
        <Suspense fallback={<Skeleton width={200} height={200} />}>
          <QrCode text={uri} label={words.qr} />
        </Suspense>
        <CopyField label={words.secret} description={words.secretHint} value={secret} />
        <Anchor href={uri} size="sm">
          {words.link}
        </Anchor>
        <TextInput
          label={words.code}
          description={words.codeHint}
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          withAsterisk={false}
          data-autofocus
          {...form.getInputProps('code')}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={confirm.isPending}>
            {words.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Codes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const { copy, copied } = useClipboard({ timeout: 2_000 })
  return (
    <Stack>
      <Text size="sm">{words.codesHint}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {codes.map((code) => (
          <li key={code}>
            <Code>{code}</Code>
          </li>
        ))}
      </SimpleGrid>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => copy(codes.join('\n'))}>
          {copied ? shared.copied : shared.copy}
        </Button>
        <Button onClick={onClose}>{words.codesKept}</Button>
      </Group>
    </Stack>
  )
}
