import { useState } from 'react';
import type { Certificate, SitePlatform, SiteProblem, SiteTrial, SiteView } from '#shared/calls/site';
import type { Fault } from '#shared/fault';
import { isPlatformId } from '#shared/platform-id';
import { bridge } from '../bridge.ts';
import { faultOf } from './fault.ts';
import { draftOf, fieldsOf, freeId, isChanged, type Typed, typedOf } from './site-form.ts';

export type Trust = 'system' | 'pin' | 'ca';

/** One platform's form: what is typed, what trying it told, what is wrong. `was` null: a new one. */
export function useSiteForm(view: SiteView, was: SitePlatform | null) {
  const taken = view.platforms.map((platform) => platform.id);
  const [kind, setKind] = useState(was?.kind ?? view.kinds[0]?.kind ?? '');
  const fields = fieldsOf(view, kind);
  const [id, setId] = useState(was?.id ?? freeId(kind, taken));
  const [typed, setTyped] = useState<Typed>(() => typedOf(fields, was?.values ?? {}));
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const [caPem, setCaPem] = useState<string | null>(null);
  const [problems, setProblems] = useState<readonly SiteProblem[]>([]);
  const [trial, setTrial] = useState<SiteTrial | null>(null);
  const [shown, setShown] = useState<Certificate | null>(null);
  const [busy, setBusy] = useState<'test' | 'save' | 'certificate' | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [trust, setTrustMode] = useState<Trust>(() =>
    was?.values['tls.fingerprint256'] ? 'pin' : was?.values['tls.ca'] ? 'ca' : 'system',
  );

  const draft = () => draftOf(kind, fields, typed, secrets, caPem);
  const settled = (path: string) => setProblems((old) => old.filter((problem) => problem.path !== path));

  async function run<T>(what: NonNullable<typeof busy>, work: () => Promise<T>): Promise<T | null> {
    setBusy(what);
    setFault(null);
    try {
      return await work();
    } catch (error) {
      setFault(faultOf(error));
      return null;
    } finally {
      setBusy(null);
    }
  }

  const before = { values: was?.values ?? {}, id: was?.id ?? freeId(kind, taken) };
  const changed = isChanged(fields, before, { typed, secrets, caPem, id });

  return {
    changed,
    ...{ kind, fields, id, typed, secrets, caPem, problems, trial, shown, busy, fault, trust },
    choose(next: string) {
      const same = id === freeId(kind, taken);
      setKind(next);
      if (same) setId(freeId(next, taken));
      // What all platforms have in common stays as it was typed.
      const fresh = typedOf(fieldsOf(view, next), {});
      setTyped({ ...fresh, ...Object.fromEntries(Object.entries(typed).filter(([path]) => path in fresh)) });
      setSecrets({});
      setTrial(null);
      setProblems([]);
    },
    name(next: string) {
      setId(next);
      settled('id');
    },
    type(path: string, value: Typed[string]) {
      setTyped((old) => ({ ...old, [path]: value }));
      settled(path);
    },
    typeSecret(path: string, value: string) {
      setSecrets((old) => ({ ...old, [path]: value }));
      settled(path);
    },
    setTrust(next: Trust) {
      setTrustMode(next);
      setShown(null);
      setCaPem(null);
      setTyped((old) => ({ ...old, 'tls.fingerprint256': '', 'tls.ca': '' }));
    },
    giveCa(pem: string) {
      setCaPem(pem);
      setTyped((old) => ({ ...old, 'tls.fingerprint256': '', 'tls.ca': '' }));
      settled('tls.ca');
    },
    /** From now on this certificate alone is believed. */
    believe(certificate: Certificate) {
      setTrustMode('pin');
      setCaPem(null);
      setShown(certificate);
      setTyped((old) => ({ ...old, 'tls.ca': '', 'tls.fingerprint256': certificate.fingerprint256 }));
      setTrial((old) => (old === null ? null : { ...old, certificate: null }));
    },
    showCertificate: () =>
      run('certificate', async () => {
        setShown(await bridge.call('site.certificate', { baseUrl: String(typed.baseUrl ?? '').trim() }));
      }),
    test: () =>
      run('test', async () => {
        setTrial(null);
        const told = await bridge.call('site.test', { id: was?.id ?? null, draft: draft() });
        setProblems(told.problems);
        setTrial(told.problems.length > 0 ? null : told);
      }),
    /** True when it was saved. */
    save: async (): Promise<boolean> => {
      if (!isPlatformId(id.trim())) {
        setProblems([{ path: 'id', code: 'id', message: '' }]);
        return false;
      }
      const told = await run('save', () =>
        bridge.call('site.save', { id: id.trim(), add: was === null, draft: draft() }),
      );
      if (told === null) return false;
      setProblems(told.problems);
      return told.problems.length === 0;
    },
  };
}

export type SiteForm = ReturnType<typeof useSiteForm>;
