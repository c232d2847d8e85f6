/** A queue on PostgreSQL, in a schema of its own. */
import type { BackendFactory, PostgresQueueBackend } from 'bullmq'
import { real } from '../../sandbox/real.js'
import { type Engine, isOfConnection } from './engine.js'

/** What each queue takes of the server's connections at the most, and a worker one more. */
const connectionsMost = 4
const connectMs = 10_000
const againMs = 500

const problems: Readonly<Record<string, string>> = {
  '28P01': 'takes other credentials: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE',
  '28000': 'takes other credentials: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE',
  '3D000': 'has no such database: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE',
  '42501': 'lets this user make nothing: expected one that may CREATE in the database',
}

export const postgres: Engine = {
  schemes: ['postgres:', 'postgresql:'],
  example: 'postgres://HOST:PORT/DATABASE',
  driver: 'pg',
  open({ createPostgresBackend }, url, attempts) {
    const connection = {
      connectionString: url,
      schema: 'agent_chaos',
      max: connectionsMost,
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      migrate: attempts === 'one',
    }
    const open: BackendFactory = (name, options, kind) => {
      const backend = createPostgresBackend(name, { ...options, connection }, kind)
      return attempts === 'many' ? waitingForServer(backend) : backend
    }
    return open
  },
  explain(error) {
    if (error.name === 'UnsupportedPostgresVersionError') return 'is too old: expected PostgreSQL 13 or later'
    return problems[String((error as { readonly code?: unknown }).code)]
  },
}

/** BullMQ asks PostgreSQL once, where it asks Redis until there is an answer. Whatever is asked twice changes nothing the second time. */
function waitingForServer(backend: PostgresQueueBackend): PostgresQueueBackend {
  const { connection } = backend
  const { pool } = connection
  const untilThere = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (connection.isClosing || !(error instanceof Error && isOfConnection(error))) throw error
        backend.emit('error', error)
        await new Promise((resolve) => real.setTimeout(resolve, againMs))
      }
    }
  }
  const query = pool.query.bind(pool)
  pool.query = (text, params) => untilThere(() => query(text, params))
  const ready = connection.waitUntilReady.bind(connection)
  connection.waitUntilReady = () =>
    untilThere(async () => {
      try {
        await ready()
      } catch (error) {
        // It would be handed out again for ever.
        Reflect.set(connection, 'readyPromise', undefined)
        throw error
      }
    })
  return backend
}
