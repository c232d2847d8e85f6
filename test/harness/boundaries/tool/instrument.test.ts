/** Tools of every shape that people bring become boundaries, and stay what they were to everything else. */
import { describe, expect, it } from 'vitest'
import { requestText } from '../../../../reports/reading/request.js'
import { type Agent, sleep, type Tried, trial } from '../../../support/sandbox/scenario.js'

/** What was called, in order: `tool:NAME` with its input as the trace has it. */
function calls({ trace }: Tried): (readonly [string, string])[] {
  return trace.events.flatMap((event) =>
    event.kind === 'call' ? [[event.site.target, requestText(event.request)] as const] : [],
  )
}

/** Runs an agent and gives what it resolved to beside its trial. */
async function run<T>(agent: (context: Parameters<Agent>[0]) => T | Promise<T>, plan = '') {
  const results: T[] = []
  const done = await trial(async (context) => void results.push(await agent(context)), plan)
  const claim = done.trace.events.find((event) => event.kind === 'claim')
  if (claim?.kind === 'claim' && claim.error) throw new Error(claim.error.message)
  return { ...done, result: results[0], calls: calls(done) }
}

/** A tool as some frameworks have it: an instance that keeps what it needs to itself. */
class Counter {
  readonly name = 'count'
  static readonly kind = 'a counter'
  #count = 0
  async invoke({ by }: { readonly by: number }) {
    return this.#add(by)
  }
  #add(by: number) {
    this.#count += by
    return this.#count
  }
  get count() {
    return this.#count
  }
  set count(value: number) {
    this.#count = value
  }
  describe() {
    return `counted to ${this.#count}`
  }
}

describe('instrument takes', () => {
  it('a function, called by its own name', async () => {
    const { result, calls } = await run(({ instrument }) =>
      instrument(async function look(where: string) {
        return `looked ${where}`
      })('up'),
    )
    expect(result).toBe('looked up')
    expect(calls).toEqual([['look', '["up"]']])
  })

  it('a function without a name, called "tool"', async () => {
    const { calls } = await run(({ instrument }) =>
      instrument(
        (
          () => async () =>
            'x'
        )(),
      )(),
    )
    expect(calls).toEqual([['tool', '']])
  })

  it('a record of functions, called by their keys, with the rest of it untouched', async () => {
    const tools = { look: async ({ at }: { at: string }) => at, version: 3, nothing: null, when: new Date(0) }
    const { result, calls } = await run(async ({ instrument }) => {
      const mine = instrument(tools)
      return [await mine.look({ at: 'sea' }), mine.version, mine.nothing, mine.when.getTime()]
    })
    expect(result).toEqual(['sea', 3, null, 0])
    expect(calls).toEqual([['look', '{"at":"sea"}']])
  })

  it.each(['execute', 'run', 'invoke', 'handler'] as const)('a record of objects with %s', async (method) => {
    const tools = { look: { description: 'Looks.', [method]: async ({ at }: { at: string }) => `saw ${at}` } }
    const { result, calls } = await run(({ instrument }) => {
      const tool: Record<string, unknown> = instrument(tools).look
      return (tool[method] as (input: object, context: object) => Promise<string>)({ at: 'sea' }, { callId: 'odd' })
    })
    expect(result).toBe('saw sea')
    expect(calls, 'what frameworks add behind the input is no part of it').toEqual([['look', '{"at":"sea"}']])
  })

  it('an array of tools as the SDK has them, called by name', async () => {
    const tools = [
      { name: 'look', input_schema: { type: 'object' }, run: async (_: object) => 'looked' },
      { name: 'note', input_schema: { type: 'object' }, run: async (_: object) => 'noted' },
    ]
    const { result, calls } = await run(({ instrument }) => Promise.all(instrument(tools).map((tool) => tool.run({}))))
    expect(result).toEqual(['looked', 'noted'])
    expect(calls.map(([name]) => name)).toEqual(['look', 'note'])
  })

  it('an array of functions, which an agent still finds by name', async () => {
    const look = Object.assign(
      async function look(_a: string, _b: string) {
        return 'looked'
      },
      { description: 'Looks.' },
    )
    const { result, calls } = await run(async ({ instrument }) => {
      const found = instrument([look]).find((tool) => tool.name === 'look')
      return [await found?.('a', 'b'), found?.description, found?.length]
    })
    expect(result).toEqual(['looked', 'Looks.', 2])
    expect(calls).toEqual([['look', '["a","b"]']])
  })

  it('a Map of tools', async () => {
    const tools = new Map([['look', { execute: async (_: object) => 'looked' }]])
    const { result, calls } = await run(({ instrument }) => instrument(tools).get('look')?.execute({}))
    expect(result).toBe('looked')
    expect(calls).toEqual([['look', '{}']])
  })

  it('tools in tools', async () => {
    const tools = { files: { read: async () => 'read', more: [{ name: 'list', run: async () => 'listed' }] } }
    const { result, calls } = await run(async ({ instrument }) => {
      const { files } = instrument(tools)
      return [await files.read(), await files.more[0]?.run()]
    })
    expect(result).toEqual(['read', 'listed'])
    expect(calls).toEqual([
      ['read', ''],
      ['list', ''],
    ])
  })

  it('a client with callTool, called by the name of the tool that it calls', async () => {
    class Client {
      readonly #server = 'server'
      async callTool({ name, arguments: args }: { name: string; arguments?: object }) {
        return { content: [this.#server, name, args] }
      }
      async listTools() {
        return [this.#server]
      }
    }
    const { result, calls } = await run(async ({ instrument }) => {
      const client = instrument(new Client())
      return [await client.callTool({ name: 'look', arguments: { at: 'sea' } }), await client.listTools()]
    })
    expect(result).toEqual([{ content: ['server', 'look', { at: 'sea' }] }, ['server']])
    expect(calls).toEqual([['look', '{"at":"sea"}']])
  })

  it('an instance with private fields, which goes on working as one', async () => {
    const counter = new Counter()
    const { result, calls } = await run(async ({ instrument }) => {
      const mine = instrument(counter)
      const first = await mine.invoke({ by: 2 })
      mine.count = 40
      const again = await mine.invoke({ by: 2 })
      return [
        first,
        again,
        mine.count,
        mine.describe(),
        mine instanceof Counter,
        mine.constructor === Counter,
        mine.name,
      ]
    })
    expect(result).toEqual([2, 42, 42, 'counted to 42', true, true, 'count'])
    expect(calls.map(([name]) => name)).toEqual(['count', 'count'])
    expect(counter.count).toBe(42)
  })

  it('an instance whose methods are the tools, those that it inherits included', async () => {
    class Base {
      protected readonly seen: string[] = []
      async look({ at }: { at: string }) {
        this.seen.push(at)
        return this.seen.length
      }
    }
    class Shop extends Base {
      readonly #till = 7
      async pay() {
        return this.#till
      }
    }
    const { result, calls } = await run(async ({ instrument }) => {
      const shop = instrument(new Shop())
      return [await shop.look({ at: 'sea' }), await shop.look({ at: 'land' }), await shop.pay(), shop instanceof Base]
    })
    expect(result).toEqual([1, 2, 7, true])
    expect(calls.map(([name]) => name)).toEqual(['look', 'look', 'pay'])
  })

  it('what is no tool at all, and gives it back', async () => {
    const { result } = await run(({ instrument }) => [
      instrument(undefined),
      instrument(null),
      instrument('x'),
      instrument(7),
    ])
    expect(result).toEqual([undefined, null, 'x', 7])
  })
})

describe('what comes back', () => {
  it('is a copy: the original calls nothing but itself', async () => {
    const look = async () => 'looked'
    const tools = { look, more: [{ name: 'list', run: look }] }
    const { calls } = await run(async ({ instrument }) => {
      instrument(tools)
      await tools.look()
      await tools.more[0]?.run()
    })
    expect(calls).toEqual([])
    expect(tools).toEqual({ look, more: [{ name: 'list', run: look }] })
    expect(tools.look).toBe(look)
  })

  it('keeps "this" of a tool that is an object', async () => {
    const tool = {
      name: 'count',
      total: 1,
      async run({ by }: { by: number }) {
        this.total += by
        return this.total
      },
    }
    const { result } = await run(({ instrument }) => instrument(tool).run({ by: 2 }))
    expect(result).toBe(3)
  })

  it('can be spread and turned into JSON, as it is on its way to the API', async () => {
    const tool = { name: 'look', description: 'Looks.', input_schema: { type: 'object' }, run: async () => 'looked' }
    const { result, calls } = await run(async ({ instrument }) => {
      const mine = instrument(tool)
      const spread = { ...mine, strict: true }
      return [JSON.stringify(mine), Object.keys(spread), await spread.run()]
    })
    expect(result).toEqual([JSON.stringify(tool), ['name', 'description', 'input_schema', 'run', 'strict'], 'looked'])
    expect(calls).toHaveLength(1)
  })

  it('can be handed over without its object', async () => {
    const { result } = await run(({ instrument }) => {
      const { invoke } = instrument(new Counter())
      return invoke({ by: 5 })
    })
    expect(result).toBe(5)
  })

  it('crosses once where one way to call a tool calls another', async () => {
    class Chatty {
      readonly name = 'chatty'
      async invoke(input: object) {
        return this.run(input)
      }
      async run(_: object) {
        return 'said'
      }
    }
    const { result, calls } = await run(({ instrument }) => instrument(new Chatty()).invoke({}))
    expect(result).toBe('said')
    expect(calls).toHaveLength(1)
  })

  it('counts the world’s tools and those that the agent brings together', async () => {
    const look = async (_: object) => 'looked'
    const done = await trial(
      async ({ tools, instrument }) => {
        const given = tools as { look: typeof look }
        await given.look({ n: 1 })
        await instrument({ look }).look({ n: 2 })
      },
      '',
      { world: () => ({ tools: { look } }) },
    )
    const occurrences = done.trace.events.flatMap((event) => (event.kind === 'call' ? [event.occurrence] : []))
    expect(occurrences).toEqual([1, 2])
  })
})

describe('an effect inside a tool', () => {
  /** The target of each crossing and of the one that it happens inside. */
  const parents = ({ trace }: Tried) => {
    const targets = new Map<number | null, string>([[null, 'none']])
    return trace.events.flatMap((event) => {
      if (event.kind !== 'call') return []
      targets.set(event.crossing, event.site.target)
      return event.site.boundary === 'effect' ? [`${event.site.target} in ${targets.get(event.parent)}`] : []
    })
  }
  const saving = ({ instrument, effect }: Parameters<Agent>[0], waitMs: number) => {
    const save = (id: string) => effect({ kind: id, intent: id }, () => {})
    return instrument({
      now: (_: object) => save('first'),
      later: async (_: object) => {
        await sleep(waitMs)
        await save('second')
      },
    })
  }

  it('belongs to it, at once and after a wait', async () => {
    const done = await trial(async (context) => {
      const tools = saving(context, 100)
      await tools.now({})
      await tools.later({})
      await context.effect({ kind: 'third', intent: 3 }, () => {})
    })
    expect(parents(done)).toEqual(['first in now', 'second in later', 'third in none'])
  })

  it('belongs to it beside other tools where it comes at once, and to none where that cannot be known', async () => {
    const done = await trial(async (context) => {
      const tools = saving(context, 100)
      await Promise.all([tools.later({ n: 1 }), tools.later({ n: 2 }), tools.now({})])
    })
    expect(parents(done)[0]).toBe('first in now')
    expect(parents(done).slice(1)).not.toContain('second in now')
  })

  it('belongs to it at every delivery of a call that is delivered twice', async () => {
    const done = await trial((context) => saving(context, 100).later({}), 'tool:later#1 = tool/duplicate(gap: 50)')
    expect(parents(done)).toEqual(['second in later', 'second in later'])
  })
})
