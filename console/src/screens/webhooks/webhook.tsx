import { Alert, Button, Group, Modal, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { showDone } from '../../parts/notices.tsx'
import { Page } from '../../parts/page.tsx'
import { useMayWork, useRole } from '../../parts/role.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Sure } from '../../parts/sure.tsx'
import { OfLocation, When } from '../../parts/when.tsx'
import { texts as shared } from '../../texts.ts'
import { webhookAddress } from './address.ts'
import { Deliveries } from './deliveries.tsx'
import { DeliveryDialog } from './delivery.tsx'
import { WebhookForm } from './form.tsx'
import { NewSecret } from './new-secret.tsx'
import { Replay } from './replay.tsx'
import { ofWebhook, StandingTone, type Webhook } from './standing.tsx'
import { texts } from './texts.ts'
import classes from './webhooks.module.css'
import { eventName, fieldName } from './words.ts'

const words = texts.page
const CHANGED = ['webhooks.get', 'webhooks.list', 'webhooks.listAll', 'webhooks.deliveries'] as const
const LOOK_MS = 3_000

/** One webhook: how it goes, what it is told of, and what was sent. */
export function WebhookPage() {
  const { webhookId } = useParams({ strict: false }) as { webhookId: string }
  const [{ location, app }] = useAddress(webhookAddress)
  const { data, error, refetch } = useQuery({
    ...reads('webhooks.get', ofWebhook({ id: webhookId, locationId: location, appId: app })),
    refetchInterval: LOOK_MS,
  })
  const trail = <Link to="/app/webhooks">{texts.title}</Link>
  if (data !== undefined)
    return (
      <OfLocation id={data.webhook.locationId}>
        <Whole key={webhookId} webhook={data.webhook} trail={trail} />
      </OfLocation>
    )
  return (
    <Page title={texts.title} trail={trail}>
      {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Waiting lines={8} />}
    </Page>
  )
}

function Whole({ webhook, trail }: { webhook: Webhook; trail: React.ReactNode }) {
  const [{ act, delivery }, change] = useAddress(webhookAddress)
  const mayWork = useMayWork()
  const of = ofWebhook(webhook)
  const tell = useAct('webhooks.test', {
    changes: CHANGED,
    onDone: (sent) => change({ delivery: sent.delivery.id }, 'push'),
  })
  const close = () => change({ act: undefined })
  const actions = mayWork && (
    <>
      <Button variant="default" onClick={() => change({ act: 'secret' }, 'push')}>
        {words.newSecret}
      </Button>
      <Button variant="default" onClick={() => change({ act: 'edit' }, 'push')}>
        {words.edit}
      </Button>
      {webhook.enabled && (
        <Button loading={tell.isPending} onClick={() => tell.mutate(of)}>
          {words.test}
        </Button>
      )}
    </>
  )
  return (
    <Page title={webhook.name} trail={trail} actions={actions}>
      {mayWork && act === 'edit' && <WebhookForm webhook={webhook} onClose={close} />}
      {mayWork && act === 'secret' && <NewSecret webhook={webhook} onClose={close} />}
      {mayWork && act === 'replay' && <Replay webhook={webhook} onClose={close} />}
      {mayWork && act === 'remove' && <Remove webhook={webhook} onClose={close} />}
      {delivery !== undefined && (
        <DeliveryDialog
          key={delivery}
          webhook={webhook}
          deliveryId={delivery}
          onClose={() => change({ delivery: undefined })}
        />
      )}
      <Standing webhook={webhook} />
      <Facts webhook={webhook} />
      {mayWork && <Switches webhook={webhook} />}
      <Deliveries webhook={webhook} />
    </Page>
  )
}

/** How it goes; where it is switched off, why, and the way back. */
function Standing({ webhook }: { webhook: Webhook }) {
  const { offBecause, health } = webhook
  if (offBecause !== null)
    return (
      <Alert
        color={offBecause === 'person' ? 'gray' : 'red'}
        variant="outline"
        title={words.isOff}
        styles={{ title: { color: 'var(--mantine-color-text)' } }}
      >
        <Text size="sm">
          {texts.standing.off[offBecause].hint} {words.offLead}
        </Text>
      </Alert>
    )
  return (
    <Group gap="md">
      <StandingTone webhook={webhook} />
      {health.waiting > 0 && (
        <Text size="sm" c="dimmed">
          {words.waiting(health.waiting)}
          {health.nextAttemptAt !== null && (
            <>
              {' · '}
              {words.nextAt} <When at={health.nextAttemptAt} />
            </>
          )}
        </Text>
      )}
    </Group>
  )
}

function Facts({ webhook }: { webhook: Webhook }) {
  const { url, events, ordered, createdAt } = webhook
  return (
    <dl className={classes.facts}>
      <dt>{words.facts.url}</dt>
      <dd dir="ltr">{url}</dd>
      <dt>{words.facts.place}</dt>
      <dd dir="auto">
        <Place webhook={webhook} />
      </dd>
      <dt>{words.facts.events}</dt>
      <dd>
        {events.length === 0
          ? texts.events.everything
          : events
              .map(({ type, fields }) =>
                fields === undefined
                  ? eventName(type)
                  : `${eventName(type)} (${words.only(fields.map((one) => fieldName(one).toLowerCase()).join(', '))})`,
              )
              .join(' · ')}
      </dd>
      <dt>{words.facts.order}</dt>
      <dd>{ordered ? words.ordered : words.unordered}</dd>
      <dt>{words.facts.made}</dt>
      <dd>
        <When at={createdAt} />
      </dd>
    </dl>
  )
}

/** The sub-account, or the app: by their names, for whoever may read them. */
function Place({ webhook: { locationId, appId } }: { webhook: Webhook }) {
  const mayReadApps = useRole('admin')
  const location = useQuery({
    ...reads('locations.get', { locationId: locationId ?? '' }),
    enabled: locationId !== null,
  })
  const apps = useQuery({ ...reads('apps.list', {}), enabled: appId !== null && mayReadApps })
  if (locationId !== null) return location.data?.location.name ?? locationId
  return texts.appEverywhere(apps.data?.apps.find(({ id }) => id === appId)?.name ?? String(appId))
}

function Switches({ webhook }: { webhook: Webhook }) {
  const [, change] = useAddress(webhookAddress)
  const { enabled } = webhook
  const toggle = useAct('webhooks.update', {
    changes: CHANGED,
    onDone: ({ webhook: now }) => showDone(now.enabled ? words.isOn : words.wentOff),
  })
  return (
    <Group>
      <Button
        variant={enabled ? 'default' : 'filled'}
        loading={toggle.isPending}
        onClick={() => toggle.mutate({ ...ofWebhook(webhook), enabled: !enabled })}
      >
        {enabled ? words.switchOff : words.switchOn}
      </Button>
      <Button variant="default" c="var(--tone-bad)" onClick={() => change({ act: 'remove' }, 'push')}>
        {words.remove}
      </Button>
    </Group>
  )
}

function Remove({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const navigate = useNavigate()
  const remove = useAct('webhooks.delete', {
    changes: ['webhooks.list', 'webhooks.listAll'],
    onDone: () => {
      showDone(words.removed(webhook.name))
      void navigate({ to: '/app/webhooks' as never })
    },
  })
  return (
    <Modal opened onClose={onClose} title={words.removeTitle} closeButtonProps={{ 'aria-label': shared.close }}>
      <Sure
        lead={words.removeLead(webhook.name)}
        label={words.removeSure}
        isPending={remove.isPending}
        onYes={() => remove.mutate(ofWebhook(webhook))}
        onNo={onClose}
      />
    </Modal>
  )
}
