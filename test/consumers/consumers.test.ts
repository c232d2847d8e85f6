/** Proves that a stranger's own test runner passes and fails tests as it should, in each kind of project; the others by night. */
import { describe, expect, it } from 'vitest'
import { consumers } from './consumers.js'
import { problemsOf } from './try.js'

describe('a project with', () => {
  it.each(consumers.filter(({ nightly }) => !nightly).map((one) => [one.name, one] as const))(
    '%s: runs what init writes, finds its bug, and tells it from what holds',
    async (_, consumer) => {
      expect(await problemsOf(consumer)).toEqual([])
    },
  )
})
