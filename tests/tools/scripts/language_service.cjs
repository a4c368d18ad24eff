// Prints what AWS's language service says of a definition: language_service.cjs FILE

const { readFileSync } = require("node:fs");
const { getLanguageService, TextDocument } = require("amazon-states-language-service");

const file = process.argv[2];
const document = TextDocument.create(file, "asl", 1, readFileSync(file, "utf8"));
const service = getLanguageService({});

service.doValidation(document, service.parseJSONDocument(document)).then((found) => {
  for (const { range, message } of found) {
    console.log(`${range.start.line + 1}:${range.start.character + 1} ${message}`);
  }
});
