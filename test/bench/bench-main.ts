/**
 * `npm run bench [-- NAME...]`: how fast agent-chaos is, in tables. `--write` puts them and the machine into `docs/speed.md`; with `--long` a
 * run of a million trials is among them. `--short` compares a few ratios with the committed ones (`short-main.ts`). The build must be there.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { withTable } from '../readme/detection.js'
import { root } from '../support/cli/command.js'
import { benches } from './benches/benches.js'
import { markdownOf, plainTextOf, seconds } from './table.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
  },
})

if (values.short) await import('./short-main.js')
else await runAll()

async function runAll(): Promise<void> {
  const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name))
  if (unknown.length > 0) {
    const known = benches.map(({ name }) => name).join(', ')
    throw new Error(`there is no bench ${unknown.join(', ')}: expected some of ${known}`)
  }
  const page = join(root, 'docs/speed.md')
  const machine = describeMachine()
  process.stdout.write(`${machine}\n`)
  for (const bench of benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    const from = performance.now()
    const table = await bench.run({ long: values.long })
    const took = seconds(performance.now() - from)
    process.stdout.write(`\n== ${bench.name}: ${bench.title} (${took})\n${plainTextOf(table)}\n`)
    if (!values.write) continue
    const text = `${machine}\n\n${markdownOf(table)}`
    writeFileSync(page, withTable(readFileSync(page, 'utf8'), text, bench.name))
  }
}

/** Before anything of this is begun: how much others ask of it counts too. */
function describeMachine(): string {
  const [first] = cpus()
  const memory = Math.round(totalmem() / 1e9)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
  const others = loadavg()[0] ?? 0
  const busy = others < 0.5 ? 'nothing else to do' : `about ${Math.round(others)} other processes at work`
  const machine = `${cpus().length} cores (${first?.model.trim()}), ${memory} GB, ${process.platform}, Node ${process.versions.node}`
  return `Measured with agent-chaos ${version} on ${machine}, ${busy}.`
}
