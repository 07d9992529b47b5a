//! One suite for all stores: whatever a ledger is kept in, it answers the same. And what is particular to one of them: files
//! that are damaged or killed, and a table whose answers get lost.
//!
//! The DynamoDB tests run against moto's server. `CAMPANILE_MOTO` names the program; without it they pass without having
//! tested anything, except if `CI` is `true`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that can not go on has failed"
)]

#[path = "conformance/attempts.rs"]
mod attempts;
#[path = "conformance/briefs.rs"]
mod briefs;
#[path = "conformance/child.rs"]
mod child;
#[path = "conformance/claims.rs"]
mod claims;
#[path = "conformance/crash.rs"]
mod crash;
#[path = "conformance/expiry.rs"]
mod expiry;
#[path = "conformance/files.rs"]
mod files;
#[path = "conformance/keys.rs"]
mod keys;
#[path = "conformance/letters.rs"]
mod letters;
#[path = "conformance/lists.rs"]
mod lists;
#[path = "conformance/lossy_proxy.rs"]
mod lossy_proxy;
#[path = "conformance/moto.rs"]
mod moto;
#[path = "conformance/races.rs"]
mod races;
#[path = "conformance/stores.rs"]
mod stores;
#[path = "conformance/support.rs"]
mod support;
#[path = "conformance/tables.rs"]
mod tables;

/// Each test once for each store.
macro_rules! conformance {
    ($($module:ident :: $test:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::$module::$test(&crate::stores::Store::memory()).await;
            })*
        }

        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::$module::$test(&crate::stores::Store::sqlite()).await;
            })*
        }

        mod dynamo {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if let Some(store) = crate::stores::Store::dynamo().await {
                    crate::$module::$test(&store).await;
                }
            })*
        }
    };
}

conformance! {
    claims::a_new_delivery_is_granted_and_then_held,
    claims::its_owner_may_claim_it_again,
    claims::after_the_lease_somebody_else_takes_it_over_and_the_old_owner_writes_nothing,
    claims::an_old_owner_writes_as_long_as_nobody_took_over,
    claims::a_retry_is_granted_when_it_is_due,
    claims::what_has_ended_stays_ended,
    claims::what_was_delivered_before_its_invocation_broke_off_ends_with_the_next_claim,
    claims::nobody_writes_to_what_was_never_claimed,
    claims::what_is_found_is_what_was_granted,
    attempts::attempts_and_progress_are_kept_in_order,
    attempts::many_long_logs_are_no_reason_to_lose_an_attempt,
    attempts::moments_are_exact,
    expiry::an_expired_record_is_absent,
    expiry::an_expired_record_is_claimed_anew,
    expiry::a_lease_outlives_the_record,
    keys::hostile_keys_are_told_apart,
    keys::long_keys_are_told_apart,
    lists::newest_first,
    lists::a_filter_is_by_device_and_status,
    lists::pages_join_without_a_gap_whatever_comes_in_between,
    lists::of_one_moment_all_are_listed_once,
    lists::an_entry_is_the_whole_record,
    letters::letters_are_kept_newest_first,
    letters::pages_of_letters_join,
    letters::a_letter_may_be_large_and_strange,
    races::of_two_workers_one_gets_the_delivery,
    races::of_two_processes_one_gets_the_delivery,
}
