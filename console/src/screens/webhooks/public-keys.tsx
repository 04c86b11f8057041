import { Modal, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { CopyField } from '../../parts/copy-field.tsx'
import { Failure } from '../../parts/states.tsx'
import { When } from '../../parts/when.tsx'
import { texts as shared } from '../../texts.ts'
import { texts } from './texts.ts'

const words = texts.keys

/** What those who write receivers check signatures with; while it is changed there are two. */
export function PublicKeys({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useQuery(reads('webhooks.publicKey', {}))
  return (
    <Modal opened onClose={onClose} size="lg" title={words.title} closeButtonProps={{ 'aria-label': shared.close }}>
      <Stack>
        <Text size="sm">{words.lead}</Text>
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton height={160} />}
        {data && data.keys.length > 1 && <Text size="sm">{words.two}</Text>}
        {data?.keys.map((key, index) => (
          <Stack key={key.base64} component="section" gap="xs" aria-label={words.one(index + 1)}>
            {data.keys.length > 1 && (
              <Title order={3} size="h5">
                {words.one(index + 1)}
                {key.endsAt !== null && (
                  <>
                    {' · '}
                    {words.ends} <When at={key.endsAt} />
                  </>
                )}
              </Title>
            )}
            <CopyField label={words.standard} value={key.standardWebhooks} />
            <CopyField label={words.base64} value={key.base64} />
            <CopyField label={words.pem} value={key.pem} />
          </Stack>
        ))}
      </Stack>
    </Modal>
  )
}
