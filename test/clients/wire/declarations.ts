// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Answer = any

/**
 * Where the SDK declares something else than its documents mean: what of the answer stands for it. All of it is held
 * against the declared type.
 */
export const DECLARED_AS: Record<string, (answer: Answer) => unknown[]> = {
  // A list, declared as one of its elements (the same in the documents; their text says "list").
  'associations.findAssociations': ({ associations }) => associations,
  'associations.getRelationsByRecordId': ({ relations }) => relations,
  'funnels.getPagesByFunnelId': (pages) => pages,
  // The recordings have it one level deeper.
  'conversations.getMessages': ({ messages }) => [messages],
}

/** Declared types that documents or recordings contradict: what is said of which place, and which of them says so. */
export const CONTRADICTED: readonly (readonly [said: RegExp, why: string])[] = [
  [/^contacts\.getAllNotes notes\[\]\.userId: .*'null'/, 'recorded: null for a note that nobody signed'],
  [/^emails\.fetchCampaigns total: .*'number'.*'string\[\]'/, 'documents: "The total number of campaigns"'],
  [
    /^(forms|surveys)\.get\w+Submissions meta\.(next|prev)Page: .*'null'/,
    'documents: nullable, and null in the example',
  ],
  [/^funnels\.getPagesByFunnelId deleted: .*'boolean'.*'string'/, 'documents: false in the example'],
  [/^locations\.taskSearch tasks\[\]/, 'documents: each task an array of nothing; tasks are objects everywhere else'],
  [/^locations\.uploadFileCustomFields meta\[\]: .*'string'/, 'documents: an object in the example'],
  [/^objects\.\w+ records?(\[\])?\.properties: .*'string'/, 'documents: an object in the example'],
  [
    /^objects\.searchObjectRecords records\[\]\.searchAfter\[\]: .*'number'/,
    'documents: a number and a text in the example',
  ],
  [
    /^opportunities\.getPipelines pipelines\[\]\.stages\[\]/,
    'recorded: objects; documents: each stage an array of nothing',
  ],
  [
    /^opportunities\.\w+ opportunities\[\]\.(assignedTo|source|lostReasonId|contact\.\w+): .*'null'/,
    'recorded: null for what an opportunity or its contact has not',
  ],
  [/^users\.\w+ (users\[\]\.)?scopes: .*'string'/, 'recorded: a list'],
]
