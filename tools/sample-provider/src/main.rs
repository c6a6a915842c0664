//! A provider of notes, which are files in a directory. It has one of everything that the wire of this repository
//! offers to providers, so that tests can meet all of it, and is an example of each.
#![allow(unreachable_pub)]

mod action;
mod data_source;
mod ephemeral;
mod function;
mod journal;
mod list;
mod note;
mod provider;
mod schema;
mod store;

use std::process::ExitCode;

use terraform_provider_alicloud_iot::plugin::{self, Definition, ManagedResource};

use crate::store::Store;

fn main() -> ExitCode {
    plugin::serve("terraform.local/test/sample", definition)
}

fn definition() -> Definition {
    let store = Store::default();
    Definition::new(provider::Sample(store.clone()))
        .resource("sample_note", note::offered(store.clone()))
        .resource("sample_journal", ManagedResource::new(journal::Journal).schema_extension(journal::extension()))
        .list_resource("sample_note", list::Notes(store.clone()))
        .extended_data_source("sample_note", data_source::NoteSource(store.clone()), data_source::extension())
        .ephemeral_resource("sample_lease", ephemeral::Lease(store.clone()))
        .action("sample_append", action::Append(store))
        .function("join_lines", function::JoinLines)
        .function("join_words", function::JoinWords)
}
