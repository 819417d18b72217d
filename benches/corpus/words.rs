//! The vocabulary of the corpus. Lengths matter more than sense: they set the size of the articles.

/// The first is the topic of every article.
pub(super) const TOPICS: [&str; 20] = [
    "IT",
    "Batteries",
    "Satellites",
    "Quantum Physics",
    "Climate Models",
    "Open Source",
    "Ocean Exploration",
    "Public Transport",
    "Genetics",
    "Wind and Solar",
    "Food Science",
    "Privacy Law",
    "Space Telescopes",
    "Microchips",
    "Medical Devices",
    "Urban Planning",
    "Telecoms",
    "Materials Research",
    "Archaeology",
    "Game Design",
];

/// What the words of headlines are made of.
pub(super) const SYLLABLES: [&str; 40] = [
    "da", "du", "fa", "fe", "fi", "fo", "ga", "go", "gu", "ha", "he", "hi", "jo", "ju", "ku", "lu",
    "mu", "nu", "pa", "pe", "pi", "po", "ru", "su", "tu", "wa", "we", "wi", "ya", "yo", "gri",
    "dra", "stel", "port", "vex", "mar", "olin", "bay", "ty", "ne",
];

/// How the names of providers begin: two letters each, so that any two of them spell one pair only.
pub(super) const STEMS: [&str; 30] = [
    "ca", "co", "da", "do", "du", "fe", "fi", "ga", "go", "ha", "he", "hu", "ja", "jo", "ku", "lu",
    "mu", "no", "pa", "pe", "po", "ru", "sa", "su", "tu", "va", "we", "wi", "ya", "zu",
];

/// How the names of providers end.
pub(super) const ENDINGS: [&str; 10] = [
    "ron", "lis", "tar", "mo", "vale", "gate", "mir", "cas", "no", "dell",
];

/// What follows the name of a provider.
pub(super) const SUFFIXES: [&str; 5] = [" Post", " Weekly", "", " Wire", "Hub"];

/// Who does something in a sentence.
pub(super) const SUBJECTS: [&str; 12] = [
    "a few observers",
    "city planners",
    "local co-ops",
    "ministries",
    "biologists",
    "publishers",
    "grid owners",
    "small museums",
    "students",
    "airlines",
    "volunteers",
    "councils",
];

/// What is done.
pub(super) const VERBS: [&str; 12] = [
    "build", "extend", "map", "postpone", "share", "doubt", "restore", "sell", "simulate", "test",
    "review", "launch",
];

/// What it is done to.
pub(super) const OBJECTS: [&str; 12] = [
    "a tidal power plant",
    "more night trains",
    "a soil archive",
    "the rules for drones",
    "gene banks",
    "a weather satellite",
    "encrypted mail",
    "a public ledger",
    "sodium batteries",
    "the deep-sea cable",
    "a relay on the Moon",
    "paper sensors",
];

/// Under which circumstances.
pub(super) const TAILS: [&str; 13] = [
    "without subsidies",
    "before the winter",
    "in two cities",
    "for everyone",
    "with old parts",
    "after a public vote",
    "by next spring",
    "at sea",
    "on a small budget",
    "in spite of protests",
    "“as promised”",
    "— and explain why",
    "once more, with a café",
];
