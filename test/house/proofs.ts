/**
 * Which test proves a source file that no test of its own name mirrors: members of catalogues are proven by laws, and what
 * has no face of its own by the suite of what it serves. The first row that fits counts; a test sees to it that the suite
 * reaches the file.
 */
export const proofs: readonly (readonly [sources: RegExp, by: string])[] = [
  [/^faults\/plan\//, 'test/laws/notation.test.ts'],
  [/^faults\//, 'test/laws/faults.test.ts'],

  [/^harness\/contracts\/options\/config-schema/, 'test/harness/contracts/config-schema.test.ts'],
  [/^harness\/contracts\/options\//, 'test/docs/options.test.ts'],
  [/^harness\/contracts\/(trace-schema|request-schema)/, 'test/laws/odd-events.test.ts'],
  [/^harness\/contracts\/(checks|presets|config)/, 'test/harness/define/define.test.ts'],
  [/^harness\/contracts\/(shard|report\/)/, 'test/harness/campaign/merge.test.ts'],
  [/^harness\/contracts\/host/, 'test/harness/hosts/host.test.ts'],
  [/^harness\/contracts\/(transport|provider|wire|failure)/, 'test/conformance/conformance.test.ts'],
  [/^harness\/contracts\/(secret-forms|named-secrets)/, 'test/harness/campaign/redact.test.ts'],
  [/^harness\/contracts\//, 'test/harness/trial/trial.test.ts'],
  [/^harness\/define\//, 'test/harness/define/define.test.ts'],

  [/^harness\/sandbox\//, 'test/harness/trial/trial.test.ts'],
  [/^harness\/models\//, 'test/harness/trial/trial.test.ts'],
  [/^harness\/providers\//, 'test/laws/providers.test.ts'],
  [/^harness\/provider-kit\//, 'test/laws/providers.test.ts'],
  [/^harness\/transports\/router/, 'test/harness/trial/trial.test.ts'],
  [/^harness\/(transports\/ask-really|library\/record)/, 'test/cli/record.test.ts'],
  [/^harness\/transports\//, 'test/conformance/conformance.test.ts'],
  [/^harness\/invariants\/spans\//, 'test/harness/invariants/trace-complete.test.ts'],
  [/^harness\/invariants\//, 'test/laws/verdicts.test.ts'],

  [/^harness\/boundaries\//, 'test/harness/trial/trial.test.ts'],
  [/^harness\/hosts\//, 'test/harness/hosts/host.test.ts'],
  [/^harness\/observe\/spans\//, 'test/harness/observe/spans/spans.test.ts'],
  [/^harness\/observe\//, 'test/harness/trial/trial.test.ts'],
  [/^harness\/trial\//, 'test/harness/trial/trial.test.ts'],
  [/^harness\/executors\/(record|in-process\/)/, 'test/library/resilience.test.ts'],

  [/^harness\/executors\/queue\/protocol/, 'test/harness/executors/queue/executor.test.ts'],
  [/^harness\/(executors\/queue|cli\/commands\/(work|cancel)|cli\/output\/run-queue)/, 'test/queue/queue.test.ts'],

  [/^harness\/search\//, 'test/harness/search/search.test.ts'],
  [/^harness\/measure\/compared/, 'test/harness/campaign/compare.test.ts'],
  [/^harness\/measure\//, 'test/harness/measure/measure.test.ts'],
  [/^harness\/selftest\//, 'test/cli/selftest.test.ts'],
  [/^harness\/register/, 'test/harness/trial/determinism.test.ts'],
  [/^harness\/(library\/|vitest|index)/, 'test/library/matchers.test.ts'],
  [/^reports\/html\//, 'test/reports/html/html.test.ts'],
  [/^reports\/otlp\//, 'test/reports/otlp/otlp.test.ts'],
  [/^reports\/markdown\//, 'test/reports/markdown/markdown.test.ts'],
  [/^reports\/wire/, 'test/cli/wire.test.ts'],
  [/^reports\//, 'test/reports/attacks.test.ts'],
  // By the command itself, in processes of their own.
  [/^harness\/(executors\/workers|campaign|cli)\//, 'test/cli/run.test.ts'],
]

/** Tests that run the built command, whose processes load all that it needs. */
export const byCommand = /^test\/(cli|queue)\//
