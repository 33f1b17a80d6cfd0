import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/**
 * Binds a server to 127.0.0.1.
 * @param port 0 for any free port.
 * @throws Error naming the port and what wanted it, when the port is taken or may not be used.
 */
export async function listenOn(server: Server, port: number, wantedBy: string): Promise<number> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const why = code === 'EADDRINUSE' ? 'is already in use' : `cannot be used (${code || 'unknown reason'})`;
    throw new Error(`Port ${port} ${why}; the lab wants it for ${wantedBy}. Choose another with --port.`, { cause });
  }
  return (server.address() as AddressInfo).port;
}
