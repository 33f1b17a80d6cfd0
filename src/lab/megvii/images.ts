import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mediaType } from '../core/body.ts';
import type { LabContext } from '../core/platform.ts';
import { shelve } from '../core/shelf.ts';
import { Refusal } from './answers.ts';
import {
  firstMissed,
  type JudgedPicture,
  lowestThresholds,
  measure,
  promisedFormat,
  type Thresholds,
  thresholdsOf,
} from './quality.ts';
import { answer } from './routes.ts';
import type { BoxState } from './state.ts';

const megabytes10 = 10 * 1024 * 1024;

/** Buckets as the document's samples print them, base64 of `g100_foreverBucket` and of `g100_6m`. */
const enrolBucket = '_ZzEwMF9mb3JldmVyQnVja2V0_';
const searchBucket = '_ZzEwMF82bQ==_';

/** Uploads, the quality service, and the pictures themselves. */
export async function imageRoutes(app: FastifyInstance, context: LabContext, box: BoxState): Promise<void> {
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: { fileSize: megabytes10, files: 2, fields: 20 },
  });

  // 人员管理 1.1 上传人员图片
  app.post('/v1/api/person/uploadImage', (request) =>
    answer(async () => keep(await receive(request, thresholdsOf(box.criteria)), true)),
  );

  // 人员管理 1.2 上传人员图片(人脸质量判断按照最低标准进行判断): for 1:N search, 不建议入库
  app.post('/v1/api/person/config/uploadImage', (request) =>
    answer(async () => keep(await receive(request, lowestThresholds), false)),
  );

  // 人员管理 1.3 入库质量检测: judges and keeps nothing
  app.post('/v1/api/misc/file/qualityJudge', (request) =>
    answer(async () => {
      await receive(request, thresholdsOf(box.criteria));
      if (context.meets('poor-photo')) throw new Refusal(101055);
    }),
  );

  // Where `imageUri` of 人员管理 1.7.3 points: "用户识别照片的url", unsigned in the samples.
  app.get<{ Params: { uri: string } }>('/pub/:uri', (request, reply) => {
    const image = box.images.get(request.params.uri);
    if (image === undefined) return reply.code(404).type('text/plain').send('');
    return reply.type(image.mime).send(image.file.bytes);
  });

  function keep({ bytes, picture }: Received, enrollable: boolean): { uri: string } {
    const uri = `${enrollable ? enrolBucket : searchBucket}${context.random()}`;
    box.images.set(uri, { file: shelve(bytes), mime: `image/${picture.format}`, dHash: picture.dHash, enrollable });
    return { uri };
  }
}

interface Received {
  bytes: Buffer;
  picture: JudgedPicture;
}

/** Reads the one part called `file` and judges it, in the order size, name, format, quality. */
async function receive(request: FastifyRequest, limits: Thresholds): Promise<Received> {
  if (mediaType(request) !== 'multipart/form-data') throw new Refusal(100003, 'Content-Type');
  const { bytes, filename, tooLarge } = await readFile(request);
  if (tooLarge) throw new Refusal(101082);
  const promised = promisedFormat(filename);
  if (promised === null) throw new Refusal(101066);
  const picture = await measure(bytes);
  if (picture === null || picture.format !== promised) throw new Refusal(101066);
  const missed = firstMissed(picture, limits);
  if (missed !== null) throw new Refusal(missed);
  return { bytes, picture };
}

async function readFile(request: FastifyRequest): Promise<{ bytes: Buffer; filename: string; tooLarge: boolean }> {
  let found: { bytes: Buffer; filename: string; tooLarge: boolean } | null = null;
  try {
    for await (const part of request.parts()) {
      if (part.type !== 'file') continue;
      const chunks: Buffer[] = [];
      for await (const chunk of part.file) chunks.push(chunk);
      if (part.fieldname !== 'file' || found !== null) throw new Refusal(100003, 'file');
      found = { bytes: Buffer.concat(chunks), filename: part.filename, tooLarge: part.file.truncated };
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(101039);
  }
  if (found === null) throw new Refusal(100003, 'file');
  return found;
}
