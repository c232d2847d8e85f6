/** The `retry-after` header of a refusal, sent as it stands; the samples hold what servers really send, hostile ones last. */
export const retryAfter = {
  kind: 'text',
  doc: 'the retry-after header as it stands; empty for none',
  samples: ['', '1', '30', '0', '-1', 'soon', '9999999'],
  default: '',
} as const
