//! What a fetch would make of the entries of a feed, without writing anything.

use ahash::HashSet;

use super::external_filter::{Answer, Filter, Filtered};
use super::feed::{Entry, Feed};
use super::ledger::Outcome;
use super::proposal::{Basis, Proposal, Publishing};
use super::rules::{self, Decision};
use super::suggest::{Suggester, Suggestion, suggest};
use crate::content::{Parser, SourceFile};
use crate::time::Time;

/// What entries are judged by.
#[derive(Clone, Copy)]
pub struct Trial<'a> {
    /// Settings and what the site knows.
    pub basis: Basis<'a>,
    /// Reads articles.
    pub parser: &'a Parser,
    /// What was learnt from decisions.
    pub suggester: &'a Suggester,
    /// The source whose rules apply.
    pub source: Option<&'a SourceFile>,
    /// Whether that source was never fetched.
    pub is_first: bool,
    /// What counts as now.
    pub now: Time,
}

/// An entry, with what would become of it.
pub struct Judged<'f> {
    /// The entry.
    pub entry: &'f Entry,
    /// `Queued`, `Published` or `Dropped`.
    pub outcome: Outcome,
    /// Why, and why its candidate would say what it says.
    pub reasons: Vec<String>,
    /// Its candidate, if no rule dropped it.
    pub proposal: Proposal,
    /// Suggested quality.
    pub suggestion: Suggestion,
    /// What the filter command said; none if it was not asked about this entry.
    pub filter: Option<Said>,
    /// What the condition says by which candidates are published; none without one, or if the entry
    /// is dropped.
    pub publishing: Option<Publishing>,
}

/// What the filter command said about a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is to stay as it is.
    Nothing,
    /// It is to be changed.
    Changed,
    /// It is to be dropped.
    Dropped,
    /// Something that cannot be used, or the command failed: it is not published by a rule.
    Unusable,
}

impl Said {
    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Said::Nothing => "nothing",
            Said::Changed => "changed",
            Said::Dropped => "dropped",
            Said::Unusable => "unusable",
        }
    }
}

impl Trial<'_> {
    /// Judges the entries of a feed, and returns what is worth knowing of the filter command.
    pub fn run<'f>(
        &self,
        feed: &'f Feed,
        filter: Option<&mut Filter>,
    ) -> (Vec<Judged<'f>>, Vec<String>) {
        let mut ids = HashSet::default();
        let mut judged: Vec<Judged<'f>> = feed
            .entries
            .iter()
            .map(|entry| self.judge(entry, feed, ids.insert(entry.id.as_str())))
            .collect();
        let mut remarks = Vec::new();
        if let Some(filter) = filter {
            remarks = self.ask(filter, &mut judged);
        }
        for one in &mut judged {
            if one.outcome == Outcome::Dropped {
                continue;
            }
            let (fetch, known) = (&self.basis.config.fetch, self.basis.known);
            one.publishing = one.proposal.publishing(self.source, fetch, known, self.now);
            let holds = one.publishing.as_ref().is_some_and(|it| it.holds);
            if holds && one.filter != Some(Said::Unusable) {
                one.outcome = Outcome::Published;
            }
        }
        (judged, remarks)
    }

    /// What the rules make of an entry.
    fn judge<'f>(&self, entry: &'f Entry, feed: &Feed, is_new: bool) -> Judged<'f> {
        let config = self.basis.config;
        let verdict = rules::judge(entry, feed, self.source, &config.fetch, self.now);
        let (is_queued, reasons) = (verdict.decision == Decision::Queued, verdict.reasons);
        let mut proposal = Proposal::of(entry, feed, self.source, Vec::new(), self.basis);
        let suggestion = suggest(
            self.suggester.model(),
            &proposal.subject(self.source, self.now),
        );
        proposal.suggested = suggestion.quality;
        let refusal = match (is_queued, is_new) {
            (false, _) => None,
            (true, false) => Some("an earlier entry of the feed has the same identity".to_owned()),
            (true, true) => {
                let first = self.is_first.then(|| {
                    rules::too_old_for_a_start(entry, &config.fetch.first_max_age, self.now)
                });
                let file = || proposal.file(self.basis, self.parser, self.now).err();
                first.flatten().or_else(file)
            }
        };
        let outcome = match is_queued && refusal.is_none() {
            true => Outcome::Queued,
            false => Outcome::Dropped,
        };
        let reasons = match refusal {
            Some(reason) => vec![reason],
            None => reasons,
        };
        Judged {
            entry,
            outcome,
            reasons: reasons
                .into_iter()
                .chain(proposal.reasons.clone())
                .collect(),
            proposal,
            suggestion,
            filter: None,
            publishing: None,
        }
    }

    /// Asks the filter command about what no rule dropped.
    fn ask(&self, filter: &mut Filter, judged: &mut [Judged<'_>]) -> Vec<String> {
        let left = judged.iter_mut().filter(|it| it.outcome == Outcome::Queued);
        let mut left: Vec<&mut Judged<'_>> = left.collect();
        // The command sees the reasons of the rules, too.
        for one in &mut left {
            one.proposal.reasons.clone_from(&one.reasons);
        }
        let items = left.iter().map(|it| (it.entry.id.as_str(), &it.proposal));
        let items: Vec<(&str, &Proposal)> = items.collect();
        let name = self.source.map(|source| source.name.as_str());
        let Filtered {
            answers,
            is_whole,
            mut remarks,
        } = filter.ask(name, &items);
        for (one, answer) in left.into_iter().zip(answers) {
            one.filter = Some(match answer {
                None if is_whole => Said::Nothing,
                None | Some(Answer::Unusable) => Said::Unusable,
                Some(Answer::Dropped(reason)) => {
                    one.outcome = Outcome::Dropped;
                    one.reasons = vec![reason];
                    Said::Dropped
                }
                Some(Answer::Changed(proposal)) => {
                    match proposal.file(self.basis, self.parser, self.now) {
                        Ok(_) => {
                            one.reasons.clone_from(&proposal.reasons);
                            one.proposal = *proposal;
                            Said::Changed
                        }
                        Err(reason) => {
                            let url = &one.proposal.url;
                            remarks.push(format!(
                                "fetch.filter: an answer is not used: {reason}: {url}"
                            ));
                            Said::Unusable
                        }
                    }
                }
            });
        }
        remarks
    }
}
