import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { CallError } from '../api/call.ts'
import { useTitle } from '../parts/page.tsx'
import { texts } from '../texts.ts'
import { asksForCode, enter } from './enter.ts'
import { Mark } from './mark.tsx'

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
  useTitle(words.title)

  const submit = form.onSubmit(async ({ code, ...values }) => {
    setFault(null)
    try {
      await enter(client, needsCode ? { ...values, code } : values)
      router.history.push(safeAddress(to))
    } catch (error) {
      const refusal = error instanceof CallError ? error : new CallError(0, { message: String(error) })
      const asks = asksForCode(refusal)
      setNeedsCode(asks || needsCode)
      if (asks && !needsCode) return
      setFault(refusal)
      form.setFieldValue(needsCode ? 'code' : 'password', '')
    }
  })

  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={380} gap="lg">
        <Stack gap={4} align="center">
          <Mark size={44} />
          <Title order={1} size="h3">
            {words.title}
          </Title>
          <Text c="dimmed" size="sm">
            {words.lead}
          </Text>
        </Stack>
        <Paper withBorder p="lg">
          <form onSubmit={submit}>
            <Stack>
              {fault && (
                <Alert color="red" variant="outline" role="alert" id={faultId}>
                  {fault.message}
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
      </Stack>
    </Center>
  )
}
