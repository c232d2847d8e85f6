/** The answer of a proxy in front of an API. Apart, because it is no vendor's own. */
import type { WireAnswer } from '../contracts/provider.js'

/** As nginx answers. Such a page knows nothing of the request. */
export function proxyPage(status: number, text: string): WireAnswer {
  const title = `${status} ${text}`
  const page =
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
    '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'
  return { status, headers: { 'content-type': 'text/html', server: 'nginx' }, chunks: [page] }
}
