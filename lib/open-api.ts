/**
 * What `@nestjs/swagger` reads of a property, in the form that its compiler plugin writes into a
 * class's `_OPENAPI_METADATA_FACTORY()`. So a class is described without importing that package.
 */
export interface OpenApiProperty {
  type: () => unknown;
  description?: string;
  example?: unknown;
  required?: boolean;
  nullable?: boolean;
  enum?: readonly string[];
  format?: string;
  isArray?: boolean;
  additionalProperties?: boolean;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** The metadata of `@ApiExcludeEndpoint()`, for `SetMetadata()`. */
export const NOT_IN_OPEN_API = ['swagger/apiExcludeEndpoint', { disable: true }] as const;
