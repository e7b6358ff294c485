import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from './duration.js'
import { parseMemorySize } from './memory-size.js'
import { readValue } from './option-value.js'

describe('parseDuration', () => {
  it.each([
    ['100 ms', 100_000],
    ['100', 100_000],
    ['10 min', 600_000_000],
    ['10m', 600_000_000],
    ['1h', 3_600_000_000],
    ['2 d', 172_800_000_000],
    ['7 µs', 7],
    ['1500 ns', 1],
    ['PT10M', 600_000_000],
    ['PT0.05S', 50_000],
    ['P1DT2H', 93_600_000_000],
    ['pt1h1.5s', 3_601_500_000],
    ['9223372036854775807', Number.MAX_SAFE_INTEGER],
  ])('%s', (text, us) => {
    expect(parseDuration(text)).toBe(us)
  })
  it.each(['', '1.5 s', '-1 s', '10 parsecs', '7 us', 'P', 'PT', 'PT-1S', 'ten ms', '10 MIN s'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
})

describe('formatDuration', () => {
  it('reads back', () => {
    for (const text of ['100 ms', '10 min', '1 h', '90 s', '1500 ms', '1 d', '7 µs', '0 ms'])
      expect(formatDuration(parseDuration(text) ?? -1)).toBe(text)
    expect(formatDuration(Number.MAX_SAFE_INTEGER)).toBe('for ever')
  })
})

describe('parseMemorySize', () => {
  it.each([
    ['4096', 4096],
    ['20kb', 20_480],
    ['32 KB', 32_768],
    ['1 mebibytes', 1_048_576],
    ['2g', 2_147_483_648],
  ])('%s', (text, bytes) => {
    expect(parseMemorySize(text)).toBe(bytes)
  })
  it.each(['', '1.5 mb', '-1', '1 kib', 'kb'])('refuses %j', (text) => {
    expect(parseMemorySize(text)).toBeUndefined()
  })
})

describe('readValue', () => {
  it('reads choices by any spelling, whatever the case', () => {
    const names = { names: [['EXACTLY_ONCE'], ['none', 'off', 'disable']] }
    expect(readValue(names, 'exactly-once')).toBe('EXACTLY_ONCE')
    expect(readValue(names, 'OFF')).toBe('none')
    expect(readValue(names, 'twice')).toBeUndefined()
  })
  it('reads numbers and booleans strictly', () => {
    expect(readValue('integer', '12')).toBe(12)
    expect(readValue('integer', '1.5')).toBeUndefined()
    expect(readValue('decimal', '1.5')).toBe(1.5)
    expect(readValue('decimal', '2f')).toBe(2)
    expect(readValue('decimal', '1e400')).toBeUndefined()
    expect(readValue('boolean', 'TRUE')).toBe(true)
    expect(readValue('boolean', 'yes')).toBeUndefined()
  })
})
