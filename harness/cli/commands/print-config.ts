/** `agent-chaos run --print-config`: what holds, option by option, and where each value comes from. */
import { styleOf } from '../../../reports/drawing/style.js'
import { type Cell, type Column, table } from '../../../reports/drawing/table.js'
import { clean, hang } from '../../../reports/drawing/text.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { Shard } from '../../contracts/shard.js'
import { shownAddress } from '../../executors/queue/address.js'
import type { Context } from '../context.js'
import { defaultPath } from '../options/discover.js'
import type { Setting, Settings } from '../options/settings.js'
import { appearanceOf } from '../output/appearance.js'
import { exits } from '../output/exit.js'

const columns: readonly Column[] = [
  { title: 'option', align: 'left' },
  { title: 'value', align: 'left', shrinks: true },
  { title: 'from', align: 'left', shrinks: true },
]

export function printConfig({ file, all }: Settings, { io }: Context): ExitCode {
  const color = all.find(({ name }) => name === 'color')?.value as boolean | undefined
  const style = styleOf(appearanceOf(io.stdout, io.env, color))
  const title = file === undefined ? 'no configuration file' : `configuration file ${clean(file)}`
  const rows = all.map(({ name, value, from }): Cell[] => [
    { text: name },
    { text: valueText(name, value, io.cwd) },
    { text: clean(from), paint: from === 'default' ? style.colors.dim : undefined },
  ])
  io.stdout.write(`${[...hang('', title, style.width), '', ...table(columns, rows, style)].join('\n')}\n`)
  return exits.passed
}

function valueText(name: Setting['name'], value: unknown, cwd: string): string {
  if (name === 'paths' && Array.isArray(value) && value.length === 0) return JSON.stringify([defaultPath(cwd)])
  if (name === 'shard' && value !== undefined) {
    const { index, count } = value as Shard
    return `${index}/${count}`
  }
  // Its password is not to be shown.
  if (name === 'queue' && URL.canParse(String(value))) return JSON.stringify(shownAddress(String(value)))
  return value === undefined ? 'not set' : clean(JSON.stringify(value))
}
