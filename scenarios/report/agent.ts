/**
 * Writes a report to a file. The words are the model's; the form, and that the file is whole before it counts as
 * written, are code's.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { type Outcome, perform } from '../agent/agent.js'
import type { WriteFile } from '../agent/atomic-file.js'
import { make } from '../agent/change.js'
import type { Means } from '../agent/means.js'
import { defineTool } from '../agent/tool.js'

export type Figures = Readonly<Record<string, number>>

export interface ReportTask {
  readonly task: string
  /** Where the report is to be. */
  readonly dir: string
  readonly figures: () => Promise<Figures>
  readonly write: WriteFile
}

const fileName = 'report.md'
const lastLine = 'End of report.'

const figuresTool = defineTool({ name: 'figures', description: 'The figures of the week.', input: z.object({}) })
const reportTool = defineTool({
  name: 'write_report',
  description: 'Writes the report: a summary in words, and the figures by region.',
  input: z.object({ summary: z.string().min(1), figures: z.record(z.string(), z.number()) }),
})

export function reportAgent(means: Means, { task, dir, figures, write }: ReportTask): Promise<Outcome> {
  const { journal, policy, dependency } = means
  const [warehouse, disk] = [dependency('the data warehouse'), dependency('the disk')]
  const name = { kind: 'report', id: fileName }
  const tools = [
    figuresTool.does((_, watch) => warehouse.call(figures, watch)),
    reportTool.does(async ({ summary, figures }, watch) => {
      const request = { text: compose(summary, figures) }
      const send = async ({ text }: typeof request) => {
        await write(join(dir, fileName), text)
        return { written: fileName, characters: text.length }
      }
      return make({ journal, policy, watch }, { ...name, request, by: disk, send })
    }),
  ]
  const describeOutcome = async () => {
    const written = (await journal.read(name))?.status === 'done'
    return written ? `The report is in ${fileName}.` : undefined
  }
  return perform(means, { agent: 'report', task, tools, describeOutcome })
}

function compose(summary: string, figures: Figures): string {
  const rows = Object.entries(figures).map(([region, amount]) => `| ${region} | ${amount} |`)
  return ['# Sales of the week', '', summary, '', '| region | sales |', '|---|---|', ...rows, '', lastLine, ''].join(
    '\n',
  )
}
