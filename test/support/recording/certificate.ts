/** A certificate that a server of this machine makes for itself, so that none lies about and none runs out. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export interface Certified {
  readonly key: string
  readonly cert: string
}

/** For 127.0.0.1, for an hour on either side of now. */
export function certify(): Certified {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const hour = 3_600_000
  const name = sequence(set(sequence(commonName, encode(0x0c, Buffer.from('127.0.0.1')))))
  const body = sequence(
    encode(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    sequence(timeOf(Date.now() - hour), timeOf(Date.now() + hour)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    encode(0xa3, sequence(sequence(alternativeName, encode(0x04, sequence(address([127, 0, 0, 1])))))),
  )
  const signature = encode(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]))
  const der = sequence(body, ecdsaWithSha256, signature)
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}

/** DER: a tag, a length, and what is in it. */
function encode(tag: number, content: Buffer): Buffer {
  const { length } = content
  const long = length > 255 ? [0x82, length >> 8, length & 255] : [0x81, length]
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), content])
}

const sequence = (...parts: Buffer[]) => encode(0x30, Buffer.concat(parts))
const set = (part: Buffer) => encode(0x31, part)
const integer = (bytes: Buffer) => encode(0x02, bytes)
const objectId = (hex: string) => encode(0x06, Buffer.from(hex, 'hex'))
const address = (bytes: number[]) => encode(0x87, Buffer.from(bytes))

function timeOf(ms: number): Buffer {
  return encode(0x18, Buffer.from(`${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`))
}

const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'))
const commonName = objectId('550403')
const alternativeName = objectId('551d11')
