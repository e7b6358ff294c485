/** What waits long waits on disk: one file, written at its end and read from its beginning. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Spill } from './row-queue.js'

/** A spill in a directory of its own, which `close` removes. */
export class SpillFile implements Spill {
  /** The most bytes that were in it. */
  most = 0
  private written = 0
  private readonly directory: string
  private readonly file: number
  private readonly lengths: number[] = []
  private readAt = 0

  /** @param under where the directory is made: that of the system for what is temporary by default */
  constructor(under = tmpdir()) {
    this.directory = mkdtempSync(join(under, 'millrace-'))
    this.file = openSync(join(this.directory, 'waiting'), 'w+')
  }

  write(piece: Int32Array): void {
    const bytes = new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
    for (let done = 0; done < bytes.length;) done += writeSync(this.file, bytes, done, bytes.length - done, this.written + done)
    this.written += bytes.length
    this.lengths.push(bytes.length)
    this.most = Math.max(this.most, this.written)
  }

  read(): Int32Array {
    const length = this.lengths.shift() ?? 0
    const piece = new Int32Array(length / 4)
    const bytes = new Uint8Array(piece.buffer)
    for (let done = 0; done < length;) {
      const got = readSync(this.file, bytes, done, length - done, this.readAt + done)
      if (got === 0) throw new Error('the file of waiting states has become shorter')
      done += got
    }
    this.readAt += length
    if (this.lengths.length === 0) this.startOver()
    return piece
  }

  /** Removes everything. */
  close(): void {
    closeSync(this.file)
    rmSync(this.directory, { recursive: true, force: true })
  }

  private startOver(): void {
    ftruncateSync(this.file, 0)
    this.written = this.readAt = 0
  }
}
