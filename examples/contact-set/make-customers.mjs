// Prints a list of invented customers, the same each time: `node make-customers.mjs 10000 > customers.csv`.
const count = Number(process.argv[2] ?? 10_000);
let seed = 20_300_101;

/** A whole number below a limit; a linear congruential generator is random enough for invented people. */
function below(limit) {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * limit);
}
const oneOf = (values) => values[below(values.length)];

const first = ["Ada", "Alan", "Barbara", "Edsger", "Frances", "Grace", "Joan", "Katherine", "Ken", "Margaret"];
const last = ["Almeida", "Brandt", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Horváth", "Ivanova", "Jansen"];
const cities = ["Berlin", "Lagos", "Lima", "Osaka", "Porto", '"Old" Town', "Washington, D.C."];
/** Quoted where the form asks for it. */
const cell = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const lines = ["email,name,phone,tags,fields.City"];
for (let number = 1; number <= count; number++) {
  const [given, family] = [oneOf(first), oneOf(last)];
  const address = `${given}.${family}.${number}@example.com`.normalize("NFD").replace(/[^\w.@]/g, "");
  const phone = below(3) === 0 ? "" : `+4930${String(1_000_000 + below(9_000_000))}`;
  lines.push(
    [address.toLowerCase(), `${given} ${family}`, phone, oneOf(["trial", "paying"]), oneOf(cities)].map(cell).join(),
  );
}
process.stdout.write(`${lines.join("\n")}\n`);
