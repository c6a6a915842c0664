//! Which place counts.

use super::role;
use crate::iot::Credentials;
use crate::iot::credentials::{Chain, OidcRole, OidcToken, Place, Recipe};

fn keys() -> Recipe {
    Recipe::Keys(Credentials::new("id".to_owned(), "secret".into(), None))
}

/// In the order of the official provider's documentation.
const ORDER: [Place; 6] = [Place::Given, Place::Environment, Place::Profile, Place::EcsRole, Place::Oidc, Place::Uri];

#[test]
fn of_all_places_the_first_counts() {
    for offered in 0..1_u32 << ORDER.len() {
        let places: Vec<_> =
            ORDER.iter().enumerate().filter(|(bit, _)| offered >> bit & 1 == 1).map(|it| *it.1).collect();
        let expected = places.split_first().map(|(first, others)| (*first, others.to_vec()));
        let backwards: Vec<_> = places.iter().rev().copied().collect();
        for order in [places, backwards] {
            let mut chain = Chain::default();
            order.into_iter().for_each(|place| chain.offer(place, keys()));
            let found = chain.choose().map(|choice| (choice.place, choice.passed_over));
            assert_eq!(found, expected);
        }
    }
}

#[test]
fn a_role_comes_on_top_of_every_place() {
    let token = OidcToken::Text("token".into());
    let oidc = OidcRole::new(role(), "acs:ram::100000000000:oidc-provider/idp", token).unwrap();
    for recipe in [keys(), Recipe::EcsRole(None), Recipe::Oidc(oidc)] {
        let mut chain = Chain::default();
        let expected = format!("{recipe:?}");
        chain.offer(Place::Uri, recipe);
        chain.assume(role());
        let Recipe::AssumeRole { with, role } = chain.choose().unwrap().recipe else { panic!("no role") };
        assert_eq!((format!("{with:?}"), role.arn()), (expected, super::ROLE));
    }
}

#[test]
fn a_role_stands_in_for_that_of_a_profile_with_keys() {
    let other = crate::iot::credentials::Role::new("acs:ram::100000000000:role/other", "rollout").unwrap();
    let of_profile = Recipe::AssumeRole { with: Box::new(keys()), role: other.clone() };
    let mut chain = Chain::default();
    chain.offer(Place::Profile, of_profile.clone());
    chain.assume(role());
    let Recipe::AssumeRole { with, role: first } = chain.choose().unwrap().recipe else { panic!("no role") };
    assert!(matches!(*with, Recipe::Keys(_)) && first == role());
    // A chain of profiles stays whole.
    let mut chain = Chain::default();
    chain.offer(Place::Profile, Recipe::AssumeRole { with: Box::new(of_profile), role: other });
    chain.assume(role());
    let Recipe::AssumeRole { with, .. } = chain.choose().unwrap().recipe else { panic!("no role") };
    assert!(matches!(*with, Recipe::AssumeRole { .. }));
}
