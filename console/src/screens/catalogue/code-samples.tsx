import { Button, CopyButton, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { JsonView } from '../../parts/json-view.tsx'
import { LANGUAGES } from './address.ts'
import { toCurl, toSdk, toTypeScript } from './code.ts'
import type { Entry } from './entries.ts'
import { texts } from './texts.ts'

const WRITERS = { curl: toCurl, sdk: toSdk, typescript: toTypeScript }

interface Props {
  entry: Entry
  values: Record<string, unknown>
  language: (typeof LANGUAGES)[number]
  onLanguage: (language: (typeof LANGUAGES)[number] | undefined) => void
}

/** The same call for programs, with what is filled in. */
export function CodeSamples({ entry, values, language, onLanguage }: Props) {
  const words = texts.code
  const code = WRITERS[language](entry, values, window.location.origin)
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <SegmentedControl
          aria-label={texts.tabs.code}
          value={language}
          onChange={(value) => onLanguage(LANGUAGES.find((one) => one === value))}
          data={LANGUAGES.map((value) => ({ value, label: words[value] }))}
        />
        {code !== null && (
          <CopyButton value={code}>
            {({ copied, copy }) => (
              <Button variant="default" size="xs" onClick={copy}>
                {copied ? words.copied : words.copy}
              </Button>
            )}
          </CopyButton>
        )}
      </Group>
      {code === null ? <Text size="sm">{words.noSdk}</Text> : <JsonView value={code} label={words[language]} />}
      {entry.operation.token !== 'none' && (
        <Text size="sm" c="dimmed">
          {words.hint}
        </Text>
      )}
    </Stack>
  )
}
