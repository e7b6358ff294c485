import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { effectiveConfiguration } from '../configuration/index.js'
import { readJobAddress, readRunningJob } from './running-cluster.js'

const jobId = 'f3cb29e330633e7f0f70fbe058cba1c3'
const folder = 'test/fixtures/rest/eo-aligned-2pc'
const files: Readonly<Record<string, string>> = {
  [`/jobs/${jobId}`]: 'job',
  [`/jobs/${jobId}/plan`]: 'plan',
  [`/jobs/${jobId}/checkpoints/config`]: 'checkpoints-config',
  [`/jobs/${jobId}/config`]: 'config',
}

let server: Server
let base = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    const file = files[request.url ?? '']
    if (request.url === '/jobs') response.end(JSON.stringify({ jobs: [{ id: jobId, status: 'RUNNING' }] }))
    else if (file === undefined) response.writeHead(404).end('{"errors":["not found"]}')
    else response.end(readFileSync(`${folder}/${file}.json`))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  base = `http://127.0.0.1:${String(port)}`
})

afterAll(() => new Promise((resolve) => server.close(resolve)))

describe('readRunningJob', () => {
  it('reads plan and configuration of a job', async () => {
    const { plan, configuration } = await readRunningJob(`${base}/jobs/${jobId}`)
    expect(plan.vertices.map((vertex) => vertex.name)).toEqual(['Source: Src', 'Count', 'Sink: Writer -> Sink: Committer'])
    const { settings, values } = effectiveConfiguration(configuration)
    expect(settings.checkpointing).toMatchObject({
      enabled: true,
      intervalUs: 100_000,
      timeoutUs: 60_000_000,
      retention: 'RETAIN_ON_CANCELLATION',
      storage: 'filesystem',
    })
    expect(settings.maxParallelism).toBe(16)
    expect(values.find((value) => value.key === 'execution.checkpointing.interval')?.origin).toBe(
      `${base}/jobs/${jobId}/checkpoints/config $.interval`,
    )
  })
  it('takes the id as a separate argument', async () => {
    expect((await readRunningJob(`${base}/`, jobId)).plan.name).toBe('eo-aligned-2pc')
  })
  it('lists the jobs when none is named', async () => {
    await expect(readRunningJob(base)).rejects.toThrow(`${base}: no job is named; allowed: the address of a job: ${base}/jobs/${jobId}`)
  })
  it('says what the cluster answered', async () => {
    const other = jobId.replace('f', 'e')
    await expect(readRunningJob(base, other)).rejects.toThrow(`${base}/jobs/${other}/plan: answered 404 Not Found`)
  })
  it('says when nobody answers', async () => {
    await expect(readRunningJob('http://127.0.0.1:1', jobId)).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:1\/jobs\/\w+: no answer \(.+\); allowed: the address of a running Flink/,
    )
  })
})

describe('readJobAddress', () => {
  it.each([
    [`http://h:8081/jobs/${jobId}`, 'http://h:8081', jobId],
    [`http://h:8081/v1/jobs/${jobId}/plan`, 'http://h:8081', jobId],
    [`http://h:8081/#/job/running/${jobId}/overview`, 'http://h:8081', jobId],
    [`https://h/proxy/flink/#/job/${jobId}`, 'https://h/proxy/flink', jobId],
    ['http://h:8081/', 'http://h:8081', undefined],
  ])('%s', (address, rest, job) => {
    expect(readJobAddress(address)).toEqual({ base: rest, job })
  })
})
