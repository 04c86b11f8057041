import { DeleteObjectsCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { type BodyStore, BodyStoreAway, type Place } from './bodies.ts'

export interface Bucket {
  name: string
  /** Of a store that is not Amazon's. */
  endpoint: string | undefined
  region: string
}

const [CONNECT_MS, REQUEST_MS] = [3_000, 15_000]
/** What one request can delete. */
const MOST_DELETED = 1_000

const keyOf = ({ appId, offset }: Place) => `journal/${appId}/${offset}.json.gz`

/**
 * In any store that speaks S3. Credentials come as its own programs take them: from the environment, a file, or the
 * machine's role. A file that was put and whose transaction failed stays behind; nobody reads it, and a rule of the
 * bucket may end it.
 */
export function createObjectStore({ name: Bucket, endpoint, region }: Bucket): BodyStore {
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS },
  })
  const trying = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw new BodyStoreAway(`the object store: ${(error as Error).message}`, { cause: error })
    }
  }
  return {
    async put(place, packed) {
      await trying(() =>
        client.send(
          new PutObjectCommand({
            Bucket,
            Key: keyOf(place),
            Body: packed,
            ContentType: 'application/json',
            ContentEncoding: 'gzip',
          }),
        ),
      )
      return null
    },
    get: (place) =>
      trying(async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(place) }))
          return Body === undefined ? null : Buffer.from(await Body.transformToByteArray())
        } catch (error) {
          if (error instanceof NoSuchKey) return null
          throw error
        }
      }),
    async remove(places) {
      for (let from = 0; from < places.length; from += MOST_DELETED) {
        const Objects = places.slice(from, from + MOST_DELETED).map((place) => ({ Key: keyOf(place) }))
        await trying(() => client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } })))
      }
    },
  }
}
