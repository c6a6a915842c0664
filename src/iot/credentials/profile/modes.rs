//! What a profile means: how keys are got in each mode.

use super::fields::Fields;
use super::file::ProfileFile;
use super::{ProfileError, ProfileProblem};
use crate::iot::credentials::external::ExternalProgram;
use crate::iot::credentials::keys::Credentials;
use crate::iot::credentials::oidc::{OidcRole, OidcToken};
use crate::iot::credentials::recipe::Recipe;
use crate::iot::credentials::role::{Role, RoleError};
use crate::iot::credentials::uri::CredentialsUri;
use crate::iot::endpoint::Endpoint;

/// How many profiles may lead from one to the next.
const LONGEST_CHAIN: usize = 10;
/// What is shown of a mode that there is none of.
const LONGEST_MODE: usize = 40;
/// Modes whose keys only the command line itself can get.
const UNSUPPORTED: [&str; 6] =
    ["CloudSSO", "OAuth", "RsaKeyPair", "RamRoleArnWithRoleName", "BearerToken", "Anonymous"];

type Read = fn(&ProfileFile, Fields<'_>, &'static str, &mut Vec<String>) -> Result<Recipe, ProfileError>;

/// The modes, and how each is read.
const MODES: [(&str, Read); 8] = [
    ("AK", |_, fields, mode, _| Ok(Recipe::Keys(keys(fields, mode, false)?))),
    ("StsToken", |_, fields, mode, _| Ok(Recipe::Keys(keys(fields, mode, true)?))),
    ("RamRoleArn", |_, fields, mode, _| {
        let with = Box::new(Recipe::Keys(keys(fields, mode, fields.text("sts_token")?.is_some())?));
        Ok(Recipe::AssumeRole { with, role: role(fields, mode)? })
    }),
    ("ChainableRamRoleArn", chained),
    ("EcsRamRole", |_, fields, _, _| Ok(Recipe::EcsRole(fields.text("ram_role_name")?.map(str::to_owned)))),
    ("External", |_, fields, mode, _| {
        let program = ExternalProgram::parse(fields.required("process_command", mode)?);
        program.map(Recipe::Program).map_err(|error| fields.invalid("process_command")(&error))
    }),
    ("CredentialsURI", |_, fields, mode, _| {
        let uri = CredentialsUri::parse(fields.required("credentials_uri", mode)?);
        uri.map(Recipe::Uri).map_err(|error| fields.invalid("credentials_uri")(&error))
    }),
    ("OIDC", |_, fields, mode, _| {
        let token = OidcToken::File(fields.required("oidc_token_file", mode)?.into());
        let role = OidcRole::new(role(fields, mode)?, fields.required("oidc_provider_arn", mode)?, token);
        role.map(Recipe::Oidc).map_err(|error| fields.invalid("oidc_provider_arn")(&error))
    }),
];

/// The names of the modes that can be used, for a message.
pub(super) fn names() -> String {
    MODES.map(|(name, _)| name).join(", ")
}

/// One profile, as far as it is used here.
#[derive(Clone, Debug)]
pub struct Profile {
    /// How its keys are got.
    pub recipe: Recipe,
    /// Its STS, if it names one.
    pub sts: Option<Endpoint>,
    /// The region of its STS, if it names one.
    pub sts_region: Option<String>,
}

impl ProfileFile {
    /// The profile of a name. It is checked as far as that is possible without asking anybody.
    ///
    /// # Errors
    ///
    /// There is no such profile, or it lacks something, or one of its fields cannot be right.
    pub fn profile(&self, name: &str) -> Result<Profile, ProfileError> {
        let fields = self.fields(name)?;
        let recipe = recipe(self, name, &mut Vec::new())?;
        let sts = fields.text("sts_endpoint")?.map(Endpoint::parse_host_or_url).transpose();
        let sts = sts.map_err(|error| fields.invalid("sts_endpoint")(&error))?;
        Ok(Profile { recipe, sts, sts_region: fields.text("sts_region")?.map(str::to_owned) })
    }

    /// The region of the profile of a name, if it has one.
    ///
    /// # Errors
    ///
    /// There is no such profile, or its region is no text.
    pub fn region(&self, name: &str) -> Result<Option<String>, ProfileError> {
        Ok(self.fields(name)?.text("region_id")?.map(str::to_owned))
    }
}

/// `seen` are the profiles that led here.
fn recipe(file: &ProfileFile, name: &str, seen: &mut Vec<String>) -> Result<Recipe, ProfileError> {
    let fields = file.fields(name)?;
    seen.push(name.to_owned());
    let mode = fields.text("mode")?.ok_or_else(|| fields.wrong("mode", ProfileProblem::Missing("of any kind")))?;
    let is_meant = |known: &str| known.eq_ignore_ascii_case(mode);
    if let Some((known, read)) = MODES.iter().find(|(known, _)| is_meant(known)) {
        return read(file, fields, known, seen);
    }
    let problem = match UNSUPPORTED.into_iter().find(|known| is_meant(known)) {
        Some(known) => ProfileProblem::UnsupportedMode(known),
        None => ProfileProblem::UnknownMode(mode.chars().take(LONGEST_MODE).collect()),
    };
    Err(fields.wrong("mode", problem))
}

fn chained(
    file: &ProfileFile,
    fields: Fields<'_>,
    mode: &'static str,
    seen: &mut Vec<String>,
) -> Result<Recipe, ProfileError> {
    let source = fields.required("source_profile", mode)?;
    if seen.iter().any(|name| name == source) {
        seen.push(source.to_owned());
        return Err(fields.wrong("source_profile", ProfileProblem::Cycle(std::mem::take(seen))));
    }
    if seen.len() >= LONGEST_CHAIN {
        let reason = format!("more than {LONGEST_CHAIN} profiles lead from one to the next");
        return Err(fields.wrong("source_profile", ProfileProblem::Invalid(reason)));
    }
    // A source that is not there is a fault of the field that names it.
    file.fields(source)
        .map_err(|error| fields.invalid("source_profile")(&format!("profile {source:?} {}", error.problem)))?;
    let role = role(fields, mode)?;
    Ok(Recipe::AssumeRole { with: Box::new(recipe(file, source, seen)?), role })
}

fn keys(fields: Fields<'_>, mode: &'static str, has_token: bool) -> Result<Credentials, ProfileError> {
    let id = fields.required("access_key_id", mode)?.to_owned();
    let secret = fields.secret("access_key_secret", mode)?;
    let token = has_token.then(|| fields.secret("sts_token", mode)).transpose()?;
    Ok(Credentials::new(id, secret, token))
}

fn role(fields: Fields<'_>, mode: &'static str) -> Result<Role, ProfileError> {
    let invalid = |error: RoleError| {
        let field = match error {
            RoleError::Arn | RoleError::OidcProviderArn => "ram_role_arn",
            RoleError::SessionName => "ram_session_name",
            RoleError::Seconds => "expired_seconds",
            RoleError::Policy => "policy",
            RoleError::ExternalId => "external_id",
        };
        fields.invalid(field)(&error)
    };
    let arn = fields.required("ram_role_arn", mode)?;
    let mut role = Role::new(arn, fields.required("ram_session_name", mode)?).map_err(invalid)?;
    if let Some(seconds) = fields.seconds("expired_seconds")? {
        role = role.lasting(seconds).map_err(invalid)?;
    }
    if let Some(policy) = fields.text("policy")? {
        role = role.narrowed_by(policy).map_err(invalid)?;
    }
    if let Some(external_id) = fields.text("external_id")?.filter(|_| mode != "OIDC") {
        role = role.with_external_id(external_id).map_err(invalid)?;
    }
    Ok(role)
}
