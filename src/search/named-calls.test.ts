import { describe, expect, it } from 'vitest'
import { CREDIT_LANE, MAIL_LANE, RPC_LANE } from '../engine/index.js'
import { Link } from '../world/link.js'
import { rpcOf, rpcOn } from './named-calls.js'

const mail = { kind: 'trigger-checkpoint', checkpoint: 1 }
const passedOn = { kind: 'to-task', mail }

describe('calls that faults may concern', () => {
  it('are known by their kind, or by that of the mail that they carry', () => {
    expect([mail, passedOn, { kind: 'to-task', mail: { kind: 'cancel' } }, { kind: 'buffer' }].map(rpcOf)).toEqual([
      'trigger-checkpoint',
      'trigger-checkpoint',
      undefined,
      undefined,
    ])
  })

  it('go from process to process: what a TaskExecutor passes on to its tasks has arrived', () => {
    const on = (lane: number, message: { kind: string }) => rpcOn(new Link(0, {}, 0, 1, lane), message)
    expect([on(RPC_LANE, passedOn), on(RPC_LANE, mail)]).toEqual(['trigger-checkpoint', 'trigger-checkpoint'])
    expect([on(MAIL_LANE, mail), on(CREDIT_LANE, mail), on(0, mail)]).toEqual([undefined, undefined, undefined])
  })
})
