// veraPDF on many PDFs, of PDF/UA-1 and PDF/A-3a at once: `verapdf.js FILE …`. Runs in the Rhino that
// veraPDF brings for rules of its own, so that nothing need be compiled. Prints one finding a line.
importPackage(java.util, org.verapdf.pdfa, org.verapdf.pdfa.flavours);
importPackage(org.verapdf.pdfa.validation.profiles, org.verapdf.pdfa.validation.validators);

const standards = [
  { name: "PDF/UA-1", flavour: PDFAFlavour.PDFUA_1, file: "PDFUA-1.xml" },
  { name: "PDF/A-3a", flavour: PDFAFlavour.PDFA_3_A, file: "PDFA-3A.xml" }
];

java.util.logging.LogManager.getLogManager().reset();
org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
const flavours = Arrays.asList(standards.map((each) => each.flavour));
const profiles = Arrays.asList(standards.map(profile));
// One thread a core; parsers and validators keep what they know by thread.
const cores = java.lang.Runtime.getRuntime().availableProcessors();
const pool = java.util.concurrent.Executors.newFixedThreadPool(cores);
arguments
  .map((path) => new java.util.concurrent.FutureTask(() => look(new java.io.File(path))))
  .map((task) => (pool.execute(task), task))
  .forEach((task) => task.get().forEach((line) => print(line)));
pool.shutdown();

function look(file) {
  let found;
  try {
    const parser = Foundries.defaultInstance().createParser(file, standards[0].flavour);
    found = judged(parser);
    parser.close();
  } catch (error) {
    found = ["can't be judged: " + error];
  }
  return found.map((each) => "verapdf " + file.getName() + ": " + each);
}

function judged(parser) {
  parser.setFlavours(flavours);
  const validator = ValidatorFactory.createValidatorByProfiles(profiles, 1, false, true, false);
  const results = validator.validateAll(parser);
  return standards.reduce((found, standard, at) => found.concat(findings(standard, results.get(at))), []);
}

function findings(standard, result) {
  if (result.getPDFAFlavour() != standard.flavour) return [standard.name + ": not judged"];
  if (result.getJobEndStatus() != "normal") return [standard.name + ": not judged to the end"];
  const often = result.getFailedChecks();
  return Array.from(result.getTestAssertions().toArray()).map((found) => {
    const rule = found.getRuleId();
    const number = standard.name + " " + rule.getClause() + "-" + rule.getTestNumber();
    const where = often.get(rule) + " times, first at " + found.getLocation().getContext();
    return number + ": " + found.getErrorMessage() + " (" + where + ")";
  });
}

// The rules as they stand in veraPDF's files. Its own reader of them needs JAXB, which is not there.
function profile(standard) {
  const path = "/org/verapdf/pdfa/validation/" + standard.file;
  const stream = standard.flavour.getClass().getResourceAsStream(path);
  const reader = javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder();
  const root = reader.parse(stream).getDocumentElement();
  return Profiles.profileFromValues(
    standard.flavour,
    Profiles.profileDetailsFromValues(standard.name, standard.name, "veraPDF", new Date(0)),
    "",
    new HashSet(Arrays.asList(all(root, "rule").map(rule))),
    new HashSet(Arrays.asList(all(root, "variable").map(variable)))
  );
}

function rule(element) {
  const id = all(element, "id")[0];
  const given = all(element, "argument").map((each) =>
    ErrorArgumentImpl.fromValues(each.getTextContent(), each.getAttribute("name"), "")
  );
  return Profiles.ruleFromValues(
    Profiles.ruleIdFromValues(
      PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
      id.getAttribute("clause"),
      parseInt(id.getAttribute("testNumber"))
    ),
    element.getAttribute("object"),
    java.lang.Boolean.valueOf(element.getAttribute("deferred")),
    element.getAttribute("tags"),
    text(element, "description"),
    text(element, "test"),
    Profiles.errorFromValues(text(element, "message"), Arrays.asList(given)),
    new ArrayList()
  );
}

function variable(element) {
  return Profiles.variableFromValues(
    element.getAttribute("name"),
    element.getAttribute("object"),
    text(element, "defaultValue"),
    text(element, "value")
  );
}

function all(element, name) {
  const nodes = element.getElementsByTagName(name);
  return Array.from({ length: nodes.getLength() }, (_, at) => nodes.item(at));
}

function text(element, name) {
  return all(element, name)[0].getTextContent().trim();
}
