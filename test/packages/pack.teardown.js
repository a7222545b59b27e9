import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

export default function clean() {
  rmSync(dirname(process.env.MPESA_PACKAGE), { recursive: true });
}
