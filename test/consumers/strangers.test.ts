/**
 * Proves that a stranger with an agent and nothing else comes to its first true violation in three commands and one edited file,
 * whatever the project is; and by the line that `init` says to the same in a test of the project's runner. What is installed
 * is linked here; the night installs it by npm.
 */
import { describe, expect, it } from 'vitest'
import { projectWith } from './project.js'
import { follow, strangers, wrongIn } from './strangers.js'

describe('a stranger comes to the first true violation of an agent', () => {
  it.each(strangers.map((one) => [one.name, one] as const))('of %s', async (_, stranger) => {
    const way = await follow(stranger, async (files) => projectWith(files))
    expect(wrongIn(stranger, way)).toEqual([])
  })
})
