/** Where a Redis listens; of a Cluster, where any one of its nodes does. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly cluster: boolean;
}

/** `127.0.0.1:6379`, for messages. */
export function textOfAddress({ host, port }: RedisAddress): string {
  return `${host}:${port}`;
}
