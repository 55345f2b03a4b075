import WebSocket from 'ws'

/** The floor of a recorder: receives, counts, and keeps nothing. */
const [url = ''] = process.argv.slice(2)
const socket = new WebSocket(url, { skipUTF8Validation: true })
let received = 0
socket.on('message', () => {
  received += 1
})
socket.on('close', () => {
  console.log(`{"received":${received}}`)
})
process.on('SIGINT', () => socket.close())
