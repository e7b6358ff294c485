import { expect, it } from 'vitest'
import { importRecording } from './import-recording.js'

const text = (id: string): string =>
  [
    { seq: 1, ms: 0, ev: 'job_submit', nth: 1, job: 'j1', par: 1 },
    { seq: 2, ms: 1, ev: 'emit', op: 'Src', sub: 0, inc: 1, id, key: 0 },
    { seq: 3, ms: 2, ev: 'job_end', nth: 1, status: 'SUCCEEDED' },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')

it.each([':5', '5', 'a:x', '0:', '0:-3', '0: 7', '0:1e3', '0:0x10'])(
  "the identity '%s' of a record is refused: it is not split:offset",
  (id) => {
    expect(() => importRecording(text(id), { scenario: 'test' })).toThrow(/split:offset/)
  },
)
