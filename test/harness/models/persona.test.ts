/** What a persona does about failures: by its weights, by what it decided before, and by what it was told. */
import { describe, expect, it } from 'vitest'
import { type Persona, personas, react } from '../../../harness/models/persona.js'

const { typical, insistent, timid, heedless } = personas
/** Failures by their labels; one with `!` said that it is of no use. */
const failed = (...labels: string[]) =>
  labels.map((label) => ({ label: label.replace('!', ''), final: label.endsWith('!') }))
/** Draws by label; what is not named draws what a typical persona retries on. */
const drawing =
  (draws: Readonly<Record<string, number>> = {}) =>
  (label: string) =>
    draws[label] ?? 0

describe('a persona', () => {
  it.each([
    [0, 'retry'],
    [0.59, 'retry'],
    [0.61, 'reword'],
    [0.84, 'reword'],
    [0.86, 'giveUp'],
    [0.91, 'chooseAnother'],
    [0.96, 'insist'],
    [0.999, 'insist'],
  ])('that is typical and draws %f reacts by its weights: %s', (draw, reaction) => {
    expect(react(typical, failed('a'), () => draw)).toBe(reaction)
  })

  it('has weights of which only the ratios count', () => {
    const double: Persona = { ...typical, retry: 6, reword: 2.5, giveUp: 0.5, chooseAnother: 0.5, insist: 0.5 }
    for (const draw of [0.1, 0.7, 0.87, 0.92, 0.97]) {
      expect(react(double, failed('a'), () => draw)).toBe(react(typical, failed('a'), () => draw))
    }
  })

  it('gives up after its number of failures, and not before', () => {
    expect(react(typical, failed('a', 'b', 'c'), drawing())).toBe('retry')
    expect(react(typical, failed('a', 'b', 'c', 'd'), drawing())).toBe('giveUp')
    expect(react(timid, failed('a'), drawing())).toBe('giveUp')
    expect(react(insistent, failed(...'abcdefgh'), drawing())).toBe('insist')
  })

  it('that insisted once insists from then on, whatever it would draw and however often it failed', () => {
    const draws = drawing({ b: 0.97, c: 0.87 })
    expect(react(typical, failed('a', 'b', 'c'), draws)).toBe('insist')
    expect(react(typical, failed('a', 'b', 'c', 'd', 'e'), draws)).toBe('insist')
    // What the last failure itself draws is no decision that was made before.
    expect(react(typical, failed('a', 'c'), draws)).toBe('giveUp')
  })

  it('heeds that it is of no use, unless it heeds nothing', () => {
    expect(react(typical, failed('a!'), drawing())).toBe('giveUp')
    expect(react(timid, failed('a!'), drawing())).toBe('giveUp')
    expect(react(heedless, failed('a!'), drawing())).toBe('retry')
    // Only what the last failure says counts.
    expect(react(typical, failed('a!', 'b'), drawing())).toBe('retry')
  })

  it('asks again where nothing failed', () => {
    expect(react(typical, [], drawing())).toBe('retry')
  })
})
