/** What every request of the console carries. No form, and no page elsewhere, can send the first. */
export const HEADERS = { 'x-tintype-console': '1', version: '2021-07-28' }
