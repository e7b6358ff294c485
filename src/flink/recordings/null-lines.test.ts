import { expect, it } from 'vitest'
import { importRecording } from './import-recording.js'

it.each(['null', '1', '"x"', '[]'])('a line that is %s is refused as no line of a recording', (line) => {
  const submit = JSON.stringify({ seq: 1, ms: 0, ev: 'job_submit', nth: 1, job: 'j1', par: 1 })
  expect(() => importRecording(`${submit}\n${line}\n`, { scenario: 'test' })).toThrow('not a line of a recording')
})
