/**
 * A worker that dies at any message between it and its parent costs nothing: its trial is run once more, and the report is that of a run
 * in which nobody died. A share of the messages is tried here; `DEATHS=all` takes every message, as is done by night.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { type Killing, type Outcome, runKilled, ways } from '../support/cli/deaths.js'
import { stable } from '../support/stable.js'

const takesAll = process.env.DEATHS === 'all'
const share = 12
const atOnce = 3

/** Every way at every message, or each way in turn at every so many-th. */
function killingsOf(messages: number): readonly Killing[] {
  const all = Array.from({ length: messages }, (_, index) => index + 1)
  if (takesAll) return all.flatMap((at) => ways.map((way) => ({ at, way })))
  const step = Math.max(1, Math.floor(messages / share))
  return all
    .filter((at) => at % step === 1 % step)
    .map((at, index) => ({ at, way: ways[index % ways.length] ?? 'after' }))
}

async function runAll(killings: readonly Killing[]): Promise<[Killing, Outcome][]> {
  const outcomes: [Killing, Outcome][] = []
  const rest = [...killings]
  const lanes = Array.from({ length: atOnce }, async () => {
    for (let next = rest.shift(); next; next = rest.shift()) outcomes.push([next, await runKilled(next)])
  })
  await Promise.all(lanes)
  return outcomes
}

describe.runIf(process.platform === 'linux')('a worker that is killed at a message', () => {
  let whole: Outcome
  let outcomes: [Killing, Outcome][]

  beforeAll(async () => {
    whole = await runKilled()
    outcomes = await runAll(killingsOf(whole.messages))
  }, 3_600_000)

  it('has nobody to die in a run that is left alone', () => {
    expect([whole.code, whole.hasDied, whole.left]).toEqual([1, false, []])
    expect(whole.messages).toBeGreaterThan(20)
    expect(outcomes.filter(([, { hasDied }]) => hasDied).length).toBeGreaterThanOrEqual(share)
  })

  it('leaves the report as it is', () => {
    for (const [killing, { code, report, stderr }] of outcomes)
      expect([killing, code, stable(report)], stderr).toEqual([killing, whole.code, stable(whole.report)])
  })

  it('leaves no process and no file behind', () => {
    for (const [killing, { left }] of outcomes) expect([killing, left]).toEqual([killing, []])
  })
})
