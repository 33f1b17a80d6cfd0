import { among, type Chapter, type Check, digits, ISO, list, object, type Table, text, whole } from './chapters.ts';

/** The chapters of every call but those of an enrolment, which `fields.test.ts` and `cloud-fields.test.ts` look at. */

const json = (path: RegExp, body: Table = {}): Chapter => ({ method: 'POST', path, body });
const page = { pageNo: whole(1, 1e6), pageSize: whole(1, 500) };

const HCP_CODE = text(16, /^[\s\S]+$/, 1);
const HCP_ID = text(64, /^\S+$/, 1);
/** HCP document and artemis.md, "Beyond the person". */
const MEMBERS = { privilegeGroupId: HCP_ID, type: among(1), list: list(object({ id: HCP_ID }), 1000, 1) };
export const HCP: readonly Chapter[] = [
  json(/\/person\/personCode\/personInfo$/, { personCode: HCP_CODE }),
  json(/\/person\/advance\/personList$/, { ...page, personName: text(255, /\S/, 1) }),
  json(/\/person\/single\/delete$/, { personId: HCP_ID }),
  json(/\/person\/picture_data$/, { personId: HCP_ID, picUri: text(512, /^\S+$/, 1) }),
  json(/\/org\/orgList$/, page),
  json(/\/privilege\/group$/, { ...page, type: among(1) }),
  json(/\/privilege\/group\/single\/(add|delete)Persons$/, MEMBERS),
  json(/\/privilege\/group\/single\/personList$/, { ...page, type: among(1), privilegeGroupId: HCP_ID }),
  json(/\/auth\/reapplication$/, { personIds: text(1000, /^\w+(,\w+)*$/), ImmediateDownload: among(0, 1) }),
  json(/\/auth\/applicationResult$/, { ...page, applicationResultType: among(1, 2), type: among(1, 2) }),
];

/** §4.2 of both manuals: what signs a request. */
const SIGNED = { timestamp: text(13, /^\d{13}$/), sign: text(32, /^[0-9a-f]{32}$/) };
const USER_ID = text(16, /^[^/\\]+$/, 1);
const SECONDS = digits(0, 1e10);
const IP: Check = (value) =>
  typeof value === 'string' && value.split('.').length === 4 && value.split('.').every((part) => digits(0, 255)(part));
const ONE: Check = among(0, 1);
const INTEGER = whole(-2_147_483_648, 2_147_483_647);
const TEMPERATURE: Check = (value) => typeof value === 'number' && value >= 37 && value <= 37.5;
const device = (path: RegExp, body?: Table, query: Table = {}): Chapter => ({
  method: 'POST',
  path,
  query: { ...SIGNED, ...query },
  ...(body && { body }),
});
export const DEVICE: readonly Chapter[] = [
  device(/^\/api\/device\/(information|syncTime|reboot|network|smartface|perpara)$/),
  device(/^\/api\/device\/open$/, undefined, { 'remark?': text(255) }),
  device(/^\/api\/device\/networkcfg$/, {
    dhcpEnable: ONE,
    ipAddress: IP,
    subMask: IP,
    DNS1: IP,
    DNS2: IP,
    defRout: IP,
  }),
  device(/^\/api\/device\/smartfacecfg$/, {
    faceEnable: ONE,
    faceCmpEnable: ONE,
    faceThre: whole(0, 10),
    faceMinsize: whole(30, 300),
    faceMaxsize: whole(300, 500),
    faceInterval: whole(6, 20),
    imgType: whole(0, 2),
    maskDetecEnable: ONE,
    tempDetecEnable: ONE,
    TempUnit: ONE,
    tempWarnThre: TEMPERATURE,
    ftpPutImgEnable: ONE,
    faceFrame: ONE,
    StrTempCkEnable: ONE,
    Hacknessenble: INTEGER,
  }),
  device(/^\/api\/device\/perparacfg$/, {
    detecTemMod: INTEGER,
    alarmType: ONE,
    voiceProswitch: ONE,
    tempNormal: INTEGER,
    maskNormal: INTEGER,
    cmpNormal: INTEGER,
    RecordOpen: ONE,
    unlockControl: ONE,
    unlockOuttime: whole(1, 254),
  }),
  {
    method: 'GET',
    path: /^\/api\/user\/list$/,
    // `type` is required by the table and may be left out by its words: then all kinds are searched.
    query: {
      ...SIGNED,
      'userId?': USER_ID,
      'type?': among('1'),
      'name?': text(30, /\S/, 1),
      page: digits(1, 1e6),
      size: digits(1, 10),
    },
  },
  // `all` wipes the terminal (§8.2.4).
  { method: 'GET', path: /^\/api\/user\/delete\/(?!(?:%20|%09)*all(?:%|\/|$))[^/]{1,48}$/i, query: SIGNED },
  {
    method: 'GET',
    path: /^\/api\/record$/,
    query: {
      ...SIGNED,
      type: among('0'),
      'userId?': USER_ID,
      startTime: SECONDS,
      endTime: SECONDS,
      page: digits(1, 1e6),
      size: digits(1, 1000),
    },
  },
];

const KEYED = { ...SIGNED, app_key: text(64, undefined, 1) };
const LONG = digits(0, 1e15);
const get = (path: RegExp, query: Table = {}): Chapter => ({ method: 'GET', path, query: { ...KEYED, ...query } });
const form = (path: RegExp, body: Table): Chapter => ({ method: 'POST', path, query: KEYED, body });
const PAGED = { page: digits(1, 1e6), size: digits(1, 1000) };
export const SENSELINK: readonly Chapter[] = [
  get(/^\/api\/v1\/company$/),
  get(/^\/api\/v1\/user\/list$/, {
    'jobNumber?': text(45, undefined, 1),
    'mobile?': text(20),
    'name?': text(45),
    'id?': LONG,
  }),
  get(/^\/api\/v1\/(user|guest)\/delete\/\d{1,15}$/),
  get(/^\/api\/v1\/group$/, { ...PAGED, type: among('0', '1', '2') }),
  form(/^\/api\/v1\/group$/, { name: text(45, undefined, 1), type: among('1', '2') }),
  form(/^\/api\/v1\/group\/update$/, { id: LONG, name: text(45, undefined, 1), type: among('1', '2') }),
  form(/^\/api\/v1\/user\/(add|remove)\/group$/, { groupId: LONG, userIds: text(40_000, /^\d+(,\d+)*$/) }),
  get(/^\/api\/v2\/department$/),
  get(/^\/api\/v2\/department\/\d{1,15}$/),
  get(/^\/api\/v2\/department\/delete$/, { id: LONG }),
  form(/^\/api\/v2\/department\/update$/, {
    id: LONG,
    parentId: LONG,
    name: text(50, undefined, 1),
    'leaderId?': LONG,
    'code?': text(45),
  }),
  get(/^\/api\/v1\/device$/, PAGED),
  get(/^\/api\/v1\/record$/, { ...PAGED, startTime: SECONDS, endTime: SECONDS, 'userId?': LONG }),
];

const UUID = text(64, /^[\w-]+$/, 1);
const PAGE = { pageNum: whole(1, 1e6), pageSize: whole(1, 100) };
const MILLIS = text(13, /^\d{1,13}$/);
const GROUP_NAME = text(32, /^[\p{L}\p{N}_-]+$/u, 2);
export const MEGVII: readonly Chapter[] = [
  // 人员管理 1.7, 1.8, 1.9, 1.5, 1.10, 1.2, and 1.6 with the membership alone
  json(/\/person\/list$/, {
    ...PAGE,
    'code?': text(32, /^[A-Za-z0-9]+$/),
    'name?': text(40, /\S/, 1),
    'type?': among(1),
    'uniqueIdentify?': text(40, /^[\x21-\x7e]+$/),
    'simpleInfo?': among(true),
  }),
  json(/\/person\/uuid\/list$/, { uuidList: list(UUID, 1000, 1) }),
  json(/\/person\/query$/, { uuid: UUID }),
  json(/\/person\/batchDelete$/, { uuidList: list(UUID, 1000, 1) }),
  json(/\/person\/visitorCode$/, { uuid: UUID }),
  json(/\/person\/update$/, { uuid: UUID, groupList: list(UUID, 1000) }),
  { method: 'POST', path: /\/person\/config\/uploadImage$/, body: { file: among('file') } },
  // 人脸比对 1.2
  json(/\/photo\/search$/, {
    ...PAGE,
    uri: text(200, undefined, 1),
    threshold: whole(1, 99),
    groupTypes: list(among(1, 2, 3), 3),
  }),
  // 组管理 1.1–1.6
  json(/\/pass\/group\/list$/, { ...PAGE, type: among(1, 2) }),
  json(/\/pass\/group\/batchAdd$/, { groupList: list(object({ name: GROUP_NAME, type: among(1, 2) }), 100, 1) }),
  json(/\/pass\/group\/update$/, { uuid: UUID, name: GROUP_NAME }),
  json(/\/pass\/group\/(delete|query)$/, { uuid: UUID }),
  json(/\/pass\/group\/batchDeletePerson$/, { groupUuid: UUID, personUuids: list(UUID, 1000, 1) }),
  // 组织管理 1.3, 门禁点管理 1.2, 1.3, 1.11, 通行权限管理 1.4
  json(/\/org\/tree$/, {}),
  json(/\/door\/list$/, { ...PAGE, passModel: among(false) }),
  json(/\/door\/queryFeatureFailList$/, { ...PAGE, noticeCode: among('1', '6') }),
  json(/\/door\/openDoor$/, { uuid: UUID }),
  json(/\/pass\/authority\/list$/, { ...PAGE, groupUuid: UUID }),
  // 功能配置 1.6, 通行记录 1.1
  json(/\/sys\/storageCriteria\/info$/, {}),
  json(/\/pass_record\/list$/, {
    ...PAGE,
    startPassTime: MILLIS,
    endPassTime: MILLIS,
    'personUuid?': UUID,
    'personCode?': text(32, /^[A-Za-z0-9]+$/),
  }),
];

const ID = text(18, /^\d+$/, 1);
const HIK_PAGE = { pageIndex: whole(1, 1e6), pageSize: whole(1, 100) };
const VIMS_PAGE = { pageNum: whole(1, 1e6), pageSize: whole(1, 100) };
const LEVELS = { personId: ID, accessLevelIdList: list(ID, 1000) };
const RESIDENTS = object({
  areaId: text(64),
  isContainSubArea: ONE,
  filter: object({ 'name?': text(255, undefined, 1) }),
});
const NAME = text(64, /^[^\\/:*?"<>|]+$/, 1);
const hik = (path: RegExp, body: Table): Chapter => json(path, body);
/** A.3.123 */
const RESIDENT = object({
  id: ID,
  personCode: text(16, /^[A-Za-z0-9]*$/),
  groupId: text(64),
  firstName: text(255),
  lastName: text(255),
  gender: among(0, 1, 2),
  'phone?': text(32),
  email: text(64, undefined, 1),
  'description?': text(128),
  startDate: ISO,
  endDate: ISO,
});
export const HIKCONNECT: readonly Chapter[] = [
  hik(/\/token\/get$/, { appKey: text(64, undefined, 1), secretKey: text(64, undefined, 1) }),
  hik(/\/groups\/search$/, { 'groupIdList?': list(text(64, undefined, 1), 100, 1), 'depthTraversal?': among(true) }),
  hik(/\/groups\/add$/, { groupName: NAME }),
  hik(/\/groups\/update$/, { groupId: text(64, undefined, 1), groupName: NAME }),
  hik(/\/groups\/delete$/, { groupId: text(64, undefined, 1) }),
  hik(/\/persons\/list$/, {
    ...HIK_PAGE,
    'filter?': object({ 'name?': text(255), 'phone?': text(32), 'email?': text(64) }),
  }),
  hik(/\/persons\/(get|delete)$/, { personId: ID }),
  hik(/\/persons\/updatepincode$/, { personId: ID, 'pinCode?': text(8, /^\d{4,8}$/) }),
  hik(/\/persons\/updatecards$/, {
    personId: ID,
    cardList: list(object({ 'id?': text(64), cardNo: text(20, /^[A-Za-z0-9]+$/) }), 2),
  }),
  hik(/\/persons\/updatefingers$/, {
    personId: ID,
    fingerList: list(object({ 'id?': text(64), name: text(32, undefined, 1), data: text(1024, /^[0-9A-Fa-f]+$/) }), 2),
  }),
  hik(/\/persons\/(card|finger)collect$/, { deviceSerial: text(64, /^[\w-]+$/, 1) }),
  hik(/\/persons\/qrcode$/, { personId: ID, clientLocalTime: ISO }),
  hik(/\/accesslevel\/list$/, {
    accessLevelSearchRequest: object({ ...HIK_PAGE, searchCriteria: object({ accessLevelName: text(0) }) }),
  }),
  hik(/\/accesslevel\/person\/add$/, { personList: list(object(LEVELS), 1, 1) }),
  hik(/\/accesslevel\/person\/(delete|modify)$/, {
    personList: list(object({ ...LEVELS, deleteAll: among(true, false) }), 1, 1),
  }),
  hik(/\/overview\/person\/\d{1,18}\/elementdetail$/, { returnSuccess: among(true) }),
  hik(/\/certificaterecords\/search$/, {
    pageIndex: whole(1, 1e6),
    pageSize: whole(1, 200),
    searchCriteria: object({
      beginTime: ISO,
      endTime: ISO,
      type: among(0, 1, 2),
      swipeAuthResult: among(0, 1, 2),
      searchType: among(0, 1),
      'personCondition?': object({ personIds: text(200, /^\d{1,18}(,\d{1,18})*$/) }),
    }),
  }),
  hik(/\/remote\/control$/, {
    remoteControl: object({
      actionType: among(1),
      // Empty means every door.
      elementlist: list(text(64, /^[\w-]+$/, 1), 1, 1),
      direction: ONE,
      depthTraversal: among(0),
    }),
  }),
  hik(/\/room\/search$/, { ...VIMS_PAGE, searchCriteria: RESIDENTS }),
  hik(/\/vims\/v1\/person\/search$/, { ...VIMS_PAGE, searchCriteria: RESIDENTS, searchRequest: RESIDENTS }),
  hik(/\/vims\/v1\/person\/(add|update)$/, {
    personBaseInfo: RESIDENT,
    roomList: list(object({ roomId: ID, buildId: ID, areaId: ID, accountType: ONE }), 100, 1),
  }),
  hik(/\/vims\/v1\/person\/delete$/, { deleteList: list(ID, 100, 1) }),
  hik(/\/tempauth\/list$/, {
    ...VIMS_PAGE,
    searchRequest: object({ filter: object({ name: text(64, undefined, 1) }) }),
  }),
  hik(/\/tempauth\/get$/, { id: text(64, undefined, 1), clientLocalTime: ISO }),
  hik(/\/tempauth\/delete$/, { deleteList: list(text(64, undefined, 1), 100, 1) }),
];
