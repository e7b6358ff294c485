import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type History, HistoryFormatError } from './index.js'
import { readHistoryFile, writeHistoryFile } from './history-file.js'

const HISTORY: History = {
  header: {
    millrace: 'history',
    schema: 1,
    origin: 'checked',
    scenario: 's',
    operators: [],
    configuration: {},
    mode: 'off',
  },
  events: [{ seq: 1, t: 0, kind: 'job-status', status: 'CREATED' }],
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('history files', () => {
  it.each(['history.jsonl', 'history.jsonl.gz'])('are read as they were written: %s', (name) => {
    const path = join(folder, name)
    writeHistoryFile(path, HISTORY)
    const first = readFileSync(path)
    expect(readHistoryFile(path).events).toEqual(HISTORY.events)
    writeHistoryFile(path, HISTORY)
    expect(readFileSync(path).equals(first)).toBe(true)
    expect(readdirSync(folder)).toEqual([name])
  })

  it('compressed and cut off are refused as truncated', () => {
    const path = join(folder, 'history.jsonl.gz')
    writeHistoryFile(path, HISTORY)
    writeFileSync(path, readFileSync(path).subarray(0, -12))
    expect(() => readHistoryFile(path)).toThrow(HistoryFormatError)
    expect(() => readHistoryFile(path)).toThrow(/cut off/)
  })

  it.each(['history.jsonl', 'history.jsonl.gz'])('may begin with a byte order mark: %s', (name) => {
    const path = join(folder, name)
    writeHistoryFile(join(folder, 'plain.jsonl'), HISTORY)
    const text = Buffer.from(`\ufeff${readFileSync(join(folder, 'plain.jsonl'), 'utf8')}`)
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text)
    expect(readHistoryFile(path).events).toEqual(HISTORY.events)
  })

  it('leave nothing behind when their place is taken', () => {
    mkdirSync(join(folder, 'history.jsonl', 'in-it'), { recursive: true })
    expect(() => {
      writeHistoryFile(join(folder, 'history.jsonl'), HISTORY)
    }).toThrow(/EISDIR|ENOTEMPTY|EEXIST/)
    expect(readdirSync(folder)).toEqual(['history.jsonl'])
  })

  it('leave nothing behind when they cannot be written', () => {
    expect(() => {
      writeHistoryFile(join(folder, 'missing', 'history.jsonl'), HISTORY)
    }).toThrow(/ENOENT/)
    expect(readdirSync(folder)).toEqual([])
  })
})
