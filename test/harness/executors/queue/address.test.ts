/** Addresses of a queue: what is refused, and that no password is told. */
import { describe, expect, it } from 'vitest'
import { checkAddress, secretsIn, shownAddress } from '../../../../harness/executors/queue/address.js'

describe('the address of a queue', () => {
  it.each([
    ['postgres://h/x', 'got postgres://; a queue on PostgreSQL is not there yet'],
    ['reddis://h', 'got reddis://. Did you mean'],
    ['nonsense', 'got what is no URL'],
  ])('is refused: %s', (url, message) => {
    expect(() => checkAddress(url)).toThrow(
      `--queue: expected redis://HOST:PORT, or rediss:// for one with TLS, ${message}`,
    )
  })

  it('is told without user and password, which are secrets', () => {
    const url = 'rediss://me:pass%20word@host:6380/2'
    checkAddress(url)
    expect(shownAddress(url)).toBe('rediss://host:6380/2')
    expect(secretsIn(url)).toEqual([url, 'pass%20word', 'pass word'])
    expect(secretsIn('redis://host')).toEqual([])
  })
})
