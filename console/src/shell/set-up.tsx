import { Alert, Button, Paper, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useLocation, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { send } from '../api/call.ts'
import { Failure, Waiting } from '../parts/states.tsx'
import { afterHash, Door } from './door.tsx'
import { enter } from './enter.ts'
import { texts as words } from './set-up-texts.ts'

const isNeeded = async (): Promise<boolean> => (await (await send('GET', '/setup')).json()).needed

/** Whoever reads the log of a new installation makes its agency, and is signed in as the owner. */
export function SetUp() {
  const [fault, setFault] = useState<unknown>(null)
  const router = useRouter()
  const client = useQueryClient()
  const needed = useQuery({ queryKey: ['setup'], queryFn: isNeeded })
  const form = useForm({
    initialValues: { code: afterHash('code'), companyName: '', name: '', email: '', password: '' },
  })
  // Whoever has the page open already may paste the link of the log: only what follows `#` changes then.
  const hash = useLocation({ select: (location) => location.hash })
  const { setFieldValue } = form
  useEffect(() => {
    if (hash !== '') setFieldValue('code', afterHash('code'))
  }, [hash, setFieldValue])
  const submit = form.onSubmit(async (values) => {
    setFault(null)
    try {
      await enter(client, values, '/setup')
      router.history.replace('/app')
    } catch (error) {
      setFault(error)
    }
  })
  const field = (name: keyof typeof form.values) => ({
    required: true,
    withAsterisk: false,
    ...form.getInputProps(name),
  })
  return (
    <Door title={words.title} lead={words.lead}>
      {needed.error ? (
        <Failure error={needed.error} onRetry={() => void needed.refetch()} />
      ) : needed.data === undefined ? (
        <Waiting lines={6} />
      ) : needed.data ? (
        <Paper withBorder p="lg">
          <form onSubmit={submit}>
            <Stack>
              {fault !== null && <Failure error={fault} title={words.failed} />}
              <TextInput label={words.code} description={words.codeHint} autoComplete="off" {...field('code')} />
              <TextInput label={words.company} autoComplete="organization" autoFocus {...field('companyName')} />
              <TextInput label={words.name} autoComplete="name" {...field('name')} />
              <TextInput label={words.email} type="email" autoComplete="username" {...field('email')} />
              <PasswordInput
                label={words.password}
                description={words.passwordHint}
                autoComplete="new-password"
                {...field('password')}
              />
              <Button type="submit" loading={form.submitting} fullWidth>
                {words.submit}
              </Button>
            </Stack>
          </form>
        </Paper>
      ) : (
        <>
          <Alert color="gray" variant="outline" role="status">
            {words.done}
          </Alert>
          <Link to="/app/sign-in">{words.toSignIn}</Link>
        </>
      )}
    </Door>
  )
}
