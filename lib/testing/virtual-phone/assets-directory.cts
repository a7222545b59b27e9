/**
 * Where the files of the virtual phone's page lie. CommonJS in both builds, because only there a file
 * can tell its own directory in a way that both understand.
 */
export const assetsDirectory: string = __dirname;
