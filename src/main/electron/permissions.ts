import type { MediaAccessPermissionRequest, PermissionRequest, Session } from 'electron';
import { ownUrl } from './origin.ts';

export interface PermissionQuestion {
  permission: string;
  /** Everything that is asked for at once; for a check, the one kind it names. */
  media: readonly string[];
  mainFrame: boolean;
  /** Who asks, as URLs or origins. All must be ours; with none given nobody is known to ask. */
  askers: readonly (string | undefined)[];
}

/** The camera, exactly, for our own main frame. Nothing else, to nobody: a microphone with it is refused as a whole. */
export function permits(question: PermissionQuestion): boolean {
  const askers = question.askers.filter((asker) => asker !== undefined && asker !== '');
  return (
    question.permission === 'media' &&
    question.media.length === 1 &&
    question.media[0] === 'video' &&
    question.mainFrame &&
    askers.length > 0 &&
    askers.every((asker) => asker !== undefined && ownUrl(asker) !== null)
  );
}

type SessionPermissions = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
>;

/** Both of Electron's questions (the request and the silent check) get the same answer; devices and screens are never shared. */
export function installPermissions(session: SessionPermissions): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(
      permits({
        permission,
        media: mediaTypes(details),
        mainFrame: details.isMainFrame,
        askers: [details.requestingUrl, securityOrigin(details)],
      }),
    );
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    permits({
      permission,
      media: details.mediaType ? [details.mediaType] : [],
      mainFrame: details.isMainFrame,
      askers: [requestingOrigin, details.securityOrigin, details.embeddingOrigin],
    }),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
}

function mediaTypes(details: PermissionRequest | MediaAccessPermissionRequest): readonly string[] {
  return 'mediaTypes' in details && details.mediaTypes ? details.mediaTypes : [];
}

function securityOrigin(details: PermissionRequest | MediaAccessPermissionRequest): string | undefined {
  return 'securityOrigin' in details ? details.securityOrigin : undefined;
}
