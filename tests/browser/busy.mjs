// Writes the site of a busy day to a folder: 40 articles, 12 events in three languages, with and
// without pictures. All of it is made up.
//
//     node tests/browser/busy.mjs FOLDER
//     newsgen build --root FOLDER --now 2026-11-24T21:00:00Z
import { write } from "./site.mjs";

const site = process.argv[2];
if (!site) throw new Error("usage: node tests/browser/busy.mjs FOLDER");

const TOPICS = ["Politics", "Economy", "Climate", "Technology", "Health", "Culture", "Cities", "Sport"];

// Name, domain.
const PROVIDERS = {
  harbour: ["The Harbour Post", "harbourpost.example"], ledger: ["Ledger & Tide", "ledgertide.example"],
  meridian: ["Meridian", "meridian.example"], signal: ["Signal Nine", "signalnine.example"],
  tagblatt: ["Neues Tagblatt", "tagblatt.example"], ufer: ["Das Ufer", "ufer.example"],
  quai: ["Le Quai", "lequai.example"], lanterne: ["La Lanterne", "lanterne.example"],
  field: ["Field Notes", "fieldnotes.example"], bell: ["Bell Tower Daily", "belltower.example"],
};

// An event: its topics, its reports. A report: provider, language, hour, quality, whether it has a
// picture, headline, excerpt.
const EVENTS = [
  [["Politics", "Economy"],
    ["harbour", "en", 20, 92, 1, "Parliament passes the harbour bill after a night of amendments", "The vote ends eleven years of dispute over who pays for the dredging of the eastern channel. Three parties that had opposed it abstained."],
    ["meridian", "en", 19, 80, 0, "Harbour bill passes by nine votes", "A late concession on pilot fees brought the islands on board."],
    ["tagblatt", "de", 19, 78, 1, "Parlament beschließt das Hafengesetz mit knapper Mehrheit", "Nach elf Jahren Streit um die Vertiefung der östlichen Fahrrinne stimmten neun Abgeordnete mehr dafür als dagegen."],
    ["quai", "fr", 18, 77, 0, "La loi sur le port adoptée de justesse", "Neuf voix d’écart après une nuit d’amendements sur le dragage du chenal."]],
  [["Climate"],
    ["field", "en", 17, 88, 1, "Glacier survey finds the northern ice twice as thick as maps said", "Radar flights over two summers put the volume at 410 cubic kilometres; the melt rate stays what it was."],
    ["ufer", "de", 16, 72, 0, "Nördlicher Gletscher doppelt so dick wie gedacht", "Zwei Sommer lang flog ein Radar über das Eis."],
    ["lanterne", "fr", 16, 70, 1, "Le glacier du Nord deux fois plus épais que prévu", "Des vols radar révisent les cartes."]],
  [["Technology"],
    ["signal", "en", 15, 86, 0, "Chip maker delays its smallest process by a year and says why in unusual detail", "Yields stayed below a third. Customers were told in September."],
    ["ledger", "en", 14, 79, 1, "A year’s delay for the smallest chips", "Shares fell by six per cent before trading was halted."],
    ["tagblatt", "de", 14, 66, 0, "Chiphersteller verschiebt kleinste Strukturen um ein Jahr", "Weniger als ein Drittel der Chips war brauchbar."]],
  [["Health"],
    ["bell", "en", 13, 84, 1, "One injection a year holds back the fever in a trial of 9,000", "Two of the trial’s nine sites were excluded after a review of their records."],
    ["quai", "fr", 12, 69, 0, "Une injection par an contre la fièvre", "Un essai sur 9 000 volontaires."],
    ["ufer", "de", 12, 62, 0, "Eine Spritze im Jahr hält das Fieber fern", "9000 Freiwillige nahmen teil."]],
  [["Cities"],
    ["meridian", "en", 12, 82, 1, "The night tram returns to the river line after nineteen years", "Every twenty minutes, seven nights a week, from the first of March."],
    ["ufer", "de", 11, 67, 1, "Nachttram am Fluss fährt wieder", "Nach neunzehn Jahren Pause, alle zwanzig Minuten."]],
  [["Economy"],
    ["ledger", "en", 11, 81, 0, "Central bank holds its rate and drops the word “patient”", "Two of nine members voted to cut."],
    ["harbour", "en", 11, 73, 0, "Rate unchanged; two members wanted a cut", "The statement is four sentences shorter."],
    ["lanterne", "fr", 10, 65, 0, "La banque centrale maintient son taux", "Deux membres votaient pour une baisse."]],
  [["Culture"],
    ["bell", "en", 10, 76, 1, "A lost score by Ilse Marren turns up in a piano stool", "The trio of 1931 will be played in January by the students who found it."],
    ["tagblatt", "de", 9, 63, 0, "Verschollene Partitur im Klavierhocker gefunden", "Das Trio von 1931 wird im Januar gespielt."]],
  [["Politics"],
    ["signal", "en", 9, 75, 0, "Minister resigns over unpaid ferry contracts", "She had told a committee in June that all invoices were settled."],
    ["quai", "fr", 9, 71, 1, "Démission de la ministre des Transports", "Des factures de ferries restaient impayées."],
    ["harbour", "en", 8, 68, 0, "Ferry contracts cost a minister her post", "The auditor found 41 unpaid invoices."]],
  [["Sport"],
    ["bell", "en", 8, 70, 1, "Amateurs from the fishing quarter win the cup on penalties", "The goalkeeper, a school cook, saved three."],
    ["ufer", "de", 8, 60, 0, "Pokalsieg für die Amateure vom Fischmarkt", "Drei gehaltene Elfmeter."]],
  [["Climate", "Cities"],
    ["field", "en", 7, 74, 1, "A city plants 30,000 trees and loses a third of them in one summer", "Watering was put out to tender in August."],
    ["lanterne", "fr", 7, 58, 0, "30 000 arbres plantés, un tiers perdu en un été", "L’arrosage a été attribué trop tard."]],
  [["Technology", "Politics"],
    ["meridian", "en", 6, 73, 0, "Court: an algorithm may rank applicants if it can be read aloud", "The judges want the rules in plain sentences, in the file."],
    ["signal", "en", 6, 69, 0, "Judges want algorithms in plain sentences", "The authority has until May."],
    ["tagblatt", "de", 6, 61, 0, "Gericht: Algorithmus muss sich vorlesen lassen", "Die Behörde hat Zeit bis Mai."]],
  [["Health", "Economy"],
    ["ledger", "en", 5, 71, 1, "Pharmacies run out of the second most sold painkiller", "One factory made half of it; its roof was damaged in the storm of 12 November."],
    ["quai", "fr", 5, 57, 0, "Pénurie d’antidouleurs dans les pharmacies", "Une seule usine en produisait la moitié."]],
];

const SINGLES = [
  ["Culture", "bell", "en", 18, 74, 1, "How to look at a building that nobody designed", "A walk through the sheds behind the market."],
  ["Technology", "signal", "en", 17, 62, 0, "The keyboard that outlived four companies", ""],
  ["Sport", "harbour", "en", 16, 61, 0, "Rowers cross the strait in a boat built from doors", "Eleven hours, two repairs."],
  ["Cities", "meridian", "en", 13, 64, 0, "Why every bench in the park faces the wrong way", "A plan from 1964 had a lake."],
  ["Climate", "ufer", "de", 12, 59, 1, "Störche bleiben im Winter", "Zum vierten Mal in Folge."],
  ["Health", "lanterne", "fr", 11, 60, 0, "Dormir moins, mais à heures fixes", "Une étude sur dix ans."],
  ["Economy", "ledger", "en", 7, 63, 1, "The price of sand, explained by a man who has none", "Three quarries closed in a year."],
  ["Politics", "tagblatt", "de", 6, 62, 0, "Bürgerentscheid über den Bahnhofsplatz: Grundwasserschutzverordnung entscheidet", "Es fehlten 214 Stimmen."],
];

write(site, "site.toml", `title = "The Long Day"
description = "What happened today, from ten newsrooms in three languages."
base_url = "https://longday.example/"
nav = ${JSON.stringify(TOPICS)}
author = "Made by nobody, for tests"
`);
TOPICS.forEach((name, place) => write(site, `content/topics/0${place}-${name.toLowerCase()}.yaml`, `name: ${name}\n`));

// Pictures with shapes that lists crop differently: a landscape, a portrait, a square.
const SIZES = [[1200, 675], [800, 1100], [900, 900], [1600, 700]];
const GROUNDS = ["#2f4858", "#7a4b2a", "#33658a", "#5c5470", "#3c6e47", "#8c4a5a", "#4a4e69", "#6b705c"];
let pictures = 0;
function picture() {
  const number = pictures++;
  const [width, height] = SIZES[number % SIZES.length];
  const horizon = Math.round(height * (0.45 + (number % 4) * 0.08));
  const sun = Math.round(width * (0.2 + (number % 5) * 0.15));
  const hill = (at, rise) => `M0 ${at}Q${width / 4} ${at - rise} ${width / 2} ${at}T${width} ${at - rise / 2}V${height}H0z`;
  write(site, `static/images/${number}.svg`,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<path fill="#d8cfbf" d="M0 0h${width}v${height}H0z"/><circle cx="${sun}" cy="${horizon * 0.6}" r="${height / 9}" fill="#e9b872"/>` +
    `<path fill="${GROUNDS[number % GROUNDS.length]}" d="${hill(horizon, height / 5)}"/>` +
    `<path fill="${GROUNDS[(number + 3) % GROUNDS.length]}" d="${hill(horizon + height / 6, height / 8)}"/></svg>\n`);
  return `images:\n  - url: /images/${number}.svg\n    width: ${width}\n    height: ${height}\n`;
}

let count = 0;
function article(event, topics, [provider, locale, hour, quality, hasPicture, title, excerpt]) {
  const [name, domain] = PROVIDERS[provider];
  const number = String(count++).padStart(2, "0");
  const minute = String((count * 7) % 60).padStart(2, "0");
  write(site, `content/news/${number}.md`, `---
title: ${JSON.stringify(title)}
excerpt: ${JSON.stringify(excerpt)}
publishedDateTime: 2026-11-24T${String(hour).padStart(2, "0")}:${minute}:00Z
originalUrl: https://${domain}/2026/11/24/${number}
provider: {name: ${JSON.stringify(name)}, domain: ${domain}}
topics: ${JSON.stringify(topics)}
quality: ${quality}
locale: ${locale}
event: ${event}
${hasPicture ? picture() : ""}---
`);
}
EVENTS.forEach(([topics, ...reports], number) => reports.forEach((report) => article(`event-${number}`, topics, report)));
SINGLES.forEach(([topic, ...report]) => article("none", [topic], report));
console.log(`${count} articles, ${EVENTS.length} events, ${pictures} pictures`);
