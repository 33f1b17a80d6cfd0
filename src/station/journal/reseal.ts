import { personSchema } from '#shared/person';
import { openJson, type Sealer } from '../vault/seal.ts';
import { place as deliveryPlace } from './delivery-rows.ts';
import { deskFacePlace } from './desk-faces.ts';
import { rowPlace } from './import-rows.ts';
import { inspectionPlace } from './inspections.ts';
import { lookPlace } from './looks.ts';
import { passIndex, passPlace, proofPlace } from './passes.ts';
import { itemPlace, personPlace } from './records.ts';
import { secretPlace } from './secrets.ts';
import { blob, integer, type Sql, text } from './sql.ts';
import { sealedVisit, visitPlace } from './visits.ts';

/**
 * Seals everything in the journal anew and makes the index of codes with the new key. Belongs in one transaction. The number of records.
 * @throws SealError when something does not open: then nothing may be changed
 */
export function resealAll(sql: Sql, from: Sealer, to: Sealer): number {
  let count = 0;
  const again = (sealed: Uint8Array, place: string): Uint8Array => {
    count += 1;
    return to.seal(from.open(sealed, place), place);
  };
  for (const row of sql.all('SELECT id, person, sealed FROM enrolments')) {
    const at = personPlace(text(row, 'id'));
    const { code } = personSchema.parse(JSON.parse(from.open(blob(row, 'sealed'), at).toString('utf8')));
    sql.run('UPDATE enrolments SET sealed = ? WHERE id = ?', again(blob(row, 'sealed'), at), text(row, 'id'));
    sql.run('UPDATE people SET code_index = ? WHERE id = ?', to.index(code), text(row, 'person'));
  }
  for (const row of sql.all('SELECT id, sealed FROM deliveries')) {
    const id = text(row, 'id');
    sql.run('UPDATE deliveries SET sealed = ? WHERE id = ?', again(blob(row, 'sealed'), deliveryPlace(id)), id);
  }
  for (const row of sql.all('SELECT enrolment, seen FROM photos WHERE seen IS NOT NULL')) {
    const enrolment = text(row, 'enrolment');
    const seen = again(blob(row, 'seen'), inspectionPlace(enrolment));
    sql.run('UPDATE photos SET seen = ? WHERE enrolment = ?', seen, enrolment);
  }
  for (const row of sql.all('SELECT name, sealed FROM items')) {
    const name = text(row, 'name');
    sql.run('UPDATE items SET sealed = ? WHERE name = ?', again(blob(row, 'sealed'), itemPlace(name)), name);
  }
  for (const row of sql.all('SELECT platform, field, sealed FROM secrets')) {
    const [platform, field] = [text(row, 'platform'), text(row, 'field')];
    const sealed = again(blob(row, 'sealed'), secretPlace(platform, field));
    sql.run('UPDATE secrets SET sealed = ? WHERE platform = ? AND field = ?', sealed, platform, field);
  }
  resealRows(sql, again);
  for (const row of sql.all('SELECT photo, sealed FROM looks')) {
    const photo = blob(row, 'photo');
    sql.run('UPDATE looks SET sealed = ? WHERE photo = ?', again(blob(row, 'sealed'), lookPlace(photo)), photo);
  }
  for (const row of sql.all('SELECT enrolment, sealed FROM desk_faces')) {
    const enrolment = text(row, 'enrolment');
    const sealed = again(blob(row, 'sealed'), deskFacePlace(enrolment));
    sql.run('UPDATE desk_faces SET sealed = ? WHERE enrolment = ?', sealed, enrolment);
  }
  for (const row of sql.all('SELECT id, sealed FROM visits')) {
    const id = text(row, 'id');
    const { code } = sealedVisit.parse(openJson(from, blob(row, 'sealed'), visitPlace(id))).person;
    const sealed = again(blob(row, 'sealed'), visitPlace(id));
    sql.run('UPDATE visits SET sealed = ?, code_index = ? WHERE id = ?', sealed, to.index(code), id);
  }
  for (const row of sql.all('SELECT id, platform, sealed FROM passes')) {
    const [id, platform] = [text(row, 'id'), text(row, 'platform')];
    const { record } = openJson(from, blob(row, 'sealed'), passPlace(id)) as { record: string };
    const sealed = again(blob(row, 'sealed'), passPlace(id));
    sql.run('UPDATE passes SET sealed = ?, record = ? WHERE id = ?', sealed, passIndex(to, platform, record), id);
  }
  for (const row of sql.all('SELECT delivery, sealed FROM proofs')) {
    const delivery = text(row, 'delivery');
    const sealed = again(blob(row, 'sealed'), proofPlace(delivery));
    sql.run('UPDATE proofs SET sealed = ? WHERE delivery = ?', sealed, delivery);
  }
  return count;
}

/** Rows of imports are many: a few at a time. */
function resealRows(sql: Sql, again: (sealed: Uint8Array, place: string) => Uint8Array): void {
  let after = 0;
  for (;;) {
    const rows = sql.all(
      'SELECT rowid AS at, batch, line, sealed FROM batch_rows WHERE rowid > ? ORDER BY rowid LIMIT 1000',
      after,
    );
    for (const row of rows) {
      after = integer(row, 'at');
      const sealed = again(blob(row, 'sealed'), rowPlace(text(row, 'batch'), integer(row, 'line')));
      sql.run('UPDATE batch_rows SET sealed = ? WHERE rowid = ?', sealed, after);
    }
    if (rows.length === 0) return;
  }
}
