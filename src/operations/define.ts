import type { Static, TObject, TSchema } from 'typebox'
import type { Caller } from '../auth/caller.ts'
import type { LocationRow } from '../auth/location-row.ts'
import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { Asset, AssetScope } from '../store/assets/index.ts'
import type { Author } from '../store/changes/index.ts'
import type { Removal } from '../store/records/index.ts'
import type { StreamAnswer, WithStatus } from './answer.ts'
import type { Platform } from './platform.ts'

/** What the rules of writing need to know: where and as whom. Each call has it, and so has what writes without one. */
export interface Writing {
  db: Db
  clock: Clock
  agencyId: string
  /** The location that is written to. Throws 400 where an agency token named none. */
  readonly locationId: string
  /** The transaction of a writing call. Throws in operations whose access is `read`. */
  readonly tx: Tx
  /** For the asset and record stores: this transaction, location and author. */
  readonly scope: AssetScope & Removal
  author: Author
  /** What was looked up for many writes together; without it each looks for itself. */
  known?: { location: LocationRow; fields: Asset[] }
}

/** What one call may use. */
export interface Context extends Platform, Writing {
  caller: Caller
  traceId: string
  /** The address of whoever asks. */
  from: string
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal | undefined
  /**
   * Whether the caller is still there and would be let in now: for answers that go on. `also` is asked anew when
   * something about any caller has changed.
   */
  isStillLetIn(also: () => Promise<unknown>): Promise<boolean>
}

/** A file that came with a call. It is there until the call ends and can be read more than once. */
export interface Upload {
  /** Field of the form. */
  fieldName: string
  fileName: string
  contentType: string
  sizeBytes: number
  sha256: string
  read(): AsyncIterable<Uint8Array>
}

export type Access = 'read' | 'write' | 'destructive'

/** One thing a caller can ask for. Every surface is derived from this value and holds no rule of its own. */
export interface Operation {
  /** `noun.verb`, unique. */
  name: string
  kind: 'trigger' | 'action'
  title: string
  description: string
  /** Heading under which catalogues list it. */
  category: string
  access: Access
  /**
   * `none`: no token at all; `either`: an agency or a location token; `person`: somebody
   * who is signed in, and no token; `app`: that of an app which speaks for itself;
   * `operator`: that of whoever runs the server.
   */
  token: 'agency' | 'location' | 'either' | 'person' | 'app' | 'operator' | 'none'
  /** One scope of these is enough. */
  scope: string | readonly string[]
  /** Method and path, parameters as `:name`. Collection paths end in a slash; both forms are served. */
  http: string
  /** Other lines of the same method at which it is served: older and newer spellings of one wire. */
  alsoAt: readonly string[]
  /**
   * Whose words it speaks where the registry leaves a choice: headers, refusals, what is made of properties that nobody
   * knows (wire/highlevel.md, wire/hubspot.md).
   */
  wire: 'highlevel' | 'hubspot'
  status: number
  /**
   * All input as one object: path parameters, then the query (GET, DELETE and names in `query`), then the body.
   * Unknown properties are refused.
   */
  input: TObject
  /** Properties that come in the query although the method has a body. */
  query: readonly string[]
  /** A DELETE whose input comes in a body. */
  hasBody: boolean
  /** The body may come as a form too: OAuth clients send no other. Answers are secrets, which nobody may cache. */
  formBody: boolean
  /**
   * An app proves itself by the inputs `client_id` and `client_secret`, which may come as HTTP Basic too. Refusals
   * speak OAuth's words.
   */
  clientAuth: boolean
  /**
   * Its address is signed, which is as good as a token: whoever comes with a signature that fits is no visitor. What is
   * refused is counted as a visitor's.
   */
  signed: boolean
  /** Input properties that may come in a header instead: property -> header. */
  fromHeaders: Readonly<Record<string, string>>
  /**
   * Documented without a Version header: clients made from the documents send none. `unslashed`: of two documents that
   * share the line, the one that writes its path without a slash at the end.
   */
  versionless: boolean | 'unslashed'
  /** Private tokens are refused: only an app that somebody allowed may ask. */
  oauthOnly: boolean
  /**
   * Kind of asset or record and the input property with its id: finds the location for an agency token that names none.
   * Where one line serves several kinds, `others` are those that the id may also be of.
   */
  locate: { kind: string; others?: readonly string[]; param: string } | null
  /**
   * Input properties spelled like our tenants that are what another program calls its things: no tenant is looked up.
   */
  foreign: readonly string[]
  /** Properties that are not taken but tell what the caller is after: what is said of them. */
  elsewhere: Readonly<Record<string, string>>
  /**
   * Without a location it answers what holds for all those that the caller was let into, and nothing else of the
   * agency: a client may ask for it.
   */
  keepsToReach: boolean
  output: TSchema | 'stream'
  /** It may also answer 204 and nothing: what was asked for is not there yet. */
  mayBeEmpty: boolean
  /** The answer goes on for as long as there is something to follow: each tenant has a share of such streams. */
  follows: boolean
  /**
   * It works on a fleet, or on thousands of records, for seconds: each tenant has one such call at a time, the next one
   * waits.
   */
  heavy: boolean
  /** What only reads and tells what this one would do: takes the same input. Null: nothing does. */
  plannedBy: string | null
  /** The body is not JSON: it arrives as text in this property. */
  rawBody: { property: string; limit: 'archiveBytes' | 'fileBytes' } | null
  /**
   * The body may also be a form (multipart/form-data) that brings a file: it arrives as an `Upload` in this property.
   * With `most`, up to so many arrive as a list, whatever their fields are called.
   */
  upload: { property: string; limit: 'recordingBytes' | 'fileBytes' | 'csvBytes'; most?: number } | null
  /** The body is a list: it arrives in this property. An object with that property is taken as well. */
  listBody: string | null
  /** Paths of input that may carry documents of several megabytes need no other limit than the body's. */
  run(ctx: Context, input: never): Promise<unknown>
  /**
   * Of an operation that writes: what most calls come to, without a transaction around it. Null, or refused: `run`
   * decides.
   */
  shortcut: ((ctx: Context, input: never) => Promise<Shortcut | null>) | null
}

/** What a call comes to where nothing stands in its way. */
export interface Shortcut {
  answer: unknown
  /** Writes all of it, or nothing: false. */
  take(): Promise<boolean>
}

type Defaults =
  | 'kind'
  | 'alsoAt'
  | 'wire'
  | 'foreign'
  | 'elsewhere'
  | 'keepsToReach'
  | 'fromHeaders'
  | 'mayBeEmpty'
  | 'follows'
  | 'heavy'
  | 'plannedBy'
  | 'listBody'
  | 'query'
  | 'hasBody'
  | 'formBody'
  | 'clientAuth'
  | 'signed'
  | 'versionless'
  | 'oauthOnly'
  | 'locate'
  | 'rawBody'
  | 'upload'
  | 'status'
  | 'description'
  | 'shortcut'

/** Declares an operation. Types of `run` follow from the schemas. */
export function operation<Input extends TObject, Output extends TSchema | 'stream'>(
  definition: Omit<Operation, Defaults | 'input' | 'output' | 'run'> &
    Partial<Pick<Operation, Defaults>> & {
      input: Input
      output: Output
      run(
        ctx: Context,
        input: Static<Input>,
      ): Promise<Output extends TSchema ? Static<Output> | WithStatus<Static<Output>> : StreamAnswer>
      shortcut?: (ctx: Context, input: Static<Input>) => Promise<Shortcut | null>
    },
): Operation {
  const reads = definition.access === 'read'
  return {
    kind: reads ? 'trigger' : 'action',
    status: 200,
    alsoAt: [],
    wire: 'highlevel',
    query: [],
    hasBody: false,
    formBody: false,
    clientAuth: false,
    signed: false,
    versionless: definition.wire === 'hubspot',
    oauthOnly: false,
    locate: null,
    foreign: [],
    elsewhere: {},
    keepsToReach: false,
    fromHeaders: {},
    mayBeEmpty: false,
    follows: false,
    heavy: false,
    plannedBy: null,
    rawBody: null,
    listBody: null,
    upload: null,
    description: definition.title,
    shortcut: null,
    ...definition,
  } as Operation
}
