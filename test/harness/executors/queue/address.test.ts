/** Addresses of a queue: what is refused, what holds the queue there, and that no password is told. */
import { describe, expect, it } from 'vitest'
import { engineAt, secretsIn, shownAddress } from '../../../../harness/executors/queue/address.js'

describe('the address of a queue', () => {
  it.each([
    ['reddis://h', 'got reddis://. Did you mean "redis:"'],
    ['mysql://h/x', 'got mysql://'],
    ['postgres:///x', 'got no host'],
    ['nonsense', 'got what is no URL'],
  ])('is refused: %s', (url, message) => {
    expect(() => engineAt(url)).toThrow(
      `--queue: expected redis://HOST:PORT or postgres://HOST:PORT/DATABASE, ${message}`,
    )
  })

  it.each([
    ['redis://h', 'ioredis'],
    ['rediss://h', 'ioredis'],
    ['postgres://h/x', 'pg'],
    ['postgresql://h/x', 'pg'],
  ])('says what it is reached by: %s', (url, driver) => {
    expect(engineAt(url).driver).toBe(driver)
  })

  it('is told without user and password, which are secrets', () => {
    const url = 'rediss://me:pass%20word@host:6380/2'
    expect(shownAddress(url)).toBe('rediss://host:6380/2')
    expect(secretsIn(url)).toEqual([url, 'pass%20word', 'pass word'])
    expect(secretsIn('redis://host')).toEqual([])
    const asked = 'postgres://host/db?password=long-word'
    expect(shownAddress(asked)).toBe('postgres://host/db')
    expect(secretsIn(asked)).toEqual([asked, 'long-word'])
  })
})
