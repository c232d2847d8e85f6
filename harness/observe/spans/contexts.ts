/**
 * OpenTelemetry's active context, kept across awaits so that a span finds its parent. Not the context manager that
 * OpenTelemetry ships. Each version of that one binds itself to some versions of the API, and the agent brings its own.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api'

type AnyFunction = (...args: unknown[]) => unknown

/** One for each trial: what an earlier trial left running must not pass its spans on to the next. */
export class AsyncContexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>()

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    run: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(context, () => Reflect.apply(run, self, args) as ReturnType<F>)
  }

  /** Event emitters are handed back as they are: Node calls their listeners in a context of its own anyway. */
  bind<T>(context: Context, target: T): T {
    if (typeof target !== 'function') return target
    const contexts = this
    const bound: AnyFunction = function (this: unknown, ...args) {
      return contexts.with(context, target as unknown as AnyFunction, this, ...args)
    }
    return Object.defineProperty(bound, 'length', { value: target.length }) as T
  }

  enable(): this {
    return this
  }

  /** Following promises makes all of them slower, so it ends with the trial. */
  disable(): this {
    this.#storage.disable()
    return this
  }
}
