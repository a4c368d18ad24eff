//! Whether there is anything that AWS would know somebody by. Nothing is read but whether it is there.

use std::env;
use std::path::PathBuf;

/// Variables of the AWS SDKs and tools, any of which says who calls (AWS SDKs and Tools Reference Guide,
/// "Standardized credential providers").
const VARIABLES: [&str; 5] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// Files that do, each by the variable that names it, and where it is in the home folder without that.
const FILES: [(&str, &str); 2] = [
    ("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"),
    ("AWS_CONFIG_FILE", ".aws/config"),
];

/// How one signs in.
pub const SIGN_IN: &str = "sign in: `aws configure sso`, or set AWS_PROFILE";

/// Whether somebody may be signed in.
pub fn is_known() -> bool {
    let stated = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    VARIABLES.iter().any(|name| stated(name))
        || FILES.iter().any(|(name, path)| {
            let named = env::var_os(name).map(PathBuf::from);
            let at_home = || Some(env::home_dir()?.join(path));
            named.or_else(at_home).is_some_and(|file| file.is_file())
        })
}
