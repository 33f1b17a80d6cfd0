import type { CodeTable } from '../core/codes.ts';

/** The terminal's own codes, all of §7. The same numbers mean other things on other platforms. */
export const CODES: CodeTable = {
  10001: { kind: 'auth', message: 'the terminal has no password set: set one in its own menu', field: 'password' },
  10002: { kind: 'auth', message: 'the terminal’s password has expired: renew it there and here', field: 'password' },
  10003: {
    kind: 'clock',
    message: 'the clocks of station and terminal are more than 5 minutes apart: synchronise them',
  },
  10004: { kind: 'auth', message: 'the terminal does not accept this station’s IP address' },
  10005: { kind: 'auth', message: 'the signature was refused: the password is wrong', field: 'password' },
  20001: { kind: 'protocol', message: 'the terminal says that this user does not exist' },
  20002: { kind: 'protocol', message: 'the terminal says that user and id do not match' },
  30001: { kind: 'validation', message: 'the terminal refuses a value of this person' },
  30002: { kind: 'quality', message: 'the terminal finds no face in the picture: take another', field: 'photo' },
  30003: { kind: 'validation', message: 'the terminal misses a field of this person' },
  30004: { kind: 'quality', message: 'the terminal cannot read the picture', field: 'photo' },
  40001: { kind: 'protocol', message: 'this terminal does not support the call: check its firmware' },
  50001: { kind: 'clock', message: 'the terminal calls the time stamp illegal: synchronise the clocks' },
  50002: { kind: 'server', message: 'the terminal has an internal error: try again, reboot it if it stays' },
  50003: { kind: 'rate', message: 'the terminal is busy with another request' },
  50004: { kind: 'protocol', message: 'the terminal does not take this method: check its firmware' },
  50008: { kind: 'protocol', message: 'the terminal’s search found nothing' },
  50009: { kind: 'capacity', message: 'the terminal is full: delete users there' },
  99999: { kind: 'server', message: 'the terminal reports an unknown error' },
};
