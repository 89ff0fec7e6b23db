// Promises that nobody waits for, once more: Biome finds them in every file, but doesn't know those of all libraries.
import tseslint from "typescript-eslint";

export default tseslint.config({
  files: ["**/*.ts", "**/*.mts"],
  ignores: ["dist/**"],
  plugins: { "@typescript-eslint": tseslint.plugin },
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: { project: "test/tsconfig.json", tsconfigRootDir: import.meta.dirname },
  },
  rules: {
    "@typescript-eslint/no-floating-promises": "error",
    "@typescript-eslint/no-misused-promises": "error",
  },
});
