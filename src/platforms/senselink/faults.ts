import type { CodeTable } from '../core/codes.ts';

/** SenseLink's codes, all of §5 and those of §6.4. The same numbers mean other things on other platforms. */
export const CODES: CodeTable = {
  10001: { kind: 'auth', message: 'SenseLink does not know this appKey', field: 'appKey' },
  10002: {
    kind: 'auth',
    message: 'the appKey has expired: renew it in SenseLink’s open platform settings',
    field: 'appKey',
  },
  10003: {
    kind: 'clock',
    message: 'the clocks of station and SenseLink are more than 30 minutes apart: synchronise them',
  },
  10004: { kind: 'auth', message: 'SenseLink does not accept this station’s IP address: put it on its list' },
  10005: { kind: 'auth', message: 'the signature was refused: appSecret is wrong', field: 'appSecret' },
  20001: { kind: 'auth', message: 'the company’s period of use in SenseLink is over' },
  20002: { kind: 'auth', message: 'the appKey may not do this: grant it in SenseLink' },
  30001: { kind: 'validation', message: 'SenseLink refuses a value of this person' },
  30002: { kind: 'similar', message: 'SenseLink knows a similar face' },
  30003: { kind: 'quality', message: 'SenseLink finds no face in the picture: take another', field: 'photo' },
  30004: { kind: 'validation', message: 'SenseLink misses a field of this person' },
  30005: { kind: 'quality', message: 'SenseLink cannot read the picture', field: 'photo' },
  50001: { kind: 'server', message: 'SenseLink could not pass the request on inside: try again' },
  50002: { kind: 'server', message: 'SenseLink has an internal error' },
  50003: { kind: 'server', message: 'SenseLink could not work through the batch' },
  50004: { kind: 'protocol', message: 'SenseLink does not take this method: check its version' },
  99999: { kind: 'server', message: 'SenseLink reports an unknown error' },
  320: { kind: 'validation', message: 'SenseLink does not know this group: check groupIds', field: 'groupIds' },
  498: { kind: 'protocol', message: 'SenseLink reports a failure without a reason' },
  610: { kind: 'exists', message: 'SenseLink has such a record already' },
  620: { kind: 'validation', message: 'SenseLink finds no such record: check groupIds', field: 'groupIds' },
  650: { kind: 'validation', message: 'SenseLink cannot delete a department that is not empty' },
};

/** On the calls for departments the record is a department (§6.7). */
export const DEPARTMENT_CODES: CodeTable = {
  ...CODES,
  610: { kind: 'exists', message: 'SenseLink has a department of this name at this place already', field: 'name' },
  620: { kind: 'validation', message: 'SenseLink has no such department', field: 'department' },
};

/** `qa_code` of recognition/quality (§6.6.2) with what to do; 0 passes. */
export const QUALITY: CodeTable = Object.fromEntries(
  (
    [
      [101, 'there is more than one face in the picture'],
      [10201, 'the picture is too small'],
      [10301, 'the face cannot be aligned: look straight into the camera'],
      [1030201, 'the face has too few pixels: come closer'],
      [1030301, 'the head is tilted up or down: look straight into the camera'],
      [1030302, 'the head is turned aside: look straight into the camera'],
      [1030303, 'the head leans to one side: hold it upright'],
      [10401, 'the face is not in the middle of the picture'],
      [10402, 'the face takes too little of the picture: come closer'],
      [10403, 'something covers the face'],
      [10404, 'the face is too dark or too bright'],
      [10405, 'the face is not sharp: hold still'],
      [10406, 'the mouth is open'],
      [10407, 'a part of the face is missing'],
    ] as const
  ).map(([code, message]) => [code, { kind: 'quality', message, field: 'photo' }]),
);
