import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { CallError } from '../api/call.ts'
import { Trace } from '../parts/states.tsx'
import { texts } from '../texts.ts'
import { Door } from './door.tsx'
import { asksForCode, enter } from './enter.ts'

/** Only an address of this console is gone to: no other site gets whoever has just signed in. */
const safeAddress = (to: string | undefined): string => (to !== undefined && /^\/app(\/|\?|$)/.test(to) ? to : '/app')

export function SignIn() {
  const words = texts.signIn
  const [needsCode, setNeedsCode] = useState(false)
  const [fault, setFault] = useState<CallError | null>(null)
  const faultId = useId()
  const router = useRouter()
  const client = useQueryClient()
  const { to } = useSearch({ strict: false }) as { to?: string }
  const form = useForm({ initialValues: { email: '', password: '', code: '' } })

  const submit = form.onSubmit(async ({ code, ...values }) => {
    setFault(null)
    try {
      await enter(client, needsCode ? { ...values, code } : values)
      router.history.replace(safeAddress(to))
    } catch (error) {
      const refusal = error instanceof CallError ? error : new CallError(0, { message: String(error) })
      const asks = asksForCode(refusal)
      setNeedsCode(asks || needsCode)
      if (asks && !needsCode) return
      setFault(refusal)
      if (refusal.status === 401) form.setFieldValue(needsCode ? 'code' : 'password', '')
    }
  })

  return (
    <Door title={words.title} lead={words.lead}>
      <Paper withBorder p="lg">
        <form onSubmit={submit}>
          <Stack>
            {fault && (
              <Alert color="red" variant="outline" role="alert" id={faultId}>
                {fault.message}
                {fault.traceId !== null && fault.status !== 401 && <Trace id={fault.traceId} mt={4} />}
              </Alert>
            )}
            <TextInput
              label={words.email}
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              data-autofocus
              autoFocus
              {...form.getInputProps('email')}
            />
            <PasswordInput
              label={words.password}
              autoComplete="current-password"
              required
              withAsterisk={false}
              aria-describedby={fault ? faultId : undefined}
              {...form.getInputProps('password')}
            />
            {needsCode && (
              <TextInput
                label={words.code}
                description={words.codeHint}
                autoComplete="one-time-code"
                required
                withAsterisk={false}
                autoFocus
                {...form.getInputProps('code')}
              />
            )}
            <Button type="submit" loading={form.submitting} fullWidth>
              {words.submit}
            </Button>
          </Stack>
        </form>
      </Paper>
      <Text c="dimmed" size="xs" ta="center">
        {words.forgotten}
      </Text>
    </Door>
  )
}
