import js from "@eslint/js";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import typescript from "typescript-eslint";

export default defineConfig(
  globalIgnores(["src/api/schema.d.ts", "public", "node_modules"]),
  js.configs.recommended,
  typescript.configs.strict,
  a11y.flatConfigs.strict,
  hooks.configs.flat["recommended-latest"],
  {
    languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "max-lines": ["error", { max: 250, skipBlankLines: false }],
      eqeqeq: "error",
      "no-console": "error",
      // numbers, dates and order follow the language of the UI, which need not be the browser's
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[arguments.length=0][callee.property.name=/^toLocale(Date|Time)?String$/]",
          message: "Name the language of the UI: getLanguage().",
        },
        {
          selector: "CallExpression[arguments.length<2][callee.property.name='localeCompare']",
          message: "Name the language of the UI: getLanguage().",
        },
        {
          selector: "NewExpression[callee.object.name='Intl'][arguments.0.name=/^undefined$/], NewExpression[callee.object.name='Intl'][arguments.length=0]",
          message: "Name the language of the UI: getLanguage().",
        },
      ],
    },
  },
);
