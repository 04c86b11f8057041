import { Badge, Code, Grid, Group, Stack, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAddress } from '../../parts/address.ts'
import { JsonView } from '../../parts/json-view.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Failure, Waiting } from '../../parts/states.tsx'
import { entryAddress, TABS } from './address.ts'
import { CodeSamples } from './code-samples.tsx'
import { catalogueQuery, type Entry } from './entries.ts'
import { texts } from './texts.ts'
import { TryIt, withPlaces } from './try-it.tsx'

/** One trigger or action: what it is, tried, and written for programs. */
export function CatalogueEntry() {
  const { key } = useParams({ strict: false }) as { key: string }
  const catalogue = useQuery(catalogueQuery)
  const trail = <Link to="/app/catalogue">{texts.back}</Link>
  const entry = catalogue.data?.entries.find((one) => one.key === key)
  if (catalogue.error && catalogue.data === undefined)
    return (
      <Page title={texts.title} trail={trail}>
        <Failure error={catalogue.error} onRetry={() => void catalogue.refetch()} />
      </Page>
    )
  if (catalogue.isPending)
    return (
      <Page title={texts.title} trail={trail}>
        <Waiting lines={8} />
      </Page>
    )
  if (entry === undefined) return <Empty title={texts.unknown} action={trail} />
  return (
    <Page title={entry.title} trail={trail} lead={entry.description}>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Facts entry={entry} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Work key={entry.key} entry={entry} />
        </Grid.Col>
      </Grid>
    </Page>
  )
}

function Work({ entry }: { entry: Entry }) {
  const [{ tab = 'try', language = 'curl', location = '' }, change] = useAddress(entryAddress)
  const [values, setValues] = useState<Record<string, unknown>>({})
  return (
    <Tabs
      value={tab}
      onChange={(value) => change({ tab: TABS.find((one) => one === value) }, 'push')}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        {TABS.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {texts.tabs[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="try">
        <TryIt
          entry={entry}
          values={values}
          onChange={setValues}
          locationId={location}
          onLocation={(id) => change({ location: id || undefined })}
        />
      </Tabs.Panel>
      <Tabs.Panel value="sample">
        {entry.sample === null || entry.sample === undefined ? (
          <Text size="sm">{texts.noSample}</Text>
        ) : (
          <JsonView value={entry.sample} label={texts.tabs.sample} />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="code">
        <CodeSamples
          entry={entry}
          values={withPlaces(entry, values, location)}
          language={language}
          onLanguage={(value) => change({ language: value })}
        />
      </Tabs.Panel>
    </Tabs>
  )
}

function Facts({ entry: { kind, category, operation, dedupe, also } }: { entry: Entry }) {
  const words = texts.facts
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Badge variant="default">{texts.kind[kind]}</Badge>
        <Badge variant="default">{category}</Badge>
      </Group>
      <Fact label={words.line}>
        <Code>
          {operation.method} {operation.path}
        </Code>
      </Fact>
      <Fact label={words.operation}>
        <Code>{operation.name}</Code>
      </Fact>
      <Fact label={words.token}>{words.tokens[operation.token]}</Fact>
      {operation.scopes.length > 0 && (
        <Fact label={words.scopes}>
          {operation.scopes.map((scope) => (
            <Code key={scope} mr={4}>
              {scope}
            </Code>
          ))}
        </Fact>
      )}
      {dedupe !== null && (
        <>
          <Fact label={words.dedupe}>
            <Code>{[...dedupe.request, ...dedupe.id].join(', ')}</Code>
          </Fact>
          <Fact label={words.version}>
            {dedupe.version.length === 0 ? words.content : <Code>{dedupe.version.join(', ')}</Code>}
          </Fact>
        </>
      )}
      {also.map((one) => (
        <Fact key={one.operation} label={texts.also}>
          <Code>
            {one.method} {one.path}
          </Code>{' '}
          {one.when}
        </Fact>
      ))}
    </Stack>
  )
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div">
        {children}
      </Text>
    </div>
  )
}
