import { oneDoor } from '../core/fields.ts';
import type { Doors } from '../site-contract.ts';
import type { MegviiSite } from './site.ts';

/** Remote opening, one door at a time (门禁点管理 1.11). Keeping doors open or shut (1.9, 1.10) is the box's operator's business. */
export function createDoors(site: MegviiSite): Doors {
  return { open: async (door, signal) => site.openDoor(oneDoor(door), signal) };
}
