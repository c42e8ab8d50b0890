// SPDX-License-Identifier: Apache-2.0
#include "store/import_each.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "base/ordered_jobs.hpp"
#include "base/quote.hpp"
#include "db/blobs.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

// A group of so many bytes is not waited for until it has all its images: who is killed would lose
// them, and a flush costs little beside writing them.
constexpr std::uint64_t kGroupBytes = std::uint64_t{256} << 20;

using Outcome = std::variant<Ingested, Error>;
using Report = std::function<void(std::size_t, const ImportOutcome&)>;

// Images that were read and wait for the rest of their group, and those that failed, in order.
class Group {
 public:
  Group(const Stores& stores, const ImportSource& from, const Report& report)
      : stores_(stores), from_(from), report_(report) {}

  bool is_full() const { return blobs_.size() == kGroupSize || bytes_ >= kGroupBytes; }

  void add(std::size_t number, Outcome outcome) {
    if (const auto* error = std::get_if<Error>(&outcome)) {
      members_.push_back({.number = number, .source = {}, .lower = {}, .error = *error});
      return;
    }
    auto& ingested = std::get<Ingested>(outcome);
    members_.push_back({.number = number,
                        .source = std::move(ingested.source),
                        .compression = ingested.compression,
                        .entries = ingested.entries,
                        .is_unchanged = !ingested.blob.file,
                        .lower = lower_image(ingested.blob),
                        .error = {}});
    if (members_.back().lower) return;
    if (ingested.blob.file) bytes_ += ingested.blob.size;
    blobs_.push_back(std::move(ingested.blob));
  }

  // Leaves the group empty.
  void publish() {
    bytes_ = 0;
    const std::vector<Member> members = std::exchange(members_, {});
    std::vector<PublishedBlob> published;
    std::optional<Error> failure;
    try {
      published = acistore::publish(stores_.top(), std::exchange(blobs_, {}));
    } catch (const Error& error) {
      failure = error;
    }
    auto next = published.begin();
    for (const Member& member : members) {
      if (member.error) {
        report_(member.number, *member.error);
      } else if (member.lower) {
        report_(member.number, imported(member, *member.lower));
      } else if (failure) {
        Error error = *failure;
        error.add_context(printable(member.source));
        report_(member.number, error);
      } else if (next->is_gone) {
        ++next;
        publish_again(member.number);
      } else {
        ImportedImage image = imported(member, *next->image);
        image.is_new = next->is_new;
        image.made_change = next->made_change;
        report_(member.number, image);
        ++next;
      }
    }
  }

 private:
  struct Member {
    std::size_t number = 0;
    std::string source;
    Compression compression = Compression::kNone;
    std::uint64_t entries = 0;
    bool is_unchanged = false;
    std::optional<Image> lower;  // what a lower store has, which will do
    std::optional<Error> error;
    // One with neither has a blob in blobs_.
  };

  // One that has changed nothing.
  static ImportedImage imported(const Member& member, const Image& image) {
    return {.image = image,
            .source = member.source,
            .compression = member.compression,
            .entries = member.entries,
            .is_unchanged = member.is_unchanged};
  }

  // Nothing if the image is to be in the top store.
  std::optional<Image> lower_image(const PendingBlob& blob) const {
    if (stores_.size() == 1 || from_.copy_up) return std::nullopt;
    const ImageKey key(blob.digest);
    if (has_blob(stores_.top().database(), key)) return std::nullopt;
    std::optional<Image> image = find_in_lower_stores(stores_, key);
    if (image && blob.image->latest.value_or(false) && !image->latest) return std::nullopt;
    return image;
  }

  // Somebody removed the blob between the look at the file and now.
  void publish_again(std::size_t number) {
    Group rest(stores_, from_, report_);
    try {
      rest.add(number, from_.ingest_again(number));
    } catch (const Error& error) {
      rest.add(number, error);
    }
    rest.publish();
  }

  const Stores& stores_;
  const ImportSource& from_;
  const Report& report_;
  std::vector<PendingBlob> blobs_;
  std::uint64_t bytes_ = 0;  // of those that were read
  std::vector<Member> members_;
};

}  // namespace

void import_each(const Stores& stores, std::size_t count, const Cores& cores,
                 const ImportSource& from, const Report& report) {
  Group group(stores, from, report);
  run_in_order<Outcome>(
      count, cores.workers, kGroupSize,
      [&](std::size_t i) -> Outcome {
        try {
          return from.ingest(i);
        } catch (const Error& error) {
          return error;
        }
      },
      [&](std::size_t i, Outcome outcome) {
        group.add(i, std::move(outcome));
        if (group.is_full()) group.publish();
      });
  group.publish();
}

}  // namespace acistore
