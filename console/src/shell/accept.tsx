import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { Failure } from '../parts/states.tsx'
import { texts as words } from './accept-texts.ts'
import { afterHash, Door } from './door.tsx'
import { enter } from './enter.ts'

/** Whoever got a link sets their password, and is signed in with it. */
export function Accept() {
  const [fault, setFault] = useState<unknown>(null)
  const router = useRouter()
  const client = useQueryClient()
  const token = afterHash('token')
  const form = useForm({ initialValues: { name: '', password: '' } })
  const submit = form.onSubmit(async ({ name, password }) => {
    setFault(null)
    try {
      const { person } = await call('people.accept', {
        token,
        password,
        ...(name.trim() === '' ? {} : { name: name.trim() }),
      })
      // Where a second factor is asked for, the form for signing in asks for it.
      const to = await enter(client, { email: person.email, password }).then(
        () => '/app',
        () => '/app/sign-in',
      )
      router.history.replace(to)
    } catch (error) {
      setFault(error)
    }
  })
  return (
    <Door title={words.title} lead={words.lead}>
      {token === '' ? (
        <Alert color="red" variant="outline" role="alert">
          {words.broken}
        </Alert>
      ) : (
        <Paper withBorder p="lg">
          <form onSubmit={submit}>
            <Stack>
              {fault !== null && <Failure error={fault} title={words.failed} />}
              <TextInput
                label={words.name}
                description={words.nameHint}
                autoComplete="name"
                autoFocus
                {...form.getInputProps('name')}
              />
              <PasswordInput
                label={words.password}
                description={words.passwordHint}
                autoComplete="new-password"
                required
                withAsterisk={false}
                {...form.getInputProps('password')}
              />
              <Button type="submit" loading={form.submitting} fullWidth>
                {words.submit}
              </Button>
            </Stack>
          </form>
        </Paper>
      )}
      <Text size="sm" ta="center">
        <Link to="/app/sign-in">{words.toSignIn}</Link>
      </Text>
    </Door>
  )
}
