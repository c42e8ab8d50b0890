// SPDX-License-Identifier: Apache-2.0
#include "store/seed.hpp"

#include <algorithm>
#include <optional>

#include "db/blobs.hpp"
#include "db/images.hpp"
#include "db/pins.hpp"
#include "store/import_each.hpp"
#include "store/remove.hpp"
#include "store/seed_source.hpp"

namespace acistore {
namespace {

// The store that could be changed; null if there is none.
Store* own_store(const Stores* stores) {
  return stores == nullptr || stores->top().is_lower() ? nullptr : &stores->top();
}

SeedPlan look(const Stores* stores, const SeedFile& file, bool copy_up) {
  std::optional<Snapshot> snapshot;
  if (Store* store = own_store(stores)) snapshot.emplace(store->database());
  return plan_seed(stores, file, copy_up);
}

PrunePlan look_for_prunable(Store& store, const SeedFile& file) {
  const Snapshot snapshot(store.database());
  return plan_prune(store, file);
}

// Needs a Transaction.
void apply(const Database& database, const SeedChange& change) {
  switch (change.action) {
    case SeedAction::kMarked:
    case SeedAction::kUnmarked:
      set_latest(database, change.key, change.action == SeedAction::kMarked);
      return;
    case SeedAction::kPinned:
    case SeedAction::kUnpinned: {
      const auto row = find_blob(database, change.key);
      if (!row) return;
      if (change.action == SeedAction::kPinned) {
        put_pin(database, row->id, {change.owner, std::nullopt});
      } else {
        delete_pin(database, row->id, change.owner);
      }
      return;
    }
    case SeedAction::kImported:
    case SeedAction::kRemoved:
      return;  // these are more than rows
  }
}

// Changes what is there, and returns how the store differs from the file from then on.
SeedPlan change_present(const Stores& stores, const SeedFile& file, bool copy_up,
                        const ReportSeed& report) {
  SeedPlan plan = look(&stores, file, copy_up);
  if (plan.changes.empty()) return plan;
  const Database& database = stores.top().database();
  Transaction transaction(stores.top().database());
  // Once more: now nobody else writes.
  plan = plan_seed(&stores, file, copy_up);
  for (const SeedChange& change : plan.changes)
    apply(database, change);
  transaction.commit();
  for (const SeedChange& change : plan.changes)
    report(change);
  return plan;
}

// Whether all could be had.
bool import_missing(const Stores& stores, const SeedFile& file,
                    const std::vector<SeedPlan::Import>& imports, const SeedRequest& request,
                    Progress& progress, const ReportSeed& report) {
  const Cores cores(request.jobs, imports.size());
  const auto ingest = [&](std::size_t i) {
    SeedImage image = file.images[imports[i].image];
    if (imports[i].lower) image.from.insert(image.from.begin(), *imports[i].lower);
    const IngestRequest wanted{.expected = image.id,
                               .latest = imports[i].latest,
                               .pin_owners = image.pins,
                               .keeps_place = true};
    Ingested ingested = ingest_seed_image(stores.top(), file, image, wanted, cores, progress);
    const Manifest& manifest = ingested.blob.image->manifest;
    check_name(image, manifest.name, manifest.labels);
    return ingested;
  };
  bool is_complete = true;
  // What is still missing was not to be taken from a lower store.
  import_each(stores, imports.size(), cores,
              {.ingest = ingest, .ingest_again = ingest, .copy_up = true},
              [&](std::size_t i, const ImportOutcome& outcome) {
                const SeedImage& image = file.images[imports[i].image];
                if (const auto* failure = std::get_if<Error>(&outcome)) {
                  is_complete = false;
                  Error error = *failure;
                  error.add_context(file.place(image.line) + ": " + image.text());
                  report(error);
                } else {
                  report(import_of(image));
                }
              });
  return is_complete;
}

// A pin goes in the transaction in which its image does: had it gone before, nobody would know
// after a crash that the image was to go.
void prune(Store& store, const SeedFile& file, const ReportSeed& report) {
  const PrunePlan plan = look_for_prunable(store, file);
  for (std::size_t begin = 0; begin < plan.removals.size(); begin += kGroupSize) {
    const std::size_t end = std::min(begin + kGroupSize, plan.removals.size());
    std::vector<ImageKey> keys;
    for (std::size_t i = begin; i < end; ++i)
      keys.push_back(plan.removals[i].key);
    const std::vector<RemovedBlob> removed =
        remove_blobs(store, keys, [&](const Database& database, const BlobRow& row) {
          const std::vector<Pin> pins = pins_in_force(database, row.blob.key, now());
          return pins.size() == 1 && pins.front().owner == file.owner;
        });
    for (const RemovedBlob& blob : removed) {
      report(*std::find_if(plan.removals.begin(), plan.removals.end(),
                           [&](const SeedChange& change) { return change.key == blob.key; }));
      if (blob.left) report(*blob.left);
    }
  }
  // One that was not removed because somebody else has pinned it meanwhile is among them.
  if (look_for_prunable(store, file).unpinned.empty()) return;
  Transaction transaction(store.database());
  const PrunePlan rest = plan_prune(store, file);
  for (const SeedChange& change : rest.unpinned)
    apply(store.database(), change);
  transaction.commit();
  for (const SeedChange& change : rest.unpinned)
    report(change);
}

}  // namespace

bool seed(const Stores& stores, const SeedFile& file, const SeedRequest& request,
          Progress& progress, const ReportSeed& report) {
  const SeedPlan plan = change_present(stores, file, request.copy_up, report);
  for (const Error& error : plan.errors)
    report(error);
  const bool has_all = import_missing(stores, file, plan.imports, request, progress, report);
  if (!has_all || !plan.errors.empty()) return false;
  if (request.prune) prune(stores.top(), file, report);
  return true;
}

void check_seed(const Stores* stores, const SeedFile& file, const SeedRequest& request,
                const ReportSeed& report) {
  const SeedPlan plan = look(stores, file, request.copy_up);
  for (const SeedChange& change : plan.changes)
    report(change);
  for (const Error& error : plan.errors)
    report(error);
  for (const SeedPlan::Import& import : plan.imports)
    report(import_of(file.images[import.image]));
  Store* const store = own_store(stores);
  if (!request.prune || store == nullptr || !plan.errors.empty()) return;
  const PrunePlan prune = look_for_prunable(*store, file);
  for (const auto* changes : {&prune.removals, &prune.unpinned}) {
    for (const SeedChange& change : *changes)
      report(change);
  }
}

}  // namespace acistore
