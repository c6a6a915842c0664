//! The places where the block and the environment name keys, and which of them counts.

use std::path::PathBuf;

use secrecy::SecretString;
use tf_provider::Diagnostics;

use super::argument::{Given, Reader};
use super::environment::{
    ACCESS_KEY, ACCOUNT_ID, CREDENTIALS_URI, ECS_ROLE_NAME, HOME, PROFILE, SECRET_KEY, SECURITY_TOKEN,
    SHARED_CREDENTIALS_FILE,
};
use super::model::ProviderConfig;
use crate::iot::credentials::{Chain, Choice, CredentialsUri, OidcRole, Place, Profile, ProfileFile, Recipe, Role};
use crate::iot::{Credentials, Endpoint};
use crate::provider::diagnostics::configuration as text;

/// The file of the command line, in the directory of the user.
const DEFAULT_FILE: &str = "~/.aliyun/config.json";

/// Everything that the arguments say of keys.
pub(super) struct CredentialArguments {
    access_key: Option<Given>,
    secret_key: Option<Given>,
    security_token: Option<Given>,
    profile: Option<Given>,
    file: PathBuf,
    ecs_role: Option<Given>,
    oidc: Option<OidcRole>,
    uri: Option<Given<CredentialsUri>>,
    role: Option<Role>,
    pub(super) account_id: Option<String>,
}

/// The place that counts, and what its profile says beside keys.
pub(super) struct Chosen {
    pub(super) recipe: Recipe,
    pub(super) sts: Option<Endpoint>,
    pub(super) sts_region: Option<String>,
}

impl ProviderConfig {
    pub(super) fn credentials(&self, reader: &mut Reader<'_>) -> CredentialArguments {
        let access_key = reader.text("access_key", &self.access_key, ACCESS_KEY);
        let secret_key = reader.text("secret_key", &self.secret_key, SECRET_KEY);
        // A token belongs to one key: that of the environment must not join a key from the block.
        let is_own_key = access_key.as_ref().is_some_and(|key| key.source.is_none());
        let variables = if is_own_key { &[] } else { SECURITY_TOKEN };
        let security_token = reader.text("security_token", &self.security_token, variables);
        let profile = reader.text("profile", &self.profile, PROFILE);
        let file = reader.text("shared_credentials_file", &self.shared_credentials_file, SHARED_CREDENTIALS_FILE);
        let file = file.map_or(DEFAULT_FILE.to_owned(), |it| it.value);
        let uri = reader.text("credentials_uri", &self.credentials_uri, CREDENTIALS_URI);
        let account_id = reader.text("account_id", &self.account_id, ACCOUNT_ID);
        CredentialArguments {
            access_key,
            secret_key,
            security_token,
            profile,
            file: in_home(&file, reader.variable(HOME)),
            ecs_role: reader.text("ecs_role_name", &self.ecs_role_name, ECS_ROLE_NAME),
            oidc: self.oidc_role(reader),
            uri: uri.and_then(|uri| reader.checked("credentials_uri", uri, |uri| CredentialsUri::parse(&uri))),
            role: self.role(reader),
            account_id: account_id.and_then(|id| reader.checked("account_id", id, account_id_of)).map(|it| it.value),
        }
    }
}

impl CredentialArguments {
    /// The region of the profile. The file has to be readable for that, but may be missing where keys are elsewhere.
    pub(super) fn region_of_profile(&self, reader: &mut Reader<'_>) -> Option<Given> {
        let profile = self.profile.as_ref()?;
        let region = ProfileFile::read(&self.file).and_then(|file| file.region(&profile.value));
        match region {
            Ok(region) => region.map(|value| Given { value, source: None }),
            Err(error) if ProfileFile::is_missing(&error) && self.access_key.is_some() => None,
            Err(error) => {
                reader.errors.push(text::profile_unusable(profile.source, &error));
                None
            }
        }
    }

    /// The place that counts, or errors why there is none.
    pub(super) fn choose(self, diagnostics: &mut Diagnostics) -> Option<Chosen> {
        let of_keys = self.access_key.as_ref().map(|key| ("access_key", key.source));
        let named = [
            (Place::Profile, "profile", self.profile.as_ref().map(|it| it.source)),
            (Place::EcsRole, "ecs_role_name", self.ecs_role.as_ref().map(|it| it.source)),
            (Place::Oidc, "assume_role_with_oidc", self.oidc.as_ref().map(|_| None)),
            (Place::Uri, "credentials_uri", self.uri.as_ref().map(|it| it.source)),
        ];
        let Self { profile, file, ecs_role, oidc, uri, .. } = self;
        let mut chain = Chain::default();
        if let Some((place, keys)) = keys(diagnostics, self.access_key, self.secret_key, self.security_token)? {
            chain.offer(place, Recipe::Keys(keys));
        }
        let has_keys = of_keys.is_some();
        let profile = match profile {
            // What is not going to be used is not read.
            Some(profile) if !has_keys => match read_profile(&file, &profile.value) {
                Ok(profile) => Some(profile),
                Err(error) => {
                    diagnostics.errors.push(text::profile_unusable(profile.source, &error));
                    return None;
                }
            },
            _ => None,
        };
        let (sts, sts_region) = match &profile {
            Some(Profile { sts, sts_region, .. }) => (sts.clone(), sts_region.clone()),
            None => (None, None),
        };
        let offers = [
            (Place::Profile, profile.map(|it| it.recipe)),
            (Place::EcsRole, ecs_role.map(|it| Recipe::EcsRole(Some(it.value)))),
            (Place::Oidc, oidc.map(Recipe::Oidc)),
            (Place::Uri, uri.map(|it| Recipe::Uri(it.value))),
        ];
        for (place, recipe) in offers {
            recipe.into_iter().for_each(|recipe| chain.offer(place, recipe));
        }
        self.role.into_iter().for_each(|role| chain.assume(role));
        let Some(Choice { place, recipe, .. }) = chain.choose() else {
            diagnostics
                .errors
                .push(text::missing_credentials(&[("access_key", ACCESS_KEY), ("secret_key", SECRET_KEY)]));
            return None;
        };
        let winner = of_keys.or_else(|| {
            let found = named.iter().find(|(its, _, _)| *its == place);
            found.map(|(_, argument, source)| (*argument, source.flatten()))
        });
        let passed_over = named.iter().filter_map(|(its, argument, source)| Some((*its, *argument, (*source)?)));
        if let Some((argument, variable)) = winner {
            tracing::debug!(%place, argument, variable, "chose the source of credentials");
            for (_, unused, source) in passed_over.filter(|(its, _, _)| *its != place) {
                // What is written in the block was meant; the environment is full of things for others.
                if source.is_none() {
                    diagnostics.warnings.push(text::source_not_used(unused, argument, variable));
                }
            }
        }
        Some(Chosen { recipe, sts, sts_region })
    }
}

fn read_profile(file: &std::path::Path, name: &str) -> Result<Profile, crate::iot::credentials::ProfileError> {
    ProfileFile::read(file)?.profile(name)
}

/// The keys of the block and the environment, whole or not at all. Nothing but an error if there is half of one.
#[expect(clippy::option_option, reason = "an error, no keys, or keys")]
fn keys(
    diagnostics: &mut Diagnostics,
    access_key: Option<Given>,
    secret_key: Option<Given>,
    security_token: Option<Given>,
) -> Option<Option<(Place, Credentials)>> {
    match (access_key, secret_key) {
        (None, None) => Some(None),
        (Some(access_key), Some(secret_key)) => {
            let place = if access_key.source.is_none() { Place::Given } else { Place::Environment };
            let token = security_token.map(|token| SecretString::from(token.value));
            let secret = SecretString::from(secret_key.value);
            Some(Some((place, Credentials::new(access_key.value, secret, token))))
        }
        (access_key, _) => {
            let missing = if access_key.is_some() { ("secret_key", SECRET_KEY) } else { ("access_key", ACCESS_KEY) };
            diagnostics.errors.push(text::missing_credentials(&[missing]));
            None
        }
    }
}

/// A path whose `~` is the directory of the user.
fn in_home(path: &str, home: Option<Given>) -> PathBuf {
    match (path.strip_prefix("~/").or(path.strip_prefix("~\\")), home) {
        (Some(rest), Some(home)) => PathBuf::from(home.value).join(rest),
        _ => PathBuf::from(path),
    }
}

fn account_id_of(text: String) -> Result<String, &'static str> {
    let is_id = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_id { Ok(text) } else { Err("the ID of an account has digits only") }
}
