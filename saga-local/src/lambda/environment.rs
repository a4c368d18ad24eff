//! The environment of a function's process: what Lambda sets, what the template sets, and nothing of
//! the developer's shell that could make a handler behave otherwise than there.

use std::net::SocketAddr;

use super::Function;

/// Variables of the caller that a process needs to run at all, or that only change what it prints.
const KEPT: [&str; 6] = [
    "PATH",
    "HOME",
    "LD_LIBRARY_PATH",
    "RUST_BACKTRACE",
    "RUST_LOG",
    "SSL_CERT_FILE",
];

/// The variables of a function's process which talks to the runtime API at `api`.
pub(super) fn variables(
    function: &Function,
    task_root: &str,
    api: SocketAddr,
) -> Vec<(String, String)> {
    let group = format!("/aws/lambda/{}", function.name);
    let reserved = [
        ("_HANDLER", function.handler.clone()),
        ("AWS_LAMBDA_RUNTIME_API", api.to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", function.name.clone()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into()),
        (
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            function.memory_mib.to_string(),
        ),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".into()),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON".into()),
        ("AWS_LAMBDA_LOG_LEVEL", "INFO".into()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", group),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "local/[$LATEST]".into()),
        ("AWS_REGION", crate::REGION.into()),
        ("AWS_DEFAULT_REGION", crate::REGION.into()),
        ("LAMBDA_TASK_ROOT", task_root.into()),
        ("LAMBDA_RUNTIME_DIR", task_root.into()),
        ("LANG", "en_US.UTF-8".into()),
        ("TZ", ":UTC".into()),
    ];
    let kept = KEPT
        .iter()
        .filter_map(|name| Some(((*name).into(), std::env::var(name).ok()?)));
    let own = function.environment.iter().cloned();
    // Later ones win: a function's own variables cannot replace the reserved ones, as on Lambda.
    kept.chain(own)
        .chain(reserved.map(|(name, value)| (name.into(), value)))
        .collect()
}
