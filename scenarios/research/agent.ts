/**
 * Researches a question in many turns: search, read, note, publish. Searching has a breaker of its own, and behind it an
 * index of yesterday's: an older answer now is worth more than none, as long as it says how old it is.
 */
import { z } from 'zod'
import { type Outcome, perform } from '../agent/agent.js'
import { make } from '../agent/change.js'
import type { Watch } from '../agent/dependency.js'
import { Failure, kindOf } from '../agent/failure.js'
import type { Means } from '../agent/means.js'
import { defineTool } from '../agent/tool.js'

export interface Library {
  search(query: { readonly query: string }): Promise<readonly string[]>
  cachedSearch(query: { readonly query: string }): Promise<readonly string[]>
  read(source: { readonly id: string }): Promise<string>
  note(note: Note & Keyed): Promise<unknown>
  publish(article: Text & Keyed): Promise<unknown>
}

interface Text {
  readonly text: string
}

interface Note extends Text {
  readonly id: string
}

interface Keyed {
  readonly idempotencyKey?: string | undefined
}

export interface Research {
  readonly task: string
  readonly library: Library
}

const searchTool = defineTool({
  name: 'search',
  description: 'Finds sources. The answer says whether it is of today or of yesterday.',
  input: z.object({ query: z.string().min(1) }),
})
const readTool = defineTool({ name: 'read', description: 'Reads one source.', input: z.object({ id: z.string() }) })
const noteTool = defineTool({
  name: 'note',
  description: 'Keeps what a source says.',
  input: z.object({ id: z.string(), text: z.string() }),
})
const publishTool = defineTool({
  name: 'publish',
  description: 'Publishes the article and ends the research.',
  input: z.object({ text: z.string().min(1) }),
})

const article = { kind: 'publication', id: 'article' }

export function researchAgent(means: Means, { task, library }: Research): Promise<Outcome> {
  const { journal } = means
  const describeOutcome = async () => {
    const published = (await journal.read(article))?.status === 'done'
    return published ? 'The article was published.' : undefined
  }
  const known = new Set<string>()
  const tools = [...readingTools(means, library, known), ...writingTools(means, library, known)]
  return perform(means, { agent: 'research', task, tools, describeOutcome })
}

/** `known`: the sources that were read. */
function readingTools({ dependency, withSpan }: Means, library: Library, known: Set<string>) {
  const searching = dependency('the search engine', { waits: false })
  const cache = dependency('the cached index')
  const archive = dependency('the archive')
  const search = async (query: { readonly query: string }, watch: Watch) => {
    try {
      const today = () => searching.call(() => library.search(query), watch)
      return { from: 'today', found: await withSpan('execute_tool', 'search', today) }
    } catch (error) {
      // What the search engine refuses, the cache must not be asked either: the question is wrong.
      if (kindOf(error) === 'definite') throw error
      const yesterday = () => cache.call(() => library.cachedSearch(query), watch)
      return { from: 'yesterday', stale: true, found: await withSpan('execute_tool', 'cachedSearch', yesterday) }
    }
  }
  const read = async (source: { readonly id: string }, watch: Watch) => {
    const text = await archive.call(() => library.read(source), watch)
    known.add(source.id)
    return text
  }
  return [searchTool.does(search), readTool.does(read)]
}

function writingTools({ dependency, journal, policy }: Means, library: Library, known: ReadonlySet<string>) {
  const by = dependency('the notebook')
  return [
    noteTool.does(async (request, watch) => {
      // What a source says may tell the model to note something else, and models do as they are told.
      if (!known.has(request.id)) throw new Failure('NOT_READ', `${request.id} was not read`, 'definite')
      const send = (note: Note, idempotencyKey?: string) => library.note({ ...note, idempotencyKey })
      return make({ journal, policy, watch }, { kind: 'note', id: request.id, request, by, send })
    }),
    publishTool.does((request, watch) => {
      const send = (text: Text, idempotencyKey?: string) => library.publish({ ...text, idempotencyKey })
      return make({ journal, policy, watch }, { ...article, request, by, send })
    }),
  ]
}
