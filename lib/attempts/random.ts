/** Token of the function that draws numbers from 0 to 1, so that a test can draw them. */
export const MPESA_RANDOM = Symbol.for('nestjs-mpesa.random');
