/** The embedded database cannot be had, and the message says what to do. */
export class EmbeddedError extends Error {}
