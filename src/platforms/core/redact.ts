/**
 * Secrets are taken out of every text that may reach a log, a fault or a screen: platforms echo them (HCP's signature failure
 * prints the string to sign with the AppKey in it), and so do the network libraries that quote a URL.
 */
const HIDDEN = '‹secret›';
/** A shorter value would also hide ordinary words; no platform issues keys that short. */
const SHORTEST = 4;

/** The spellings under which a secret can appear in a text: as it is, in a URL, in Base64, in JSON. */
function spellings(secret: string): string[] {
  const base64 = Buffer.from(secret, 'utf8').toString('base64');
  return [secret, encodeURIComponent(secret), base64, base64.replace(/=+$/, ''), JSON.stringify(secret).slice(1, -1)];
}

/** What looks like a signature or token whatever its value: these are made per request and are in no list of secrets. */
const SIGNED =
  /\b(sign|csign|x-ca-signature|token|accesstoken|app_?key|cappkey|x-ca-key)(["']?\s*[:=]\s*["']?)([^\s"'&,;\]}]+)/gi;

/** A picture or another long run of Base64: nobody needs it in a message. */
const LONG_DATA = /[A-Za-z0-9+/]{120,}={0,2}/g;

/** Makes a function that replaces the given secrets, and anything that looks like a signature or token, by a mark. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const all = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(spellings))];
  // Longest first: one secret may be part of another's spelling.
  all.sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of all) clean = clean.replaceAll(secret, HIDDEN);
    clean = clean.replace(LONG_DATA, '‹data›');
    return clean.replace(SIGNED, (_all, name: string, between: string) => `${name}${between}${HIDDEN}`);
  };
}

/** ID, phone and card numbers: six and more letters and digits with five digits in a row. */
const NUMBER = /(?<![\p{L}\p{N}])(?=[A-Z0-9-]*\d{5})[A-Z0-9-]{6,}(?![\p{L}\p{N}])/giu;
const EMAIL = /[^\s"'<>,;:()]+@[^\s"'<>,;:()]+/g;
const PERSONAL = '‹personal›';

/** A text of a platform's own before it is quoted: without numbers that may be a person's, e-mail addresses and pictures. */
export function impersonal(text: string): string {
  return text.replace(LONG_DATA, '‹data›').replace(EMAIL, PERSONAL).replace(NUMBER, PERSONAL);
}

/** A text without the values that were sent, whatever their case: a platform that echoes a name cannot be known by a pattern. */
export function without(text: string, sent: Iterable<string>): string {
  let clean = text;
  for (const value of [...new Set(sent)].filter(tellsSomebody).toSorted((a, b) => b.length - a.length)) {
    const literal = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    clean = clean.replace(new RegExp(literal, 'giu'), PERSONAL);
  }
  return clean;
}

/** A longer value is a picture, which `impersonal` takes out. */
const LONGEST = 300;

/** A digit or a letter alone names nobody, and hiding it would hide the text (HCP's 3651). Two Han characters are a name. */
function tellsSomebody(value: string): boolean {
  if (value.length > LONGEST || /^\d{1,4}$/.test(value)) return false;
  return /\p{Script=Han}/u.test(value) ? value.length >= 2 : value.length >= 3;
}

/** Every text in what is sent: the values of an object, its lists and objects included. */
export function textsOf(sent: unknown): string[] {
  if (typeof sent === 'string') return [sent, ...sent.split(/\s+/)];
  if (typeof sent === 'object' && sent !== null) return Object.values(sent).flatMap(textsOf);
  return [];
}
