// JSON without loss: an integer that a number cannot hold exactly becomes a BigInt, which is compared and shown like a number.
// Browsers from before 2025 do not pass the source text; there such a number is rounded.

export const parse = text => JSON.parse(text, (_, value, context) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context.source) : value);
