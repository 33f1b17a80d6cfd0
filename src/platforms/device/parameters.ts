import { FaultError } from '#shared/fault';

/** Groups of parameters the terminal has calls for. AudioObject (§8.1.3) has none. */
export const PARAMETER_GROUPS = ['network', 'smartface', 'perpara'] as const;
export type ParameterGroup = (typeof PARAMETER_GROUPS)[number];

/** Null when fine, else what is allowed. */
type Rule = (value: string | number) => string | null;

const whole =
  (min: number, max: number): Rule =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? null
      : `a whole number from ${min} to ${max}`;
const onOff = whole(0, 1);
/** An integer the document gives no range for. */
const integer = whole(-2_147_483_648, 2_147_483_647);
const between =
  (min: number, max: number): Rule =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max ? null : `a number from ${min} to ${max}`;
const address: Rule = (value) =>
  typeof value === 'string' && /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/.test(value) ? null : 'an IPv4 address';

/** Every field of the objects that can be set, with its range: NetworkObject §8.1.2, SmartFaceObject §8.1.4, PerParaObject §8.1.5. */
const RULES: Readonly<Record<ParameterGroup, Readonly<Record<string, Rule>>>> = {
  network: {
    dhcpEnable: onOff,
    ipAddress: address,
    subMask: address,
    DNS1: address,
    DNS2: address,
    defRout: address,
  },
  smartface: {
    faceEnable: onOff,
    faceCmpEnable: onOff,
    faceThre: whole(0, 10),
    faceMinsize: whole(30, 300),
    faceMaxsize: whole(300, 500),
    faceInterval: whole(6, 20),
    imgType: whole(0, 2),
    maskDetecEnable: onOff,
    tempDetecEnable: onOff,
    TempUnit: onOff,
    tempWarnThre: between(37, 37.5),
    ftpPutImgEnable: onOff,
    faceFrame: onOff,
    StrTempCkEnable: onOff,
    Hacknessenble: integer,
  },
  perpara: {
    detecTemMod: integer,
    alarmType: onOff,
    voiceProswitch: onOff,
    tempNormal: integer,
    maskNormal: integer,
    cmpNormal: integer,
    RecordOpen: onOff,
    unlockControl: onOff,
    unlockOuttime: whole(1, 254),
  },
};

/** The group of a name; throws FaultError `validation` (field `group`). */
export function parameterGroup(name: string): ParameterGroup {
  const found = PARAMETER_GROUPS.find((group) => group === name);
  if (found !== undefined) return found;
  throw new FaultError({
    kind: 'validation',
    code: 'group',
    field: 'group',
    message: `the terminal has no call for these parameters; there are ${PARAMETER_GROUPS.join(', ')}`,
  });
}

/** Refuses what the document does not allow, before anything is sent: FaultError `validation` that names the field. */
export function checkParameters(group: ParameterGroup, values: Readonly<Record<string, string | number>>): void {
  for (const [field, value] of Object.entries(values)) {
    const rule = Object.hasOwn(RULES[group], field) ? RULES[group][field] : undefined;
    const wrong = rule === undefined ? 'no parameter of this group' : rule(value);
    if (wrong === null) continue;
    const message = rule === undefined ? `${field} is ${wrong}` : `${field} has to be ${wrong}`;
    throw new FaultError({ kind: 'validation', code: 'parameter', field, message });
  }
}
