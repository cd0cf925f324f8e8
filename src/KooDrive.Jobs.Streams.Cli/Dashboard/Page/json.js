// Parses JSON without loss: an integer that a number cannot represent exactly becomes a BigInt.
// Browsers from before 2025 do not pass the source text, and such an integer is rounded.

export const parse = text => JSON.parse(text, (_, value, context) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context.source) : value);
