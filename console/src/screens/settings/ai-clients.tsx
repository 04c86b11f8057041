import { Button, Checkbox, Group, PasswordInput, SegmentedControl, Stack, Text } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useState } from 'react'
import { useAddress } from '../../parts/address.ts'
import { CopyField } from '../../parts/copy-field.tsx'
import { JsonView } from '../../parts/json-view.tsx'
import { TextLink } from '../../parts/link-button.tsx'
import { texts as common } from '../../texts.ts'
import { AI_WAYS, aiAddress } from './address.ts'
import { Frame } from './frame.tsx'
import { texts } from './texts.ts'

const words = texts['ai-clients']

/** What a client is told, as it reads it. */
interface Told {
  url: string
  token: string
  reads: boolean
}

const toProgram = ({ url, token, reads }: Told) =>
  JSON.stringify(
    {
      mcpServers: {
        tintype: {
          command: 'node',
          args: [words.path, 'mcp', ...(reads ? ['--read-only'] : [])],
          env: { TINTYPE_URL: url, TINTYPE_TOKEN: token },
        },
      },
    },
    null,
    2,
  )

const toAddress = ({ url, reads }: Told) => `${url}/mcp${reads ? '?access=read' : ''}`

const toCommand = (told: Told) =>
  `claude mcp add --transport http tintype "${toAddress(told)}" --header "Authorization: Bearer ${told.token}"`

const WRITERS = { program: toProgram, command: toCommand }

/** Settings for programs that speak the Model Context Protocol, ready to take there. */
export function AiClients() {
  const [{ way = 'program', read: reads = false }, change] = useAddress(aiAddress)
  // Neither kept nor sent: it is in the texts below, and nowhere else.
  const [given, setGiven] = useState('')
  const told = { url: window.location.origin, token: given.trim() || words.placeholder, reads }
  return (
    <Frame part="ai-clients">
      <Stack gap="md" maw={720}>
        <PasswordInput
          label={words.token}
          description={words.tokenHint}
          value={given}
          onChange={({ currentTarget }) => setGiven(currentTarget.value)}
          autoComplete="off"
        />
        <TextLink to={'/app/settings/tokens' as never} search={{ make: true } as never}>
          {texts.tokens.make}
        </TextLink>
        <Checkbox
          label={words.reads}
          description={words.readsHint}
          checked={reads}
          onChange={({ currentTarget }) => change({ read: currentTarget.checked || undefined })}
        />
        <SegmentedControl
          aria-label={words.way}
          value={way}
          onChange={(value) => change({ way: AI_WAYS.find((one) => one === value) })}
          data={AI_WAYS.map((value) => ({ value, label: words.ways[value].label }))}
        />
        <Text size="sm">{words.ways[way].hint}</Text>
        {way === 'address' ? (
          <>
            <CopyField label={words.address} value={toAddress(told)} />
            <Text size="sm" c="dimmed">
              {words.signIn}
            </Text>
            <TextLink to={'/app/settings/apps' as never} search={{ make: true } as never}>
              {texts.apps.make}
            </TextLink>
          </>
        ) : (
          <Sample label={words.ways[way].label} value={WRITERS[way](told)} />
        )}
      </Stack>
    </Frame>
  )
}

function Sample({ label, value }: { label: string; value: string }) {
  const { copy, copied } = useClipboard({ timeout: 2_000 })
  return (
    <Stack gap="xs">
      <Group justify="flex-end">
        <Button variant="default" size="xs" onClick={() => copy(value)}>
          {copied ? common.copied : common.copy}
        </Button>
      </Group>
      <JsonView value={value} label={label} />
    </Stack>
  )
}
