import { InvalidArgumentError } from 'commander';

/** Takes a whole number, written in digits, for an option. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < min || number > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return number;
  };

/** Takes text of a form, which is described to who gave another. */
export const textLike =
  (form: RegExp, description: string) =>
  (text: string): string => {
    if (!form.test(text)) throw new InvalidArgumentError(`It must be ${description}.`);
    return text;
  };
