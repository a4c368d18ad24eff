//! `saga-cli approve`: what a person pastes, and what Step Functions is sent.

use crate::Case;

/// The token that a task of the account waits for; its code is `saga1.6.d10fc542b85d7bc2.YWJjKy8_`.
pub const TOKEN: &str = "abc+/?";

/// What is refused before anything is sent.
const fn refused(name: &'static str, command: &'static str, says: &'static [&'static str]) -> Case {
    Case {
        name,
        command,
        exit: 2,
        says,
        not: &["Sent"],
        changes: &[],
    }
}

/// What is sent.
const fn sent(
    name: &'static str,
    command: &'static str,
    says: &'static [&'static str],
    changes: &'static [&'static str],
) -> Case {
    Case {
        name,
        command,
        exit: 0,
        says,
        not: &[],
        changes,
    }
}

pub const CASES: &[Case] = &[
    sent(
        "an_approval_is_sent",
        "approve saga1.6.d10fc542b85d7bc2.YWJjKy8_ --yes",
        &["Approves, with the answer {}", "Sent: the saga goes on"],
        &["send-task-success --cli-input-json file:///dev/stdin\n\
           {\"output\":\"{}\",\"taskToken\":\"abc+/?\"}"],
    ),
    sent(
        "an_answer_is_sent_where_it_is_told_to",
        "approve saga1.6.d10fc542b85d7bc2.YWJjKy8_ --yes --answer {\"by\":\"Ann\"} --endpoint-url http://here",
        &["to Step Functions at http://here"],
        &[
            "send-task-success --cli-input-json file:///dev/stdin --endpoint-url http://here\n\
             {\"output\":\"{\\\"by\\\":\\\"Ann\\\"}\",\"taskToken\":\"abc+/?\"}",
        ],
    ),
    sent(
        "a_rejection_is_sent",
        "approve saga1.6.d10fc542b85d7bc2.YWJjKy8_ --yes --reject TooDear --cause 20%",
        &["Rejects, with TooDear: 20%"],
        &["send-task-failure --cli-input-json file:///dev/stdin\n\
           {\"cause\":\"20%\",\"error\":\"TooDear\",\"taskToken\":\"abc+/?\"}"],
    ),
    Case {
        name: "nobody_waits_for_an_answer_any_more",
        // The code of the token `late`.
        command: "approve saga1.4.089001a35679a33e.bGF0ZQ --yes",
        exit: 1,
        says: &[
            "An error occurred (TaskTimedOut)",
            "nobody waits for it any more",
        ],
        not: &["Sent"],
        changes: &[],
    },
    refused(
        "approve_asks",
        "approve saga1.6.d10fc542b85d7bc2.YWJjKy8_",
        &["`--yes` does it without asking"],
    ),
    refused(
        "a_code_that_was_cut",
        "approve saga1.6.d10fc542b85d7bc2.YWJjK --yes",
        &["copy it anew, to its end"],
    ),
    refused(
        "a_code_that_was_changed",
        "approve saga1.6.d10fc542b85d7bc2.YWJkKy8_ --yes",
        &["was changed on its way"],
    ),
    refused(
        "what_is_no_code",
        "approve abc --yes",
        &["no approval code"],
    ),
    refused(
        "an_answer_that_is_no_json",
        "approve saga1.6.d10fc542b85d7bc2.YWJjKy8_ --yes --answer yes!",
        &["the answer is no JSON"],
    ),
    refused(
        "an_answer_beside_a_rejection",
        "approve saga1.6.d10fc542b85d7bc2.YWJjKy8_ --yes --answer 1 --reject E",
        &["cannot be used with"],
    ),
    refused(
        "a_cause_of_no_rejection",
        "approve saga1.6.d10fc542b85d7bc2.YWJjKy8_ --yes --cause why",
        &["--reject"],
    ),
];
