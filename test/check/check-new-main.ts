/**
 * `jiti test/check/check-new-main.ts [--from STAGE]`: all that a new fault, invariant or reporter can break, after writing what is generated.
 * A stage that writes ends it where it fails. Stages that test are all run, so that one run tells all.
 */
import { spawnSync } from 'node:child_process'

const stages = {
  words: 'vitest run test/house test/words',
  build: 'npm run build',
  types: 'npm run types',
  changed: "git ls-files -mo --exclude-standard 'test/*.test.ts' | xargs -r npx vitest run",
  format: 'biome check --write',
  detection: 'jiti test/readme/detection-main.ts --write',
  sessions: 'jiti test/readme/sessions-main.ts',
  surface: 'vitest run test/surface -u',
  options: 'jiti test/docs/options-main.ts',
  invariants: 'jiti test/docs/invariants-main.ts',
  wires: 'vitest run test/laws/wires.test.ts -u',
  reference: 'jiti test/docs/reference-main.ts',
  lint: 'npm run lint',
  unit: 'npm run test:unit',
  laws: 'vitest run test/laws test/surface test/readme/detection.test.ts',
} as const
type Stage = keyof typeof stages
const names = Object.keys(stages) as Stage[]
const tests: ReadonlySet<Stage> = new Set<Stage>(['lint', 'unit', 'laws'])

const [flag, from = names[0]] = process.argv.slice(2)
const first = names.indexOf(from as Stage)
if ((flag !== undefined && flag !== '--from') || first < 0) {
  process.stderr.write(`expected --from and one of ${names.join(', ')}, got ${process.argv.slice(2).join(' ')}\n`)
  process.exit(2)
}

const failed: Stage[] = []
const beganAt = performance.now()
for (const [index, name] of names.entries()) {
  if (index < first) continue
  process.stdout.write(`\n== ${index + 1} of ${names.length}, ${name}: ${stages[name]}\n`)
  const startedAt = performance.now()
  const { status } = spawnSync(stages[name], { shell: true, stdio: 'inherit' })
  process.stdout.write(`== ${name}: ${Math.round((performance.now() - startedAt) / 1_000)} s\n`)
  if (status === 0) continue
  failed.push(name)
  if (!tests.has(name)) break
}
if (failed.length > 0) {
  process.stderr.write(`\nfailed: ${failed.join(', ')}. Once it is fixed: npm run check:new -- --from ${failed[0]}\n`)
  process.exitCode = 1
} else {
  const minutes = ((performance.now() - beganAt) / 60_000).toFixed(1)
  process.stdout.write(`\nall stages from ${names[first]} on passed, in ${minutes} min\n`)
}
