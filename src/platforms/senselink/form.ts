/** The fields of a form; an array becomes repeated fields. */
export type Fields = Record<string, string | number | readonly number[]>;

/** Fields as multipart/form-data, which every POST of §6 takes. */
export function form(fields: Fields): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'object') data.append(name, String(value));
    // An empty list is sent as an empty field: leaving it out is another thing to the platform (§6.3.2).
    else if (value.length === 0) data.append(name, '');
    else for (const item of value) data.append(name, String(item));
  }
  return data;
}
