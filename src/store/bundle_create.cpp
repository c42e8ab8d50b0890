// SPDX-License-Identifier: Apache-2.0
#include "store/bundle_create.hpp"

#include <array>
#include <optional>
#include <utility>

#include "base/io.hpp"
#include "bundle/bundle_format.hpp"
#include "bundle/bundle_writer.hpp"
#include "store/carry.hpp"

namespace acistore {
namespace {

// The blobs from which bytes may be copied: the last that were opened.
class OpenBlobs {
 public:
  const StoredBlob& open(const Stores& stores, std::size_t image, Blob blob) {
    auto& place = blobs_[image % blobs_.size()];
    place.emplace(open_blob(stores, std::move(blob)));
    return *place;
  }

  std::size_t read_at(std::size_t image, std::uint64_t offset, std::span<std::byte> out) const {
    return acistore::read_at(blobs_[image % blobs_.size()]->file.fd.get(), offset, out);
  }

 private:
  std::array<std::optional<StoredBlob>, kMostBack + 1> blobs_;
};

void write_bundle(const Stores& stores, const std::vector<CarriedImage>& images,
                  const EncodeOptions& encoding, Progress& progress, const WriteBytes& write) {
  const auto encoder = make_encoder(encoding, write);
  OpenBlobs blobs;
  BundleWriter bundle(
      images,
      [&](std::size_t image, std::uint64_t offset, std::span<std::byte> out) {
        return blobs.read_at(image, offset, out);
      },
      [&](Bytes bytes) { encoder->write(bytes); });
  for (std::size_t i = 0; i < images.size(); ++i) {
    const StoredBlob& blob = blobs.open(stores, i, images[i].image.blob);
    bundle.begin_image();
    read_blob(blob, progress, [&](Bytes run) { bundle.add(run); });
    bundle.end_image();
  }
  bundle.finish();
  encoder->finish();
}

}  // namespace

void create_bundle(const Stores& stores, const BundleCreateRequest& request, Progress& progress,
                   const WriteBytes& to_standard_output,
                   const std::function<void(const Error&)>& report) {
  while (true) {
    bool is_complete = true;
    const std::vector<CarriedImage> images =
        images_to_carry(stores, request.images, [&](const Error& error) {
          is_complete = false;
          report(error);
        });
    if (!is_complete) return;
    if (request.file == kStandardOutput) {
      write_bundle(stores, images, request.encoding, progress, to_standard_output);
      return;
    }
    OutputFile file(request.file, request.if_exists);
    try {
      write_bundle(stores, images, request.encoding, progress, [&](Bytes run) { file.write(run); });
    } catch (const Error& error) {
      if (!request.images.empty() || error.kind() != ErrorKind::kNotFound) throw;
      continue;  // removed before its turn: it is none of "all" any more
    }
    file.publish(stores.sync());
    return;
  }
}

}  // namespace acistore
