/// Who may.
#[authorizer(app = Keys, secrets(KEY = ssm("/key")))]
struct Tokens;
