import { expect, test } from 'vitest'
import { stream } from '../../../harness/contracts/stream.js'
import { Entropy } from '../../../harness/sandbox/entropy.js'

const bytes = (entropy: Entropy, length: number) => {
  const filled = new Uint8Array(length)
  entropy.fill(filled)
  return [...filled]
}

test('the same seed draws the same, in every version of Node', () => {
  const entropy = new Entropy(42)
  expect([entropy.random(), entropy.random()]).toEqual([0.03330557653680444, 0.7326808900106698])
  expect(bytes(entropy, 5)).toEqual([8, 124, 129, 90, 236])
  expect(new Entropy(42).uuid()).toBe('087c815a-ecbe-40e5-a62b-db44b0ad8a72')
})

test('another seed, and another label, draw something else', () => {
  expect(stream(1, 'a')()).not.toBe(stream(2, 'a')())
  expect(stream(1, 'a')()).not.toBe(stream(1, 'b')())
  expect(stream(1, '1/a')()).not.toBe(stream(11, '/a')())
})

test('a new consumer of one source shifts no other', () => {
  const alone = new Entropy(7)
  const among = new Entropy(7)
  bytes(among, 100)
  expect(among.random()).toBe(alone.random())
})

test('draws lie in [0, 1), and every byte occurs', () => {
  const draw = stream(3, 'range')
  const draws = Array.from({ length: 10_000 }, draw)
  expect(draws.every((value) => value >= 0 && value < 1)).toBe(true)
  expect(new Set(bytes(new Entropy(3), 10_000)).size).toBe(256)
})

test('a UUID has the bits of version 4', () => {
  const entropy = new Entropy(9)
  for (let count = 0; count < 100; count++) {
    expect(entropy.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})
