// SPDX-License-Identifier: Apache-2.0
#include "store/bundle_import.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "aci/archive.hpp"
#include "base/hashing_source.hpp"
#include "base/io.hpp"
#include "base/pipeline.hpp"
#include "base/quote.hpp"
#include "bundle/bundle_reader.hpp"
#include "codec/codec.hpp"
#include "db/blobs.hpp"
#include "store/carry.hpp"
#include "store/cores.hpp"
#include "store/import_each.hpp"
#include "store/input.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

static_assert(kMaxBundledImageBytes == kMaxArchiveBytes);

// An image of a bundle, which is written to a file in the making as it is read: what comes later
// may be a copy of what came before.
class BundledImageReader final : public Reader {
 public:
  BundledImageReader(BundleReader& bundle, const BundleReader::ReadEarlier& read_earlier,
                     BlobWriter& blob)
      : bundle_(bundle), read_earlier_(read_earlier), blob_(blob) {}

  std::size_t read(std::span<std::byte> out) override {
    try {
      const std::size_t count = bundle_.read(out, read_earlier_);
      if (count > 0) blob_.write(out.first(count));
      return count;
    } catch (const Error& error) {
      failure_ = error;
      throw;
    }
  }

  // Why later images cannot be read either.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  BundleReader& bundle_;
  const BundleReader::ReadEarlier& read_earlier_;
  BlobWriter& blob_;
  std::optional<Error> failure_;
};

void check_is_called(const CarriedImage& wanted, const Manifest& manifest) {
  const Image& image = wanted.image;
  if (image.name == manifest.name && image.labels == manifest.labels) return;
  throw Error(ErrorKind::kInvalid,
              "the bundle calls it " + Reference{image.name, image.labels}.text() +
                  ", but its manifest says " + Reference{manifest.name, manifest.labels}.text());
}

// Reads the images of a bundle in their order.
class BundledImages {
 public:
  BundledImages(const Stores& stores, BundleReader& bundle, Threading threading)
      : stores_(stores), bundle_(bundle), threading_(threading) {}

  // One of the images of the list, none of which may have been asked for that comes after it. Those
  // between are passed over. Throws Error; if the bundle is broken, for every later one as well.
  Ingested ingest(const CarriedImage& wanted, const std::string& file, Compression compression) {
    if (broken_) throw *broken_;
    while (&bundle_.images()[begun_] != &wanted)
      pass_over(bundle_.images()[begun_].image.blob);
    Ingested ingested = read_image(wanted);
    ingested.source = file;
    ingested.compression = compression;
    return ingested;
  }

  bool is_broken() const { return broken_.has_value(); }

 private:
  // One that is stored. Later ones may have bytes of it: they are taken from where it is. Should
  // its file hold others, it is they that do not have their digests.
  void pass_over(const Blob& blob) {
    Fd bytes;
    if (auto stored = stores_.holder(blob.key).blobs().open(blob.key);
        stored && stored->size == blob.size)
      bytes = std::move(stored->fd);
    begin(std::move(bytes));
    skip_rest();
  }

  Ingested read_image(const CarriedImage& wanted) {
    // What may fail comes first: then the image is still to come, and can be passed over.
    Store& store = stores_.top();
    BlobWriter blob = store.blobs().create(store.writeback());
    begin(blob.duplicate());
    lacks_bytes_ = false;
    BundledImageReader image(bundle_, read_earlier_, blob);
    std::optional<Error> refused;
    try {
      Pipeline pipeline(image, threading_);
      HashingSource hashed(pipeline);
      ArchiveContents contents = read_archive(hashed);
      check_is_called(wanted, contents.manifest);
      const std::uint64_t entries = contents.entries;
      PendingBlob pending =
          pending_image(std::move(blob), std::move(contents), hashed.finish(),
                        {.expected = ExpectedKey::parse(image_id(wanted.image.blob.digest)),
                         .latest = wanted.image.latest,
                         .pin_owners = {},
                         .keeps_place = true});
      pending.remotes = wanted.remotes;
      return {.blob = std::move(pending), .source = {}, .entries = entries};
    } catch (const Error& error) {
      refused = error;
    }
    // Of what is refused nothing is kept, not even for those that have bytes of it.
    earlier_[(begun_ - 1) % earlier_.size()] = Fd();
    broken_ = image.failure();
    if (broken_) throw *broken_;
    skip_rest();
    if (lacks_bytes_) {
      throw Error(ErrorKind::kInvalid,
                  "has bytes in common with an image before it that is not there");
    }
    throw std::move(*refused);
  }

  // `bytes`: of the image, as they are by the time when they are asked for.
  void begin(Fd bytes) {
    bundle_.begin_image();
    earlier_[begun_ % earlier_.size()] = std::move(bytes);
    ++begun_;
  }

  // The next image comes after the last byte of this one, whatever is wrong with it.
  void skip_rest() {
    try {
      bundle_.skip_image();
    } catch (const Error& error) {
      broken_ = error;
      throw;
    }
  }

  const Stores& stores_;
  BundleReader& bundle_;
  Threading threading_;
  std::size_t begun_ = 0;  // so many images
  std::optional<Error> broken_;
  // The bytes of the last of them, each where the next but kMostBack will be; none of those that
  // were refused.
  std::array<Fd, kMostBack + 1> earlier_;
  std::atomic<bool> lacks_bytes_ = false;  // of such a one, the image that is being read
  const BundleReader::ReadEarlier read_earlier_ = [this](std::size_t image, std::uint64_t offset,
                                                         std::span<std::byte> out) {
    const Fd& bytes = earlier_[image % earlier_.size()];
    const std::size_t count = bytes ? read_at(bytes.get(), offset, out) : 0;
    if (count == out.size()) return;
    lacks_bytes_ = true;
    std::ranges::fill(out.subspan(count), std::byte{0});
  };
};

// Whether the image need not be stored because a lower store has it, as import_images() sees it.
bool is_in_lower_store(const Stores& stores, const CarriedImage& wanted) {
  // One that has a row and no file is to have it again.
  if (has_blob(stores.top().database(), wanted.image.blob.key)) return false;
  const std::optional<Image> lower = find_in_lower_stores(stores, wanted.image.blob.key);
  return lower && (lower->latest || !wanted.image.latest);
}

// An open bundle.
struct Bundle {
  Bundle(const std::string& file, Progress& progress, unsigned threads)
      : input(file, progress), decoded(decode(input.bytes(), threads)), reader(*decoded.bytes) {}
  Bundle(const Bundle&) = delete;
  Bundle& operator=(const Bundle&) = delete;
  // What is not read by now is of no use.
  ~Bundle() { input.interrupt(); }

  InputFile input;
  DecodedStream decoded;
  BundleReader reader;
};

}  // namespace

bool import_bundle(const Stores& stores, const BundleImportRequest& request, Progress& progress,
                   const std::function<void(const ImportOutcome&)>& report) {
  const std::string name = printable(request.file);
  const Cores cores(1, 1);
  const auto bundle = with_context(
      name, [&] { return std::make_unique<Bundle>(request.file, progress, cores.decoding); });
  CarryPlan plan = bring_along_present(stores.top(), bundle->reader.images());
  if (!request.copy_up) {
    std::erase_if(plan.missing,
                  [&](const CarriedImage* wanted) { return is_in_lower_store(stores, *wanted); });
  }
  // A pipe is read to its end, so that who writes into it is not cut off.
  if (plan.missing.empty() && bundle->input.whole_file()) return plan.has_rows();

  BundledImages images(stores, bundle->reader, cores.threading);
  std::optional<std::size_t> broken_at;
  const auto ingest = [&](std::size_t i) {
    return with_context(name + ": " + plan.missing[i]->image.blob.key.text(), [&] {
      try {
        return images.ingest(*plan.missing[i], request.file, bundle->decoded.compression);
      } catch (const Error&) {
        if (images.is_broken() && !broken_at) broken_at = i;
        throw;
      }
    });
  };
  bool has_changed = plan.has_rows();
  import_each(stores, plan.missing.size(), cores,
              {.ingest = ingest, .ingest_again = ingest, .copy_up = true},
              [&](std::size_t i, const ImportOutcome& outcome) {
                // All that come after that fail for the same reason.
                if (broken_at && i > *broken_at) return;
                const auto* imported = std::get_if<ImportedImage>(&outcome);
                has_changed = has_changed || (imported != nullptr && imported->made_change);
                report(outcome);
              });
  if (!broken_at) {
    try {
      with_context(name, [&] { bundle->reader.finish(); });
    } catch (const Error& error) {
      report(error);
    }
  }
  return has_changed;
}

std::vector<CarriedImage> list_bundle(const std::string& file, Progress& progress) {
  return with_context(printable(file), [&] { return Bundle(file, progress, 1).reader.images(); });
}

}  // namespace acistore
