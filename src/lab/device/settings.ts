import { z } from 'zod';

const onOff = z.literal([0, 1]);

/** NetworkObject (chapter 8.1.2). */
const networkObject = z.object({
  dhcpEnable: onOff,
  ipAddress: z.ipv4(),
  subMask: z.ipv4(),
  DNS1: z.ipv4(),
  DNS2: z.ipv4(),
  defRout: z.ipv4(),
});

/** SmartFaceObject (chapter 8.1.4). Its ranges are not enforced: the document's own sample breaks two of them. */
const smartFaceObject = z.object({
  faceEnable: onOff,
  faceCmpEnable: onOff,
  faceThre: z.int(),
  faceMinsize: z.int(),
  faceMaxsize: z.int(),
  faceInterval: z.int(),
  imgType: z.literal([0, 1, 2]),
  maskDetecEnable: onOff,
  tempDetecEnable: onOff,
  TempUnit: onOff,
  tempWarnThre: z.number(),
  ftpPutImgEnable: onOff,
  faceFrame: onOff,
  StrTempCkEnable: onOff,
  Hacknessenble: z.int(),
});

/** PerParaObject (chapter 8.1.5). */
const perParaObject = z.object({
  detecTemMod: z.int(),
  alarmType: onOff.optional(),
  voiceProswitch: onOff,
  tempNormal: z.int(),
  maskNormal: z.int(),
  cmpNormal: z.int(),
  RecordOpen: onOff,
  unlockControl: onOff,
  unlockOuttime: z.int().min(1).max(254),
});

/** The settings a terminal can be asked for and told, by the name in its path. */
export const settings = {
  network: {
    schema: networkObject,
    initial: {
      dhcpEnable: 0,
      ipAddress: '192.0.2.73',
      subMask: '255.255.255.0',
      DNS1: '192.0.2.53',
      DNS2: '192.0.2.54',
      defRout: '192.0.2.1',
    },
  },
  smartface: {
    schema: smartFaceObject,
    initial: {
      faceEnable: 1,
      faceCmpEnable: 1,
      faceThre: 8,
      faceMinsize: 100,
      faceMaxsize: 500,
      faceInterval: 6,
      imgType: 0,
      maskDetecEnable: 0,
      tempDetecEnable: 0,
      TempUnit: 0,
      tempWarnThre: 37.5,
      ftpPutImgEnable: 0,
      faceFrame: 1,
      StrTempCkEnable: 0,
      Hacknessenble: 1,
    },
  },
  perpara: {
    schema: perParaObject,
    initial: {
      detecTemMod: 0,
      alarmType: 0,
      voiceProswitch: 1,
      tempNormal: 1,
      maskNormal: 1,
      cmpNormal: 1,
      RecordOpen: 1,
      unlockControl: 0,
      unlockOuttime: 100,
    },
  },
} as const;
