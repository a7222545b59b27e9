import { Module, type DynamicModule, type Type } from '@nestjs/common';

/** A module of these parts. */
export function moduleOf(imports: (Type | DynamicModule)[], providers: Type[] = []): Type {
  class Application {}
  Module({ imports, providers })(Application);
  return Application;
}
