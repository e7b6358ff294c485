import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { HistoryFormatError } from './history-format-error.js'
import { type History, formatHistory, parseHistory } from './history-text.js'

/**
 * Writes a history, compressed when the name ends in `.gz`. The file appears under its name only when it is complete.
 * @throws the operating system's error when it cannot be written; nothing is left behind then
 */
export function writeHistoryFile(path: string, history: History): void {
  const text = Buffer.from(formatHistory(history))
  writeWhole(path, path.endsWith('.gz') ? compress(text) : text)
}

/**
 * Reads a history, compressed or not.
 * @throws HistoryFormatError when it is no history; the operating system's error when it cannot be read
 */
export function readHistoryFile(path: string): History {
  return parseHistory(readText(path))
}

/**
 * The text of a file, uncompressed where it begins as gzip does, whatever its name.
 * @throws HistoryFormatError for a compressed file that is cut off or damaged
 */
export function readText(path: string): string {
  const bytes = readFileSync(path)
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? uncompressed(bytes) : bytes
  // Some editors put a byte order mark in front.
  return plain.toString('utf8').replace(/^\ufeff/, '')
}

function uncompressed(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes)
  } catch {
    throw new HistoryFormatError(0, 'the compressed file is cut off or damaged', 'the whole file; this one was truncated')
  }
}

/** Byte 9 of gzip's header names the operating system; 255 is "unknown", so that the same history has the same bytes everywhere. */
function compress(text: Buffer): Buffer {
  const bytes = gzipSync(text, { level: 9 })
  bytes[9] = 255
  return bytes
}

function writeWhole(path: string, bytes: Buffer): void {
  const unfinished = `${path}.unfinished`
  try {
    writeSynced(unfinished, bytes)
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

function writeSynced(path: string, bytes: Buffer): void {
  const file = openSync(path, 'w')
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
