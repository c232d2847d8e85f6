/**
 * The last look for secrets. Reports come here without any; an error, a file name, a configuration's value may hold one
 * that the environment has.
 */
import { namedSecretsIn } from '../../contracts/named-secrets.js'
import { formsOfSecret, redacted } from '../../contracts/secret-forms.js'
import type { ProcessSink } from './sink.js'

/** The environment is read at each write: a configuration file may have added to it. */
export function hidingSecrets(sink: ProcessSink, environment: Readonly<NodeJS.ProcessEnv>): ProcessSink {
  const hide = (text: string) =>
    namedSecretsIn(environment)
      .flatMap(formsOfSecret)
      .sort((left, right) => right.length - left.length)
      .reduce((rest, secret) => rest.replaceAll(secret, redacted), text)
  return {
    write: (text) => sink.write(hide(text)),
    ...(sink.fd !== undefined && { fd: sink.fd }),
    isTTY: sink.isTTY,
    get columns() {
      return sink.columns
    },
    drain: () => sink.drain(),
  }
}
