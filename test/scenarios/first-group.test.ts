/**
 * What is told first of a planted bug is its mistake. By hand: a part of the file's own sentence, and what the first group
 * must say of it. The agents are searched whole here, and not as canaries, which end with what they are to be caught by.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { Scenario } from '../../harness/contracts/scenario.js'
import { inProcess } from '../../harness/executors/in-process/executor.js'
import { search } from '../../harness/search/search.js'
import { mistakeIn } from '../../harness/selftest/mistake.js'

type Expected = readonly [file: string, mistake: string, invariant: string, words: RegExp]

const bugs: readonly Expected[] = [
  [
    'canaries/answers-and-goes-on.chaos',
    'sent once more in the background, when the customer has been told already',
    'no-effect-after-stop',
    /^The agent answered, and \d+ ms later it began "refund 42"/,
  ],
  [
    'canaries/awaited-one-by-one.chaos',
    'when one fails nobody listens to the others',
    'no-unhandled-rejection',
    /^A promise was rejected with no handler/,
  ],
  [
    'canaries/breaker-counts-client-errors.chaos',
    'the circuit breaker counts refusals too',
    'breaker-conforms',
    /counts failures that say nothing against its dependency/,
  ],
  [
    'canaries/budget-checked-after-spending.chaos',
    'is asked when the next answer has come, and has been paid for',
    'within-budget',
    /^The agent called model:\S+ when \d+ tokens had been spent; 640 are allowed/,
  ],
  [
    'canaries/failed-results-left-out.chaos',
    'results of failed tools are left out of the transcript',
    'transcript-well-formed',
    /`tool_use` ids were found without `tool_result` blocks/,
  ],
  [
    'canaries/gives-up-on-a-503.chaos',
    'takes every error for final, a 503 included',
    'transient-errors-retried',
    /gave up on \S+ after one error that would have passed/,
  ],
  [
    'canaries/ignores-retry-after.chaos',
    'the agent comes back when it likes',
    'backoff-respected',
    /again \d+ ms after a failure, and the server had asked for 30000 ms/,
  ],
  [
    'canaries/keeps-a-dead-session.chaos',
    'goes on with the dead one, honestly failing for ever',
    'recovers-once-healed',
    /had worked, all faults were over, and each of its \d+ later calls failed/,
  ],
  [
    'canaries/key-per-attempt.chaos',
    'an idempotency key made anew for every attempt',
    'effects-exactly-once',
    /^refund was called again .*, under another key\. "refund 42" took effect 2 times/,
  ],
  [
    'canaries/leaks-the-key-in-an-error.chaos',
    'tells of the whole request that failed, key included',
    'secrets-not-leaked',
    /^A secret \(paym\.\.\.\) stands in what model:\S+ was told/,
  ],
  [
    'canaries/leaves-a-timer.chaos',
    'goes on ticking where it fails',
    'nothing-left-running',
    /^The agent answered and left a timer set/,
  ],
  [
    'canaries/leaves-half-a-refund.chaos',
    'is left as it is, neither completed nor undone',
    'no-partial-effects',
    /^"refund 42" was left half done: 1 of 2 steps/,
  ],
  [
    'canaries/nested-retries.chaos',
    'three tries become twelve',
    'retry-amplification-bounded',
    /^One call of tool:refund came to \d+ requests; 5 are allowed/,
  ],
  [
    'canaries/no-compensation.chaos',
    'what was reserved stays reserved',
    'compensates',
    /^"reserve 42" took effect, .* no "release" undid it/,
  ],
  [
    'canaries/no-idempotency-key.chaos',
    'without an idempotency key',
    'effects-exactly-once',
    /^refund was called again .*, without an idempotency key\. "refund 42" took effect 2 times/,
  ],
  [
    'canaries/retries-in-lockstep.chaos',
    'their pauses have no jitter, so that all come back at once',
    'retries-not-in-lockstep',
    /came on one beat/,
  ],
  [
    'canaries/silent-about-what-was-done.chaos',
    'not that the first step was taken',
    'applied-effects-reported',
    /took effect, and the failure that was reported is silent of it/,
  ],
  [
    'canaries/takes-silence-for-a-yes.chaos',
    'as if the answer had been yes',
    'approval-awaited',
    /^"refund 42" took effect, and tool:approve had given no such answer/,
  ],
  [
    'planted/breaker-never-opens',
    'counts failures and never opens',
    'breaker-trips',
    /while the breaker before \S+ \S+ had to be open/,
  ],
  [
    'planted/ignores-being-called-off',
    'the money moves all the same',
    'no-effect-after-stop',
    /^The agent was called off, and \d+ ms later it began "refund 42"/,
  ],
  [
    'planted/key-forgotten-too-soon',
    'forgets idempotency keys after five seconds',
    'effects-exactly-once',
    /^POST payments\.example\.com\/v1\/refunds was sent again after its answer was lost, under the same key/,
  ],
  [
    'planted/key-from-a-counter',
    'one key stands for two messages',
    'idempotency-keys-disciplined',
    /^"message ada" and "message leslie" carry one key/,
  ],
  [
    'planted/limit-checked-too-late',
    'is looked at when the next one has been made',
    'breaker-trips',
    /^The agent called tool:refund after 5 tool failures/,
  ],
]

it.each(bugs)('of %s its mistake is told first: %s', async (file, mistake, invariant, words) => {
  const path = new URL(`../../scenarios/${file}.ts`, import.meta.url)
  expect(mistakeIn(readFileSync(fileURLToPath(path), 'utf8'))).toContain(mistake)
  const { default: canary } = (await import(path.href)) as { readonly default: Scenario }
  const agent: Scenario = { ...canary, expect: null, repaired: null }
  const { violations } = await search(inProcess(agent), { seed: 1, trialsMax: 200, command: () => '' })
  const [first] = violations
  expect(first).toMatchObject({ invariant, story: expect.stringMatching(words), status: 'confirmed' })
  expect(first?.follows).toBeUndefined()
  expect(first?.remedy).toMatch(/\.$/)
})
