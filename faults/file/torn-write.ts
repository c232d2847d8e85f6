import { defineFault } from '../fault.js'

export const tornWrite = defineFault({
  name: 'file/torn-write',
  summary: 'The first bytes of a write reach the disk, the rest does not, and the write fails with EIO.',
  class: 'indeterminate',
  boundaries: ['file'],
  needs: ['bytes'],
  params: { at: { kind: 'share', doc: 'share of the bytes that reach the file', mildest: 1, default: 0.5 } },
  action: ({ at }) => ({ kind: 'tear', at, code: 'io-error' }),
})
