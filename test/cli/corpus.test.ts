/**
 * The corpus of hostile agents: each costs its own trials at most. The probe behind it finds everything as if nobody had been there,
 * and no process and no folder is left. A share of the corpus is drawn here; `CORPUS=all` takes the whole, as is done by night.
 */
import { describe, expect, it } from 'vitest'
import { hostile } from '../fixtures/corpus/hostile.js'
import { runCorpus } from '../support/cli/corpus.js'

const all = Object.keys(hostile)
/** What ends within its own second; those that spin or eat memory each take the watchdog's time. */
const slow = /spins|blocks|eats|recurses|backtracks|stops itself|ten thousand|never|without end|opens descriptors/
const share = 12
const names = process.env.CORPUS === 'all' ? all : drawFrom(all.filter((name) => !slow.test(name)))

/** Every so many-th. `CORPUS=1`, `2` and so on begin further on, so that all have their turn; `CORPUS=all` takes all. */
function drawFrom(from: readonly string[]): readonly string[] {
  const step = Math.ceil(from.length / share)
  return from.filter((_, index) => index % step === Number(process.env.CORPUS ?? 0) % step)
}

describe('the corpus of hostile agents', () => {
  it('has a hundred and more', () => {
    expect(all.length).toBeGreaterThanOrEqual(100)
  })

  it('costs each agent its own trials, and nobody else anything', async () => {
    const { report, stderr, agents, probes, alone, left } = await runCorpus(names)
    expect(report.failures, stderr).toEqual([])
    expect(report.exitCode).not.toBe(70)
    expect([...agents.keys()]).toEqual(names)
    expect(alone?.verdict).toBe('passed')
    for (const name of names) {
      const probe = probes.get(name)
      expect([name, probe?.verdict, probe?.baselineEvents]).toEqual([name, 'passed', alone?.baselineEvents])
    }
    expect(left).toEqual([])
  })
})
