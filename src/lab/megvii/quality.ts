import sharp from 'sharp';
import { byContent } from '../core/by-content.ts';
import { inspectPicture, type Picture } from '../core/picture.ts';
import type { RefusalCode } from './answers.ts';
import { bmpToPng, looksLikeBmp } from './bmp.ts';

/** `customConfig` of 功能配置 1.6.3. Angles in degrees, brightness and deviation on 0–255, `size` in pixels, `blur` 0 sharp – 1. */
export interface Thresholds {
  blur: number;
  pitch: number;
  roll: number;
  yaw: number;
  brightnessMin: number;
  brightnessMax: number;
  size: number;
  sdtDeviation: number;
}

/** 人脸入库登记等级 (数据字典 1.2.5): 1 low, 3 high, 4 custom. */
export interface Criteria {
  level: 1 | 3 | 4;
  custom: Thresholds | null;
}

const low: Thresholds = {
  blur: 0.8,
  pitch: 90,
  roll: 90,
  yaw: 90,
  brightnessMin: 20,
  brightnessMax: 250,
  size: 30,
  sdtDeviation: 127,
};

const high: Thresholds = {
  blur: 0.5,
  pitch: 30,
  roll: 30,
  yaw: 30,
  brightnessMin: 40,
  brightnessMax: 230,
  size: 60,
  sdtDeviation: 100,
};

/** Level 4 with the numbers of level 3, so that a client may read them. */
export const initialCriteria: Criteria = { level: 4, custom: { ...high } };

/** The numbers in force, or those of the lowest level, which `config/uploadImage` judges by (人员管理 1.2). */
export function thresholdsOf(criteria: Criteria): Thresholds {
  return criteria.custom ?? (criteria.level === 1 ? low : high);
}

export const lowestThresholds: Thresholds = low;

/** A picture decoded and measured. */
export interface JudgedPicture extends Picture {
  /** 0 sharp – 1 smooth, from the Laplacian's variance at 256 pixels, where an enlarged face is as sharp as it looks. */
  blur: number;
}

/** Laplacian variance, at 256 pixels, at which a picture counts as half blurred. */
const halfBlurred = 10;
const blurScale = 256;

/** Ending → format, as 人员管理 1.1.2 lists them: all lower or all upper case. */
const formats: Record<string, string> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  bmp: 'bmp',
  png: 'png',
  JPG: 'jpeg',
  JPEG: 'jpeg',
  BMP: 'bmp',
  PNG: 'png',
};

/** The format a file's name promises, or null when the name ends in none of the listed endings. */
export function promisedFormat(filename: string): string | null {
  const match = /\.([A-Za-z]+)$/.exec(filename);
  return formats[match?.[1] ?? ''] ?? null;
}

/** Decodes and measures; null when it is no whole JPEG, PNG or BMP. */
export const measure = byContent(async (bytes): Promise<JudgedPicture | null> => {
  const isBmp = looksLikeBmp(bytes);
  const readable = isBmp ? await bmpToPng(bytes) : bytes;
  const picture = readable === null ? null : await inspectPicture(readable);
  if (readable === null || picture === null) return null;
  const small = await sharp(readable)
    .flatten()
    .resize(blurScale, blurScale, { fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer();
  const sharpness = (await inspectPicture(small))?.sharpness ?? 0;
  return { ...picture, format: isBmp ? 'bmp' : picture.format, blur: halfBlurred / (halfBlurred + sharpness) };
});

/**
 * The first criterion a picture misses (人员管理 1.3.4), or null. The lab finds no faces: it takes a face to fill half of the
 * shorter side, and leaves angles, occlusion and the number of faces to ordered faults.
 */
export function firstMissed(picture: JudgedPicture, limits: Thresholds): RefusalCode | null {
  if (Math.min(picture.width, picture.height) / 2 < limits.size) return 101051;
  if (picture.brightness < limits.brightnessMin || picture.brightness > limits.brightnessMax) return 101055;
  if (picture.centreDeviation > limits.sdtDeviation) return 101056;
  if (picture.blur > limits.blur) return 101050;
  return null;
}
