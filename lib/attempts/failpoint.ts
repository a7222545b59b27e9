type Hook = (name: string) => void | Promise<void>;

let hook: Hook | undefined;

/** A named place at which a test may stop or kill the process. Does nothing otherwise. */
export const failpoint = (name: string): void | Promise<void> => hook?.(name);

/** For tests that crash this process on purpose; undefined takes the hook away. */
export function installFailpoints(next: Hook | undefined): void {
  hook = next;
}
