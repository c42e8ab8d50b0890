// SPDX-License-Identifier: Apache-2.0
#include "store/seed_source.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "base/quote.hpp"
#include "blob/layout.hpp"

namespace acistore {
namespace {

constexpr std::string_view kExtension = ".aci";

// The file name that simple discovery gives an image (appc spec/discovery.md); nothing if it lacks
// one of the labels, or one of them would lead to another directory.
std::optional<std::string> discovery_name(const Reference& name) {
  std::string text = name.name;
  for (const std::string_view label :
       {kVersionLabel, std::string_view("os"), std::string_view("arch")}) {
    const auto value = label_value(name.labels, label);
    if (!value || value->find('/') != std::string_view::npos) return std::nullopt;
    text += '-';
    text += *value;
  }
  text += kExtension;
  return text;
}

// The reasons why an image could not be had, and what they come to.
class Refusals {
 public:
  void add(const std::string& path, const Error& error) {
    text_ += (text_.empty() ? "" : "; ") + printable(path) + ": " + error.message();
    kind_ =
        std::max(kind_, error.kind(), [](ErrorKind a, ErrorKind b) { return rank(a) < rank(b); });
  }

  Error error() const {
    return Error(kind_, text_.empty() ? "no source is named, and it is not in the store" : text_);
  }

 private:
  // The more it says of the image itself, the higher.
  static int rank(ErrorKind kind) {
    if (kind == ErrorKind::kInvalid) return 2;
    return kind == ErrorKind::kIo ? 1 : 0;
  }

  std::string text_;
  ErrorKind kind_ = ErrorKind::kNotFound;
};

// Whether to go on with the next source. The rest is the store's fault and not the source's.
bool is_of_source(ErrorKind kind) {
  return kind == ErrorKind::kInvalid || kind == ErrorKind::kIo || kind == ErrorKind::kNotFound;
}

bool is_regular_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// The files that a source stands for. Throws Error if there is none.
std::vector<std::string> files_of(const std::string& path, const SeedImage& image) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      throw Error(ErrorKind::kNotFound, "there is no such file or directory");
    }
    throw_errno("stat");
  }
  if (S_ISREG(status.st_mode)) return {path};
  // A pipe could bring nothing for ever, and a device bytes without end.
  if (!S_ISDIR(status.st_mode))
    throw Error(ErrorKind::kIo, "is neither a regular file nor a directory");
  std::vector<std::string> files;
  for (const std::string& place : places_in_directory(image)) {
    std::string file = path + (path.ends_with('/') ? "" : "/") + place;
    if (is_regular_file(file)) files.push_back(std::move(file));
  }
  if (files.empty()) throw Error(ErrorKind::kNotFound, "the directory does not have it");
  return files;
}

}  // namespace

std::vector<std::string> places_in_directory(const SeedImage& image) {
  const ImageKey key = image.key();
  std::vector<std::string> places{layout::blob_path(key)};
  for (const std::string& name : {key.text(), image.id.text()}) {
    places.push_back(name);
    places.push_back(name + std::string(kExtension));
  }
  if (!image.name) return places;
  if (const auto name = discovery_name(*image.name)) {
    places.push_back(*name);
    const std::size_t slash = image.name->name.rfind('/');
    if (slash != std::string::npos) places.push_back(name->substr(slash + 1));
  }
  return places;
}

Ingested ingest_seed_image(Store& store, const SeedFile& file, const SeedImage& image,
                           const IngestRequest& request, const Cores& cores, Progress& progress) {
  Refusals refusals;
  const auto refuse = [&](const std::string& path, const Error& error) {
    if (is_of_source(error.kind())) {
      refusals.add(path, error);
      return;
    }
    Error failure = error;
    failure.add_context(printable(path));
    throw failure;
  };
  for (const std::vector<std::string>* sources : {&image.from, &file.from}) {
    for (const std::string& source : *sources) {
      const std::string path = file.path(source);
      std::vector<std::string> candidates;
      try {
        candidates = files_of(path, image);
      } catch (const Error& error) {
        refuse(path, error);
      }
      for (const std::string& candidate : candidates) {
        try {
          return ingest(store, candidate, request, cores, progress);
        } catch (const Error& error) {
          refuse(candidate, error);
        }
      }
    }
  }
  throw refusals.error();
}

}  // namespace acistore
