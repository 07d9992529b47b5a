//! One suite for all stores: whatever a ledger is kept in, it answers the same. And what is particular to one of them: files
//! that are damaged or killed, and a table whose answers get lost.
//!
//! The DynamoDB tests run against two servers, moto and dynalite, which know different parts of the API well. `CAMPANILE_MOTO` and
//! `CAMPANILE_DYNALITE` name the programs; without one its tests pass without having tested anything, except if `CI` is `true`.
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
#[path = "conformance/due.rs"]
mod due;
#[path = "conformance/event_table.rs"]
mod event_table;
#[path = "conformance/expiry.rs"]
mod expiry;
#[path = "conformance/files.rs"]
mod files;
#[path = "conformance/history.rs"]
mod history;
#[path = "conformance/keys.rs"]
mod keys;
#[path = "conformance/letters.rs"]
mod letters;
#[path = "conformance/lists.rs"]
mod lists;
#[path = "conformance/lossy_proxy.rs"]
mod lossy_proxy;
#[path = "conformance/notifications.rs"]
mod notifications;
#[path = "conformance/races.rs"]
mod races;
#[path = "conformance/reading.rs"]
mod reading;
#[path = "conformance/reopening.rs"]
mod reopening;
#[path = "conformance/servers.rs"]
mod servers;
#[path = "conformance/state_races.rs"]
mod state_races;
#[path = "conformance/states.rs"]
mod states;
#[path = "conformance/stores.rs"]
mod stores;
#[path = "conformance/support.rs"]
mod support;
#[path = "conformance/tables.rs"]
mod tables;
#[path = "conformance/throttle.rs"]
mod throttle;

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

        mod dynalite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if let Some(store) = crate::stores::Store::dynalite().await {
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
    races::of_many_at_once_each_is_whole,
    notifications::a_delivery_tells_what_it_was_opened_with,
    notifications::a_notification_may_be_large_and_strange,
    due::waits_that_are_over_come_earliest_first,
    due::a_wait_is_over_at_its_very_moment,
    due::a_lease_that_has_ended_is_due,
    due::what_has_ended_is_never_due,
    due::what_is_due_for_a_week_has_expired,
    due::what_is_due_has_its_own_name,
    reopening::only_what_has_ended_without_success_is_reopened,
    reopening::what_is_reopened_starts_as_if_nothing_had_been_tried,
    reopening::of_two_that_reopen_one_does_whoever_claims_it_meanwhile,
    states::a_state_is_made_and_replaced,
    states::who_builds_on_what_is_no_more_writes_nothing,
    states::states_that_are_due_come_earliest_first,
    states::states_and_deliveries_are_due_apart,
    states::hostile_names_are_told_apart,
    states::a_state_may_be_large_and_strange,
    states::pages_of_devices_join,
    state_races::of_two_writers_one_wins,
    state_races::of_two_processes_one_makes_the_state,
    state_races::what_two_processes_add_is_not_lost,
}
