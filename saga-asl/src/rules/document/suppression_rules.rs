use crate::lint::{Context, Findings, rule};

rule! {
    /// A finding is accepted without a reason.
    ///
    /// Whoever reads the definition next must be able to tell whether the reason still holds. An
    /// acceptance without one has no effect.
    ///
    /// ```json bad
    /// { "Done": { "Type": "Succeed", "Comment": "saga-lint allow ASL310" } }
    /// ```
    ///
    /// Say why, behind a colon:
    ///
    /// ```json good
    /// { "Done": { "Type": "Succeed", "Comment": "saga-lint allow ASL310: the activity has a deadline of its own" } }
    /// ```
    pub static SUPPRESSION_WITHOUT_REASON = Warning "ASL010" "suppression-without-reason" in Document, none;
}

rule! {
    /// An acceptance names a rule that does not exist, or one that finds errors.
    ///
    /// What AWS refuses cannot be accepted by a comment.
    ///
    /// ```json bad
    /// { "Done": { "Type": "Succeed", "Comment": "saga-lint allow ASL999: we know" } }
    /// ```
    ///
    /// ```json good
    /// { "Done": { "Type": "Succeed", "Comment": "the order is complete" } }
    /// ```
    pub static UNKNOWN_SUPPRESSION = Warning "ASL011" "unknown-suppression" in Document, none;
}

rule! {
    /// An acceptance accepts nothing any more.
    ///
    /// What it was for is gone, or is somewhere else. Left in place it will hide the next finding.
    ///
    /// ```json bad
    /// { "Done": { "Type": "Succeed", "Comment": "saga-lint allow ASL310: it has a deadline of its own" } }
    /// ```
    ///
    /// ```json good
    /// { "Done": { "Type": "Succeed", "Comment": "the order is complete" } }
    /// ```
    pub static UNUSED_SUPPRESSION = Warning "ASL012" "unused-suppression" in Document, none;
}

/// Acceptances are checked when all other rules have run: see [`super::suppression`].
fn none(_: &Context<'_>, _: &mut Findings<'_>) {}
